"""What was set at the desk, over what the files and the environment say."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, select, update

from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, utc
from hotline.storage.writing import insert_once

house_rules = Table(
    "house_rule",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("set_at", utc, nullable=False),
    Column("set_by", BigId, ForeignKey("staff.id"), nullable=False),
)


def values_of(tx: Transaction, names: Collection[str]) -> dict[str, Any]:
    """Those of these rules that somebody set."""
    rows = tx.execute(
        select(house_rules.c.name, house_rules.c.value).where(house_rules.c.name.in_(names))
    )
    return {row.name: row.value for row in rows}


def get_rule(tx: Transaction, name: str) -> Found | None:
    """With its version, and the name of who set it."""
    staff = metadata.tables["staff"]
    return tx.execute(
        select(house_rules, staff.c.name.label("set_by_name"))
        .join(staff, staff.c.id == house_rules.c.set_by)
        .where(house_rules.c.name == name)
    ).first()


def set_rule(
    tx: Transaction, name: str, value: Any, version: int, staff_id: int, now: datetime
) -> bool:
    """False when somebody set it since its reader saw `version` (0: as the house came)."""
    values = {"value": value, "version": version + 1, "set_at": now, "set_by": staff_id}
    if version == 0:
        return insert_once(tx, house_rules, name=name, **values) is not None
    seen = (house_rules.c.name == name) & (house_rules.c.version == version)
    return tx.execute(update(house_rules).where(seen).values(**values)).rowcount == 1
