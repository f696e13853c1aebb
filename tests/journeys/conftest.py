"""The whole hotline as `make demo` starts it, in a folder of its own and on ports that are free."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.launcher.test_demo import Demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("journey") / "demo")
    try:
        demo.start()
        yield demo
    finally:
        demo.end()
