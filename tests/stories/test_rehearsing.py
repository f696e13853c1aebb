"""Once a week the line is tried: a call, a page, and somebody who answers it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hotline import demo, rehearsing, switchboard
from hotline.content_files import Content
from hotline.parts import Hotline
from hotline.settings import CarrierAccount
from hotline.storage.database import Database
from hotline.storage.rehearsal import begin_rehearsal, latest_rehearsals
from tests.stories.line import Line, open_line
from workers.sweeps import sweep

WEDNESDAY_TEN = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


def rehearse(line: Line) -> Any:
    rehearsing.rehearse(line.hotline, line.hotline.now())
    line.settle()
    return newest(line)


def newest(line: Line) -> Any:
    with line.hotline.reading() as tx:
        return latest_rehearsals(tx)[0]


def reached(line: Line) -> list[str]:
    return [step for step, _ in newest(line).steps]


def how_many(line: Line) -> int:
    with line.hotline.reading() as tx:
        return len(latest_rehearsals(tx, 10))


def dara_answers(line: Line) -> None:
    ref = line.only_case().ref
    asked = line.dara.receives_text(containing=ref).body
    (code,) = re.findall(r"\b[0-9]+\b", asked.replace(ref, ""))
    line.dara.texts(code)
    line.dara.receives_text(containing=ref)
    line.minutes_pass(0)


def test_the_person_on_call_answers_and_the_rehearsal_is_done(line: Line) -> None:
    assert rehearse(line).state == "running"
    case = line.only_case()
    assert (case.kind, case.priority, case.state) == ("rehearsal", "P1", "open")
    line.minutes_pass(1)
    dara_answers(line)
    assert newest(line).state == "done"
    assert reached(line) == ["answer", "sound", "case", "hang_up", "page", "claim"]
    assert 60 <= newest(line).steps[-1][1] < 120
    assert line.cases() == []
    line.minutes_pass(120)  # nobody hears of it again


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_on_somleng_as_on_twilio(
    database: Database, tmp_path: Path, key_ring_file: Path, content: Content
) -> None:
    data = tmp_path / "data"
    spoken = {"carrier": "somleng", "dialect": "somleng"}
    with open_line(database, data, key_ring_file, content, **spoken) as line:
        rehearse(line)
        dara_answers(line)
        assert (newest(line).state, newest(line).carrier) == ("done", "somleng")


def test_another_one_soon_after_does_not_go_on_where_the_first_stopped(line: Line) -> None:
    for _ in range(2):
        rehearse(line)
        dara_answers(line)
        assert newest(line).state == "done"
        line.minutes_pass(2)
    assert how_many(line) == 2


def test_nobody_answers_and_the_supervisors_are_told(line: Line) -> None:
    rehearse(line)
    line.dara.receives_text()
    line.minutes_pass(15.1)
    line.dara.is_rung().decline()
    line.bopha.receives_text()
    assert (newest(line).state, newest(line).failed_at) == ("failed", "claim")
    assert newest(line).why == "nobody_answered"
    assert line.cases() == []
    line.minutes_pass(0)
    line.minutes_pass(120)


def test_with_nobody_on_call_the_supervisor_is_tried(line: Line) -> None:
    line.everybody_goes_home()
    rehearse(line)
    ref = line.only_case().ref
    line.bopha.receives_text(containing=ref)
    line.bopha.texts("1")
    line.bopha.receives_text(containing=ref)
    line.minutes_pass(0)
    assert newest(line).state == "done"


def test_a_public_address_nobody_answers_is_named(line: Line) -> None:
    lost = away(line, "http://127.0.0.1:9")
    rehearsing.rehearse(lost, lost.now())
    assert newest(line).state == "failed"
    assert (newest(line).failed_at, newest(line).why) == ("answer", "connection_error")
    line.minutes_pass(0)
    line.bopha.receives_text()
    assert line.cases() == []


def test_an_address_that_leads_elsewhere_is_named(line: Line) -> None:
    elsewhere = away(line, f"{line.address}/nowhere")
    rehearsing.rehearse(elsewhere, elsewhere.now())
    assert (newest(line).failed_at, newest(line).why) == ("answer", "status_404")
    line.minutes_pass(0)
    line.bopha.receives_text()


def test_a_token_that_does_not_fit_is_named(line: Line) -> None:
    accounts = {"simulator": CarrierAccount("AC0", "an old token")}
    stale = replace(line.hotline, settings=replace(line.hotline.settings, accounts=accounts))
    rehearsing.rehearse(stale, stale.now())
    assert (newest(line).failed_at, newest(line).why) == ("answer", "status_403")
    line.minutes_pass(0)
    line.bopha.receives_text()


def test_a_line_that_apologises_has_failed_and_leaves_no_case(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(switchboard, "take_turn", broken)
        rehearsing.rehearse(line.hotline, line.hotline.now())
    assert (newest(line).failed_at, newest(line).why) == ("case", "asks_for_no_key")
    line.minutes_pass(0)  # what the web spooled is taken up: nobody was cut off
    line.bopha.receives_text()
    assert (line.hotline.spool.count(), line.cases()) == ((0, 0), [])


def test_a_worker_that_dies_while_it_plays_has_failed(line: Line) -> None:
    with line.hotline.transaction() as tx:
        now = line.hotline.now()
        begin_rehearsal(tx, now, carrier="simulator", sid="RH1", now=now)
    line.minutes_pass(1)
    assert newest(line).state == "running"
    line.minutes_pass(1.1)
    assert (newest(line).failed_at, newest(line).why) == ("answer", "worker_died")
    line.minutes_pass(0)
    line.bopha.receives_text()


def test_a_voice_page_is_answered_with_the_pin_and_a_key(line: Line) -> None:
    rehearse(line)
    line.dara.receives_text()
    line.minutes_pass(2.1)
    call = line.dara.is_rung().answer()
    call.hears("V_STAFF_PAGE")
    call.press(demo.PINS["Dara"] + "#")
    call.hears("V_STAFF_REHEARSAL")
    call.press("1")
    call.hears("V_STAFF_BYE")
    line.minutes_pass(0)
    assert newest(line).state == "done"


def away(line: Line, address: str) -> Hotline:
    settings = replace(line.hotline.settings, public_base_url=address)
    return replace(line.hotline, settings=settings)


def test_two_workers_at_once_begin_one(line: Line) -> None:
    now = line.hotline.now()
    assert rehearsing.rehearse(line.hotline, now) is not None
    assert rehearsing.rehearse(line.hotline, now) is None
    assert rehearsing.rehearse(line.hotline, now + timedelta(seconds=1)) is None  # one runs
    dara_answers(line)
    assert rehearsing.rehearse(line.hotline, now) is None  # this week's is over
    assert how_many(line) == 1


def test_it_comes_by_itself_once_a_week_and_never_unless_asked(line: Line) -> None:
    hotline = line.hotline
    line.company.move_clock(int((WEDNESDAY_TEN - hotline.now()).total_seconds()) % 604800 + 60)
    sweep(hotline)
    assert how_many(line) == 0
    weekly = replace(hotline, settings=replace(hotline.settings, rehearsal="wed 10:00"))
    line.bell.hotline = weekly
    sweep(weekly)
    line.settle()
    dara_answers(line)
    sweep(weekly)
    assert (how_many(line), newest(line).state) == (1, "done")
    line.company.move_clock(604800 + 2 * 3600)  # the next week's was missed by two hours
    sweep(weekly)
    assert how_many(line) == 1
