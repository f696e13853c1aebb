"""Bridges, turn by turn: forged tickets, lost calls, and what is noted once; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hotline import bridges, calling_back, cases, following_up, ladder, letting_go
from hotline.bridges import Bridging
from hotline.content_files import Content
from hotline.core.events import CallEvent
from hotline.core.turn import Connect, Dialled, Digits, HungUp, LetThrough, OneKey, TheEnd
from hotline.storage.attempt import attempts_of
from hotline.storage.bridge import begin_bridge, get_bridge
from hotline.storage.bridge import bridges as table
from hotline.storage.case import find_case
from hotline.storage.database import Database
from hotline.storage.escalation import get_escalation
from hotline.storage.follow_up import get_follow_up
from hotline.storage.outbox_item import outbox
from hotline.storage.staff_member import find_staff_by_name
from tests.web.desk.desk import MOTHER, NEIGHBOUR, Desk, open_desk


@pytest.fixture
def desk(database: Database, tmp_path: Path, key_ring_file: Path, content: Content) -> Desk:
    return open_desk(database, tmp_path / "data", key_ring_file, content)


@pytest.fixture
def ref(desk: Desk) -> str:
    """A case that Dara has, whose caller may be rung now."""
    ref = desk.caller_asks(window="morning")
    desk.takes_by_text("Dara", ref)
    return ref


def connect(desk: Desk, ref: str, name: str = "Dara") -> Any:
    """Dara is on the line and pressed 1."""
    with desk.hotline.transaction() as tx:
        member = find_staff_by_name(tx, name)
        return calling_back.connect(desk.hotline, tx, find_case(tx, ref), member, "simulator")


def rung(
    desk: Desk, ticket: str | None, number: str | None = MOTHER, *, outbound: bool = True
) -> Any:
    event = CallEvent("simulator", "CA1", 0, number, "+85523900900", None, outbound, ticket=ticket)
    with desk.hotline.transaction() as tx:
        return calling_back.begin(desk.hotline, tx, event)


def hear(desk: Desk, said: Any, turn: Any) -> Any:
    with desk.hotline.transaction() as tx:
        return calling_back.hear(desk.hotline, tx, said.state, turn)


def talk_over(desk: Desk, turn: Dialled | HungUp, bridge_id: int = 1) -> str | None:
    with desk.hotline.transaction() as tx:
        return calling_back.talk_over(desk.hotline, tx, bridge_id, turn)


def outcomes(desk: Desk, ref: str) -> list[str]:
    with desk.hotline.reading() as tx:
        return [row.outcome for row in attempts_of(tx, find_case(tx, ref).id)]


def bridge(desk: Desk, bridge_id: int = 1) -> Any:
    with desk.hotline.transaction() as tx:
        return get_bridge(tx, bridge_id)


def test_the_caller_is_rung_screened_with_our_ticket(desk: Desk, ref: str) -> None:
    begun = connect(desk, ref)
    assert isinstance(begun, Bridging)
    assert begun.wait == Connect(MOTHER, 25, "b1")
    assert MOTHER not in repr(begun)
    said = rung(desk, "b1")
    assert [saying.prompt for saying in said.say] == ["V_CB_OUTGOING"]
    assert hear(desk, said, Digits("1")).wait == LetThrough()
    assert talk_over(desk, Dialled("completed", 40)) is None
    assert outcomes(desk, ref) == []
    for word in ("unsafe", "reached"):  # the first word stands
        with desk.hotline.transaction() as tx:
            calling_back.note_outcome(desk.hotline, tx, 1, word)
    assert talk_over(desk, HungUp()) == "unsafe"
    assert outcomes(desk, ref) == ["unsafe"]


@pytest.mark.parametrize(
    ("ticket", "number"),
    [
        ("b1", NEIGHBOUR),
        ("b1", None),
        ("b2", MOTHER),
        ("b999999999999999999", MOTHER),
    ],
)
def test_a_forged_ticket_connects_nobody_and_says_nothing(
    desk: Desk, ref: str, ticket: str, number: str | None
) -> None:
    connect(desk, ref)
    said = rung(desk, ticket, number)
    assert (said.say, said.wait) == ((), TheEnd())
    assert bridge(desk).state == "caller"


@pytest.mark.parametrize("ticket", [None, "", "b", "b0", "b-1", "b1x", "0", "7", "9" * 64, "x"])
def test_a_ticket_that_is_none_of_ours_is_somebody_elses_call(desk: Desk, ref: str, ticket) -> None:
    connect(desk, ref)
    assert rung(desk, ticket) is None


def test_a_caller_who_dials_in_with_a_ticket_is_a_caller(desk: Desk, ref: str) -> None:
    connect(desk, ref)
    assert rung(desk, "b1", outbound=False) is None


def test_a_leg_of_a_bridge_that_is_over_connects_nobody(desk: Desk, ref: str) -> None:
    connect(desk, ref)
    said = rung(desk, "b1")
    assert talk_over(desk, HungUp()) == "no_answer"  # put down before the caller pressed a key
    assert outcomes(desk, ref) == []
    late = hear(desk, said, Digits("1"))
    assert ([saying.prompt for saying in late.say], late.wait) == (["V_CB_NO_STAFF"], TheEnd())
    assert rung(desk, "b1").wait == TheEnd()
    assert bridge(desk).outcome == "given_up"


def test_a_case_closed_while_it_rang_stays_closed_when_the_caller_picks_up(
    desk: Desk, ref: str
) -> None:
    connect(desk, ref)
    said = rung(desk, "b1")
    with desk.hotline.transaction() as tx:
        case = find_case(tx, ref)
        closed = cases.close(desk.hotline, tx, case, 1, "duplicate", case.version)
    assert closed is cases.Closing.CLOSED
    hear(desk, said, Digits("1"))
    talk_over(desk, HungUp())
    with desk.hotline.reading() as tx:
        assert get_follow_up(tx, find_case(tx, ref).id).ended_at is not None
    desk.minutes_pass(24 * 60)
    assert following_up.raise_overdue(desk.hotline) == 0


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("busy", "busy"),
        ("no-answer", "no_answer"),
        ("failed", "no_answer"),
        ("completed", "no_answer"),  # a machine answered: nobody pressed 1
    ],
)
def test_what_the_carriers_word_means_without_the_key(
    desk: Desk, ref: str, status: str, outcome: str
) -> None:
    connect(desk, ref)
    for _ in range(2):
        assert talk_over(desk, Dialled(status, 9)) == outcome
    assert outcomes(desk, ref) == [outcome]


def test_who_asks_anew_leaves_their_last_call_behind(desk: Desk, ref: str) -> None:
    assert connect(desk, ref).bridge_id == 1
    assert connect(desk, ref, "Bopha").why == "already_calling"
    assert connect(desk, ref).bridge_id > 1
    assert bridge(desk).outcome == "given_up"


def apart(desk: Desk, ref: str) -> None:
    """As `connect` on a carrier that cannot ask first."""
    carrier: Any = desk.hotline.carriers["simulator"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(carrier, "capabilities", replace(carrier.capabilities, screens=False))
        begun = connect(desk, ref)
    assert begun.wait == TheEnd()
    assert begun.rings == {"calls"}


def test_apart_the_caller_is_rung_once_whoever_asks(desk: Desk, ref: str) -> None:
    apart(desk, ref)
    assert connect(desk, ref).why == "already_calling"
    with desk.hotline.reading() as tx:
        items = tx.execute(select(outbox).where(outbox.c.queue == "calls")).all()
    assert [(item.prompt, item.idempotency_key) for item in items] == [
        ("V_CB_OUTGOING", "bridge:1:caller")
    ]


@pytest.mark.parametrize(
    ("state", "error", "minutes", "outcome", "tried"),
    [
        ("undelivered", "busy", 1, "busy", ["busy"]),
        ("undelivered", "no-answer", 1, "no_answer", ["no_answer"]),
        ("failed", "21211", 1, "not_called", []),
        ("pending", None, 11, "not_called", []),  # the carrier is away: it is taken back
        ("unknown", "worker_died", 11, "no_news", []),
        ("sent", None, 11, "no_news", []),
    ],
)
def test_a_call_nobody_told_the_end_of_is_closed_by_the_sweep(
    desk: Desk, ref: str, state: str, error: str | None, minutes: int, outcome: str, tried
) -> None:
    apart(desk, ref)
    with desk.hotline.transaction() as tx:
        of_caller = outbox.c.queue == "calls"
        tx.execute(outbox.update().where(of_caller).values(state=state, error=error))
    desk.minutes_pass(minutes)
    assert bridges.close_stale(desk.hotline) == 1
    assert bridges.close_stale(desk.hotline) == 0
    assert (bridge(desk).outcome, outcomes(desk, ref)) == (outcome, tried)
    with desk.hotline.reading() as tx:
        item = tx.execute(select(outbox).where(of_caller)).one()
    assert item.state == ("cancelled" if state == "pending" else state)


def test_apart_who_presses_one_rings_the_staff_member(desk: Desk, ref: str) -> None:
    apart(desk, ref)
    item = bridge(desk).caller_item_id
    said = rung(desk, str(item))
    assert said.wait == OneKey()
    connected = hear(desk, said, Digits("1"))
    assert connected.wait == Connect("+85510111001", 30, None)
    said = hear(desk, connected, Dialled("no-answer", 0))
    assert [saying.prompt for saying in said.say] == ["V_CB_NO_STAFF"]
    assert bridge(desk).outcome == "no_staff"
    assert outcomes(desk, ref) == []


def test_a_talk_is_not_closed_before_two_hours(desk: Desk, ref: str) -> None:
    connect(desk, ref)
    hear(desk, rung(desk, "b1"), Digits("1"))
    desk.minutes_pass(119)
    assert bridges.close_stale(desk.hotline) == 0
    desk.minutes_pass(2)
    assert bridges.close_stale(desk.hotline) == 1
    assert outcomes(desk, ref) == ["reached"]


def talk_of_who_goes(desk: Desk, ref: str, go: Any) -> None:
    """Dara talks with the caller; then somebody at the desk presses the button."""
    connect(desk, ref)
    hear(desk, rung(desk, "b1"), Digits("1"))
    desk.minutes_pass(5)
    with desk.hotline.transaction() as tx:
        go(desk.hotline, tx, 1, "staff:3")


GONE = pytest.mark.parametrize("go", [letting_go.revoke_phone, letting_go.let_go])


@GONE
def test_who_is_gone_when_they_hang_up_has_no_case_again(desk: Desk, ref: str, go: Any) -> None:
    talk_of_who_goes(desk, ref, go)
    assert talk_over(desk, HungUp()) == "reached"
    assert outcomes(desk, ref) == ["reached"]
    assert (desk.case(ref).state, desk.case(ref).claimed_by) == ("open", None)
    with desk.hotline.reading() as tx:
        assert get_escalation(tx, desk.case(ref).id).ended_at is None
        assert get_follow_up(tx, desk.case(ref).id).ended_at is not None
    desk.minutes_pass(2)
    assert ladder.raise_overdue(desk.hotline) == 1


@GONE
def test_the_talk_of_who_is_gone_and_of_which_nobody_tells_the_end_gives_no_case(
    desk: Desk, ref: str, go: Any
) -> None:
    talk_of_who_goes(desk, ref, go)
    desk.minutes_pass(121)
    assert bridges.close_stale(desk.hotline) == 1
    assert outcomes(desk, ref) == ["reached"]
    assert (desk.case(ref).state, desk.case(ref).claimed_by) == ("open", None)


@pytest.mark.parametrize(
    ("outcome", "what"), [("reached", "first_attempt"), ("unsafe", "supervisor_decides")]
)
def test_what_who_is_gone_heard_puts_off_no_call_of_who_has_the_case_now(
    desk: Desk, ref: str, outcome: str, what: str
) -> None:
    talk_of_who_goes(desk, ref, letting_go.revoke_phone)
    desk.takes_by_text("Sophea", ref)
    with desk.hotline.transaction() as tx:
        bridges.note_outcome(desk.hotline, tx, 1, outcome)
    assert outcomes(desk, ref) == [outcome]
    with desk.hotline.reading() as tx:
        row = get_follow_up(tx, desk.case(ref).id)
    assert (row.what, row.ended_at) == (what, None)
    assert desk.case(ref).claimed_by == 2


def test_who_talks_is_talking_until_one_of_the_two_hangs_up(desk: Desk, ref: str) -> None:
    def is_talking() -> bool:
        with desk.hotline.reading() as tx:
            dara = find_staff_by_name(tx, "Dara")
            return letting_go.what_they_have(desk.hotline, tx, dara).is_talking

    connect(desk, ref)
    said = rung(desk, "b1")
    assert not is_talking()
    hear(desk, said, Digits("1"))
    assert is_talking()
    words = "They are talking with a caller now. That call goes on until somebody hangs up."
    assert words in desk.staff("Bopha").reads("/people/1/lost")
    talk_over(desk, HungUp())
    assert not is_talking()
    assert words not in desk.staff("Bopha").reads("/people/1/lost")


def test_a_database_allows_one_open_bridge_a_case(desk: Desk, ref: str) -> None:
    connect(desk, ref)
    row = {k: v for k, v in bridge(desk)._mapping.items() if k != "id"}
    with desk.hotline.transaction() as tx:
        assert begin_bridge(tx, **row) is None
        tx.execute(table.update().values(ended_at=desk.hotline.now() - timedelta(minutes=1)))
        assert begin_bridge(tx, **row) is not None
