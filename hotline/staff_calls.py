"""Staff on the phone: paged by a call, or ringing the line from a phone we know."""

from __future__ import annotations

from hotline.core.events import CallEvent
from hotline.core.turn import State, Turn
from hotline.dialog import Said
from hotline.parts import Hotline
from hotline.storage.database import Transaction


def begin(hotline: Hotline, tx: Transaction, event: CallEvent) -> Said | None:
    """The first words to a staff member; None for every other call."""
    return None


def hear(hotline: Hotline, tx: Transaction, state: State, turn: Turn) -> Said:
    """One turn of a staff member."""
    raise NotImplementedError
