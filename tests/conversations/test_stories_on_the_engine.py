"""Every golden conversation, played on the engine alone with the library read from disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.core.flow_links import own_ways, step_ways
from hotline.core.library import Library
from hotline.core.walk import Walk
from hotline.library_files import load_library
from tests.conversations.playing import keyword_places, play
from tests.conversations.stories import Story, load_stories

ROOT = Path(__file__).parents[2]
STORIES = load_stories()


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT)


@pytest.fixture(scope="module")
def places():
    return keyword_places(ROOT)


def test_there_are_stories():
    assert STORIES, "write the first one in tests/conversations/NAME.yaml"


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_story(story: Story, library: Library, places):
    play(library, story, places)


def test_every_way_of_every_flow_is_walked_by_a_story(library, places, monkeypatch):
    walked: set[int] = set()
    leave, do = Walk._leave, Walk.do
    monkeypatch.setattr(Walk, "_leave", lambda w, way: (walked.add(id(way)), leave(w, way))[1])
    monkeypatch.setattr(Walk, "do", lambda w, way: (walked.add(id(way)), do(w, way))[1])
    for story in STORIES:
        play(library, story, places)
    missing = [
        f"{flow.file}:{way.line} {step}: this way is in no story"
        for flow in library.flows.values()
        for step, way in [
            *((f"({flow.name})", way) for way in own_ways(flow)),
            *((s.name, way) for s in flow.steps.values() for way in step_ways(s)),
        ]
        if id(way) not in walked
    ]
    assert not missing, "\n" + "\n".join(sorted(missing))
