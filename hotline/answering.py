"""Answering a caller: one engine run a turn, then save where the call stands and what follows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from hotline import callers, recordings, signals, standing
from hotline.core import engine
from hotline.core.answer import Answer
from hotline.core.answer_record import record_answer
from hotline.core.events import CallEvent
from hotline.core.library import RING_BACK
from hotline.core.turn import Circumstances, HungUp, Outcome, Turn, Voice
from hotline.effects import Talk, carry_out
from hotline.parts import Hotline
from hotline.staffing import is_anyone_on_duty
from hotline.standing import Standing, open_standing
from hotline.storage.conversation import find_dropped_call, set_caller
from hotline.storage.database import Transaction

RINGS_BACK = timedelta(minutes=10)
"""A call that dropped less than this ago may go on where it stopped."""

VOICE = "voice"


def hang_up(hotline: Hotline, tx: Transaction, row: Any) -> frozenset[str]:
    """The call is over: do what a hang-up means where it happened."""
    now_at, talk = open_standing(hotline, row), _talk(row)
    _hear(hotline, tx, row, now_at, talk, HungUp())
    standing.save(hotline, tx, row, now_at, case_id=talk.case_id, turn=row.turn)
    return frozenset(talk.rings)


def take_back_hang_up(hotline: Hotline, tx: Transaction, row: Any) -> None:
    """A key turns up that was pressed before the end of the call, and told after it: it counts."""
    now_at = open_standing(hotline, row)
    if now_at.state["hung_up"]:
        now_at.state.update(ended=False, hung_up=False)
        standing.save(hotline, tx, row, now_at, case_id=row.case_id, turn=row.turn)


def begin(hotline: Hotline, tx: Transaction, event: CallEvent) -> tuple[Answer, frozenset[str]]:
    """The first words of a call."""
    answer, now_at, talk = _greet(hotline, tx, event)
    now_at.keep_answer(record_answer(answer))
    standing.begin(
        hotline,
        tx,
        now_at,
        carrier=event.carrier,
        channel=VOICE,
        sid=event.call_sid,
        caller_id=talk.caller_id,
        case_id=talk.case_id,
        turn=answer.next_number,
    )
    return answer, frozenset(talk.rings)


def take_over(
    hotline: Hotline, tx: Transaction, event: CallEvent, row: Any, before: Standing
) -> tuple[Answer, frozenset[str]]:
    """The first words in a call that began as something else, and turned out to be a caller's."""
    answer, now_at, talk = _greet(hotline, tx, event)
    now_at.answers = before.answers
    now_at.keep_answer(record_answer(answer))
    set_caller(tx, row.id, talk.caller_id)
    standing.save(hotline, tx, row, now_at, case_id=talk.case_id, turn=answer.next_number)
    return answer, frozenset(talk.rings)


def _greet(hotline: Hotline, tx: Transaction, event: CallEvent) -> tuple[Answer, Standing, Talk]:
    number = signals.number_of(hotline, event)
    caller = callers.meet(hotline, tx, number) if number else None
    around = _circumstances(hotline, tx, caller)
    flow = signals.first_flow(hotline, tx, event, caller)
    outcome, case_id = _first_words(hotline, tx, caller, around, flow)
    key = f"call:{event.carrier}:{event.call_sid}:{event.number}"
    caller_id = caller.id if caller is not None else None
    talk = Talk(event.carrier, VOICE, key, caller_id, outcome.state["flow"], case_id)
    carry_out(hotline, tx, talk, outcome.effects)
    answer = _answer(outcome, event.number + 1)
    return answer, Standing(outcome.state, asdict(around)), talk


def _first_words(
    hotline: Hotline, tx: Transaction, caller: Any | None, around: Circumstances, flow: str
) -> tuple[Outcome, int | None]:
    """The first flow, or the question whether to go on after a drop; and the case of that call."""
    since = hotline.now() - RINGS_BACK
    dropped = find_dropped_call(tx, caller.id, since) if caller is not None else None
    if dropped is None or flow != hotline.library.entry:
        return engine.begin(hotline.library, flow, around), None
    before = open_standing(hotline, dropped)
    outcome = engine.resume(hotline.library, before.state, around)
    return outcome, dropped.case_id if outcome.state["has_case"] else None


def go_on(
    hotline: Hotline, tx: Transaction, event: CallEvent, turn: Turn, row: Any, now_at: Standing
) -> tuple[Answer, frozenset[str]]:
    """One turn on."""
    talk = _talk(row)
    if isinstance(turn, Voice):
        _expect_voice(hotline, tx, event, row, turn)
    outcome = _hear(hotline, tx, row, now_at, talk, turn)
    if event.afterwards is not None:  # told in the same request: a message, then the hang-up
        outcome = _hear(hotline, tx, row, now_at, talk, event.afterwards)
    answer = _answer(outcome, event.number + 1)
    now_at.keep_answer(record_answer(answer))
    standing.save(hotline, tx, row, now_at, case_id=talk.case_id, turn=answer.next_number)
    return answer, frozenset(talk.rings)


def _hear(
    hotline: Hotline, tx: Transaction, row: Any, now_at: Standing, talk: Talk, turn: Turn
) -> Outcome:
    elapsed = int((hotline.now() - row.started_at).total_seconds())
    before, around = now_at.state, now_at.circumstances(elapsed)
    talk.flow = before["flow"]  # where the key was pressed: it says what the case is about
    outcome = engine.advance(hotline.library, before, turn, around)
    if before["flow"] == RING_BACK and outcome.state["flow"] == hotline.library.entry:
        # Whoever picked up wants to listen: from here it is a call like any other.
        caller = callers.get(tx, row.caller_id)
        outcome, talk.case_id = _first_words(hotline, tx, caller, around, hotline.library.entry)
        outcome.state["pressed"] = True
    now_at.state = outcome.state
    carry_out(hotline, tx, talk, outcome.effects)
    if outcome.state["ended"] and not before["ended"]:
        talk.rings |= signals.note_end(hotline, tx, talk.caller_id, outcome.state)
    return outcome


def _talk(row: Any) -> Talk:
    key = f"call:{row.carrier}:{row.sid}:{row.turn}"
    return Talk(row.carrier, VOICE, key, row.caller_id, row.flow, row.case_id)


def _expect_voice(
    hotline: Hotline, tx: Transaction, event: CallEvent, row: Any, voice: Voice
) -> None:
    recordings.expect(
        hotline,
        tx,
        carrier=event.carrier,
        sid=voice.recording,
        url=event.recording_url,
        seconds=voice.seconds,
        conversation_id=row.id,
    )


def _answer(outcome: Outcome, next_number: int) -> Answer:
    return Answer(outcome.language, outcome.say, outcome.wait, next_number)


def _circumstances(hotline: Hotline, tx: Transaction, caller: Any | None) -> Circumstances:
    on_duty = is_anyone_on_duty(tx, hotline.now())
    if caller is None:
        return Circumstances(channel=VOICE, staff_on_duty=on_duty, can_be_rung=False)
    return Circumstances(
        channel=VOICE,
        staff_on_duty=on_duty,
        is_known=caller.last_seen > caller.first_seen,
        language=caller.language,
        script=caller.script,
        agreed_to_texts=caller.agreed_to_texts,
    )
