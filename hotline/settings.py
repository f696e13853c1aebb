"""Every setting of the hotline, read once at the start; one error names every fault there is."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from hotline import setting_values as values
from hotline.setting_values import (
    CARRIERS,
    NO_TEXTS,
    OFFERED,
    ONE_WAY,
    REQUIRED,
    SHORTEST_SECRET,
    TWO_WAY,
    Unfit,
)

__all__ = [
    "CARRIERS",
    "NO_TEXTS",
    "OFFERED",
    "ONE_WAY",
    "REQUIRED",
    "TWO_WAY",
    "CarrierAccount",
    "Settings",
    "SettingsFaults",
    "load_settings",
    "read_env_file",
]

T = TypeVar("T")

_OWN_NAMES = frozenset(
    {
        "HOTLINE_CARRIER",
        "HOTLINE_NUMBER",
        "HOTLINE_DATA",
        "HOTLINE_KEYS",
        "HOTLINE_ALLOW_SCRATCH",
        "HOTLINE_SECRET_KEY",
        "HOTLINE_SWEEP_SECONDS",
        "HOTLINE_CLOCK_FILE",
        "HOTLINE_REHEARSAL",
        "HOTLINE_MORNING_TEXT",
        "HOTLINE_MISSED_CALL_NUMBERS",
        "HOTLINE_QUIET_HOURS",
        "HOTLINE_BACKUP_KEY",
        "HOTLINE_SECOND_FACTOR",
        "HOTLINE_DESK_IDLE_MINUTES",
        "HOTLINE_PROXIES",
    }
)


class SettingsFaults(Exception):
    """The start stops here; `faults` are sentences that each name a setting and what it needs."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("settings:\n" + "\n".join(f"  - {fault}" for fault in faults))


@dataclass(frozen=True, slots=True)
class CarrierAccount:
    """How to reach one carrier. `api_url` None: the address the carrier's SDK knows.

    `number` None: the line's number. `texts`: TWO_WAY, ONE_WAY (nobody can answer) or NO_TEXTS.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    api_url: str | None = None
    number: str | None = None
    texts: str = TWO_WAY


@dataclass(frozen=True, slots=True)
class Settings:
    """See docs/operations.md for what each means; `carriers` in order of preference."""

    carriers: tuple[str, ...]
    accounts: Mapping[str, CarrierAccount]
    number: str
    public_base_url: str  # without a slash at the end
    data: Path
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    keys: Path
    secret_key: str = field(repr=False)
    allow_scratch: bool
    sweep_seconds: float
    clock_file: Path | None
    rehearsal: str = "off"  # as core.weekly_time reads it
    missed_call_numbers: tuple[str, ...] = ()
    morning_text: str = "off"  # "07:30", in Phnom Penh: when supervisors get the seal of the day
    quiet_hours: str = "21:00-07:00"  # nobody is rung back then; core.missed_call reads it
    backup_keys: tuple[str, ...] = ()  # public ones, of age
    second_factor: str = REQUIRED  # or OFFERED
    desk_idle_minutes: int = 60
    proxies: int = 0  # how many of ours stand before the web, each adding to X-Forwarded-For

    @property
    def is_demo(self) -> bool:
        """No carrier but the simulator: made-up people only."""
        return _is_demo(self.carriers)


def _is_demo(carriers: Collection[str]) -> bool:
    return set(carriers) == {"simulator"}


def load_settings(
    environment: Mapping[str, str] | None = None, *, env_file: Path | None = Path(".env")
) -> Settings:
    """Read `environment` (the process's own if None) over the lines of `env_file`, if it is there.

    Raises SettingsFaults with every fault at once. An empty value counts as not set.
    """
    lines = read_env_file(env_file) if env_file else {}
    given = {**lines, **(os.environ if environment is None else environment)}
    reading = _Reading({name: value.strip() for name, value in given.items() if value.strip()})
    settings = _read(reading)
    if reading.faults:
        raise SettingsFaults(reading.faults)
    return settings


class _Reading:
    """Collects faults instead of stopping at the first."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given
        self.faults: list[str] = [
            f"{name} is not a setting of the hotline{_nearest(name)}"
            for name in sorted(given)
            if name.startswith("HOTLINE_") and name not in _OWN_NAMES
        ]

    def take(self, name: str, default: T, read: Callable[[str], T]) -> T:
        value = self.given.get(name)
        return default if value is None else self._parse(name, value, default, read)

    def need(self, name: str, why: str, nothing: T, read: Callable[[str], T]) -> T:
        value = self.given.get(name)
        if value is None:
            self.faults.append(f"{name} is missing: {why}")
            return nothing
        return self._parse(name, value, nothing, read)

    def _parse(self, name: str, value: str, nothing: T, read: Callable[[str], T]) -> T:
        try:
            return read(value)
        except Unfit as unfit:
            self.faults.append(f"{name} {unfit}")
            return nothing


def _read(reading: _Reading) -> Settings:
    nobody: tuple[str, ...] = ()
    carriers = reading.need(
        "HOTLINE_CARRIER", f"name one or more of {', '.join(CARRIERS)}", nobody, values.carriers
    )
    is_demo = _is_demo(carriers)
    return Settings(
        carriers=carriers,
        accounts=MappingProxyType({name: _account(reading, name) for name in carriers}),
        **_read_addresses(reading),
        **_read_places(reading),
        allow_scratch=reading.take("HOTLINE_ALLOW_SCRATCH", False, values.switch),
        missed_call_numbers=reading.take("HOTLINE_MISSED_CALL_NUMBERS", (), values.numbers),
        backup_keys=reading.take("HOTLINE_BACKUP_KEY", (), values.backup_keys),
        **_read_times(reading, is_demo=is_demo),
        **_read_door(reading, is_demo=is_demo),
    )


def _read_addresses(reading: _Reading) -> dict[str, Any]:
    number = "the line's own number, +85523900900 or a short code"
    base = "the address carriers call, https://line.example.org"
    return {
        "number": reading.need("HOTLINE_NUMBER", number, "", values.number),
        "public_base_url": reading.need("PUBLIC_BASE_URL", base, "", values.base_url),
    }


def _read_places(reading: _Reading) -> dict[str, Any]:
    data = reading.take("HOTLINE_DATA", Path("data"), Path).absolute()
    ring = "the key ring file; `flask make-keys` writes one"
    secret = f"{SHORTEST_SECRET} or more random characters"
    here = f"sqlite:///{data}/hotline.db"
    return {
        "data": data,
        "database_url": reading.take("DATABASE_URL", here, values.database_url),
        "redis_url": reading.take("REDIS_URL", f"unix://{data}/redis.sock", values.redis_url),
        "keys": reading.need("HOTLINE_KEYS", ring, data, Path).absolute(),
        "secret_key": reading.need("HOTLINE_SECRET_KEY", secret, "", values.secret),
    }


def _read_times(reading: _Reading, *, is_demo: bool) -> dict[str, Any]:
    clock_file = reading.take("HOTLINE_CLOCK_FILE", None, values.some_path)
    if clock_file and not is_demo:
        reading.faults.append("HOTLINE_CLOCK_FILE moves the clock and goes with the simulator only")
    # A demo pages nobody by itself.
    weekly, morning = ("off", "off") if is_demo else ("wed 10:00", "07:30")
    return {
        "sweep_seconds": reading.take("HOTLINE_SWEEP_SECONDS", 15.0, values.seconds),
        "clock_file": clock_file,
        "rehearsal": reading.take("HOTLINE_REHEARSAL", weekly, values.weekly),
        "morning_text": reading.take("HOTLINE_MORNING_TEXT", morning, values.clock_or_off),
        "quiet_hours": reading.take("HOTLINE_QUIET_HOURS", "21:00-07:00", values.hours),
    }


def _read_door(reading: _Reading, *, is_demo: bool) -> dict[str, Any]:
    usual = OFFERED if is_demo else REQUIRED
    return {
        "second_factor": reading.take("HOTLINE_SECOND_FACTOR", usual, values.second_factor),
        "desk_idle_minutes": reading.take("HOTLINE_DESK_IDLE_MINUTES", 60, values.idle_minutes),
        "proxies": reading.take("HOTLINE_PROXIES", 0, values.proxies),
    }


def _account(reading: _Reading, carrier: str) -> CarrierAccount:
    of = carrier.upper()
    why = f"HOTLINE_CARRIER names {carrier}"
    sid = reading.need(f"{of}_ACCOUNT_SID", why, "", str)
    token = reading.need(f"{of}_AUTH_TOKEN", why, "", str)
    if carrier == "simulator":
        url = reading.need(f"{of}_API_URL", f"{why}; http://127.0.0.1:8100", None, values.some_url)
    else:
        url = reading.take(f"{of}_API_URL", None, values.some_url)
    number = reading.take(f"{of}_NUMBER", None, values.some_number)
    return CarrierAccount(
        sid, token, url, number, reading.take(f"{of}_TEXTS", TWO_WAY, values.texts)
    )


def _nearest(name: str) -> str:
    # difflib is only loaded on the way to an error.
    from difflib import get_close_matches

    close = get_close_matches(name, sorted(_OWN_NAMES), n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""


def read_env_file(path: Path) -> dict[str, str]:
    """NAME=value lines; nothing where there is no such file."""
    if not path.is_file():
        return {}
    # Only an installation with a .env file pays for reading one.
    from dotenv import dotenv_values

    return {k: v for k, v in dotenv_values(path, interpolate=False).items() if v is not None}
