"""The shape of a conversation: flows, their steps, and the ways from step to step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.core.turn import OpenCase, Saying

VOICE, SMS = "voice", "sms"
CHANNELS = (VOICE, SMS)

BACK, HOME, END, AGAIN = "back", "home", "end", "again"
TARGETS = frozenset({BACK, HOME, END, AGAIN})
"""Names a way may lead to that are not steps: the flow that ran this one, the main menu, the end
of the conversation, the same step again."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a flow. An empty `step` is the flow's start."""

    flow: str
    step: str = ""

    def __str__(self) -> str:
        return f"{self.flow}.{self.step}" if self.step else self.flow


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a step says: a prompt to be heard and one to be read; None = nothing on that channel.

    `fills` are (placeholder, name of the note or score that fills it).
    """

    voice: Saying | None
    sms: Saying | None
    fills: Pairs = ()
    line: int = 0

    def on(self, channel: str) -> Saying | None:
        return self.voice if channel == VOICE else self.sms


@dataclass(frozen=True, slots=True)
class Way:
    """One way on: what happens, and where it leads. `go` None: it leads nowhere (effects only)."""

    go: Place | str | None = None
    run: Place | None = None  # this flow first, then `go`
    notes: Pairs = ()
    plan: Pairs = ()
    scores: tuple[tuple[str, int], ...] = ()
    language: str | None = None
    script: str | None = None
    open_case: OpenCase | None = None
    flag: str | None = None
    line: int = 0
    words: tuple[str, ...] = ()  # a choice: what a text may say instead of the digit
    is_hidden: bool = False  # a choice that no prompt tells
    has_effects: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """One condition of a branch: what a circumstance, note or score called `name` must be."""

    name: str
    values: frozenset[str] = frozenset()
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Waits for one key, or for one text."""

    phrase: Phrase
    choices: Mapping[str, Way]
    words: Mapping[str, str]  # folded word -> key of the choice
    is_once: bool = False  # heard once only: silence leads on at once


@dataclass(frozen=True, slots=True)
class Number:
    """Waits for several digits, reads them back and has them confirmed."""

    phrase: Phrase
    kind: str  # phone, count or club
    longest: int
    into: str  # "plan" or "note"
    name: str
    before: Phrase | None
    after: Phrase | None
    bad: Phrase | None
    tries: int
    failed: Way | None


@dataclass(frozen=True, slots=True)
class Record:
    """Waits for a voice message, or for one free text."""

    phrase: Phrase
    seconds: int
    review: Phrase | None
    empty: Phrase | None
    deleted: Phrase | None
    on_delete: Way | None


@dataclass(frozen=True, slots=True)
class Branch:
    """Takes the first way whose tests all hold; the last has none."""

    ways: tuple[tuple[tuple[Test, ...], Way], ...]


@dataclass(frozen=True, slots=True)
class Go:
    """Asks nothing: goes on."""


Action = Ask | Number | Record | Branch | Go


@dataclass(frozen=True, slots=True)
class Step:
    """A place in a flow: what happens on entering, what is said, what is asked, the way on."""

    flow: str
    name: str
    line: int
    action: Action
    says: tuple[Phrase, ...] = ()
    text: Phrase | None = None  # an SMS to the calling phone
    enter: Way = Way()
    way: Way = Way()  # where a step leads that does not ask for a choice
    on_silence: Way | None = None
    on_wrong_key: Way | None = None
    on_hang_up: Way | None = None
    on_quick_exit: Way | None = None
    asks: str = ""  # what a waiting step asks, to know it again in a later revision

    @property
    def waits(self) -> bool:
        return isinstance(self.action, Ask | Number | Record)


@dataclass(frozen=True, slots=True)
class Flow:
    """One conversation, as one file tells it."""

    name: str
    file: str
    line: int
    title: Mapping[str, str]
    about: Mapping[str, str]
    channels: frozenset[str]
    start: str
    steps: Mapping[str, Step]
    home: str | None = None  # the step key 0 leads to; the flow that has it answers every call
    is_resumable: bool = False
    on_silence: Way | None = None
    on_wrong_key: Way | None = None
    on_hang_up: Way | None = None
    on_quick_exit: Way | None = None
    starts_from: Mapping[str, int] = field(default_factory=dict)
