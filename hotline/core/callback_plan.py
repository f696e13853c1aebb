"""How a caller may be called back, put together key by key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

NUMBER, WINDOW, WHO_ANSWERS, CONSENT = "number", "window", "who_answers", "consent"
AGE = "caller_age"
CALLING_NUMBER = "calling"
"""`number` when the caller wants to be rung on the phone they used."""

NOT_ASKED = ((NUMBER, CALLING_NUMBER), (CONSENT, "not_asked"))
"""The answers of a caller who was heard, or read, before anything could be asked."""

_WEAK_CONSENT = frozenset({"pending", "not_asked"})


def add_to_plan(plan: Mapping[str, str], answers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The plan with later answers added; a question asked again never undoes a yes or a no."""
    merged = dict(plan)
    for name, value in answers:
        if name == CONSENT and value in _WEAK_CONSENT and merged.get(CONSENT) in ("yes", "no"):
            continue
        merged[name] = value
    return merged


def consent_of(plan: Mapping[str, str], flags: Collection[str]) -> str:
    """ "no", "quiet", "yes", "pending" or "not_asked".

    What stands against a call counts more than what speaks for it.
    """
    given = plan.get(CONSENT)
    if given == "no" or "no_callback" in flags:
        return "no"
    if "quiet" in flags:
        return "quiet"
    return given if given in ("yes", "pending") else "not_asked"


def is_of_a_child(plan: Mapping[str, str], notes: Mapping[str, str]) -> bool:
    """Whether whoever asked for the call said that they are under 18."""
    return "child" in (plan.get(AGE), notes.get(AGE))


def is_more_urgent(one: str, other: str) -> bool:
    """Whether priority `one` comes before `other`: "P0" is the most urgent, "P3" the least."""
    return one < other
