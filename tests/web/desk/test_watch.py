"""What watches the line, as staff see it under the open cases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline import rehearsing
from hotline.storage.finding import keep_findings
from hotline.storage.rehearsal import begin_rehearsal, end_rehearsal, get_rehearsal, note_step
from tests.web.desk.desk import Desk


def rehearsed(desk: Desk, state: str, steps: tuple[str, ...], **values: str) -> None:
    now = desk.hotline.now()
    with desk.hotline.transaction() as tx:
        known = begin_rehearsal(tx, now, carrier="simulator", sid="RH1", now=now)
        for place, step in enumerate(steps, start=1):
            row = get_rehearsal(tx, known)
            note_step(tx, row, step, now + timedelta(seconds=place))
        end_rehearsal(tx, known, state, ended_at=now, **values)


def test_where_all_is_well_nothing_is_said(desk: Desk) -> None:
    page = desk.staff("Bopha").reads("/")
    assert "forgotten" not in page
    assert "Weekly test" not in page


def test_what_the_auditor_found_is_said_in_sentences(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        keep_findings(tx, {"no_next_step": 2, "disk_nearly_full": 1}, desk.hotline.now())
    page = desk.staff("Bopha").reads("/")
    assert "2 cases had been forgotten" in page
    assert "The disk of the server is nearly full" in page


def test_the_last_rehearsal_is_told_with_its_steps(desk: Desk) -> None:
    rehearsed(desk, "done", rehearsing.STEPS)
    page = desk.staff("Dara").reads("/")
    assert "Weekly test of the line: 22/11 10:00 all went well" in page
    assert "The person on call answered: after 6.0 seconds" in page
    assert "not reached" not in page


@pytest.mark.parametrize(
    ("why", "words"),
    [("nobody_answered", "nobody answered within 15 minutes"), ("status_502", "status 502")],
)
def test_a_step_that_was_not_reached_is_named(desk: Desk, why: str, words: str) -> None:
    rehearsed(desk, "failed", rehearsing.STEPS[:2], failed_at="case", why=why)
    page = desk.staff("Dara").reads("/")
    assert f"failed ({words})" in page
    assert "A case was opened by a key: not reached" in page
