"""What a call tells without a word: silence, hang-ups, pestering; and where a call begins."""

from __future__ import annotations

from typing import Any

from hotline.core.events import CallEvent
from hotline.parts import Hotline
from hotline.storage.database import Transaction


def first_flow(hotline: Hotline, tx: Transaction, event: CallEvent, caller: Any | None) -> str:
    """The flow a call begins with: the entry, unless something is known that speaks against it."""
    return hotline.library.entry
