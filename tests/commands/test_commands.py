"""The flask commands, each in a process of its own, as an operator types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hotline.commands import asks_for_command
from tests.stories.line import TOKEN


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What an operator has set beside the simulator."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")},
        "HOTLINE_CARRIER": "simulator",
        "HOTLINE_NUMBER": "+85523900900",
        "HOTLINE_DATA": str(tmp_path),
        "HOTLINE_KEYS": str(tmp_path / "keys"),
        "HOTLINE_ALLOW_SCRATCH": "1",
        "HOTLINE_SECRET_KEY": "s" * 32,
        "PUBLIC_BASE_URL": "http://127.0.0.1:9",
        "SIMULATOR_ACCOUNT_SID": "AC0",
        "SIMULATOR_AUTH_TOKEN": TOKEN,
        "SIMULATOR_API_URL": "http://127.0.0.1:9",
    }


def flask(environment: dict[str, str], *words: str, given: str = "") -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "flask", *words],
        env=environment, input=given, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def works(environment: dict[str, str], *words: str, given: str = "") -> str:
    done = flask(environment, *words, given=given)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_rehearsal_that_cannot_reach_our_address_says_so(environment: dict[str, str]) -> None:
    works(environment, "make-keys")
    works(environment, "upgrade-database")
    done = flask(environment, "rehearse")
    assert done.returncode != 0
    assert "not reached: answer (connection_error)" in done.stderr


@pytest.mark.timeout(400)  # some fifteen programs, one after the other
def test_from_nothing_to_a_staff_member_on_call(environment: dict[str, str]) -> None:
    works(environment, "make-keys")
    works(environment, "upgrade-database")
    assert "added" in works(environment, "add-staff", "Dara", "010 111 001", "--on-call-now")
    again = flask(environment, "add-staff", "Dara", "010 111 009")
    assert again.returncode != 0
    assert "NAME is taken" in again.stderr
    taken = flask(environment, "add-staff", "Sophea", "010111001")
    assert "PHONE belongs" in taken.stderr
    assert "12 hours" in works(environment, "put-on-call", "Dara", "--place", "2")
    assert "retired" in works(environment, "retire-staff", "Dara")
    assert "nobody has this NAME" in flask(environment, "put-on-call", "Dara").stderr
    assert "NAME is taken" in flask(environment, "add-staff", "Dara", "010111002").stderr
    assert json.loads(works(environment, "list-cases", "--json")) == []
    assert json.loads(works(environment, "list-outbox", "--json")) == []
    assert "whole" in works(environment, "verify-audit")


def test_a_bad_phone_is_refused(environment: dict[str, str]) -> None:
    assert "no phone number" in flask(environment, "add-staff", "Dara", "12").stderr


def test_texts_are_matched_without_any_setting(environment: dict[str, str]) -> None:
    bare = {k: v for k, v in environment.items() if not k.startswith(("HOTLINE", "SIMULATOR"))}
    said = works(bare, "match-text", given="juoy\n9\n១\nblablubb\n").splitlines()
    assert [line.split("\t")[0] for line in said] == ["HELP", "STOP", "RIGHTS", "-"]
    assert all(len(line.split("\t")) == 3 for line in said)


def test_the_desk_has_added_nothing_yet(environment: dict[str, str]) -> None:
    works(environment, "make-keys")
    works(environment, "upgrade-database")
    done = flask(environment, "keyword-additions")
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing that is not in the file" in done.stderr
    assert works(environment, "match-text", given="juoy\n").startswith("HELP\texact")


def test_a_start_that_fails_names_every_setting_that_is_missing(tmp_path: Path) -> None:
    bare = {"PATH": os.environ["PATH"], "HOTLINE_DATA": str(tmp_path), "HOTLINE_CARIER": "x"}
    done = flask(bare, "list-cases")
    assert done.returncode != 0
    for name in ("HOTLINE_CARRIER", "HOTLINE_NUMBER", "PUBLIC_BASE_URL", "HOTLINE_KEYS"):
        assert name in done.stderr
    assert "HOTLINE_CARIER is not a setting" in done.stderr


def test_the_demos_staff_are_refused_outside_the_demo(environment: dict[str, str]) -> None:
    works(environment, "make-keys")
    works(environment, "upgrade-database")
    real = {**environment, "HOTLINE_CARRIER": "twilio", "TWILIO_ACCOUNT_SID": "AC1",
            "TWILIO_AUTH_TOKEN": "t"}  # fmt: skip
    assert "seed-demo is for the demo" in flask(real, "seed-demo").stderr


def test_scratch_recordings_do_not_reach_the_public(environment: dict[str, str]) -> None:
    works(environment, "make-keys")
    done = flask({**environment, "HOTLINE_ALLOW_SCRATCH": "0"}, "list-cases")
    assert done.returncode != 0
    assert "scratch recording" in done.stderr


def test_flows_are_proved_and_gaps_are_told(environment: dict[str, str]) -> None:
    assert "no fault" in works(environment, "check-flows")
    assert "V_WELCOME\tkm\twords draft\ttake scratch" in works(environment, "prompt-gaps")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["/usr/bin/flask", "list-cases"], True),
        (["/lib/flask/__main__.py", "list-cases"], True),
        (["/lib/gunicorn/__main__.py", "wsgi:app"], False),
        (["/usr/bin/gunicorn", "wsgi:app"], False),
        (["/usr/bin/flask", "run"], False),
    ],
)
def test_a_command_is_told_from_a_server(arguments: list[str], expected: bool) -> None:
    assert asks_for_command(arguments) is expected
