"""A hotline whose carrier is a stand-in that remembers: for workers, without phones or webhooks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hotline import demo
from hotline.carriers.protocol import (
    Capabilities,
    CarrierRefused,
    CarrierUnavailable,
    CarrierUnknown,
)
from hotline.content_files import Content
from hotline.core.events import CallStatus, Receipt
from hotline.core.turn import OpenCase
from hotline.parts import Hotline
from hotline.settings import CarrierAccount, Settings
from hotline.storage.database import Database
from hotline.wiring import wire

Trouble = CarrierRefused | CarrierUnavailable | CarrierUnknown


@dataclass
class Wire:
    """Stands where the carrier stands: keeps what it was given, fails when told to."""

    name: str = "simulator"
    line: str = "+85523900900"
    capabilities: Capabilities = Capabilities(True, True, False, True, True)
    sent: list[tuple[str, str]] = field(default_factory=list)
    rung: list[str] = field(default_factory=list)
    trouble: list[Trouble] = field(default_factory=list)
    states: dict[str, Receipt | CallStatus | Trouble] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    lock: Any = field(default_factory=threading.Lock)

    def send_text(self, to: str, body: str, ticket: str | None = None) -> str:
        self.before()
        with self.lock:
            if self.trouble:
                raise self.trouble.pop(0)
            self.sent.append((to, body))
            return f"SM{len(self.sent)}"

    def place_call(self, to: str, path: str, ticket: str | None = None) -> str:
        self.before()
        with self.lock:
            if self.trouble:
                raise self.trouble.pop(0)
            self.rung.append(to)
            return f"CA{len(self.rung)}"

    def text_state(self, sid: str) -> Any:
        return self._state(sid)

    def call_state(self, sid: str) -> Any:
        return self._state(sid)

    def _state(self, sid: str) -> Any:
        self.before()
        self.asked.append(sid)
        state = self.states.get(sid)
        if isinstance(state, Trouble):
            raise state
        return state


@dataclass
class Time:
    """A clock that is moved."""

    at: datetime = datetime(2026, 1, 5, 20, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Office:
    """`other` is the second carrier, where there is one."""

    hotline: Hotline
    wire: Wire
    time: Time
    other: Wire = field(default_factory=Wire)

    def open_case(self, priority: str = "P1") -> int:
        from hotline.cases import open_case

        with self.hotline.transaction() as tx:
            return open_case(
                self.hotline,
                tx,
                OpenCase("missing_child", priority, "asked_by_key"),
                channel="voice",
                caller_id=None,
                chi=None,
                current=None,
            )


@pytest.fixture
def office(database: Database, tmp_path: Path, key_ring_file: Path, content: Content) -> Office:
    carrier, time = Wire(), Time()
    settings = Settings(
        carriers=("simulator",),
        accounts={"simulator": CarrierAccount("AC0", "t", "http://127.0.0.1:9")},
        number="+85523900900",
        public_base_url="http://127.0.0.1:9",
        data=tmp_path / "data",
        database_url=str(database.url),
        redis_url="unix:///nowhere",
        keys=key_ring_file,
        secret_key="s" * 32,
        allow_scratch=True,
        sweep_seconds=15.0,
        clock_file=None,
    )
    hotline = replace(
        wire(settings, content=content),
        database=database,
        carriers={"simulator": carrier},  # type: ignore[dict-item]
        now=time.now,
    )
    with hotline.transaction() as tx:
        demo.seed(hotline, tx)
    return Office(hotline, carrier, time)


@pytest.fixture
def two_carriers(office: Office) -> Office:
    """The same office with Somleng, the preferred, and Twilio."""
    office.wire.name, office.other.name = "somleng", "twilio"
    carriers: Any = {"somleng": office.wire, "twilio": office.other}
    return replace(office, hotline=replace(office.hotline, carriers=carriers))
