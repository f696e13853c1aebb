"""Children and parents who text."""

from __future__ import annotations

import pytest

from tests.stories.line import Line


@pytest.mark.parametrize("word", ["juoy", "ជួយ", "chuoy phong", "HELP!!", "99", "juooooy"])
def test_a_cry_for_help_is_a_case_a_page_and_an_answer(line: Line, word: str) -> None:
    line.child.texts(word)
    assert "117" in line.child.receives_text().body
    line.dara.receives_text(containing=line.only_case().ref)
    assert line.only_case().kind == "danger_now"


def test_the_answer_comes_in_the_letters_the_child_wrote(line: Line) -> None:
    line.child.texts("setthi")
    assert line.child.receives_text().body.isascii()
    line.child.texts("សិទ្ធិ")
    assert "សិទ្ធិ" in line.child.receives_text().body
    line.child.texts("rights")
    assert "right" in line.child.receives_text().body
    line.child.texts("3")
    assert "school" in line.child.receives_text().body


def test_a_child_asks_to_be_called_and_says_when(line: Line) -> None:
    line.child.texts("5")
    line.child.receives_text(containing="1")
    line.dara.receives_text()
    line.child.texts("៣")
    line.child.receives_text()
    plan = line.told(line.only_case()).plan
    assert (plan["window"], plan["consent"]) == ("evening", "yes")


def test_the_quiz_by_text_counts_what_was_right(line: Line) -> None:
    line.child.texts("quiz")
    line.child.receives_text(containing="1/6")
    for place, answer in enumerate(["1", "2", "2", "3", "1"], start=2):
        line.child.texts(answer)
        line.child.receives_text(containing=f"{place}/6")
    line.child.texts("1")
    line.child.receives_text(containing="5")


def test_stop_is_confirmed_once_and_then_there_is_silence(line: Line) -> None:
    line.child.texts("juoy")
    line.child.receives_text()
    line.dara.receives_text()
    line.child.texts("stop")
    line.child.receives_text()
    assert line.only_case().flags == ["texts_stopped"]
    line.child.texts("stop")
    line.child.texts("rights")
    line.child.receives_no_text()
    line.child.texts("0")
    line.child.receives_text(containing="1")


def test_who_has_the_case_is_told_that_the_caller_wants_no_more_texts(line: Line) -> None:
    line.child.texts("juoy")
    line.child.receives_text()
    line.dara.receives_text()
    line.dara.texts("1")
    line.dara.receives_text()
    line.child.texts("ឈប់")
    line.child.receives_text()
    line.dara.receives_text(containing=line.only_case().ref)


def test_a_cry_for_help_after_stop_still_reaches_staff(line: Line) -> None:
    line.child.texts("stop")
    line.child.receives_text()
    line.child.texts("juoy")
    line.dara.receives_text()
    line.child.receives_no_text()
    assert line.only_case().kind == "danger_now"


def test_what_is_not_understood_gets_one_gentle_answer_an_hour(line: Line) -> None:
    line.child.texts("blablubb xyzzy")
    line.child.receives_text(containing="0")
    line.child.texts("\U0001f600\U0001f600")
    line.child.texts("")
    line.child.receives_no_text()
    line.minutes_pass(61)
    line.child.texts("qqqq wwww")
    line.child.receives_text()
    assert line.cases() == []


def test_the_same_text_delivered_twice_is_one_text(line: Line) -> None:
    line.company.arm("duplicate", place="text")
    line.child.texts("juoy")
    line.child.receives_text()
    line.dara.receives_text()
    assert line.happened(line.only_case()).count("opened") == 1


def test_words_of_a_caller_with_an_open_case_go_to_the_case(line: Line) -> None:
    line.child.texts("juoy")
    line.child.receives_text()
    line.dara.receives_text()
    line.child.texts("xqzt vbnm plokij")
    line.child.receives_text()
    assert "caller_wrote" in line.happened(line.only_case())


def test_a_long_text_is_kept_and_answered_once(line: Line) -> None:
    line.child.texts("ស្អែក " * 260)
    line.child.receives_text()


def test_zero_says_no_to_a_call_and_does_not_mean_the_list(line: Line) -> None:
    line.child.texts("5")
    line.child.receives_text(containing="0")
    line.dara.receives_text()
    line.child.texts("0")
    line.child.receives_text()
    case = line.only_case()
    assert line.told(case).plan["consent"] == "no"
    assert "no_callback" in case.flags


def test_where_the_carrier_stops_texts_itself_staff_still_know(line: Line) -> None:
    line.company.account.intercepts_stop = "advanced"
    line.child.texts("juoy")
    line.child.receives_text()
    line.dara.receives_text()
    line.child.texts("STOP")
    line.child.receives_text()  # the carrier's own words, not ours
    assert line.only_case().flags == ["texts_stopped"]
    assert line.happened(line.only_case()).count("flagged") == 1
