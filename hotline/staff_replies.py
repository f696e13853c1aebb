"""What staff text: the code of a page and what they do; they are told what came of it."""

from __future__ import annotations

from typing import Any

from hotline import cases, codes, following_up, paging
from hotline.core.reply_code import CANNOT, DONE, Reply
from hotline.core.turn import Saying
from hotline.paging import Answered
from hotline.parts import Hotline
from hotline.storage.case import CLOSED, get_case
from hotline.storage.database import Transaction
from hotline.storage.rehearsal import KIND as REHEARSAL
from hotline.storage.staff_member import count_wrong_code, forget_wrong_codes

MOST_WRONG = 5
"""So many codes that are not open are answered; after that a guesser hears nothing more."""

NO_SUCH_CODE = "no_such_code"
HAS_CALLED = "has_called"

_TOLD = {
    Answered.CLAIMED: "STAFF_CLAIMED",
    Answered.SECOND: "STAFF_SECOND",
    Answered.ALREADY_TAKEN: "STAFF_TAKEN",
    Answered.HANDED_ON: "STAFF_HANDED_ON",
    HAS_CALLED: "STAFF_DONE",
}


def answer_page(hotline: Hotline, tx: Transaction, member: Any, reply: Reply, text_id: int) -> str:
    """A staff member's reply by text; what it led to, as a code."""
    key = f"text:{text_id}:answer"
    case_id = codes.case_of(hotline, tx, member.id, reply)
    if case_id is None:
        if count_wrong_code(tx, member.id) <= MOST_WRONG:
            paging.tell(hotline, tx, member, Saying("STAFF_NO_CODE"), None, key)
        return NO_SUCH_CODE
    if member.wrong_codes:
        forget_wrong_codes(tx, member.id)
    case = get_case(tx, case_id)
    answered = _act(hotline, tx, case, member, reply.action)
    is_rehearsed = case.kind == REHEARSAL and answered == Answered.CLAIMED
    prompt = "STAFF_REHEARSED" if is_rehearsed else _TOLD[answered]
    saying = Saying(prompt, (("ref", case.ref),))
    paging.tell(hotline, tx, member, saying, case_id, key)
    return str(answered)


def _act(hotline: Hotline, tx: Transaction, case: Any, member: Any, action: str) -> str:
    if action == CANNOT:
        return _cannot(hotline, tx, case, member)
    if case.state == CLOSED:
        return Answered.ALREADY_TAKEN
    if action == DONE and case.claimed_by in (None, member.id):
        cases.note_attempt(hotline, tx, case, member.id, "reached", "")
        return HAS_CALLED
    return paging.claim(hotline, tx, case, member)


def _cannot(hotline: Hotline, tx: Transaction, case: Any, member: Any) -> str:
    """Also whoever has the case already may give it back: the next person is asked at once."""
    if case.claimed_by == member.id and case.state != CLOSED:
        following_up.hand_back(hotline, tx, case, member)
        return Answered.HANDED_ON
    return paging.hand_on(hotline, tx, case, member)
