"""Two phone companies: when the first fails, nobody who waits for help notices."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from hotline import switchboard
from hotline.content_files import Content
from hotline.storage.conversation import conversations
from hotline.storage.database import Database
from hotline.storage.outbox_item import pages_of
from simulator.phones import Phone, PhoneCompany
from tests.stories.line import BOPHA, DARA, TOKEN, Line, open_line

SECOND_LINE = "+85523900901"


@contextmanager
def two_companies(
    database: Database, folder: Path, keys: Path, content: Content, texts: str = "two-way"
) -> Iterator[Line]:
    """Somleng, the preferred, and Twilio, which shows a number of its own."""
    second = PhoneCompany(auth_token=TOKEN, line=SECOND_LINE, carrier_path="twilio")
    somleng = {
        "carrier": "somleng",
        "dialect": "somleng",
        "account_sid": str(uuid.UUID(int=117)),
    }
    with (
        second,
        open_line(
            database, folder, keys, content, second=second, second_texts=texts, **somleng
        ) as line,
    ):
        yield line


@pytest.fixture
def line(
    database: Database, tmp_path: Path, key_ring_file: Path, content: Content
) -> Iterator[Line]:
    with two_companies(database, tmp_path / "data", key_ring_file, content) as line:
        yield line


def by_second(line: Line, number: str) -> Phone:
    """The same phone, as the second company reaches it."""
    assert line.second is not None
    return line.second.phone(number)


def first_is_down(line: Line) -> None:
    line.company.arm("server_error", times=None)


def first_is_up_again(line: Line) -> None:
    line.company.exchange.faults.disarm()


def test_a_page_goes_by_the_second_while_the_first_is_down(line: Line) -> None:
    first_is_down(line)
    line.mother_asks_for_her_child()
    line.settle()
    text = by_second(line, DARA).receives_text(containing=line.only_case().ref)
    assert text.peer == SECOND_LINE
    line.dara.receives_no_text()


def test_a_code_sent_to_the_second_claims_the_case(line: Line) -> None:
    first_is_down(line)
    line.mother_asks_for_her_child()
    line.settle()
    dara = by_second(line, DARA)
    dara.receives_text()
    dara.texts("1")
    dara.receives_text(containing=line.only_case().ref)
    assert line.only_case().state == "claimed"


def test_an_answer_that_came_too_late_is_not_given_twice(line: Line) -> None:
    line.company.arm("cut", place="messages")
    line.child.texts("រៀន")
    line.child.receives_text()
    line.minutes_pass(2)
    line.child.receives_no_text()
    by_second(line, line.child.number).receives_no_text()


def test_an_answer_that_never_left_goes_by_the_second(line: Line) -> None:
    first_is_down(line)
    line.child.texts("រៀន")
    line.settle()
    by_second(line, line.child.number).receives_text()
    line.child.receives_no_text()


def test_the_first_is_used_again_only_when_it_stays(line: Line) -> None:
    first_is_down(line)
    child, words = by_second(line, line.child.number), ("រៀន", "job", "រៀន")
    for word in words:
        line.child.texts(word)
        line.settle()
        child.receives_text()
    bopha = by_second(line, BOPHA)
    line.minutes_pass(0)
    bopha.receives_text()  # a phone company has a problem
    first_is_up_again(line)
    line.child.texts("job")
    line.settle()
    child.receives_text()  # it is too early to trust the first
    line.minutes_pass(11)
    for word in ("រៀន", "job", "រៀន", "job"):
        line.child.texts(word)
        line.child.receives_text()
        line.settle()
    bopha.receives_no_text()


def test_texts_that_cannot_be_answered_do_not_ask_for_an_answer(
    database: Database, tmp_path: Path, key_ring_file: Path, content: Content
) -> None:
    with two_companies(database, tmp_path / "data", key_ring_file, content, "one-way") as line:
        asks = line.hotline.library.text("STAFF_REPLY", "km", None).split("{code}")[0]
        first_is_down(line)
        line.mother_asks_for_her_child()
        line.settle()
        assert asks not in by_second(line, DARA).receives_text().body


def test_a_receipt_that_never_came_is_asked_for(line: Line) -> None:
    line.company.arm("no_receipt", place="messages")
    line.mother_asks_for_her_child()
    line.dara.receives_text()
    line.settle()
    for message in line.company.company.texts.all():
        if message.direction == "outbound-api":
            message.status = "delivered"  # as the company knows, and did not tell
    assert page_state(line) == "sent"
    line.minutes_pass(1.1)
    assert page_state(line) == "delivered"


def page_state(line: Line) -> str:
    case = line.only_case()
    with line.hotline.reading() as tx:
        return str(pages_of(tx, case.id)[0].state)


def test_a_page_the_first_loses_goes_by_the_second_and_the_ladder_goes_on(line: Line) -> None:
    line.company.arm("receipt", place="messages")
    line.mother_asks_for_her_child()
    line.settle()
    dara, ring = by_second(line, DARA), line.dara.is_rung()
    dara.receives_text(containing=line.only_case().ref)
    dara.texts("1")
    line.dara.receives_text(containing=line.only_case().ref)  # the first works again
    ring.ignore()


def test_a_long_call_that_says_nothing_is_not_taken_for_over(line: Line) -> None:
    call = line.mother.dial()
    call.press("1")
    long_ago = line.hotline.now() - timedelta(minutes=6)
    with line.hotline.transaction() as tx:
        tx.execute(conversations.update().values(last_at=long_ago))
    assert switchboard.end_silent_calls(line.hotline) == 0
    call.press("0")
    call.hang_up()


def test_a_child_is_answered_from_the_number_they_wrote_to(line: Line) -> None:
    child = by_second(line, "+85596234567")
    child.texts("3", to=SECOND_LINE)
    line.settle()
    child.receives_text()
    line.child.receives_no_text()
