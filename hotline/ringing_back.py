"""Missed calls: on numbers set so the line does not answer, and rings back."""

from __future__ import annotations

from hotline.core.events import CallEvent
from hotline.dialog import Said
from hotline.parts import Hotline
from hotline.storage.database import Transaction


def begin(hotline: Hotline, tx: Transaction, event: CallEvent) -> Said | None:
    """Turn a missed call away and note that it is to be rung back; None for every other call."""
    return None
