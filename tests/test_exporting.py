"""Exports: made once, by whoever is there, sealed, without a person in them."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from hotline import export_files, exporting
from hotline.content_files import Content
from hotline.core.suppression import LEAST
from hotline.core.turn import OpenCase
from hotline.storage import export_job
from hotline.storage.case import cases
from hotline.storage.database import Database
from hotline.vault import SealBroken
from tests.web.desk.conftest import quick_hashes
from tests.web.desk.desk import Desk, open_desk
from workers.exporting import exporter, look_for_exports
from workers.sweeps import sweep

__all__ = ["quick_hashes"]
BOPHA = 3
MONTH = "2026-11"
DEBT, OFFER = OpenCase("debt", "P3", "asked_by_key"), OpenCase("job_offer", "P2", "asked_by_key")


@pytest.fixture
def desk(
    database: Database, tmp_path: Path, key_ring_file: Path, content: Content, quick_hashes: None
) -> Desk:
    """In December, after a November of seven cases of debt and one job offer."""
    desk = open_desk(database, tmp_path / "data", key_ring_file, content)
    for place in range(7):
        desk.caller_asks(DEBT, f"+8551230000{place}", notes={"who": "Sok Dara"})
    desk.caller_asks(OFFER, "+85512399999")
    with desk.hotline.transaction() as tx:
        tx.execute(sa.update(cases).where(cases.c.kind == "debt").values(place="170101"))
    desk.minutes_pass(60 * 24 * 20)
    return desk


def ask(desk: Desk, format: str = "csv", first: str = MONTH, last: str = MONTH) -> int:
    with desk.hotline.transaction() as tx:
        number = exporting.ask(desk.hotline, tx, BOPHA, format, first, last)
    assert number is not None
    return number


def job(desk: Desk, number: int):
    with desk.hotline.reading() as tx:
        return export_job.get_export(tx, number)


def content_of(desk: Desk, number: int) -> bytes:
    row = job(desk, number)
    assert row.state == "done"
    sealed = export_files.folder(desk.hotline) / row.file
    return b"".join(export_files.open_file(desk.hotline.vault, sealed, row.size))


def table_of(content: bytes) -> list[dict[str, str]]:
    lines = content.decode("utf-8-sig").split("\r\n\r\n")[0]
    return list(csv.DictReader(io.StringIO(lines)))


def test_what_five_share_is_told_and_the_only_one_is_left_out(desk: Desk) -> None:
    number = ask(desk)
    assert exporting.make_waiting(desk.hotline, "one") == 1
    content = content_of(desk, number)
    rows = table_of(content)
    assert [row["case_kind"] for row in rows] == ["debt"] * 7
    assert {row["province"] for row in rows} == {"17"}
    assert {row["registration_period"] for row in rows} == {MONTH}
    assert content.startswith(b"\xef\xbb\xbf"), "spreadsheets would misread Khmer"
    text = content.decode("utf-8-sig")
    assert "left out, as fewer than 5 share what is known of them: <5" in text
    assert "cases from 2026-11 to 2026-11: 7" in text
    with desk.hotline.reading() as tx:
        for ref in tx.scalars(sa.select(cases.c.ref)):
            assert ref not in text
    assert "Sok" not in text
    assert "+855" not in text
    assert ("worker", "make_export", f"export:{number}") in desk.audit()


def test_a_spreadsheet_has_rows_report_and_notes(desk: Desk) -> None:
    number = ask(desk, "xlsx")
    exporting.make_waiting(desk.hotline, "one")
    book = load_workbook(io.BytesIO(content_of(desk, number)))
    assert book.sheetnames == ["cases", "report", "notes"]
    assert book["cases"].max_row == 8
    assert [c.value for c in book["report"][2]] == [MONTH, "debt", "P3", "7"]


def test_no_combination_in_the_file_is_of_fewer_than_five(desk: Desk) -> None:
    for place in range(40):
        ask_for = (DEBT, OFFER)[place % 2]
        desk.caller_asks(ask_for, f"+8551240000{place:02d}")
    with desk.hotline.transaction() as tx:
        for row in tx.execute(sa.select(cases.c.id)).all():
            values = {"place": f"{row.id % 7:02d}", "chi": f"violence.{row.id % 3}"}
            tx.execute(sa.update(cases).where(cases.c.id == row.id).values(**values))
    desk.minutes_pass(60 * 24 * 31)
    number = ask(desk, last="2026-12")
    exporting.make_waiting(desk.hotline, "one")
    rows = table_of(content_of(desk, number))
    known = ("registration_period", "province", "case_kind", "protection_concerns",
             "local_concern", "age_group")  # fmt: skip
    shared = Counter(tuple(row[name] for name in known) for row in rows)
    assert rows
    assert min(shared.values()) >= LEAST


def test_a_row_says_nothing_of_when_the_case_came(desk: Desk) -> None:
    """Rows stand in the order of references, which are drawn by lot."""
    with desk.hotline.transaction() as tx:
        by_lot = tx.execute(
            sa.select(cases.c.id).where(cases.c.kind == "debt").order_by(cases.c.ref)
        )
        for minutes, row in enumerate(by_lot.scalars().all()):
            first = cases.c.opened_at
            opened = tx.scalar(sa.select(first).where(cases.c.id == row))
            values = {"claimed_at": opened + timedelta(minutes=minutes)}
            tx.execute(sa.update(cases).where(cases.c.id == row).values(**values))
    number = ask(desk)
    exporting.make_waiting(desk.hotline, "one")
    minutes_told = [row["minutes_to_claim"] for row in table_of(content_of(desk, number))]
    assert minutes_told == [str(n) for n in range(7)]


def test_the_file_is_sealed_and_a_changed_piece_is_noticed(desk: Desk) -> None:
    number = ask(desk)
    exporting.make_waiting(desk.hotline, "one")
    (sealed,) = export_files.folder(desk.hotline).iterdir()
    assert sealed.stat().st_mode & 0o777 == 0o600
    assert b"debt" not in sealed.read_bytes()
    kept = sealed.read_bytes()
    sealed.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    with pytest.raises(SealBroken):
        content_of(desk, number)


def test_two_workers_make_it_once(desk: Desk) -> None:
    number = ask(desk)
    hotline, made = desk.hotline, []
    write = export_files.write_csv

    def slowly(path, rows, told, notes) -> None:
        made.append(exporting.make_waiting(hotline, "two"))
        write(path, rows, told, notes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_files, "write_csv", slowly)
        assert exporting.make_waiting(hotline, "one") == 1
    assert made == [0]
    assert job(desk, number).state == "done"


def test_a_worker_that_died_is_followed_by_another(desk: Desk) -> None:
    number = ask(desk)
    with desk.hotline.transaction() as tx:
        now = desk.time[0]
        assert export_job.claim_export(tx, number, "dead", now, now + exporting.LEASE)
    assert exporting.make_waiting(desk.hotline, "two") == 0
    desk.minutes_pass(3)
    assert exporting.make_waiting(desk.hotline, "two") == 1
    assert job(desk, number).lease_owner is None


def test_one_that_is_stopped_leaves_no_file(desk: Desk) -> None:
    number = ask(desk)
    hotline, write = desk.hotline, export_files.write_csv

    def stopped_meanwhile(path, rows, told, notes) -> None:
        with hotline.transaction() as tx:
            assert exporting.cancel(hotline, tx, BOPHA, number)
        write(path, rows, told, notes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_files, "write_csv", stopped_meanwhile)
        assert exporting.make_waiting(hotline, "one") == 0
    assert job(desk, number).state == "cancelled"
    assert list(export_files.folder(hotline).iterdir()) == []


def test_one_that_fails_is_tried_three_times_and_no_more(desk: Desk) -> None:
    number = ask(desk)

    def breaks(*_: object) -> None:
        raise ValueError("a fault of ours")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_files, "write_csv", breaks)
        for _ in range(4):
            exporting.make_waiting(desk.hotline, "one")
            desk.minutes_pass(3)
    assert job(desk, number).state == "failed"
    assert job(desk, number).tries == 3


def test_one_that_kills_its_workers_kills_three_and_no_more(desk: Desk) -> None:
    number = ask(desk)
    for _ in range(3):
        with desk.hotline.transaction() as tx:
            now = desk.time[0]
            assert export_job.claim_export(tx, number, "dead", now, now + exporting.LEASE)
        desk.minutes_pass(3)
    assert exporting.make_waiting(desk.hotline, "four") == 0
    assert job(desk, number).state == "failed"


def test_a_sweep_finds_what_no_ring_told_of_and_deletes_it_after_a_day(desk: Desk) -> None:
    number = ask(desk)
    sweep(desk.hotline)
    exporter.wait()
    assert job(desk, number).state == "done"
    desk.minutes_pass(60 * 24 + 1)
    look_for_exports(desk.hotline)
    assert job(desk, number).state == "deleted"
    assert list(export_files.folder(desk.hotline).iterdir()) == []


def lies(desk: Desk, name: str, minutes: float) -> Path:
    """A file in the clear, last written so many minutes ago."""
    path = export_files.folder(desk.hotline) / name
    path.write_bytes(b"in the clear")
    then = (desk.time[0] - timedelta(minutes=minutes)).timestamp()
    os.utime(path, (then, then))
    return path


def test_what_a_dead_worker_left_in_the_clear_goes_at_the_next_sweep(desk: Desk) -> None:
    ask(desk)
    exporting.make_waiting(desk.hotline, "one")
    (sealed,) = export_files.folder(desk.hotline).iterdir()
    left, fresh = lies(desk, "dead.part", 3), lies(desk, "living.part", 1)
    exporting.delete_old(desk.hotline)
    assert (left.exists(), fresh.exists(), sealed.exists()) == (False, True, True)


def test_while_one_is_made_nothing_is_taken_from_under_it(desk: Desk) -> None:
    """A long one is written slowly: its file may look as if nobody touched it."""
    ask(desk)
    mine, old = lies(desk, "mine.part", 60), lies(desk, "old.part", 60 * 25)
    exporting.delete_old(desk.hotline)
    assert (mine.exists(), old.exists()) == (True, False)


def test_a_sealed_file_stays_for_its_day_however_old_it_looks(desk: Desk) -> None:
    number = ask(desk)
    exporting.make_waiting(desk.hotline, "one")
    lies(desk, "beside.part", 60)
    os.utime(export_files.folder(desk.hotline) / job(desk, number).file, (0, 0))
    exporting.delete_old(desk.hotline)
    assert [path.name for path in export_files.folder(desk.hotline).iterdir()] == [
        job(desk, number).file
    ]


def test_a_file_that_goes_while_it_is_looked_at_stops_no_sweep(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(desk)
    exporting.make_waiting(desk.hotline, "one")
    gone, left = lies(desk, "gone.part", 5), lies(desk, "left.part", 5)
    kept, looks = export_job.files_kept, []

    def files_kept(tx):
        gone.unlink()
        looks.append(tx)
        return kept(tx)

    monkeypatch.setattr(export_job, "files_kept", files_kept)
    exporting.delete_old(desk.hotline)
    assert (len(looks), left.exists()) == (1, False)
    assert job(desk, number).state == "done"
