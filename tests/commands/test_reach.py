"""set-reach, as an operator meets it."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from hotline.commands import reach
from hotline.storage.audit_line import audit_lines
from hotline.storage.staff_member import find_staff_by_name
from tests.web.desk.desk import Desk


def run(*words: str) -> Result:
    return CliRunner().invoke(reach.set_staff_reach, list(words))


def dara(desk: Desk) -> Any:
    with desk.hotline.reading() as tx:
        return find_staff_by_name(tx, "Dara")


def test_a_night_worker_sets_her_own_quiet_hours(desk: Desk) -> None:
    done = run("Dara", "--quiet", "08:00-16:00", "--zone", "Asia/Bangkok", "--no-voice")
    assert done.output == "paged by text, quiet 08:00-16:00 Asia/Bangkok\n"
    kept = dara(desk)
    assert (kept.by_sms, kept.by_voice, kept.zone) == (True, False, "Asia/Bangkok")
    assert (kept.quiet_from, kept.quiet_to) == ("08:00", "16:00")


def test_what_is_not_named_stays_as_it_is(desk: Desk) -> None:
    run("Dara", "--no-sms", "--quiet", "22:00-06:00")
    assert run("Dara").output == "paged by call, quiet 22:00-06:00 Asia/Phnom_Penh\n"
    assert "paged by text and call, quiet 22:00" in run("Dara", "--sms").output


def test_quiet_hours_are_the_usual_ones_again_or_none(desk: Desk) -> None:
    run("Dara", "--quiet", "22:00-06:00")
    assert "never quiet" in run("Dara", "--quiet", "none").output
    assert "quiet 21:00-07:00" in run("Dara", "--quiet", "usual").output
    assert dara(desk).quiet_from is None


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("Nobody", "--no-sms"), "nobody has this NAME"),
        (("Dara", "--zone", "Asia/Nowhere"), "ZONE is not known; write it like Asia/Phnom_Penh"),
        (("Dara", "--zone", "../../etc/passwd"), "ZONE is not known"),
        (("Dara", "--no-sms", "--no-voice"), "leave one way open"),
        (("Dara", "--quiet", "22-6"), "write them like 22:00-06:00"),
        (("Dara", "--quiet", "25:00-06:00"), "these are no quiet hours"),
        (("Dara", "--quiet", "22:00"), "these are no quiet hours"),
        (("Dara", "--quiet", ""), "these are no quiet hours"),
        (("Dara", "--quiet", "07:00-07:00"), "for none, write: none"),
        (("Dara", "--quiet", "07:00-06:00"), "more than 14 hours: nobody could be reached"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    desk: Desk, words: tuple[str, ...], why: str
) -> None:
    before = dara(desk)
    done = run(*words)
    assert done.exit_code == 1
    assert why in done.output
    assert dara(desk) == before


def test_the_last_way_stays_open_over_two_commands(desk: Desk) -> None:
    run("Dara", "--no-voice")
    assert "leave one way open" in run("Dara", "--no-sms").output
    assert dara(desk).by_sms


def test_the_change_is_in_the_audit_chain_without_its_values(desk: Desk) -> None:
    run("Dara", "--quiet", "22:00-06:00")
    with desk.hotline.reading() as tx:
        line = tx.execute(select(audit_lines)).all()[-1]
    assert (line.actor, line.action, line.object) == ("command", "set_reach", "staff:1")
    assert line.detail == "quiet_from quiet_to"
