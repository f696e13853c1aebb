"""Places of Cambodia by code and by name: found in Khmer or in Latin letters, however spelled.

A code is that of the place above it and two more digits: 01 a province, 0110 a district of it,
011002 a commune of that. "" is the whole country.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hotline.core.edit_distance import distance
from hotline.core.romanisation import price_of_sound, roughly, sound_of_khmer, sound_of_latin

LEVELS = {2: "province", 4: "district", 6: "commune"}
LONGEST_LABEL = 160
_COMMAS = re.compile("[,،;]")
_NOT_HEARD = re.compile(r"[\s\u200b-\u200d\u2060\ufeff.,'’()/_-]+")
_KINDS = re.compile(
    r"^(?:រាជធានី|ខេត្ត|ក្រុង|ស្រុក|ខណ្ឌ|ឃុំ|សង្កាត់|(?:province|khett?|district|srok|krong|city|khann?"
    r"|municipality|commune|khum|sangkat)(?=\s))[\s\u200b]*",
    re.IGNORECASE,
)
_KHMER = re.compile("[\u1780-\u17ff]")
_NEAR, _NEAR_IF_LONG, _LONG = 1.0, 1.6, 8  # how far two sounds may be apart
_MOST_FOUND = 40
_LEAST_WITHIN = 3  # letters; shorter ones stand in the middle of everything


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    km: str
    en: str

    @property
    def level(self) -> str:
        return LEVELS[len(self.code)]

    def name(self, language: str) -> str:
        return self.en if language == "en" else self.km


def ways_up(code: str) -> list[str]:
    """The place itself and everything it lies in, nearest first; the country is the last."""
    return [code[:length] for length in (6, 4, 2) if len(code) >= length] + [""]


def folded(words: str) -> str:
    """A name as it is compared: one form of Unicode, small letters, without spaces and signs."""
    return _NOT_HEARD.sub("", unicodedata.normalize("NFKC", words).casefold())


def sound_of(words: str) -> str:
    """Roughly how a name sounds, in either script."""
    parts = [part for part in _NOT_HEARD.split(words.casefold()) if part]
    heard = (sound_of_khmer(p) if _KHMER.search(p) else sound_of_latin(p) for p in parts)
    return roughly("".join(heard))


class PlaceNames:
    """All places, and the spellings under which people know them. `aliases`: spelling to code."""

    def __init__(self, places: Iterable[Place], aliases: Mapping[str, str]) -> None:
        self._by_code = {place.code: place for place in places}
        self._within: dict[str, list[Place]] = defaultdict(list)
        for place in self._by_code.values():
            self._within[place.code[:-2]].append(place)
        self._keys: list[tuple[str, Place]] = []
        self._sounds: list[tuple[str, Place]] | None = None
        for spelling, code in aliases.items():
            self._keys.append((folded(spelling), self._by_code[code]))
        for place in self._by_code.values():
            self._keys += [(folded(_plain(name)), place) for name in (place.km, place.en)]

    def at(self, code: str) -> Place | None:
        return self._by_code.get(code)

    def within(self, code: str) -> list[Place]:
        """The places right below this one; those of "" are the provinces."""
        return list(self._within.get(code, ()))

    def label(self, code: str, language: str) -> str:
        """ "Nimit, Paoy Paet, Banteay Meanchey": the place and what it lies in."""
        known = (self._by_code.get(one) for one in ways_up(code))
        return ", ".join(place.name(language) for place in known if place is not None)

    def find(self, words: str) -> list[Place]:
        """The places that may be meant, likeliest first. "Nimit, Poipet" looks within Poipet.

        Places lie in one another three deep: what is written behind two commas narrows nothing.
        """
        first, *others = [part.strip() for part in _COMMAS.split(words[:LONGEST_LABEL])]
        found = self._named(first)
        for other in others[:2]:
            around = [place.code for place in self._named(other)]
            found = [
                place
                for place in found
                if any(place.code != code and place.code.startswith(code) for code in around)
            ]
        return found[:_MOST_FOUND]

    def meant_by(self, words: str, found: Sequence[Place]) -> Place | None:
        """Of what `find` found: the one whose full label this is, or the only one; None: unsure."""
        wanted = folded(words)
        exact = [
            place
            for place in found
            if wanted in (folded(self.label(place.code, lang)) for lang in ("km", "en"))
        ]
        sure = exact or found
        return sure[0] if len(sure) == 1 else None

    def _named(self, name: str) -> list[Place]:
        key = folded(_plain(name))
        if not key:
            return []
        ranked = sorted(self._ranked(key), key=lambda found: (found[0], len(found[1].code)))
        if not ranked:
            ranked = sorted(self._alike(_plain(name)), key=lambda found: found[0])
        return list(dict.fromkeys(place for _, place in ranked))

    def _ranked(self, key: str) -> Iterator[tuple[float, Place]]:
        for known, place in self._keys:
            if known == key:
                yield 0, place
            elif known.startswith(key):
                yield 1, place
            elif len(key) >= _LEAST_WITHIN and key in known:
                yield 2, place

    def _alike(self, name: str) -> Iterator[tuple[float, Place]]:
        """Nothing is written like it: what sounds like it, or nearly."""
        wanted = sound_of(name)
        if len(wanted) < _LEAST_WITHIN:
            return
        near = _NEAR_IF_LONG if len(wanted) >= _LONG else _NEAR
        for sound, place in self._all_sounds():
            if abs(len(sound) - len(wanted)) <= _LEAST_WITHIN:
                apart = distance(wanted, sound, price_of_sound, near)
                if apart < near:
                    yield apart + len(place.code) / 100, place

    def _all_sounds(self) -> Sequence[tuple[str, Place]]:
        if self._sounds is None:
            pairs = {
                (sound_of(_plain(name)), place)
                for place in self._by_code.values()
                for name in (place.km, place.en)
            }
            self._sounds = sorted(pairs, key=lambda pair: pair[1].code)
        return self._sounds


def _plain(name: str) -> str:
    """Without the word for what kind of place it is."""
    return _KINDS.sub("", name.strip()) or name
