"""Work on a case: take it, write down calls and notes, close it; nothing typed is lost."""

from __future__ import annotations

import threading
from html import escape, unescape

import pytest
from sqlalchemy import select

from hotline import cases
from hotline.audit import first_broken_line
from hotline.storage.audit_line import audit_lines
from hotline.storage.case import find_case
from hotline.storage.escalation import get_escalation
from tests.web.desk.desk import Desk

KHMER = "ក្មេងស្រីម្នាក់បាត់ពីផ្ទះ" * 400


def taken(desk: Desk, name: str = "Dara") -> str:
    ref = desk.caller_asks()
    desk.takes_by_text(name, ref)
    return ref


def close(visitor, ref: str, outcome: str, version: int | str, note: str = ""):
    return visitor.sends(
        f"/cases/{ref}/close", f"/cases/{ref}", outcome=outcome, version=str(version), note=note
    )


def test_two_take_one_case_and_one_has_it(desk: Desk) -> None:
    ref = desk.caller_asks()
    visitors = [desk.staff("Dara"), desk.staff("Sophea")]
    ready, answers = threading.Barrier(2), []

    def take(visitor) -> None:
        ready.wait(10)
        answers.append(visitor.sends(f"/cases/{ref}/claim", f"/cases/{ref}").status_code)

    threads = [threading.Thread(target=take, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert answers == [303, 303]
    pages = [visitor.reads(f"/cases/{ref}") for visitor in visitors]
    assert sum("You have it" in page for page in pages) == 1
    assert sum("How to call back" in page and "In the evening" in page for page in pages) == 1
    assert len([line for line in desk.audit() if line[1] == "claim"]) == 1


def test_taking_a_case_ends_its_alerts(desk: Desk) -> None:
    ref = desk.caller_asks()
    desk.staff("Dara").sends(f"/cases/{ref}/claim")
    with desk.hotline.reading() as tx:
        assert get_escalation(tx, desk.case(ref).id).ended_at is not None


def test_an_attempt_starts_the_second_clock(desk: Desk) -> None:
    ref = taken(desk)
    dara = desk.staff("Dara")
    answer = dara.sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="busy", note="  ")
    assert answer.status_code == 303
    assert desk.case(ref).first_attempt_at == desk.hotline.now()
    assert ("staff:1", "attempt", f"case:{ref}") in desk.audit()
    page = dara.reads(f"/cases/{ref}")
    assert "Dara called back: Busy" in page
    assert "not called back yet" not in page


@pytest.mark.parametrize("outcome", ["", "flew_away", "<b>", "reached\x00"])
def test_an_attempt_without_an_outcome_keeps_what_was_typed(desk: Desk, outcome: str) -> None:
    ref = taken(desk)
    dara = desk.staff("Dara")
    answer = dara.sends(
        f"/cases/{ref}/attempts", f"/cases/{ref}", outcome=outcome, note="she cried"
    )
    assert answer.status_code == 422
    assert "Choose one of these." in answer.text
    assert "she cried</textarea>" in answer.text
    assert desk.case(ref).first_attempt_at is None


def test_an_empty_note_is_not_kept(desk: Desk) -> None:
    ref = taken(desk)
    answer = desk.staff("Dara").sends(f"/cases/{ref}/notes", f"/cases/{ref}", note=" \r\n\x07 ")
    assert answer.status_code == 422
    assert "Write something first." in answer.text


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "{{ 7*7 }} {% raw %} ${x} </textarea></form>",
        "مرحبا \u202eevil\u202c שלום",
        "👧🏽‍🦱 🇰🇭 ☎️",
        "quotes \" ' & <",
        "line one\nline two",
        KHMER,
    ],
    ids=["script", "template", "right-to-left", "emoji", "quotes", "lines", "khmer-10000"],
)
def test_a_note_comes_back_as_it_was_written(desk: Desk, words: str) -> None:
    ref = taken(desk)
    dara = desk.staff("Dara")
    words = words[:10_000]
    answer = dara.sends(f"/cases/{ref}/notes", f"/cases/{ref}", note=words)
    assert answer.status_code == 303
    page = dara.sees(f"/cases/{ref}").text
    assert words in unescape(page)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'class="words" dir="auto"' in page


def test_a_note_that_is_too_long_is_kept_in_the_form(desk: Desk) -> None:
    ref = taken(desk)
    answer = desk.staff("Dara").sends(f"/cases/{ref}/notes", f"/cases/{ref}", note="ក" * 10_001)
    assert answer.status_code == 422
    assert "longer than 10,000 letters" in answer.text
    assert "ក" * 10_001 in answer.text


@pytest.mark.parametrize("outcome", ["helped", "referred", "not_reached"])
def test_nobody_is_helped_without_a_call(desk: Desk, outcome: str) -> None:
    ref = taken(desk)
    dara = desk.staff("Dara")
    answer = close(dara, ref, outcome, desk.case(ref).version, "all is well")
    assert answer.status_code == 422
    assert "No call is written down yet" in answer.text
    assert "all is well</textarea>" in answer.text
    assert f'value="{outcome}" required checked' in answer.text
    assert desk.case(ref).state == "claimed"


def test_a_case_is_closed_with_its_last_note(desk: Desk) -> None:
    ref = taken(desk)
    dara = desk.staff("Dara")
    dara.sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="reached")
    assert close(dara, ref, "helped", desk.case(ref).version, "home again").status_code == 303
    page = dara.reads(f"/cases/{ref}")
    assert "Closed: Helped" in page
    assert "Dara closed the case: Helped" in page
    assert "home again" in page
    assert "Close the case" not in page
    assert ("staff:1", "close", f"case:{ref}") in desk.audit()


def test_who_closes_what_somebody_changed_meanwhile_loses_nothing(desk: Desk) -> None:
    ref = taken(desk)
    dara = desk.staff("Dara")
    dara.sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="reached")
    seen = desk.case(ref).version
    with desk.hotline.transaction() as tx:  # the caller rings again and is in more danger
        cases.flag(desk.hotline, tx, find_case(tx, ref).id, "quick_exit")
    answer = close(dara, ref, "helped", seen, "she is at home")
    assert answer.status_code == 409
    assert "Somebody changed this case meanwhile" in answer.text
    assert "she is at home</textarea>" in answer.text
    assert "Marked: left in a hurry" in answer.text
    assert desk.case(ref).state == "claimed"
    assert f'name="version" value="{desk.case(ref).version}"' in answer.text
    assert close(dara, ref, "helped", desk.case(ref).version, "she is at home").status_code == 303


def test_two_close_one_case_and_both_are_told(desk: Desk) -> None:
    ref = taken(desk)
    dara, bopha = desk.staff("Dara"), desk.staff("Bopha")
    seen = desk.case(ref).version
    assert close(bopha, ref, "duplicate", seen).status_code == 303
    answer = close(dara, ref, "no_help_wanted", seen, "they said so")
    assert answer.status_code == 409
    assert "they said so</textarea>" in answer.text
    assert desk.case(ref).outcome == "duplicate"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "២"])
def test_a_version_that_is_nonsense_closes_nothing(desk: Desk, version: str) -> None:
    ref = taken(desk)
    assert close(desk.staff("Dara"), ref, "not_a_case", version).status_code == 409
    assert desk.case(ref).state == "claimed"


def test_a_call_that_was_made_can_be_written_down_after_closing(desk: Desk) -> None:
    ref = taken(desk)
    dara = desk.staff("Dara")
    close(dara, ref, "not_a_case", desk.case(ref).version)
    answer = dara.sends(f"/cases/{ref}/notes", f"/cases/{ref}", note="the mother thanked us")
    assert answer.status_code == 303
    assert "the mother thanked us" in dara.reads(f"/cases/{ref}")


def test_the_audit_chain_holds_and_names_no_words(desk: Desk) -> None:
    ref = taken(desk)
    dara = desk.staff("Dara")
    dara.sends(f"/cases/{ref}/number", f"/cases/{ref}")
    dara.sends(f"/cases/{ref}/notes", f"/cases/{ref}", note="the uncle drinks")
    with desk.hotline.reading() as tx:
        assert first_broken_line(tx) is None
        lines = str(tx.execute(select(audit_lines)).all())
    assert "uncle" not in lines
    assert "345678" not in lines


@pytest.mark.parametrize("form", ["attempts", "notes"])
def test_who_lost_the_case_while_they_wrote_loses_no_word(desk: Desk, form: str) -> None:
    ref = desk.caller_asks(window="morning")
    desk.takes_by_text("Dara", ref)
    dara, bopha = desk.staff("Dara"), desk.staff("Bopha")
    seen = {"version": str(desk.case(ref).version)}
    where = f"/cases/{ref}/hand-over"
    bopha.sends(where, where, to="2", reason="Dara has two others", **seen)
    answer = dara.sends(f"/cases/{ref}/{form}", "/", outcome="reached", note="she is at her aunt")
    assert answer.status_code == 303
    assert "she is at her aunt" in desk.staff("Sophea").reads(f"/cases/{ref}")
    assert "she is at her aunt" not in dara.reads(f"/cases/{ref}")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ("close", "note"),
        ("priority", "note"),
        ("date", "reason"),
        ("hand-over", "reason"),
        ("call", "reason"),
        ("refer/1", "words"),
    ],
)
def test_what_can_no_longer_be_done_gives_the_words_back(desk: Desk, form: str, field: str) -> None:
    ref, dara, bopha = taken(desk), desk.staff("Dara"), desk.staff("Bopha")
    seen = {"version": str(desk.case(ref).version)}
    where = f"/cases/{ref}/hand-over"
    bopha.sends(where, where, to="2", reason="Dara has two others", **seen)
    words = "<b>she is at her aunt</b>\nដល់ម៉ោង ៥"
    fields = {"answer": "yes", "outcome": "helped", "at": "2026-11-24T10:00", "to": "3"}
    answer = dara.sends(f"/cases/{ref}/{form}", "/", **fields | seen | {field: words})
    assert answer.status_code == 409
    assert "what you chose can no longer be done" in answer.text
    assert f"{escape(words)}</textarea>" in answer.text
    assert "Sophea has it" in answer.text
    assert "012 345 678" not in answer.text
    assert desk.case(ref).claimed_by == 2
    kept = dara.sends(f"/cases/{ref}/notes", "/", note=words)
    assert kept.status_code == 303
    assert "she is at her aunt" in desk.staff("Sophea").reads(f"/cases/{ref}")


def test_who_never_had_the_case_adds_nothing(desk: Desk) -> None:
    ref = desk.caller_asks()
    desk.takes_by_text("Dara", ref)
    answer = desk.staff("Sophea").sends(f"/cases/{ref}/notes", "/", note="mine")
    assert answer.status_code == 404
