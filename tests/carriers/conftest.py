"""A carrier of every kind, with a known token and address."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from hotline.carriers import KINDS, carriers_from
from hotline.settings import CarrierAccount

BASE = "https://line.example.org"
LINE = "+85523900900"
PAYLOADS = Path(__file__).parent / "payloads"


def token_of(name: str) -> str:
    return f"{name}-token-0123456789abcdef"


def make_carriers(base: str = BASE, api_urls: dict[str, str] | None = None):
    accounts = {
        name: CarrierAccount("AC" + "0a" * 16, token_of(name), (api_urls or {}).get(name))
        for name in KINDS
    }
    return carriers_from(
        SimpleNamespace(carriers=tuple(KINDS), accounts=accounts, number=LINE, public_base_url=base)
    )


@pytest.fixture
def carriers():
    return make_carriers()
