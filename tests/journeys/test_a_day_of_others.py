"""A day of an admin, an editor and a coordinator at 360 px, in Khmer and in English."""

from __future__ import annotations

import re

import pyotp
import pytest

from hotline import keyword_additions
from tests.journeys.conftest import Arrives
from tests.journeys.somebody import Somebody
from tests.stories.line import DARA, MOTHER, SOPHEA, Line

pytestmark = [
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),
    pytest.mark.timeout(180),
]

SECRET = re.compile("^[A-Z2-7 ]{32,}$")
WORDS = "ហ្សូលឡា ឡុកឡាក់"
NEW = "+85510111077"
NO_WORDS = (
    "Only the person who has this case, and supervisors, see how to call back and what was said."
)


def a_case(line: Line) -> str:
    line.mother_asks_for_her_child()
    ref = str(line.only_case().ref)
    line.takes_it(line.dara)
    return ref


# ------------------------------------------------------------------ admin


@pytest.mark.parametrize("second_factor", ["required"])
def test_an_admin_keeps_people_and_machine(
    line: Line, arrives: Arrives, second_factor: str
) -> None:
    ref = a_case(line)
    rith = arrives()
    signs_in_with_an_app(rith, line)
    adds_a_person(rith, line)
    verifies_a_phone(rith, line)
    shuts_out_a_lost_phone(rith, ref)
    reads_no_callers_words(rith, ref)
    looks_over_the_record(rith, line)
    sees_the_settings(rith)


def signs_in_with_an_app(rith: Somebody, line: Line) -> None:
    """The second step is required: set up at the first visit, asked for at the second."""
    rith.signs_in("Rith")
    rith.heading_is("Set up your second step")
    rith.presses("With an app on your phone")
    secret = rith.main.get_by_text(SECRET).inner_text()
    app = pyotp.TOTP(secret.replace(" ", ""))
    rith.writes("Code from your app", app.at(line.hotline.now()))
    rith.presses("Go on")
    rith.heading_is("Codes on paper")
    rith.presses("I have them on paper")
    rith.heading_is("Open cases")
    with rith.comes_to_another_page():
        rith.page.get_by_role("button", name=rith.says("Sign out"), exact=True).click()
    line.minutes_pass(2)
    rith.signs_in("Rith")
    rith.heading_is("Second step")
    rith.writes("Code from your app", app.at(line.hotline.now()))
    rith.presses("Go on")
    rith.heading_is("Open cases")


def adds_a_person(rith: Somebody, line: Line) -> None:
    rith.goes_by_the_menu("People")
    rith.presses("Add a person")
    rith.presses("Add")
    rith.reads("Fill this in.")
    rith.writes("Name", "Chenda")
    rith.ticks("duty worker")
    rith.writes("Phone", "010 111 077")
    rith.presses("Add")
    rith.reads(
        "This passphrase is shown only now. Tell it to them yourself, by voice or on paper: "
        "never by text message."
    )
    rith.presses("I have written it down")
    rith.heading_holds("Chenda")


def verifies_a_phone(rith: Somebody, line: Line) -> None:
    """The code went to the new phone; its owner reads it out."""
    line.settle()
    code = line.phone(NEW, "Chenda").inbox[-1].body
    digits = re.findall(r"\d{6}", code)[0]
    rith.writes("Code of the text message", digits)
    rith.presses("Verify the phone")
    rith.reads("Verified")


def shuts_out_a_lost_phone(rith: Somebody, ref: str) -> None:
    rith.goes_by_the_menu("People")
    rith.does_not_see(DARA[4:], SOPHEA[4:])
    rith.follows("Dara")
    rith.presses("The phone is lost")
    rith.sees(ref)
    rith.presses("Shut the phone out now")
    rith.reads("Lost since")


def reads_no_callers_words(rith: Somebody, ref: str) -> None:
    rith.goes_by_the_menu("Cases")
    rith.follows(ref)
    rith.does_not_see(MOTHER[4:], "012 345 678")
    rith.reads(NO_WORDS)
    take = rith.page.get_by_role("button", name=rith.says("I take this case"), exact=True)
    assert take.count() == 0, "an admin takes no case"
    plan = rith.page.get_by_role("heading", name=rith.says("How to call back"), exact=True)
    assert plan.count() == 0
    assert rith.says("Callers' messages") not in rith.menu()
    assert rith.says("Texts not understood") not in rith.menu()


def looks_over_the_record(rith: Somebody, line: Line) -> None:
    rith.goes_by_the_menu("Audit")
    rith.presses("Look over the whole record now")
    line.minutes_pass(1)
    rith.page.reload()
    rith.looks_around()
    assert rith.main.get_by_text(rith.says("Nobody has looked yet.")).count() == 0


def sees_the_settings(rith: Somebody) -> None:
    rith.goes_by_the_menu("Settings")
    rith.reads("Quiet hours of staff")
    rith.goes_by_the_menu("Keeping and deleting")
    rith.goes_by_the_menu("Your account")
    rith.reads("An app on your phone")


# ------------------------------------------------------------------ editor


def test_an_editor_teaches_the_line_a_word(line: Line, arrives: Arrives) -> None:
    ref = a_case(line)
    line.child.texts(WORDS)
    line.child.receives_text()
    vanna = arrives()
    vanna.signs_in("Vanna")
    assert vanna.menu() == [vanna.says("Texts not understood"), vanna.says("Your account")]
    vanna.follows(WORDS)
    vanna.heading_is("What do these words mean?")
    vanna.does_not_see(*("596234567", "096 234 567", ref))
    vanna.chooses("Topic", vanna.says("Staying in school"))
    vanna.writes("The spelling, without what is private", "ហ្សូលឡា")
    vanna.ticks("inside longer texts too")
    vanna.presses("Add this spelling")
    vanna.reads("No text waits.")
    line.child.texts("ហ្សូលឡា")
    with line.hotline.reading() as tx:
        found = keyword_additions.in_force(line.hotline, tx).match("ហ្សូលឡា")
    assert found.topic == "SCHOOL"
    vanna.goes(f"/cases/{ref}")
    vanna.heading_is("This page is not for your role")


# ------------------------------------------------------------------ coordinator


def test_a_coordinator_sees_services_and_nothing_else(line: Line, arrives: Arrives) -> None:
    ref = a_case(line)
    maly = arrives()
    maly.signs_in("Maly")
    maly.heading_is("Referrals")
    assert maly.menu() == [maly.says("Referrals"), maly.says("Your account")]
    maly.chooses("What it does", maly.says("Health"))
    maly.presses("Show")
    for path in ("/cases", f"/cases/{ref}", "/people", "/audit", "/texts", "/rota"):
        maly.goes(path)
        maly.heading_is("This page is not for your role")
        maly.does_not_see(ref, MOTHER[4:])
