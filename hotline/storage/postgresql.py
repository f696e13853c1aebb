"""PostgreSQL as the hotline uses it: a small pool, prepared statements, nobody waits for long."""

from __future__ import annotations

import select
from typing import Any

from sqlalchemy import Engine, ExceptionContext, create_engine, event, exc

_OPTIONS = " ".join(
    f"-c {option}"
    for option in (
        "timezone=UTC",
        "lock_timeout=1600",
        "statement_timeout=1600",
        "idle_in_transaction_session_timeout=10000",
    )
)


def with_driver(url: str) -> str:
    """Name psycopg 3 where a URL names only PostgreSQL, as most hosts give it."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def make_engines(url: str) -> tuple[Engine, Engine]:
    """One engine that may write, one that is refused to; both share one pool of 8."""
    engine = create_engine(
        url,
        pool_size=4,
        max_overflow=4,
        pool_timeout=1.6,
        hide_parameters=True,
        connect_args={"connect_timeout": 2, "options": _OPTIONS, "prepare_threshold": 3},
    )
    event.listen(engine, "checkout", _refuse_a_dead_connection)
    event.listen(engine, "handle_error", _keep_the_row_out_of_the_message)
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine, reading


def settle_deletions(engine: Engine) -> None:
    """Old versions of rows go at once, and not whenever the server finds the time."""
    alone = engine.execution_options(isolation_level="AUTOCOMMIT")
    with alone.connect() as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        try:
            connection.exec_driver_sql("VACUUM")
        finally:
            connection.exec_driver_sql("RESET statement_timeout")


def _refuse_a_dead_connection(connection: Any, _record: object, _proxy: object) -> None:
    # A server that went away has closed its end: the socket of an idle connection is then readable.
    # Costs microseconds, where a ping would cost a round trip every turn.
    if connection.closed or select.select([connection.pgconn.socket], [], [], 0)[0]:
        raise exc.DisconnectionError("the server closed this connection")


def _keep_the_row_out_of_the_message(context: ExceptionContext) -> None:
    # The server adds the failing row to its message: names in the clear, for a log to keep.
    error, shown = context.original_exception, context.sqlalchemy_exception
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    if primary is not None and shown is not None:
        error.args = (primary,)
        shown.args = (f"({type(error).__module__}.{type(error).__name__}) {primary}",)


def is_away(error: BaseException | None) -> bool:
    """Is this the server being away, locked or full, and not a fault of ours?"""
    return any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)
