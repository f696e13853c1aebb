"""A desk before which somebody sits, with few or with many years of cases behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from benchmarks.desk_cases import Years, write_down
from benchmarks.faults.postgresql import running_postgresql
from benchmarks.installation import BASE, installed
from hotline import demo, sessions
from hotline.app import create_app
from hotline.parts import Hotline
from hotline.storage import heartbeat
from hotline.storage.case import CLAIMED, CLOSED, OPEN, cases
from hotline.storage.follow_up import follow_ups
from hotline.storage.staff_member import get_staff, list_staff, set_language

_NAMED = re.compile(r'(?:href|src)="([^"]*/static/[^"]+)"')
_SUPERVISOR = demo.STAFF[2][0]


@dataclass(frozen=True, slots=True)
class Desk:
    """A supervisor who reads Khmer, and a case that is theirs to open."""

    hotline: Hotline
    client: FlaskClient
    ref: str

    def open(self, address: str) -> bytes:
        answer = self.client.get(address.format(ref=self.ref), base_url=BASE)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return answer.data

    def weigh(self, address: str) -> tuple[int, int]:
        """Bytes of the page and of all it names, as they are sent; not the font, which is kept."""
        page = self.open(address)
        named = {name for name in _NAMED.findall(page.decode()) if not name.endswith(".woff2")}
        files = 0
        for name in named:
            answer = self.client.get(name, base_url=BASE, headers={"Accept-Encoding": "gzip"})
            assert answer.status_code == 200, f"{name}: {answer.status_code}"
            files += len(answer.data)
        return len(page), files


@contextmanager
def desk_with(number: int, not_closed: int, url: str | None = None) -> Iterator[Desk]:
    """`url`: an empty database of PostgreSQL; else it is a file of SQLite."""
    elsewhere = {"DATABASE_URL": url} if url else {}
    with installed("desk", **elsewhere) as installation:
        hotline = installation.hotline()
        with hotline.reading() as tx:
            staff = tuple(member.id for member in list_staff(tx))
        write_down(hotline, Years(number, not_closed, staff))
        if url:  # as its own housekeeping does within the minute
            _analyze(url)
        with hotline.reading() as tx:
            ref = tx.execute(_newest(CLAIMED)).scalar_one()
        yield Desk(hotline, _signed_in(hotline), ref)


def reopen(desk: Desk, number: int) -> None:
    """As if nobody had closed anything for months: the newest are open, or somebody has them."""
    with desk.hotline.transaction() as tx:
        first = tx.execute(sa.select(sa.func.max(cases.c.id))).scalar_one() - number
        closed = sa.and_(cases.c.id > first, cases.c.state == CLOSED)
        nobodys = sa.case((cases.c.id % 3 == 0, None), else_=cases.c.claimed_by)
        state = sa.case((cases.c.id % 3 == 0, OPEN), else_=CLAIMED)
        tx.execute(sa.update(cases).where(closed).values(state=state, claimed_by=nobodys))
        live = sa.update(follow_ups).where(follow_ups.c.case_id > first)
        tx.execute(live.values(ended_at=None))


@contextmanager
def two_databases() -> Iterator[list[str]]:
    """Addresses of empty databases in a server of PostgreSQL of our own."""
    with running_postgresql() as server:
        names = ["few", "many"]
        admin = sa.create_engine(server.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with admin.connect() as connection:
            for name in names:
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield [server.url.replace("/postgres?", f"/{name}?") for name in names]


def _analyze(url: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def _newest(state: str) -> Any:
    found = sa.select(cases.c.ref).where(cases.c.state == state)
    return found.order_by(cases.c.id.desc()).limit(1)


def _signed_in(hotline: Hotline) -> FlaskClient:
    app = create_app(hotline)
    with hotline.transaction() as tx:
        heartbeat.beat(tx, heartbeat.SWEEPER, hotline.now())
        member = next(one for one in list_staff(tx) if one.name == _SUPERVISOR)
        set_language(tx, member.id, "km")
        token, _ = sessions.begin(hotline, tx, get_staff(tx, member.id), passed=True, device=None)
    client = app.test_client()
    with client.session_transaction("/desk/", base_url=BASE) as kept:
        kept["token"] = token
    return client
