"""Exchanges of shifts, two supervisors at once, rotations, and the picture of a week."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from hotline import rota, staffing
from hotline.core.rotation import Rotation
from hotline.storage.outbox_item import outbox
from hotline.storage.rotation import list_rotations
from hotline.storage.shift import add_shift, list_shifts, shifts, shifts_of_staff, staff_on_call
from hotline.storage.staff_member import set_reach
from hotline.web.desk.rota_picture import short_name
from tests.web.desk.desk import Desk, Visitor

DARA, SOPHEA, BOPHA = 1, 2, 3
SUNDAY = date(2026, 11, 22)
NEW = {
    "turn_1": "2", "turn_2": "1", "every": "daily", "from_time": "08:00", "until_time": "08:00",
    "weekday": "0", "days": "all", "place": "3", "starts_on": "2026-11-23",
    "zone": "Asia/Phnom_Penh",
}  # fmt: skip


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


@pytest.fixture
def second(desk: Desk) -> Visitor:
    """A supervisor beside Bopha."""
    desk.take_on("Chan", "+85510111019", "supervisor")
    return desk.staff("Chan")


def on_call(desk: Desk, hours: float) -> list[int]:
    with desk.hotline.reading() as tx:
        return staff_on_call(tx, desk.time[0] + timedelta(hours=hours))


def shift_of(desk: Desk, who: int, number: int = 0) -> int:
    with desk.hotline.reading() as tx:
        found = shifts_of_staff(tx, who, desk.time[0])[number].id
    assert found is not None
    return found


def texts(desk: Desk, prompt: str) -> list[tuple[int, datetime]]:
    """To whom, and not before when."""
    with desk.hotline.reading() as tx:
        rows = tx.execute(outbox.select().where(outbox.c.prompt == prompt).order_by(outbox.c.id))
        return [(row.staff_id, row.next_at) for row in rows]


# ---------------------------------------------------------------- exchange


def asks_to_exchange(desk: Desk, visitor: Visitor, mine: int, theirs: int):
    path = f"/rota/exchange/{mine}"
    return visitor.sends(path, path, back=str(theirs))


def test_both_shifts_change_hands_at_once(desk: Desk) -> None:
    dara, sophea = desk.staff("Dara"), desk.staff("Sophea")
    mine, theirs = shift_of(desk, SOPHEA), shift_of(desk, DARA, 1)
    assert "Exchange it for another" in sophea.reads("/rota")
    assert asks_to_exchange(desk, sophea, mine, theirs).status_code == 303
    assert [on_call(desk, hours)[0] for hours in (1, 25, 49)] == [DARA, SOPHEA, DARA]
    page = dara.reads("/rota")
    assert "Sophea asks you to take a shift" in page
    assert "They take in return: 24/11 08:00" in page
    assert dara.sends("/rota/answer", "/rota", swap="1", act="accept").status_code == 303
    assert [on_call(desk, hours)[0] for hours in (1, 25, 49, 73)] == [DARA, DARA, SOPHEA, SOPHEA]


def test_an_exchange_that_does_not_hold_any_more_moves_nothing(desk: Desk) -> None:
    dara, sophea, bopha = desk.staff("Dara"), desk.staff("Sophea"), desk.staff("Bopha")
    asks_to_exchange(desk, sophea, shift_of(desk, SOPHEA), shift_of(desk, DARA, 1))
    given = {"who": str(BOPHA), "place": "1"}
    span = {"starts": "2026-11-24T12:00", "ends": "2026-11-24T18:00"}
    assert bopha.sends("/rota/override", "/rota", **given, **span).status_code == 303
    answer = dara.sends("/rota/answer", "/rota", swap="1", act="accept")
    assert answer.status_code == 422
    assert "in other hands meanwhile" in dara.text_of(answer)
    assert on_call(desk, 25)[0] == SOPHEA
    assert on_call(desk, 49)[0] == DARA


def test_an_exchange_can_be_across_places(desk: Desk) -> None:
    sophea, bopha = desk.staff("Sophea"), desk.staff("Bopha")
    with desk.hotline.reading() as tx:
        behind = next(s for s in shifts_of_staff(tx, BOPHA, desk.time[0]) if s.place == 2)
    assert behind.id is not None
    assert asks_to_exchange(desk, sophea, shift_of(desk, SOPHEA), behind.id).status_code == 303
    assert bopha.sends("/rota/answer", "/rota", swap="1", act="accept").status_code == 303
    with desk.hotline.reading() as tx:
        there = list_shifts(tx, desk.time[0], desk.time[0] + timedelta(days=40))
    moved = {(shift.place, shift.staff_id) for shift in there if shift.source == "swap"}
    assert moved == {(1, BOPHA), (2, SOPHEA)}


def test_only_ones_own_shift_is_exchanged_for_one_of_somebody_else(desk: Desk) -> None:
    sophea = desk.staff("Sophea")
    mine, hers = shift_of(desk, DARA), shift_of(desk, SOPHEA)
    assert sophea.sees(f"/rota/exchange/{mine}").status_code == 404
    assert asks_to_exchange(desk, sophea, hers, hers).status_code == 422
    for nonsense in ("", "x", "99999", "-1", "9" * 30):
        answer = sophea.sends(f"/rota/exchange/{hers}", f"/rota/exchange/{hers}", back=nonsense)
        assert answer.status_code == 422
        assert "Choose a shift that you take in return." in sophea.text_of(answer)
    assert sophea.sees("/rota/exchange/99999999999").status_code == 404
    assert sophea.sends(f"/rota/exchange/{mine}", "/rota", back=str(hers)).status_code == 404


# ---------------------------------------------------------------- two at once


def test_two_supervisors_decide_about_one_time_and_nothing_is_lost(
    desk: Desk, second: Visitor
) -> None:
    bopha = desk.staff("Bopha")
    seen = re.search(r'name="seen" value="(\d+)"', bopha.sees("/rota").text)
    assert seen is not None
    span = {"starts": "2026-11-23T12:00", "ends": "2026-11-23T18:00", "place": "1"}
    first = second.sends("/rota/override", "/rota", who=str(DARA), seen=seen[1], **span)
    assert first.status_code == 303
    answer = bopha.sends("/rota/override", "/rota", who=str(BOPHA), seen=seen[1], **span)
    assert answer.status_code == 422
    assert "Chan changed this time at 22/11 08:00." in bopha.text_of(answer)
    assert 'value="2026-11-23T12:00"' in answer.text  # what was typed is kept
    assert on_call(desk, 30)[0] == DARA
    anew = re.search(r'name="seen" value="(\d+)"', answer.text)
    assert anew is not None
    desk.minutes_pass(1)
    again = bopha.sends("/rota/override", "/rota", who=str(BOPHA), seen=anew[1], **span)
    assert again.status_code == 303
    assert on_call(desk, 30)[0] == BOPHA
    told = [who for who, _at in texts(desk, "STAFF_ROTA_CHANGED")]
    assert told.count(7) == 1  # Chan, whose decision holds no more


def test_two_supervisors_about_one_day(desk: Desk, second: Visitor) -> None:
    bopha = desk.staff("Bopha")
    day = {"day": "2026-12-01", "kind": "off", "name": "Day of the club", "seen": "0"}
    assert second.sends("/rota/day", "/rota", **day).status_code == 303
    answer = bopha.sends("/rota/day", "/rota", **{**day, "kind": "work", "name": ""})
    assert answer.status_code == 422
    assert "Chan changed this time" in bopha.text_of(answer)


def test_a_word_about_the_rota_waits_for_the_morning(desk: Desk) -> None:
    """Unless what it tells begins before the quiet hours end."""
    desk.time[0] = datetime(2026, 11, 22, 16, tzinfo=UTC)  # 23:00 in Phnom Penh
    bopha, given = desk.staff("Bopha"), {"who": str(SOPHEA), "place": "1"}
    later = {"starts": "2026-11-24T12:00", "ends": "2026-11-24T18:00"}
    bopha.sends("/rota/override", "/rota", **given, **later)
    seven = datetime(2026, 11, 23, 0, tzinfo=UTC)
    assert set(texts(desk, "STAFF_ROTA_CHANGED")) == {(SOPHEA, seven), (DARA, seven)}
    tonight = {"starts": "2026-11-23T01:00", "ends": "2026-11-23T05:00"}
    desk.minutes_pass(1)
    bopha.sends("/rota/override", "/rota", **given, **tonight)
    assert (SOPHEA, desk.time[0]) in texts(desk, "STAFF_ROTA_CHANGED")


# ---------------------------------------------------------------- rotations


def looks(visitor: Visitor, **more: str):
    return visitor.sends("/rota/rotations", "/rota/rotations", **{**NEW, "act": "look", **more})


def test_a_rotation_is_looked_at_before_it_is_kept(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    assert "Dara → Sophea" in bopha.reads("/rota/rotations")
    seen = looks(bopha)
    assert seen.status_code == 200
    page = bopha.text_of(seen)
    assert "So the next four weeks would be" in page
    assert "in two places at once" in page
    with desk.hotline.reading() as tx:
        assert len(list_rotations(tx)) == 2
    mark = re.search(r'name="looked_at" value="(\w+)"', seen.text)
    assert mark is not None
    unseen = looks(bopha, act="keep", looked_at=mark[1], from_time="09:00", until_time="09:00")
    assert unseen.status_code == 200  # it is another one by now: looked at first
    kept = looks(bopha, act="keep", looked_at=mark[1])
    assert kept.status_code == 303
    with desk.hotline.reading() as tx:
        assert [one.place for one in list_rotations(tx)] == [1, 2, 3]
    assert ("staff:3", "add_rotation", "rotation:3") in desk.audit()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"turn_1": "", "turn_2": ""}, "Choose somebody from the list."),
        ({"turn_1": "5"}, "Choose somebody from the list."),  # an editor is not paged
        ({"turn_2": "2"}, "Somebody is named twice."),
        ({"turn_1": "x" * 10_000}, "Choose somebody from the list."),
        ({"from_time": "soon"}, "Write a time like 07:30."),
        ({"until_time": "25:00"}, "Write a time like 07:30."),
        ({"place": "0"}, "Write a number from 1 to 9."),
        ({"place": "1"}, "Another rotation has this place"),
        ({"starts_on": "2020-01-01"}, "That time is over."),
        ({"starts_on": "\x00"}, "Choose a day from today on."),
        ({"zone": "/etc/passwd"}, "Write it like Asia/Phnom_Penh."),
        ({"every": "hourly"}, "Choose one of these."),
        ({"weekday": "9"}, "Choose one of these."),
        ({"days": ""}, "Fill this in."),
    ],
)
def test_what_is_no_rotation(desk: Desk, wrong: dict, told: str) -> None:
    bopha = desk.staff("Bopha")
    for act in ("look", "keep"):
        answer = looks(bopha, act=act, **wrong)
        assert answer.status_code == 422
        assert told in bopha.text_of(answer)


def test_the_end_of_a_rotation_is_looked_at_too(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    assert "No further turns." in bopha.reads("/rota/rotations/1/end")
    assert bopha.sends("/rota/rotations/1/end", "/rota/rotations/1/end").status_code == 303
    assert on_call(desk, 49) == [BOPHA]
    assert bopha.sees("/rota/rotations/1/end").status_code == 404  # ended by somebody already
    assert bopha.sends("/rota/rotations/1/end", "/rota").status_code == 404
    assert bopha.sees("/rota/rotations/99999999999/end").status_code == 404
    assert desk.staff("Dara").sees("/rota/rotations").status_code == 403


# ---------------------------------------------------------------- the picture


def test_the_picture_repeats_the_list_and_is_hidden_from_readers(desk: Desk) -> None:
    seen = desk.staff("Dara").sees("/rota").text
    assert seen.count('aria-hidden="true"') >= 2
    assert re.search(r'class="block tone-0 at-16 for-32">Da</span>', seen)
    assert "style=" not in seen


def test_the_first_letters_of_a_name_stay_whole() -> None:
    assert short_name("Dara") == "Da"
    assert short_name("ចាន់ សុភា") == "ចាន់"
    assert short_name("ស្រីម៉ៅ ចាន់") == "ស្រីម៉ៅ"
    assert short_name("") == ""


def test_a_thousand_shifts_of_sixty_people_are_a_few_questions(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        for number in range(54):
            staff_id = staffing.take_on(
                desk.hotline, tx, f"Helper {number}", f"+855978{number:05}", "duty"
            )
            for day in range(19):
                start = desk.time[0] + timedelta(days=day, minutes=number)
                add_shift(tx, staff_id, start, start + timedelta(hours=12), 3 + number % 7)
    bopha = desk.staff("Bopha")
    pages = ("/rota", "/rota?week=1", "/rota/rotations", "/rota/rotations/1/end")
    for path in (*pages, f"/rota/exchange/{shift_of(desk, BOPHA)}"):
        asked = statements_of(bopha, path)
        assert len(asked) <= 15, (path, asked)


def statements_of(visitor: Visitor, path: str) -> list[str]:
    visitor.sees(path)
    asked: list[str] = []

    def hear(connection, cursor, statement, *_rest) -> None:
        asked.append(statement)

    sa.event.listen(Engine, "before_cursor_execute", hear)
    try:
        assert visitor.sees(path).status_code == 200
    finally:
        sa.event.remove(Engine, "before_cursor_execute", hear)
    return [one for one in asked if one.split()[0].upper() in ("SELECT", "UPDATE", "INSERT")]


@pytest.mark.parametrize("wrong", [{"place": "x"}, {"place": "10"}, {"who": "<b>"}, {"seen": "x"}])
def test_an_override_of_nonsense_keeps_what_was_typed(desk: Desk, wrong: dict) -> None:
    bopha = desk.staff("Bopha")
    sent = {
        "who": str(SOPHEA), "place": "1", "seen": "0",
        "starts": "2026-11-24T12:00", "ends": "2026-11-24T18:00", **wrong,
    }  # fmt: skip
    answer = bopha.sends("/rota/override", "/rota", **sent)
    if "seen" in wrong:
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert 'value="2026-11-24T12:00"' in answer.text
    assert "<b>" not in answer.text


def test_a_lost_phone_takes_no_turns(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        set_reach(tx, SOPHEA, phone_lost_at=desk.time[0])
    bopha = desk.staff("Bopha")
    assert ">Sophea</option>" not in bopha.sees("/rota").text
    answer = bopha.sends(
        "/rota/override", "/rota", who=str(SOPHEA), place="1",
        starts="2026-11-24T12:00", ends="2026-11-24T18:00",
    )  # fmt: skip
    assert answer.status_code == 422
