"""A staff member and a caller are brought together through the line, and only if both want it.

Every story is told twice: by a carrier that can ask the person rung first, and by one that cannot,
where the caller is rung by a call apart and the staff member's phone once more after that.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hotline import calling_back, cases, letting_go
from hotline.content_files import Content
from hotline.core.safe_call import PHNOM_PENH, Gate
from hotline.demo import PINS
from hotline.storage.attempt import attempts_of
from hotline.storage.audit_line import audit_lines
from hotline.storage.bridge import bridges
from hotline.storage.case import change_case, get_case
from hotline.storage.database import Database
from hotline.storage.staff_member import find_staff_by_name, retire
from simulator.phones import PhoneCall
from tests.stories.line import DARA, MOTHER, NUMBER, Line, open_line

OPENING, QUIET = "V_CB_OUTGOING", "V_CB_OUTGOING_QUIET"


@dataclass
class Story:
    """A line, a case that Dara has, and what is done with both phones."""

    line: Line
    screens: bool
    case_id: int = 0

    # ------------------------------------------------------------ before

    def the_mother_asked(self, keys: str = "1111111") -> None:
        """Khmer, urgent, missing, yes, consent, this number, say Child Club; and Dara has it."""
        call = self.line.mother.dial()
        for key in keys:
            call.press(key)
        call.ends() if call.listens() and call.is_over else call.hang_up()
        self.line.dara.receives_text()
        self.line.dara.texts("1")
        self.line.dara.receives_text()
        self.case_id = self.line.only_case().id

    def until(self, hour: int) -> None:
        """The clock moves on to this hour in Phnom Penh."""
        now = self.line.hotline.now().astimezone(PHNOM_PENH)
        then = now.replace(hour=hour, minute=0, second=0)
        then += timedelta(days=1) if then <= now else timedelta()
        self.line.company.move_clock(int((then - now).total_seconds()))

    # ------------------------------------------------------------ the call

    def asks(self, name: str = "Dara", override: str | None = None) -> Gate | None:
        """Somebody presses the button at the desk."""
        hotline = self.line.hotline
        with hotline.transaction() as tx:
            member, case = find_staff_by_name(tx, name), get_case(tx, self.case_id)
            found = calling_back.ring_staff(hotline, tx, case, member, override)
        hotline.ring({"alerts"})
        return found

    def dara_is_ready(self) -> PhoneCall:
        """Dara picks up, keys the PIN and presses 1."""
        call = self.line.dara.is_rung(by=NUMBER).answer()
        call.hears_only("V_STAFF_PAGE")
        call.press(PINS["Dara"])
        call.hears_only("V_STAFF_BRIDGE")
        call.press("1")
        if self.screens:
            call.hears("V_STAFF_CONNECTING")
        else:
            call.hears_only("V_STAFF_PUT_DOWN")
            call.ends()
        return call

    def goes_on(self) -> tuple[PhoneCall, PhoneCall]:
        """Asked at the desk, Dara ready, the mother picked up: both calls."""
        assert self.asks() is None
        staff = self.dara_is_ready()
        return staff, self.line.mother.is_rung(by=NUMBER).answer()

    def connected(self) -> tuple[PhoneCall, PhoneCall]:
        """And the mother pressed 1: they talk."""
        staff, caller = self.goes_on()
        caller.hears_only(OPENING)
        caller.press("1")
        caller.hears("V_CB_CONNECTING")
        if not self.screens:
            staff = self.line.dara.is_rung(by=NUMBER).answer()
        self.line.company.wait_for(
            lambda: self.line.mother.handset.as_json()["call"]["talks_with"] == DARA,
            "they are not connected",
        )
        assert self.line.dara.handset.as_json()["call"]["peer"] in (NUMBER, "+855" + NUMBER[4:])
        return staff, caller

    # ------------------------------------------------------------ what is known

    def outcomes(self) -> list[str]:
        self.line.settle()
        with self.line.hotline.reading() as tx:
            return [row.outcome for row in attempts_of(tx, self.case_id)]

    def bridge(self) -> Any:
        self.line.settle()
        with self.line.hotline.reading() as tx:
            return tx.execute(select(bridges).order_by(bridges.c.id.desc())).first()

    def gate(self) -> Gate:
        hotline = self.line.hotline
        with hotline.transaction() as tx:
            return calling_back.gate(hotline, tx, get_case(tx, self.case_id))

    def audited(self) -> list[tuple[str, str]]:
        with self.line.hotline.reading() as tx:
            lines = tx.execute(select(audit_lines).order_by(audit_lines.c.number)).all()
        return [(row.action, row.detail) for row in lines]


@pytest.fixture(params=["screened", "apart"])
def story(
    request: pytest.FixtureRequest,
    database: Database,
    tmp_path: Path,
    key_ring_file: Path,
    content: Content,
) -> Iterator[Story]:
    screens = request.param == "screened"
    apart = {
        "carrier": "somleng",
        "dialect": "somleng",
        "account_sid": str(uuid.UUID(int=117)),
    }
    where = (database, tmp_path / "data", key_ring_file, content)
    with open_line(*where, patience=15.0, **({} if screens else apart)) as line:
        yield Story(line, screens)


# ---------------------------------------------------------------- it goes well


def test_they_talk_and_neither_sees_the_others_number(story: Story) -> None:
    story.the_mother_asked()
    staff, caller = story.connected()
    assert story.outcomes() == []
    assert get_first_attempt(story) is not None  # the second clock stops as soon as they talk
    story.line.minutes_pass(2)
    caller.hang_up()
    if story.screens:
        staff.hears_only("V_STAFF_OUTCOME")
        staff.press("1")
        staff.hears_only("V_STAFF_NOTED", "V_STAFF_BYE")
    staff.ends()
    assert story.outcomes() == ["reached"]
    assert story.bridge().outcome == "reached"
    happened = story.line.happened(story.line.only_case())
    assert happened[-3:] == ["calling", "connected", "attempt"]
    assert MOTHER not in shown_on(story.line.dara.handset)
    assert DARA not in shown_on(story.line.mother.handset)


def get_first_attempt(story: Story) -> Any:
    with story.line.hotline.reading() as tx:
        return get_case(tx, story.case_id).first_attempt_at


def shown_on(handset: Any) -> str:
    return handset.line.peer


@pytest.mark.parametrize(("key", "outcome"), [("4", "wrong_person"), ("6", "unsafe")])
def test_the_staff_member_says_how_it_went(story: Story, key: str, outcome: str) -> None:
    story.the_mother_asked()
    staff, caller = story.connected()
    story.line.minutes_pass(2)
    caller.hang_up()
    if story.screens:
        staff.press("9")  # no such key: asked again
        staff.press(key)
        staff.hears_only("V_STAFF_NOTED", "V_STAFF_BYE")
        assert story.outcomes() == [outcome]
    staff.ends()
    assert len(story.outcomes()) == 1
    every_text_is_read(story)


def test_the_staff_member_who_hangs_up_has_said_that_they_talked(story: Story) -> None:
    story.the_mother_asked()
    staff, caller = story.connected()
    staff.hang_up()
    caller.ends()
    assert story.outcomes() == ["reached"]


def test_a_long_talk_is_no_lost_bridge(story: Story) -> None:
    story.the_mother_asked()
    staff, caller = story.connected()
    for _ in range(4):
        story.line.minutes_pass(15)
    assert story.bridge().state == "talking"
    caller.hang_up()
    if story.screens:
        staff.hears("V_STAFF_OUTCOME")
        staff.hang_up()
    staff.ends()
    assert story.outcomes() == ["reached"]


def test_a_talk_too_short_to_be_sure_of_is_looked_at(story: Story) -> None:
    """Apart, a caller who hangs up tells us nothing of the staff member's phone."""
    story.the_mother_asked()
    staff, caller = story.connected()
    caller.hang_up()
    if story.screens:
        staff.hears("V_STAFF_OUTCOME")
        staff.stay_silent()
        staff.stay_silent()
        staff.ends()
        assert story.outcomes() == ["reached"]
    else:
        story.line.minutes_pass(0)
        assert story.bridge().outcome == "no_staff"
        assert story.line.only_case().ref in story.line.dara.receives_text().body
    staff.ends()


# ---------------------------------------------------------------- it does not


@pytest.mark.parametrize(
    ("key", "says", "outcome"),
    [("2", "V_CB_LATER", "asked_later"), ("3", "V_CB_WRONG", "wrong_person")],
)
def test_who_does_not_want_it_is_not_connected(
    story: Story, key: str, says: str, outcome: str
) -> None:
    story.the_mother_asked()
    staff, caller = story.goes_on()
    caller.hears_only(OPENING)
    caller.press(key)
    caller.hears_only(says)
    caller.ends()
    assert story.outcomes() == [outcome]
    story.line.settle()
    if story.screens:
        assert staff.listens()[-1] == "V_STAFF_BYE"
        staff.ends()
    else:
        story.line.dara.is_not_rung()
    assert story.bridge().accepted_at is None


def test_a_voicemail_hears_the_question_twice_and_is_never_connected(story: Story) -> None:
    story.the_mother_asked()
    staff, voicemail = story.goes_on()
    voicemail.hears_only(OPENING)
    voicemail.stay_silent()
    voicemail.hears_only(OPENING)
    voicemail.stay_silent()
    voicemail.ends()
    assert voicemail.heard == (OPENING, OPENING)  # and not a word more
    assert story.outcomes() == ["no_answer"]
    staff.ends()
    story.line.dara.is_not_rung()


def test_a_key_that_means_nothing_is_a_silence(story: Story) -> None:
    story.the_mother_asked()
    staff, caller = story.goes_on()
    caller.press("7")
    caller.hears_only(OPENING)
    caller.press("*")
    caller.ends()
    staff.ends()
    assert story.outcomes() == ["no_answer"]


def test_who_hangs_up_on_the_question_was_not_reached(story: Story) -> None:
    story.the_mother_asked()
    staff, caller = story.goes_on()
    caller.hears(OPENING)
    caller.hang_up()
    staff.ends()
    assert story.outcomes() == ["no_answer"]


def test_a_phone_that_is_off_is_tried_once(story: Story) -> None:
    story.the_mother_asked()
    story.line.mother.switch_off()
    assert story.asks() is None
    staff = story.dara_is_ready()
    staff.ends()
    assert story.outcomes() == ["no_answer"]
    story.line.mother.switch_on()
    for _ in range(3):
        story.line.minutes_pass(2)
    story.line.mother.is_not_rung()


def test_a_busy_phone_is_busy(story: Story) -> None:
    story.the_mother_asked()
    gossip = story.line.mother.dial(to="+85512999999")
    story.line.phone("+85512999999").is_rung().answer()
    assert story.asks() is None
    story.dara_is_ready().ends()
    assert story.outcomes() == ["busy"]
    gossip.hang_up()


def test_nobody_picks_up(story: Story) -> None:
    story.the_mother_asked()
    assert story.asks() is None
    staff = story.dara_is_ready()
    story.line.mother.is_rung().ignore()
    if story.screens:
        staff.hears("V_STAFF_DID_NOT_ANSWER", "V_STAFF_BYE")
    staff.ends()
    assert story.outcomes() == ["no_answer"]


# ---------------------------------------------------------------- the staff member's side


def test_a_staff_phone_that_is_off_rings_no_caller(story: Story) -> None:
    story.the_mother_asked()
    story.line.dara.switch_off()
    assert story.asks() is None
    story.line.settle()
    story.line.minutes_pass(0)
    assert story.bridge().outcome == "not_called"
    assert story.outcomes() == []
    story.line.mother.is_not_rung()
    story.line.dara.switch_on()
    assert story.asks() is None  # and may be asked again
    staff = story.dara_is_ready()
    story.line.mother.is_rung().decline()
    staff.ends()


def test_a_machine_at_the_staff_phone_rings_no_caller(story: Story) -> None:
    story.the_mother_asked()
    assert story.asks() is None
    machine = story.line.dara.is_rung().answer()
    for _ in range(3):
        machine.stay_silent()
    machine.ends()
    story.line.mother.is_not_rung()
    assert story.outcomes() == []
    assert story.bridge().outcome == "given_up"


@pytest.mark.parametrize("has_keyed_the_pin", [False, True])
def test_whoever_found_the_phone_is_brought_to_no_caller(
    story: Story, has_keyed_the_pin: bool
) -> None:
    """A lost phone has no PIN any more, so nothing else would stand between them and a child."""
    story.the_mother_asked()
    assert story.asks() is None
    call = story.line.dara.is_rung()
    if has_keyed_the_pin:
        thief = call.answer()
        thief.hears_only("V_STAFF_PAGE")
        thief.press(PINS["Dara"])
        thief.hears_only("V_STAFF_BRIDGE")
    hotline = story.line.hotline
    with hotline.transaction() as tx:
        for colleague in ("Sophea", "Bopha"):  # who would be alerted
            retire(tx, find_staff_by_name(tx, colleague).id)
        letting_go.revoke_phone(hotline, tx, find_staff_by_name(tx, "Dara").id, "operator")
    if not has_keyed_the_pin:
        thief = call.answer()
    else:
        thief.press("1")
    thief.hears_only("V_STAFF_REFUSED", "V_STAFF_BYE")
    thief.ends()
    story.line.mother.is_not_rung()
    assert story.bridge().outcome == "given_up"


def test_without_the_pin_nobody_is_rung(story: Story) -> None:
    story.the_mother_asked()
    assert story.asks() is None
    thief = story.line.dara.is_rung().answer()
    for wrong in ("1111", "9999", "0000"):
        thief.press(wrong)
    thief.ends()
    story.line.mother.is_not_rung()
    assert story.bridge().outcome == "given_up"


def test_who_puts_the_phone_down_before_it_is_answered_made_no_attempt(story: Story) -> None:
    if not story.screens:
        return  # apart, the staff member puts the phone down so that it can ring
    story.the_mother_asked()
    assert story.asks() is None
    staff = story.dara_is_ready()
    ring = story.line.mother.is_rung()
    staff.hang_up()
    story.line.settle()
    assert story.bridge().outcome == "given_up"
    assert story.outcomes() == []
    assert ring.shown == NUMBER


def test_a_caller_whose_staff_member_is_gone_hears_so_and_the_case_is_paged(story: Story) -> None:
    if story.screens:
        return  # there the staff member is on the line all the time
    story.the_mother_asked()
    _, caller = story.goes_on()
    story.line.dara.switch_off()
    caller.hears_only(OPENING)
    caller.press("1")
    caller.hears_only("V_CB_CONNECTING", "V_CB_NO_STAFF")
    caller.ends()
    assert story.outcomes() == []
    assert story.bridge().outcome == "no_staff"
    story.line.dara.switch_on()


# ---------------------------------------------------------------- the gate


def test_outside_the_hours_nobody_is_rung(story: Story) -> None:
    story.until(12)
    story.the_mother_asked()
    change_plan(story, window="evening")
    shut = story.asks()
    assert isinstance(shut, Gate)
    assert shut.why == "outside_window"
    assert shut.opens_at is not None
    assert shut.opens_at.astimezone(PHNOM_PENH).hour == 17
    story.line.dara.is_not_rung()
    assert story.bridge() is None


def test_the_window_closes_between_the_desk_and_the_key(story: Story) -> None:
    story.until(19)
    story.line.company.move_clock(56 * 60)
    story.the_mother_asked()
    change_plan(story, window="evening")
    assert story.asks() is None
    staff = story.line.dara.is_rung().answer()
    staff.press(PINS["Dara"])
    story.line.company.move_clock(5 * 60)
    staff.press("1")
    staff.hears_only("V_STAFF_REFUSED_TIME", "V_STAFF_BYE")
    staff.ends()
    story.line.mother.is_not_rung()


def test_a_no_between_the_desk_and_the_key_counts_more_than_a_duty_workers_reason(
    story: Story,
) -> None:
    story.until(12)
    story.the_mother_asked()
    change_plan(story, window="evening")
    assert story.asks(override="Her sister says he is back") is None
    story.line.bopha.receives_text()
    staff = story.line.dara.is_rung().answer()
    staff.press(PINS["Dara"])
    change_plan(story, consent="no")
    staff.press("1")
    staff.hears_only("V_STAFF_REFUSED_NEVER", "V_STAFF_BYE")
    staff.ends()
    story.line.mother.is_not_rung()
    every_text_is_read(story)


def test_who_gave_the_case_away_meanwhile_brings_nobody_to_the_caller(story: Story) -> None:
    story.the_mother_asked()
    assert story.asks() is None
    staff = story.line.dara.is_rung().answer()
    staff.press(PINS["Dara"])
    with story.line.hotline.transaction() as tx:
        change_case(tx, story.case_id, claimed_by=find_staff_by_name(tx, "Sophea").id)
    staff.press("1")
    staff.hears_only("V_STAFF_REFUSED", "V_STAFF_BYE")
    staff.ends()
    story.line.mother.is_not_rung()


def test_an_override_needs_a_reason_and_tells_the_supervisor(story: Story) -> None:
    story.until(12)
    story.the_mother_asked()
    change_plan(story, window="evening")
    assert isinstance(story.asks(override="  "), Gate)
    assert story.asks(override="Her sister says he is back with a knife") is None
    body = story.line.bopha.receives_text().body
    case = story.line.only_case()
    assert case.ref in body
    assert "knife" not in body
    assert ("override_gate", "outside_window") in story.audited()
    assert "knife" not in str(story.audited())
    staff = story.dara_is_ready()
    story.line.mother.is_rung().decline()
    staff.ends()
    every_text_is_read(story)


def test_a_no_is_a_no_unless_a_supervisor_answers_for_it(story: Story) -> None:
    story.the_mother_asked()
    change_plan(story, consent="no")
    shut = story.asks(override="I think she needs it")
    assert isinstance(shut, Gate)
    assert (shut.why, shut.may_be_overridden_by("duty")) == ("said_no", False)
    assert story.asks("Bopha", "The police ask for it") is None
    bopha = story.line.bopha.is_rung().answer()
    bopha.press(PINS["Bopha"])
    bopha.press("1")
    caller = story.line.mother.is_rung().answer()
    caller.hears_only(QUIET)  # who never agreed hears no name
    caller.press("3")
    caller.ends()
    bopha.ends()
    every_text_is_read(story)


def test_who_said_wrong_number_is_not_told_who_calls(story: Story) -> None:
    story.the_mother_asked("1111112")
    staff, caller = story.goes_on()
    caller.hears_only(QUIET)
    caller.press("2")
    caller.hears_only("V_CB_LATER")
    caller.ends()
    staff.ends()
    assert story.outcomes() == ["asked_later"]


@pytest.mark.parametrize(
    ("number", "why"),
    [(NUMBER, "our_line"), ("023900900", "our_line"), (DARA, "staff_phone"), ("117", "bad_number")],
)
def test_a_number_that_must_not_be_rung(story: Story, number: str, why: str) -> None:
    story.the_mother_asked()
    change_plan(story, number=number)
    shut = story.asks("Bopha", "but it is urgent")
    assert isinstance(shut, Gate)
    assert shut.why == why
    assert story.bridge() is None


def test_after_three_calls_in_vain_a_supervisor_decides(story: Story) -> None:
    story.the_mother_asked()
    for _ in range(3):
        assert story.asks() is None
        staff = story.dara_is_ready()
        story.line.mother.is_rung().decline()
        staff.ends()
        story.line.settle()
    assert len(story.outcomes()) == 3
    shut = story.asks(override="once more")
    assert isinstance(shut, Gate)
    assert (shut.why, shut.override) == ("all_tried", "supervisors")
    every_text_is_read(story)


def test_only_who_has_the_case_calls(story: Story) -> None:
    story.the_mother_asked()
    shut = story.asks("Sophea")
    assert isinstance(shut, Gate)
    assert shut.why == "not_yours"


def test_nobody_calls_about_a_closed_case(story: Story) -> None:
    story.the_mother_asked()
    with story.line.hotline.transaction() as tx:
        change_case(tx, story.case_id, state="closed")
    assert story.gate() == Gate(False, "case_closed")


# ---------------------------------------------------------------- asked twice, lost, forged


def test_a_button_pressed_twice_rings_once(story: Story) -> None:
    story.the_mother_asked()
    assert story.asks() is None
    again = story.asks("Bopha")
    assert isinstance(again, Gate)
    assert again.why == "already_calling"
    staff = story.dara_is_ready()
    story.line.mother.is_rung().decline()
    staff.ends()
    story.line.bopha.is_not_rung()


def test_every_webhook_told_twice_rings_once_and_notes_once(story: Story) -> None:
    story.the_mother_asked()
    story.line.company.arm("duplicate", place="call", times=None)
    story.line.company.arm("duplicate", place="call status", times=None)
    staff, caller = story.connected()
    story.line.minutes_pass(2)
    caller.hang_up()
    if story.screens:
        staff.hears("V_STAFF_OUTCOME")
        staff.press("1")
    staff.ends()
    assert story.outcomes() == ["reached"]
    rung = [each for each in story.line.company.company.calls.all() if each.to_number == MOTHER]
    assert len(rung) == 1


def test_a_bridge_nobody_hears_of_again_is_closed(story: Story) -> None:
    story.the_mother_asked()
    assert story.asks() is None
    with story.line.hotline.transaction() as tx:  # as if every word of it had been lost
        tx.execute(bridges.update().values(state="caller", mode="screened"))
    story.line.minutes_pass(9)
    assert story.bridge().ended_at is None
    story.line.minutes_pass(2)
    assert story.bridge().outcome == "no_news"
    assert story.outcomes() == []
    story.line.dara.is_rung().decline()
    every_text_is_read(story)


def every_text_is_read(story: Story) -> None:
    """What reminders say is told elsewhere."""
    story.line.minutes_pass(0)
    for phone in (story.line.dara, story.line.sophea, story.line.bopha):
        phone.texts_told = len(phone.inbox)


def change_plan(story: Story, **plan: str) -> None:
    hotline = story.line.hotline
    with hotline.transaction() as tx:
        cases.add_answers(hotline, tx, story.case_id, plan=plan.items())
