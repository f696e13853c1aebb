"""What is not looked up is not called audited, and nothing is installed that was not pinned."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import dependencies
from tests.dependencies import AUDITED, NOT_AUDITED, VULNERABLE, main, verdict

ROOT = Path(__file__).parents[1]
FINE = {"name": "flask", "version": "3.1.3", "vulns": []}
FAULTY = {"name": "wtforms", "version": "3.3.2", "vulns": [{"id": "PYSEC-2026-1"}]}
SKIPPED = {"name": "yarl", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("packages", "code", "words"),
    [
        ([FINE], AUDITED, "audited: no known fault in 1 packages"),
        ([FINE, FAULTY], VULNERABLE, "wtforms 3.3.2: PYSEC-2026-1"),
        ([FINE, SKIPPED], NOT_AUDITED, "NOT AUDITED: nothing could be looked up of 1 packages"),
        ([], NOT_AUDITED, "NOT AUDITED"),
    ],
)
def test_a_report_is_counted(packages: list[dict], code: int, words: str) -> None:
    told = verdict({"dependencies": packages})
    assert told[0] == code
    assert words in told[1]


def test_where_nothing_can_be_looked_up_it_is_said_loudly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dependencies, "look_up", dict)
    assert main(["--if-reachable"]) == 0
    assert main([]) == NOT_AUDITED
    assert capsys.readouterr().out.count("NOT AUDITED") == 2


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.txt")), ids=lambda p: p.name)
def test_every_package_is_pinned_with_its_hashes(path: Path) -> None:
    pins = re.split(r"\n(?=[A-Za-z0-9])", path.read_text().strip())
    loose = [pin.splitlines()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin]
    assert loose == []
