"""Two workers on one case: what is only added is kept, and each hears what the other did."""

from __future__ import annotations

import re

import pytest

from hotline import cases
from hotline.storage.case import find_case
from tests.web.desk.desk import Desk


def taken(desk: Desk) -> str:
    ref = desk.caller_asks()
    desk.takes_by_text("Dara", ref)
    return ref


def seen_by(visitor, ref: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', visitor.sees(f"/cases/{ref}").text)
    assert found
    return found[1]


def notes(visitor, ref: str, words: str, seen: str):
    return visitor.sends(f"/cases/{ref}/notes", f"/cases/{ref}", note=words, seen=seen)


def test_both_notes_are_kept_and_the_second_writer_is_told(desk: Desk) -> None:
    ref, dara, bopha = taken(desk), desk.staff("Dara"), desk.staff("Bopha")
    seen = seen_by(dara, ref)
    notes(bopha, ref, "the court called", seen)
    assert notes(dara, ref, "she is at her aunt's", seen).status_code == 303
    answer = dara.sees(f"/cases/{ref}").text
    assert "This case changed while you wrote: Bopha." in answer
    new = re.findall(r'<li class="[^"]* fresh">.*?</li>', answer, re.DOTALL)
    assert len(new) == 1
    assert "the court called" in new[0]
    assert "she is at her aunt" in answer
    assert "while you wrote" not in dara.reads(f"/cases/{ref}")  # it is said once


def test_what_the_caller_did_meanwhile_is_told_too(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    seen = seen_by(dara, ref)
    with desk.hotline.transaction() as tx:
        cases.add_words(desk.hotline, tx, find_case(tx, ref).id, "ជួយផង")
    dara.sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="busy", seen=seen)
    assert "while you wrote: the caller or the line" in dara.reads(f"/cases/{ref}")


def test_who_writes_alone_hears_nothing(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    seen = seen_by(dara, ref)
    notes(dara, ref, "one", seen)
    notes(dara, ref, "two", seen)
    assert "while you wrote" not in dara.reads(f"/cases/{ref}")


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40, "២"])
def test_nonsense_for_what_was_seen_loses_no_note(desk: Desk, seen: str) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    assert notes(dara, ref, "kept all the same", seen).status_code == 303
    assert "kept all the same" in dara.reads(f"/cases/{ref}")


def test_news_of_one_case_is_not_told_on_another(desk: Desk) -> None:
    ref, dara, bopha = taken(desk), desk.staff("Dara"), desk.staff("Bopha")
    other = desk.caller_asks(number="+85596234567")
    desk.takes_by_text("Dara", other)
    seen = seen_by(dara, ref)
    notes(bopha, ref, "the court called", seen)
    notes(dara, ref, "mine", seen)
    assert "while you wrote" not in dara.reads(f"/cases/{other}")
    assert "while you wrote" in dara.reads(f"/cases/{ref}")


def test_a_refused_form_marks_what_is_new_and_says_so_at_the_top(desk: Desk) -> None:
    ref, dara, bopha = taken(desk), desk.staff("Dara"), desk.staff("Bopha")
    seen, version = seen_by(dara, ref), str(desk.case(ref).version)
    less = {"outcome": "P2", "note": "found by the police", "version": version}
    bopha.sends(f"/cases/{ref}/priority", f"/cases/{ref}", **less)
    fields = {"outcome": "no_help_wanted", "note": "my words", "version": version, "seen": seen}
    answer = dara.sends(f"/cases/{ref}/close", f"/cases/{ref}", **fields)
    assert answer.status_code == 409
    page = answer.text
    assert page.index("This was not kept yet") < page.index("How to call back")
    assert "found by the police" in re.findall(r'fresh">.*?</li>', page, re.DOTALL)[0]
    assert "my words</textarea>" in page
