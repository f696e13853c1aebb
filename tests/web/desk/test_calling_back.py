"""Calling through the line from the desk: the gate large, the button only while it is open."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hotline.core.turn import OpenCase
from hotline.storage.bridge import bridges
from hotline.storage.outbox_item import outbox
from tests.web.desk.desk import ASK, Desk

CALLBACK = OpenCase("callback", "P2", "asked_for_call")
BUTTON = ">Call through the line</button>"


def taken(desk: Desk, ask: OpenCase = ASK, **plan: str) -> str:
    """A case that Dara has; it is ten in the morning."""
    ref = desk.caller_asks(ask, **plan)
    desk.takes_by_text("Dara", ref)
    return ref


def calls(visitor, ref: str, **fields: str):
    return visitor.sends(f"/cases/{ref}/call", f"/cases/{ref}", **fields)


def staff_calls(desk: Desk) -> list[int]:
    """Whose phones are to be rung for a bridge."""
    with desk.hotline.reading() as tx:
        wanted = outbox.c.prompt == "V_STAFF_BRIDGE"
        return list(tx.execute(select(outbox.c.staff_id).where(wanted)).scalars())


def test_while_the_gate_is_open_the_button_rings_the_member_who_pressed_it(desk: Desk) -> None:
    ref = taken(desk, window="morning")
    dara = desk.staff("Dara")
    page = dara.reads(f"/cases/{ref}")
    assert "Open now until 22/11 11:00" in page
    assert "Your phone rings first" in page
    assert calls(dara, ref).status_code == 303
    assert staff_calls(desk) == [1]
    page = dara.reads(f"/cases/{ref}")
    assert "Your phone is ringing. Answer it and press 1." in page
    assert BUTTON not in dara.sees(f"/cases/{ref}").text


def test_the_button_pressed_twice_rings_once(desk: Desk) -> None:
    ref = taken(desk, window="morning")
    dara, bopha = desk.staff("Dara"), desk.staff("Bopha")
    assert [calls(dara, ref).status_code, calls(bopha, ref).status_code] == [303, 303]
    assert staff_calls(desk) == [1]


def test_outside_the_hours_the_page_says_when_it_opens(desk: Desk) -> None:
    ref = taken(desk, window="evening")
    dara = desk.staff("Dara")
    page = dara.reads(f"/cases/{ref}")
    assert "Opens at 22/11 17:00" in page
    assert "It is not the time they chose." in page
    assert BUTTON not in dara.sees(f"/cases/{ref}").text
    assert calls(dara, ref).status_code == 409
    assert staff_calls(desk) == []


def test_an_override_needs_a_reason_which_stays_on_the_case(desk: Desk) -> None:
    ref = taken(desk, window="evening")
    dara = desk.staff("Dara")
    answer = calls(dara, ref, override="1", reason="  \x00 ")
    assert answer.status_code == 422
    assert "Write something first." in answer.text
    words = "He <b>has</b> come back"
    assert calls(dara, ref, override="1", reason=words).status_code == 303
    assert staff_calls(desk) == [1]
    page = dara.reads(f"/cases/{ref}")
    assert "Dara rang in spite of the plan: It is not the time they chose." in page
    assert "&lt;b&gt;has" in dara.sees(f"/cases/{ref}").text
    assert ("staff:1", "override_gate", f"case:{ref}") in desk.audit()
    with desk.hotline.reading() as tx:
        told = tx.execute(select(outbox).where(outbox.c.prompt == "STAFF_OVERRIDE")).all()
    assert [row.staff_id for row in told] == [3]  # the supervisor


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        ({"consent": "no"}, "They said no to a call."),
        ({"number": "+85523900900"}, "The number they gave is our own line."),
        ({"number": "010 111 002"}, "The number they gave is a phone of our staff."),
        ({"number": "117"}, "The number they gave cannot be rung."),
    ],
)
def test_who_must_not_be_rung(desk: Desk, plan: dict[str, str], why: str) -> None:
    ref = taken(desk, **plan)
    dara = desk.staff("Dara")
    page = dara.reads(f"/cases/{ref}")
    assert "Not to be rung" in page
    assert why in page
    assert "Call all the same" not in page
    assert calls(dara, ref, override="1", reason="please").status_code == 409
    assert staff_calls(desk) == []


def test_only_a_supervisor_overrides_a_no(desk: Desk) -> None:
    ref = taken(desk, consent="no")
    assert "Only a supervisor can have this caller rung." in desk.staff("Dara").reads(
        f"/cases/{ref}"
    )
    bopha = desk.staff("Bopha")
    assert "Call all the same" in bopha.reads(f"/cases/{ref}")
    assert calls(bopha, ref, override="1", reason="The court asks").status_code == 303
    assert staff_calls(desk) == [3]


def test_a_withheld_number_cannot_be_rung(desk: Desk) -> None:
    ref = desk.caller_asks(number=None)
    desk.takes_by_text("Dara", ref)
    assert "There is no number to ring." in desk.staff("Dara").reads(f"/cases/{ref}")


def test_at_night_only_what_is_urgent(desk: Desk) -> None:
    desk.minutes_pass(13 * 60)  # eleven at night
    ref = taken(desk, CALLBACK, window="anytime")
    page = desk.staff("Dara").reads(f"/cases/{ref}")
    assert "Opens at 23/11 07:00" in page
    assert "It is night, and it can wait." in page


def test_who_does_not_have_the_case_cannot_call(desk: Desk) -> None:
    ref = taken(desk, window="morning")
    sophea = desk.staff("Sophea")
    assert BUTTON not in sophea.sees(f"/cases/{ref}").text
    answer = sophea.sends(f"/cases/{ref}/call", "/")
    assert answer.status_code == 404
    assert staff_calls(desk) == []


def test_the_page_shows_how_the_last_call_ended(desk: Desk) -> None:
    ref = taken(desk, window="morning")
    dara = desk.staff("Dara")
    calls(dara, ref)
    with desk.hotline.transaction() as tx:
        tx.execute(
            bridges.update().values(state="over", ended_at=desk.hotline.now(), outcome="no_answer")
        )
    page = dara.reads(f"/cases/{ref}")
    assert "The last call: No answer" in page
    assert "Open now" in page


def test_nobody_calls_about_a_closed_case(desk: Desk) -> None:
    ref = taken(desk, window="morning")
    dara = desk.staff("Dara")
    dara.sends(
        f"/cases/{ref}/close",
        f"/cases/{ref}",
        outcome="not_a_case",
        version=str(desk.case(ref).version),
    )
    assert "Call through the line" not in dara.reads(f"/cases/{ref}")
    assert calls(dara, ref).status_code == 409
