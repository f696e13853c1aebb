"""Years of made-up cases, written in bulk: what the desk's lists have to find their way through."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Table, func, insert, select

from hotline.core.case_reference import ALPHABET, LENGTH
from hotline.parts import Hotline
from hotline.storage.attempt import attempts
from hotline.storage.caller import callers
from hotline.storage.case import CLAIMED, CLOSED, OPEN, case_events, case_keys, cases
from hotline.storage.database import Transaction
from hotline.storage.escalation import escalations
from hotline.storage.follow_up import FOLLOW_UP, follow_ups

KINDS = ("question", "callback", "job_offer", "school_support", "debt", "returned", "missing_child")
GROUPS = ("access_to_services", "violence", "missing_children", "education_and_occupation")
PLACES = ("0102", "0102", "0102", "0110", "0110", "01", "0206", "1705", None, None)
OUTCOMES = ("helped", "referred", "not_reached", "no_help_wanted", "not_a_case", "duplicate")
PRIORITIES = ("P3", "P3", "P2", "P2", "P1", "P0")
_AT_ONCE = 2_000
_EVERY = timedelta(minutes=20)
_PLAN = b'{"number": "calling", "consent": "yes", "window": "evening"}'
_NOTES = b'{"under_18": "yes", "papers_taken": "no"}'


@dataclass(frozen=True, slots=True)
class Years:
    """`number` cases until now, the newest `not_closed` of them open or claimed by `staff_ids`."""

    number: int
    not_closed: int
    staff_ids: tuple[int, ...]


def write_down(hotline: Hotline, years: Years) -> None:
    """All of it beside the cases that are there; what was said in them can be read."""
    now, done = hotline.now(), 0
    made = _Maker(hotline, years, now)
    rows = iter(range(1, years.number + 1))
    while batch := list(islice(rows, _AT_ONCE)):
        with hotline.transaction() as tx:
            made.write(tx, batch)
        done += len(batch)


class _Maker:
    def __init__(self, hotline: Hotline, years: Years, now: datetime) -> None:
        self._years, self._now = years, now
        self._chance = random.Random(117)
        wrapped = hotline.vault.new_case_key()
        box = hotline.vault.case_box(wrapped)
        self._wrapped, self._words = wrapped, box.encrypt(b"made up", "event")
        self._sealed = {
            "plan_sealed": box.encrypt(_PLAN, "plan"),
            "notes_sealed": box.encrypt(_NOTES, "notes"),
        }
        number = hotline.vault.encrypt(b"+85512345678", "caller.number")
        self._caller = {"number_sealed": number, "agreed_to_texts": False}
        with hotline.reading() as tx:
            self._case_at, self._caller_at = _last(tx, cases), _last(tx, callers)

    def write(self, tx: Transaction, batch: list[int]) -> None:
        rows = [self._case(number) for number in batch]
        put(tx, callers, (self._who(row) for row in rows))
        put(tx, cases, rows)
        put(tx, case_keys, ({"case_id": r["id"], "wrapped": self._wrapped} for r in rows))
        put(tx, case_events, (one for row in rows for one in self._events(row)))
        put(tx, attempts, (one for row in rows for one in self._attempts(row)))
        put(tx, escalations, (_ladder(row) for row in rows))
        put(tx, follow_ups, (self._next(row) for row in rows if row["claimed_by"]))

    def _case(self, number: int) -> dict[str, Any]:
        years, pick = self._years, self._chance.choice
        age = _EVERY * (years.number - number) + timedelta(minutes=3)
        opened = self._now - age
        is_closed = number <= years.number - years.not_closed
        state = CLOSED if is_closed else pick((OPEN, CLAIMED, CLAIMED))
        claimed_by = None if state == OPEN else pick(years.staff_ids)
        return {
            "id": self._case_at + number,
            "ref": _reference(self._case_at + number),
            "kind": pick(KINDS),
            "chi": pick(GROUPS),
            "place": pick(PLACES),
            "priority": pick(PRIORITIES),
            "reason": "asked_by_key",
            "state": state,
            "channel": "voice",
            "flags": [],
            "caller_id": self._caller_at + number,
            **self._sealed,
            "opened_at": opened,
            "claim_due_at": opened + timedelta(hours=4),
            "attempt_due_at": opened + timedelta(hours=12),
            "claimed_at": None if state == OPEN else opened + timedelta(minutes=9),
            "claimed_by": claimed_by,
            "first_attempt_at": None if state == OPEN else opened + timedelta(minutes=30),
            "closed_at": opened + timedelta(days=1) if is_closed else None,
            "closed_by": claimed_by if is_closed else None,
            "outcome": pick(OUTCOMES) if is_closed else None,
            "version": 3,
        }

    def _who(self, row: dict[str, Any]) -> dict[str, Any]:
        index = int(row["caller_id"]).to_bytes(16, "big")
        at = row["opened_at"]
        seen = {"first_seen": at, "last_seen": at}
        return {"id": row["caller_id"], "number_index": index, **self._caller, **seen}

    def _events(self, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for place, what in enumerate(("opened", "paged", "claimed", "attempt", "note")):
            yield {
                "case_id": row["id"],
                "at": row["opened_at"] + timedelta(minutes=place),
                "what": what,
                "code": "reached" if what == "attempt" else None,
                "staff_id": row["claimed_by"],
                "text_sealed": self._words if what == "note" else None,
            }

    def _attempts(self, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if row["claimed_by"]:
            when = {"at": row["first_attempt_at"], "outcome": "reached", "note_sealed": None}
            yield {"case_id": row["id"], "staff_id": row["claimed_by"], **when}

    def _next(self, row: dict[str, Any]) -> dict[str, Any]:
        due = self._now + timedelta(minutes=self._chance.randrange(-600, 10_000))
        return {
            "case_id": row["id"],
            "what": FOLLOW_UP,
            "step": 0,
            "due_at": due,
            "next_at": due,
            "ended_at": row["closed_at"],
        }


def _ladder(row: dict[str, Any]) -> dict[str, Any]:
    at = row["opened_at"]
    ended = None if row["state"] == OPEN else at
    first = {"step": 1, "started_at": at, "next_at": at + timedelta(days=1), "ended_at": ended}
    return {"case_id": row["id"], "policy": {}, **first}


def _reference(number: int) -> str:
    """Another one for each number; a step that shares no factor with 28 visits them all."""
    left = number * 1_000_003 % len(ALPHABET) ** LENGTH
    signs = []
    for _ in range(LENGTH):
        left, place = divmod(left, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)


def _last(tx: Transaction, table: Table) -> int:
    return int(tx.execute(select(func.max(table.c.id))).scalar() or 0)


def put(tx: Transaction, table: Table, rows: Iterator[dict[str, Any]] | list[Any]) -> None:
    if many := list(rows):
        tx.execute(insert(table), many)
