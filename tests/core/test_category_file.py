"""flows/categories.yaml: read whole, or every fault told with its line; and what it must hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.content_files import Content
from hotline.core.categories import LONGEST_CHI, LONGEST_LOCAL, Categories
from hotline.core.category_file import read_categories
from hotline.core.flow_fault import FaultBook
from hotline.core.triage_file import written_by
from hotline.web.desk.words import KINDS
from hotline.yaml_file import read_yaml

GOOD = """chi:
  violence:
    en: Violence
    km: ហិង្សា
    parts:
      neglect: {en: Neglect, km: ការមិនថែទាំ}
local:
  job_advert: {en: Job, km: ការងារ}
kinds:
  job_offer: {chi: violence.neglect, local: job_advert}
"""


def read(tmp_path: Path, text: str) -> tuple[Categories, str]:
    file = tmp_path / "categories.yaml"
    file.write_text(text)
    book = FaultBook("flows/categories.yaml")
    data = read_yaml(file, book)
    assert data is not None
    return read_categories(data, book), "\n".join(str(fault) for fault in book.faults)


def test_groups_parts_and_our_own_are_read(tmp_path: Path) -> None:
    categories, faults = read(tmp_path, GOOD)
    assert faults == ""
    assert [one.code for one in categories] == ["violence", "violence.neglect"]
    assert categories.chi_words("violence.neglect", "en") == "Violence: Neglect"
    assert categories.local_words("job_advert", "km") == "ការងារ"
    assert categories.first_for("job_offer", None, None) == ("violence.neglect", "job_advert")
    assert categories.first_for("job_offer", "violence", None)[0] == "violence.neglect"
    assert categories.first_for("job_offer", "family", None)[0] == "family"
    assert categories.first_for("storm", None, None) == ("", "")


def test_a_code_from_before_stays_readable(tmp_path: Path) -> None:
    categories, _ = read(tmp_path, GOOD)
    assert categories.chi_words("old_group.old_part", "km") == "old group: old part"
    assert categories.chi_words(None, "km") is None
    assert not categories.is_chi("old_group")


@pytest.mark.parametrize(
    ("wrong", "right", "fault"),
    [
        ("{en: Neglect, km: ការមិនថែទាំ}", "{en: Neglect}", ":6 violence: violence.neglect has no"),
        ("      neglect:", "      Big Neglect:", ":6 violence: 'violence.Big Neglect' is no code"),
        ("chi: violence.neglect", "chi: violence.neglekt", "did you mean 'violence.neglect'?"),
        ("local: job_advert}", "local: job}", ":10 job_offer: our category 'job' is not known"),
        ("local:\n  job_advert: {en: Job, km: ការងារ}", "local:", "there is nothing under local"),
        ("  job_advert:", f"  {'x' * 40}:", "is no code"),
    ],
)
def test_every_fault_is_told(tmp_path: Path, wrong: str, right: str, fault: str) -> None:
    assert wrong in GOOD
    assert fault in read(tmp_path, GOOD.replace(wrong, right))[1]


def test_the_real_ones_hold_what_helplines_count_and_what_we_need(content: Content) -> None:
    categories = content.categories
    codes = [one.code for one in categories]
    assert len(codes) == len(set(codes))
    assert max(map(len, codes)) <= LONGEST_CHI
    local = {one.code for one in categories.local}
    assert max(map(len, local)) <= LONGEST_LOCAL
    assert {"scam_compound", "broker_debt", "job_advert", "forced_labour", "organ_removal"} <= local
    assert len(categories.groups) == 11
    assert set(categories.kinds) <= set(KINDS)
    assert set(categories.kinds) <= written_by(content.library).kinds | set(KINDS)


def test_what_the_flows_say_they_are_about_is_a_category(content: Content) -> None:
    about = {flow.about.get("chi") for flow in content.library.flows.values()} - {None}
    assert all(content.categories.is_chi(str(code)) for code in about)
