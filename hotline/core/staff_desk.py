"""What a staff member on the phone may ask of the house. The dialog knows only this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hotline.core.turn import Dialled, HungUp, Saying, Wait

# What a PIN turned out to be.
RIGHT, WRONG, LOCKED, NONE_SET = "right", "wrong", "locked", "none_set"
# Who has a case.
NOBODY, MINE, ANOTHER = "nobody", "mine", "another"
# What came of wanting to take one.
CLAIMED, SECOND, ALREADY_TAKEN = "claimed", "second", "already_taken"
# What came of wanting to close one.
CLOSED, NO_ATTEMPT_YET, CHANGED_MEANWHILE = "closed", "no_attempt_yet", "changed_meanwhile"
NOT_HANDED_OVER = "not_handed_over"


@dataclass(frozen=True, slots=True)
class Item:
    """A case as it is told to who gave the PIN, before it is theirs: nothing the caller said."""

    kind: str
    priority: str
    minutes: int  # since it was opened
    holder: str = NOBODY
    was_tried: bool = False  # somebody has called back, or tried to
    has_voice: bool = False  # a voice message that can be heard now


@dataclass(frozen=True, slots=True)
class PlanToTell:
    """How to call back. `number` is "used", "other" or "none": the digits are never said."""

    number: str
    window: str | None
    who_answers: str | None
    consent: str  # callback_plan.consent_of
    is_child: bool


@dataclass(frozen=True, slots=True)
class Bridge:
    """The caller is being rung: what to say and to wait for."""

    bridge_id: int
    say: tuple[Saying, ...]
    wait: Wait


@dataclass(frozen=True, slots=True)
class Refusal:
    """The caller must not be rung now; `why` is a code of the gate.

    `at_desk`: this person may have them rung all the same, with a reason written down there.
    """

    why: str
    at_desk: bool = False


class StaffDesk(Protocol):
    """The house, as the staff member on this call may use it. Who they are is known to it."""

    def check_pin(self, keys: str) -> str:
        """RIGHT, WRONG, LOCKED or NONE_SET. The try is counted before it is checked."""

    def waiting(self) -> Sequence[int]:
        """The cases this person could work on: their own, then those nobody has; urgent first."""

    def item(self, case_id: int) -> Item | None:
        """None once it is closed."""

    def claim(self, case_id: int) -> str:
        """CLAIMED, SECOND or ALREADY_TAKEN."""

    def hand_on(self, case_id: int) -> None:
        """This person cannot take it: the next one is asked."""

    def hand_back(self, case_id: int) -> None:
        """This person has it and cannot go on with it: the ladder begins anew."""

    def unanswered(self, case_id: int) -> None:
        """The page for this case got no answer: the next person is asked."""

    def plan(self, case_id: int) -> PlanToTell | None:
        """None once what the caller said was deleted. Reading it is noted."""

    def voice_message(self, case_id: int, place: int) -> str | None:
        """The address of the `place`-th message, from 0, for a minute or two; None: no such."""

    def connect(self, case_id: int) -> Bridge | Refusal:
        """Ring the caller, if the plan allows it now."""

    def talk_over(self, bridge_id: int, turn: Dialled | HungUp) -> str | None:
        """The outcome, noted, if it is known without asking; after a HungUp it always is."""

    def note_outcome(self, case_id: int, bridge_id: int | None, outcome: str) -> None:
        """How a call to the caller went, over a bridge or by another phone."""

    def close(self, case_id: int, outcome: str) -> str:
        """CLOSED, NO_ATTEMPT_YET or CHANGED_MEANWHILE."""
