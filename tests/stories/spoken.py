"""What a TwiML answer lets a caller hear, and proof that it is one that every carrier plays."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

from werkzeug.test import TestResponse

from hotline.core.library import Library

SAFE = {"Response", "Gather", "Play", "Record", "Redirect", "Hangup"}
ADDRESSES = ("action", "recordingStatusCallback")


def read(answer: TestResponse) -> ElementTree.Element:
    """The document of an answer that is one: 200, XML."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "text/xml"
    return ElementTree.fromstring(answer.data)


def prompts(answer: TestResponse) -> list[str]:
    """The prompts a caller hears, by name."""
    return [_take(play)[1] for play in read(answer).iter("Play")]


def languages(answer: TestResponse) -> set[str]:
    return {_take(play)[0] for play in read(answer).iter("Play")}


def is_safe(document: ElementTree.Element, base: str, library: Library) -> None:
    """Only verbs that every carrier takes, only whole addresses of ours, only takes we have."""
    assert {each.tag for each in document.iter()} <= SAFE
    for play in document.iter("Play"):
        assert (play.text or "").startswith(f"{base}/audio/"), play.text
        language, prompt, content_hash = _take(play)
        sound = library.audio(prompt, language)
        assert sound is not None, play.text
        assert sound.hash == content_hash
    for each in document.iter():
        told = [each.get(name) for name in ADDRESSES if each.get(name)]
        told += [each.text] if each.tag == "Redirect" else []
        assert all(address.startswith(f"{base}/calls/") for address in told), told
        assert each.tag not in ("Gather", "Record") or each.get("action")


def next_number(document: ElementTree.Element) -> int:
    """The number the next turn carries."""
    asks = document.find(".//Gather")
    asks = asks if asks is not None else document.find("Record")
    assert asks is not None
    return int(parse_qs(urlsplit(asks.get("action", "")).query)["n"][0])


def _take(play: ElementTree.Element) -> tuple[str, str, str]:
    language, name = (play.text or "").split("/audio/")[1].split("/")
    prompt, content_hash, _ = name.split(".")
    return language, prompt, content_hash
