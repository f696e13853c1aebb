"""What a caller told of a case: sealed with the key of the case, read by whoever may."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hotline.parts import Hotline
from hotline.storage.case import case_key
from hotline.storage.database import Transaction
from hotline.vault import Box


@dataclass(frozen=True, slots=True)
class Told:
    """What a caller told, in the clear: for staff who may see it."""

    plan: Mapping[str, str]
    notes: Mapping[str, str]
    words: Callable[[bytes, str], str] = field(repr=False, compare=False)
    """Reads sealed words of timeline lines ("event") and of attempts' notes ("attempt")."""


def box_of(hotline: Hotline, tx: Transaction, case_id: int) -> Box:
    """What seals and opens the words of a case. Raises LookupError once its key was deleted."""
    wrapped = case_key(tx, case_id)
    if wrapped is None:
        raise LookupError(f"the key of case {case_id} was deleted: nobody can read it any more")
    return hotline.vault.case_box(wrapped)


def open_told(box: Box, case: Any) -> Told:
    plan = json.loads(box.decrypt(case.plan_sealed, "plan"))
    notes = json.loads(box.decrypt(case.notes_sealed, "notes"))
    return Told(plan, notes, lambda sealed, where: box.decrypt(sealed, where).decode())
