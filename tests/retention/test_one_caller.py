"""forget-caller and export-caller: all of one number, for who asks for it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from hotline import callers, cases, directory, referring, retention_files, retention_holds
from hotline.commands import command_app, retention
from hotline.core.events import CallEvent, TextEvent
from hotline.core.listed_service import ALL, Service
from hotline.core.referral import Asked
from hotline.key_ring import KeyRing
from hotline.storage.case import find_case
from hotline.storage.directory import get_service
from hotline.storage.referral import referrals_of
from hotline.storage.retention_rows import strip_conversations
from hotline.storage.schema import all_tables
from hotline.vault import Vault
from tests.retention.house import NOTE, SECRET, SOUND, House
from tests.web.desk.desk import MOTHER, NEIGHBOUR

LOCAL = "012 345 678"


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retention, "open_hotline", lambda: house.hotline)

    def command(*arguments: str, typed: str = "y\n") -> Result:
        return CliRunner().invoke(command_app().cli, arguments, input=typed)

    return command


def test_nothing_of_a_caller_is_left(house: House, run) -> None:
    house.someone_tells()
    house.someone_tells(NEIGHBOUR)
    house.someone_writes(SECRET)
    event = TextEvent("simulator", "SM77", MOTHER, house.company.line, SECRET)
    house.hotline.spool.put(event)
    house.hotline.spool.put(CallEvent("simulator", "CA7", 0, NEIGHBOUR, "+85523900900", None))

    done = run("forget-caller", LOCAL)

    assert done.exit_code == 0, done.output
    assert "cases: 1" in done.output
    assert "spooled: 1" in done.output
    assert "carrier copies: " in done.output
    left = house.everything_readable()
    assert MOTHER not in left
    assert left.count(SECRET) > 0, "the neighbour's words stay"
    assert NEIGHBOUR in left
    assert len(house.company.sounds) == 0 or all("RE" in one for one in house.company.sounds)
    assert house.count("caller") == 1
    assert len(list((house.folder / "data" / "recordings").iterdir())) == 1
    assert house.hotline.spool.count() == (1, 0)
    assert ("command", "forget_caller", "caller") in house.audit()


def test_a_sound_of_a_call_that_lost_its_number_is_found(house: House, run) -> None:
    """After a month only the message still says whose voice it is."""
    ref = house.someone_asks()
    house.desk.caller_speaks(ref, SOUND)
    tables = all_tables().tables
    with house.hotline.transaction() as tx:
        for name in ("conversation", "recording", "caller_message"):
            tx.execute(sa.update(tables[name]).values(case_id=None))
        strip_conversations(tx, [1], house.hotline.now())
    told = json.loads(run("export-caller", LOCAL, "--yes").output)
    assert len(told["voice_messages"]) == 1
    assert run("forget-caller", LOCAL, "--yes", "--also-open").exit_code == 0
    assert house.sounds() == 0


def test_an_event_that_was_cut_off_while_written_is_found(house: House, run) -> None:
    spool = house.hotline.spool
    spool.put(TextEvent("simulator", "SM77", MOTHER, house.company.line, SECRET))
    (whole,) = spool.waiting()
    whole.rename(whole.with_suffix(".part"))
    spool.folder.joinpath("00000000000000000001-1-00000000.part").write_bytes(b"")
    assert len(retention_files.set_aside(house.hotline, house.hotline.now())) == 1
    assert "spooled: 1" in run("forget-caller", LOCAL, "--yes").output


def test_the_files_hold_nothing_of_it_either(house: House, run) -> None:
    house.someone_tells()
    sealed = house.sealed_bytes()
    assert run("forget-caller", LOCAL, "--yes").exit_code == 0
    for word in (MOTHER, SECRET, NOTE):
        assert word not in house.everything_readable()
    if house.hotline.database.is_sqlite:
        left = house.raw_bytes()
        assert [len(one) for one in sealed if one in left] == []
    assert house.company.texts == set()
    assert house.company.sounds == set()


def test_the_second_time_there_is_nothing_and_who_calls_again_is_new(house: House, run) -> None:
    house.someone_tells()
    run("forget-caller", LOCAL, "--yes")
    again = run("forget-caller", LOCAL, "--yes")
    assert again.exit_code == 0
    assert "cases: 0" in again.output
    assert "numbers: 0" in again.output
    ref = house.someone_asks()
    assert house.case(ref).caller_id is not None
    assert house.count("caller") == 1


def test_an_open_case_is_not_forgotten_by_the_way(house: House, run) -> None:
    house.someone_tells()
    ref = house.someone_asks()
    refused = run("forget-caller", LOCAL, "--yes")
    assert refused.exit_code == 1
    assert f"still open are {ref}" in refused.output
    assert SECRET in house.everything_readable()
    done = run("forget-caller", LOCAL, "--yes", "--also-open")
    assert "cases: 2" in done.output
    assert house.is_forgotten(ref)
    assert SECRET not in house.everything_readable()
    assert MOTHER not in house.everything_readable()


def test_a_legal_hold_wins(house: House, run) -> None:
    ref = house.someone_tells()
    with house.hotline.transaction() as tx:
        until = house.hotline.now()
        bopha = house.member("Bopha")
        retention_holds.hold(house.hotline, tx, ref, "The court asks", until, bopha)
    for more in ((), ("--also-open",)):
        refused = run("forget-caller", LOCAL, "--yes", *more)
        assert refused.exit_code == 1
        assert f"under legal hold are {ref}" in refused.output
    assert SECRET in house.everything_readable()


def test_who_says_no_changes_nothing(house: House, run) -> None:
    house.someone_tells()
    assert run("forget-caller", LOCAL, typed="n\n").exit_code == 1
    assert SECRET in house.everything_readable()
    assert run("forget-caller", "nonsense").exit_code == 1
    asked = run("forget-caller", "-", typed=f"{LOCAL}\ny\n")
    assert asked.exit_code == 0
    assert LOCAL not in asked.output


def test_everything_of_a_caller_is_written_out_for_them(house: House, run, tmp_path: Path) -> None:
    ref = house.someone_tells()
    file = tmp_path / "caller.json"
    done = run("export-caller", LOCAL, "--to", str(file))
    assert done.exit_code == 0, done.output
    assert MOTHER not in done.output
    assert os.stat(file).st_mode & 0o777 == 0o600
    told = json.loads(file.read_text(encoding="utf-8"))
    text = file.read_text(encoding="utf-8")
    assert told["number"] == MOTHER
    (case,) = told["cases"]
    assert case["ref"] == ref
    assert case["plan"]["window"] == "evening"
    assert case["attempt"][0]["note"] == NOTE
    assert told["incoming_text"][0]["body"] == SECRET
    assert told["voice_messages"][0]["mp3_in_base64"]
    assert len(SOUND) > 0
    for name in ("Dara", "Sophea", "Bopha", "staff_id"):
        assert name not in text
    assert ("command", "export_caller", "caller") in house.audit()
    assert run("export-caller", LOCAL, "--to", str(file)).exit_code == 1, "no file is overwritten"


def a_service_is_asked(house: House, ref: str, why_it_failed: str) -> None:
    """With the caller's consent; and it cannot help."""
    hotline, dara = house.hotline, house.member("Dara")
    shelter = Service("", "Shelter", "01", ("shelter",), ALL, "", "012 000 010", is_authority=False)
    asked = Asked("yes", "caller", ("words",), "She is afraid of the uncle")
    with hotline.transaction() as tx:
        service = get_service(tx, directory.put_in(hotline, tx, shelter, None))
        case = find_case(tx, ref)
        assert referring.begin(hotline, tx, case, service, asked, dara).number == 1
        (row,) = referrals_of(tx, case.id)
        done = referring.take_step(
            hotline, tx, case, row, "failed", why_it_failed, row.version, dara
        )
        assert done == referring.Stepped.DONE


def test_what_a_service_said_of_them_is_written_out_as_well(house: House, run) -> None:
    ref = house.someone_asks()
    a_service_is_asked(house, ref, "They have no bed for her")
    told = json.loads(run("export-caller", LOCAL, "--yes").output)
    (case,) = told["cases"]
    (referral,), (step,) = case["referral"], case["referral_step"]
    assert referral["words"] == "She is afraid of the uncle"
    assert (step["referral"], step["what"], step["words"]) == (
        referral["number"],
        "failed",
        "They have no bed for her",
    )


def test_the_signs_of_a_case_are_written_out_as_well(house: House, run) -> None:
    ref = house.someone_asks()
    with house.hotline.transaction() as tx:
        cases.flag(house.hotline, tx, house.case(ref).id, "quiet")
    (case,) = json.loads(run("export-caller", LOCAL, "--yes").output)["cases"]
    assert case["flags"] == ["quiet"]


def test_it_is_not_printed_where_a_log_may_keep_it(house: House, run) -> None:
    house.someone_tells()
    refused = run("export-caller", LOCAL)
    assert refused.exit_code == 1
    assert SECRET not in refused.output
    assert SECRET in run("export-caller", LOCAL, "--yes").output
    unknown = run("export-caller", "096 111 222 3", "--yes")
    assert unknown.exit_code == 1
    assert "nothing is kept" in unknown.output


def test_a_number_is_found_by_an_older_index_key_too(house: House, run) -> None:
    vault = house.hotline.vault
    with house.hotline.transaction() as tx:
        callers.meet(house.hotline, tx, MOTHER)
    older = vault._index_keys[0]
    boxes = {number: bytes(32) for number in (1,)}
    fresh = Vault(KeyRing(boxes, {2: b"n" * 32, 1: older}))
    fresh._boxes, fresh._first = vault._boxes, vault._first
    vault._index_keys = fresh._index_keys
    try:
        assert "numbers: 1" in run("forget-caller", LOCAL, "--yes").output
    finally:
        vault._index_keys = (older,)


def test_what_is_due_is_listed_by_rule(house: House, run) -> None:
    ref = house.someone_asks()
    house.close(ref, "not_a_case")
    house.time_jumps(days=31)
    listed = run("retention").output
    assert "no_case: kept 30 d, then anonymise; due now: 1" in listed
    assert not house.is_forgotten(ref)


def test_no_zero_is_told_of_what_nobody_counted(house: House, run) -> None:
    house.someone_writes(SECRET)
    house.close(house.someone_asks(NEIGHBOUR, kind="missing_child"))
    with house.hotline.transaction() as tx:  # as it was written before services were named
        tx.execute(sa.update(all_tables().tables["cases"]).values(outcome="referred"))
    house.time_jumps(days=731)
    listed = run("retention").output.splitlines()
    assert "carrier_copies: deleted there at once; overdue: 2" in listed
    assert "pauses: kept 24 h, then delete; goes by itself" in listed
    assert "voice_at_most: kept 90 d, then delete; counted with voice_messages" in listed
    agreed = "authority: kept 730 d, then anonymise; due now, agreed by two: 0; not agreed: 1"
    assert agreed in listed
    assert "audit: kept 1095 d, then by hand: docs/retention.md" in listed
