"""Log lines are JSON, and nobody's number, name or words are in them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from hotline.logs import set_up_logs

NUMBER = "+85512345678"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    set_up_logs(stream)
    yield stream
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def read(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_time_and_level(lines: io.StringIO) -> None:
    structlog.get_logger().info("turn_taken", turn="abc", milliseconds=3)
    (line,) = read(lines)
    assert line["event"] == "turn_taken"
    assert line["level"] == "info"
    assert line["turn"] == "abc"
    assert str(line["timestamp"]).endswith("Z")


@pytest.mark.parametrize("key", ["number", "from_number", "body", "name", "words", "to", "url"])
def test_what_is_about_a_person_is_left_out(lines: io.StringIO, key: str) -> None:
    structlog.get_logger().info("text_came", **{key: NUMBER})
    assert read(lines)[0][key] == "left out"
    assert NUMBER not in lines.getvalue()


def test_an_error_is_its_type_and_its_place_without_its_message(lines: io.StringIO) -> None:
    try:
        raise ValueError(f"cannot call {NUMBER}")
    except ValueError:
        structlog.get_logger().exception("call_failed")
        logging.getLogger("some.library").exception("call failed")
    assert NUMBER not in lines.getvalue()
    for line in read(lines):
        assert line["error"] == "ValueError"
        assert "test_logs.py" in str(line["where"])


def test_libraries_keep_their_details_to_themselves(lines: io.StringIO) -> None:
    logging.getLogger("twilio.http_client").info("POST to=%s", NUMBER)
    logging.getLogger("urllib3.connectionpool").debug("GET %s", NUMBER)
    logging.getLogger("rq.worker").info("job %s", NUMBER)
    assert lines.getvalue() == ""


def test_what_is_bound_to_a_turn_is_on_each_of_its_lines(lines: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(turn="t1", caller=NUMBER):
        structlog.get_logger().info("one")
        logging.getLogger("library").warning("two")
    assert [line["turn"] for line in read(lines)] == ["t1", "t1"]
    assert NUMBER not in lines.getvalue()
