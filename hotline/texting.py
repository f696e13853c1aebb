"""Taking a text: whose it is, what it means, which conversation it belongs to, what is replied."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from hotline import (
    callers,
    callers_messages,
    cases,
    codes,
    keyword_additions,
    outbox,
    paging,
    signals,
    staff_replies,
    staffing,
    standing,
)
from hotline.core import engine
from hotline.core.events import TextEvent
from hotline.core.keywords import EXACT, Keywords, Match
from hotline.core.reply_code import read_reply
from hotline.core.turn import Circumstances, Outcome, Saying, Words
from hotline.effects import Talk, carry_out
from hotline.parts import Hotline
from hotline.standing import Standing, open_standing
from hotline.storage import incoming_text
from hotline.storage.caller import allow_texts, remember_language, stop_texts
from hotline.storage.case import open_cases_of
from hotline.storage.conversation import find_open_texts
from hotline.storage.database import Transaction

SMS = "sms"
STILL_OPEN = timedelta(hours=24)
"""A question by text may be answered for this long."""

ONE_ANSWER = timedelta(hours=1)
"""A text that is not understood gets one reply in this time."""


@dataclass(slots=True)
class _Letter:
    """One text on its way through the house."""

    event: TextEvent
    text_id: int
    caller: Any
    rings: set[str]
    keywords: Keywords

    @property
    def key(self) -> str:
        return f"text:{self.text_id}"


def take_text(hotline: Hotline, tx: Transaction, event: TextEvent) -> frozenset[str]:
    """Keep a text, do what it asks, put the reply. Seen before: nothing. The queues to ring."""
    caller = _sender(hotline, tx, event)
    text_id = incoming_text.keep_text(
        tx,
        carrier=event.carrier,
        sid=event.message_sid,
        caller_id=caller.id if caller is not None else None,
        body_sealed=hotline.vault.encrypt(event.body.encode(), incoming_text.CONTEXT),
        received_at=hotline.now(),
    )
    if text_id is None or caller is None:
        return frozenset()
    letter = _Letter(event, text_id, caller, set(), keyword_additions.in_force(hotline, tx))
    _understand(hotline, tx, letter)
    return frozenset(letter.rings)


def _sender(hotline: Hotline, tx: Transaction, event: TextEvent) -> Any | None:
    """The caller, or None for a sender that cannot be answered: a word, a short code, ourselves."""
    number = event.from_number
    is_a_phone = number.startswith("+") and not signals.is_our_own(hotline, number)
    return callers.meet(hotline, tx, number) if is_a_phone else None


def _understand(hotline: Hotline, tx: Transaction, letter: _Letter) -> None:
    """The open codes of a staff phone come first: 9 is a code there, and STOP everywhere else."""
    body, is_stopped = letter.event.body, letter.caller.stopped_at is not None
    if _answers_a_page(hotline, tx, letter):
        return
    if letter.event.opt_out == "STOP" or letter.keywords.is_stop(body):
        _stop(hotline, tx, letter)
    elif letter.event.opt_out == "START" or (is_stopped and letter.keywords.is_start(body)):
        _start(hotline, tx, letter)
    elif not _goes_on(hotline, tx, letter):
        _begin_topic(hotline, tx, letter)


# ---------------------------------------------------------------- stop and start


def _stop(hotline: Hotline, tx: Transaction, letter: _Letter) -> None:
    """One confirmation, then silence; whoever follows up a case of this caller must know."""
    incoming_text.note_meaning(tx, letter.text_id, "stop")
    if letter.caller.stopped_at is not None:
        return
    stop_texts(tx, letter.caller.id, hotline.now())
    _end_open_texts(hotline, tx, letter)
    for case in open_cases_of(tx, letter.caller.id):
        cases.flag(hotline, tx, case.id, "texts_stopped")
        if paging.tell_claimer(hotline, tx, case, "STAFF_STOPPED", f"{letter.key}:stopped"):
            letter.rings.add("alerts")
    if letter.event.opt_out is None:  # the carrier has answered already, and lets nothing through
        _reply(hotline, tx, letter, (Saying("SMS_STOP"),), despite_stop=True)


def _start(hotline: Hotline, tx: Transaction, letter: _Letter) -> None:
    if letter.caller.stopped_at is not None:
        allow_texts(tx, letter.caller.id)
        letter.caller = callers.get(tx, letter.caller.id)
    _begin_topic(hotline, tx, letter)


def _end_open_texts(hotline: Hotline, tx: Transaction, letter: _Letter) -> None:
    row = find_open_texts(tx, letter.caller.id, hotline.now() - STILL_OPEN)
    if row is not None:
        _leave(hotline, tx, row)


def _leave(hotline: Hotline, tx: Transaction, row: Any) -> None:
    now_at = open_standing(hotline, row)
    standing.save(hotline, tx, row, now_at, case_id=row.case_id, turn=row.turn, ending="replaced")


# ---------------------------------------------------------------- staff


def _answers_a_page(hotline: Hotline, tx: Transaction, letter: _Letter) -> bool:
    reply = read_reply(letter.event.body)
    if reply is None:
        return False
    member = staffing.whose_phone(hotline, tx, letter.event.from_number)
    if member is None or not codes.is_a_code(hotline, tx, member.id, reply):
        return False
    answered = staff_replies.answer_page(hotline, tx, member, reply, letter.text_id)
    incoming_text.note_meaning(tx, letter.text_id, "code", str(answered))
    letter.rings.add("alerts")
    return True


# ---------------------------------------------------------------- conversations


def _goes_on(hotline: Hotline, tx: Transaction, letter: _Letter) -> bool:
    """Whether the text answered the open question of a running conversation."""
    row = find_open_texts(tx, letter.caller.id, hotline.now() - STILL_OPEN)
    if row is None:
        return False
    now_at = open_standing(hotline, row)
    if not engine.accepts(hotline.library, now_at.state, letter.event.body):
        return False
    around = _circumstances(hotline, tx, letter, None)
    outcome = engine.advance(hotline.library, now_at.state, Words(letter.event.body), around)
    talk = Talk(row.carrier, SMS, letter.key, letter.caller.id, row.flow, row.case_id)
    _follow(hotline, tx, letter, talk, outcome)
    incoming_text.note_meaning(tx, letter.text_id, "answer", row.flow)
    now_at.state = outcome.state
    standing.save(hotline, tx, row, now_at, case_id=talk.case_id, turn=row.turn + 1)
    return True


def _begin_topic(hotline: Hotline, tx: Transaction, letter: _Letter) -> None:
    match = letter.keywords.match(letter.event.body)
    incoming_text.note_meaning(tx, letter.text_id, match.how, match.topic, match.score)
    topic = letter.keywords.topics.get(match.topic) if match.topic else None
    if topic is None:
        _not_understood(hotline, tx, letter, match)
    elif match.how == "ask" and not (topic.urgent or topic.quiet_flag):
        _ask_back(hotline, tx, letter, match, _digits_of(hotline, topic.name))
    else:
        _end_open_texts(hotline, tx, letter)
        _open_conversation(hotline, tx, letter, match, topic.flow, topic.step)


def _open_conversation(
    hotline: Hotline, tx: Transaction, letter: _Letter, match: Match, flow: str, step: str
) -> None:
    around = _circumstances(hotline, tx, letter, match)
    outcome = engine.begin(hotline.library, flow, around, step=step)
    talk = Talk(letter.event.carrier, SMS, letter.key, letter.caller.id, flow)
    _follow(hotline, tx, letter, talk, outcome)
    if talk.case_id is not None and match.how != EXACT:  # more was written than the word alone
        who, body = letter.caller.id, letter.event.body
        callers_messages.keep_words(hotline, tx, letter.text_id, who, body, talk.case_id)
    standing.begin(
        hotline,
        tx,
        Standing(outcome.state, asdict(around)),
        carrier=letter.event.carrier,
        channel=SMS,
        sid=letter.event.message_sid,
        caller_id=letter.caller.id,
        case_id=talk.case_id,
        turn=1,
    )


def _follow(
    hotline: Hotline, tx: Transaction, letter: _Letter, talk: Talk, outcome: Outcome
) -> None:
    carry_out(hotline, tx, talk, outcome.effects)
    letter.rings |= talk.rings
    state = outcome.state
    put = outbox.put_reply(
        hotline,
        tx,
        letter.caller,
        outcome.say,
        f"{letter.key}:reply",
        language=state["language"],
        script=state["script"],
        carrier=letter.event.carrier,
    )
    if put:
        letter.rings.add("replies")


def _circumstances(
    hotline: Hotline, tx: Transaction, letter: _Letter, match: Match | None
) -> Circumstances:
    """The language and script a caller writes in is the one they are answered in."""
    caller = letter.caller
    language = (match.language if match else None) or caller.language
    script = (match.script if match else None) or caller.script
    if match and match.language and (language, script) != (caller.language, caller.script):
        remember_language(tx, caller.id, match.language, match.script)
    return Circumstances(
        channel=SMS,
        staff_on_duty=staffing.is_anyone_on_duty(tx, hotline.now()),
        is_known=caller.last_seen > caller.first_seen,
        language=language,
        script=script,
        agreed_to_texts=caller.agreed_to_texts,
        listens_only=signals.listens_only(hotline, tx, caller),
    )


# ---------------------------------------------------------------- not understood


def _not_understood(hotline: Hotline, tx: Transaction, letter: _Letter, match: Match) -> None:
    """Words from a caller with an open case go to the case; else one gentle reply an hour."""
    open_cases, body = open_cases_of(tx, letter.caller.id), letter.event.body
    if body.strip():
        case_id = open_cases[-1].id if open_cases else None
        callers_messages.keep_words(hotline, tx, letter.text_id, letter.caller.id, body, case_id)
    before = incoming_text.last_answered(tx, letter.caller.id, letter.text_id)
    if before is not None and before > hotline.now() - ONE_ANSWER:
        return
    incoming_text.note_answered(tx, letter.text_id)
    _reply(hotline, tx, letter, (Saying("SMS_UNKNOWN"),), match=match)


def _digits_of(hotline: Hotline, topic: str) -> str:
    """The digits that mean the topic without a doubt; 0 is the list of all."""
    return next((d for d, name in hotline.keywords.digits.items() if name == topic), "0")


def _ask_back(
    hotline: Hotline, tx: Transaction, letter: _Letter, match: Match, digits: str
) -> None:
    saying = Saying("SMS_ASK_BACK", (("n", digits),))
    _reply(hotline, tx, letter, (saying,), match=match)


def _reply(
    hotline: Hotline,
    tx: Transaction,
    letter: _Letter,
    say: tuple[Saying, ...],
    *,
    match: Match | None = None,
    despite_stop: bool = False,
) -> None:
    caller = letter.caller
    put = outbox.put_reply(
        hotline,
        tx,
        caller,
        say,
        f"{letter.key}:reply",
        language=(match.language if match else None) or caller.language or "km",
        script=(match.script if match else None) or caller.script,
        carrier=letter.event.carrier,
        despite_stop=despite_stop,
    )
    if put:
        letter.rings.add("replies")
