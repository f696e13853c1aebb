"""What must be done next with a case: never a call where none may be made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.core.next_action import Call, Do, NextAction, next_action
from hotline.core.safe_call import Gate

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
OPEN = Gate(True, "open")
NIGHT = Gate(False, "night", opens_at=LATER)
WHATS = (None, "first_attempt", "next_attempt", "supervisor_decides", "follow_up", "call_again")


def what_next(gate=OPEN, call=None, what="first_attempt", due=LATER, boss=False) -> NextAction:
    return next_action(gate, call or Call(), what, due, NOW, is_supervisor=boss)


@pytest.mark.parametrize(
    ("given_so", "do", "at"),
    [
        ({}, Do.CALL, LATER),
        ({"gate": NIGHT}, Do.WAIT, LATER),
        ({"what": "next_attempt"}, Do.WAIT, LATER),
        ({"what": "call_again", "due": NOW}, Do.CALL, NOW),
        ({"what": "call_again", "due": NOW, "gate": NIGHT}, Do.WAIT, LATER),
        ({"gate": Gate(False, "no_number")}, Do.CANNOT_CALL, LATER),
        ({"what": "follow_up"}, Do.LOOK_AGAIN, LATER),
        ({"what": None, "due": None}, Do.LOOK_AGAIN, None),
        ({"gate": Gate(False, "quiet_sign")}, Do.ASK_SUPERVISOR, LATER),
        ({"gate": Gate(False, "said_no"), "boss": True}, Do.DECIDE, LATER),
        ({"what": "supervisor_decides"}, Do.ASK_SUPERVISOR, LATER),
        ({"call": Call(rings_staff=True, under_way=True)}, Do.ANSWER_PHONE, None),
        ({"call": Call(under_way=True)}, Do.TALK, None),
        ({"call": Call(untold=True)}, Do.WRITE_DOWN, None),
    ],
)
def test_one_thing_to_do(given_so, do: Do, at: datetime | None) -> None:
    assert what_next(**given_so) == NextAction(do, at)


@given(
    what=st.sampled_from(WHATS),
    why=st.sampled_from(["quiet_sign", "said_no", "not_asked", "no_number", "all_tried"]),
    boss=st.booleans(),
)
def test_nobody_is_sent_to_ring_through_a_gate_that_is_shut(what, why, boss) -> None:
    assert what_next(Gate(False, why), what=what, boss=boss).do is not Do.CALL
