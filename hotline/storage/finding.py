"""What the auditor found at its last look, one row a kind; nothing is kept of what is well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, delete, select, update

from hotline.storage.database import Transaction
from hotline.storage.tables import Found, metadata, utc
from hotline.storage.writing import insert_once

findings = Table(
    "finding",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("number", Integer, nullable=False),  # how many cases, messages, calls
    Column("since", utc, nullable=False),
)


def keep_findings(tx: Transaction, found: Mapping[str, int], now: datetime) -> set[str]:
    """From now on this is what is wrong, and what was known before keeps its time; what is new."""
    known = {row.code: row.number for row in list_findings(tx)}
    for code in known.keys() - found.keys():
        tx.execute(delete(findings).where(findings.c.code == code))
    for code, number in found.items():
        if code not in known:
            insert_once(tx, findings, code=code, number=number, since=now)
        elif known[code] != number:
            tx.execute(update(findings).where(findings.c.code == code).values(number=number))
    return found.keys() - known.keys()


def list_findings(tx: Transaction) -> Sequence[Found]:
    return tx.execute(select(findings).order_by(findings.c.code)).all()
