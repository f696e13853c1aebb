"""The list of services as CSV: read with every fault by its line, written so no cell is a formula.

Names of columns are those of COLUMNS, in any order; the first line names them. What is about a
person is read where somebody brings it, and never written.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hotline.core.listed_service import (
    ALL,
    CATEGORIES,
    EVERYWHERE,
    LONGEST,
    SERVES,
    Entrusted,
    Service,
    phones_in,
)
from hotline.core.spreadsheet_cell import as_written, harmless

PUBLIC = (
    "name_km",
    "name_en",
    "place",
    "categories",
    "serves",
    "hours",
    "phones",
    "authority",
    "agreed_on",
    "checked_on",
)
ENTRUSTED = ("contact_name", "contact_phone", "agreed_by", "notes")
COLUMNS = (*PUBLIC, *ENTRUSTED)
NEEDED = frozenset({"place", "categories", "phones"})

MOST_ROWS = 1_000
MOST_COLUMNS = 40
_LONGEST_OTHER = 200
_EVERYWHERE = frozenset({"all", "cambodia", "kh", "ទូទាំងប្រទេស", "កម្ពុជា"})
_YES, _NO = frozenset({"yes", "1", "true", "x"}), frozenset({"", "no", "0", "false"})
_KHMER_SPACES = "\u200b\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Fault:
    """`line` as an editor counts them, 0 for the whole file; the desk puts `code` into words."""

    line: int
    code: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    services: list[tuple[int, Service]]
    faults: list[Fault]


PlaceOf = Callable[[str], str | None]
"""The code of a place's label, or of its code; None where it is not sure."""


def read_services(data: bytes, place_of: PlaceOf, today: date) -> Read:
    """Every line that can be read, and every fault there is. With a fault nothing is to be kept."""
    words = _decode(data)
    if words is None:
        return Read([], [Fault(0, "encoding")])
    rows = _rows(words)
    if isinstance(rows, Fault):
        return Read([], [rows])
    fault = _fault_of_shape(rows)
    if fault is not None:
        return Read([], [fault])
    names = [cell.strip().casefold() for cell in rows[0][1]]
    services: list[tuple[int, Service]] = []
    faults: list[Fault] = []
    for line, cells in rows[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        row = _Row(line, dict(zip(names, cells, strict=False)), place_of, today)
        if len(cells) > len(names):
            row.fault("too_many_cells")
        service = row.service()
        faults += row.faults
        services.append((line, service))
    return Read(services, faults or ([] if services else [Fault(0, "empty")]))


def write_services(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> bytes:
    """As UTF-8 with the mark by which spreadsheets know it; no cell begins like a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([harmless(row.get(name, "")) for name in columns])
    return out.getvalue().encode("utf-8-sig")


def _decode(data: bytes) -> str | None:
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    try:
        is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        words = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\x00" in words else words


def _rows(words: str) -> list[tuple[int, list[str]]] | Fault:
    head = words.split("\n", 1)[0]
    comma = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(words, newline=""), delimiter=comma, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        last = 0
        for cells in reader:
            rows.append((last + 1, cells))
            last = reader.line_num
            if len(rows) > MOST_ROWS + 1:
                return Fault(0, "too_many_rows")
            if len(cells) > MOST_COLUMNS:
                return Fault(rows[-1][0], "too_wide")
    except csv.Error:
        return Fault(reader.line_num, "not_csv")
    return rows or Fault(0, "empty")


def _fault_of_shape(rows: Sequence[tuple[int, Sequence[str]]]) -> Fault | None:
    names = [cell.strip().casefold() for cell in rows[0][1]]
    for needed in sorted(NEEDED):
        if needed not in names:
            return Fault(1, "column_missing", needed)
    if not {"name_km", "name_en"}.intersection(names):
        return Fault(1, "column_missing", "name_km")
    unknown = next((name for name in names if name and name not in COLUMNS), None)
    if unknown is not None:
        return Fault(1, "column_unknown", unknown[:40])
    doubled = next((name for name in names if name and names.count(name) > 1), None)
    return Fault(1, "column_twice", doubled) if doubled else None


def _tidy(cell: str) -> str:
    """One line, in one form of Unicode, without the signs no keyboard types."""
    words = " ".join(unicodedata.normalize("NFC", cell).split())
    return "".join(
        sign for sign in words if sign in _KHMER_SPACES or unicodedata.category(sign)[0] != "C"
    )


class _Row:
    """One line, cell by cell; goes on after a fault, so that all of them are told at once."""

    def __init__(self, line: int, cells: Mapping[str, str], place_of: PlaceOf, today: date) -> None:
        self._line, self._cells, self._place_of, self._today = line, cells, place_of, today
        self.faults: list[Fault] = []

    def fault(self, code: str, column: str = "") -> None:
        self.faults.append(Fault(self._line, code, column))

    def service(self) -> Service:
        name_km, name_en = self._words("name_km"), self._words("name_en")
        if not name_km and not name_en:
            self.fault("no_name", "name_km")
        return Service(
            name_km=name_km,
            name_en=name_en,
            place=self._place(),
            categories=self._categories(),
            serves=self._serves(),
            hours=self._words("hours"),
            phones=self._phones(),
            is_authority=self._is_authority(),
            agreed_on=self._day("agreed_on"),
            checked_on=self._day("checked_on"),
            entrusted=self._entrusted(),
        )

    def _entrusted(self) -> Entrusted:
        kept = Entrusted(*(self._words(name) for name in ENTRUSTED))
        if phones_in(kept.contact_phone) is None:
            self.fault("no_phone", "contact_phone")
        return kept

    def _words(self, column: str) -> str:
        words = _tidy(as_written(self._cells.get(column, "")))
        if len(words) > LONGEST.get(column, _LONGEST_OTHER):
            self.fault("too_long", column)
        return words

    def _place(self) -> str:
        words = self._words("place")
        if words.casefold() in _EVERYWHERE:
            return EVERYWHERE
        code = self._place_of(words) if words else None
        if code is None:
            self.fault("unknown_place", "place")
        return code or EVERYWHERE

    def _categories(self) -> tuple[str, ...]:
        typed = self._words("categories").casefold().replace(",", " ").replace(";", " ").split()
        if not typed or any(one not in CATEGORIES for one in typed):
            self.fault("unknown_category", "categories")
        return tuple(one for one in CATEGORIES if one in typed)

    def _serves(self) -> str:
        serves = self._words("serves").casefold() or ALL
        if serves not in SERVES:
            self.fault("unknown_serves", "serves")
        return serves

    def _phones(self) -> str:
        words = self._words("phones")
        if not phones_in(words):
            self.fault("no_phone", "phones")
        return words

    def _is_authority(self) -> bool:
        words = self._words("authority").casefold()
        if words not in _YES | _NO:
            self.fault("yes_or_no", "authority")
        return words in _YES

    def _day(self, column: str) -> date | None:
        words = self._words(column)
        if not words:
            return None
        try:
            day = date.fromisoformat(words)
        except ValueError:
            self.fault("no_day", column)
            return None
        if day > self._today:
            self.fault("day_to_come", column)
        return day
