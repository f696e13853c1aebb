"""A place typed by its name, in Khmer or Latin letters: the one meant, or those to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.core.place_names import Place
from hotline.places import places
from hotline.web.desk.words import in_words

MOST = 8


@dataclass(frozen=True, slots=True)
class PlaceRead:
    """`code` None: nothing was found, or several; then one of `among` is to be chosen."""

    code: str | None
    among: Sequence[Place] = ()


def read_place(typed: str, chosen: str = "", known: str = "") -> PlaceRead:
    """`chosen` is the code picked from what was offered for these words; `known` the one whose
    label the field came with: it stands as long as nobody writes over it."""
    names = places()
    if known_place(known) and typed in (label(known, "km"), label(known, "en")):
        return PlaceRead(known)
    found = names.find(typed)
    offered = found[:MOST]
    picked = next((place for place in offered if place.code == chosen), None)
    place = picked or names.meant_by(typed, found)
    return PlaceRead(place.code) if place else PlaceRead(None, offered)


def to_choose_from(read: PlaceRead, language: str) -> list[tuple[str, str]]:
    """Codes and labels; a province and its town often have one name, so each says what it is."""
    return [
        (one.code, f"{label(one.code, language)} ({in_words(language, 'place_level', one.level)})")
        for one in read.among
    ]


def label(code: str, language: str) -> str:
    """The place and what it lies in; empty for the whole country and for what is no place."""
    return places().label(code, language) if code else ""


def known_place(code: str) -> str | None:
    """The code, if it is one; None for nonsense."""
    return code if places().at(code) is not None else None
