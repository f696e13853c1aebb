"""Exports for supervisors: asked for at the desk, made by a worker, deleted after a day."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from hotline import audit, export_files, export_rows
from hotline.core.suppression import LEAST, told_number
from hotline.export_rows import COLUMNS, Told
from hotline.parts import Hotline
from hotline.storage import export_job, whole_table
from hotline.storage.database import DatabaseAway, Transaction

LONGEST = 36
"""Months in one export."""

AT_ONCE = 3
"""Exports that may wait or be made at one time, by whomever they were asked for."""

KEPT = timedelta(hours=24)
LEASE = timedelta(minutes=2)
TRIES = 3

log = structlog.get_logger()


class Stopped(Exception):
    """It was cancelled, or another worker has it by now."""


def last_month(now: datetime) -> str:
    """The newest month that is over: one that goes on would tell by its growth who was new."""
    return export_rows.month_before(export_rows.month_of(now))


def ask(
    hotline: Hotline, tx: Transaction, member_id: int, format: str, first: str, last: str
) -> int | None:
    """The number of the export; None while too many are under way. Ring `exports` afterwards."""
    if export_job.count_under_way(tx) >= AT_ONCE:
        return None
    now = hotline.now()
    number = export_job.ask_for_export(
        tx, asked_by=member_id, asked_at=now, format=format, first_month=first, last_month=last
    )
    note = f"{format} {first} {last}"
    audit.note(tx, now, f"staff:{member_id}", "ask_export", f"export:{number}", note)
    return number


def cancel(hotline: Hotline, tx: Transaction, member_id: int, number: int) -> bool:
    now = hotline.now()
    done = export_job.cancel_export(tx, number, now)
    if done:
        audit.note(tx, now, f"staff:{member_id}", "cancel_export", f"export:{number}")
    return done


def give_up_all(tx: Transaction, now: datetime) -> None:
    export_job.give_up_exports(tx, now)


# ---------------------------------------------------------------- the worker's part


def make_waiting(hotline: Hotline, owner: str) -> int:
    """Make every export that waits, one after the other; how many were made."""
    made = 0
    while (job := _claim(hotline, owner)) is not None:
        made += _make_one(hotline, job, owner)
    return made


def has_waiting(hotline: Hotline) -> bool:
    """Nearly always not, which is found out without waiting for writers."""
    with hotline.reading() as tx:
        return export_job.next_export(tx, hotline.now()) is not None


def _claim(hotline: Hotline, owner: str) -> Any | None:
    now = hotline.now()
    with hotline.transaction() as tx:
        # One that is too large kills its worker, which can say nothing: it must not go on killing.
        export_job.give_up_tried(tx, TRIES, now)
        job = export_job.next_export(tx, now)
        if job is None or not export_job.claim_export(tx, job.id, owner, now, now + LEASE):
            return None
    return job


def _make_one(hotline: Hotline, job: Any, owner: str) -> bool:
    """Whether there is a file now. What goes wrong with one must not keep the others."""
    name = hotline.chance(16).hex()
    folder = export_files.folder(hotline)
    plain, sealed = folder / f"{name}.part", folder / name
    try:
        told = _write(hotline, job, owner, plain)
        size = export_files.seal_file(hotline.vault, plain, sealed)
        _finish(hotline, job, owner, told, name, size)
    except DatabaseAway:
        sealed.unlink(missing_ok=True)
        raise
    except Stopped:
        sealed.unlink(missing_ok=True)
        return False
    except Exception:
        sealed.unlink(missing_ok=True)
        log.exception("export_failed", export=job.id)
        _fail(hotline, job, owner)
        return False
    finally:
        plain.unlink(missing_ok=True)
    return True


def _write(hotline: Hotline, job: Any, owner: str, plain: Path) -> Told:
    months = export_rows.months_between(job.first_month, job.last_month)
    with hotline.reading() as tx:
        whole_table.rest_for_long(tx)
        look = partial(_go_on, hotline, job, owner)
        told = export_rows.look_through(tx, months, lambda seen: look(total=seen))
        is_csv = job.format == export_files.CSV
        write = export_files.write_csv if is_csv else export_files.write_xlsx
        plain.touch(mode=0o600)
        rows = export_rows.rows_of(tx, months, told, lambda seen: look(looked_at=seen))
        with contextlib.closing(rows):
            write(plain, rows, told, _Notes(job, told))
    return told


class _Notes(list[str]):
    """What stands beside the rows; asked for when they are written, and their number is known."""

    def __init__(self, job: Any, told: Told) -> None:
        super().__init__()
        self._job, self._told = job, told

    def __iter__(self) -> Any:
        told = self._told
        yield f"cases from {self._job.first_month} to {self._job.last_month}: {told.rows}"
        left_out = told_number(told.total - told.rows)
        yield f"left out, as fewer than {LEAST} share what is known of them: {left_out}"
        yield "the sign * is any value: the cases are told coarser, until five share what is told"
        yield f"the sign - is a number that would tell another one below {LEAST}"


def _go_on(hotline: Hotline, job: Any, owner: str, **values: int) -> None:
    """Raises Stopped. A database that is busy for a moment costs a step of the progress bar."""
    with contextlib.suppress(DatabaseAway), hotline.transaction() as tx:
        if not export_job.go_on(tx, job.id, owner, hotline.now() + LEASE, **values):
            raise Stopped


def _finish(hotline: Hotline, job: Any, owner: str, told: Told, name: str, size: int) -> None:
    """Raises Stopped."""
    now = hotline.now()
    made = {"told": told.rows, "total": told.total, "file": name, "size": size}
    with hotline.transaction() as tx:
        if not export_job.end_export(tx, job.id, owner, export_job.DONE, now, **made):
            raise Stopped
        note = f"{told.rows} rows of {len(COLUMNS)} columns"
        audit.note(tx, now, "worker", "make_export", f"export:{job.id}", note)


def _fail(hotline: Hotline, job: Any, owner: str) -> None:
    """After some tries nobody tries again; until then the lease runs out."""
    if job.tries + 1 < TRIES:
        return
    with hotline.transaction() as tx:
        export_job.end_export(tx, job.id, owner, export_job.FAILED, hotline.now())


def delete_old(hotline: Hotline) -> int:
    """Files older than a day go, and what a worker that died left behind."""
    now = hotline.now()
    with hotline.reading() as tx:
        old = export_job.exports_to_delete(tx, now - KEPT)
    for job in old:
        (export_files.folder(hotline) / job.file).unlink(missing_ok=True)
        with hotline.transaction() as tx:
            export_job.mark_deleted(tx, job.id)
            audit.note(tx, now, "worker", "delete_export", f"export:{job.id}")
    _sweep_folder(hotline)
    return len(old)


def _sweep_folder(hotline: Hotline) -> None:
    """What belongs to no export lies in the clear: gone once no living worker can have it open."""
    folder = hotline.settings.data / "exports"
    lying = list(folder.iterdir()) if folder.is_dir() else []
    if not lying:
        return
    with hotline.reading() as tx:
        kept = export_job.files_kept(tx)
        is_quiet = export_job.count_under_way(tx) == 0
    before = hotline.now() - (LEASE if is_quiet else KEPT)
    for path in lying:
        with contextlib.suppress(FileNotFoundError):  # an export that is made just now removes some
            if path.name not in kept and _written(path) < before:
                path.unlink()


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
