"""Callers' messages: what was spoken or written for a human, until a human has seen to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from hotline import audit, cases
from hotline.parts import Hotline
from hotline.storage import caller_message as table
from hotline.storage import recording
from hotline.storage.case import open_cases_of
from hotline.storage.database import Transaction
from hotline.storage.incoming_text import CONTEXT, get_texts

TAKEN_FOR = timedelta(hours=1)
"""Whoever took a message and did nothing with it for so long has it no more."""

SEEN_TO_AS = (
    "thank_you",
    "question_answered",
    "about_the_line",
    "complaint",
    "wrong_number",
    "silent",
    "test",
    "prank",
    "abusive",
)
"""How a message without a case ends: what Child Helpline International counts as no counselling."""


class SeenTo(StrEnum):
    """What came of something done with a message."""

    DONE = "done"
    NOT_YOURS = "not_yours"  # somebody else has it, or it was seen to meanwhile
    NOT_HEARD = "not_heard"
    TOO_LATE = "too_late"  # to reply
    NOT_SAFE = "not_safe"  # to reply


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages wait (99 stands for more) and since when the oldest does."""

    count: int
    oldest: datetime | None


def waiting_messages(tx: Transaction, now: datetime) -> Waiting:
    """For the page that shows what is red. One question, however many there are."""
    return Waiting(*table.count_waiting(tx, now - TAKEN_FOR, 99))


def has_lapsed(message: Any, now: datetime) -> bool:
    return bool(message.state == table.TAKEN and message.taken_at < now - TAKEN_FOR)


def is_with(message: Any, member_id: int, now: datetime) -> bool:
    """Whether this person has taken the message and may still open it."""
    return bool(
        message.state == table.TAKEN
        and message.taken_by == member_id
        and not has_lapsed(message, now)
    )


def keep_words(
    hotline: Hotline, tx: Transaction, text_id: int, caller_id: int, body: str, case_id: int | None
) -> None:
    """Somebody has to read this text: in the case, or in the list of callers' messages."""
    if case_id is not None:
        cases.add_words(hotline, tx, case_id, body)
    table.add_message(
        tx,
        table.TEXT,
        text_id=text_id,
        caller_id=caller_id,
        case_id=case_id,
        size=len(body.strip()),
        received_at=hotline.now(),
    )


# ---------------------------------------------------------------- take, give back


def take(hotline: Hotline, tx: Transaction, message: Any, member_id: int) -> bool:
    """The first one has it, with all that its caller sent besides and that has no case."""
    now = hotline.now()
    taken = table.take_if_free(tx, message, member_id, now, now - TAKEN_FOR)
    if taken:
        note(hotline, tx, member_id, "take_message", message, f"{taken} messages")
    return bool(taken)


def give_back(hotline: Hotline, tx: Transaction, message: Any, member_id: int) -> None:
    if table.give_back(tx, message, member_id):
        note(hotline, tx, member_id, "give_message_back", message)


def take_again(hotline: Hotline, tx: Transaction, message: Any, member_id: int) -> bool:
    """It was put aside by mistake."""
    done = table.take_again(tx, message.id, member_id, hotline.now())
    if done:
        note(hotline, tx, member_id, "take_message_again", message)
    return done


# ---------------------------------------------------------------- read, hear


def read(
    hotline: Hotline, tx: Transaction, messages: Sequence[Any], member_id: int
) -> dict[int, str]:
    """What was written, by message; nothing of a voice.

    The reader has to be allowed to, and it is noted.
    """
    words = words_of(hotline, tx, messages)
    table.note_heard(tx, list(words), hotline.now())
    objects = [f"message:{number}" for number in words]
    audit.note_all(tx, hotline.now(), f"staff:{member_id}", "read_message", objects)
    return words


def words_of(hotline: Hotline, tx: Transaction, messages: Sequence[Any]) -> dict[int, str]:
    """The same for who notes it otherwise."""
    texts = {one.text_id: one.id for one in messages if one.text_id is not None}
    return {
        texts[row.id]: hotline.vault.decrypt(row.body_sealed, CONTEXT).decode()
        for row in get_texts(tx, list(texts))
    }


def note_heard(hotline: Hotline, tx: Transaction, message: Any, member_id: int) -> None:
    table.note_heard(tx, [message.id], hotline.now())
    note(hotline, tx, member_id, "hear_message", message)


def all_looked_at(tx: Transaction, messages: Sequence[Any]) -> bool:
    return all(_was_looked_at(tx, one) for one in messages)


def _was_looked_at(tx: Transaction, message: Any) -> bool:
    """Heard or read; a sound that the carrier could not give us need not be."""
    if message.heard_at is not None or message.recording_id is None:
        return True
    sound = recording.get_recording(tx, message.recording_id)
    return sound is None or sound.state == recording.GONE


# ---------------------------------------------------------------- see to it


def finish(hotline: Hotline, tx: Transaction, message: Any, member_id: int, outcome: str) -> SeenTo:
    """No case comes of it, nor of what this person took with it. Nothing unheard is put aside."""
    if outcome not in SEEN_TO_AS:
        raise ValueError(f"a message is seen to as one of {', '.join(SEEN_TO_AS)}")
    if not is_with(message, member_id, hotline.now()):
        return SeenTo.NOT_YOURS
    mine = taken_together(tx, message)
    if not all_looked_at(tx, mine):
        return SeenTo.NOT_HEARD
    return _finish(hotline, tx, mine, member_id, outcome)


def taken_together(tx: Transaction, message: Any) -> list[Any]:
    """What one caller sent and one person took at one time; alone, once it was put aside."""
    return [
        one
        for one in table.of_one_caller(tx, message)
        if one.id == message.id or (one.state == table.TAKEN and one.taken_by == message.taken_by)
    ]


def _finish(
    hotline: Hotline, tx: Transaction, mine: Sequence[Any], member_id: int, outcome: str
) -> SeenTo:
    ids = [one.id for one in mine]
    if not table.finish_if_mine(tx, ids, member_id, hotline.now(), outcome):
        return SeenTo.NOT_YOURS
    for one in mine:
        note(hotline, tx, member_id, "finish_message", one, outcome)
    return SeenTo.DONE


def cases_of(tx: Transaction, message: Any) -> Sequence[Any]:
    """The open cases of who sent it."""
    return open_cases_of(tx, message.caller_id) if message.caller_id is not None else ()


def note(
    hotline: Hotline, tx: Transaction, member_id: int, action: str, message: Any, detail: str = ""
) -> None:
    now = hotline.now()
    audit.note(tx, now, f"staff:{member_id}", action, f"message:{message.id}", detail)
