"""Services callers are referred to: what they do and where, and when somebody last checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    case,
    delete,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from hotline.storage.case import IS_NOT_CLOSED, cases
from hotline.storage.database import Transaction
from hotline.storage.tables import BigId, Found, metadata, row_id, utc
from hotline.storage.writing import change_seen, insert_row

services = Table(
    "service",
    metadata,
    row_id(),
    Column("known_as", String(8), unique=True),  # a number of the whole country that comes with us
    Column("name_km", String(160), nullable=False),
    Column("name_en", String(160), nullable=False),
    Column("search", String(1000), nullable=False),  # both names as they are compared
    Column("place", String(6), nullable=False),  # a code of core.place_names; "": everywhere
    Column("serves", String(12), nullable=False),
    Column("hours", String(200), nullable=False),
    Column("phones", String(200), nullable=False),
    Column("is_authority", Boolean, nullable=False),
    Column("is_example", Boolean, nullable=False, default=False, server_default=false()),
    Column("is_active", Boolean, nullable=False, default=True),
    Column("agreed_on", Date),
    Column("checked_on", Date),
    Column("check_due_on", Date, nullable=False),
    Column("entrusted_sealed", LargeBinary),  # named people, notes
    Column("added_at", utc, nullable=False),
    Column("changed_at", utc, nullable=False),
    Column("changed_by", BigId, ForeignKey("staff.id")),
    Column("version", Integer, nullable=False, default=1),
    Index("service_by_place", "is_active", "place"),
    Index("service_by_check", "is_active", "check_due_on"),
)
service_categories = Table(
    "service_category",
    metadata,
    Column("service_id", BigId, ForeignKey("service.id"), primary_key=True, autoincrement=False),
    Column("category", String(24), primary_key=True),
)
service_checks = Table(
    "service_check",
    metadata,
    row_id(),
    Column("service_id", BigId, ForeignKey("service.id"), nullable=False),
    Column("at", utc, nullable=False),
    Column("staff_id", BigId, ForeignKey("staff.id"), nullable=False),
    Column("spoken_to_sealed", LargeBinary),
    Index("check_of_service", "service_id", "at"),
)

_SEEN = [column for column in services.c if column is not services.c.entrusted_sealed]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; None and "" leave it as it is. `ways`: a place and what it lies
    in, nearest first: what lies there, and what serves it from further up."""

    ways: tuple[str, ...] = ()
    category: str | None = None
    search: str = ""
    sounds: str = ""
    is_active: bool = True


def add_service(tx: Transaction, categories: Iterable[str], **values: Any) -> int:
    service_id = insert_row(tx, services, **values)
    _put_categories(tx, service_id, categories)
    return service_id


def change_service(
    tx: Transaction, service_id: int, version: int, categories: Iterable[str], **values: Any
) -> bool:
    """False where somebody changed it since its reader saw `version`."""
    if not change_row(tx, service_id, version, **values):
        return False
    tx.execute(delete(service_categories).where(service_categories.c.service_id == service_id))
    _put_categories(tx, service_id, categories)
    return True


def change_row(tx: Transaction, service_id: int, version: int, **values: Any) -> bool:
    """The same where the categories stay."""
    return change_seen(tx, services, service_id, version, **values)


def put_check(
    tx: Transaction, service_id: int, checked_on: date, due_on: date, now: datetime
) -> None:
    """Whoever changes the service at the same time: that it was checked stays true."""
    tx.execute(
        update(services)
        .where(services.c.id == service_id)
        .values(
            checked_on=checked_on,
            check_due_on=due_on,
            changed_at=now,
            version=services.c.version + 1,
        )
    )


def _put_categories(tx: Transaction, service_id: int, categories: Iterable[str]) -> None:
    rows = [{"service_id": service_id, "category": one} for one in categories]
    tx.execute(insert(service_categories), rows)


def get_service(tx: Transaction, service_id: int) -> Found | None:
    return tx.execute(select(services).where(services.c.id == service_id)).first()


def services_known_as(tx: Transaction, names: Iterable[str]) -> Sequence[Found]:
    """Those of the numbers for the whole country that are in use, by their number."""
    wanted = services.c.known_as.in_(list(names))
    query = select(*_SEEN).where(wanted, services.c.is_active).order_by(services.c.known_as)
    return tx.execute(query).all()


def list_services(
    tx: Transaction, wanted: Wanted, *, limit: int, skip: int = 0, overdue_first: date | None = None
) -> Sequence[Found]:
    """The nearest first; with `overdue_first` those to be checked by that day before all others."""
    order: list[Any] = [
        _nearness(wanted.ways),
        services.c.name_km,
        services.c.name_en,
        services.c.id,
    ]
    if overdue_first is not None:
        is_due = services.c.check_due_on <= overdue_first
        order = [case((is_due, 0), else_=1), case((is_due, services.c.check_due_on)), *order]
    query = select(*_SEEN).where(*_conditions(wanted)).order_by(*order)
    return tx.execute(query.limit(limit).offset(skip)).all()


def every_service(tx: Transaction, after: int, limit: int) -> Sequence[Found]:
    """For a file, a piece at a time: the services with a higher number than `after`."""
    query = select(*_SEEN).where(services.c.id > after).order_by(services.c.id)
    return tx.execute(query.limit(limit)).all()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [services.c.is_active.is_(wanted.is_active)]
    if wanted.ways:
        found.append(_is_around(wanted.ways))
    if wanted.category:
        found.append(
            exists().where(
                service_categories.c.service_id == services.c.id,
                service_categories.c.category == wanted.category,
            )
        )
    if wanted.search:
        alike = services.c.search.contains(wanted.search, autoescape=True)
        if wanted.sounds:
            sounds = services.c.search.contains(f"~{wanted.sounds}", autoescape=True)
            alike = or_(alike, sounds)
        found.append(alike)
    return found


def _is_around(ways: Sequence[str]) -> ColumnElement[bool]:
    """In the same province, or for the whole country: further away nobody is sent unasked.

    No range of codes: in what order a sign and a digit stand is for the server's language to say.
    """
    province = ways[-2] if len(ways) > 1 else ""
    everywhere = services.c.place == ""
    return or_(services.c.place.startswith(province), everywhere) if province else everywhere


def _nearness(ways: Sequence[str]) -> Any:
    """0 in the same commune; then by how far up the two places meet."""
    near = [
        (func.substr(services.c.place, 1, len(way)) == way, n) for n, way in enumerate(ways[:-1])
    ]
    return case(*near, else_=len(ways)) if near else func.length(services.c.place).desc()


def categories_of(tx: Transaction, service_ids: Iterable[int]) -> dict[int, list[str]]:
    query = select(service_categories).where(service_categories.c.service_id.in_(list(service_ids)))
    found: dict[int, list[str]] = {}
    for row in tx.execute(query.order_by(service_categories.c.category)):
        found.setdefault(row.service_id, []).append(row.category)
    return found


def add_check(
    tx: Transaction, service_id: int, staff_id: int, spoken_to: bytes | None, now: datetime
) -> None:
    tx.execute(
        insert(service_checks),
        {"service_id": service_id, "at": now, "staff_id": staff_id, "spoken_to_sealed": spoken_to},
    )


def checks_of(tx: Transaction, service_id: int, limit: int = 8) -> Sequence[Found]:
    """The last ones, newest first, with the names of the staff."""
    staff = metadata.tables["staff"]
    return tx.execute(
        select(service_checks, staff.c.name.label("staff_name"))
        .select_from(service_checks.join(staff, staff.c.id == service_checks.c.staff_id))
        .where(service_checks.c.service_id == service_id)
        .order_by(service_checks.c.id.desc())
        .limit(limit)
    ).all()


def count_overdue(tx: Transaction, today: date) -> int:
    query = select(func.count()).select_from(services)
    due = query.where(services.c.is_active, services.c.check_due_on <= today)
    return tx.execute(due).scalar_one()


def names_within(tx: Transaction, places: Iterable[str]) -> set[tuple[str, str, str]]:
    """Place and both names of every service there, so that none is put in twice."""
    rows = tx.execute(
        select(services.c.place, services.c.name_km, services.c.name_en).where(
            services.c.place.in_(list(places)), services.c.is_active
        )
    )
    return {(row[0], row[1], row[2]) for row in rows}


def provinces_checked(tx: Transaction, today: date) -> set[str]:
    """The provinces with at least one service whose check is not overdue; "" is the country."""
    province = func.substr(services.c.place, 1, 2)
    query = select(province).distinct()
    is_good = services.c.is_active & (services.c.check_due_on > today)
    return set(tx.execute(query.where(is_good, ~services.c.is_example)).scalars())


def provinces_of_open_cases(tx: Transaction) -> set[str]:
    """Where callers are who wait: the provinces in use."""
    query = select(func.substr(cases.c.place, 1, 2)).distinct()
    known = query.where(IS_NOT_CLOSED, cases.c.place.is_not(None), cases.c.place != "")
    return set(tx.execute(known).scalars())


def all_known_as(tx: Transaction) -> set[str]:
    """Also of those that were retired: what somebody took out does not come back by itself."""
    query = select(services.c.known_as).where(services.c.known_as.is_not(None))
    return set(tx.execute(query).scalars())
