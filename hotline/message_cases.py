"""A caller's message becomes a case, or goes into the one its caller has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hotline import audit, cases, paging
from hotline.callers_messages import SeenTo, cases_of, is_with, words_of
from hotline.core.callback_plan import NOT_ASKED
from hotline.core.turn import OpenCase
from hotline.parts import Hotline
from hotline.storage import caller_message as table
from hotline.storage import recording
from hotline.storage.case import get_case
from hotline.storage.database import Transaction

KINDS = {
    "danger_now": "violence",
    "missing_child": "missing_children",
    "job_offer": "education_and_occupation",
    "thailand_problem": "education_and_occupation",
    "safety_concern": "violence",
    "school_support": "access_to_services",
    "debt": "access_to_services",
    "question": "non_counselling",
}
"""What a message may be opened as, and its group of Child Helpline International."""

REASON = "from_message"


def open_as_case(
    hotline: Hotline, tx: Transaction, message: Any, member: Any, kind: str, priority: str
) -> str | None:
    """A case of all that this caller sent and that has none, in the hands of who opened it.

    Its reference; None when somebody else has the message by now.
    """
    together = table.of_one_caller(tx, message)
    if not _is_to_be_moved(hotline, tx, message, together, member.id):
        return None
    case_id = cases.open_case(
        hotline,
        tx,
        OpenCase(kind, priority, REASON),
        channel="sms" if message.kind == table.TEXT else "voice",
        caller_id=message.caller_id,
        chi=KINDS.get(kind),
        current=None,
    )
    case = get_case(tx, case_id)
    if "consent" not in cases.read(hotline, tx, case).plan and message.caller_id is not None:
        cases.add_answers(hotline, tx, case_id, plan=NOT_ASKED)
    _move(hotline, tx, together, member.id, case)
    paging.claim(hotline, tx, get_case(tx, case_id), member)
    return str(case.ref)


def add_to_case(
    hotline: Hotline, tx: Transaction, message: Any, member_id: int, ref: str
) -> SeenTo:
    """The caller has a case: the words belong there. Only one of their own open cases is taken."""
    case = next((case for case in cases_of(tx, message) if case.ref == ref), None)
    together = table.of_one_caller(tx, message)
    if case is None or not _is_to_be_moved(hotline, tx, message, together, member_id):
        return SeenTo.NOT_YOURS
    _move(hotline, tx, together, member_id, case)
    return SeenTo.DONE


def _is_to_be_moved(
    hotline: Hotline, tx: Transaction, message: Any, together: Sequence[Any], member_id: int
) -> bool:
    """Asked twice at one time, the database lets one of them go on."""
    if not is_with(message, member_id, hotline.now()):
        return False
    ids = [one.id for one in together]
    return bool(table.finish_if_mine(tx, ids, member_id, hotline.now(), "case"))


def _move(
    hotline: Hotline, tx: Transaction, together: Sequence[Any], member_id: int, case: Any
) -> None:
    """The words and the sound into the case."""
    words = words_of(hotline, tx, together)
    for one in together:
        if one.id in words:
            cases.add_words(hotline, tx, case.id, words[one.id])
        else:
            recording.change_recording(tx, one.recording_id, case_id=case.id)
    table.put_into_case(tx, [one.id for one in together], case.id)
    now, actor = hotline.now(), f"staff:{member_id}"
    audit.note(tx, now, actor, "message_into_case", f"case:{case.ref}", "words,sound")
