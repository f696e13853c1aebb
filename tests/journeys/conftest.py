"""The whole hotline as `make demo` starts it, or in this process, and somebody before its desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hotline import demo_services
from hotline.content_files import Content
from hotline.storage.database import Database
from tests.journeys.somebody import Somebody, somebody
from tests.launcher.test_demo import Demo
from tests.stories.line import CHILD, MOTHER, Line, open_line

Arrives = Callable[[], Somebody]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("journey") / "demo")
    try:
        demo.start()
        yield demo
    finally:
        demo.end()


@pytest.fixture(params=["km", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """Each day is told in Khmer and in English."""
    return str(request.param)


@pytest.fixture
def second_factor() -> str:
    """Whether staff must have a second step; what a test names instead goes for the whole line."""
    return "offered"


@pytest.fixture
def line(
    database: Database,
    tmp_path: Path,
    key_ring_file: Path,
    content: Content,
    language: str,
    second_factor: str,
) -> Iterator[Line]:
    """A hotline whose phones, texts and calls are real, and whose desk is open."""
    where = (database, tmp_path / "data", key_ring_file, content)
    with open_line(*where, second_factor=second_factor) as line:
        with line.hotline.transaction() as tx:
            demo_services.seed(line.hotline, tx)
        yield line
        texts_are_read(line)


def texts_are_read(line: Line) -> None:
    """A day has more alerts than its story tells; none of them names a caller."""
    line.settle()
    for handset in line.company.exchange.phones.all():
        phone = line.phone(handset.number)
        for text in phone.inbox[phone.texts_told :]:
            told = phone.receives_text()
            assert told is text
            assert not any(number[-8:] in text.body for number in (MOTHER, CHILD)), text.body
        if handset.line is not None and handset.line.state == "ringing":
            phone.is_rung().ignore()
        phone.switch_off()


@pytest.fixture
def arrives(browser: Browser, line: Line, language: str) -> Iterator[Arrives]:
    """Somebody with a phone of their own, before the sign-in page; as many as are called for."""
    with ExitStack() as phones:
        yield lambda: phones.enter_context(somebody(browser, line, language))
