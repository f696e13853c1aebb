"""Whatever is sent to whichever field of whichever form: refused with a sentence, never broken."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from hotline.logs import set_up_logs
from tests.web.desk.bad_input import FOR_POSTGRESQL, MARK, Sender, Snapshot, tries
from tests.web.desk.busy_desk import busy_desk
from tests.web.desk.desk import Desk
from tests.web.desk.found_forms import Form, addresses, forms_of

WHO = ("Dara", "Sophea", "Bopha", "Rith")
"""Together they see every form there is: editors and coordinators have none of their own."""


@pytest.fixture
def refs(desk: Desk) -> list[str]:
    return busy_desk(desk)


@pytest.fixture
def logged() -> io.StringIO:
    """What a file of the log would hold."""
    stream = io.StringIO()
    set_up_logs(stream)
    return stream


def everybodys_forms(desk: Desk, refs: list[str]) -> Iterator[tuple[Sender, Form]]:
    """Each shape of form once, with who found it first."""
    seen: set[tuple[str, frozenset[str]]] = set()
    for name in WHO:
        visitor = desk.staff(name)
        sender = Sender(visitor)
        for shape, form in forms_of(visitor, refs).items():
            if shape not in seen and "sign-out" not in form.action and "sessions" not in shape[0]:
                seen.add(shape)
                yield sender, form


@pytest.mark.timeout(400)
def test_no_value_of_any_field_breaks_anything(
    desk: Desk, refs: list[str], logged: io.StringIO, tmp_path: Path
) -> None:
    """On SQLite each try finds the same desk; PostgreSQL gets what only it may stumble on."""
    forms = list(everybodys_forms(desk, refs))
    assert len(forms) > 60
    is_sqlite = desk.hotline.database.is_sqlite
    before = Snapshot(desk.hotline.database, tmp_path) if is_sqlite else None
    for sender, form in forms:
        for answer in all_answers(sender, form, None if is_sqlite else FOR_POSTGRESQL):
            if before and form.is_post and answer.status_code in (200, 303, 429):
                before.restore()
    assert_nothing_broke([sender for sender, _ in forms], logged)


def all_answers(sender: Sender, form: Form, only: set[str] | None) -> Iterator[TestResponse]:
    fields = fields_to_try(form)
    for field in fields:
        for what, value in tries(form, field):
            if only is None or what in only:
                yield sender.sends(form, field, value, what)
    if fields and form.is_post and only is None:
        yield sender.sends(form, fields[-1], MARK.encode(), "many times", times=50)
        yield sender.uploads(form, fields[-1])


def fields_to_try(form: Form) -> list[str]:
    """Of those that differ by a number only, as in a table, the first."""
    alike = {re.sub(r"[0-9]+", "n", name): name for name in reversed(form.fields)}
    return [name for name in reversed(alike.values()) if name != "form_token"]


@pytest.mark.timeout(400)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_was_taken_is_words_on_every_page(
    desk: Desk, refs: list[str], logged: io.StringIO
) -> None:
    forms = list(everybodys_forms(desk, refs))
    readers = [Sender(desk.staff(name)) for name in ("Dara", "Bopha", "Rith")]
    for sender, form in forms:
        if form.takes_words:
            sender.fills(form)
    for reader in readers:
        for where in addresses(refs):
            reader.reads(where)
    assert_nothing_broke([*(sender for sender, _ in forms), *readers], logged)


def assert_nothing_broke(senders: list[Sender], logged: io.StringIO) -> None:
    assert {fault for sender in senders for fault in sender.faults} == set()
    assert MARK not in logged.getvalue()
    assert "9999999999" not in logged.getvalue()
