"""A case: raised, asked for again, flagged, called back, closed; on both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hotline import callers, cases
from hotline.cases import Closing
from hotline.content_files import Content
from hotline.core.turn import OpenCase
from hotline.storage.case import change_case, events_of, find_case, get_case, open_cases_of
from hotline.storage.database import Database
from hotline.storage.escalation import get_escalation
from hotline.storage.outbox_item import outbox
from hotline.vault import SealBroken
from tests.web.desk.desk import MOTHER, Desk, open_desk

DARA, SOPHEA = 1, 2
CALLBACK = OpenCase("callback", "P2", "asked_for_call")
MISSING = OpenCase("missing_child", "P1", "asked_by_key")
DANGER = OpenCase("danger_now", "P0", "asked_by_key")


@pytest.fixture
def desk(database: Database, tmp_path: Path, key_ring_file: Path, content: Content) -> Desk:
    return open_desk(database, tmp_path / "data", key_ring_file, content)


def asks(
    desk: Desk, request: OpenCase, number: str | None = MOTHER, current: int | None = None
) -> int:
    """A caller asks for help; the id of the case that follows."""
    hotline = desk.hotline
    with hotline.transaction() as tx:
        return cases.open_case(
            hotline,
            tx,
            request,
            channel="voice",
            caller_id=callers.meet(hotline, tx, number).id if number else None,
            chi=None,
            current=current,
        )


def case_of(desk: Desk, case_id: int) -> Any:
    with desk.hotline.reading() as tx:
        return get_case(tx, case_id)


def happened(desk: Desk, case_id: int) -> list[str]:
    with desk.hotline.reading() as tx:
        return [event.what for event in events_of(tx, case_id)]


def pages(desk: Desk) -> int:
    with desk.hotline.reading() as tx:
        return tx.execute(sa.select(sa.func.count()).select_from(outbox)).scalar_one()


def everything_was_sent(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        tx.execute(outbox.update().values(state="sent", next_at=None))


def next_step_at(desk: Desk, case_id: int) -> Any:
    with desk.hotline.reading() as tx:
        return get_escalation(tx, case_id).next_at


def claim(desk: Desk, case_id: int, name: str = "Dara") -> None:
    desk.takes_by_text(name, case_of(desk, case_id).ref)


def close(desk: Desk, case_id: int, outcome: str, version: int | None = None) -> Closing:
    hotline = desk.hotline
    with hotline.transaction() as tx:
        case = get_case(tx, case_id)
        version = case.version if version is None else version
        return cases.close(hotline, tx, case, DARA, outcome, version)


def attempt(desk: Desk, case_id: int, outcome: str = "reached") -> None:
    hotline = desk.hotline
    with hotline.transaction() as tx:
        cases.note_attempt(hotline, tx, get_case(tx, case_id), DARA, outcome, "")


# ---------------------------------------------------------------- asked for again, and more


def test_a_more_urgent_need_raises_the_case_of_the_call_and_gives_it_its_name(desk: Desk) -> None:
    case_id = asks(desk, CALLBACK)
    assert asks(desk, DANGER, current=case_id) == case_id
    case = case_of(desk, case_id)
    assert (case.kind, case.priority, case.reason) == ("danger_now", "P0", "asked_by_key")
    assert happened(desk, case_id) == ["opened", "paged", "raised", "paged"]


def test_a_raised_case_begins_the_ladder_of_its_new_urgency_at_once(desk: Desk) -> None:
    case_id = asks(desk, CALLBACK)
    assert next_step_at(desk, case_id) == desk.time[0] + timedelta(hours=2)
    asks(desk, DANGER, current=case_id)
    assert next_step_at(desk, case_id) == desk.time[0] + timedelta(minutes=2)
    case = case_of(desk, case_id)
    assert case.claim_due_at == desk.time[0] + timedelta(minutes=5)
    assert case.attempt_due_at == desk.time[0] + timedelta(minutes=10)


def test_who_rings_again_and_needs_the_same_more_urgent_help_goes_on_with_that_case(
    desk: Desk,
) -> None:
    in_danger = asks(desk, DANGER)
    desk.minutes_pass(5)
    wants_a_call = asks(desk, CALLBACK)
    assert asks(desk, DANGER, current=wants_a_call) == in_danger
    assert case_of(desk, wants_a_call).kind == "callback"
    assert happened(desk, in_danger)[-1] == "asked_again"
    assert next_step_at(desk, in_danger) <= desk.time[0]


def test_the_same_need_become_more_urgent_is_raised_and_not_asked_again(desk: Desk) -> None:
    case_id = asks(desk, CALLBACK)
    sooner = OpenCase("callback", "P1", "asked_for_call")
    assert asks(desk, sooner, current=case_id) == case_id
    assert "asked_again" not in happened(desk, case_id)
    assert case_of(desk, case_id).priority == "P1"


def test_a_less_urgent_need_changes_nothing_of_the_case(desk: Desk) -> None:
    case_id = asks(desk, DANGER)
    before = case_of(desk, case_id)
    assert asks(desk, CALLBACK, current=case_id) == case_id
    assert case_of(desk, case_id) == before
    assert happened(desk, case_id) == ["opened", "paged"]


def test_the_same_need_within_the_hour_is_the_same_case_asked_again(desk: Desk) -> None:
    case_id = asks(desk, MISSING)
    desk.minutes_pass(59)
    assert asks(desk, MISSING) == case_id
    assert happened(desk, case_id)[-1] == "asked_again"
    assert next_step_at(desk, case_id) <= desk.time[0]


def test_the_same_need_after_the_hour_is_a_new_case(desk: Desk) -> None:
    case_id = asks(desk, MISSING)
    desk.minutes_pass(61)
    assert asks(desk, MISSING) != case_id


def test_another_need_another_caller_or_a_hidden_number_is_a_case_of_its_own(desk: Desk) -> None:
    opened = {
        asks(desk, MISSING),
        asks(desk, CALLBACK),
        asks(desk, MISSING, "+85596234567"),
        asks(desk, MISSING, None),
        asks(desk, MISSING, None),
    }
    assert len(opened) == 5
    assert case_of(desk, max(opened)).flags == ["number_withheld"]


def test_a_need_that_comes_back_after_its_case_was_closed_is_a_new_case(desk: Desk) -> None:
    case_id = asks(desk, MISSING)
    claim(desk, case_id)
    attempt(desk, case_id)
    assert close(desk, case_id, "helped") is Closing.CLOSED
    assert asks(desk, MISSING) != case_id


def test_who_has_the_case_is_told_each_time_it_is_asked_for_again(desk: Desk) -> None:
    case_id = asks(desk, MISSING)
    claim(desk, case_id)
    for times in (1, 2):
        everything_was_sent(desk)
        before = pages(desk)
        desk.minutes_pass(5)
        asks(desk, MISSING)
        assert pages(desk) == before + 1, f"asked again {times} times"
    assert case_of(desk, case_id).claimed_by == DARA


def test_the_open_cases_of_a_caller_come_oldest_first_whatever_was_changed_last(
    desk: Desk,
) -> None:
    older, newer = asks(desk, MISSING), asks(desk, CALLBACK)
    with desk.hotline.transaction() as tx:
        change_case(tx, older, place="0110")
    with desk.hotline.reading() as tx:
        found = open_cases_of(tx, case_of(desk, newer).caller_id)
    assert [case.id for case in found] == [older, newer]


# ---------------------------------------------------------------- what is written on it


def test_a_flag_is_put_once(desk: Desk) -> None:
    case_id = asks(desk, MISSING)
    for _ in range(3):
        with desk.hotline.transaction() as tx:
            cases.flag(desk.hotline, tx, case_id, "quick_exit")
    assert case_of(desk, case_id).flags == ["quick_exit"]
    assert happened(desk, case_id).count("flagged") == 1


def test_later_answers_join_the_earlier_ones_and_a_yes_stays(desk: Desk) -> None:
    case_id, hotline = asks(desk, MISSING), desk.hotline
    for plan, notes in (
        ({"number": "calling", "consent": "pending"}, {"age": "under_18"}),
        ({"consent": "yes", "window": "evening"}, {}),
        ({"consent": "pending", "who_answers": "say_wrong_number"}, {"age": "adult"}),
    ):
        with hotline.transaction() as tx:
            cases.add_answers(hotline, tx, case_id, plan=plan.items(), notes=notes.items())
    with hotline.reading() as tx:
        told = cases.read(hotline, tx, get_case(tx, case_id))
    assert told.plan == {
        "number": "calling",
        "consent": "yes",
        "window": "evening",
        "who_answers": "say_wrong_number",
    }
    assert told.notes == {"age": "adult"}


def test_the_words_of_one_case_cannot_be_read_with_the_key_of_another(desk: Desk) -> None:
    one, other = asks(desk, MISSING), asks(desk, CALLBACK)
    hotline = desk.hotline
    with hotline.transaction() as tx:
        cases.add_words(hotline, tx, one, "secret words")
        sealed = events_of(tx, one)[-1].text_sealed
        assert b"secret" not in sealed
        assert cases.read(hotline, tx, get_case(tx, one)).words(sealed, "event") == "secret words"
        with pytest.raises(SealBroken):
            cases.read(hotline, tx, get_case(tx, other)).words(sealed, "event")


# ---------------------------------------------------------------- closing


@pytest.mark.parametrize("outcome", ["helped", "referred", "not_reached"])
def test_nobody_was_helped_by_a_case_that_was_only_claimed(desk: Desk, outcome: str) -> None:
    case_id = asks(desk, MISSING)
    claim(desk, case_id)
    assert close(desk, case_id, outcome) is Closing.NO_ATTEMPT_YET
    assert case_of(desk, case_id).state == "claimed"
    attempt(desk, case_id, "no_answer")
    if outcome == "referred":  # and no service has the case
        assert close(desk, case_id, outcome) is Closing.NOT_HANDED_OVER
        return
    assert close(desk, case_id, outcome) is Closing.CLOSED
    case = case_of(desk, case_id)
    assert (case.state, case.outcome, case.closed_by) == ("closed", outcome, DARA)


@pytest.mark.parametrize("outcome", ["no_help_wanted", "not_a_case", "duplicate"])
def test_a_case_that_needs_no_call_closes_without_one(desk: Desk, outcome: str) -> None:
    case_id = asks(desk, MISSING)
    assert close(desk, case_id, outcome) is Closing.CLOSED
    assert next_step_at(desk, case_id) is not None
    with desk.hotline.reading() as tx:
        assert get_escalation(tx, case_id).ended_at is not None


def test_an_outcome_that_does_not_exist_is_refused(desk: Desk) -> None:
    case_id = asks(desk, MISSING)
    with pytest.raises(ValueError, match="helped, referred"):
        close(desk, case_id, "done")
    with pytest.raises(ValueError, match="reached"):
        attempt(desk, case_id, "shouted")


def test_who_closes_what_has_changed_meanwhile_is_told_so(desk: Desk) -> None:
    case_id = asks(desk, CALLBACK)
    attempt(desk, case_id)
    seen = case_of(desk, case_id).version
    asks(desk, DANGER, current=case_id)  # the caller presses on while somebody reads the case
    assert close(desk, case_id, "helped", seen) is Closing.CHANGED_MEANWHILE
    case = case_of(desk, case_id)
    assert (case.state, case.priority) == ("claimed", "P0")
    assert "closed" not in happened(desk, case_id)
    assert close(desk, case_id, "helped") is Closing.CLOSED


def test_a_case_is_closed_once(desk: Desk) -> None:
    case_id = asks(desk, MISSING)
    attempt(desk, case_id)
    assert close(desk, case_id, "helped") is Closing.CLOSED
    assert close(desk, case_id, "not_reached") is Closing.CHANGED_MEANWHILE
    assert case_of(desk, case_id).outcome == "helped"
    assert happened(desk, case_id).count("closed") == 1


def test_of_two_who_take_a_case_at_once_one_has_it(desk: Desk) -> None:
    case_id = asks(desk, MISSING)
    claim(desk, case_id, "Sophea")
    claim(desk, case_id, "Dara")
    assert case_of(desk, case_id).claimed_by == SOPHEA
    assert happened(desk, case_id).count("claimed") == 1


def test_every_case_has_a_reference_of_its_own_that_finds_it(desk: Desk) -> None:
    refs = {case_of(desk, asks(desk, MISSING, None)).ref for _ in range(20)}
    assert len(refs) == 20
    with desk.hotline.reading() as tx:
        assert {find_case(tx, ref).ref for ref in refs} == refs
