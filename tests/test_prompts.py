"""Everything the line can say is written, recorded, short enough and sourced."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import yaml

from hotline.core.sms_text import count_segments
from hotline.core.spoken import numbers_told

AUDIO = Path(__file__).parents[1] / "audio"
CONTENT = yaml.load((AUDIO / "prompts.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
PROMPTS: dict[str, dict[str, Any]] = CONTENT["prompts"]
SPOKEN = {name: entry for name, entry in PROMPTS.items() if "voice" in entry["channel"]}
TEXTED = {name: entry for name, entry in PROMPTS.items() if "sms" in entry["channel"]}
TAKES = [
    pytest.param(name, language, id=f"{language}-{name}")
    for name in SPOKEN
    for language in ("km", "en")
]
LONGEST_VALUES = {"ref": "K7MXP", "code": "12", "n": "15", "minutes": "120", "time": "23:59"} | {
    "score": "6",
    "club": "012",
    "number": "+85523900900",
    # The morning text: two counts and a seal, which tell of nobody.
    "day": "22/11",
    "open": "120",
    "late": "12",
    "seal": "1234567-4f2a91bc77d0e1f2",
}
CLUB_REPORT = "R 012 15 40"  # the example of a report is no telephone number


def make_scratch() -> Any:
    spec = importlib.util.spec_from_file_location("make_scratch", AUDIO / "make_scratch.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRATCH = make_scratch()


def samples_of(path: Path) -> np.ndarray:
    with av.open(str(path)) as sound:
        stream = sound.streams.audio[0]
        assert (stream.rate, stream.channels) == (8000, 1)
        return np.concatenate([frame.to_ndarray().ravel() for frame in sound.decode(stream)])


@pytest.mark.parametrize(("name", "language"), TAKES)
def test_a_recording_is_what_the_data_says_and_can_be_heard(name: str, language: str):
    entry = SPOKEN[name]
    take = entry["takes"][language]
    path = AUDIO / take["file"]
    assert path == AUDIO / language / f"{name}.mp3"
    assert hashlib.sha256(path.read_bytes()).hexdigest()[:12] == take["hash"]
    samples = samples_of(path)
    seconds = len(samples) / 8000
    assert seconds == pytest.approx(take["seconds"], abs=0.06)
    assert seconds <= entry["max_seconds"]
    loudest = np.abs(samples).max()
    assert loudest == 0 if not entry[language] else 0.3 < loudest <= 1.1


@pytest.mark.parametrize(("name", "language"), TAKES)
def test_a_scratch_recording_says_the_words_as_they_are_now_and_is_marked(name, language):
    entry = SPOKEN[name]
    path = AUDIO / entry["takes"][language]["file"]
    if entry["takes"][language]["quality"] != "scratch":
        assert not SCRATCH.comment_of(path).startswith("scratch")
        return
    again = "run: python audio/make_scratch.py"
    assert SCRATCH.comment_of(path) == SCRATCH.comment_for(entry, language), again
    first = np.abs(samples_of(path)[:1600]).max()  # the two soft tones
    assert first == 0 if not entry[language] else 0.02 < first < 0.3


def test_the_recordings_are_small_and_none_is_left_over():
    files = {path.relative_to(AUDIO).as_posix() for path in AUDIO.glob("*/*.mp3")}
    told = {take["file"] for entry in SPOKEN.values() for take in entry["takes"].values()}
    assert files == told
    assert sum((AUDIO / name).stat().st_size for name in files) < 10_000_000


@pytest.mark.parametrize("name", TEXTED)
def test_a_text_fills_one_segment_in_every_script(name: str):
    for script in ("km", "km_latn", "en"):
        text = TEXTED[name][script].format_map(LONGEST_VALUES)
        assert count_segments(text).count == 1, f"{script}: {text}"


def test_a_page_and_its_reply_code_fit_one_segment_together():
    text = f"{PROMPTS['STAFF_URGENT']['km']} {PROMPTS['STAFF_REPLY']['km']}"
    assert count_segments(text.format_map(LONGEST_VALUES)).count == 1


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_names_only_numbers_that_were_seen_on_a_page_of_their_owner(name: str):
    verified = {n["number"] for n in CONTENT["numbers"].values() if n["verified"]}
    for language in ("km", "en", "km_latn"):
        text = PROMPTS[name].get(language, "").replace(CLUB_REPORT, "")
        assert numbers_told(text) <= verified


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_names_the_same_numbers_in_khmer_and_in_english(name: str):
    entry = PROMPTS[name]
    assert numbers_told(entry["km"]) == numbers_told(entry["en"])


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_has_its_words_its_review_and_its_sources(name: str):
    entry = PROMPTS[name]
    assert set(entry["status"]) == {"km", "en"}
    assert set(entry["status"].values()) <= {"draft", "reviewed", "signed"}
    assert set(entry["facts"]) <= set(CONTENT["facts"])
    assert entry["en"] and entry["km"] or name == "V_SILENCE"


def test_every_fact_and_every_number_has_a_source():
    for entry in (*CONTENT["facts"].values(), *CONTENT["numbers"].values()):
        assert entry["source"]


def test_no_text_to_a_caller_names_what_a_locked_screen_should_not_show():
    forbidden = ("ជួញដូរ", "រំលោភ", "trafficking", "abuse", "rape", "chuonh dor", "rumlop")
    for name, entry in TEXTED.items():
        for script in ("km", "km_latn", "en"):
            assert not any(word in entry[script].lower() for word in forbidden), name


def test_staff_texts_say_nothing_of_the_matter():
    for name, entry in PROMPTS.items():
        if name.startswith("STAFF_"):
            placeholders = set(SCRATCH.re.findall(r"\{(\w+)\}", entry["km"]))
            known = {"ref", "code", "n", "minutes", "time", "day", "open", "late", "seal"}
            assert placeholders <= known, name
