"""The drawing of a flow holds all of it, in well-formed SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from hotline.flow_drawing import draw_flow
from hotline.library_files import load_library
from tests.core.sample_tree import SAMPLE

SVG = "{http://www.w3.org/2000/svg}"
LIBRARY = load_library(SAMPLE)
REAL = load_library(Path(__file__).parents[1])


def words_of(drawing):
    return [text.text or "" for text in ET.fromstring(drawing).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", sorted(REAL.flows))
def test_every_step_of_every_flow_is_on_the_page(name):
    words = words_of(draw_flow(REAL, name))
    for step in REAL.flows[name].steps:
        assert any(word.startswith(f"{step} · ") for word in words)


@pytest.mark.parametrize("name", sorted(REAL.flows))
def test_no_box_lies_on_another_or_off_the_page(name):
    page = ET.fromstring(draw_flow(REAL, name))
    width, height = float(page.get("width")), float(page.get("height"))
    boxes = [
        tuple(float(rect.get(side)) for side in ("x", "y", "width", "height"))
        for rect in page.iter(f"{SVG}rect")
        if rect.get("class") == "box"
    ]
    for place, (x, y, wide, high) in enumerate(boxes):
        assert x >= 0
        assert y >= 0
        assert x + wide <= width
        assert y + high <= height
        for left, top, w, h in boxes[place + 1 :]:
            assert x + wide <= left or left + w <= x or y + high <= top or top + h <= y


def test_prompts_are_shown_in_khmer_and_english_and_cases_are_told():
    words = words_of(draw_flow(LIBRARY, "urgent"))
    assert "V_MISSING" in words
    assert "ខ្មែរ" in words
    assert any(word.startswith("Call the police") for word in words)
    assert "1: opens missing_child P1" in words
    assert "hung up: flags hung_up_early" in words


def test_ways_out_of_the_flow_are_told_in_words():
    words = words_of(draw_flow(LIBRARY, "main"))
    assert "1 → urgent.menu" in words
    assert "2 → run job, then again" in words


def test_a_circle_is_drawn_as_a_way_back(tmp_path):
    drawing = draw_flow(REAL, "stories")
    assert re.search(r'class="line back', drawing)
