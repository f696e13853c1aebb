"""After a day's work at the desk nothing personal can be read but where it is meant to be.

The same day as in tests/journeys/test_nothing_personal.py, here on both databases.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from pyrage import x25519
from sqlalchemy import make_url

from hotline import exporting, outbox, retention_caller, retention_holds
from hotline.backup_crypt import public_keys
from hotline.backup_making import make_backup
from hotline.logs import set_up_logs
from hotline.storage.outbox_item import outbox as items
from hotline.storage.schema import all_tables
from hotline.storage.staff_member import find_staff_by_name
from tests.journeys.desk_hands import Hands, InProcess
from tests.journeys.desk_story import TYPED, World, secrets_of_the_desk, staff_work
from tests.journeys.people import CHILD, MOTHER, NAMES, SECRETS, STRANGER, WRITTEN
from tests.journeys.searching import number, search, words
from tests.journeys.traces import flat
from tests.retention.house import House
from tests.web.desk.desk import Desk
from tests.web.desk.test_callers_messages import texts

OF_THE_MOTHER = ("a note at the desk", "a note on a try", "a reason for a date",
                 "words of a referral", "a reason for opening", "a reason for a hold",
                 "a reason for handing over")  # fmt: skip
LOST = "zqolt Sokhaphak 061 572 938"
"""Nobody understands it; it has a name and a number in it."""


@pytest.fixture
def logged() -> io.StringIO:
    stream = io.StringIO()
    set_up_logs(stream)
    return stream


def world_of(desk: Desk) -> World:
    def code_for(phone: str) -> str:
        with desk.hotline.reading() as tx:
            bodies = tx.execute(sa.select(items.c.body_sealed).order_by(items.c.id)).scalars()
            told = [desk.hotline.vault.decrypt(one, outbox.CONTEXT).decode() for one in bodies]
        return [code for words in told for code in re.findall(r"\b\d{6}\b", words)][-1]

    return World(
        hands=lambda: Hands(InProcess(desk.app.test_client())),
        clock=lambda: desk.hotline.now().timestamp(),
        code_for=code_for,
        exports_are_made=lambda _who: exporting.make_waiting(desk.hotline, "a worker") and None,
    )


def what_is_kept(desk: Desk, data: Path) -> dict[str, bytes]:
    """Every column of every row, and every file, as whoever steals them finds them."""
    found = {}
    with desk.hotline.reading() as tx:
        for table in all_tables().sorted_tables:
            rows = tx.execute(sa.select(table)).all()
            found[f"the table {table.name}"] = flat([tuple(row) for row in rows])
    files = [path for path in data.rglob("*") if path.is_file()]
    if desk.hotline.database.is_sqlite:
        path = Path(str(make_url(desk.hotline.database.url).database))
        files += path.parent.glob(f"{path.name}*")
    return found | {f"the file {file.name}": file.read_bytes() for file in files}


def unpacked(downloads: dict[str, bytes]) -> dict[str, bytes]:
    """A sheet of Excel is a zip file."""
    book = zipfile.ZipFile(io.BytesIO(downloads["the exported xlsx"]))
    return {**downloads, **{f"{name} of it": book.read(name) for name in book.namelist()}}


def saved(desk: Desk, folder: Path) -> dict[str, bytes]:
    key = str(x25519.Identity.generate().to_public())
    make_backup(desk.hotline, folder / "line.age", public_keys((key,)))
    return {f"the backup {file.name}": file.read_bytes() for file in folder.glob("line.age*")}


@pytest.mark.timeout(120)
def test_nothing_personal_is_left_but_sealed(
    desk: Desk, logged: io.StringIO, tmp_path: Path
) -> None:
    ref = desk.caller_asks(number=MOTHER, notes={"under_18": "yes", "need": NAMES[1]})
    desk.caller_speaks(ref, b"RIFF....")
    texts(desk, WRITTEN["a number in a text"], CHILD)
    texts(desk, LOST, STRANGER)
    world = world_of(desk)
    staff_work(world, ref)
    secrets = [*SECRETS, *secrets_of_the_desk(world), words("what nobody understood", LOST)]
    sources = what_is_kept(desk, tmp_path / "data") | world.traces() | unpacked(world.downloads)
    sources |= {"the log": logged.getvalue().encode()} | saved(desk, tmp_path)
    assert len(sources) > 80
    assert search(sources, secrets) == []
    the_caller_is_forgotten(House(desk, tmp_path), logged)


def the_caller_is_forgotten(house: House, logged: io.StringIO) -> None:
    """Even who has every key there is finds nothing of them any more."""
    theirs = [words(name, TYPED[name]) for name in OF_THE_MOTHER]
    theirs.append(number("the mother's number", MOTHER))
    with_all_keys = {"all that can be opened": house.everything_readable().encode()}
    found = search(with_all_keys, theirs)
    assert len(found) == len(theirs), "each of them was there before, for who has the keys"
    held = retention_caller.forget_caller(house.hotline, MOTHER, also_open=True)
    assert held.held
    with house.hotline.transaction() as tx:
        retention_holds.lift(house.hotline, tx, 1, find_staff_by_name(tx, "Rith").id)
    done = retention_caller.forget_caller(house.hotline, MOTHER, also_open=True)
    assert not done.held
    assert not done.open
    left = {"all that can be opened": house.everything_readable().encode()}
    kept = what_is_kept(house.desk, house.folder / "data")
    assert search({**left, **kept, "the log": logged.getvalue().encode()}, theirs) == []
