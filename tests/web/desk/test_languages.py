"""Every word of the desk has its Khmer, and no Khmer is left over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import hotline.web.desk
from hotline.web.desk.languages import CATALOGS
from hotline.web.desk.times import age, clock

ROOT = Path(hotline.web.desk.__file__).parent
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def spoken() -> set[str]:
    found = extract_from_dir(
        ROOT,
        method_map=[("**.py", "python"), ("**/templates/**.html", "jinja2")],
        keywords={"_": None, "translate": (2,)},
    )
    return {str(message) for _, _, message, _, _ in found}


def test_every_word_has_its_khmer() -> None:
    with (CATALOGS / "km.po").open("rb") as lines:
        catalog = read_po(lines, locale="km")
    translated = {str(m.id): m for m in catalog if m.id}
    assert spoken() - set(translated) == set()
    assert set(translated) - spoken() == set()
    for english, message in translated.items():
        assert message.string, english
        assert message.string.count("%(") == english.count("%("), english
        assert "draft" in message.user_comments, f"{english}: nobody has reviewed this Khmer yet"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "just now"), (59, "just now"), (60, "1 min"), (3599, "59 min"), (3600, "1 h")]
    + [(11100, "3 h 5 min"), (86400, "1 d"), (400 * 86400, "400 d")],
)
def test_an_age_in_words(seconds: int, words: str) -> None:
    assert age(NOON - timedelta(seconds=seconds), NOON, "en") == words


def test_an_age_in_khmer() -> None:
    assert age(NOON - timedelta(minutes=12), NOON, "km") == "12 នាទី"


def test_the_clock_is_that_of_phnom_penh() -> None:
    assert clock(NOON) == "22/11 12:00"
    assert clock(NOON + timedelta(hours=13)) == "23/11 01:00"
