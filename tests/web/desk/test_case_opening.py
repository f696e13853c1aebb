"""Need to know: a colleague's case opens with a reason alone, for an hour, and others hear."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from hotline.storage.case import case_keys
from hotline.storage.case_access import accesses_since, case_accesses
from hotline.storage.outbox_item import outbox
from tests.web.desk.desk import Desk

WAVE = b"RIFF" + bytes(range(256)) * 40
REASON = "ម្ដាយហៅមក ហើយ Sophea មិនលើក <b>ទូរស័ព្ទ</b>"


def sopheas(desk: Desk) -> str:
    ref = desk.caller_asks(window="morning", notes={"under_18": "yes"})
    desk.takes_by_text("Sophea", ref)
    desk.caller_speaks(ref, WAVE)
    return ref


def opens(visitor, ref: str, reason: str = REASON):
    return visitor.sends(f"/cases/{ref}/open", f"/cases/{ref}", reason=reason)


def told(desk: Desk) -> list[int]:
    with desk.hotline.reading() as tx:
        wanted = outbox.c.prompt == "STAFF_OPENED"
        return list(tx.execute(select(outbox.c.staff_id).where(wanted)).scalars())


def test_a_reason_opens_the_case_for_an_hour_and_the_supervisors_are_told(desk: Desk) -> None:
    ref, dara = sopheas(desk), desk.staff("Dara")
    assert "Why must you read this case?" in dara.reads(f"/cases/{ref}")
    assert opens(dara, ref).status_code == 303
    page = dara.reads(f"/cases/{ref}")
    assert "In the morning" in page
    assert "Is the person under 18? yes" in page
    assert "It closes for you at 22/11 11:00" in page
    assert told(desk) == [3]
    assert ("staff:1", "break_glass", f"case:{ref}") in desk.audit()
    assert ("staff:1", "read_case", f"case:{ref}") in desk.audit()
    source = desk.staff("Sophea").sees(f"/cases/{ref}").text
    assert "Dara opened the case with a reason" in source
    assert REASON in unescape(source)
    assert "<b>ទូរស័ព្ទ" not in source


def test_after_an_hour_it_is_closed_again(desk: Desk) -> None:
    ref, dara = sopheas(desk), desk.staff("Dara")
    opens(dara, ref)
    desk.minutes_pass(59)
    assert "In the morning" in dara.reads(f"/cases/{ref}")
    desk.minutes_pass(1)
    page = dara.reads(f"/cases/{ref}")
    assert "In the morning" not in page
    assert "Why must you read this case?" in page
    assert dara.sees(f"/cases/{ref}/voice/1").status_code != 200


def test_who_opened_it_may_hear_note_and_see_the_number_but_not_change_it(desk: Desk) -> None:
    ref, dara = sopheas(desk), desk.staff("Dara")
    opens(dara, ref)
    assert dara.sees(f"/cases/{ref}/voice/1").data == WAVE
    assert "012 345 678" in dara.sends(f"/cases/{ref}/number", f"/cases/{ref}").text
    note = dara.sends(f"/cases/{ref}/notes", f"/cases/{ref}", note="the mother rang again")
    assert note.status_code == 303
    version = str(desk.case(ref).version)
    page = dara.source(f"/cases/{ref}")
    for path in ("close", "priority", "call", "about", "date", "hand-over"):
        assert f'action="/desk/cases/{ref}/{path}"' not in page
        fields = {"outcome": "not_a_case", "version": version, "note": "x", "to": "1"}
        answer = dara.sends(f"/cases/{ref}/{path}", f"/cases/{ref}", **fields)
        assert answer.status_code == 404, path
    for path in ("about", "date", "hand-over"):
        assert dara.sees(f"/cases/{ref}/{path}").status_code == 404
    assert desk.case(ref).state == "claimed"


def test_a_note_begun_within_the_hour_is_given_back_after_it(desk: Desk) -> None:
    ref, dara = sopheas(desk), desk.staff("Dara")
    opens(dara, ref)
    for minutes in (59, 1):
        desk.minutes_pass(minutes)
        page = dara.reads(f"/cases/{ref}")
    assert "In the morning" not in page
    answer = dara.sends(f"/cases/{ref}/notes", f"/cases/{ref}", note="the mother rang again")
    assert answer.status_code == 409
    assert "the mother rang again</textarea>" in answer.text
    assert "Copy it" in answer.text
    assert "In the morning" not in answer.text


@pytest.mark.parametrize("reason", ["", "short", "a  b  c  d  e", " \x00 \u202e", "ក" * 1001])
def test_a_reason_that_says_nothing_opens_nothing_and_is_kept(desk: Desk, reason: str) -> None:
    ref, dara = sopheas(desk), desk.staff("Dara")
    answer = opens(dara, ref, reason)
    assert answer.status_code == 422
    assert 'role="alert" id="open-problem"' in answer.text
    assert reason.strip(" \x00") in unescape(answer.text)
    assert "In the morning" not in answer.text
    assert told(desk) == []
    assert "break_glass" not in [what for _, what, _ in desk.audit()]


def test_pressed_twice_it_is_told_once(desk: Desk) -> None:
    ref, dara = sopheas(desk), desk.staff("Dara")
    assert [opens(dara, ref).status_code for _ in range(2)] == [303, 303]
    assert told(desk) == [3]
    with desk.hotline.reading() as tx:
        assert len(tx.execute(select(case_accesses)).all()) == 1


def test_a_case_that_nobody_has_is_taken_and_not_opened(desk: Desk) -> None:
    ref, dara = desk.caller_asks(window="morning"), desk.staff("Dara")
    assert "Why must you read this case?" not in dara.reads(f"/cases/{ref}")
    assert opens(dara, ref).status_code == 303
    assert "In the morning" not in dara.reads(f"/cases/{ref}")
    assert told(desk) == []


def test_nobody_opens_another_case_by_it_nor_another_person(desk: Desk) -> None:
    ref, dara = sopheas(desk), desk.staff("Dara")
    other = desk.caller_asks(number="+85596234567", window="morning")
    desk.takes_by_text("Sophea", other)
    opens(dara, ref)
    assert "In the morning" not in dara.reads(f"/cases/{other}")
    desk.take_on("Chan", "+85510111009", "duty")
    assert "In the morning" not in desk.staff("Chan").reads(f"/cases/{ref}")


def test_an_admin_who_reads_no_words_cannot_open_a_case(desk: Desk) -> None:
    ref = sopheas(desk)
    desk.take_on("Chan", "+85510111009", "admin")
    chan = desk.staff("Chan")
    assert "Why must you read this case?" not in chan.reads(f"/cases/{ref}")
    assert opens(chan, ref).status_code == 403


def test_a_forgotten_case_asks_for_no_reason(desk: Desk) -> None:
    ref, dara = sopheas(desk), desk.staff("Dara")
    with desk.hotline.transaction() as tx:
        tx.execute(case_keys.delete())
    page = dara.reads(f"/cases/{ref}")
    assert "What the caller said was deleted" in page
    assert "Why must you read this case?" not in page
    assert opens(dara, ref).status_code == 303
    assert told(desk) == []


def test_supervisors_are_shown_who_opened_what(desk: Desk) -> None:
    ref, dara = sopheas(desk), desk.staff("Dara")
    opens(dara, ref)
    now = desk.hotline.now()
    with desk.hotline.reading() as tx:
        (one,) = accesses_since(tx, now - timedelta(hours=24))
        assert (one.ref, one.staff_name, one.at) == (ref, "Dara", now)
        assert accesses_since(tx, now + timedelta(seconds=1)) == []


def test_no_word_of_the_reason_stands_in_the_text_or_the_audit_chain(desk: Desk) -> None:
    ref, dara = sopheas(desk), desk.staff("Dara")
    opens(dara, ref, "the uncle has taken her phone")
    with desk.hotline.reading() as tx:
        row = tx.execute(select(outbox).where(outbox.c.prompt == "STAFF_OPENED")).one()
        words = desk.hotline.vault.decrypt(row.body_sealed, "outbox.body").decode()
    assert ref in words
    assert "uncle" not in words + str(desk.audit())
    assert "Dara" not in words
