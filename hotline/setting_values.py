"""How the value of each setting is read; what does not fit is said without telling a secret."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

CARRIERS = ("twilio", "somleng", "simulator")
REQUIRED, OFFERED = "required", "offered"
TWO_WAY, ONE_WAY, NO_TEXTS = "two-way", "one-way", "none"
_LINE_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,6}")
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg", "postgres")
_WEEKLY = re.compile(r"off|(mon|tue|wed|thu|fri|sat|sun) ([01]?[0-9]|2[0-3]):[0-5][0-9]")
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_HOURS = re.compile(f"{_CLOCK}-{_CLOCK}")
_BACKUP_KEY = re.compile(r"age1[02-9ac-hj-np-z]{58}")
SHORTEST_SECRET = 32


class Unfit(Exception):
    """What is wrong with a value and what would be right; never the value of a secret."""


def carriers(value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    strange = [name for name in names if name not in CARRIERS]
    if strange or not names or len(set(names)) != len(names):
        raise Unfit(f"is {value!r}; it lists each carrier once, out of {', '.join(CARRIERS)}")
    return names


def number(value: str) -> str:
    if not _LINE_NUMBER.fullmatch(value):
        raise Unfit("is no phone number; write +85523900900 or a short code of 3 to 6 digits")
    return value


def numbers(value: str) -> tuple[str, ...]:
    return tuple(number(one.strip()) for one in value.split(",") if one.strip())


def backup_keys(value: str) -> tuple[str, ...]:
    if "SECRET" in value.upper():
        raise Unfit("is a private key: it must never be on this machine; write the public one")
    keys = tuple(key.strip() for key in value.split(",") if key.strip())
    if not all(_BACKUP_KEY.fullmatch(key) for key in keys):
        raise Unfit("lists public keys that begin with age1; `flask make-backup-key` makes one")
    return keys


def hours(value: str) -> str:
    if not _HOURS.fullmatch(value):
        raise Unfit(f"is {value!r}; write 21:00-07:00 (the same time twice: never)")
    return value


def some_number(value: str) -> str | None:
    return number(value)


def texts(value: str) -> str:
    if value not in (TWO_WAY, ONE_WAY, NO_TEXTS):
        raise Unfit(f"is {value!r}; write {TWO_WAY}, {ONE_WAY} or {NO_TEXTS}")
    return value


def url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise Unfit("is no web address; write https://host or http://host:port")
    return value.rstrip("/")


def some_url(value: str) -> str | None:
    return url(value)


def base_url(value: str) -> str:
    return url(value)


def some_path(value: str) -> Path | None:
    return Path(value).absolute()


def database_url(value: str) -> str:
    if value.partition("://")[0] not in _DATABASES or "://" not in value:
        raise Unfit("must begin with sqlite:/// or postgresql://")
    return value


def redis_url(value: str) -> str:
    if value.partition("://")[0] not in ("redis", "rediss", "unix"):
        raise Unfit("must begin with redis://, rediss:// or unix://")
    return value


def secret(value: str) -> str:
    if len(value) < SHORTEST_SECRET:
        raise Unfit(f"is too short; write {SHORTEST_SECRET} or more random characters")
    return value


def switch(value: str) -> bool:
    if value not in ("0", "1"):
        raise Unfit(f"is {value!r}; write 1 (yes) or 0 (no)")
    return value == "1"


def clock_or_off(value: str) -> str:
    if value.strip().lower() == "off":
        return "off"
    if not re.fullmatch(_CLOCK, value):
        raise Unfit(f"is {value!r}; write a time like 07:30, or off")
    return value


def weekly(value: str) -> str:
    if not _WEEKLY.fullmatch(value.lower()):
        raise Unfit(f"is {value!r}; write a day and a time, such as wed 10:00, or off")
    return value.lower()


def seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 3600:
        raise Unfit(f"is {value!r}; write seconds between 0.1 and 3600")
    return seconds


def second_factor(value: str) -> str:
    if value not in (REQUIRED, OFFERED):
        raise Unfit(f"is {value!r}; write {REQUIRED} or {OFFERED}")
    return value


def idle_minutes(value: str) -> int:
    return _whole(value, 5, 60)


def proxies(value: str) -> int:
    return _whole(value, 0, 5)


def _whole(value: str, least: int, most: int) -> int:
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 4 else -1
    if not least <= number <= most:
        raise Unfit(f"is {value!r}; write a whole number from {least} to {most}")
    return number
