"""A line is saved while it goes on, and put back elsewhere: all of it, and once."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import shutil
import tarfile
import threading
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from pyrage import decrypt, encrypt, x25519

from hotline import (
    audit,
    backup_rearming,
    callers,
    calling_back,
    following_up,
    outbox,
    recordings,
    retention_cases,
)
from hotline import backup_form as form
from hotline.backup_fault import BackupFault
from hotline.backup_making import KEYS, OF_CASE_KEYS, PASSING, make_backup, missing_sounds
from hotline.backup_restoring import Restored, restore
from hotline.checking import FAR
from hotline.core.delivery import CALLER, PENDING, SENDING, STAFF, UNCERTAIN
from hotline.core.events import TextEvent
from hotline.core.turn import Saying
from hotline.key_ring import KeyRing, read_key_ring
from hotline.key_rotation import WRAPPED
from hotline.parts import Hotline
from hotline.storage import schema
from hotline.storage.case import events_of, find_case
from hotline.storage.database import Database, Transaction
from hotline.storage.outbox_item import outbox as items
from hotline.storage.overdue import cases_without_next_step
from hotline.storage.recording import recordings_of
from hotline.storage.staff_member import get_staff
from hotline.storage.whole_table import fill, first_with_rows, table_columns
from hotline.told import box_of, open_told
from hotline.vault import Vault
from tests.web.desk.desk import MOTHER, NEIGHBOUR, Desk

SOUND = b"RIFF" + os.urandom(50_000)
Elsewhere = Callable[[], Hotline]


def save(desk: Desk, tmp_path: Path, pair: x25519.Identity, name: str = "line.age") -> Path:
    path = tmp_path / name
    make_backup(desk.hotline, path, [pair.to_public()])
    return path


def put_back(hotline: Hotline, path: Path, pair: x25519.Identity) -> Restored:
    return restore(hotline, path, path.with_name(path.name + OF_CASE_KEYS), [pair])


def everything(hotline: Hotline, but: frozenset[str] = frozenset()) -> dict[str, list[tuple]]:
    with hotline.reading() as tx:
        return {
            name: tx.execute(sa.select(table).order_by(*table.primary_key)).all()
            for name, table in schema.all_tables().tables.items()
            if name not in PASSING | but
        }


# What a restore itself writes down: pages, the timeline, the audit chain, the ladders.
TOUCHED = frozenset(
    {"outbox_item", "case_event", "audit_line", "escalation", "page", "cases", "export_job"}
)


@pytest.fixture
def line(desk: Desk) -> Desk:
    """An open case with a voice message, one that Dara has, and a text on its way to a caller."""
    ref = desk.caller_asks(notes={"under_18": "yes"})
    desk.caller_speaks(ref, SOUND)
    desk.takes_by_text("Dara", desk.caller_asks(number=NEIGHBOUR))
    with desk.hotline.transaction() as tx:
        caller = callers.meet(desk.hotline, tx, MOTHER)
        say = [Saying("SMS_STOPPED")]
        assert outbox.put_reply(desk.hotline, tx, caller, say, "key", language="km", script=None)
    return desk


def references(hotline: Hotline) -> list[str]:
    with hotline.reading() as tx:
        cases = schema.all_tables().tables["cases"]
        return list(tx.scalars(sa.select(cases.c.ref).order_by(cases.c.id)))


def messages(hotline: Hotline, audience: str, *states: str) -> list[str]:
    with hotline.reading() as tx:
        wanted = sa.select(items.c.prompt).where(
            items.c.audience == audience, items.c.state.in_(states)
        )
        return list(tx.scalars(wanted.order_by(items.c.id)))


def test_all_of_it_is_there_again(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity
) -> None:
    before = everything(line.hotline, but=TOUCHED)
    path = save(line, tmp_path, pair)
    assert path.stat().st_mode & 0o777 == 0o600
    elsewhere = empty_place()
    restored = put_back(elsewhere, path, pair)

    assert everything(elsewhere, but=TOUCHED) == before
    assert restored.counted["cases"] == 2
    assert restored.forgotten == 0
    with elsewhere.transaction() as tx:
        case = find_case(tx, references(line.hotline)[0])
        assert open_told(box_of(elsewhere, tx, case.id), case).notes["under_18"] == "yes"
        (message,) = recordings_of(tx, case.id)
        assert recordings.sound_of(elsewhere, message) == SOUND
        assert audit.first_broken_line(tx) is None
        new = callers.meet(elsewhere, tx, "+85577777777")  # with a number of its own
    assert new.id not in {row.id for row in before["caller"]}


def test_nobody_is_told_twice_and_nobody_is_left_waiting(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity
) -> None:
    """What was to go to a caller may have gone out since; open cases are paged anew."""
    path = save(line, tmp_path, pair)
    before = messages(line.hotline, STAFF, PENDING)
    line.minutes_pass(300)
    elsewhere = empty_place()
    restored = put_back(elsewhere, path, pair)

    assert messages(elsewhere, CALLER, PENDING, SENDING) == []
    assert messages(elsewhere, CALLER, UNCERTAIN) == ["SMS_STOPPED"]
    assert (restored.rearmed.open_cases, restored.rearmed.claimed_cases) == (1, 1)
    waiting = messages(elsewhere, STAFF, PENDING)
    assert waiting.count("STAFF_RESTORED") == 3
    assert len(waiting) >= len(before) + 3
    assert {"STAFF_URGENT", "STAFF_OVERDUE"} & set(waiting)
    following_up.raise_overdue(elsewhere)
    with elsewhere.reading() as tx:
        for ref in references(elsewhere):
            assert "restored" in [event.what for event in events_of(tx, find_case(tx, ref).id)]
        assert cases_without_next_step(tx, line.time[0], line.time[0] + FAR) == []


def test_a_receipt_for_a_lost_message_is_not_taken_for_one_to_come(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity
) -> None:
    highest = max(row.id for row in everything(line.hotline)["outbox_item"])
    elsewhere = empty_place()
    put_back(elsewhere, save(line, tmp_path, pair), pair)
    new = [row.id for row in everything(elsewhere)["outbox_item"] if row.id > highest]
    assert new
    assert min(new) > highest + 90_000


def test_the_line_goes_on_while_it_is_saved(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity
) -> None:
    """Writers are not kept waiting, and the backup is of one moment."""
    stop, refs, faults = threading.Event(), list[str](), list[Exception]()

    def ask_and_ask() -> None:
        while not stop.is_set() and len(refs) < 60:
            try:
                refs.append(line.caller_asks(number=f"+85561{len(refs):06d}"))
            except Exception as fault:
                faults.append(fault)
                return

    writer = threading.Thread(target=ask_and_ask)
    writer.start()
    try:
        while len(refs) < 5:
            assert not faults
            stop.wait(0.01)
        path = save(line, tmp_path, pair)
        during = len(refs)
    finally:
        stop.set()
        writer.join()
    assert not faults
    elsewhere = empty_place()
    restored = put_back(elsewhere, path, pair)
    assert restored.forgotten == 0, "a case is there without its key"
    told = restored.counted
    assert 2 + 5 <= told["cases"] <= 2 + during + 1
    with elsewhere.reading() as tx:
        assert audit.first_broken_line(tx) is None


def test_what_waited_in_the_spool_is_a_case_and_gets_no_answer(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity
) -> None:
    text = TextEvent("simulator", "SMspooled", "+85561111111", line.hotline.settings.number, "1")
    line.hotline.spool.put(text)
    path = save(line, tmp_path, pair)
    elsewhere = empty_place()
    restored = put_back(elsewhere, path, pair)
    assert restored.rearmed.taken_up == 1
    assert messages(elsewhere, CALLER, PENDING, SENDING) == []
    assert not elsewhere.spool.has_waiting()


def test_what_the_database_was_too_busy_for_is_not_lost(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = TextEvent("simulator", "SMspooled", "+85561111111", line.hotline.settings.number, "1")
    line.hotline.spool.put(text)
    path = save(line, tmp_path, pair)
    elsewhere = empty_place()
    monkeypatch.setattr(backup_rearming, "replay", lambda hotline: 0)
    assert put_back(elsewhere, path, pair).rearmed.taken_up == 0
    assert elsewhere.spool.has_waiting()


def test_a_call_back_of_then_is_not_placed_now(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity
) -> None:
    """They may have talked since; staff who pick up hours later would ring the caller again."""
    with line.hotline.transaction() as tx:
        case = find_case(tx, references(line.hotline)[1])
        dara = get_staff(tx, case.claimed_by)
        assert calling_back.ring_staff(line.hotline, tx, case, dara, "she asked for it") is None
    elsewhere = empty_place()
    put_back(elsewhere, save(line, tmp_path, pair), pair)
    (there,) = everything(elsewhere)["bridge"]
    assert (there.state, there.outcome) == ("over", "given_up")
    items = everything(elsewhere)["outbox_item"]
    assert [row.state for row in items if row.id == there.staff_item_id] == ["cancelled"]


def test_a_case_forgotten_before_is_not_told_as_lost(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity
) -> None:
    ref = references(line.hotline)[0]
    line.minutes_pass(1)
    with line.hotline.transaction() as tx:
        case = schema.all_tables().tables["cases"]
        closed = {"state": "closed", "closed_at": line.time[0], "outcome": "helped"}
        tx.execute(sa.update(case).where(case.c.ref == ref).values(**closed))
        assert retention_cases.forget(line.hotline, tx, find_case(tx, ref).id, "worker", "test")
    elsewhere = empty_place()
    assert put_back(elsewhere, save(line, tmp_path, pair), pair).forgotten == 0


def test_sounds_that_are_not_there_are_told(line: Desk) -> None:
    assert missing_sounds(line.hotline) == 0
    shutil.rmtree(line.hotline.settings.data / form.RECORDINGS)
    assert missing_sounds(line.hotline) == 1


def test_a_shredded_case_stays_shredded_with_the_newest_keys(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity
) -> None:
    old = save(line, tmp_path, pair, "old.age")
    ref = references(line.hotline)[0]
    with line.hotline.transaction() as tx:
        keys = schema.all_tables().tables["case_key"]
        tx.execute(sa.delete(keys).where(keys.c.case_id == find_case(tx, ref).id))
    new = save(line, tmp_path, pair, "new.age")
    elsewhere = empty_place()
    newest_keys = new.with_name(new.name + OF_CASE_KEYS)
    restored = restore(elsewhere, old, newest_keys, [pair])
    assert restored.forgotten == 1
    with elsewhere.reading() as tx, pytest.raises(LookupError):
        box_of(elsewhere, tx, find_case(tx, ref).id)


def test_the_backup_alone_tells_no_word_of_a_case(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity
) -> None:
    path = save(line, tmp_path, pair)
    elsewhere = empty_place()
    assert restore(elsewhere, path, None, [pair]).forgotten == 2


# ---------------------------------------------------------------- what is refused

only_sqlite = pytest.mark.parametrize(
    ("engine_name", "empty_place"), [("sqlite", "sqlite")], indirect=True
)


def refused(hotline: Hotline, path: Path, pair: x25519.Identity, why: str) -> None:
    """With a sentence, and nothing was changed."""
    with pytest.raises(BackupFault, match=why):
        put_back(hotline, path, pair)
    with hotline.database.transaction() as tx:
        assert first_with_rows(tx) is None
    assert not list(hotline.settings.data.glob("recordings/*"))


@only_sqlite
def test_what_is_damaged_cut_off_or_of_others_is_refused(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity
) -> None:
    path, elsewhere = save(line, tmp_path, pair), empty_place()
    whole = path.read_bytes()
    for changed, why in (
        (whole[: len(whole) // 2], "cut off"),
        (whole[:-20], "cut off"),
        (whole[:30_000] + bytes([whole[30_000] ^ 1]) + whole[30_001:], "damaged"),
        (b"something else" * 100, "no backup"),
        (b"", "no backup"),
        (encrypt(b"a letter" * 200, [pair.to_public()]), "no backup of a hotline"),
    ):
        path.write_bytes(changed)
        refused(elsewhere, path, pair, why)
    path.write_bytes(whole)
    refused(elsewhere, path, x25519.Identity.generate(), "another key")
    keys = path.with_name(path.name + OF_CASE_KEYS)
    with pytest.raises(BackupFault, match="whole line"):
        restore(elsewhere, keys, None, [pair])
    with pytest.raises(BackupFault, match="keys of the cases"):
        restore(elsewhere, path, path, [pair])
    put_back(elsewhere, path, pair)


@only_sqlite
def test_a_backup_of_another_ring_is_refused(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity
) -> None:
    path, elsewhere = save(line, tmp_path, pair), empty_place()
    others = Vault(KeyRing({1: b"x" * 32}, {1: b"y" * 32}))
    refused(replace(elsewhere, vault=others), path, pair, "key ring")
    index = {1: read_key_ring(line.hotline.settings.keys).index[1]}
    older = Vault(KeyRing({7: b"x" * 32}, index))
    refused(replace(elsewhere, vault=older), path, pair, "older than this backup")


@only_sqlite
def test_nothing_is_put_over_what_is_there(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity
) -> None:
    path = save(line, tmp_path, pair)
    before = everything(line.hotline)
    with pytest.raises(BackupFault, match="not empty"):
        put_back(line.hotline, path, pair)
    assert everything(line.hotline) == before
    with pytest.raises(BackupFault, match="exists"):
        save(line, tmp_path, pair)


def forged(path: Path, pair: x25519.Identity, change: Callable[[str, bytes], tuple]) -> Path:
    """The same backup with other parts, by somebody who knows the public key."""
    plain = io.BytesIO(decrypt(path.read_bytes(), [pair]))
    made = io.BytesIO()
    with tarfile.open(fileobj=plain) as old, tarfile.open(fileobj=made, mode="w") as new:
        for member in old:
            content = old.extractfile(member)
            assert content
            name, told = change(member.name, content.read())
            info = tarfile.TarInfo(name)
            info.size = len(told)
            new.addfile(info, io.BytesIO(told))
    target = path.with_name("forged.age")
    target.write_bytes(encrypt(made.getvalue(), [pair.to_public()]))
    shutil.copy(f"{path}{OF_CASE_KEYS}", f"{target}{OF_CASE_KEYS}")
    return target


@only_sqlite
@pytest.mark.parametrize(
    "name", ["recordings/../../evil", "/etc/evil", "spool/../evil.waiting", "tables/../x/000000.gz"]
)
def test_a_part_leads_nowhere_but_to_its_place(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity, name: str
) -> None:
    def change(old: str, content: bytes) -> tuple[str, bytes]:
        return (name if old.startswith("recordings/") else old), content

    path, elsewhere = save(line, tmp_path, pair), empty_place()
    refused(elsewhere, forged(path, pair, change), pair, "names a file that no backup holds")
    assert not list(tmp_path.rglob("*evil*"))


@only_sqlite
def test_rows_that_somebody_else_put_in_are_refused(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity
) -> None:
    def change(name: str, content: bytes) -> tuple[str, bytes]:
        if not name.startswith("tables/staff/"):
            return name, content
        return name, zlib.compress(zlib.decompress(content).replace(b"duty", b"admin"))

    path, elsewhere = save(line, tmp_path, pair), empty_place()
    refused(elsewhere, forged(path, pair, change), pair, "not what it should hold")

    def change_all(name: str, content: bytes) -> tuple[str, bytes]:
        name, told = change(name, content)
        if name != "manifest.json":
            digests.setdefault(name.split("/")[1] if "/" in name else name, told)
            return name, told
        manifest = json.loads(told)
        manifest["staff"][1] = hashlib.sha256(digests["staff"]).hexdigest()
        return name, json.dumps(manifest, indent=1, sort_keys=True).encode()

    digests: dict[str, bytes] = {}
    refused(elsewhere, forged(path, pair, change_all), pair, "key ring")


@only_sqlite
def test_a_part_that_swells_is_refused(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity
) -> None:
    bomb = zlib.compress(b"[" * (form.LARGEST_PART + 1))

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        return name, bomb if name.startswith("tables/staff/") else content

    path, elsewhere = save(line, tmp_path, pair), empty_place()
    refused(elsewhere, forged(path, pair, change), pair, "damaged")


@only_sqlite
def test_a_backup_of_a_newer_hotline_is_refused(
    line: Desk, empty_place: Elsewhere, tmp_path: Path, pair: x25519.Identity, monkeypatch
) -> None:
    path, elsewhere = save(line, tmp_path, pair), empty_place()
    known = schema.known_revisions() - {schema.newest_revision()}
    monkeypatch.setattr(schema, "known_revisions", lambda: known)
    refused(elsewhere, path, pair, "newer hotline")


def test_a_disk_that_is_full_is_told_and_leaves_nothing_behind(
    line: Desk, tmp_path: Path, pair: x25519.Identity, monkeypatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("hotline.backup_crypt._write", full)
    target = tmp_path / "full"
    target.mkdir()
    with pytest.raises(BackupFault, match="No space left on device; nothing was written"):
        make_backup(line.hotline, target / "line.age", [pair.to_public()])
    assert list(target.iterdir()) == []


def test_every_key_that_can_be_shredded_is_in_the_file_that_goes_sooner() -> None:
    assert {(table, "wrapped") for table in KEYS} == WRAPPED


def test_a_database_with_tables_and_nothing_in_them_is_empty(database: Database) -> None:
    """Red here: a migration puts rows into a new table, and no backup could be put back."""
    with database.reading() as tx:
        assert first_with_rows(tx) is None


def test_every_column_of_every_table_has_a_kind_that_backups_know() -> None:
    """Red here: a new kind of column; say in storage/whole_table.py how it goes."""
    assert table_columns(but=frozenset())


def test_a_backup_of_an_older_hotline_is_brought_forward(
    empty_place: Elsewhere, desk: Desk, tmp_path: Path, pair: x25519.Identity, monkeypatch
) -> None:
    """With the tables and the columns of the revision before."""
    old = empty_place()
    sealed = old.vault.encrypt(MOTHER.encode(), "caller.number")
    with old.database.transaction() as tx:
        schema.upgrade_within(tx, "0016")
        kinds = [("number_sealed", "bytes"), ("number_index", "bytes"), ("agreed_to_texts", "bool")]
        kinds += [("first_seen", "utc"), ("last_seen", "utc")]
        noon = desk.time[0]
        fill(tx, "caller", kinds, [[sealed, b"i" * 16, False, noon, noon]])
        columns = _columns_of(tx)
    monkeypatch.setattr(schema, "newest_revision", lambda: "0016")
    monkeypatch.setattr("hotline.storage.whole_table.table_columns", lambda but: columns)
    path = tmp_path / "old.age"
    make_backup(old, path, [pair.to_public()])
    monkeypatch.undo()
    elsewhere = empty_place()
    put_back(elsewhere, path, pair)
    with elsewhere.reading() as tx:
        assert schema.present_revision(tx) == schema.newest_revision()
    assert len(everything(elsewhere)["caller"]) == 1


def _columns_of(tx: Transaction) -> dict[str, list[tuple[str, str]]]:
    """Of our tables, those columns that revision had."""
    there = sa.inspect(tx)
    names = set(there.get_table_names())
    known = table_columns(but=PASSING | {"case_key"})
    return {
        name: [c for c in columns if c[0] in {had["name"] for had in there.get_columns(name)}]
        for name, columns in known.items()
        if name in names
    }
