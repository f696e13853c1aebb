"""TwiML as values: a document is a list of verbs, with the defaults of both carriers filled in."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from simulator.dialect import Dialect


class BadTwiml(Exception):
    """The document cannot be played; the text says why. 12100 for Twilio."""


@dataclass(frozen=True, slots=True)
class Play:
    """A sound; loop 0 means 1000 times."""

    url: str
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence spoken by the carrier."""

    text: str
    language: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence; unknown to Somleng."""

    seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Gather:
    """Listen for keys while the nested verbs sound."""

    nested: tuple[Play | Say | Pause, ...]
    action: str | None
    method: str
    timeout: float
    longest: int | None
    finish: str
    asks_on_empty: bool


@dataclass(frozen=True, slots=True)
class Record:
    """Record the caller."""

    action: str | None
    method: str
    timeout: float
    longest: float
    finish: str
    beeps: bool
    callback: str | None
    callback_method: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with another document."""

    url: str
    method: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Do not answer; free only as the first verb."""

    reason: str


@dataclass(frozen=True, slots=True)
class Dial:
    """Connect the caller with another phone."""

    number: str
    action: str | None
    method: str
    timeout: float
    caller_id: str | None
    screen: str | None = None  # asked for a document that the person rung hears first
    screen_method: str = "POST"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A verb this carrier does not know."""

    name: str


Verb = Play | Say | Pause | Gather | Record | Redirect | Hangup | Reject | Dial | Unknown


def read_twiml(body: str, dialect: Dialect) -> list[Verb]:
    """The verbs of a document. BadTwiml if it is not one for this carrier."""
    try:
        root = ET.fromstring(body)  # noqa: S314  the hotline on this desk writes it
    except ET.ParseError as error:
        raise BadTwiml(f"not XML: {error}") from error
    if root.tag != "Response":
        raise BadTwiml(f"the root is <{root.tag}>, not <Response>")
    return [_verb(node, dialect) for node in root]


def _verb(node: ET.Element, dialect: Dialect) -> Verb:
    match node.tag:
        case "Gather":
            return _gather(node, dialect)
        case "Record":
            return _record(node)
        case "Dial":
            return _dial(node, dialect)
        case "Redirect":
            return Redirect((node.text or "").strip(), _method(node))
        case "Hangup":
            return Hangup()
        case "Reject":
            return Reject(node.get("reason", "rejected"))
    return _sound(node, dialect)


def _sound(node: ET.Element, dialect: Dialect) -> Play | Say | Pause | Unknown:
    text = node.text or ""
    match node.tag:
        case "Play":
            return Play(text if not dialect.resolves_play else text.strip(), _loop(node))
        case "Say":
            return Say(" ".join(text.split()), node.get("language", ""), _loop(node))
        case "Pause" if dialect.skips_unknown_verbs:
            return Pause(_seconds(node, "length", 1.0))
    return Unknown(node.tag)


def _gather(node: ET.Element, dialect: Dialect) -> Gather:
    nested: list[Play | Say | Pause] = []
    for child in node:
        sound = _sound(child, dialect)
        if not isinstance(sound, Unknown):
            nested.append(sound)
        elif not dialect.skips_unknown_verbs:
            raise BadTwiml(f"<{child.tag}> inside <Gather>")
    finish = node.get("finishOnKey", "#")
    if finish not in set("0123456789*#") | {""}:
        finish = "#"
    longest = node.get("numDigits", "")
    return Gather(
        nested=tuple(nested),
        action=node.get("action"),
        method=_method(node),
        timeout=_seconds(node, "timeout", 5.0),
        longest=int(longest) if longest.isdigit() and int(longest) else None,
        finish=finish,
        asks_on_empty=node.get("actionOnEmptyResult") == "true",
    )


def _record(node: ET.Element) -> Record:
    return Record(
        action=node.get("action"),
        method=_method(node),
        timeout=_seconds(node, "timeout", 5.0),
        longest=_seconds(node, "maxLength", 3600.0),
        finish=node.get("finishOnKey", "1234567890*#"),
        beeps=node.get("playBeep", "true") != "false",
        callback=node.get("recordingStatusCallback"),
        callback_method=_method(node, "recordingStatusCallbackMethod"),
    )


def _dial(node: ET.Element, dialect: Dialect) -> Dial:
    inner = node.find("Number")
    number = (inner.text if inner is not None else node.text) or ""
    return Dial(
        number=number.strip(),
        action=node.get("action"),
        method=_method(node),
        timeout=_seconds(node, "timeout", 30.0),
        caller_id=node.get("callerId"),
        screen=inner.get("url") if inner is not None and dialect.screens_dials else None,
        screen_method=_method(inner) if inner is not None else "POST",
    )


def _method(node: ET.Element, name: str = "method") -> str:
    return "GET" if node.get(name, "POST").upper() == "GET" else "POST"


def _loop(node: ET.Element) -> int:
    text = node.get("loop", "1")
    times = int(text) if text.isdigit() else 1
    return times or 1000


def _seconds(node: ET.Element, name: str, default: float) -> float:
    text = node.get(name, "")
    return float(text) if text.isdigit() else default
