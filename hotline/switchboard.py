"""Who is on the line: a caller in a flow, a staff member, somebody we ring. One transaction a turn.

The same turn told again gets the same answer and leaves no second mark.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import structlog

from hotline import answering, calling_back, receipts, ringing_back, staff_calls, standing
from hotline.carriers.protocol import CarrierRefused, CarrierUnavailable, CarrierUnknown
from hotline.core.answer import Answer
from hotline.core.answer_record import record_answer
from hotline.core.events import CallEvent, CallStatus
from hotline.core.turn import Circumstances, Connect, HungUp, TheEnd
from hotline.dialog import Dialog, Said
from hotline.parts import Hotline
from hotline.standing import Standing, open_standing
from hotline.storage.conversation import find_call, note_alive, silent_calls
from hotline.storage.database import DatabaseAway, Transaction

NO_NEWS = timedelta(minutes=5)
"""A call that did nothing for so long is over: no answer of ours takes half of that to hear."""

LONG_NO_NEWS = timedelta(minutes=15)
"""The same while the carrier cannot be asked."""

_DIALOGS: dict[str, Dialog] = {"staff": staff_calls, "bridge": calling_back}

log = structlog.get_logger()


def take_turn(hotline: Hotline, tx: Transaction, event: CallEvent) -> tuple[Answer, frozenset[str]]:
    """The answer to one turn of a call, and the queues to ring after the commit."""
    row = find_call(tx, event.carrier, event.call_sid)
    if row is None:
        # Also for a later turn: a call whose first webhook was lost starts from the beginning.
        return _begin(hotline, tx, event)
    now_at = open_standing(hotline, row)
    if row.ended_at is not None or event.number < row.turn or event.turn is None:
        return _again(row, now_at, event), frozenset()
    dialog = _dialog_of(row)
    if dialog is None:
        return answering.go_on(hotline, tx, event, event.turn, row, now_at)
    said = dialog.hear(hotline, tx, now_at.state, event.turn)
    if said.as_caller:
        return answering.take_over(hotline, tx, event, row, now_at)
    return _save(hotline, tx, row, now_at, said, event.number)


def _again(row: Any, now_at: Standing, event: CallEvent) -> Answer:
    """The answer that was given; but nobody is rung again because a call that is over goes on."""
    answer = now_at.same_answer(event.number)
    if isinstance(answer.wait, Connect) and event.number >= row.turn:
        return replace(answer, say=(), wait=TheEnd())
    return answer


def end_call(hotline: Hotline, tx: Transaction, status: CallStatus) -> frozenset[str]:
    """The call is over: do what a hang-up means where it happened. Told again, nothing."""
    if not status.is_over:
        return frozenset()
    row = find_call(tx, status.carrier, status.call_sid)
    rings = receipts.take_call_end(hotline, tx, status, was_answered=row is not None)
    calling_back.leg_ended(hotline, tx, status)
    if row is None or row.ended_at is not None:
        return rings
    dialog = _dialog_of(row)
    if dialog is None:
        return rings | answering.hang_up(hotline, tx, row)
    now_at = open_standing(hotline, row)
    said = dialog.hear(hotline, tx, now_at.state, HungUp())
    now_at.state = {**said.state, "ended": True, "hung_up": True}
    standing.save(hotline, tx, row, now_at, case_id=said.case_id, turn=row.turn)
    return rings | said.rings


def is_a_dialog(row: Any) -> bool:
    """Whether a call is with staff, or connects two people: no caller in a flow."""
    return _dialog_of(row) is not None


def end_silent_calls(hotline: Hotline, limit: int = 20) -> int:
    """End calls whose end nobody told us; how many. A webhook is lost, or a carrier sends none.

    The carrier is asked first, outside of any transaction: a call that goes on is left alone.
    """
    with hotline.reading() as tx:
        silent = silent_calls(tx, hotline.now() - NO_NEWS, limit)
    ended, away = 0, set[str]()
    for call in silent:
        status = None
        try:
            carrier = hotline.carriers.get(call.carrier)
            if carrier is not None and call.carrier not in away:
                status = carrier.call_state(call.sid)
        except (CarrierRefused, CarrierUnavailable, CarrierUnknown):
            away.add(call.carrier)  # and it is not asked again in this sweep
        patience = LONG_NO_NEWS if call.carrier in away else NO_NEWS
        ended += _end_if_silent(hotline, call.carrier, call.sid, status, patience)
    return ended


def _end_if_silent(
    hotline: Hotline, carrier: str, sid: str, told: CallStatus | None, patience: timedelta
) -> bool:
    now = hotline.now()
    try:
        with hotline.transaction() as tx:
            row = find_call(tx, carrier, sid)
            if row is None or row.last_at >= now - patience:
                return False  # it spoke up after all
            if told is not None and not told.is_over:
                note_alive(tx, row.id, now)
                return False
            over = told or CallStatus(carrier, sid, "completed", None, None)
            rings = end_call(hotline, tx, over)
    except DatabaseAway:
        raise
    except Exception:  # one that cannot be read must not keep the others waiting
        log.critical("call_not_ended", carrier=carrier, exc_info=True)
        return False
    hotline.ring(rings)
    return True


# ---------------------------------------------------------------- the first words of a call


def _begin(hotline: Hotline, tx: Transaction, event: CallEvent) -> tuple[Answer, frozenset[str]]:
    """Whoever is first to know the call takes it; a caller in a flow is what is left."""
    said = (
        calling_back.begin(hotline, tx, event)
        or staff_calls.begin(hotline, tx, event)
        or ringing_back.begin(hotline, tx, event)
    )
    if said is None:
        return answering.begin(hotline, tx, event)
    answer = _answer(said, event.number)
    standing.begin(
        hotline,
        tx,
        Standing(said.state, asdict(Circumstances(channel="voice")), [record_answer(answer)]),
        carrier=event.carrier,
        channel="voice",
        sid=event.call_sid,
        caller_id=None,
        case_id=said.case_id,
        turn=answer.next_number,
    )
    return answer, said.rings


def _save(
    hotline: Hotline, tx: Transaction, row: Any, now_at: Standing, said: Said, number: int
) -> tuple[Answer, frozenset[str]]:
    answer = _answer(said, number)
    now_at.state = said.state
    now_at.keep_answer(record_answer(answer))
    standing.save(hotline, tx, row, now_at, case_id=said.case_id, turn=answer.next_number)
    return answer, said.rings


def _answer(said: Said, number: int) -> Answer:
    return Answer(said.state["language"], said.say, said.wait, number + 1, said.recording)


def _dialog_of(row: Any) -> Dialog | None:
    """The dialog a call belongs to; None: a caller in a flow."""
    name, dot, _ = row.flow.partition(".")
    return _DIALOGS.get(name) if dot else None
