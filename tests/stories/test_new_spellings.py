"""A spelling nobody knew yesterday is understood today, in every process, without a restart."""

from __future__ import annotations

from dataclasses import replace

from flask.testing import FlaskClient

from hotline import demo, keyword_additions, staffing
from hotline.app import create_app
from hotline.core.keyword_overlay import Addition
from hotline.passwords import hash_password
from hotline.storage import incoming_text
from hotline.storage.staff_member import find_staff_by_name, set_language, set_password
from tests.stories.line import Line
from tests.web.desk.desk import TOKEN

NEW = "zzqolla"


def editor(line: Line) -> FlaskClient:
    """Thida, who is an editor, has signed in."""
    with line.hotline.transaction() as tx:
        chan = staffing.take_on(line.hotline, tx, "Thida", "+85510111091", "editor")
        set_password(tx, chan, hash_password(demo.PASSPHRASE))
        set_language(tx, chan, "en")
    settings = replace(line.hotline.settings, second_factor="offered")
    browser = create_app(replace(line.hotline, settings=settings)).test_client()
    known = {"name": "Thida", "passphrase": demo.PASSPHRASE}
    assert sends(browser, "/sign-in", "/sign-in", **known) == 303
    return browser


def sends(browser: FlaskClient, path: str, seen_at: str, **fields: str) -> int:
    token = TOKEN.search(browser.get("/desk" + seen_at).text)
    assert token
    return browser.post("/desk" + path, data={"form_token": token[1], **fields}).status_code


def test_the_next_child_with_that_spelling_gets_the_right_answer(line: Line) -> None:
    line.child.texts(NEW)
    assert "school" not in line.child.receives_text().body
    chan = editor(line)
    with line.hotline.reading() as tx:
        number = incoming_text.unreviewed(tx, None, 1)[0].id
    added = {"topic": "SCHOOL", "spelling": NEW, "used": "alone", "latin": "latn"}
    assert sends(chan, f"/texts/{number}/spelling", f"/texts/{number}", **added) == 303
    line.mother.texts(f"{NEW} bong")
    answer = line.mother.receives_text().body
    line.child.texts("sala")
    assert answer == line.child.receives_text().body


def test_a_word_of_danger_opens_a_case_once_two_people_agreed(line: Line) -> None:
    hotline = line.hotline
    with hotline.transaction() as tx:
        one, two = (find_staff_by_name(tx, name).id for name in ("Dara", "Bopha"))
        keyword_additions.add(hotline, tx, Addition("HELP", "latn", NEW), one)
    line.child.texts(NEW)
    line.child.receives_text()
    assert line.cases() == []
    with hotline.transaction() as tx:
        keyword_additions.approve(hotline, tx, 1, two)
    line.child.texts(NEW)
    assert "117" in line.child.receives_text().body
    line.dara.receives_text(containing=line.only_case().ref)


def test_a_new_word_for_stop_is_silence_and_a_new_word_for_start_ends_it(line: Line) -> None:
    hotline = line.hotline
    with hotline.transaction() as tx:
        one, two = (find_staff_by_name(tx, name).id for name in ("Dara", "Bopha"))
        keyword_additions.add(hotline, tx, Addition("STOP", "latn", "qozz pnhxer"), one)
        keyword_additions.add(hotline, tx, Addition("START", "latn", "vinhqq zor"), one)
        for number in (1, 2):
            keyword_additions.approve(hotline, tx, number, two)
    line.child.texts("Qozz pnhxer")
    line.child.receives_text()
    line.child.texts("sala")
    line.child.receives_no_text()
    line.child.texts("vinhqq zor")
    line.child.receives_text()
    line.child.texts("sala")
    line.child.receives_text()


def test_danger_that_nobody_understood_reaches_the_people_on_duty(line: Line) -> None:
    line.child.texts(NEW)
    line.child.receives_text()
    chan = editor(line)
    with line.hotline.reading() as tx:
        number = incoming_text.unreviewed(tx, None, 1)[0].id
    assert sends(chan, f"/texts/{number}/danger", f"/texts/{number}") == 303
    line.dara.receives_text(containing=line.only_case().ref)
    assert line.only_case().kind == "danger_now"
