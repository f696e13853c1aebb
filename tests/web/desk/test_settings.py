"""Settings: hours, ladders and clocks, refused where a case would be left waiting."""

from __future__ import annotations

import pytest

from hotline import house_rules
from tests.web.desk.desk import Desk

CLOCKS = {
    f"P{place}-{name}": span
    for place, spans in enumerate(
        (
            ("5m", "10m", "5m", "24h"),
            ("15m", "30m", "10m", "24h"),
            ("4h", "12h", "2h", "3d"),
            ("24h", "72h", "24h", "7d"),
        )
    )
    for name, span in zip(("claim", "attempt", "lapse", "follow_up"), spans, strict=True)
}
LADDER = {
    "version": "0",
    "rungs-0-minutes": "0",
    "rungs-0-whom": "first",
    "rungs-0-by": "both",
    "rungs-1-minutes": "3",
    "rungs-1-whom": "supervisors",
    "rungs-1-by": "voice",
    "rungs-2-minutes": "",
    "rungs-2-whom": "",
    "rungs-2-by": "sms",
    "repeat": "5",
    "acknowledge": "2",
}


def policy(desk: Desk, priority: str):
    with desk.hotline.reading() as tx:
        return house_rules.policy_of(desk.hotline, tx, priority)


def test_the_page_tells_the_ladders_in_words(desk: Desk) -> None:
    page = desk.staff("Bopha").reads("/settings")
    assert "at once: first on call, by text and call" in page
    assert "after 5 min: all supervisors, by text and call" in page
    assert "then everybody, every 5 min" in page
    assert "Somebody has it within 15 min" in page


def test_quiet_hours_of_staff_hold_from_now_on(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    answer = bopha.sends(
        "/settings/staff_quiet", "/settings", version="0", begins="22:00", ends="05:30"
    )
    assert answer.status_code == 303
    with desk.hotline.reading() as tx:
        assert house_rules.staff_quiet(tx) == ("22:00", "05:30")
    assert 'value="22:00"' in bopha.source("/settings")
    assert ("staff:3", "set_rule", "rule:staff_quiet") in desk.audit()


def test_the_house_is_not_quiet_for_most_of_the_day(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    answer = bopha.sends(
        "/settings/staff_quiet", "/settings", version="0", begins="07:00", ends="06:59"
    )
    assert answer.status_code == 422
    assert "More than 14 quiet hours" in bopha.text_of(answer)
    with desk.hotline.reading() as tx:
        assert house_rules.staff_quiet(tx) == ("21:00", "07:00")


def test_an_urgent_case_may_not_wait_for_days(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    slow = CLOCKS | {f"P{n}-{name}": "3d" for n in range(4) for name in ("attempt", "lapse")}
    answer = bopha.sends("/settings/clocks", "/settings/clocks", version="0", **slow)
    assert answer.status_code == 422
    assert bopha.text_of(answer).count("Twelve hours at most for what is urgent.") == 4


def test_the_other_hours_are_kept_as_they_are_read(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    bopha.sends("/settings/ring_back_quiet", "/settings", begins="20:00", ends="08:00", version="0")
    bopha.sends("/settings/daily_word", "/settings", is_on="on", at="06:45", version="0")
    bopha.sends("/settings/rehearsal", "/settings", day="fri", at="09:30", version="0")
    with desk.hotline.reading() as tx:
        assert house_rules.ring_back_quiet(desk.hotline, tx) == "20:00-08:00"
        assert house_rules.daily_word(desk.hotline, tx) == "06:45"
        assert house_rules.weekly_rehearsal(desk.hotline, tx) == "fri 09:30"
    bopha.sends("/settings/rehearsal", "/settings", day="off", at="09:30", version="1")
    with desk.hotline.reading() as tx:
        assert house_rules.weekly_rehearsal(desk.hotline, tx) == "off"


@pytest.mark.parametrize("typed", ["", "25:00", "noon", "<b>", "ម៉ោង ៧", "1" * 10_000])
def test_an_hour_that_is_none_is_refused_and_kept(desk: Desk, typed: str) -> None:
    bopha = desk.staff("Bopha")
    answer = bopha.sends(
        "/settings/staff_quiet", "/settings", version="0", begins=typed, ends="05:30"
    )
    assert answer.status_code == 422
    assert 'value="05:30"' in answer.text
    assert "<b>" not in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_two_who_set_one_thing_are_both_told(desk: Desk) -> None:
    desk.take_on("Chan", "+85510111009", "supervisor")
    bopha, chan = desk.staff("Bopha"), desk.staff("Chan")
    first = {"version": "0", "begins": "22:00", "ends": "06:00"}
    assert bopha.sends("/settings/staff_quiet", "/settings", **first).status_code == 303
    late = chan.sends("/settings/staff_quiet", "/settings", **{**first, "begins": "23:15"})
    assert late.status_code == 409
    assert "Somebody changed this meanwhile." in late.text
    assert 'value="23:15"' in late.text
    again = chan.sends("/settings/staff_quiet", "/settings", **{**first, "version": "1"})
    assert again.status_code == 303


def test_a_ladder_is_changed_for_the_cases_to_come(desk: Desk) -> None:
    before = policy(desk, "P0")
    bopha = desk.staff("Bopha")
    answer = bopha.sends("/settings/ladder/danger", "/settings/ladder/danger", **LADDER)
    assert answer.status_code == 303, answer.text
    now = policy(desk, "P0")
    assert [(r.after, r.page, r.by) for r in now.rungs] == [
        (0, "first", "both"),
        (180, "supervisors", "voice"),
    ]
    assert (now.repeat_every, now.acknowledge) == (300, 2)
    assert now.clock == before.clock
    assert policy(desk, "P1") == desk.hotline.policies.of("P1")
    assert "after 3 min: all supervisors, by call" in bopha.reads("/settings")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rungs-0-minutes": "4"}, "The first step is at once: write 0."),
        ({"rungs-1-minutes": "0"}, "Each step comes later than the one before."),
        ({"rungs-1-minutes": "61"}, "Nobody would be told for too long."),
        ({"rungs-1-minutes": "soon"}, "Write a whole number, in digits."),
        ({"rungs-1-minutes": "9" * 400}, "Nobody would be told for too long."),
        ({"repeat": "0"}, "At least a minute."),
        ({"repeat": ""}, "Fill this in."),
        ({"acknowledge": "3"}, "No more people than the ladder asks."),
        ({"rungs-1-whom": "my cousin"}, "Choose one of these."),
        ({"rungs-0-whom": "", "rungs-1-whom": ""}, "A ladder has one to eight steps."),
    ],
)
def test_a_ladder_that_would_leave_a_child_waiting_is_refused(
    desk: Desk, change: dict[str, str], sentence: str
) -> None:
    before = policy(desk, "P0")
    fields = {**LADDER, **change}
    answer = desk.staff("Bopha").sends("/settings/ladder/danger", "/settings", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert policy(desk, "P0") == before


def test_a_ladder_that_does_not_exist_is_not_found(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    assert bopha.sees("/settings/ladder/nothing").status_code == 404
    assert bopha.sends("/settings/ladder/nothing", "/settings", **LADDER).status_code == 404
    assert bopha.sends("/settings/nothing", "/settings").status_code == 404


def test_two_who_change_one_ladder_are_both_told(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    bopha.sends("/settings/ladder/danger", "/settings", **LADDER)
    answer = bopha.sends("/settings/ladder/danger", "/settings", **{**LADDER, "repeat": "7"})
    assert answer.status_code == 409
    assert "Somebody changed this meanwhile." in answer.text
    assert policy(desk, "P0").repeat_every == 300


def test_the_clocks_are_set_in_minutes_hours_or_days(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    changed = {**CLOCKS, "P1-claim": "១០ នាទី", "P1-attempt": "25", "P3-follow_up": "10d"}
    answer = bopha.sends("/settings/clocks", "/settings/clocks", version="0", **changed)
    assert answer.status_code == 303, answer.text
    clock = policy(desk, "P1").clock
    assert (clock.claim, clock.attempt) == (600, 1500)
    assert policy(desk, "P3").clock.follow_up == 10 * 86_400
    ref = desk.caller_asks()
    case = desk.case(ref)
    assert (case.claim_due_at - case.opened_at).total_seconds() == 600


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"P0-claim": "20m", "P0-attempt": "21m"}, "What is more urgent may not wait longer"),
        ({"P1-attempt": "5m"}, "A call cannot be due before somebody has the case."),
        ({"P3-lapse": "15d"}, "Fourteen days at most."),
        ({"P0-lapse": "0"}, "At least a minute."),
        ({"P0-lapse": "a while"}, "Write a number and m, h or d"),
        ({"P0-lapse": "٣" * 9_999}, "Write a number and m, h or d"),
        ({"P0-lapse": ""}, "Fill this in."),
    ],
)
def test_clocks_that_do_not_fit_are_refused(
    desk: Desk, change: dict[str, str], sentence: str
) -> None:
    fields = {**CLOCKS, **change}
    answer = desk.staff("Bopha").sends("/settings/clocks", "/settings", version="0", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert policy(desk, "P0") == desk.hotline.policies.of("P0")
