"""Everything kept about one caller, in the clear: for the caller who asks what we hold.

Names of staff are left out, and our own row numbers, which say nothing to anybody else.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from hotline import audit, callers, key_rotation, recordings
from hotline.parts import Hotline
from hotline.storage import retention_caller as table
from hotline.storage.case import case_key
from hotline.storage.database import Transaction
from hotline.vault import Box, SealBroken

Row = Mapping[str, Any]

_OURS = frozenset(
    {"id", "version", "heeded", "number_index", "lease_owner", "lease_until", "policy"}
)
_CASE_CONTEXTS = {
    ("cases", "plan_sealed"): "plan",
    ("cases", "notes_sealed"): "notes",
    ("cases", "facts_sealed"): "facts",
    ("case_event", "text_sealed"): "event",
    ("attempt", "note_sealed"): "attempt",
    ("referral", "words_sealed"): "referral.words",
    ("referral", "reason_sealed"): "referral.reason",
    ("referral_step", "words_sealed"): "referral.step",
}
_UNREADABLE = "(cannot be opened any more)"


def export_caller(hotline: Hotline, number: str) -> dict[str, Any] | None:
    """All of it as plain JSON values; None for a number we do not know. Written into the audit."""
    with hotline.transaction() as tx:
        caller_ids = callers.known_by(hotline, tx, number)
        if not caller_ids:
            return None
        audit.note(tx, hotline.now(), "command", "export_caller", "caller")
    with hotline.reading() as tx:
        rows = table.callers_by_id(tx, caller_ids)
        known = table.rows_of_caller(tx, caller_ids)
        cases = table.cases_of(tx, caller_ids)
        told = {
            "number": number,
            "caller": [_row(hotline, "caller", dict(row._mapping)) for row in rows],
            "cases": [_case(hotline, tx, case) for case in cases],
            **{name: [_row(hotline, name, one) for one in found] for name, found in known.items()},
        }
        calls = [row["id"] for row in known["conversation"]]
        sounds = table.sounds_of(tx, caller_ids, calls, [case.id for case in cases])
    return {**told, "voice_messages": [_sound(hotline, row) for row in sounds]}


def _case(hotline: Hotline, tx: Transaction, case: Any) -> dict[str, Any]:
    wrapped = case_key(tx, case.id)
    box = hotline.vault.case_box(wrapped) if wrapped is not None else None
    parts = table.rows_of_case(tx, case.id)
    return {
        **_plain(dict(case._mapping), _case_opener(box, "cases")),
        **{
            name: [_plain(row, _case_opener(box, name)) for row in rows]
            for name, rows in parts.items()
        },
    }


def _case_opener(box: Box | None, table_name: str) -> Callable[[str, bytes], str]:
    def open_one(column: str, sealed: bytes) -> str:
        if box is None:
            return _UNREADABLE
        return box.decrypt(sealed, _CASE_CONTEXTS[table_name, column]).decode()

    return open_one


def _row(hotline: Hotline, name: str, row: Row) -> dict[str, Any]:
    def open_one(column: str, sealed: bytes) -> str:
        context = key_rotation.SEALED[name, column](row)
        return hotline.vault.decrypt(sealed, context).decode()

    return _plain(row, open_one)


def _plain(row: Row, open_one: Callable[[str, bytes], str]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in row.items():
        if value is None or name in _OURS or name.endswith(("_id", "_by", "_hash", "_key")):
            continue
        if isinstance(value, bytes):
            shown[name.removesuffix("_sealed")] = _opened(open_one, name, value)
        else:
            shown[name] = value.isoformat() if isinstance(value, datetime) else value
    return shown


def _opened(open_one: Callable[[str, bytes], str], name: str, sealed: bytes) -> Any:
    if not sealed:
        return None
    try:
        words = open_one(name, sealed)
    except SealBroken:
        return _UNREADABLE
    try:
        return json.loads(words)
    except ValueError:
        return words


def _sound(hotline: Hotline, row: Any) -> dict[str, Any]:
    told = {"spoken_at": row.created_at.isoformat(), "seconds": row.seconds, "state": row.state}
    if row.file:
        try:
            told["mp3_in_base64"] = b64encode(recordings.sound_of(hotline, row)).decode()
        except (SealBroken, OSError):
            told["mp3_in_base64"] = _UNREADABLE
    return told
