"""One night from the call for help to the closed case, with phones alone and nobody at a desk."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotline.content_files import Content
from hotline.demo import PINS
from hotline.storage.attempt import attempts_of
from hotline.storage.case import get_case
from hotline.storage.database import Database
from simulator.phone_call import PhoneCall
from tests.stories.line import NUMBER, Line, open_line


@pytest.fixture(params=["asks the person rung first", "rings them by a call apart"])
def night(
    request: pytest.FixtureRequest,
    database: Database,
    tmp_path: Path,
    key_ring_file: Path,
    content: Content,
) -> Iterator[Line]:
    """With a carrier of either kind."""
    apart: dict[str, Any] = {
        "carrier": "somleng",
        "dialect": "somleng",
        "account_sid": str(uuid.UUID(int=117)),
    }
    of_its_kind = apart if "apart" in request.param else {}
    where = (database, tmp_path / "data", key_ring_file, content)
    with open_line(*where, **of_its_kind) as line:
        yield line


def the_mother_asks_for_a_call(line: Line) -> str:
    """Khmer, urgent, missing, call me, I agree, this phone, any time, say Child Club."""
    call = line.mother.dial()
    for key in "111111141":
        if call.awaits == "over":
            break
        call.press(key)
        call.listens()
    if not call.is_over:
        call.hang_up()
    return str(line.only_case().ref)


def sophea_takes_it_by_voice(line: Line, ref: str) -> None:
    """Dara does not look at his texts and does not pick up; then her phone rings."""
    line.dara.receives_text(containing=ref)
    line.minutes_pass(2.1)
    line.dara.is_rung(by=NUMBER).ignore()
    line.minutes_pass(0)
    line.sophea.receives_text(containing=ref)
    call = line.sophea.is_rung(by=NUMBER).answer()
    call.hears_only("V_STAFF_PAGE")
    call.press(PINS["Sophea"])
    call.hears("V_STAFF_MISSING_CHILD")
    call.press("1")
    call.hears("V_STAFF_CLAIMED")
    call.hang_up()
    line.settle()
    line.dara.receives_text(containing=ref)  # a colleague has it


def sophea_is_reminded(line: Line, ref: str) -> PhoneCall:
    """She fell asleep over it. Her phone rings again; it is her case that is told."""
    line.minutes_pass(28)
    line.sophea.receives_text(containing=ref)
    call = line.sophea.is_rung(by=NUMBER).answer()
    call.press(PINS["Sophea"])
    call.hears("V_STAFF_MISSING_CHILD")
    return call


def they_talk(line: Line, call: PhoneCall) -> PhoneCall:
    """She presses 2 and 1, the mother picks up and presses 1; the call she closes the case in."""
    call.press("2")
    call.hears_only("V_STAFF_BRIDGE")
    call.press("1")
    her = line.mother.is_rung(by=NUMBER).answer()
    her.hears_only("V_CB_OUTGOING")
    her.press("1")
    her.hears("V_CB_CONNECTING")
    if not line.hotline.carriers[line.company.account.carrier_path].capabilities.screens:
        line.sophea.is_rung(by=NUMBER).answer()
    line.company.wait_for(
        lambda: bool(line.mother.handset.as_json()["call"]["talks_with"]), "nobody talks"
    )
    assert "85512345678" not in line.sophea.handset.as_json()["call"]["peer"]
    line.company.move_clock(120)
    her.hang_up()
    line.settle()
    if call.is_over:
        line.sophea.texts_told = len(line.sophea.inbox)
        again = line.sophea.dial()
        again.press(PINS["Sophea"])
        return again
    return call


def test_from_the_call_for_help_to_the_closed_case(night: Line) -> None:
    line = night
    ref = the_mother_asks_for_a_call(line)
    case_id = line.only_case().id
    sophea_takes_it_by_voice(line, ref)
    call = they_talk(line, sophea_is_reminded(line, ref))
    call.listens()
    if call.heard[-1] == "V_STAFF_OUTCOME":
        call.press("1")
        call.hears("V_STAFF_NOTED")
    call.press("5")
    call.hears_only("V_STAFF_CLOSE")
    call.press("1")
    call.hears_only("V_STAFF_CLOSED", "V_STAFF_NO_MORE", "V_STAFF_BYE")
    call.ends()
    with line.hotline.reading() as tx:
        case = get_case(tx, case_id)
        assert [row.outcome for row in attempts_of(tx, case_id)] == ["reached"]
    assert (case.state, case.outcome) == ("closed", "helped")
    line.minutes_pass(7 * 24 * 60)  # and nobody hears of it any more
