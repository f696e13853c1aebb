"""What a staff member hears: a case, how long it waits, its plan, the keys there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hotline.core.staff_desk import MINE, Item, PlanToTell, Refusal
from hotline.core.turn import Saying

REHEARSAL: Final = "rehearsal"
KINDS: Final = (
    "missing_child", "missing_abroad", "danger_now", "unclear_urgent", "cut_off", "job_offer",
    "thailand_problem", "returned", "debt", "school_support", "safety_concern",
    "taken_away_concern", "question", "callback", REHEARSAL,
)  # fmt: skip
PRIORITIES: Final = ("P0", "P1", "P2", "P3")
NUMBERS: Final = {
    "used": "V_STAFF_NUMBER_USED",
    "other": "V_STAFF_NUMBER_OTHER",
    "none": "V_STAFF_NUMBER_NONE",
}
WINDOWS: Final = {
    "morning": "V_STAFF_WHEN_MORNING",
    "noon": "V_STAFF_WHEN_NOON",
    "evening": "V_STAFF_WHEN_EVENING",
    "midday": "V_STAFF_WHEN_NOON",
    "afternoon": "V_STAFF_WHEN_AFTERNOON",
    "anytime": "V_STAFF_WHEN_ANYTIME",
    "any": "V_STAFF_WHEN_ANYTIME",
}
WHO_ANSWERS: Final = {
    "say_child_club": "V_STAFF_SAY_CLUB",
    "child_club": "V_STAFF_SAY_CLUB",
    "say_wrong_number": "V_STAFF_SAY_WRONG",
    "wrong_number": "V_STAFF_SAY_WRONG",
}
CONSENTS: Final = {
    "yes": "V_STAFF_CONSENT_YES",
    "no": "V_STAFF_CONSENT_NO",
    "quiet": "V_STAFF_CONSENT_QUIET",
}
REFUSALS: Final = {
    **dict.fromkeys(("outside_window", "night", "unknown_window"), "V_STAFF_REFUSED_TIME"),
    **dict.fromkeys(("said_no", "quiet_sign"), "V_STAFF_REFUSED_NEVER"),
    **dict.fromkeys(("no_number", "bad_number"), "V_STAFF_NUMBER_NONE"),
    **dict.fromkeys(("case_closed", "not_yours"), "V_STAFF_CHANGED"),
    "not_asked": "V_STAFF_REFUSED_ASK",
    "already_calling": "V_STAFF_REFUSED_BUSY",
}
OUTCOMES: Final = dict(
    zip(
        "123456",
        ("reached", "no_answer", "busy", "wrong_person", "asked_later", "unsafe"),
        strict=True,
    )
)
CLOSED_AS: Final = dict(
    zip(
        "123456",
        ("helped", "referred", "not_reached", "no_help_wanted", "not_a_case", "duplicate"),
        strict=True,
    )
)
_HOUR, _DAY = 60, 24 * 60


def words(*prompts: str) -> tuple[Saying, ...]:
    return tuple(Saying(prompt) for prompt in prompts)


def in_digits(number: int) -> tuple[Saying, ...]:
    return words(*(f"V_DIGIT_{digit}" for digit in str(max(number, 0))))


def item_in_words(item: Item) -> tuple[Saying, ...]:
    """What it is, how urgent, how long it waits."""
    kind = item.kind.upper() if item.kind in KINDS else "OTHER"
    said = [*words(f"V_STAFF_{kind}")]
    if item.priority in PRIORITIES:
        said += words(f"V_STAFF_{item.priority}")
    said += [*words("V_STAFF_WAITED"), *_time(item.minutes)]
    return (*said, *words("V_STAFF_YOURS")) if item.holder == MINE else tuple(said)


def _time(minutes: int) -> tuple[Saying, ...]:
    """In minutes for two hours, in hours for two days, then in days: few digits to listen to."""
    if minutes < 2 * _HOUR:
        return (*in_digits(minutes), *words("V_STAFF_MINUTES"))
    if minutes < 2 * _DAY:
        return (*in_digits(minutes // _HOUR), *words("V_STAFF_HOURS"))
    return (*in_digits(minutes // _DAY), *words("V_STAFF_DAYS"))


def plan_in_words(plan: PlanToTell) -> tuple[Saying, ...]:
    """What forbids a call first, then to whom, when, and what to say."""
    prompts = [CONSENTS.get(plan.consent, "V_STAFF_CONSENT_UNKNOWN")]
    if plan.is_child:
        prompts.append("V_STAFF_CHILD")
    prompts.append(NUMBERS[plan.number])
    prompts.append(WINDOWS.get(plan.window or "", "V_STAFF_WHEN_UNKNOWN"))
    prompts.append(WHO_ANSWERS.get(plan.who_answers or "", "V_STAFF_SAY_UNKNOWN"))
    return words(*prompts)


def refusal_in_words(refusal: Refusal) -> tuple[Saying, ...]:
    """Why the caller is not rung; that it can be allowed, and where: never by a key."""
    said = words(REFUSALS.get(refusal.why, "V_STAFF_REFUSED"))
    return (*said, *words("V_STAFF_AT_DESK")) if refusal.at_desk else said


def keys_of(item: Item) -> Iterator[Saying]:
    """The keys for a case of one's own: only those that lead somewhere."""
    yield from words("V_STAFF_KEY_PLAN", "V_STAFF_KEY_CALL", "V_STAFF_KEY_OUTCOME")
    if item.has_voice:
        yield from words("V_STAFF_KEY_VOICE")
    if item.was_tried:
        yield from words("V_STAFF_KEY_CLOSE")
    yield from words("V_STAFF_KEY_NEXT", "V_STAFF_KEY_BACK")


PROMPTS: Final = frozenset(
    {f"V_STAFF_{kind.upper()}" for kind in (*KINDS, "other")}
    | {f"V_STAFF_{name}" for name in (*PRIORITIES, "WAITED", "MINUTES", "HOURS", "DAYS", "YOURS")}
    | {
        f"V_STAFF_KEY_{key}"
        for key in ("PLAN", "CALL", "OUTCOME", "VOICE", "CLOSE", "NEXT", "BACK")
    }
    | {f"V_DIGIT_{digit}" for digit in range(10)}
    | {"V_STAFF_CONSENT_UNKNOWN", "V_STAFF_CHILD", "V_STAFF_WHEN_UNKNOWN", "V_STAFF_SAY_UNKNOWN"}
    | {*NUMBERS.values(), *WINDOWS.values(), *WHO_ANSWERS.values(), *CONSENTS.values()}
    | {*REFUSALS.values(), "V_STAFF_REFUSED", "V_STAFF_AT_DESK"}
)
"""Everything said here: a test holds it to what was recorded."""
