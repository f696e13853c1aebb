"""Takes up what had to wait in the spool, in the order in which it came.

A text is handled, a caller who was cut off is a case, an end or a receipt counts.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from hotline import answering, cases, receipts, recordings, switchboard, texting
from hotline.core.callback_plan import NOT_ASKED
from hotline.core.event_record import Event
from hotline.core.events import CallEvent, CallStatus, Receipt, RecordingEvent, TextEvent
from hotline.core.turn import OpenCase
from hotline.parts import Hotline
from hotline.storage.conversation import find_call, set_case
from hotline.storage.database import DatabaseAway, Transaction
from hotline.storage.rehearsal import is_rehearsal

CUT_OFF = OpenCase("cut_off", "P2", "line_was_down")

log = structlog.get_logger()


def replay(hotline: Hotline) -> int:
    """Take up all that waits, each exactly once; how many. Stops while the database is away."""
    done = 0
    for file in hotline.spool.waiting():
        try:
            event = hotline.spool.read(file)
            with hotline.transaction() as tx:
                rings = _take(hotline, tx, event)
        except DatabaseAway:
            break
        except FileNotFoundError:  # another worker was quicker
            continue
        except Exception:  # one that cannot be read must not keep the others waiting
            log.critical("spooled_event_set_aside", exc_info=True)
            hotline.spool.set_aside(file)
            continue
        hotline.spool.done(file)
        hotline.ring(rings)
        done += 1
    return done


def _take(hotline: Hotline, tx: Transaction, event: Event) -> frozenset[str]:
    """Told before, or told again later, each of these does nothing the second time."""
    match event:
        case TextEvent():
            return texting.take_text(hotline, tx, event)
        case CallStatus():
            return switchboard.end_call(hotline, tx, event)
        case RecordingEvent():
            return recordings.note_ready(hotline, tx, event)
        case Receipt():
            return receipts.take_receipt(hotline, tx, event)
        case CallEvent():
            return _take_up_call(hotline, tx, event)


def _take_up_call(hotline: Hotline, tx: Transaction, event: CallEvent) -> frozenset[str]:
    """The key that was pressed counts; then the caller heard the apology and was cut off."""
    if is_rehearsal(tx, event.carrier, event.call_sid):
        return frozenset()  # it has failed, and nobody was cut off
    rings = frozenset[str]()
    known = find_call(tx, event.carrier, event.call_sid)
    if known is None or not switchboard.is_a_dialog(known):
        if known is not None and known.ended_at is not None and event.number == known.turn:
            answering.take_back_hang_up(hotline, tx, known)
        # Not to a number for missed calls: it is too late to ring back, and nobody was turned away.
        answered = replace(event, afterwards=None, to_number=hotline.settings.number)
        _, rings = switchboard.take_turn(hotline, tx, answered)
    # Staff who pressed a key and heard that something broke must not have a case without knowing.
    status = CallStatus(event.carrier, event.call_sid, "completed", None, event.from_number)
    rings |= switchboard.end_call(hotline, tx, status)
    row = find_call(tx, event.carrier, event.call_sid)
    if row is None or row.case_id is not None or switchboard.is_a_dialog(row):
        return rings
    case_id = cases.open_case(
        hotline,
        tx,
        CUT_OFF,
        channel="voice",
        caller_id=row.caller_id,
        chi="non_counselling",
        current=None,
    )
    cases.add_answers(hotline, tx, case_id, plan=NOT_ASKED)
    set_case(tx, row.id, case_id)
    return rings | {"alerts"}
