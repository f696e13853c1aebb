"""Calm pages: held over quiet hours, told together in the morning, once, if they still wait."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hotline import cases, digests, paging
from hotline.core.reachability import Reach, held_until
from hotline.storage.case import events_of, get_case
from hotline.storage.outbox_item import list_items
from hotline.storage.page import find_page
from hotline.storage.staff_member import find_staff_by_name, retire, set_reach
from tests.workers.conftest import Office
from workers.sweeps import sweep

DARA, SOPHEA, BOPHA = "+85510111001", "+85510111002", "+85510111003"
MORNING = datetime(2026, 1, 6, 0, 0, tzinfo=UTC)  # seven o'clock in Phnom Penh


def told(office: Office) -> list[tuple[str, str]]:
    """What was texted since the last time it was asked."""
    sweep(office.hotline)
    texts = list(office.wire.sent)
    office.wire.sent.clear()
    return texts


def by_day(office: Office) -> None:
    office.time.at = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)


def ref_of(office: Office, case_id: int) -> str:
    with office.hotline.reading() as tx:
        return str(get_case(tx, case_id).ref)


def happened(office: Office, case_id: int) -> list[str]:
    with office.hotline.reading() as tx:
        return [event.what for event in events_of(tx, case_id)]


def staff(office: Office, tx: Any, name: str) -> Any:
    return find_staff_by_name(tx, name)


def takes(office: Office, name: str, case_id: int) -> None:
    with office.hotline.transaction() as tx:
        paging.claim(office.hotline, tx, get_case(tx, case_id), staff(office, tx, name))


def set_of(office: Office, name: str, **values: Any) -> None:
    with office.hotline.transaction() as tx:
        set_reach(tx, staff(office, tx, name).id, **values)


# ---------------------------------------------------------------- when


def test_at_night_a_calm_case_waits_for_the_morning_and_an_urgent_one_does_not(
    office: Office,
) -> None:
    calm = office.open_case("P2")
    assert told(office) == []
    assert happened(office, calm) == ["opened", "held_back"]
    office.open_case("P1")
    assert [to for to, _ in told(office)] == [DARA]


def test_by_day_a_calm_case_is_told_at_once_with_its_code(office: Office) -> None:
    by_day(office)
    ref = ref_of(office, office.open_case("P2"))
    ((to, body),) = told(office)
    assert to == DARA
    assert ref in body
    assert " 1 " in body


def test_one_case_that_waited_overnight_is_an_ordinary_page_at_seven(office: Office) -> None:
    ref = ref_of(office, office.open_case("P3"))
    office.time.at = MORNING - timedelta(seconds=1)
    assert told(office) == []
    office.time.at = MORNING
    texts = told(office)
    assert [to for to, _ in texts] == [DARA, SOPHEA]  # the ladder went on in the night
    for _, body in texts:
        assert ref in body
        assert " 1 " in body


def test_the_code_that_comes_in_the_morning_takes_the_case(office: Office) -> None:
    case_id = office.open_case("P2")
    office.time.at = MORNING
    told(office)
    with office.hotline.reading() as tx:
        page = find_page(tx, case_id, staff(office, tx, "Dara").id)
    assert page.held_until is None
    assert page.expires_at == MORNING + timedelta(hours=24)


def test_whoever_was_told_a_moment_ago_hears_of_the_next_ones_together(office: Office) -> None:
    by_day(office)
    office.open_case("P2")
    assert len(told(office)) == 1
    for minutes in (5, 5):
        office.time.pass_by(minutes=minutes)
        office.open_case("P2")
        assert told(office) == []
    office.time.pass_by(minutes=20)
    ((to, body),) = told(office)
    assert to == DARA
    assert "2" in body


# ---------------------------------------------------------------- together


def test_several_are_one_text_that_counts_them_and_names_none(office: Office) -> None:
    opened = [office.open_case("P2") for _ in range(3)]
    office.time.at = MORNING
    ((to, body),) = [text for text in told(office) if text[0] == DARA]
    assert to == DARA
    assert "3" in body
    assert not any(ref_of(office, case_id) in body for case_id in opened)
    assert all("digested" in happened(office, case_id) for case_id in opened)


def test_a_digest_gives_out_no_code_that_nobody_was_told(office: Office) -> None:
    opened = [office.open_case("P2") for _ in range(2)]
    office.time.at = MORNING
    told(office)
    with office.hotline.reading() as tx:
        dara = staff(office, tx, "Dara").id
        assert all(find_page(tx, one, dara).expires_at <= MORNING for one in opened)
    takes(office, "Sophea", opened[0])
    assert [to for to, _ in told(office)] == []  # nor is she told that one she cannot know is taken


def test_everybody_has_their_own_digest_at_the_end_of_their_own_night(office: Office) -> None:
    set_of(office, "Sophea", quiet_from="22:00", quiet_to="05:00")
    for _ in range(2):
        case_id = office.open_case("P2")
        with office.hotline.transaction() as tx:
            sophea = staff(office, tx, "Sophea")
            digests.hold_back(office.hotline, tx, get_case(tx, case_id), sophea)
    office.time.at = MORNING - timedelta(hours=2)
    assert [to for to, _ in told(office)] == [SOPHEA]
    office.time.at = MORNING
    assert DARA in [to for to, _ in told(office)]


def test_who_takes_no_texts_is_rung(office: Office) -> None:
    set_of(office, "Dara", by_sms=False)
    for _ in range(2):
        office.open_case("P2")
    office.time.at = MORNING
    assert DARA not in [to for to, _ in told(office)]
    assert office.wire.rung == [DARA]


# ---------------------------------------------------------------- what needs no telling any more


def test_what_was_taken_overnight_is_told_to_nobody_in_the_morning(office: Office) -> None:
    opened = [office.open_case("P2") for _ in range(3)]
    takes(office, "Bopha", opened[0])
    with office.hotline.transaction() as tx:
        case = get_case(tx, opened[1])
        cases.close(office.hotline, tx, case, 3, "duplicate", case.version)
    office.time.at = MORNING
    ((_, body),) = [text for text in told(office) if text[0] == DARA]
    assert ref_of(office, opened[2]) in body


def test_when_all_are_taken_the_morning_is_quiet(office: Office) -> None:
    for _ in range(2):
        takes(office, "Dara", office.open_case("P3"))
    office.time.at = MORNING
    assert [body for to, body in told(office) if to == DARA] == []
    assert digests.send_due_digests(office.hotline) == 0


def test_a_reminder_of_a_case_that_somebody_has_is_kept_over_the_night(office: Office) -> None:
    case_id = office.open_case("P2")
    takes(office, "Dara", case_id)
    office.time.pass_by(minutes=1)
    with office.hotline.transaction() as tx:
        dara = staff(office, tx, "Dara")
        digests.hold_back(office.hotline, tx, get_case(tx, case_id), dara)
    office.time.at = MORNING
    assert digests.send_due_digests(office.hotline) == 1
    ((to, body),) = [text for text in told(office) if text[0] == DARA]
    assert ref_of(office, case_id) in body


def test_a_reminder_that_was_heeded_meanwhile_is_dropped(office: Office) -> None:
    case_id = office.open_case("P2")
    takes(office, "Dara", case_id)
    office.time.pass_by(minutes=1)
    with office.hotline.transaction() as tx:
        case, dara = get_case(tx, case_id), staff(office, tx, "Dara")
        digests.hold_back(office.hotline, tx, case, dara)
        cases.note_attempt(office.hotline, tx, case, dara.id, "reached", "")
    office.time.at = MORNING
    assert digests.send_due_digests(office.hotline) == 0


def test_who_has_left_is_told_nothing(office: Office) -> None:
    office.open_case("P2")
    with office.hotline.transaction() as tx:
        retire(tx, staff(office, tx, "Dara").id)
    office.time.at = MORNING
    assert digests.send_due_digests(office.hotline) == 0


def test_a_case_that_becomes_urgent_at_night_waits_no_more_and_is_told_once(
    office: Office,
) -> None:
    case_id = office.open_case("P2")
    assert told(office) == []
    with office.hotline.transaction() as tx:
        cases.add_answers(office.hotline, tx, case_id, notes=[("under_18", "yes")])
    assert [to for to, _ in told(office)] == [DARA]
    takes(office, "Dara", case_id)
    office.time.at = MORNING
    assert digests.send_due_digests(office.hotline) == 0


# ---------------------------------------------------------------- once


def test_two_sweepers_at_once_tell_it_once(office: Office) -> None:
    for _ in range(2):
        office.open_case("P2")
    office.time.at = MORNING
    together, people = threading.Barrier(2), []

    def work() -> None:
        together.wait(10)
        people.append(digests.send_due_digests(office.hotline))

    sweepers = [threading.Thread(target=work) for _ in range(2)]
    for sweeper in sweepers:
        sweeper.start()
    for sweeper in sweepers:
        sweeper.join(20)
    assert sum(people) == 1
    with office.hotline.reading() as tx:
        assert len([item for item in list_items(tx) if item.case_id is None]) == 1


def test_a_page_that_waits_already_keeps_its_earlier_time(office: Office) -> None:
    case_id, hotline = office.open_case("P2"), office.hotline
    until = held_until("P2", Reach(), office.time.at)
    with hotline.transaction() as tx:
        dara = staff(office, tx, "Dara").id
        digests.hold(hotline, tx, case_id, dara, MORNING + timedelta(hours=5))
        assert find_page(tx, case_id, dara).held_until == until == MORNING
        digests.hold(hotline, tx, case_id, dara, MORNING - timedelta(hours=1))
        assert find_page(tx, case_id, dara).held_until == MORNING - timedelta(hours=1)
    assert happened(office, case_id).count("held_back") == 1


@pytest.mark.parametrize("priority", ["P2", "P3"])
def test_while_nobody_answers_the_calm_ladder_goes_on_by_day(office: Office, priority: str) -> None:
    by_day(office)
    ref = ref_of(office, office.open_case(priority))
    assert [to for to, _ in told(office)] == [DARA]
    office.time.pass_by(hours=2, minutes=1)
    ((to, body),) = told(office)
    assert to == SOPHEA
    assert ref in body
    office.time.pass_by(hours=2)
    assert [to for to, _ in told(office)] == [BOPHA]
