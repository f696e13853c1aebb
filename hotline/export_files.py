"""The files of an export: a table for a spreadsheet, made row by row, and sealed piece by piece."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from hotline.core.spreadsheet_cell import harmless
from hotline.core.suppression import HIDDEN
from hotline.export_rows import COLUMNS, Told, Value, report_of
from hotline.parts import Hotline
from hotline.vault import Vault

XLSX, CSV = "xlsx", "csv"
MIME = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}
_REPORT_COLUMNS = ("registration_period", "case_kind", "risk_level", "cases")
_PIECE = 256 * 1024
_LENGTH = 4


def folder(hotline: Hotline) -> Path:
    path = hotline.settings.data / "exports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def write_csv(path: Path, rows: Iterable[Sequence[Value]], told: Told, notes: list[str]) -> None:
    """With the mark by which spreadsheets know UTF-8; the report and the notes stand below."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(COLUMNS)
        for row in rows:
            lines.writerow([_shown(value) for value in row])
        lines.writerow([])
        lines.writerow(_REPORT_COLUMNS)
        lines.writerows([_shown(value) for value in row] for row in report_of(told))
        lines.writerow([])
        lines.writerows([[note] for note in notes])


def write_xlsx(path: Path, rows: Iterable[Sequence[Value]], told: Told, notes: list[str]) -> None:
    """Rows go to disk as they come: a hundred thousand need no more memory than one."""
    from xlsxwriter import Workbook  # only exports need it

    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(str(path), options) as book:
        cases = book.add_worksheet("cases")
        cases.write_row(0, 0, COLUMNS)
        for place, row in enumerate(rows, start=1):
            cases.write_row(place, 0, [_shown(value) for value in row])
        report = book.add_worksheet("report")
        for place, line in enumerate([_REPORT_COLUMNS, *report_of(told)]):
            report.write_row(place, 0, [_shown(value) for value in line])
        words = book.add_worksheet("notes")
        for place, note in enumerate(notes):
            words.write_string(place, 0, note)


def _shown(value: Value) -> Value:
    return harmless(value) if isinstance(value, str) and value != HIDDEN else value


# ---------------------------------------------------------------- sealed piece by piece


def seal_file(vault: Vault, plain: Path, sealed: Path) -> int:
    """How long the plain one was. Each piece knows its place, and the last that it is the last."""
    size = plain.stat().st_size
    last = max(0, size - 1) // _PIECE
    handle = os.open(sealed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with plain.open("rb") as source, os.fdopen(handle, "wb") as target:
        for place in range(last + 1):
            piece = vault.encrypt(source.read(_PIECE), _context(sealed.name, place, place == last))
            target.write(len(piece).to_bytes(_LENGTH, "big") + piece)
    return size


def open_file(vault: Vault, sealed: Path, size: int) -> Iterator[bytes]:
    """What was sealed. Raises FileNotFoundError at once, and SealBroken where it was changed."""
    return _pieces(vault, sealed.open("rb"), sealed.name, size)


def _pieces(vault: Vault, source: BinaryIO, name: str, size: int) -> Iterator[bytes]:
    last = max(0, size - 1) // _PIECE
    with source:
        for place in range(last + 1):
            length = int.from_bytes(source.read(_LENGTH), "big")
            piece = source.read(length)
            yield vault.decrypt(piece, _context(name, place, place == last))


def _context(name: str, place: int, is_last: bool) -> str:
    return f"export {name} {place} {'last' if is_last else 'more'}"
