"""A mother whose child is missing."""

from __future__ import annotations

from tests.stories.line import Line


def test_a_mother_presses_one_and_dara_has_a_page_within_the_same_key(line: Line) -> None:
    call = line.mother.dial()
    call.hears("V_WELCOME")
    call.press("1")
    call.hears("V_FIRST_FACT", "V_URGENT_FIRST")
    call.press("1")
    call.hears("V_URGENT_MENU")
    call.press("1")
    page = line.dara.receives_text(containing="1")
    case = line.only_case()
    assert (case.kind, case.priority, case.state) == ("missing_child", "P1", "open")
    assert case.ref in page.body
    call.hears("V_MISSING_1")
    call.hang_up()

    line.dara.texts("1")
    line.dara.receives_text(containing=case.ref)
    assert line.only_case().claimed_by_name == "Dara"
