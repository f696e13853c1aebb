"""Supervisors ask for a table of cases, see how far it is, and take it away."""

from __future__ import annotations

import pytest

from hotline import exporting
from hotline.core.turn import OpenCase
from tests.web.desk.desk import Desk

DEBT = OpenCase("debt", "P3", "asked_by_key")
ASKED = {"first": "2026-11", "last": "2026-11", "format": "csv"}


@pytest.fixture
def december(desk: Desk) -> Desk:
    for place in range(6):
        desk.caller_asks(DEBT, f"+8551230000{place}")
    desk.minutes_pass(60 * 24 * 20)
    return desk


def test_a_supervisor_asks_waits_and_downloads(december: Desk) -> None:
    bopha = december.staff("Bopha")
    assert bopha.sends("/exports", "/exports", **ASKED).status_code == 303
    waiting = bopha.sees("/exports").text
    assert "Waits for its turn" in waiting
    assert "<progress" in waiting
    assert 'http-equiv="refresh"' in waiting, "without JavaScript the page renews itself"
    exporting.make_waiting(december.hotline, "a worker")
    ready = bopha.sees("/exports").text
    assert "6 cases." in ready
    assert 'http-equiv="refresh"' not in ready
    answer = bopha.sees("/exports/1/file")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.data.decode("utf-8-sig").count("debt") == 7, "six rows, and one of the report"
    assert ("staff:3", "download_export", "export:1") in december.audit()


def test_another_supervisor_may_take_it_and_nobody_else(december: Desk) -> None:
    december.staff("Bopha").sends("/exports", "/exports", **ASKED)
    exporting.make_waiting(december.hotline, "a worker")
    for name, number, role, expected in (
        ("Kosal", "+85510111089", "supervisor", 200),
        ("Vuthy", "+85510111088", "admin", 403),
        ("Sarin", "+85510111087", "coordinator", 403),
    ):
        december.take_on(name, number, role)
        assert december.staff(name).sees("/exports/1/file").status_code == expected, role


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"last": "2026-10"}, "The last month is before the first."),
        ({"last": "2026-12"}, "Choose one of these."),
        ({"first": "1' OR 1=1"}, "Choose one of these."),
        ({"first": "\u1780" * 10_000}, "Choose one of these."),
        ({"format": "exe"}, "Choose one of these."),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(
    december: Desk, asked: dict[str, str], sentence: str
) -> None:
    """The month that is going on is not over: it cannot be asked for."""
    bopha = december.staff("Bopha")
    answer = bopha.sends("/exports", "/exports", **{**ASKED, **asked})
    assert answer.status_code == 422
    assert sentence in answer.text


def test_no_more_than_three_at_a_time_and_one_can_be_stopped(december: Desk) -> None:
    bopha = december.staff("Bopha")
    for _ in range(exporting.AT_ONCE):
        assert bopha.sends("/exports", "/exports", **ASKED).status_code == 303
    full = bopha.sends("/exports", "/exports", **ASKED)
    assert full.status_code == 409
    assert "Wait until one of them is ready" in full.text
    assert bopha.sends("/exports/1/cancel", "/exports").status_code == 303
    assert "It was stopped." in bopha.reads("/exports")
    assert bopha.sends("/exports", "/exports", **ASKED).status_code == 303


@pytest.mark.parametrize("number", ["99", "0", "1"])
def test_what_is_not_there_or_not_ready_is_not_found(december: Desk, number: str) -> None:
    bopha = december.staff("Bopha")
    bopha.sends("/exports", "/exports", **ASKED)
    assert bopha.sees(f"/exports/{number}/file").status_code == 404
