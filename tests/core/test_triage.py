"""How urgent a case is: by its kind, by what was keyed, and by what nobody said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.content_files import Content, load_content
from hotline.core.triage import UNKNOWN, Facts, Questions, Reason, Rule, Triage

REAL = load_content(Path(__file__).parents[2]).triage
JOB = REAL.questions["job"]
ALL_SAFE = {name: min(values) for name, values in JOB.safe.items()}
SIGN = {"under_18": "yes", "knows_employer": "no", "money_first": "yes"}
PRIORITIES = ("P0", "P1", "P2", "P3")


def urgency(kind: str, reason: str = "", flags: tuple[str, ...] = (), **answers: str) -> str:
    return REAL.reasons(Facts(kind, reason, frozenset(flags), answers))[0].priority


# ---------------------------------------------------------------- the rules of this line


@pytest.mark.parametrize(
    ("kind", "priority"),
    [("missing_child", "P1"), ("missing_abroad", "P1"), ("job_offer", "P2"), ("callback", "P2")]
    + [("debt", "P3"), ("returned", "P3"), ("something_new", "P2")],
)
def test_who_hangs_up_before_any_answer_has_said_what_it_is_about(kind, priority) -> None:
    assert urgency(kind) == priority


def test_the_danger_key_is_now_and_a_text_for_help_is_urgent() -> None:
    assert urgency("danger_now", "asked_by_key") == "P0"
    assert urgency("danger_now", "asked_by_text") == "P1"


def test_one_danger_sign_is_for_today_and_two_are_urgent() -> None:
    one = {**ALL_SAFE, "money_first": "yes"}
    assert urgency("job_offer", **one) == "P2"
    assert urgency("job_offer", **{**one, "papers_taken": "yes"}) == "P1"


def test_a_child_who_is_offered_a_job_is_urgent_whatever_the_case_is_called() -> None:
    for kind in ("job_offer", "callback", "debt"):
        assert urgency(kind, **{**ALL_SAFE, "under_18": "yes"}) == "P1"


def test_a_sign_beside_a_question_that_was_left_open_counts_as_two() -> None:
    """The keys were hard, the caller gave up in the middle: the case is a mere call back."""
    assert urgency("callback", under_18="no", money_first="yes") == "P1"
    assert urgency("callback", **{**ALL_SAFE, "money_first": "yes"}) == "P2"


def test_no_answer_at_all_does_not_make_every_talk_a_job_offer() -> None:
    assert urgency("debt", **ALL_SAFE) == urgency("debt", under_18="no") == urgency("debt") == "P3"


def test_whose_papers_are_taken_in_thailand_needs_somebody_now() -> None:
    there = ("thailand_problem", "in_thailand_with_a_problem")
    assert urgency(*there) == "P1"
    assert urgency(*there, papers_taken="yes") == "P0"
    assert urgency("thailand_problem", "silent_on_thai_problem") == "P3"


def test_who_leaves_in_a_hurry_may_not_be_alone() -> None:
    here = ("unclear_urgent", "quick_exit_on_urgent_menu")
    assert urgency(*here, flags=("quick_exit",)) == "P1"
    assert urgency(*here, flags=("number_withheld",)) == "P2"
    assert urgency("job_offer", "asked_for_call", flags=("quick_exit",)) == "P1"
    assert urgency("debt", "asked_for_call", flags=("quick_exit",)) == "P3"


def test_a_child_and_who_must_hide_the_call_do_not_wait_for_days() -> None:
    assert urgency("school_support", caller_age="child") == "P2"
    assert urgency("debt", who_answers="say_wrong_number") == "P2"
    assert urgency("debt", caller_age="adult", who_answers="say_child_club") == "P3"


def test_a_score_that_is_no_number_counts_nothing() -> None:
    assert urgency("debt", danger="2") == "P1"
    for nonsense in ("", "-2", "two", "២", "1e9"):
        assert urgency("debt", danger=nonsense) == "P3"


def test_every_rule_is_read_with_its_reason() -> None:
    found = REAL.reasons(Facts("job_offer", "", frozenset(), {**ALL_SAFE, "under_18": "yes"}))
    assert found == (
        Reason("P1", "under_18"),
        Reason("P2", "danger_sign"),
        Reason("P2", "job_offer"),
    )


# ---------------------------------------------------------------- never down


def test_a_case_is_raised_only_to_more_than_it_is() -> None:
    facts = Facts("callback", answers={"under_18": "yes"})
    assert REAL.raises(facts, "P2") == Reason("P1", "under_18")
    assert REAL.raises(facts, "P1") is None
    assert REAL.raises(facts, "P0") is None


def test_what_staff_knew_of_when_they_lowered_it_raises_nothing_but_a_new_rule_does() -> None:
    facts = Facts("callback", answers={**ALL_SAFE, "under_18": "yes"})
    heeded = {one.code for one in REAL.reasons(facts)}
    assert REAL.raises(facts, "P3", heeded) is None
    more = Facts("callback", answers={**facts.answers, "money_first": "yes"})
    assert REAL.raises(more, "P3", heeded) == Reason("P1", "danger_signs")


NAMES = sorted({*JOB.safe, "caller_age", "who_answers", "silent_on", "danger", "message"})
VALUES = ("yes", "no", "unclear", "child", "adult", "say_wrong_number", "abuse", "0", "3", "")
kinds = st.sampled_from([*REAL.kinds, "something_new"])
reasons = st.sampled_from(["asked_by_key", "asked_by_text", "in_thailand_with_a_problem", ""])
flags = st.frozensets(st.sampled_from(["quick_exit", "quiet", "no_callback"]))
answers = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES))


@given(kinds, reasons, flags, st.lists(answers, max_size=4), st.sampled_from(PRIORITIES))
def test_no_answer_ever_lowers_a_case(kind, reason, flags, told, priority) -> None:
    known: dict[str, str] = {}
    for more in told:
        known |= more
        raised = REAL.raises(Facts(kind, reason, flags, known), priority)
        now = raised.priority if raised else priority
        assert now <= priority
        priority = now


safe = st.fixed_dictionaries(
    {}, optional={n: st.sampled_from(sorted(v)) for n, v in JOB.safe.items()}
)


@given(kinds, reasons, flags, answers, safe)
def test_what_nobody_said_never_ranks_below_what_is_known_to_be_safe(
    kind, reason, flags, told, safe
) -> None:
    known = REAL.reasons(Facts(kind, reason, flags, {**told, **safe}))[0]
    open_ = {name: value for name, value in told.items() if name not in safe}
    assert REAL.reasons(Facts(kind, reason, flags, open_))[0].priority <= known.priority


@given(kinds, flags, answers, st.integers(0, 9), st.integers(0, 9))
def test_a_higher_score_never_ranks_lower(kind, flags, told, one, more) -> None:
    low = REAL.reasons(Facts(kind, "", flags, {**told, "danger": str(one)}))[0]
    high = REAL.reasons(Facts(kind, "", flags, {**told, "danger": str(one + more)}))[0]
    assert high.priority <= low.priority


# ---------------------------------------------------------------- rules of any kind


def test_of_several_named_one_is_enough_and_of_several_conditions_all_must_hold() -> None:
    rule = Rule(
        "r", "P0", kinds=frozenset({"a", "b"}), flags=frozenset({"f", "g"}),
        answers={"x": frozenset({"1", "2"}), "y": frozenset({UNKNOWN})},
    )  # fmt: skip
    triage = Triage({"otherwise": "P3"}, {}, (rule,))

    def is_raised(kind: str, flag: str, **told: str) -> bool:
        return triage.raises(Facts(kind, "", frozenset({flag}), told), "P3") is not None

    assert is_raised("a", "f", x="2")
    assert is_raised("b", "g", x="1", y="")
    assert not is_raised("c", "f", x="2")
    assert not is_raised("a", "h", x="2")
    assert not is_raised("a", "f", x="3")
    assert not is_raised("a", "f", x="2", y="told")


def test_however_much_is_left_open_it_is_one_sign_more() -> None:
    questions = Questions({name: frozenset({"no"}) for name in "abcd"}, frozenset({"offer"}))
    assert questions.count_signs(Facts("offer")) == 1
    assert questions.count_signs(Facts("other")) == 0
    assert questions.count_signs(Facts("other", answers={"a": "yes"})) == 2
    assert questions.count_signs(Facts("other", answers={"a": "maybe", "b": "no"})) == 2
    assert questions.count_signs(Facts("other", answers=dict.fromkeys("abcd", "yes"))) == 4


def test_the_real_rules_are_those_of_the_hotline(content: Content) -> None:
    assert content.triage == REAL
