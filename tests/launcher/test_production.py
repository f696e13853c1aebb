"""One machine in production shape: starts with real settings, and says at once what is missing."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.processes import free_port
from hotline.key_ring import make_key_ring
from tests.launcher.test_demo import ROOT, status


def environment(folder: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    return {
        **own,
        "HOTLINE_CARRIER": "twilio",
        "HOTLINE_NUMBER": "+85523900900",
        "HOTLINE_DATA": str(folder / "data"),
        "HOTLINE_KEYS": str(folder / "keys"),
        "HOTLINE_SECRET_KEY": secrets.token_urlsafe(40),
        "HOTLINE_ALLOW_SCRATCH": "1",
        "HOTLINE_SWEEP_SECONDS": "1",
        "PUBLIC_BASE_URL": "https://line.example.org",
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_API_URL": "http://127.0.0.1:9",  # nobody: a test rings no real phone
    }


def launch(settings: dict[str, str], port: int, output: Path) -> subprocess.Popen[bytes]:
    with output.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "launcher", "run", "--port", str(port), "--workers", "1"],
            cwd=ROOT,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )


@pytest.mark.timeout(200)
def test_it_starts_answers_and_stops(tmp_path: Path) -> None:
    make_key_ring(tmp_path / "keys")
    port, output = free_port(), tmp_path / "output"
    process = launch(environment(tmp_path), port, output)
    try:
        deadline = time.monotonic() + 90
        while "the hotline answers" not in output.read_text():
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < deadline, output.read_text()
            time.sleep(0.1)
        assert status(f"127.0.0.1:{port}", "/readyz") == 200
        assert not (tmp_path / "data" / "simulator").exists()
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert status_or_nothing(port) == 0


def status_or_nothing(port: int) -> int:
    try:
        return status(f"127.0.0.1:{port}", "/healthz")
    except OSError:
        return 0


@pytest.mark.timeout(100)
def test_without_settings_it_stops_and_names_all_that_is_missing(tmp_path: Path) -> None:
    settings = {
        name: value
        for name, value in environment(tmp_path).items()
        if name not in ("HOTLINE_CARRIER", "HOTLINE_SECRET_KEY", "HOTLINE_NUMBER")
    }
    output = tmp_path / "output"
    process = launch({**settings, "HOTLINE_NOMBER": "1"}, free_port(), output)
    assert process.wait(90) == 1
    for name in ("HOTLINE_CARRIER", "HOTLINE_SECRET_KEY", "HOTLINE_NUMBER", "HOTLINE_NOMBER"):
        assert name in output.read_text()
    assert "Traceback" not in output.read_text()


@pytest.mark.timeout(100)
def test_scratch_recordings_stop_it_in_one_sentence(tmp_path: Path) -> None:
    make_key_ring(tmp_path / "keys")
    output = tmp_path / "output"
    settings = {**environment(tmp_path), "HOTLINE_ALLOW_SCRATCH": "0"}
    process = launch(settings, free_port(), output)
    assert process.wait(90) == 1
    assert "prompts have only a scratch recording" in output.read_text()
    assert "Traceback" not in output.read_text()
