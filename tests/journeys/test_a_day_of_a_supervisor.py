"""A day of a supervisor at 360 px, in Khmer and in English: who answers for all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from hotline import opening_cases, retention, retention_holds, swaps
from hotline.core.local_time import PHNOM_PENH
from hotline.storage.case import cases as case_table
from hotline.storage.case import find_case
from hotline.storage.retention_run import current_run
from hotline.storage.staff_member import find_staff_by_name
from tests.journeys.conftest import Arrives
from tests.journeys.somebody import Somebody
from tests.stories.line import MOTHER, Line

pytestmark = [
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),
    pytest.mark.timeout(180),
]

REASON = "ដារ៉ាឈឺថ្ងៃនេះ"
WORDS = "ហ្សូលឡា ឡុកឡាក់"


@pytest.fixture
def refs(line: Line) -> list[str]:
    """A mother's case that Dara has; a child's that nobody has and that is late."""
    what_is_old_waits_for_a_person(line)
    line.mother_asks_for_her_child()
    first = str(line.only_case().ref)
    line.takes_it(line.dara)
    line.child.texts("juoy")
    line.child.receives_text()
    return [first, next(str(case.ref) for case in line.cases() if case.ref != first)]


def test_a_supervisor_answers_for_all(line: Line, arrives: Arrives, refs: list[str]) -> None:
    sophea_opens_with_a_reason(line, refs[0])
    bopha = arrives()
    line.minutes_pass(20)
    bopha.signs_in("Bopha")
    sees_what_is_red(bopha, refs[0])
    hands_over(bopha, refs[1])
    changes_the_rota(bopha, line)
    answers_a_swap(bopha, line)
    teaches_a_spelling(bopha, line)
    looks_at_the_audit(bopha)
    sets_quiet_hours(bopha)
    exports(bopha, line)
    keeps_and_deletes(bopha, line, refs[0])


def sophea_opens_with_a_reason(line: Line, ref: str) -> None:
    with line.hotline.transaction() as tx:
        sophea, case = find_staff_by_name(tx, "Sophea"), find_case(tx, ref)
        opening_cases.open_with_reason(line.hotline, tx, case, sophea, REASON)
    line.settle()


def what_is_old_waits_for_a_person(line: Line) -> None:
    """A case that was none, closed 31 days ago; somebody stopped the first report of it."""
    hotline = line.hotline
    line.child.texts("juoy")
    line.child.receives_text()
    when = hotline.now() - timedelta(days=31)
    over = {"state": "closed", "outcome": "not_a_case", "closed_at": when, "opened_at": when}
    with hotline.transaction() as tx:
        tx.execute(update(case_table).values(**over))
    retention.keep_tidy(hotline)
    with hotline.transaction() as tx:
        run, sophea = current_run(tx), find_staff_by_name(tx, "Sophea")
        retention_holds.stop(hotline, tx, run.id, sophea.id)
    line.company.move_clock(24 * 3600 + 60)
    retention.keep_tidy(hotline)
    line.minutes_pass(1)


def sees_what_is_red(bopha: Somebody, opened: str) -> None:
    bopha.heading_is("Open cases")
    bopha.reads("Urgent cases that nobody has: %(n)s.", n=1)
    bopha.unfolds("%(n)s more", n=2)
    bopha.presses("Read in the case why.")
    bopha.sees(REASON)
    bopha.goes_by_the_menu("Cases")
    search = bopha.unfolds("Search by phone number")
    bopha.writes("Whole phone number", "012 345 678", search)
    bopha.presses("Search", search)
    bopha.reads("Cases found")
    assert MOTHER[4:] not in bopha.page.url
    bopha.follows(opened)
    bopha.heading_is("A child is missing")


def hands_over(bopha: Somebody, ref: str) -> None:
    bopha.goes_by_the_menu("Cases")
    bopha.writes("Reference", ref.lower())
    bopha.presses("Open the case")
    bopha.presses("Give the case to somebody else")
    bopha.ticks("%(who)s, on call now", who="Sophea")
    bopha.writes("Why? What must they know first?", "សូមហៅមុនម៉ោងប្រាំ")
    bopha.presses("Give it away")
    bopha.goes_by_the_menu("Cases")
    bopha.reads("%(who)s has it", who="Sophea")


def changes_the_rota(bopha: Somebody, line: Line) -> None:
    bopha.goes_by_the_menu("Rota")
    day = line.hotline.now().astimezone(PHNOM_PENH) + timedelta(days=2)
    form = bopha.unfolds("Give a time to somebody")
    bopha.chooses("Who is on call then", "Bopha", form)
    bopha.writes("From", f"{day:%Y-%m-%dT08:00}", form)
    bopha.writes("Until", f"{day:%Y-%m-%dT12:00}", form)
    bopha.presses("Change the rota", form)
    bopha.sees("Bopha")
    bopha.sees("08:00–12:00")


def answers_a_swap(bopha: Somebody, line: Line) -> None:
    hotline = line.hotline
    now = hotline.now()
    with hotline.transaction() as tx:
        dara, member = find_staff_by_name(tx, "Dara"), find_staff_by_name(tx, "Bopha")
        starts_at = now + timedelta(days=4)
        part = swaps.Part(starts_at, starts_at + timedelta(hours=2), 1)
        assert swaps.ask(hotline, tx, dara.id, member, part) is swaps.Swapped.ASKED
    bopha.goes_by_the_menu("Rota")
    bopha.reads("%(who)s asks you to take a shift", who="Dara")
    bopha.presses("I take it")


def teaches_a_spelling(bopha: Somebody, line: Line) -> None:
    line.mother.texts(WORDS)
    line.mother.receives_text()
    bopha.goes_by_the_menu("Texts not understood")
    bopha.follows(WORDS)
    bopha.chooses("Topic", bopha.says("Staying in school"))
    bopha.writes("The spelling, without what is private", "ហ្សូលឡា")
    bopha.ticks("inside longer texts too")
    bopha.presses("Check it")
    bopha.presses("Add this spelling")
    bopha.reads("No text waits.")


def looks_at_the_audit(bopha: Somebody) -> None:
    bopha.goes_by_the_menu("Audit")
    bopha.does_not_see(MOTHER[4:], WORDS, "012 345 678")


def sets_quiet_hours(bopha: Somebody) -> None:
    bopha.goes_by_the_menu("Settings")
    bopha.proves_if_asked()
    card = bopha.card("Quiet hours of staff")
    bopha.writes("From", "22:00", card)
    bopha.writes("Until", "06:00", card)
    bopha.presses("Save", card)


def exports(bopha: Somebody, line: Line) -> None:
    bopha.goes_by_the_menu("Exports")
    bopha.proves_if_asked()
    bopha.ticks("Plain table (csv)")
    bopha.presses("Make the export")
    line.settle()  # a worker makes it; the page renews itself until it is there
    bopha.waits_for("Download")
    table = bopha.downloads("Download").decode("utf-8-sig")
    assert MOTHER[4:] not in table


def keeps_and_deletes(bopha: Somebody, line: Line, ref: str) -> None:
    bopha.goes_by_the_menu("Keeping and deleting")
    bopha.reads("It waits for your word.")
    bopha.presses("The numbers are right: let it go")
    bopha.reads("%(who)s let it go.", who="Bopha")
    day = line.hotline.now().astimezone(PHNOM_PENH) + timedelta(days=30)
    form = bopha.unfolds("Hold a case")
    bopha.writes("Case", ref, form)
    bopha.writes("Why it must be kept", "តុលាការស្នើសុំ", form)
    bopha.writes("Look at it again by", f"{day:%Y-%m-%d}", form)
    bopha.presses("Hold it", form)
    bopha.reads("%(who)s holds it.", who="Bopha")
