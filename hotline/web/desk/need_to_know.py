"""Who may do what at the desk: the one table every page asks."""

from __future__ import annotations

from typing import Any

from hotline.sessions import Member

ENTER = "enter"  # signed in, whoever it is: one's own account
SEE_CASES = "see_cases"  # the lists, which name nobody
WORK_CASES = "work_cases"  # take a case, call, note, refer, close; open one with a written reason
READ_ANY_CASE = "read_any_case"  # plan, words and sound of a case that somebody else has
SEE_ROTA = "see_rota"  # who is on call, one's own shifts, swaps
EDIT_ROTA = "edit_rota"  # shifts of others, holidays
READ_TEXTS = "read_texts"  # words of texts nobody understood, without who sent them
EDIT_WORDS = "edit_words"  # which topic a word means from now on
SEE_REFERRALS = "see_referrals"  # the list of services
EDIT_REFERRALS = "edit_referrals"  # services, who agreed, when it was checked
SEE_PEOPLE = "see_people"  # staff by name and role
REVOKE = "revoke"  # end the sessions and shifts of a lost phone
EDIT_PEOPLE = "edit_people"  # take on, change, let go
SEE_AUDIT = "see_audit"
SEE_SETTINGS = "see_settings"
EDIT_SETTINGS = "edit_settings"  # hours, holidays, ladder
RETAIN = "retain"  # what is to be forgotten: see it, hold it, approve it
EXPORT = "export"  # counts and cases without a person

_EVERYBODY = {ENTER}
_DUTY = {*_EVERYBODY, SEE_CASES, WORK_CASES, SEE_ROTA, SEE_REFERRALS}
_SUPERVISOR = {
    *_DUTY,
    READ_ANY_CASE,
    EDIT_ROTA,
    READ_TEXTS,
    EDIT_WORDS,
    EDIT_REFERRALS,
    SEE_PEOPLE,
    REVOKE,
    SEE_AUDIT,
    SEE_SETTINGS,
    EDIT_SETTINGS,
    RETAIN,
    EXPORT,
}
_ADMIN = {
    *_EVERYBODY,
    SEE_CASES,
    SEE_ROTA,
    EDIT_ROTA,
    SEE_REFERRALS,
    EDIT_REFERRALS,
    SEE_PEOPLE,
    REVOKE,
    EDIT_PEOPLE,
    SEE_AUDIT,
    SEE_SETTINGS,
    EDIT_SETTINGS,
    RETAIN,
}

MAY: dict[str, frozenset[str]] = {
    "duty": frozenset(_DUTY),
    "supervisor": frozenset(_SUPERVISOR),
    "admin": frozenset(_ADMIN),  # keeps the machine and the people; reads no caller's words
    "editor": frozenset({*_EVERYBODY, READ_TEXTS, EDIT_WORDS}),
    "coordinator": frozenset({*_EVERYBODY, SEE_REFERRALS}),
}


def may(member: Member, what: str) -> bool:
    return what in MAY.get(member.role, frozenset())


def may_read(member: Member, case: Any) -> bool:
    """Only who took the case reads what the caller told, and those who answer for all cases."""
    return may(member, READ_ANY_CASE) or (may(member, WORK_CASES) and case.claimed_by == member.id)
