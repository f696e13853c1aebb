"""A spoken dialog that is no flow: with staff on the phone, or with somebody we ring.

A dialog is a module that offers `hear`. Its state is plain JSON with a `flow` that begins with the
dialog's name and a dot ("staff.page"), `language`, `ended` and `hung_up`; it is sealed with the
conversation, so it may hold what must not be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hotline.core.turn import Saying, State, Turn, Wait
from hotline.parts import Hotline
from hotline.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Said:
    """What a dialog answers to one turn.

    `recording` is the absolute address of a sound to be played after the prompts, or None;
    `rings` the queues to ring after the commit; `case_id` the case it is about, if any.
    `as_caller`: this is a caller after all, and hears what everybody hears; the rest is nothing.
    """

    state: State
    say: tuple[Saying, ...]
    wait: Wait
    case_id: int | None = None
    recording: str | None = None
    rings: frozenset[str] = frozenset()
    as_caller: bool = False


class Dialog(Protocol):
    """What the switchboard asks of the module of a dialog."""

    def hear(self, hotline: Hotline, tx: Transaction, state: State, turn: Turn) -> Said:
        """One turn on. HungUp is heard once, whoever ended the call; what it says is not played."""


def new_state(flow: str, language: str, **more: object) -> State:
    """A state with what every dialog must have."""
    return {"flow": flow, "language": language, "ended": False, "hung_up": False, **more}
