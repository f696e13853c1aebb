"""Who may do what at the desk: the one table every page asks."""

from __future__ import annotations

from typing import Any

from hotline.signing_in import Member

ENTER = "enter"  # signed in, whoever it is
SEE_CASES = "see_cases"  # the lists, which name nobody
READ_ANY_CASE = "read_any_case"  # plan, words and sound of a case that somebody else has

MAY: dict[str, frozenset[str]] = {
    "duty": frozenset({ENTER, SEE_CASES}),
    "supervisor": frozenset({ENTER, SEE_CASES, READ_ANY_CASE}),
    "admin": frozenset({ENTER, SEE_CASES, READ_ANY_CASE}),
    "editor": frozenset({ENTER}),
    "coordinator": frozenset({ENTER}),
}


def may(member: Member, what: str) -> bool:
    return what in MAY.get(member.role, frozenset())


def may_read(member: Member, case: Any) -> bool:
    """Only who took the case reads what the caller told, and those who answer for all cases."""
    return may(member, READ_ANY_CASE) or (may(member, SEE_CASES) and case.claimed_by == member.id)
