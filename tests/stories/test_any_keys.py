"""Whatever callers do with their phones, over the whole hotline: it ends, and no case is lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from hotline.content_files import Content
from hotline.core.engine import MOST_TURNS
from hotline.standing import open_standing
from hotline.storage.case import get_case
from hotline.storage.case_search import list_cases
from hotline.storage.conversation import find_call
from hotline.storage.database import Database
from tests.stories.spoken import is_safe, read
from tests.stories.switchboard import RawCall, Switchboard
from tests.web.desk.desk import Desk, open_desk

KEYS = st.sampled_from([*"111222334455", *"67890#", "*", "0961234567", "12"])
DOINGS = st.one_of(
    KEYS,
    KEYS,
    st.sampled_from(["silence", "voice", "voice and hang up", "hang up", "ring again", "again"]),
    st.integers(1, 400).map(lambda seconds: f"wait {seconds}"),
)
WAYS_IN = ("", "111", "112", "113", "11s", "11h", "143v", "144", "12", "25", "222")
NAMES = {"s": "silence", "h": "hang up", "v": "voice"}
_numbers = itertools.count(300_000)


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory,
    upgraded_sqlite: Path,
    key_ring_file: Path,
    content: Content,
) -> Iterator[Desk]:
    """A hotline for many callers: nobody is sent anything, nothing is looked at but the cases."""
    folder = tmp_path_factory.mktemp("any-keys")
    (folder / "hotline.db").write_bytes(upgraded_sqlite.read_bytes())
    database = Database(f"sqlite:///{folder}/hotline.db", writer_lock=folder / "writer.lock")
    yield open_desk(database, folder, key_ring_file, content)
    database.close()


@dataclass
class Caller:
    """One phone: does what it is told as far as the line lets it, as a carrier would tell it."""

    desk: Desk
    switchboard: Switchboard
    number: str
    call: RawCall | None = None
    document: ElementTree.Element | None = None
    asked: str = ""  # the last address, for the same webhook once more
    said: dict[str, str] | None = None
    case_id: int | None = None

    @property
    def is_on_the_line(self) -> bool:
        return self.call is not None

    def does(self, what: str) -> None:
        if what.startswith("wait"):
            self.desk.time[0] += timedelta(seconds=int(what.split()[1]))
        elif what == "ring again" or not self.is_on_the_line:
            self.ring()
        elif what == "hang up":
            self.hang_up()
        elif what == "again":
            self.once_more()
        else:
            self.answer(what)

    def ring(self) -> None:
        if self.is_on_the_line:
            self.hang_up()
        self.call = self.switchboard.call(self.number)
        self.case_id = None
        self.hear(self.call.begins())

    def hang_up(self) -> None:
        assert self.call is not None
        assert self.call.is_over().status_code == 200
        self.look_at_the_case()
        self.call = self.document = self.said = None

    def answer(self, what: str) -> None:
        """Keys, silence or a voice, to the verb that waits."""
        assert self.document is not None
        record = self.document.find("Record")
        if record is None:
            gather = self.document.find("Gather")
            assert gather is not None
            keys = what if what[0] in "0123456789*#" else ""
            self.ask(gather.get("action"), Digits=keys[: int(gather.get("numDigits"))])
        elif what.startswith("voice"):
            sid = f"RE{next(_numbers)}"
            told = {"RecordingSid": sid, "RecordingUrl": f"http://127.0.0.1/Recordings/{sid}"}
            ending = "hangup" if "hang up" in what else "#"
            self.ask(record.get("action"), **told, RecordingDuration="7", Digits=ending)
            if ending == "hangup" and self.is_on_the_line:
                self.hang_up()
        else:
            redirect = self.document.find("Redirect")
            assert redirect is not None
            self.ask(redirect.text)

    def ask(self, address: str | None, **said: str) -> None:
        assert address is not None
        assert self.call is not None
        parts = urlsplit(address)
        self.asked, self.said = f"{parts.path}?{parts.query}", self.call.fields(**said)
        self.hear(self.switchboard.sends(self.asked, self.said))

    def once_more(self) -> None:
        """The same webhook comes twice."""
        if self.said is not None:
            again = self.switchboard.sends(self.asked, self.said)
            assert ElementTree.tostring(read(again)) == ElementTree.tostring(self.document)

    def hear(self, answer: TestResponse) -> None:
        document = read(answer)
        is_safe(document, self.switchboard.base, self.desk.hotline.library)
        assert "V_ERR_SYSTEM" not in answer.get_data(as_text=True)
        self.look_at_the_case()
        self.document = document
        if document.find("Hangup") is not None:
            self.hang_up()

    def look_at_the_case(self) -> None:
        """Once there is one it stays the call's, open, and somebody is paged for it."""
        assert self.call is not None
        hotline = self.desk.hotline
        with hotline.reading() as tx:
            row = find_call(tx, "simulator", self.call.sid)
            assert row is not None
            assert self.case_id is None or row.case_id == self.case_id
            self.case_id = row.case_id
            assert open_standing(hotline, row).state["has_case"] == (row.case_id is not None)
            if row.case_id is not None:
                assert get_case(tx, row.case_id).state == "open"


@settings(max_examples=100, derandomize=True)
@given(way_in=st.sampled_from(WAYS_IN), doings=st.lists(DOINGS, max_size=21))
def test_any_keys_silences_voices_and_hang_ups(desk: Desk, way_in: str, doings: list[str]) -> None:
    number = f"+85511{next(_numbers)}"
    caller = Caller(desk, Switchboard(desk.app, "http://localhost", "token"), number)
    caller.ring()
    for what in [*(NAMES.get(key, key) for key in way_in), *doings]:
        caller.does(what)
    for turns in range(MOST_TURNS + 1):  # and then nothing more: it comes to an end by itself
        if not caller.is_on_the_line:
            break
        assert turns < 40, "silence, and still no end"
        caller.does("silence")


def test_among_those_callers_were_many_who_asked_for_help(desk: Desk) -> None:
    with desk.hotline.reading() as tx:
        kinds = {case.kind for case in list_cases(tx)}
    urgent = {"missing_child", "danger_now", "missing_abroad", "unclear_urgent"}
    assert urgent | {"voice_message"} <= kinds
