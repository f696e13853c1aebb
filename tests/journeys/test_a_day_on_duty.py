"""A day of a duty worker at 360 px, in Khmer and English: from the red line to the end."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hotline import paging
from hotline.core.local_time import PHNOM_PENH
from hotline.demo import PINS
from hotline.storage.case import find_case
from hotline.storage.staff_member import find_staff_by_name
from tests.journeys.conftest import Arrives
from tests.journeys.somebody import Somebody
from tests.stories.line import DARA, MOTHER, Line

pytestmark = [
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),
    pytest.mark.timeout(180),
]

NUMBER = "012 345 678"
SERVICE = {"km": "មជ្ឈមណ្ឌលកុមារ ប៉ោយប៉ែត", "en": "children's centre, Poipet"}
STEPS = (
    "I called the service",
    "The service agrees to help",
    "I told the caller who will help, and how",
    "Handed over: the service knows what it needs",
)
NOTE = "ម្តាយនិយាយថា កូនស្រីមិនទាន់មកដល់ផ្ទះទេ"


@pytest.fixture
def mine(line: Line) -> str:
    """A mother keys all: a missing child, yes, on this number, say Child Club."""
    call = line.mother.dial()
    for key in "1111111":
        call.press(key)
    call.hang_up()
    return str(line.only_case().ref)


@pytest.fixture
def sopheas(line: Line, mine: str) -> str:
    """A child asked too, and Sophea has it."""
    line.child.texts("juoy")
    line.child.receives_text()
    ref = next(str(case.ref) for case in line.cases() if case.ref != mine)
    with line.hotline.transaction() as tx:
        paging.claim(line.hotline, tx, find_case(tx, ref), find_staff_by_name(tx, "Sophea"))
    return ref


def test_a_duty_worker_from_the_red_line_to_the_closed_case(
    line: Line, arrives: Arrives, mine: str, sopheas: str
) -> None:
    dara = arrives()
    dara.signs_in("Dara")
    takes_the_red_case(dara, mine)
    sees_the_number(dara)
    rings_through_the_line(dara, line)
    writes_down_the_call(dara)
    says_what_it_is_about(dara)
    sets_the_next_date(dara, line)
    refers(dara)
    closes(dara, mine)
    reads_what_a_colleague_has(dara, sopheas)


def takes_the_red_case(dara: Somebody, mine: str) -> None:
    dara.heading_is("Open cases")
    dara.reads("Urgent cases that nobody has: %(n)s.", n=1)
    dara.reads("Nobody has it yet")
    dara.does_not_see(MOTHER[4:], NUMBER)
    dara.follows(mine)
    dara.heading_is("A child is missing")
    dara.reads(
        "Take the case to see how to call back and what was said. Only who takes it sees that."
    )
    dara.presses("I take this case")
    dara.reads("You have it")


def sees_the_number(dara: Somebody) -> None:
    """How to call back stands there at once; the number after a button, and after a proof."""
    dara.reads("How to call back")
    dara.reads("The caller agreed to be called.")
    dara.does_not_see(MOTHER[4:], NUMBER)
    dara.line.minutes_pass(20)
    dara.page.reload()
    dara.looks_around()
    dara.presses("Say who you are, then see the number")
    dara.proves_by_passphrase()
    dara.presses("Show the number")
    dara.sees(NUMBER)
    dara.reads("That you saw it has been noted.")
    dara.presses("Back to the case")
    dara.does_not_see(NUMBER)


def rings_through_the_line(dara: Somebody, line: Line) -> None:
    dara.presses("Call through the line")
    line.settle()
    dara.reads("Your phone is ringing. Answer it and press 1.")
    own = line.dara.is_rung().answer()
    own.hears_only("V_STAFF_PAGE")
    own.press(PINS["Dara"])
    own.hears_only("V_STAFF_BRIDGE")
    own.press("1")
    hers = line.mother.is_rung().answer()
    hers.hears_only("V_CB_OUTGOING")
    hers.press("1")
    hers.hears("V_CB_CONNECTING")
    line.company.wait_for(
        lambda: line.mother.handset.as_json()["call"]["talks_with"] == DARA, "they do not talk"
    )
    line.minutes_pass(2)
    hers.hang_up()
    own.hears("V_STAFF_CONNECTING")
    own.hears_only("V_STAFF_OUTCOME")
    own.hang_up()
    line.settle()
    dara.page.reload()
    dara.looks_around()
    dara.reads("Reached, we spoke")


def writes_down_the_call(dara: Somebody) -> None:
    attempt = dara.unfolds("I called back")
    dara.presses("Write down the call", attempt)
    dara.reads("Choose one of these.")
    attempt = dara.unfolds("I called back")
    dara.ticks("Reached, we spoke", attempt)
    dara.presses("Write down the call", attempt)
    note = dara.unfolds("Note")
    dara.writes("Write only what helps to protect the child", NOTE, note)
    dara.presses("Keep the note", note)
    dara.sees(NOTE)


def says_what_it_is_about(dara: Somebody) -> None:
    words = str(dara.line.hotline.categories.chi_words("missing_children.lost", dara.language))
    dara.presses("What it is about, and where")
    dara.chooses("What was it about?", f"– {words.partition(': ')[2]}")
    dara.chooses("Age of the child", dara.says("12 to 14 years"))
    dara.presses("Keep it")
    dara.sees(words)


def sets_the_next_date(dara: Somebody, line: Line) -> None:
    dara.presses("Set the next date")
    dara.writes("Day and time", f"{tomorrow(line):%Y-%m-%dT10:00}")
    dara.writes("What for?", "ហៅសួរម្ដងទៀត")
    dara.presses("Set this date")
    dara.sees("ហៅសួរម្ដងទៀត")


def tomorrow(line: Line) -> datetime:
    return line.hotline.now().astimezone(PHNOM_PENH) + timedelta(days=1)


def refers(dara: Somebody) -> None:
    """The child is asked what may be passed on; then step by step until it is handed over."""
    dara.presses("Refer to a service")
    dara.writes("Where is the caller?", "ប៉ោយប៉ែត")
    dara.presses("Show the services")
    dara.reads("Which of these is meant?")
    dara.main.get_by_role("radio", name=dara.says("District")).check()
    dara.presses("Show the services")
    near = dara.main.get_by_role("listitem").filter(has_text=SERVICE[dara.language])
    dara.presses("Ask the caller about it", near)
    dara.reads("Read this aloud, with what you ticked")
    dara.ticks("Phone number")
    dara.ticks("When it is safe to call")
    dara.presses("Write it down")
    dara.reads("Choose what the caller said.")
    dara.ticks("Yes. They may be told what is ticked above, and nothing else.")
    dara.ticks("The caller, who is an adult")
    dara.presses("Write it down")
    for step in STEPS:
        dara.ticks(step)
        dara.presses("Write it down")
    dara.reads("handed over, no word yet that they met")
    dara.presses("Sheet to print")
    dara.sees(NUMBER)


def closes(dara: Somebody, mine: str) -> None:
    dara.goes_by_the_menu("Right now")
    dara.follows(mine)
    close = dara.unfolds("Close the case")
    dara.ticks("Referred to others", close)
    dara.presses("Close the case", close)
    dara.reads("Closed")
    dara.goes_by_the_menu("Right now")
    assert mine not in dara.main.inner_text()
    dara.goes_by_the_menu("Cases")
    dara.sees(mine)


def reads_what_a_colleague_has(dara: Somebody, sopheas: str) -> None:
    """Not without a reason; and the supervisors are told."""
    dara.follows(sopheas)
    dara.reads("%(who)s has it", who="Sophea")
    dara.reads(
        "Only the person who has this case, and supervisors, see how to call back "
        "and what was said."
    )
    dara.writes("Why must you read this case?", "ឈឺ")
    dara.presses("Open it with this reason")
    dara.reads("Write a reason of 10 letters or more.")
    dara.writes("Why must you read this case?", "សុភាឈឺ កុមារកំពុងរង់ចាំ")
    dara.presses("Open it with this reason")
    dara.reads("How to call back")
    dara.reads("%(who)s opened the case with a reason", who="Dara")
    dara.line.settle()
    assert sopheas in dara.line.bopha.inbox[-1].body
