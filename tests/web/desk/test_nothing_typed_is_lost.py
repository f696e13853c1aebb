"""What was typed comes back, whatever happened to the case, the session or the line meanwhile."""

from __future__ import annotations

from html import escape

import pytest

from hotline import following_up
from hotline.storage.case import find_case
from hotline.storage.database import DatabaseAway
from tests.web.desk.desk import Desk, Visitor

WORDS = "<b>she is at her aunt</b>\nដល់ម៉ោង ៥"
BOX = f"{escape(WORDS)}</textarea>"


def taken(desk: Desk, **plan: str) -> str:
    ref = desk.caller_asks(**plan)
    desk.takes_by_text("Dara", ref)
    return ref


def sends(visitor: Visitor, ref: str, form: str, seen_at: str = "/", **fields: str):
    fields = {"version": str(visitor.desk.case(ref).version), **fields}
    return visitor.sends(f"/cases/{ref}/{form}", seen_at, **fields)


def given_to_sophea(desk: Desk, ref: str) -> None:
    where = f"/cases/{ref}/hand-over"
    answer = sends(desk.staff("Bopha"), ref, "hand-over", where, to="2", reason="two others")
    assert answer.status_code == 303


def closed_by_bopha(desk: Desk, ref: str) -> None:
    bopha = desk.staff("Bopha")
    sends(bopha, ref, "attempts", f"/cases/{ref}", outcome="reached")
    closing = {"outcome": "no_help_wanted", "chi": "missing_children"}
    assert sends(bopha, ref, "close", f"/cases/{ref}", **closing).status_code == 303
    assert desk.case(ref).state == "closed"


@pytest.mark.parametrize(
    ("form", "field"),
    [("close", "note"), ("priority", "note"), ("date", "reason"), ("hand-over", "reason"),
     ("call", "reason")],
)  # fmt: skip
def test_of_a_case_that_was_closed_meanwhile(desk: Desk, form: str, field: str) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    closed_by_bopha(desk, ref)
    fields = {"outcome": "helped", "at": "2026-11-24T10:00", "to": "2", field: WORDS}
    answer = sends(dara, ref, form, **fields)
    assert answer.status_code == 409
    assert "what you chose can no longer be done" in answer.text
    assert BOX in answer.text
    assert dara.sends(f"/cases/{ref}/notes", "/", note=WORDS).status_code == 303
    assert "she is at her aunt" in dara.reads(f"/cases/{ref}")


@pytest.mark.parametrize("form", ["attempts", "notes"])
@pytest.mark.parametrize("meanwhile", [given_to_sophea, closed_by_bopha])
def test_of_a_form_that_was_not_filled_in_right(desk: Desk, form: str, meanwhile) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    meanwhile(desk, ref)
    long = WORDS + "x" * 10_000
    answer = dara.sends(f"/cases/{ref}/{form}", "/", outcome="nothing", note=long)
    assert answer.status_code == 422
    assert escape(long) in answer.text


@pytest.mark.parametrize("form", ["attempts", "notes"])
def test_who_lost_the_case_hears_that_the_note_was_kept(desk: Desk, form: str) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    given_to_sophea(desk, ref)
    dara.sends(f"/cases/{ref}/{form}", "/", outcome="busy", note=WORDS, seen="1")
    assert "Somebody else has this case by now. What you wrote was kept." in dara.reads(
        f"/cases/{ref}"
    )


def test_of_a_reason_to_call_when_the_hour_has_come(desk: Desk) -> None:
    ref, dara = taken(desk, window="morning"), desk.staff("Dara")
    answer = dara.sends(f"/cases/{ref}/call", "/", override="1", reason=WORDS)
    assert answer.status_code == 303
    assert "she is at her aunt" in dara.reads(f"/cases/{ref}")


def test_of_a_reason_to_call_when_somebody_else_rings(desk: Desk) -> None:
    ref, dara = taken(desk, window="morning"), desk.staff("Dara")
    desk.staff("Bopha").sends(f"/cases/{ref}/call", f"/cases/{ref}")
    assert dara.sends(f"/cases/{ref}/call", "/", override="1", reason=WORDS).status_code == 303
    assert "she is at her aunt" in dara.reads(f"/cases/{ref}")


def test_of_a_reason_to_call_that_no_field_takes_any_more(desk: Desk) -> None:
    ref, dara = taken(desk, consent="no"), desk.staff("Dara")
    answer = dara.sends(f"/cases/{ref}/call", "/", override="1", reason=WORDS)
    assert answer.status_code == 409
    assert BOX in answer.text


def test_of_a_reason_for_a_date_that_a_supervisor_has_to_set(desk: Desk) -> None:
    ref, dara = taken(desk, consent="no"), desk.staff("Dara")
    answer = sends(dara, ref, "date", at="2026-11-24T10:00", reason=WORDS)
    assert answer.status_code == 422
    assert "A supervisor decides what comes next" in answer.text
    assert BOX in answer.text


def test_of_who_was_signed_out_while_they_wrote(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    page = dara.sees(f"/cases/{ref}").text
    desk.minutes_pass(24 * 60)
    token = page.split('name="form_token" value="')[1].split('"')[0]
    where = f"/desk/cases/{ref}/notes"
    answer = dara.client.post(where, data={"form_token": token, "note": WORDS})
    assert answer.status_code == 401
    assert "អ្នកត្រូវបានចាកចេញ ពេលអ្នកកំពុងសរសេរ" in answer.text  # nobody knows who reads it
    assert BOX in answer.text
    forged = dara.client.post(where, data={"form_token": "x", "note": WORDS})
    assert forged.status_code == 303
    assert "aunt" not in forged.text


def test_of_who_writes_while_the_database_is_away(desk: Desk, monkeypatch) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    dara.reads("/")

    def away(*_given: object, **_more: object) -> None:
        raise DatabaseAway("tried")

    monkeypatch.setattr("hotline.cases.add_note", away)
    answer = dara.sends(f"/cases/{ref}/notes", "/", note=WORDS)
    assert answer.status_code == 503
    assert BOX in answer.text


def test_words_of_another_site_are_never_shown(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    data = {"form_token": "x", "note": WORDS}
    answer = dara.client.post(f"/desk/cases/{ref}/notes", data=data)
    assert answer.status_code == 400
    assert "aunt" not in answer.text


def test_who_lost_a_case_to_the_clock_sees_what_is_new(desk: Desk) -> None:
    ref = desk.caller_asks()
    desk.takes_by_text("Bopha", ref)
    bopha = desk.staff("Bopha")
    seen = bopha.sees(f"/cases/{ref}").text.split('name="seen" value="')[1].split('"')[0]
    version = str(desk.case(ref).version)
    with desk.hotline.transaction() as tx:
        following_up.take_back(desk.hotline, tx, find_case(tx, ref), "worker")
    fields = {"outcome": "P3", "note": WORDS, "version": version, "seen": seen}
    answer = bopha.sends(f"/cases/{ref}/priority", "/", **fields)
    assert answer.status_code == 409
    assert ' fresh">' in answer.text
