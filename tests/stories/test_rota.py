"""The rota as phones hear of it: who begins is told, and a gap to come is told once."""

from __future__ import annotations

from datetime import date, timedelta

from hotline import rota
from hotline.core.rotation import Rotation
from hotline.storage.shift import add_shift, staff_on_call
from hotline.storage.staff_member import find_staff_by_name, get_staff
from tests.stories.line import Line


def taking_turns(line: Line, *names: str) -> date:
    """From now on these take turns by day; today's date in Phnom Penh."""
    line.everybody_goes_home()
    today = (line.hotline.now() + timedelta(hours=7)).date()
    with line.hotline.transaction() as tx:
        people = tuple(find_staff_by_name(tx, name).id for name in names)
        made = rota.add_rotation(line.hotline, tx, Rotation(people, "daily", today), "operator")
    assert isinstance(made, int)
    return today


def minutes_until_eight(line: Line) -> float:
    now = line.hotline.now() + timedelta(hours=7)
    eight = now.replace(hour=8, minute=0, second=0, microsecond=0)
    return ((eight - now) % timedelta(days=1)) / timedelta(minutes=1)


def test_the_page_goes_to_who_has_the_day_and_the_next_day_to_the_next(line: Line) -> None:
    taking_turns(line, "Dara", "Sophea")
    line.minutes_pass(minutes_until_eight(line) + 1)
    with line.hotline.reading() as tx:
        (on_call,) = staff_on_call(tx, line.hotline.now())
        name = get_staff(tx, on_call).name
    phone = {"Dara": line.dara, "Sophea": line.sophea}[name]
    phone.receives_text(containing="08:00")
    line.mother_asks_for_her_child()
    phone.receives_text(containing=line.only_case().ref)


def test_a_supervisor_hears_of_a_gap_a_day_ahead_and_once(line: Line) -> None:
    line.everybody_goes_home()
    now = line.hotline.now()
    with line.hotline.transaction() as tx:
        dara = find_staff_by_name(tx, "Dara").id
        add_shift(tx, dara, now - timedelta(hours=2), now + timedelta(hours=30))
    line.minutes_pass(5 * 60)
    line.bopha.receives_no_text()
    line.minutes_pass(61)
    line.bopha.receives_text()
    line.minutes_pass(60)
    line.bopha.receives_no_text()
