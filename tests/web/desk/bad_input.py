"""What may be sent to a field that nobody thought of, and what an answer to it may never hold."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote_plus

from sqlalchemy import make_url
from werkzeug.test import TestResponse

from hotline.storage.database import Database
from tests.web.desk.desk import Visitor
from tests.web.desk.found_forms import WORDS, Form

FINE = {200, 303, 400, 403, 404, 409, 413, 422, 429}
MARK = "zqbad"
"""In every value that is made of letters: nothing of it may stand in a log or a header."""

SCRIPT = "<script>alert(1)</script>"
ALL_AT_ONCE = (
    f"{SCRIPT}{MARK}{{{{ 7*7 }}}}{MARK}${{7*7}}%(n)s"
    "\u202e\u05e9\u05dc\u05d5\u05dd\u202c\U0001f469\U0001f3fd"
)
"""For every field of words at one time: markup, a template, text that turns around."""

EVERYWHERE: dict[str, bytes | None] = {
    "NUL": f"\0{MARK}\0".encode(),
    "half a letter": b"\xed\xa0\x80" + MARK.encode() + b"\xff\xfe",
    "10,000 Khmer letters": (MARK + "\u1780" * 10_000).encode(),
    "nothing": b"",
    "no such field": None,
}
LETTERS: dict[str, bytes | None] = {
    "10,000 emoji": (MARK + "\U0001f469\U0001f3fd" * 5_000).encode(),
    "markup": f"{SCRIPT}{MARK}".encode(),
}
NUMBERS: dict[str, bytes | None] = {
    "more than 32 bits": b"4294967296",
    "more than 64 bits": b"9223372036854775808",
    "many digits": b"9" * 5_000,
    "a negative number": b"-1",
    "a float": b"1e309",
    "no number": b"NaN",
    "a number and NUL": b"1\0",
    "Khmer digits": "\u17e1\u17e2".encode(),
    "a superscript": "\u00b2".encode(),
    "somebody else": b"3",
}
DAYS: dict[str, bytes | None] = {
    "the first day": b"0001-01-01",
    "the last day": b"9999-12-31",
    "no day": b"2026-02-30",
    "the first moment": b"0001-01-01T00:00",
    "the last moment": b"9999-12-31T23:59",
    "the last moment elsewhere": b"9999-12-31T23:59:59-12:00",
    "no time": b"24:61",
}
_MONTH = {"the first month": b"0001-01", "the last month": b"9999-12", "no month": b"2026-13"}


FOR_POSTGRESQL = {
    "NUL", "half a letter", "10,000 Khmer letters", "more than 32 bits", "more than 64 bits",
    "a negative number", "the last moment elsewhere", "the first moment",
}  # fmt: skip
"""What the one database takes and the other does not."""


def tries(form: Form, field: str) -> Iterator[tuple[str, bytes | None]]:
    """All that may matter to this field; a day is no number, and a number is no day."""
    kind, value = form.kinds[field], form.fields[field]
    yield from EVERYWHERE.items()
    if kind in WORDS:
        yield from LETTERS.items()
    if value.isdecimal() or (not value and kind not in WORDS):
        yield from NUMBERS.items()
    if kind.startswith("date") or kind == "time" or value[:4] in ("2026", "08:0"):
        yield from {**DAYS, **_MONTH}.items()


class Snapshot:
    """An SQLite database as it was, to come back to."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database, self._folder = database, folder / "snapshot"
        self._path = Path(str(make_url(database.url).database))
        self._folder.mkdir()
        database.close()
        for file in self._files():
            shutil.copy(file, self._folder)

    def restore(self) -> None:
        self._database.close()
        for file in self._files():
            file.unlink()
        for file in self._folder.iterdir():
            shutil.copy(file, self._path.parent)

    def _files(self) -> list[Path]:
        return list(self._path.parent.glob(f"{self._path.name}*"))


class Sender:
    """One person who sends one form after the other, and what was wrong with the answers."""

    def __init__(self, visitor: Visitor) -> None:
        self._client = visitor.client
        self.faults: list[str] = []

    def sends(
        self, form: Form, field: str, value: bytes | None, what: str, times: int = 1
    ) -> TestResponse:
        """The form as it could be sent, but for one field."""
        pairs = [(name, told.encode()) for name, told in form.fields.items() if name != field]
        pairs += [] if value is None else [(field, value)] * times
        return self._sends(form, pairs, f"{field}={what}")

    def fills(self, form: Form) -> TestResponse:
        """All at once, in every field that takes words."""
        words = {name for name, kind in form.kinds.items() if kind in WORDS}
        told = {**form.fields, **dict.fromkeys(words, ALL_AT_ONCE)}
        answer = self._sends(form, [(name, v.encode()) for name, v in told.items()], "filled")
        is_lost = words and escape(SCRIPT).casefold() not in answer.text.casefold()
        if answer.status_code == 422 and is_lost:
            self.faults.append(f"{form.action}: what was typed is lost")
        return answer

    def uploads(self, form: Form, field: str) -> TestResponse:
        """A file where nobody asked for one."""
        file = (io.BytesIO(f"{SCRIPT}{MARK}".encode()), f"../{MARK}.html", "text/html")
        answer = self._client.post(form.action, data={**form.fields, field: file}, buffered=True)
        self.looks_at(answer, f"{form.action} {field}=a file")
        return answer

    def _sends(self, form: Form, pairs: list[tuple[str, bytes]], what: str) -> TestResponse:
        body = "&".join(f"{quote_plus(name)}={quote_plus(told)}" for name, told in pairs)
        if form.is_post:
            kind = "application/x-www-form-urlencoded"
            answer = self._client.post(form.action, data=body, content_type=kind, buffered=True)
        else:
            answer = self._client.get(form.action, query_string=body, buffered=True)
        self.looks_at(answer, f"{form.action} {what}")
        return answer

    def reads(self, where: str) -> None:
        self.looks_at(self._client.get(where, buffered=True), where)

    def looks_at(self, answer: TestResponse, where: str) -> None:
        if answer.status_code not in FINE:
            self.faults.append(f"{where}: {answer.status_code}")
        if answer.mimetype == "text/html":
            text = answer.text.casefold()
            wrong = [sign for sign in (SCRIPT, "traceback (most", f"{MARK}49") if sign in text]
            self.faults += [f"{where}: {sign} on the page" for sign in wrong]
        if MARK in str(answer.headers):
            self.faults.append(f"{where}: in a header")
