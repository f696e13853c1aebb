"""Codes in words: what a kind, a state, an outcome or a keyed answer is called at the desk."""

from __future__ import annotations

from collections.abc import Mapping

from hotline.web.desk.fact_words import FACT_WORDS
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.referral_words import GROUPS as REFERRALS

KINDS = {
    "missing_child": _("A child is missing"),
    "missing_abroad": _("A child is missing in another country"),
    "danger_now": _("Someone is in danger now"),
    "unclear_urgent": _("Urgent, not clear what"),
    "cut_off": _("Cut off by a fault of ours"),
    "job_offer": _("A worrying job offer"),
    "thailand_problem": _("A problem in Thailand"),
    "returned": _("Came back from abroad"),
    "debt": _("Debt in the family"),
    "school_support": _("Trouble staying in school"),
    "safety_concern": _("A quiet sign: not safe"),
    "taken_away_concern": _("A quiet sign: may be taken away"),
    "question": _("A question"),
    "callback": _("Asks for a call"),
    "voice_message": _("A voice message"),
    "rehearsal": _("Weekly test: nobody waits for help"),
    "silent_caller": _("Rings again and again and is silent"),
}
PRIORITIES = {"P0": _("Now"), "P1": _("Urgent"), "P2": _("Today"), "P3": _("Soon")}
SHAPES = {"P0": "◆", "P1": "▲", "P2": "●", "P3": "○"}
CHANNELS = {"voice": _("by phone"), "sms": _("by text message")}
FLAGS = {
    "number_withheld": _("number withheld"),
    "number_unconfirmed": _("number not confirmed"),
    "no_callback": _("said no to a call"),
    "quiet": _("quiet sign: do not call"),
    "quick_exit": _("left in a hurry"),
    "message_deleted": _("deleted their voice message"),
    "texts_stopped": _("wants no texts"),
}
REASONS = {
    "asked_by_key": _("pressed the key for it"),
    "asked_by_text": _("wrote a text message"),
    "asked_for_call": _("asked for a call"),
    "asked_after_lesson": _("asked for a call after a lesson"),
    "asked_after_story": _("asked for a call after a story"),
    "danger_signs": _("danger signs in the answers"),
    "danger_signs_then_hung_up": _("danger signs, then hung up"),
    "danger_signs_then_silent": _("danger signs, then silence"),
    "danger_signs_then_quick_exit": _("danger signs, then left in a hurry"),
    "hung_up_on_urgent_menu": _("hung up at the urgent choices"),
    "silent_on_urgent_menu": _("was silent at the urgent choices"),
    "wrong_keys_on_urgent_menu": _("found no key at the urgent choices"),
    "quick_exit_on_urgent_menu": _("left in a hurry at the urgent choices"),
    "hung_up_on_thai_problem": _("hung up after the numbers for Thailand"),
    "silent_on_thai_problem": _("was silent after the numbers for Thailand"),
    "quick_exit_on_thai_problem": _("left in a hurry at the numbers for Thailand"),
    "repeat_silent": _("several calls without a single key"),
    "not_rung_back": _("was to be rung back and was not"),
    "in_thailand_with_a_problem": _("is in Thailand with a problem"),
    "keys_were_hard": _("found the keys hard to use"),
    "line_was_down": _("our line was down"),
    "quiet_flag": _("gave a quiet sign"),
    "rehearsal": _("weekly test"),
    "under_18": _("the person is under 18"),
    "from_message": _("left a message"),
    "voice_message": _("left a voice message"),
    "danger_read": _("somebody read danger in a text"),
}
RULES = {
    "danger_key": _("pressed the danger key"),
    "papers_taken_there": _("is in Thailand, and the papers are taken"),
    "in_thailand_with_a_problem": REASONS["in_thailand_with_a_problem"],
    "under_18": REASONS["under_18"],
    "danger_signs": REASONS["danger_signs"],
    "danger_score": REASONS["danger_signs"],
    "left_in_a_hurry": FLAGS["quick_exit"],
    "danger_sign": _("a danger sign in the answers"),
    "child_calls": _("a child is calling"),
    "call_must_be_hidden": _("the call must stay hidden"),
    "silent_on_abuse": _("said nothing at the lesson on abuse"),
}
WINDOWS = {
    "any": _("Any time"),
    "anytime": _("Any time"),
    "now": _("Now"),
    "morning": _("In the morning"),
    "noon": _("At midday"),
    "midday": _("At midday"),
    "afternoon": _("In the afternoon"),
    "evening": _("In the evening"),
}
_CHILD_CLUB = _("Say you call from the Child Club. Nothing more.")
_WRONG_NUMBER = _("Say: sorry, wrong number. Hang up.")
WHO_ANSWERS = {
    "say_child_club": _CHILD_CLUB,
    "child_club": _CHILD_CLUB,
    "say_wrong_number": _WRONG_NUMBER,
    "wrong_number": _WRONG_NUMBER,
}
ATTEMPTS = {
    "reached": _("Reached, we spoke"),
    "no_answer": _("No answer"),
    "busy": _("Busy"),
    "wrong_person": _("Somebody else answered"),
    "asked_later": _("Asked us to call later"),
    "unsafe": _("Not safe to talk"),
}
GATES = {
    "outside_window": _("It is not the time they chose."),
    "night": _("It is night, and it can wait."),
    "unknown_window": _("The time they chose is not known here."),
    "said_no": _("They said no to a call."),
    "quiet_sign": _("A quiet sign: a call may bring danger."),
    "not_asked": _("They were not asked whether we may call."),
    "no_number": _("There is no number to ring."),
    "bad_number": _("The number they gave cannot be rung."),
    "our_line": _("The number they gave is our own line."),
    "staff_phone": _("The number they gave is a phone of our staff."),
    "case_closed": _("The case is closed."),
    "forgotten": _("What the caller said was deleted."),
    "already_calling": _("A call is under way."),
    "not_yours": _("Somebody else has this case."),
    "all_tried": _("Three calls were in vain: a supervisor decides."),
    "unsafe": _("The last call was not safe: a supervisor decides."),
}
BRIDGES = {
    **ATTEMPTS,
    "not_called": _("the caller was not rung"),
    "given_up": _("ended before the caller answered"),
    "no_staff": _("the caller waited, and no one of us was there"),
    "no_news": _("nobody knows how it ended"),
}
OUTCOMES = {
    "helped": _("Helped"),
    "referred": _("Referred to others"),
    "not_reached": _("Could not be reached"),
    "no_help_wanted": _("No help wanted"),
    "not_a_case": _("Not a case"),
    "duplicate": _("The same as another case"),
    "rehearsal": _("Weekly test"),
}
ROLES = {
    "duty": _("duty worker"),
    "supervisor": _("supervisor"),
    "editor": _("editor"),
    "coordinator": _("club coordinator"),
    "admin": _("admin"),
}
QUESTIONS = {
    "under_18": _("Is the person under 18?"),
    "money_first": _("Did they give money first?"),
    "papers_taken": _("Do they keep the papers, or go without any?"),
    "hurry_or_secret": _("Do they hurry, or ask to keep it secret?"),
    "knows_employer": _("Is it known where, and who the employer is?"),
    "need": _("What is needed?"),
    "silent_on": _("Said nothing at"),
    "heard": _("Listened to"),
}
ANSWERS = {
    "yes": _("yes"),
    "no": _("no"),
    "unclear": _("not clear"),
    "school_things_or_debt": _("school things, or help with debt"),
    "abuse": _("the lesson on abuse"),
    "lessons": _("the lessons"),
    "rights": _("the lesson on rights"),
    "trafficking": _("the lesson on being taken away"),
    "who_to_tell": _("the lesson on whom to tell"),
    "stories": _("the stories"),
}
NEXT_STEPS = {
    "first_attempt": _("Call by"),
    "next_attempt": _("Call again by"),
    "supervisor_decides": _("A supervisor decides, by"),
    "follow_up": _("Look at it again by"),
    "call_again": _("Call again on"),
}
GROUPS: Mapping[str, Mapping[str, str]] = {
    "kind": KINDS,
    "priority": PRIORITIES,
    "channel": CHANNELS,
    "flag": FLAGS,
    "reason": REASONS,
    "raised": {**PRIORITIES, **KINDS, **RULES},
    "window": WINDOWS,
    "who_answers": WHO_ANSWERS,
    "attempt": ATTEMPTS,
    "outcome": OUTCOMES,
    "gate": GATES,
    "bridge": BRIDGES,
    "role": ROLES,
    "question": QUESTIONS,
    "answer": ANSWERS,
    "next_step": NEXT_STEPS,
    **REFERRALS,
    **FACT_WORDS,
}


def in_words(language: str, group: str, code: str) -> str:
    """A code of a flow may be newer than this table: then the code itself, made readable."""
    known = GROUPS[group].get(code)
    return translate(language, known) if known else code.replace("_", " ")
