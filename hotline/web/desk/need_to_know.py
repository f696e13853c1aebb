"""Who may do what at the desk: the one table every page asks."""

from __future__ import annotations

from typing import Any

from hotline.signing_in import Member

ENTER = "enter"  # signed in, whoever it is
SEE_CASES = "see_cases"  # the lists, which name nobody
READ_ANY_CASE = "read_any_case"  # plan, words and sound of a case that somebody else has
SEE_ROTA = "see_rota"  # who is on call, one's own shifts, swaps
EDIT_ROTA = "edit_rota"  # shifts of others, holidays

MAY: dict[str, frozenset[str]] = {
    "duty": frozenset({ENTER, SEE_CASES, SEE_ROTA}),
    "supervisor": frozenset({ENTER, SEE_CASES, READ_ANY_CASE, SEE_ROTA, EDIT_ROTA}),
    "admin": frozenset({ENTER, SEE_CASES, READ_ANY_CASE, SEE_ROTA, EDIT_ROTA}),
    "editor": frozenset({ENTER}),
    "coordinator": frozenset({ENTER}),
}


def may(member: Member, what: str) -> bool:
    return what in MAY.get(member.role, frozenset())


def may_read(member: Member, case: Any) -> bool:
    """Only who took the case reads what the caller told, and those who answer for all cases."""
    return may(member, READ_ANY_CASE) or (may(member, SEE_CASES) and case.claimed_by == member.id)
