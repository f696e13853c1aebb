"""Which closed cases a rule of retention has reached. Open ones, and held ones, never are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, text

from hotline.core.retention import ADVICE, AUTHORITY, NO_CASE, TWO, Rule, Schedule
from hotline.storage.case import IS_KEPT, IS_NOT_CLOSED, cases
from hotline.storage.database import Transaction
from hotline.storage.directory import services
from hotline.storage.referral import referrals
from hotline.storage.retention_consent import is_agreed
from hotline.storage.retention_hold import is_held
from hotline.storage.tables import Found

REFERRED_AS = "referred"


def _is_with_an_authority() -> ColumnElement[bool]:
    """Also where nobody wrote down to whom the caller was referred."""
    of_case = referrals.c.case_id == cases.c.id
    told = exists().where(of_case, services.c.id == referrals.c.service_id, services.c.is_authority)
    # Without coalesce an outcome that nobody wrote down makes this NULL, and no rule is ever right.
    is_unnamed = and_(func.coalesce(cases.c.outcome, "") == REFERRED_AS, ~exists().where(of_case))
    return or_(told, is_unnamed)


def due_cases(
    schedule: Schedule, rule: Rule, as_of: datetime, *, asked: bool = True
) -> Select[Any]:
    """The ids of cases that `rule` has reached; with `asked` only those nobody has to agree to."""
    return select(cases.c.id).where(IS_KEPT, _reached(schedule, rule, as_of, asked))


def _reached(schedule: Schedule, rule: Rule, as_of: datetime, asked: bool) -> ColumnElement[bool]:
    is_due = and_(
        cases.c.closed_at <= rule.before(as_of), ~is_held(), _falls_under(schedule, rule.name)
    )
    return and_(is_due, is_agreed()) if asked and rule.asks == TWO else is_due


def _falls_under(schedule: Schedule, name: str) -> ColumnElement[bool]:
    """The same as Schedule.rule_of_case."""
    outcome = func.coalesce(cases.c.outcome, "")
    to_authority = _is_with_an_authority()
    # Not the bare column: SQLite would go through all cases of a kind instead of the few old ones.
    kind = func.coalesce(cases.c.kind, "")
    is_authority = and_(kind.in_(schedule.authority), to_authority)
    light = {NO_CASE: schedule.no_case, ADVICE: schedule.advice}
    if name == AUTHORITY:
        return is_authority
    if name in light:
        return and_(outcome.in_(light[name]), ~to_authority)
    heavy = or_(outcome.not_in(schedule.no_case | schedule.advice), to_authority)
    return and_(heavy, ~is_authority)


def cases_to_agree_on(
    tx: Transaction, schedule: Schedule, rules: Sequence[Rule], now: datetime, limit: int = 50
) -> Sequence[Found]:
    """Cases two people have to agree on, the longest closed first."""
    if not rules:
        return ()
    reached = [_reached(schedule, one, now, False) for one in rules]
    oldest = max(one.before(now) for one in rules)
    return tx.execute(
        select(cases.c.id, cases.c.ref, cases.c.kind, cases.c.closed_at)
        .where(IS_KEPT, cases.c.closed_at <= oldest, or_(*reached))
        .order_by(cases.c.closed_at, cases.c.id)
        .limit(limit)
    ).all()


def is_to_agree_on(tx: Transaction, schedule: Schedule, rule: Rule, id: int, now: datetime) -> bool:
    query = due_cases(schedule, rule, now, asked=False).where(cases.c.id == id)
    return tx.execute(query).first() is not None


def count(tx: Transaction, query: Select[Any]) -> int:
    return int(tx.execute(select(func.count()).select_from(query.subquery())).scalar() or 0)


def some(tx: Transaction, query: Select[Any], limit: int) -> Sequence[int]:
    return tx.execute(query.limit(limit)).scalars().all()


def count_closed(tx: Transaction) -> int:
    """Closed cases that are not forgotten."""
    return int(tx.execute(select(func.count()).select_from(cases).where(IS_KEPT)).scalar() or 0)


def take_time(tx: Transaction) -> None:
    """For a report over everything: no caller waits for it."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SET LOCAL statement_timeout = '60s'"))


def is_worked_on(caller_id: Any) -> ColumnElement[bool]:
    """Whether a caller has a case that is open or held: then nothing of theirs is touched."""
    of_caller = cases.c.caller_id == caller_id
    return or_(exists().where(of_caller, IS_NOT_CLOSED), exists().where(of_caller, is_held()))


def case_is_worked_on(case_id: Any) -> ColumnElement[bool]:
    of_row = cases.c.id == case_id
    return or_(exists().where(of_row, IS_NOT_CLOSED), exists().where(of_row, is_held()))
