"""Voice messages of callers: expected, fetched from the carrier, sealed, dropped on request."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from hotline.core.events import RecordingEvent
from hotline.core.voice_message import SHORTEST_MESSAGE
from hotline.parts import Hotline
from hotline.storage import caller_message
from hotline.storage import recording as table
from hotline.storage.conversation import caller_of, find_call
from hotline.storage.database import Transaction

FIRST_LOOK = timedelta(seconds=10)
"""A carrier may need some seconds until the sound it spoke of is there."""

_WAITS = (10, 30, 60, 300, 900, 3600, 3600, 7200)
_URL = "recording.url"
_SOUND = "recording.sound"


def expect(
    hotline: Hotline,
    tx: Transaction,
    *,
    carrier: str,
    sid: str,
    url: str | None,
    seconds: int,
    conversation_id: int,
) -> None:
    """A voice message was spoken; a worker fetches it. Told twice, it is kept once."""
    now = hotline.now()
    spoken = {"conversation_id": conversation_id, "seconds": seconds, "created_at": now}
    recording_id = table.expect_recording(
        tx,
        carrier=carrier,
        sid=sid,
        url_sealed=hotline.vault.encrypt(url.encode(), _URL) if url else None,
        state=table.EXPECTED,
        tries=0,
        next_at=now + FIRST_LOOK,
        **spoken,
    )
    if recording_id is not None:
        _list(tx, SimpleNamespace(id=recording_id, case_id=None, **spoken))


def _list(tx: Transaction, row: Any) -> None:
    """Somebody is to hear it. Told twice, it is listed once."""
    if row.seconds >= SHORTEST_MESSAGE:
        caller_message.add_message(
            tx,
            caller_message.VOICE,
            recording_id=row.id,
            caller_id=caller_of(tx, row.conversation_id),
            case_id=row.case_id,
            size=row.seconds,
            received_at=row.created_at,
        )


def note_ready(hotline: Hotline, tx: Transaction, event: RecordingEvent) -> frozenset[str]:
    """The carrier says that a voice message can be fetched; the queues to ring."""
    call = find_call(tx, event.carrier, event.call_sid)
    if call is None:
        return frozenset()
    known = table.find_recording(tx, event.carrier, event.recording_sid)
    if known is None:
        expect(
            hotline,
            tx,
            carrier=event.carrier,
            sid=event.recording_sid,
            url=event.url,
            seconds=event.seconds,
            conversation_id=call.id,
        )
        known = table.find_recording(tx, event.carrier, event.recording_sid)
    if known is None or known.state != table.EXPECTED:
        return frozenset()
    sealed = hotline.vault.encrypt(event.url.encode(), _URL)
    case_id = known.case_id or call.case_id
    table.change_recording(tx, known.id, url_sealed=sealed, next_at=hotline.now(), case_id=case_id)
    if known.case_id is None and case_id is not None:
        caller_message.attach_recording(tx, known.id, case_id)
    return frozenset({"chores"})


def attach(tx: Transaction, carrier: str, sid: str, case_id: int | None) -> None:
    known = table.find_recording(tx, carrier, sid)
    if known is not None:
        table.change_recording(tx, known.id, case_id=case_id)
        caller_message.attach_recording(tx, known.id, case_id)


def drop(hotline: Hotline, tx: Transaction, carrier: str, sid: str) -> None:
    """The caller deleted the message: forgotten here, and at the carrier by a worker."""
    known = table.find_recording(tx, carrier, sid)
    if known is None:
        return
    if known.file:
        (folder(hotline) / known.file).unlink(missing_ok=True)
    caller_message.forget_recording(tx, known.id)
    table.change_recording(
        tx,
        known.id,
        state=table.DROPPED,
        file=None,
        wrapped=None,
        url_sealed=None,
        next_at=hotline.now(),
    )


def folder(hotline: Hotline) -> Path:
    path = hotline.settings.data / "recordings"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def url_of(hotline: Hotline, row: Any) -> str:
    return hotline.vault.decrypt(row.url_sealed, _URL).decode()


def keep(hotline: Hotline, row: Any, sound: bytes) -> bool:
    """Seal the sound into a file with a name that says nothing; the row points at it.

    False, and nothing is kept, when the caller deleted the message while it was fetched.
    """
    name = hotline.chance(16).hex()
    path = folder(hotline) / name
    wrapped = hotline.vault.new_case_key()  # of this sound alone: forgetting it forgets the sound
    _write_safely(path, hotline.vault.case_box(wrapped).encrypt(sound, f"{_SOUND} {name}"))
    with hotline.transaction() as tx:
        kept = table.keep_file(tx, row.id, name, wrapped)
        if kept:  # the version before, which ran until a moment ago, listed none
            _list(tx, table.get_recording(tx, row.id))
    if not kept:
        path.unlink()
    return kept


def _write_safely(path: Path, sealed: bytes) -> None:
    """On the disk before this returns: the carrier's copy is deleted next."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    inside = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(inside)
    finally:
        os.close(inside)


def sound_of(hotline: Hotline, row: Any) -> bytes:
    """The sound in the clear, for staff who may hear it."""
    sealed, context = (folder(hotline) / row.file).read_bytes(), f"{_SOUND} {row.file}"
    if row.wrapped is None:  # kept by an earlier version
        return hotline.vault.decrypt(sealed, context)
    return hotline.vault.case_box(row.wrapped).decrypt(sealed, context)


def forget_file(hotline: Hotline, tx: Transaction, row: Any) -> None:
    """Of a message that was dropped; may be done again."""
    if row.file:
        (folder(hotline) / row.file).unlink(missing_ok=True)
    table.change_recording(tx, row.id, file=None, next_at=None)


def retry_after(tries: int) -> timedelta | None:
    """How long to wait after the `tries`-th failed fetch; None: it is given up."""
    return timedelta(seconds=_WAITS[tries - 1]) if tries <= len(_WAITS) else None
