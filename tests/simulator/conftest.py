"""A fake hotline and a phone company that calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from simulator.phones import PhoneCompany
from tests.simulator.fake_hotline import FakeHotline


@pytest.fixture
def hotline() -> Iterator[FakeHotline]:
    with FakeHotline() as fake:
        yield fake


@pytest.fixture
def open_company(hotline: FakeHotline) -> Iterator[Callable[..., PhoneCompany]]:
    """Open a phone company; it is closed at the end without asking whether all is quiet."""
    with ExitStack() as stack:

        def build(**options: object) -> PhoneCompany:
            company = PhoneCompany(hotline.url, **options).open()  # type: ignore[arg-type]
            stack.callback(company.close)
            return company

        yield build


@pytest.fixture
def company(open_company: Callable[..., PhoneCompany]) -> PhoneCompany:
    return open_company()


@pytest.fixture
def somleng(open_company: Callable[..., PhoneCompany]) -> PhoneCompany:
    return open_company(dialect="somleng")
