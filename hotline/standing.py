"""Where a conversation stands: the engine's state and the last answers, sealed between turns."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hotline.core.answer import Answer
from hotline.core.answer_record import read_answer
from hotline.core.turn import Circumstances, State
from hotline.parts import Hotline
from hotline.storage import conversation as table
from hotline.storage.database import Transaction

KEPT_ANSWERS = 8
"""How many answers a call remembers."""

# Made once: json.dumps would make one for every turn. A state never holds itself.
_write = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


@dataclass(slots=True)
class Standing:
    """`around` is what was known when the conversation began; `answers` the last ones, as JSON."""

    state: State
    around: dict[str, Any]
    answers: list[Any] = field(default_factory=list)

    def keep_answer(self, record: list[Any]) -> None:
        """The newest answer, for webhooks that come again late."""
        self.answers = [*self.answers[1 - KEPT_ANSWERS :], record]

    def same_answer(self, number: int) -> Answer:
        """The answer that was given to turn `number`, or the newest if that is too long ago."""
        answers = [read_answer(record) for record in self.answers]
        return next((a for a in answers if a.next_number == number + 1), answers[-1])

    def circumstances(self, elapsed: int) -> Circumstances:
        return Circumstances(**{**self.around, "elapsed": elapsed})

    @property
    def ending(self) -> str | None:
        """How the conversation ended, or None while it goes on."""
        if not self.state["ended"]:
            return None
        return "hung_up" if self.state["hung_up"] else "said_goodbye"


def open_standing(hotline: Hotline, row: Any) -> Standing:
    plain = hotline.vault.decrypt(row.state_sealed, _context(row.carrier, row.sid))
    return Standing(*json.loads(plain))


def begin(
    hotline: Hotline,
    tx: Transaction,
    standing: Standing,
    *,
    carrier: str,
    channel: str,
    sid: str,
    caller_id: int | None,
    case_id: int | None,
    turn: int,
) -> int:
    """Save a new conversation after its first turn; its id."""
    now = hotline.now()
    ending = standing.ending
    return table.begin_conversation(
        tx,
        carrier=carrier,
        channel=channel,
        sid=sid,
        caller_id=caller_id,
        case_id=case_id,
        flow=standing.state["flow"],
        turn=turn,
        state_sealed=_seal(hotline, carrier, sid, standing),
        started_at=now,
        last_at=now,
        ended_at=now if ending else None,
        ended_how=ending,
    )


def save(
    hotline: Hotline,
    tx: Transaction,
    row: Any,
    standing: Standing,
    *,
    case_id: int | None,
    turn: int,
    ending: str | None = None,
) -> None:
    """Save a running conversation after a turn; `ending` where it did not end by itself."""
    table.go_on(
        tx,
        row.id,
        flow=standing.state["flow"],
        turn=turn,
        state=_seal(hotline, row.carrier, row.sid, standing),
        case_id=case_id,
        now=hotline.now(),
        ended_how=ending or standing.ending,
    )


def _seal(hotline: Hotline, carrier: str, sid: str, standing: Standing) -> bytes:
    parts = [standing.state, standing.around, standing.answers]
    return hotline.vault.encrypt(_write(parts).encode(), _context(carrier, sid))


def _context(carrier: str, sid: str) -> str:
    return f"conversation {carrier} {sid}"
