"""Everything kept about one caller: found for an export, or gone at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, or_, select, update

from hotline.core.delivery import CANCELLED, PENDING
from hotline.storage.caller import callers
from hotline.storage.caller_message import messages
from hotline.storage.case import CLOSED, case_events, cases
from hotline.storage.conversation import conversations
from hotline.storage.database import Transaction
from hotline.storage.incoming_text import incoming_texts
from hotline.storage.outbox_item import outbox
from hotline.storage.recording import recordings
from hotline.storage.referral import referral_steps, referrals
from hotline.storage.retention_case import drop_sounds
from hotline.storage.retention_hold import is_held
from hotline.storage.retention_rows import strip_conversations, strip_incoming, strip_outgoing
from hotline.storage.tables import Found, metadata

REMOVE, OWN = "remove", "own"

OF_A_CALLER = {
    "cases": OWN,
    "conversation": OWN,
    "incoming_text": OWN,
    "outbox_item": OWN,
    "caller_message": REMOVE,
    "ring_back": REMOVE,
    "silent_call": REMOVE,
    "pause": REMOVE,
}
"""What becomes of every table that speaks of a caller; a test asks for each."""


def callers_by_id(tx: Transaction, caller_ids: Sequence[int]) -> Sequence[Found]:
    return tx.execute(select(callers).where(callers.c.id.in_(caller_ids))).all()


def cases_of(tx: Transaction, caller_ids: Sequence[int]) -> Sequence[Found]:
    """Their cases with `held`, oldest first."""
    return tx.execute(
        select(cases, is_held().label("held"))
        .where(cases.c.caller_id.in_(caller_ids))
        .order_by(cases.c.id)
    ).all()


def close_for_forgetting(tx: Transaction, case_id: int, now: datetime) -> None:
    """The caller wants nothing of us any more, whoever has the case."""
    tx.execute(
        update(cases)
        .where(cases.c.id == case_id, cases.c.state != CLOSED)
        .values(state=CLOSED, closed_at=now, outcome="no_help_wanted", version=cases.c.version + 1)
    )


def forget_traces(tx: Transaction, caller_ids: Sequence[int], now: datetime) -> dict[str, int]:
    """All but the cases; how many of each. The numbers themselves go last."""
    rows = outbox.c
    tx.execute(
        update(outbox)
        .where(rows.caller_id.in_(caller_ids), rows.state == PENDING)
        .values(state=CANCELLED, next_at=None, updated_at=now)
    )
    calls = _ids(tx, conversations, caller_ids)
    counts = {"voice_messages": drop_sounds(tx, _spoken_by(caller_ids, calls), now)}
    for name, what in OF_A_CALLER.items():
        table = metadata.tables[name]
        if what == REMOVE:
            done = tx.execute(delete(table).where(table.c.caller_id.in_(caller_ids)))
            counts[name] = done.rowcount
    counts["texts_in"] = _strip(tx, incoming_texts, caller_ids, strip_incoming, now)
    counts["messages_out"] = _strip(tx, outbox, caller_ids, strip_outgoing, now)
    counts["conversations"] = _strip(tx, conversations, caller_ids, strip_conversations, now)
    return counts


def _spoken_by(caller_ids: Sequence[int], call_ids: Sequence[int]) -> ColumnElement[bool]:
    """Also in a call that is older than a month: then only the message still knows whose it is."""
    mine = select(messages.c.recording_id).where(
        messages.c.caller_id.in_(caller_ids), messages.c.recording_id.is_not(None)
    )
    return or_(recordings.c.conversation_id.in_(call_ids), recordings.c.id.in_(mine))


def forget_numbers(tx: Transaction, caller_ids: Sequence[int]) -> int:
    return tx.execute(delete(callers).where(callers.c.id.in_(caller_ids))).rowcount


def _ids(tx: Transaction, table: Table, caller_ids: Sequence[int]) -> Sequence[int]:
    query = select(table.c.id).where(table.c.caller_id.in_(caller_ids))
    return tx.execute(query).scalars().all()


def _strip(tx: Transaction, table: Table, caller_ids: Sequence[int], strip: Any, now: Any) -> int:
    found = _ids(tx, table, caller_ids)
    if not found:
        return 0
    strip(tx, found, now)
    # Also where the words went before by the clock: nothing may point at the number.
    tx.execute(update(table).where(table.c.id.in_(found)).values(caller_id=None))
    return len(found)


# ---------------------------------------------------------------- for an export


def rows_of_caller(
    tx: Transaction, caller_ids: Sequence[int]
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Every row of every table that points at them, but the cases."""
    return {
        name: _all(tx, metadata.tables[name], "caller_id", caller_ids)
        for name in OF_A_CALLER
        if name != "cases"
    }


def rows_of_case(tx: Transaction, case_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    tables = (case_events, metadata.tables["attempt"], referrals)
    found = {table.name: _all(tx, table, "case_id", [case_id]) for table in tables}
    steps = (
        select(referral_steps, referrals.c.number.label("referral"))
        .join(referrals, referrals.c.id == referral_steps.c.referral_id)
        .where(referrals.c.case_id == case_id)
        .order_by(referral_steps.c.id)
    )
    return {**found, referral_steps.name: [dict(row) for row in tx.execute(steps).mappings()]}


def sounds_of(
    tx: Transaction, caller_ids: Sequence[int], call_ids: Sequence[int], case_ids: Sequence[int]
) -> Sequence[Found]:
    spoken = _spoken_by(caller_ids, call_ids)
    return tx.execute(
        select(recordings)
        .where(or_(spoken, recordings.c.case_id.in_(case_ids)))
        .order_by(recordings.c.id)
    ).all()


def _all(
    tx: Transaction, table: Table, column: str, ids: Sequence[int]
) -> Sequence[Mapping[str, Any]]:
    (key,) = table.primary_key.columns
    found = tx.execute(select(table).where(table.c[column].in_(ids)).order_by(key))
    return [dict(row) for row in found.mappings()]
