"""How each carrier has been doing, in each direction: one row that all workers agree on."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    String,
    Table,
    UniqueConstraint,
    select,
    update,
)

from hotline.core.breaker import Health
from hotline.storage.database import Transaction
from hotline.storage.tables import metadata, row_id, utc
from hotline.storage.writing import insert_once

carrier_health = Table(
    "carrier_health",
    metadata,
    row_id(),
    Column("carrier", String(16), nullable=False),
    Column("direction", String(8), nullable=False),  # text, call
    Column("recent", String(20), nullable=False),
    Column("opened_at", utc),
    Column("probe_at", utc),
    Column("is_probing", Boolean, nullable=False),
    Column("good", Integer, nullable=False),
    Column("openings", Integer, nullable=False),
    Column("episode", Integer, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("polls", Integer, nullable=False, default=0, server_default="0"),
    Column("updated_at", utc, nullable=False),
    UniqueConstraint("carrier", "direction"),
)
_FIELDS = tuple(Health.__dataclass_fields__)

Direction = tuple[str, str]
"""A carrier's name and a direction."""


def health_of(tx: Transaction, carrier: str, direction: str) -> tuple[Health, int]:
    """The health and its version; version 0: nothing was written down yet."""
    row = tx.execute(
        select(carrier_health).where(
            carrier_health.c.carrier == carrier, carrier_health.c.direction == direction
        )
    ).first()
    return (_health(row), row.version) if row is not None else (Health(), 0)


def all_health(tx: Transaction) -> dict[Direction, Health]:
    """Of every carrier that ever had a trouble; of the others there is nothing to tell."""
    rows = tx.execute(select(carrier_health)).all()
    return {(row.carrier, row.direction): _health(row) for row in rows}


def save_health(
    tx: Transaction, carrier: str, direction: str, version: int, health: Health, now: datetime
) -> bool:
    """Write the health that follows from `version`; False when somebody wrote another meanwhile."""
    values = {**asdict(health), "version": version + 1, "updated_at": now}
    if version == 0:
        whose = {"carrier": carrier, "direction": direction}
        return insert_once(tx, carrier_health, **whose, **values) is not None
    done = tx.execute(
        update(carrier_health)
        .where(
            carrier_health.c.carrier == carrier,
            carrier_health.c.direction == direction,
            carrier_health.c.version == version,
        )
        .values(values)
    )
    return done.rowcount == 1


def count_poll(tx: Transaction, carrier: str, direction: str, now: datetime) -> None:
    """One more message that had to be asked after."""
    health, version = health_of(tx, carrier, direction)
    if version == 0:
        save_health(tx, carrier, direction, 0, health, now)
    tx.execute(
        update(carrier_health)
        .where(carrier_health.c.carrier == carrier, carrier_health.c.direction == direction)
        .values(polls=carrier_health.c.polls + 1)
    )


def count_polls(tx: Transaction) -> dict[Direction, int]:
    columns = (carrier_health.c.carrier, carrier_health.c.direction, carrier_health.c.polls)
    return {
        (carrier, direction): polls for carrier, direction, polls in tx.execute(select(*columns))
    }


def _health(row: Any) -> Health:
    return Health(**{name: getattr(row, name) for name in _FIELDS})
