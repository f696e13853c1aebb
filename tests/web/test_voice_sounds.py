"""The sound of a voice message for a carrier: at one address, for one message, for two minutes."""

from __future__ import annotations

from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from hotline import voice_addresses
from hotline.content_files import Content
from hotline.storage.case import find_case
from hotline.storage.database import Database
from hotline.storage.recording import DROPPED, change_recording, recordings_of
from simulator.sounds import make_speech
from tests.web.desk.desk import Desk, open_desk

SOUND = make_speech(1.0)


@pytest.fixture
def desk(database: Database, tmp_path: Path, key_ring_file: Path, content: Content) -> Desk:
    return open_desk(database, tmp_path / "data", key_ring_file, content)


@pytest.fixture
def message(desk: Desk) -> int:
    """A voice message that was fetched; its id."""
    ref = desk.caller_asks()
    desk.caller_speaks(ref, SOUND)
    with desk.hotline.reading() as tx:
        case = find_case(tx, ref)
        return int(recordings_of(tx, case.id)[0].id)


def path_to(desk: Desk, message: int, carrier: str = "simulator") -> str:
    address = voice_addresses.address_for(desk.hotline, carrier, message)
    base = desk.hotline.settings.public_base_url
    assert address.startswith(f"{base}/calls/{carrier}/voice/")
    return address.removeprefix(base)


def fetch(desk: Desk, path: str, **headers: str) -> TestResponse:
    return desk.app.test_client().get(path, headers=headers)


def test_the_carrier_fetches_the_sound_and_keeps_nothing(desk: Desk, message: int) -> None:
    answer = fetch(desk, path_to(desk, message))
    assert (answer.status_code, answer.data) == (200, SOUND)
    assert answer.mimetype == "audio/wav"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_a_part_of_the_sound_can_be_fetched(desk: Desk, message: int) -> None:
    answer = fetch(desk, path_to(desk, message), Range="bytes=10-19")
    assert (answer.status_code, answer.data) == (206, SOUND[10:20])


def test_after_two_minutes_the_address_leads_nowhere(desk: Desk, message: int) -> None:
    path = path_to(desk, message)
    desk.minutes_pass(1.9)
    assert fetch(desk, path).status_code == 200
    desk.minutes_pass(0.2)
    assert fetch(desk, path).status_code == 404


def test_an_address_is_good_for_the_carrier_it_was_made_for(desk: Desk, message: int) -> None:
    path = path_to(desk, message)
    assert fetch(desk, path.replace("/simulator/", "/twilio/")).status_code == 404


@pytest.mark.parametrize(
    "token", ["1", "x.y", "WyJzaW11bGF0b3IiLDEsOTk5OTk5OTk5OTld.abc", "a" * 999]
)
def test_what_was_made_up_leads_nowhere(desk: Desk, message: int, token: str) -> None:
    assert fetch(desk, f"/calls/simulator/voice/{token}").status_code == 404


def test_a_changed_address_leads_nowhere(desk: Desk, message: int) -> None:
    path = path_to(desk, message)
    for at in range(len("/calls/simulator/voice/"), len(path), 7):
        changed = path[:at] + ("A" if path[at] != "A" else "B") + path[at + 1 :]
        assert fetch(desk, changed).status_code == 404


def test_a_token_signed_for_something_else_leads_nowhere(desk: Desk, message: int) -> None:
    session = desk.app.session_interface.get_signing_serializer(desk.app)
    token = session.dumps(["simulator", message, 9_999_999_999])
    assert fetch(desk, f"/calls/simulator/voice/{token}").status_code == 404


def test_a_message_that_was_deleted_or_lost_is_not_there(desk: Desk, message: int) -> None:
    path = path_to(desk, message)
    for file in (desk.hotline.settings.data / "recordings").iterdir():
        file.unlink()
    assert fetch(desk, path).status_code == 404
    with desk.hotline.transaction() as tx:
        change_recording(tx, message, state=DROPPED)
    assert fetch(desk, path).status_code == 404
    assert fetch(desk, path_to(desk, message + 99)).status_code == 404


def test_nothing_but_fetching_is_answered(desk: Desk, message: int) -> None:
    assert desk.app.test_client().post(path_to(desk, message)).status_code == 405
