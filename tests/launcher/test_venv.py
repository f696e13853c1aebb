"""Setting up: nothing is done twice, and a changed pin is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher import venv


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (venv.RUN, venv.DEV, venv.UV):
        (tmp_path / name).write_text("flask==3.1.3\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setattr(venv, "ROOT", tmp_path)
    monkeypatch.setattr(venv, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(venv, "PYTHON", python)
    monkeypatch.setattr(venv, "STAMP", tmp_path / ".venv" / "installed.json")
    return tmp_path


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    ran: list[list[str]] = []

    def run(command: list[str], *, quiet: bool = False) -> bool:
        ran.append(command)
        return "uv" not in command[0] + " ".join(command[1:3])

    monkeypatch.setattr(venv, "_runs", run)
    return ran


def test_a_second_time_nothing_is_run(place: Path, commands: list[list[str]]) -> None:
    assert venv.main([]) == 0
    assert any("--require-hashes" in command for command in commands)
    commands.clear()
    assert venv.main([]) == 0
    assert commands == []


def test_who_has_everything_needs_nothing_less(place: Path, commands: list[list[str]]) -> None:
    venv.main(["--dev"])
    commands.clear()
    assert venv.main([]) == 0
    assert commands == []


def test_a_changed_pin_is_installed(place: Path, commands: list[list[str]]) -> None:
    venv.main([])
    (place / venv.RUN).write_text("flask==3.1.4\n")
    commands.clear()
    assert venv.main([]) == 0
    assert commands


def test_a_failed_installation_is_tried_again_next_time(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        venv, "_runs", lambda command, quiet=False: "--require-hashes" not in command
    )
    assert venv.main([]) == 1
    assert "package index" in capsys.readouterr().out
    assert not venv.STAMP.exists()


def test_an_old_python_is_told_what_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(venv, "_OLDEST", (99, 0))
    assert venv.main([]) == 1
    assert "make PYTHON=" in capsys.readouterr().out
