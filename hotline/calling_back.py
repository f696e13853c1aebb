"""Calling a caller back: only inside the plan, the staff member first, neither number shown."""

from __future__ import annotations

from hotline.core.events import CallEvent
from hotline.core.turn import State, Turn
from hotline.dialog import Said
from hotline.parts import Hotline
from hotline.storage.database import Transaction


def begin(hotline: Hotline, tx: Transaction, event: CallEvent) -> Said | None:
    """The first words to somebody we ring for a bridge; None for every other call."""
    return None


def hear(hotline: Hotline, tx: Transaction, state: State, turn: Turn) -> Said:
    """One turn of somebody who was rung for a bridge."""
    raise NotImplementedError
