"""A case goes from hand to hand until somebody has it."""

from __future__ import annotations

from hotline import staffing
from hotline.storage.escalation import freeze
from hotline.storage.outbox_item import pages_of
from hotline.storage.staff_member import list_staff, retire
from simulator.handset import Text
from tests.stories.line import MOTHER, NUMBER, Line


def a_missing_child(line: Line) -> Text:
    """The mother calls; Dara's page."""
    line.mother_asks_for_her_child()
    return line.dara.receives_text()


def test_nobody_answers_and_the_page_climbs_the_ladder_without_end(line: Line) -> None:
    a_missing_child(line)
    line.minutes_pass(1.9)
    line.dara.is_not_rung()
    line.minutes_pass(0.2)
    line.dara.is_rung(by=NUMBER).ignore()
    line.minutes_pass(0.1)
    ref = line.only_case().ref
    line.sophea.receives_text(containing=ref)  # at once: there is nobody to wait for
    line.sophea.is_rung(by=NUMBER).decline()
    line.minutes_pass(0.1)
    line.bopha.receives_text(containing=ref)
    line.bopha.is_rung().ignore()
    for minutes in (0, 30, 10):  # and then everyone, again and again
        line.minutes_pass(minutes)
        for worker in (line.dara, line.sophea, line.bopha):
            worker.receives_text(containing=ref)
            worker.is_rung().ignore()


def test_danger_is_told_by_text_and_by_phone_at_once(line: Line) -> None:
    call = line.mother.dial()
    for key in "112":
        call.press(key)
    call.listens()
    line.settle()
    line.dara.receives_text(containing=line.only_case().ref)
    line.dara.is_rung().ignore()
    line.minutes_pass(0)
    line.sophea.receives_text()
    line.sophea.is_rung().ignore()
    line.minutes_pass(0)
    line.bopha.receives_text()
    line.bopha.texts("1")
    line.bopha.receives_text(containing=line.only_case().ref)
    for other in (line.dara, line.sophea):
        other.receives_text(containing=line.only_case().ref)
    line.bopha.is_rung().ignore()
    call.hang_up()


def test_the_first_to_answer_has_it_and_the_others_are_told(line: Line) -> None:
    a_missing_child(line)
    line.minutes_pass(2)
    line.dara.is_rung().ignore()
    line.minutes_pass(0)
    line.sophea.receives_text()
    line.sophea.texts("១")
    ref = line.only_case().ref
    line.sophea.receives_text(containing=ref)
    line.dara.receives_text(containing=ref)
    line.dara.texts("1a")
    line.dara.receives_text(containing=ref)
    case = line.only_case()
    assert (case.state, case.claimed_by_name) == ("claimed", "Sophea")
    line.sophea.is_rung().ignore()  # her phone rang while she wrote


def test_who_cannot_take_it_hands_it_on_at_once(line: Line) -> None:
    a_missing_child(line)
    line.dara.texts("1e")
    line.dara.receives_text(containing=line.only_case().ref)
    line.minutes_pass(0)
    line.sophea.receives_text(containing=line.only_case().ref)
    assert "handed_on" in line.happened(line.only_case())
    line.sophea.texts("1")
    line.sophea.receives_text()
    line.dara.receives_text()
    line.sophea.is_rung().ignore()


def test_a_page_the_carrier_loses_goes_to_the_next_person_at_once(line: Line) -> None:
    line.dara.switch_off()
    line.company.arm("receipt", place="receipt", code="30005")
    line.mother_asks_for_her_child()
    line.minutes_pass(0)  # his phone cannot be rung either
    line.sophea.receives_text(containing=line.only_case().ref)
    line.sophea.texts("1")
    line.sophea.receives_text()
    line.dara.receives_no_text()
    line.sophea.is_rung().ignore()


def test_a_page_says_nothing_of_the_matter(line: Line) -> None:
    body = a_missing_child(line).body
    case = line.only_case()
    rest = body.replace(case.ref, "").replace("1", "")
    for word in (MOTHER[4:], "missing", "child", "កុមារ", "បាត់", "Dara"):
        assert word not in rest


def test_a_second_case_gets_a_second_code(line: Line) -> None:
    a_missing_child(line)
    line.child.texts("ជួយ")
    line.child.receives_text()
    assert "2" in line.dara.receives_text().body
    line.dara.texts("2")
    line.dara.receives_text()
    states = {case.kind: case.state for case in line.cases()}
    assert states == {"missing_child": "open", "danger_now": "claimed"}


def test_a_code_from_a_phone_that_is_not_staff_is_a_text_like_any(line: Line) -> None:
    a_missing_child(line)
    line.child.texts("1")
    line.child.receives_text()
    assert line.only_case().state == "open"


def test_a_code_that_is_not_open_is_said_to_be_so(line: Line) -> None:
    a_missing_child(line)
    line.dara.texts("7")
    line.dara.receives_text()
    assert line.only_case().state == "open"


def test_with_nobody_on_call_the_supervisor_is_paged_at_once(line: Line) -> None:
    line.everybody_goes_home()
    line.mother_asks_for_her_child()
    line.bopha.receives_text(containing=line.only_case().ref)


def test_the_ninth_code_is_a_code_and_not_a_wish_to_stop(line: Line) -> None:
    for number in range(1, 10):
        phone = line.phone(f"+8551270000{number}")
        phone.texts("juoy")
        phone.receives_text()
        line.settle()
        assert f" {number} " in line.dara.receives_text().body
    line.dara.texts("9")
    line.dara.receives_text()
    assert [case.state for case in line.cases()].count("claimed") == 1


def test_with_no_staff_at_all_the_ladder_goes_on_and_the_first_to_come_is_paged(
    line: Line,
) -> None:
    with line.hotline.transaction() as tx:
        everybody = [member.id for member in list_staff(tx)]
        for staff_id in everybody:
            retire(tx, staff_id)
    line.mother_asks_for_her_child()
    for _ in range(3):
        line.minutes_pass(10)
    assert line.happened(line.only_case()).count("nobody_to_page") >= 3
    with line.hotline.transaction() as tx:
        staffing.take_on(line.hotline, tx, "Chenda", "+85510111009", "duty")
    chenda = line.phone("+85510111009", "Chenda")
    line.minutes_pass(10)
    chenda.receives_text(containing=line.only_case().ref)
    line.takes_it(chenda)


def test_while_the_carrier_is_away_the_pages_of_a_case_do_not_pile_up(line: Line) -> None:
    away = line.company.arm("server_error", times=None)
    line.mother_asks_for_her_child()
    for _ in range(6):
        line.minutes_pass(10)
    with line.hotline.reading() as tx:
        pages = pages_of(tx, line.only_case().id)
    waiting = [(page.staff_name, page.channel) for page in pages if page.state == "pending"]
    assert len(waiting) == len(set(waiting)) == 6
    line.company.exchange.faults.disarm(away.number)
    line.minutes_pass(6)
    for worker in (line.dara, line.sophea, line.bopha):
        worker.receives_text(containing=line.only_case().ref)
        worker.is_rung()
    line.takes_it(line.dara)
    for other in (line.sophea, line.bopha):
        other.receives_text()
        other.is_rung().ignore()


def test_a_ladder_that_cannot_be_read_does_not_keep_the_others_waiting(line: Line) -> None:
    a_missing_child(line)
    broken = line.only_case()
    with line.hotline.transaction() as tx:
        freeze(tx, broken.id, {"name": "no rungs"})
    line.child.texts("ជួយ")
    line.child.receives_text()
    line.dara.receives_text()
    line.minutes_pass(2.1)
    line.dara.is_rung()
    line.dara.texts("2")
    line.dara.receives_text()
    line.dara.is_rung().ignore()
