"""The audit page: who did what, without what was read; whether the record is whole."""

from __future__ import annotations

import ast

import pytest

from hotline import audit, chain_watch, morning_word
from hotline.storage.audit_line import audit_lines
from hotline.web.desk.audit_words import ACTIONS
from hotline.wiring import ROOT
from tests.test_audit import past_the_guard
from tests.web.desk.desk import MOTHER, Desk


def test_a_supervisor_sees_who_read_which_case(desk: Desk) -> None:
    ref = desk.caller_asks()
    dara = desk.staff("Dara")
    dara.sends(f"/cases/{ref}/claim")
    dara.sees(f"/cases/{ref}")
    page = desk.staff("Bopha").reads("/audit")
    assert f"Dara read a case {ref}" in page
    assert f"Dara took the case {ref}" in page
    assert MOTHER not in page


def test_reading_the_record_is_written_into_it(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    bopha.sees("/audit?who=staff%3A1&day=2026-11-22")
    assert desk.audit()[-1][1:] == ("read_audit", "desk")
    assert "who,day" in bopha.reads("/audit")


def test_lines_are_narrowed_by_person_act_case_and_day(desk: Desk) -> None:
    first, second = desk.caller_asks(), desk.caller_asks(number="+85512999999")
    dara = desk.staff("Dara")
    dara.sends(f"/cases/{first}/claim")
    dara.sends(f"/cases/{second}/claim")
    bopha = desk.staff("Bopha")
    of_first = bopha.reads(f"/audit?ref={first.lower()}")
    assert first in of_first
    assert second not in of_first
    claims = bopha.reads("/audit?what=claim")
    assert first in claims
    assert second in claims
    assert "No line fits." in bopha.reads("/audit?what=close")
    assert "No line fits." in bopha.reads("/audit?day=2026-11-21")
    assert first in bopha.reads("/audit?day=2026-11-22")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("ref=%3Cb%3E", "This is no reference."),
        ("day=yesterday", "Choose a day."),
        ("who=staff%3A99", "Choose one of these."),
        ("what=%00", "Choose one of these."),
    ],
)
def test_nonsense_is_refused_beside_its_field(desk: Desk, query: str, sentence: str) -> None:
    answer = desk.staff("Bopha").sees(f"/audit?{query}")
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.parametrize("query", ["day=0001-01-01", "day=9999-12-31", "before=x", "before=0"])
def test_dates_and_places_beyond_all_sense_do_no_harm(desk: Desk, query: str) -> None:
    assert desk.staff("Bopha").sees(f"/audit?{query}").status_code == 200


def test_what_reads_the_same_is_one_choice_and_finds_it_all(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        for actor in ("worker", "system"):
            audit.note(tx, desk.hotline.now(), actor, "forget", "retention", f"by_{actor}")
    bopha = desk.staff("Bopha")
    source = bopha.source("/audit")
    assert source.count(">The line itself</option>") == 1
    page = bopha.reads("/audit?who=worker")
    assert "by_worker" in page
    assert "by_system" in page


def test_older_lines_are_a_page_away(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        for number in range(230):
            audit.note(tx, desk.hotline.now(), "worker", "claim", "case:K7M4Q", f"line {number}")
    bopha = desk.staff("Bopha")
    newest = bopha.reads("/audit?what=claim")
    assert "line 229" in newest
    assert "line 129" not in newest
    source = bopha.source("/audit?what=claim")
    older = source.split('class="button" href="/desk')[-1].split('"')[0].replace("&amp;", "&")
    page = bopha.reads(older)
    assert "line 129" in page
    assert "line 130" not in page


def test_a_broken_record_is_told_in_red(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    assert "Nobody has looked yet." in bopha.reads("/audit")
    bopha.sends("/audit/look", "/audit")
    assert "It is being looked over now." in bopha.reads("/audit")
    assert chain_watch.look_if_due(desk.hotline)
    assert "Yes: " in bopha.reads("/audit")
    with desk.hotline.transaction() as tx:
        past_the_guard(tx)
        tx.execute(audit_lines.update().where(audit_lines.c.number == 2).values(actor="staff:9"))
    desk.minutes_pass(2)
    bopha.sends("/audit/look", "/audit")
    assert chain_watch.look_if_due(desk.hotline)
    assert "No. Line 2 is not as it was written." in bopha.reads("/audit")


def test_the_seals_of_the_days_can_be_compared(desk: Desk) -> None:
    desk.staff("Dara")
    morning_word.send_if_due(desk.hotline)
    with desk.hotline.reading() as tx:
        number, seal = audit.end_of_chain(tx)
    assert f"{number}-{seal.hex()[:16]}" in desk.staff("Bopha").reads("/audit")


def test_acts_are_told_in_words() -> None:
    assert all(words == words.lower() or "PIN" in words for words in ACTIONS.values())


def acts_in_code() -> set[str]:
    """What audit.note is told anywhere, where it stands there as it is."""
    found = set()
    for path in (ROOT / "hotline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if ast.unparse(node.func) == "audit.note" and isinstance(node.args[3], ast.Constant):
                found.add(node.args[3].value)
    return found


def test_every_act_that_is_written_down_has_words() -> None:
    acts = acts_in_code()
    assert len(acts) > 40
    assert acts - set(ACTIONS) == set()
