"""A staff phone is lost: whoever holds it is a stranger, and the case goes to others."""

from __future__ import annotations

from hotline import letting_go, staffing, verifying
from hotline.storage.shift import staff_on_call
from tests.stories.line import DARA, Line
from tests.stories.test_staff_by_phone import (
    PINS,
    a_missing_child,
    dara_picks_up,
    everybody_has_read_their_texts,
    somebody_else_is_asked_at_once,
)

DUTY, SUPERVISOR = 1, "staff:3"


def the_phone_is_lost(line: Line) -> None:
    """Bopha reports it at the desk."""
    with line.hotline.transaction() as tx:
        letting_go.revoke_phone(line.hotline, tx, DUTY, SUPERVISOR)
    line.hotline.ring({"alerts"})
    line.settle()


def test_a_thief_who_texts_the_code_takes_nothing(line: Line) -> None:
    case = a_missing_child(line)
    everybody_has_read_their_texts(line)
    the_phone_is_lost(line)
    line.dara.texts("1")
    line.dara.receives_text("មានសិទ្ធិរៀន")  # 1 is a topic, as for everybody
    line.settle()
    assert line.only_case().claimed_by is None
    line.sophea.receives_text()
    line.takes_it(line.sophea)
    assert line.only_case().id == case.id
    assert line.only_case().claimed_by_name == "Sophea"


def test_a_thief_who_rings_in_is_a_caller_like_any(line: Line) -> None:
    the_phone_is_lost(line)
    call = line.dara.dial()
    call.hears("V_WELCOME")
    call.hang_up()


def test_a_thief_who_is_on_the_phone_hears_goodbye(line: Line) -> None:
    a_missing_child(line)
    call = dara_picks_up(line)
    call.press(PINS["Dara"])
    call.hears("V_STAFF_MISSING_CHILD")
    with line.hotline.transaction() as tx:
        letting_go.revoke_phone(line.hotline, tx, DUTY, SUPERVISOR)
    call.press("1")
    call.hears_only("V_STAFF_BYE")
    call.ends()
    assert line.only_case().claimed_by_name != "Dara"
    somebody_else_is_asked_at_once(line)


def test_the_case_of_who_lost_the_phone_is_asked_around_at_once(line: Line) -> None:
    a_missing_child(line)
    line.dara.receives_text()
    line.takes_it(line.dara)
    assert line.only_case().claimed_by_name == "Dara"
    everybody_has_read_their_texts(line)
    the_phone_is_lost(line)
    assert line.only_case().state == "open"
    assert line.sophea.texts_told < len(line.sophea.inbox)
    somebody_else_is_asked_at_once(line)


def test_the_only_text_to_a_lost_phone_is_the_code_that_brings_it_back(line: Line) -> None:
    the_phone_is_lost(line)
    known = len(line.dara.inbox)
    a_missing_child(line)
    assert len(line.dara.inbox) == known
    with line.hotline.transaction() as tx:
        verifying.send_code(line.hotline, tx, DUTY, SUPERVISOR)
    line.hotline.ring({"alerts"})
    line.settle()
    assert len(line.dara.inbox) == known + 1
    with line.hotline.reading() as tx:
        assert staffing.whose_phone(line.hotline, tx, DARA) is None
        assert DUTY not in staff_on_call(tx, line.hotline.now())
    everybody_has_read_their_texts(line)
