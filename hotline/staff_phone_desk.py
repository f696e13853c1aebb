"""What a staff member on the phone may do: the same as at the desk, and written down the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hotline import audit, calling_back, cases, following_up, paging, pins, voice_addresses
from hotline.core.callback_plan import (
    CALLING_NUMBER,
    NUMBER,
    WHO_ANSWERS,
    WINDOW,
    consent_of,
    is_of_a_child,
)
from hotline.core.safe_call import Gate
from hotline.core.staff_desk import (
    ALREADY_TAKEN,
    ANOTHER,
    MINE,
    NO_ATTEMPT_YET,
    NOBODY,
    Bridge,
    Item,
    PlanToTell,
    Refusal,
)
from hotline.core.turn import Dialled, HungUp
from hotline.parts import Hotline
from hotline.pins import Pin
from hotline.storage.case import CLOSED, OPEN, case_key, get_case
from hotline.storage.case_search import list_cases
from hotline.storage.database import Transaction
from hotline.storage.escalation import get_escalation
from hotline.storage.page import answers_of
from hotline.storage.recording import FETCHED, recordings_of


@dataclass(slots=True)
class PhoneDesk:
    """core.staff_desk.StaffDesk for one turn. Only the holder reads, calls, notes and closes."""

    hotline: Hotline
    tx: Transaction
    member: Any
    carrier: str
    rings: set[str] = field(default_factory=set)

    def check_pin(self, keys: str) -> str:
        pin = pins.check(self.hotline, self.tx, self.member, keys)
        if pin is Pin.RIGHT:
            self._note("sign_in", "line")
        elif pin is Pin.LOCKED:
            self.rings.add("alerts")
        return str(pin)

    # ------------------------------------------------------------ what waits

    def waiting(self) -> Sequence[int]:
        mine = self.member.id
        rows = [row for row in list_cases(self.tx) if row.state == OPEN or row.claimed_by == mine]
        # They come sorted by urgency, and sorting keeps that order among what is equal.
        return [row.id for row in sorted(rows, key=lambda row: row.claimed_by != mine)]

    def item(self, case_id: int) -> Item | None:
        case = get_case(self.tx, case_id)
        if case.state == CLOSED:
            return None
        waited = self.hotline.now() - case.opened_at
        return Item(
            kind=case.kind,
            priority=case.priority,
            minutes=int(waited.total_seconds()) // 60,
            holder=self._holder(case),
            was_tried=case.first_attempt_at is not None,
            has_voice=bool(self._messages(case_id)),
        )

    def _holder(self, case: Any) -> str:
        if case.claimed_by == self.member.id:
            return MINE
        if case.state == OPEN:
            return NOBODY
        # Where the ladder wants several people it goes on after the first of them.
        ladder = get_escalation(self.tx, case.id)
        is_wanted = ladder is not None and ladder.ended_at is None
        has_said = answers_of(self.tx, case.id).get(self.member.id) == paging.CLAIM
        return NOBODY if is_wanted and not has_said else ANOTHER

    # ------------------------------------------------------------ taking, and not taking

    def claim(self, case_id: int) -> str:
        case = get_case(self.tx, case_id)
        if case.state == CLOSED:
            return ALREADY_TAKEN
        self.rings |= {"alerts", "chores"}
        return str(paging.claim(self.hotline, self.tx, case, self.member))

    def hand_on(self, case_id: int) -> None:
        self.rings |= {"alerts", "chores"}
        paging.hand_on(self.hotline, self.tx, get_case(self.tx, case_id), self.member)

    def hand_back(self, case_id: int) -> None:
        self.rings |= {"alerts", "chores"}
        following_up.hand_back(self.hotline, self.tx, get_case(self.tx, case_id), self.member)

    def unanswered(self, case_id: int) -> None:
        self.rings.add("chores")
        paging.hurry(self.hotline, self.tx, case_id)

    # ------------------------------------------------------------ one's own case

    def plan(self, case_id: int) -> PlanToTell | None:
        case = self._mine(case_id)
        if case is None or case_key(self.tx, case_id) is None:
            return None
        self._note("read_case", f"case:{case.ref}", "plan by phone")
        told = cases.read(self.hotline, self.tx, case)
        return PlanToTell(
            number=_which_number(told.plan.get(NUMBER), case.caller_id is not None),
            window=told.plan.get(WINDOW),
            who_answers=told.plan.get(WHO_ANSWERS),
            consent=consent_of(told.plan, case.flags),
            is_child=is_of_a_child(told.plan, told.notes),
        )

    def voice_message(self, case_id: int, place: int) -> str | None:
        case, messages = self._mine(case_id), self._messages(case_id)
        if case is None or place >= len(messages):
            return None
        detail = f"message {place + 1} by phone"
        self._note("hear_voice_message", f"case:{case.ref}", detail)
        return voice_addresses.address_for(self.hotline, self.carrier, messages[place].id)

    def connect(self, case_id: int) -> Bridge | Refusal:
        case = get_case(self.tx, case_id)
        begun = calling_back.connect(self.hotline, self.tx, case, self.member, self.carrier)
        if isinstance(begun, Gate):
            return Refusal(begun.why, at_desk=begun.may_be_overridden_by(self.member.role))
        self.rings |= begun.rings
        return Bridge(begun.bridge_id, begun.say, begun.wait)

    def talk_over(self, bridge_id: int, turn: Dialled | HungUp) -> str | None:
        return calling_back.talk_over(self.hotline, self.tx, bridge_id, turn)

    def note_outcome(self, case_id: int, bridge_id: int | None, outcome: str) -> None:
        """Over a bridge it is the bridge's; else of a call made by another phone."""
        self.rings |= {"alerts", "chores"}
        case = self._mine(case_id)
        if bridge_id is not None:
            calling_back.note_outcome(self.hotline, self.tx, bridge_id, outcome)
        elif case is not None:
            cases.note_attempt(self.hotline, self.tx, case, self.member.id, outcome, "")

    def close(self, case_id: int, outcome: str) -> str:
        case = get_case(self.tx, case_id)
        if case.first_attempt_at is None:
            return NO_ATTEMPT_YET  # at the desk there is more to see, and more to choose from
        if case.claimed_by != self.member.id:
            return str(cases.Closing.CHANGED_MEANWHILE)
        return str(cases.close(self.hotline, self.tx, case, self.member.id, outcome, case.version))

    # ------------------------------------------------------------ inside

    def _mine(self, case_id: int) -> Any | None:
        """The case, if this person has it: the words of a caller are nobody else's."""
        case = get_case(self.tx, case_id)
        return case if case.claimed_by == self.member.id and case.state != CLOSED else None

    def _messages(self, case_id: int) -> list[Any]:
        return [row for row in recordings_of(self.tx, case_id) if row.state == FETCHED]

    def _note(self, action: str, object: str, detail: str = "") -> None:
        actor = f"staff:{self.member.id}"
        audit.note(self.tx, self.hotline.now(), actor, action, object, detail)


def _which_number(chosen: str | None, is_caller_known: bool) -> str:
    if chosen is not None and chosen != CALLING_NUMBER:
        return "other"
    return "used" if is_caller_known else "none"
