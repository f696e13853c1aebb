"""Every setting of the hotline, read once at the start; one error names every fault there is."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

CARRIERS = ("twilio", "somleng", "simulator")
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
        "HOTLINE_MISSED_CALL_NUMBERS",
        "HOTLINE_QUIET_HOURS",
    }
)
TWO_WAY, ONE_WAY, NO_TEXTS = "two-way", "one-way", "none"
_LINE_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,6}")
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg", "postgres")
_WEEKLY = re.compile(r"off|(mon|tue|wed|thu|fri|sat|sun) ([01]?[0-9]|2[0-3]):[0-5][0-9]")
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_HOURS = re.compile(f"{_CLOCK}-{_CLOCK}")
_SHORTEST_SECRET = 32


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
    quiet_hours: str = "21:00-07:00"  # nobody is rung back then; core.missed_call reads it


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
        except _Unfit as unfit:
            self.faults.append(f"{name} {unfit}")
            return nothing


class _Unfit(Exception):
    """What is wrong with a value and what would be right; never the value of a secret."""


def _read(reading: _Reading) -> Settings:
    data = reading.take("HOTLINE_DATA", Path("data"), Path).absolute()
    nobody: tuple[str, ...] = ()
    carriers = reading.need(
        "HOTLINE_CARRIER", f"name one or more of {', '.join(CARRIERS)}", nobody, _carriers
    )
    return Settings(
        carriers=carriers,
        accounts=MappingProxyType({name: _account(reading, name) for name in carriers}),
        number=reading.need(
            "HOTLINE_NUMBER", "the line's own number, +85523900900 or a short code", "", _number
        ),
        public_base_url=reading.need(
            "PUBLIC_BASE_URL", "the address carriers call, https://line.example.org", "", _base_url
        ),
        data=data,
        database_url=reading.take("DATABASE_URL", f"sqlite:///{data}/hotline.db", _database_url),
        redis_url=reading.take("REDIS_URL", f"unix://{data}/redis.sock", _redis_url),
        keys=reading.need(
            "HOTLINE_KEYS", "the key ring file; `flask make-keys` writes one", data, Path
        ).absolute(),
        secret_key=reading.need(
            "HOTLINE_SECRET_KEY", f"{_SHORTEST_SECRET} or more random characters", "", _secret
        ),
        allow_scratch=reading.take("HOTLINE_ALLOW_SCRATCH", False, _switch),
        missed_call_numbers=reading.take("HOTLINE_MISSED_CALL_NUMBERS", (), _numbers),
        **_read_times(reading, is_demo="simulator" in carriers),
    )


def _read_times(reading: _Reading, *, is_demo: bool) -> dict[str, Any]:
    clock_file = reading.take("HOTLINE_CLOCK_FILE", None, _some_path)
    if clock_file and not is_demo:
        reading.faults.append("HOTLINE_CLOCK_FILE moves the clock and goes with the simulator only")
    weekly = "off" if is_demo else "wed 10:00"  # a demo pages nobody by itself
    return {
        "sweep_seconds": reading.take("HOTLINE_SWEEP_SECONDS", 15.0, _seconds),
        "clock_file": clock_file,
        "rehearsal": reading.take("HOTLINE_REHEARSAL", weekly, _weekly),
        "quiet_hours": reading.take("HOTLINE_QUIET_HOURS", "21:00-07:00", _hours),
    }


def _account(reading: _Reading, carrier: str) -> CarrierAccount:
    of = carrier.upper()
    why = f"HOTLINE_CARRIER names {carrier}"
    sid = reading.need(f"{of}_ACCOUNT_SID", why, "", str)
    token = reading.need(f"{of}_AUTH_TOKEN", why, "", str)
    if carrier == "simulator":
        url = reading.need(f"{of}_API_URL", f"{why}; http://127.0.0.1:8100", None, _some_url)
    else:
        url = reading.take(f"{of}_API_URL", None, _some_url)
    number = reading.take(f"{of}_NUMBER", None, _some_number)
    return CarrierAccount(sid, token, url, number, reading.take(f"{of}_TEXTS", TWO_WAY, _texts))


def _carriers(value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    strange = [name for name in names if name not in CARRIERS]
    if strange or not names or len(set(names)) != len(names):
        raise _Unfit(f"is {value!r}; it lists each carrier once, out of {', '.join(CARRIERS)}")
    return names


def _number(value: str) -> str:
    if not _LINE_NUMBER.fullmatch(value):
        raise _Unfit("is no phone number; write +85523900900 or a short code of 3 to 6 digits")
    return value


def _numbers(value: str) -> tuple[str, ...]:
    return tuple(_number(number.strip()) for number in value.split(",") if number.strip())


def _hours(value: str) -> str:
    if not _HOURS.fullmatch(value):
        raise _Unfit(f"is {value!r}; write 21:00-07:00 (the same time twice: never)")
    return value


def _some_number(value: str) -> str | None:
    return _number(value)


def _texts(value: str) -> str:
    if value not in (TWO_WAY, ONE_WAY, NO_TEXTS):
        raise _Unfit(f"is {value!r}; write {TWO_WAY}, {ONE_WAY} or {NO_TEXTS}")
    return value


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise _Unfit("is no web address; write https://host or http://host:port")
    return value.rstrip("/")


def _some_url(value: str) -> str | None:
    return _url(value)


def _base_url(value: str) -> str:
    return _url(value)


def _some_path(value: str) -> Path | None:
    return Path(value).absolute()


def _database_url(value: str) -> str:
    if value.partition("://")[0] not in _DATABASES or "://" not in value:
        raise _Unfit("must begin with sqlite:/// or postgresql://")
    return value


def _redis_url(value: str) -> str:
    if value.partition("://")[0] not in ("redis", "rediss", "unix"):
        raise _Unfit("must begin with redis://, rediss:// or unix://")
    return value


def _secret(value: str) -> str:
    if len(value) < _SHORTEST_SECRET:
        raise _Unfit(f"is too short; write {_SHORTEST_SECRET} or more random characters")
    return value


def _switch(value: str) -> bool:
    if value not in ("0", "1"):
        raise _Unfit(f"is {value!r}; write 1 (yes) or 0 (no)")
    return value == "1"


def _weekly(value: str) -> str:
    if not _WEEKLY.fullmatch(value.lower()):
        raise _Unfit(f"is {value!r}; write a day and a time, such as wed 10:00, or off")
    return value.lower()


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 3600:
        raise _Unfit(f"is {value!r}; write seconds between 0.1 and 3600")
    return seconds


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
