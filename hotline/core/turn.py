"""What a caller does once (a turn), and what follows from it (effects). Plain values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# ---------------------------------------------------------------- turns


@dataclass(frozen=True, slots=True)
class Digits:
    """Keys pressed on a phone, `0-9*#`, never empty."""

    keys: str


@dataclass(frozen=True, slots=True)
class Words:
    """The body of a text, as it came."""

    text: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice message was spoken. `recording` is its opaque id, `seconds` its length."""

    recording: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Silence:
    """The caller pressed nothing and said nothing until the time was over."""


@dataclass(frozen=True, slots=True)
class HungUp:
    """The caller put the phone down, or the line dropped."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """Another phone was rung for this call (Connect) and that is over.

    `status` is one of the carriers' five words (completed, busy, no-answer, failed, canceled),
    `seconds` how long the two talked.
    """

    status: str
    seconds: int


Turn = Digits | Words | Voice | Silence | HungUp | Dialled

# ---------------------------------------------------------------- what is said, and what then


@dataclass(frozen=True, slots=True)
class Saying:
    """One prompt to be played or texted; `values` fill its placeholders, as (name, value)."""

    prompt: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OneKey:
    """Wait for one key, or for one text."""


@dataclass(frozen=True, slots=True)
class ManyKeys:
    """Wait for up to `longest` keys, for the first and each next one up to `seconds`."""

    longest: int
    seconds: int = 8


@dataclass(frozen=True, slots=True)
class Speech:
    """Record the caller for up to `seconds`."""

    seconds: int


@dataclass(frozen=True, slots=True)
class TheEnd:
    """Hang up; a text conversation is over."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Ring `number` (E.164) for up to `ring_seconds` and let the two talk; then `Dialled`.

    `screen` is our ticket for a call of its own, in which the person rung is asked first and
    answers with LetThrough; None connects whoever picks up. Neither sees the other's number.
    """

    number: str = field(repr=False)
    ring_seconds: int
    screen: str | None = None


@dataclass(frozen=True, slots=True)
class LetThrough:
    """The person rung said yes: the two are connected now."""


@dataclass(frozen=True, slots=True)
class TurnAway:
    """Do not even answer: the phone hears that the line is busy, and nobody pays."""


Wait = OneKey | ManyKeys | Speech | TheEnd | Connect | LetThrough | TurnAway

# ---------------------------------------------------------------- effects that leave a mark


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Open a case, or, if this conversation has one, raise it: the more urgent priority wins."""

    kind: str
    priority: str  # "P0" most urgent … "P3"
    reason: str  # a code, never a caller's words


@dataclass(frozen=True, slots=True)
class AddToCase:
    """Later answers for the conversation's case: `notes` were keyed, `plan` is how to call back."""

    notes: tuple[tuple[str, str], ...] = ()
    plan: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FlagCase:
    """Mark the conversation's case, if there is one, with a code such as `quick_exit`."""

    flag: str


@dataclass(frozen=True, slots=True)
class KeepVoice:
    """Attach a voice message to the conversation's case (an OpenCase always came before)."""

    recording: str


@dataclass(frozen=True, slots=True)
class DropVoice:
    """The caller deleted the voice message."""

    recording: str


@dataclass(frozen=True, slots=True)
class SendText:
    """Text a prompt to the calling phone; the feature sends it only if the caller agreed."""

    saying: Saying


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """From now on speak `language` ("km", "en"); `script` ("khmer", "latin") is for texts."""

    language: str
    script: str | None = None


Effect = OpenCase | AddToCase | FlagCase | KeepVoice | DropVoice | SendText | ChooseLanguage

# ---------------------------------------------------------------- around a turn

State = dict[str, Any]
"""Plain JSON with a `schema` number: read it back from its own dump between any two turns."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the engine may know of the world; everything else it must be told by a turn."""

    channel: str  # "voice" or "sms"
    elapsed: int = 0  # seconds since the call was answered
    staff_on_duty: bool = True
    can_be_rung: bool = True  # False: the calling number is withheld or impossible
    is_known: bool = False  # the caller has been here before
    language: str | None = None  # remembered from an earlier call
    script: str | None = None
    agreed_to_texts: bool = False
    listens_only: bool = False  # a phone that calls without end: no new callback for a while


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from one turn: the new state, what is said, waited for and written down."""

    state: State
    say: tuple[Saying, ...]
    wait: Wait
    effects: tuple[Effect, ...] = ()
    language: str = "km"
