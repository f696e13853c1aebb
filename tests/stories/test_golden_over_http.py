"""The golden conversations once more: real webhooks, TwiML, a phone, a database, an outbox."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.content_files import Content
from hotline.core.library import Library
from hotline.core.local_time import PHNOM_PENH
from hotline.storage.database import Database
from hotline.storage.staff_member import list_staff, set_reach
from simulator.phones import Phone, PhoneCall
from tests.conversations.stories import Story, StoryTurn, load_stories
from tests.stories.line import Line, open_line

TONGUES = (("km", "khmer"), ("km", "latin"), ("en", None))
OF_THE_ENGINE = {
    *("elapsed", "flow", "topic", "step"),
    *("language", "script", "agreed_to_texts", "listens_only"),
}
"""Circumstances a real phone cannot make at will; those stories are told on the engine alone."""

STORIES = [story for story in load_stories() if not OF_THE_ENGINE & set(story.around)]
_numbers = itertools.count(700_001)


@pytest.fixture(scope="module")
def open_all_day(
    tmp_path_factory: pytest.TempPathFactory,
    upgraded_sqlite: Path,
    key_ring_file: Path,
    content: Content,
) -> Iterator[Line]:
    """One line for all stories; each has a phone of its own and its own hours."""
    folder = tmp_path_factory.mktemp("golden")
    (folder / "hotline.db").write_bytes(upgraded_sqlite.read_bytes())
    database = Database(f"sqlite:///{folder}/hotline.db", writer_lock=folder / "writer.lock")
    with open_line(database, folder, key_ring_file, content, fetches_sounds=False) as line:
        ten = line.hotline.now().astimezone(PHNOM_PENH).replace(hour=10, minute=0)
        with line.hotline.transaction() as tx:
            for member in list_staff(tx):
                set_reach(tx, member.id, by_voice=False)
        line.company.move_clock(int((ten - line.hotline.now()).total_seconds()) % 86_400)
        yield line
        line.minutes_pass(0)
        forget_staff_texts(line)
    database.close()


def test_most_stories_are_told_over_http_too() -> None:
    assert len(STORIES) > 0.7 * len(load_stories())


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_story(open_all_day: Line, story: Story) -> None:
    line = open_all_day
    phone = line.phone(f"+85512{next(_numbers)}", story.name)
    phone.withhold_number(story.around.get("can_be_rung") == "no")
    line.company.move_clock(24 * 60 * 60)  # at ten in the morning, when nobody is to be let sleep
    with line.shifts_as(story.around.get("staff_on_duty") != "no"):
        if story.channel == "voice":
            _call(line, phone, story)
        else:
            _texts(line, phone, story)
    line.everyone_has_done_their_work()
    forget_staff_texts(line)


def _call(line: Line, phone: Phone, story: Story) -> None:
    before = {case.ref for case in line.cases()}
    call = phone.dial()
    for turn in story.turns:
        if turn.rings_again:
            call = phone.dial()
        heard = tuple(prompt for prompt in call.listens() if prompt != "V_SILENCE")
        if turn.hears is not None and not (call.is_over and not turn.hears):
            assert heard == turn.hears, f"{story.file}:{turn.line}"
        _act(call, turn)
        _check(line, before, turn)
    if not call.is_over:
        call.hang_up()


def _act(call: PhoneCall, turn: StoryTurn) -> None:
    if turn.act == "presses":
        call.press(turn.value)
    elif turn.act == "says":
        call.speaks(int(turn.value))
    elif turn.act == "hangs_up":
        call.hang_up()
    elif turn.act == "silent":
        call.stay_silent()
    if turn.act and not call.is_over:
        call.listens()


def _texts(line: Line, phone: Phone, story: Story) -> None:
    before = {case.ref for case in line.cases()}
    for turn in story.turns:
        if turn.hears is not None:
            body = phone.receives_text().body if turn.hears else ""
            assert _could_be(line.hotline.library, turn.hears, body), f"{story.file}:{turn.line}"
        if turn.act == "texts":
            phone.texts(turn.value)
            line.settle()
        _check(line, before, turn)
    while len(phone.inbox) > phone.texts_told:
        phone.receives_text()


def _could_be(library: Library, prompts: tuple[str, ...], body: str) -> bool:
    """Whether the text is these prompts in one of the tongues, their gaps filled somehow."""
    for language, script in TONGUES:
        words = "\n".join(library.text(prompt, language, script) for prompt in prompts)
        pattern = re.sub(r"\\\{[a-z]+\\\}", ".+", re.escape(words))
        if re.fullmatch(pattern, body):
            return True
    return False


def _check(line: Line, before: set[str], turn: StoryTurn) -> None:
    for mark in turn.marks:
        words = mark.split()
        if words[:2] == ["case", "opened"]:
            new = [(c.kind, c.priority) for c in line.cases() if c.ref not in before]
            # The story tells what the flow asks for; triage may have raised it by the answers.
            is_there = any(kind == words[2] and urgency <= words[3] for kind, urgency in new)
            assert is_there, f"line {turn.line}: {mark}, but there are {new}"
        elif words[:2] == ["page", "to"]:
            new_cases = [case for case in line.cases() if case.ref not in before]
            assert any("paged" in line.happened(case) for case in new_cases), mark


def forget_staff_texts(line: Line) -> None:
    """Pages are another story's matter."""
    line.settle()
    for phone in (line.dara, line.sophea, line.bopha):
        while len(phone.inbox) > phone.texts_told:
            phone.receives_text()
