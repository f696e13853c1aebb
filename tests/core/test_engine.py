"""The engine, turn by turn, on a small tree of flows; the state passes through JSON every time."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.core.engine import accepts, advance, begin, resume
from hotline.core.turn import (
    AddToCase,
    Circumstances,
    Digits,
    DropVoice,
    FlagCase,
    HungUp,
    KeepVoice,
    ManyKeys,
    OpenCase,
    SendText,
    Silence,
    Speech,
    TheEnd,
    Voice,
    Words,
)
from hotline.library_files import load_library

SAMPLE = load_library(Path(__file__).parent / "sample")
CALL = Circumstances("voice")
TEXT = Circumstances("sms")
MISSING = OpenCase("missing_child", "P1", "key_pressed")


class Caller:
    """A caller on the line: does things, and remembers what was heard and written."""

    def __init__(self, around=CALL, flow=SAMPLE.entry, step=None):
        self.around = around
        self.effects = []
        self._take(begin(SAMPLE, flow, around, step=step))

    def _take(self, outcome):
        self.outcome = outcome
        self.state = json.loads(json.dumps(outcome.state))
        self.heard = [saying.prompt for saying in outcome.say]
        self.new = list(outcome.effects)
        self.effects += outcome.effects
        return self

    def does(self, turn):
        return self._take(advance(SAMPLE, self.state, turn, self.around))

    def presses(self, *keys):
        for key in keys:
            self.does(Digits(key))
        return self

    def is_silent(self, times=1):
        for _ in range(times):
            self.does(Silence())
        return self

    def hangs_up(self):
        return self.does(HungUp())

    def rings_again(self):
        return self._take(resume(SAMPLE, self.state, self.around))

    @property
    def is_over(self):
        return isinstance(self.outcome.wait, TheEnd)


def test_a_case_opens_on_the_key_that_means_it_and_takes_the_plan_along():
    mother = Caller().presses("1", "1", "1")
    assert mother.new == [MISSING, AddToCase((), (("number", "calling"), ("window", "any")))]
    assert mother.heard == ["V_MISSING"]


def test_hanging_up_runs_the_effects_of_the_step_and_nothing_else():
    mother = Caller().presses("1", "1", "1").hangs_up()
    assert mother.new == [FlagCase("hung_up_early")]
    assert mother.heard == []
    assert mother.is_over


def test_hanging_up_inside_a_flow_that_was_run_reaches_the_flow_that_ran_it():
    father = Caller().presses("1", "2", "1")
    assert father.heard == ["V_STOP", "V_CB_NUMBER"]
    father.hangs_up()
    assert father.new[0] == OpenCase("job_offer", "P2", "hung_up")
    assert AddToCase((("danger", "1"), ("under_18", "yes"))) in father.new


def test_silence_hears_the_question_three_times_then_the_steps_own_way():
    mother = Caller().presses("1", "1").is_silent()
    assert mother.heard == ["V_ERR_NOINPUT", "V_URGENT"]
    mother.is_silent()
    assert mother.heard == ["V_ERR_NOINPUT", "V_URGENT"]
    mother.is_silent()
    assert mother.heard == ["V_DONE"]
    assert mother.new == [OpenCase("unclear_urgent", "P2", "silence")]


def test_a_caller_who_never_presses_a_key_hears_one_fact_before_goodbye():
    caller = Caller().is_silent(3)
    assert caller.heard == ["V_ERR_LAST"]
    caller.is_silent()
    assert caller.heard == ["V_FIRST_FACT", "V_GOODBYE"]
    assert caller.is_over


def test_the_last_offer_leads_to_a_call_back():
    caller = Caller().is_silent(3).presses("1")
    assert caller.heard == ["V_CB_NUMBER"]
    caller.presses("1")
    assert caller.heard == ["V_CB_DONE"]
    assert caller.is_over


def test_wrong_keys_have_their_own_count():
    caller = Caller().presses("1", "7")
    assert caller.heard == ["V_ERR_WRONG_KEY", "V_MENU"]
    caller.is_silent(2).presses("7")
    assert caller.heard == ["V_ERR_WRONG_KEY", "V_MENU"]
    caller.presses("7")
    assert caller.heard == ["V_ERR_LAST"]


def test_nine_hears_the_step_again_with_what_is_said_before_the_question():
    caller = Caller().presses("1", "2", "9")
    assert caller.heard == ["V_FIRST_FACT", "V_Q1"]


def test_zero_goes_to_the_main_menu_and_nothing_waits_to_come_back():
    caller = Caller().presses("1", "2", "0")
    assert caller.heard == ["V_MENU"]
    assert caller.state["stack"] == []


def test_star_is_a_harmless_end_flagged_on_an_open_case():
    caller = Caller().presses("1", "1", "1", "*")
    assert caller.heard == ["V_QUICK_EXIT"]
    assert caller.is_over
    assert caller.new == [FlagCase("quick_exit")]
    assert Caller().presses("*").new == []


def test_a_number_is_read_back_digit_by_digit_and_confirmed():
    caller = Caller().presses("1", "1", "1", "1", "2")
    assert caller.outcome.wait == ManyKeys(10)
    caller.presses("012345678")
    assert caller.heard[1:4] == ["V_DIGIT_0", "V_DIGIT_1", "V_DIGIT_2"]
    caller.presses("2")
    assert caller.heard == ["V_CB_ENTER"]
    caller.presses("0961234567", "1")
    assert AddToCase((), (("number", "+855961234567"),)) in caller.new
    assert caller.state["typed"] == ""


def test_after_three_bad_numbers_the_call_goes_on_with_the_calling_number():
    caller = Caller().presses("1", "1", "1", "1", "2", "1", "2")
    assert caller.heard == ["V_CB_BAD", "V_CB_ENTER"]
    caller.presses("3")
    assert AddToCase((), (("number", "calling"),)) in caller.new
    assert caller.is_over


def test_hanging_up_while_the_number_is_read_back_keeps_it_marked():
    caller = Caller().presses("1", "1", "1", "1", "2", "012345678").hangs_up()
    assert caller.new == [
        AddToCase((), (("number", "+85512345678"),)),
        FlagCase("number_unconfirmed"),
    ]


def test_a_count_of_zero_is_a_count_and_not_the_main_menu():
    leader = Caller().presses("1", "2", "2")
    assert leader.heard == ["V_HOW_MANY"]
    leader.presses("0")
    assert leader.state["notes"]["present"] == "0"
    assert leader.heard == ["V_MENU"]


def test_a_voice_message_is_kept_before_it_is_reviewed_and_opens_a_case():
    caller = Caller().presses("1", "8")
    assert caller.outcome.wait == Speech(60)
    caller.does(Voice("v1", 20))
    assert caller.new == [OpenCase("voice_message", "P2", "voice_message"), KeepVoice("v1")]
    assert caller.heard == ["V_REVIEW"]


def test_a_second_recording_takes_the_place_of_the_first():
    caller = Caller().presses("1", "8").does(Voice("v1", 20)).presses("2")
    caller.does(Voice("v2", 9))
    assert caller.new == [DropVoice("v1"), KeepVoice("v2")]
    caller.presses("3")
    assert caller.new == [DropVoice("v2")]
    assert caller.heard == ["V_DELETED", "V_MENU"]


def test_a_voice_message_that_arrives_after_the_hang_up_is_kept_once():
    caller = Caller().presses("1", "8").hangs_up().does(Voice("v1", 5))
    assert KeepVoice("v1") in caller.new
    assert caller.does(Voice("v1", 5)).new == []


def test_an_empty_recording_is_asked_for_again_but_not_for_ever():
    caller = Caller().presses("1", "8").does(Voice("v1", 0))
    assert caller.heard == ["V_EMPTY", "V_RECORD"]
    caller.does(Voice("v2", 0)).does(Voice("v3", 0))
    assert caller.heard == ["V_ERR_LAST"]


def test_a_step_may_text_the_caller():
    caller = Caller().presses("1", "2", "1")
    assert any(isinstance(e, SendText) and e.saying.prompt == "SMS_JOB" for e in caller.new)


def test_twelve_minutes_end_with_goodbye_and_the_case_of_this_turn_stays():
    caller = Caller().presses("1", "1")
    caller.around = replace(CALL, elapsed=721)
    caller.presses("1")
    assert caller.heard == ["V_GOODBYE"]
    assert caller.is_over
    assert MISSING in caller.new
    assert caller.state["has_case"]


def test_two_hundred_turns_are_enough():
    caller = Caller().presses("1")
    for _ in range(200):
        if not caller.is_over:
            caller.presses("9")
    assert caller.heard == ["V_GOODBYE"]


def test_a_dropped_call_may_go_on_where_it_stopped():
    caller = Caller().presses("1", "1", "1").hangs_up().rings_again()
    assert caller.heard == ["V_RESUME"]
    caller.presses("1")
    assert caller.heard == ["V_MISSING"]
    assert caller.state["has_case"]


def test_a_dropped_call_may_start_again():
    caller = Caller().presses("1", "1", "1").hangs_up().rings_again().presses("2")
    assert caller.heard == ["V_WELCOME"]


def test_a_call_that_ended_by_itself_begins_anew():
    caller = Caller().presses("1", "*").rings_again()
    assert caller.heard == ["V_WELCOME"]


def test_a_text_is_understood_by_digit_by_khmer_digit_and_by_word():
    for text in ("1", "១", " morning. ", "ព្រឹក"):
        child = Caller(TEXT, "callback")
        assert child.heard == ["SMS_CALL"]
        assert accepts(SAMPLE, child.state, text)
        child.does(Words(text))
        assert child.heard == ["SMS_CALL_OK"]
        assert AddToCase((), (("window", "morning"),)) in child.new


def test_a_text_that_is_no_answer_is_left_to_the_keywords():
    child = Caller(TEXT, "callback")
    assert not accepts(SAMPLE, child.state, "quiz")
    assert not accepts(SAMPLE, child.state, "9")
    child.does(Words("what"))
    assert child.heard == ["SMS_CALL"]
    assert not child.is_over


def test_nothing_is_accepted_once_the_conversation_is_over():
    child = Caller(TEXT, "callback").does(Words("0"))
    assert child.is_over
    assert not accepts(SAMPLE, child.state, "1")


def test_a_newer_revision_is_taken_up_where_the_question_is_the_same():
    caller = Caller().presses("1")
    caller.state["revision"] = "older"
    caller.presses("1")
    assert caller.heard == ["V_URGENT"]
    assert caller.state["revision"] == SAMPLE.revision


def test_a_newer_revision_with_another_question_starts_the_flow_again_noted():
    caller = Caller().presses("1", "1", "1")
    caller.state |= {"revision": "older", "asks": "ask V_SOMETHING_ELSE"}
    caller.presses("1")
    assert caller.heard == ["V_URGENT"]
    assert AddToCase((("flow_changed", "yes"),)) in caller.new
    assert caller.state["has_case"]


def test_a_step_that_was_deleted_starts_again():
    caller = Caller().presses("1", "1", "1")
    caller.state |= {"revision": "older", "step": "gone", "flow": "gone_too"}
    caller.presses("1")
    assert caller.heard == ["V_WELCOME"]
    assert caller.state["has_case"]


@pytest.mark.parametrize("turn", [Digits("1"), Silence(), HungUp(), Words("1"), Voice("v", 3)])
def test_the_state_given_in_is_never_changed(turn):
    state = Caller().presses("1", "1", "1").state
    before = json.dumps(state)
    advance(SAMPLE, state, turn, CALL)
    assert json.dumps(state) == before
