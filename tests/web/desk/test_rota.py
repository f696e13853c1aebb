"""The rota at the desk: who is on call, one's own shifts, swaps, and what a supervisor decides."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from hotline import rota
from hotline.core.rotation import Rotation
from hotline.storage.shift import add_shift, shifts, staff_on_call
from hotline.storage.staff_member import find_staff_by_name
from tests.web.desk.desk import Desk, Visitor

DARA, SOPHEA, BOPHA = 1, 2, 3
SUNDAY = date(2026, 11, 22)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Eight on a Sunday morning; Dara and Sophea take turns by day, Bopha stands behind them."""
    desk.time[0] = datetime(2026, 11, 22, 1, tzinfo=UTC)
    with desk.hotline.transaction() as tx:
        tx.execute(sa.delete(shifts))
        for people, place in (((DARA, SOPHEA), 1), ((BOPHA,), 2)):
            rotation = Rotation(people, "daily", SUNDAY, place=place)
            assert isinstance(rota.add_rotation(desk.hotline, tx, rotation, "operator"), int)
    return desk


def nobody_is_there(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        tx.execute(sa.delete(shifts))


def on_call(desk: Desk, hours: float) -> list[int]:
    with desk.hotline.reading() as tx:
        return staff_on_call(tx, desk.time[0] + timedelta(hours=hours))


def asks(visitor: Visitor, hours: float, who: int, place: int = 1):
    """Ask for the day that begins so many hours from now."""
    start = visitor.desk.time[0] + timedelta(hours=hours)
    end = start + timedelta(hours=24)
    return visitor.sends(
        "/rota/ask", "/rota",
        starts=start.isoformat(), ends=end.isoformat(), place=str(place), who=str(who),
    )  # fmt: skip


def answers(visitor: Visitor, act: str, swap: int = 1):
    return visitor.sends("/rota/answer", "/rota", swap=str(swap), act=act)


def test_the_page_says_who_is_on_call_now_and_next(desk: Desk) -> None:
    page = desk.staff("Dara").reads("/rota")
    now = re.sub(r" ([:,])", r"\1", page)
    assert "On call now: Dara, Bopha until 23/11 08:00, then Sophea, Bopha" in now
    assert "Sunday 22/11" in page
    assert "Monday 23/11 Water Festival" in page
    assert "08:00–24:00 Dara , Bopha" in page


def test_gaps_are_red_and_overlaps_are_told(desk: Desk) -> None:
    nobody_is_there(desk)
    now = desk.time[0]
    with desk.hotline.transaction() as tx:
        add_shift(tx, DARA, now, now + timedelta(hours=10))
        add_shift(tx, SOPHEA, now + timedelta(hours=9), now + timedelta(hours=12))
    seen = desk.staff("Bopha").sees("/rota").text
    assert re.search(r'class="warning"><strong>Nobody is on call</strong>', seen)
    assert 'class="piece empty-piece"' in seen
    assert "in one place twice" in seen


@pytest.mark.parametrize("page", ["/", "/rota"])
def test_nobody_on_call_is_said_in_red(desk: Desk, page: str) -> None:
    dara = desk.staff("Dara")
    assert "NOBODY IS ON CALL" not in dara.reads(page)
    nobody_is_there(desk)
    seen = dara.sees(page).text
    assert '<p class="warning on-call"><strong>NOBODY IS ON CALL</strong>' in seen
    assert "Cases go to the supervisors at once." in seen


def test_the_list_of_cases_says_who_is_on_call(desk: Desk) -> None:
    assert "Dara, Bopha" in desk.staff("Sophea").reads("/")


def test_a_shift_changes_hands_once_the_colleague_accepts(desk: Desk) -> None:
    dara, sophea = desk.staff("Dara"), desk.staff("Sophea")
    assert asks(sophea, 24, DARA).status_code == 303
    assert "You asked Dara to take a shift" in sophea.reads("/rota")
    assert on_call(desk, 25) == [SOPHEA, BOPHA]
    assert "Sophea asks you to take a shift" in dara.reads("/rota")
    assert answers(dara, "accept").status_code == 303
    assert on_call(desk, 25) == [DARA, BOPHA]
    assert "asks you" not in dara.reads("/rota")


def test_a_swap_is_refused_or_taken_back(desk: Desk) -> None:
    dara, sophea, bopha = desk.staff("Dara"), desk.staff("Sophea"), desk.staff("Bopha")
    asks(sophea, 24, DARA)
    assert answers(bopha, "accept").status_code == 422  # it is none of hers
    answers(dara, "refuse")
    assert on_call(desk, 25) == [SOPHEA, BOPHA]
    asks(sophea, 24, DARA)
    answers(sophea, "withdraw", swap=2)
    answer = answers(dara, "accept", swap=2)
    assert answer.status_code == 422
    assert "That time is over" in dara.text_of(answer)
    assert on_call(desk, 25) == [SOPHEA, BOPHA]


def test_what_cannot_be_asked_says_why(desk: Desk) -> None:
    sophea = desk.staff("Sophea")
    for hours, who, told in (
        (24, SOPHEA, "somebody else than yourself"),
        (24, 999, "Choose somebody from the list"),
        (0, DARA, "not yours any more"),
        (-48, DARA, "That time is over"),
    ):
        answer = asks(sophea, hours, who)
        assert answer.status_code == 422
        assert told in sophea.text_of(answer)
    broken = sophea.sends("/rota/ask", "/rota", starts="soon", ends="", place="1", who="1")
    assert broken.status_code == 422


def test_a_supervisor_gives_a_time_to_somebody(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    given = {"who": str(SOPHEA), "place": "1"}
    span = {"starts": "2026-11-22T12:00", "ends": "2026-11-22T18:00"}  # as a browser sends it
    assert bopha.sends("/rota/override", "/rota", **given, **span).status_code == 303
    assert [on_call(desk, hours)[0] for hours in (3, 5, 9, 11)] == [DARA, SOPHEA, SOPHEA, DARA]
    for wrong, told in (
        ({"ends": "2026-11-22T11:00"}, "later than the beginning"),
        ({"starts": "2025-11-22T11:00"}, "That time is over"),
        ({"ends": "2027-11-22T11:00"}, "longer than 31 days"),
        ({"ends": ""}, "Choose a day and a time"),
        ({"who": ""}, "Choose somebody"),
    ):
        answer = bopha.sends("/rota/override", "/rota", **{**given, **span, **wrong})
        assert answer.status_code == 422, wrong
        assert told in bopha.text_of(answer)


def test_a_supervisor_says_which_days_are_holidays(desk: Desk) -> None:
    bopha = desk.staff("Bopha")

    def says(kind: str, day: str = "2026-11-27", name: str = "Day of the club"):
        return bopha.sends("/rota/day", "/rota", day=day, name=name, kind=kind)

    assert says("off").status_code == 303
    assert "Day of the club" in bopha.reads("/rota")
    assert says("work", "2026-11-23").status_code == 303
    assert "working day" in bopha.reads("/rota")
    assert says("calendar").status_code == 303
    assert "Day of the club" not in bopha.reads("/rota")
    for answer in (says("off", name=""), says("off", "2026-11-01"), says("off", "soon")):
        assert answer.status_code == 422


def test_only_a_supervisor_decides_for_others(desk: Desk) -> None:
    dara = desk.staff("Dara")
    page = dara.reads("/rota")
    assert "Give a time to somebody" not in page
    assert dara.sends("/rota/override", "/rota", who="1").status_code == 403
    assert dara.sends("/rota/day", "/rota", day="2026-11-27").status_code == 403
    desk.take_on("Chan", "+85510111009", "editor")
    assert desk.staff("Chan").sees("/rota").status_code == 403


def test_the_address_of_ones_calendar_is_shown_once(desk: Desk) -> None:
    dara = desk.staff("Dara")
    page = dara.text_of(dara.sends("/rota/calendar", "/rota", act="make"))
    found = re.search(r"http://localhost(/calendar/[\w-]{43}\.ics)", page)
    assert found is not None
    assert "/calendar/" not in dara.reads("/rota")
    visitor = desk.app.test_client()
    assert visitor.get(found[1]).status_code == 200
    dara.sends("/rota/calendar", "/rota", act="revoke")
    assert visitor.get(found[1]).status_code == 404


def test_later_weeks_and_nonsense_in_the_address(desk: Desk) -> None:
    dara = desk.staff("Dara")
    assert "Sunday 29/11" in dara.reads("/rota?week=1")
    assert "Sunday 22/11" in dara.reads("/rota?week=x")
    assert dara.sees("/rota?week=99999999").status_code == 200


def test_the_rota_in_khmer(desk: Desk) -> None:
    dara = desk.staff("Dara")
    dara.sends("/language", language="km", back="rota")
    page = dara.reads("/rota")
    assert "អ្នកប្រចាំការឥឡូវ" in page
    assert "ថ្ងៃអាទិត្យ 22/11" in page
    assert "បុណ្យអុំទូក" in page
    nobody_is_there(desk)
    assert "គ្មានអ្នកប្រចាំការទេ" in dara.reads("/rota")


def test_who_left_is_in_no_list_and_breaks_no_page(desk: Desk) -> None:
    sophea = desk.staff("Sophea")
    asks(sophea, 24, DARA)
    with desk.hotline.transaction() as tx:
        dara = find_staff_by_name(tx, "Dara")
        tx.execute(sa.text("UPDATE staff SET active = false WHERE id = :id"), {"id": dara.id})
    page = sophea.sees("/rota")
    assert page.status_code == 200
    assert ">Dara</option>" not in page.text
