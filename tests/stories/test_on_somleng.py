"""The same stories once more, told by a phone company that speaks as Somleng does."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hotline.content_files import Content
from hotline.storage.database import Database
from tests.stories import test_calling, test_missing_child, test_paging, test_texting
from tests.stories.line import Line, open_line

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

NOT_ON_SOMLENG = {
    # A call whose number is hidden never reaches us.
    test_calling.test_a_caller_who_hides_their_number_is_asked_for_one,
    # A voice message whose speaker hangs up is lost; what is left is told below.
    test_calling.test_a_voice_message_survives_a_hang_up,
    # It tells whether a text failed, not why.
    test_paging.test_a_page_the_carrier_loses_goes_to_the_next_person_at_once,
}
STORIES = [
    story
    for module in (test_calling, test_missing_child, test_paging, test_texting)
    for name, story in vars(module).items()
    if name.startswith("test_")
    and story not in NOT_ON_SOMLENG
    and not hasattr(story, "pytestmark")  # those with parameters of their own
]


@pytest.fixture
def line(
    database: Database, tmp_path: Path, key_ring_file: Path, content: Content
) -> Iterator[Line]:
    with open_line(
        database,
        tmp_path / "data",
        key_ring_file,
        content,
        carrier="somleng",
        dialect="somleng",
        account_sid=str(uuid.UUID(int=117)),
    ) as line:
        yield line


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_story(line: Line, story: Callable[[Line], None]) -> None:
    story(line)


@pytest.mark.parametrize("word", ["juoy", "ជួយ", "HELP!!"])
def test_a_cry_for_help(line: Line, word: str) -> None:
    test_texting.test_a_cry_for_help_is_a_case_a_page_and_an_answer(line, word)


def test_a_voice_message_is_only_kept_if_the_speaker_presses_a_key(line: Line) -> None:
    """What docs/carriers.md warns of: whoever hangs up instead leaves nothing, not even a case."""
    call = line.mother.dial()
    call.press("1")
    test_calling.presses(call, "43")
    call.hang_up(after_speaking=5)
    line.minutes_pass(1)
    assert line.cases() == []


def test_a_page_that_fails_without_a_reason_goes_to_the_next_person_at_once(line: Line) -> None:
    line.dara.switch_off()
    line.mother_asks_for_her_child()
    line.minutes_pass(0)
    line.sophea.receives_text(containing=line.only_case().ref)
    line.takes_it(line.sophea)
