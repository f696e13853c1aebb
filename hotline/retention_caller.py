"""Forgetting one caller, because they asked: everything but what somebody holds for the law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotline import audit, callers, carrier_copies, paging, recordings, retention_cases
from hotline.core.events import CallEvent, CallStatus, TextEvent
from hotline.parts import Hotline
from hotline.storage import retention_caller as table
from hotline.storage.case import CLOSED
from hotline.storage.database import Transaction
from hotline.storage.follow_up import end_follow_up
from hotline.storage.recording import DROPPED, due_recordings
from hotline.vault import SealBroken

ACTOR = "command"
ROUNDS = 50
"""Of asking carriers, 20 copies of each kind in one; what is left the workers go on with."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many of each; or the references because of which nothing was done."""

    counts: Mapping[str, int]
    held: Sequence[str] = ()
    open: Sequence[str] = ()


def forget_caller(hotline: Hotline, number: str, *, also_open: bool = False) -> Forgotten:
    """Forget this E.164 number and all that came from it. Done twice, the second finds nothing.

    All of the database in one transaction. A case under legal hold stops it; so do open cases,
    unless `also_open` closes them first. Who calls again afterwards is new to us.
    """
    with hotline.transaction() as tx:
        caller_ids = callers.known_by(hotline, tx, number)
        cases = table.cases_of(tx, caller_ids)
        held = [case.ref for case in cases if case.held]
        open_ = [case.ref for case in cases if case.state != CLOSED]
        if held or (open_ and not also_open):
            return Forgotten({}, held, open_)
        counts = _forget(hotline, tx, caller_ids, cases)
        spooled = _spooled(hotline, number)
        counts["spooled"] = len(spooled)
        audit.note(tx, hotline.now(), ACTOR, "forget_caller", "caller", _detail(counts))
    for file in spooled:
        hotline.spool.done(file)
    _forget_files(hotline)
    counts["carrier_copies"] = _forget_there(hotline)
    hotline.database.settle_deletions()
    return Forgotten(counts)


def _forget(
    hotline: Hotline, tx: Transaction, caller_ids: Sequence[int], cases: Sequence[Any]
) -> dict[str, int]:
    now = hotline.now()
    counts = {"cases": 0}
    for case in cases:
        if case.state != CLOSED:
            _close(hotline, tx, case)
        counts["cases"] += retention_cases.forget(hotline, tx, case.id, ACTOR, "asked_for")
    counts |= table.forget_traces(tx, caller_ids, now)
    counts["numbers"] = table.forget_numbers(tx, caller_ids)
    return counts


def _close(hotline: Hotline, tx: Transaction, case: Any) -> None:
    """Nobody is to be paged for it or to call any more."""
    table.close_for_forgetting(tx, case.id, hotline.now())
    paging.end_ladder(hotline, tx, case.id)
    end_follow_up(tx, case.id, hotline.now())
    audit.note(tx, hotline.now(), ACTOR, "close", f"case:{case.ref}", "asked_to_forget")


def _spooled(hotline: Hotline, number: str) -> list[Path]:
    """Events of this number that wait for the database, or could not be taken up."""
    files = [*hotline.spool.everything(), *hotline.spool.half_written()]
    return [file for file in files if _is_of(hotline, file, number)]


def _is_of(hotline: Hotline, file: Path, number: str) -> bool:
    try:
        event = hotline.spool.read(file)
    except (SealBroken, KeyError, TypeError, ValueError, OSError):
        return False
    return isinstance(event, CallEvent | CallStatus | TextEvent) and event.from_number == number


def _forget_files(hotline: Hotline) -> None:
    """The files of sounds that were dropped just now; a worker would do it as well."""
    with hotline.transaction() as tx:
        for row in due_recordings(tx, hotline.now(), state=DROPPED, limit=1000):
            recordings.forget_file(hotline, tx, row)


def _forget_there(hotline: Hotline) -> int:
    """Copies of texts and sounds at the carriers, as far as they answer now."""
    count = 0
    for _round in range(ROUNDS):
        cleared = carrier_copies.clear(hotline)
        count += cleared
        if not cleared:
            break
    return count


def _detail(counts: Mapping[str, int]) -> str:
    """How many, and nothing else; the line has room for the main ones."""
    short = ("cases", "texts_in", "messages_out", "conversations", "voice_messages", "spooled")
    return " ".join(f"{name}={counts[name]}" for name in short)[:96]
