"""What a case was about: from what helplines count and from our own; sealed but for the codes."""

from __future__ import annotations

import re
from html import unescape

import pytest

from hotline import cases
from hotline.core.turn import OpenCase
from hotline.storage.case import case_keys
from hotline.storage.staff_member import find_staff_by_name, set_language
from tests.web.desk.desk import Desk

CHOSEN = {
    "chi": "violence.child_labour",
    "local": "scam_compound",
    "place": "0110",
    "contact": "about_child",
    "relation": "neighbour",
    "age": "12_14",
    "gender": "girl",
    "living": "relatives",
    "vulnerable": "out_of_school",
    "heard": "club",
}


def taken(desk: Desk, ask: OpenCase | None = None) -> str:
    ref = desk.caller_asks(ask) if ask else desk.caller_asks()
    desk.takes_by_text("Dara", ref)
    return ref


def describes(visitor, ref: str, **more: str):
    fields = {**CHOSEN, "version": str(visitor.desk.case(ref).version), **more}
    page = f"/cases/{ref}/about"
    return visitor.sends(page, page, **fields)


def test_it_is_written_down_and_read_again(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    assert describes(dara, ref).status_code == 303
    case = desk.case(ref)
    assert (case.chi, case.local_code, case.place) == (
        "violence.child_labour",
        "scam_compound",
        "0110",
    )
    page = dara.reads(f"/cases/{ref}")
    for words in (
        "Violence: Child labour",
        "Online-scam compound",
        "12 to 14 years",
        "a neighbour",
    ):
        assert words in page
    assert "Banteay Meanchey" in page
    assert "Dara wrote down what it is about" in page
    assert ("staff:1", "describe", f"case:{ref}") in desk.audit()
    form = dara.sees(f"/cases/{ref}/about").text
    for code in ("violence.child_labour", "scam_compound", "0110", "neighbour", "12_14"):
        assert f'selected value="{code}"' in form
    assert re.search(r'<input checked[^>]*value="out_of_school"', form)


def test_who_and_which_child_is_sealed_by_the_key_of_the_case(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    describes(dara, ref)
    case = desk.case(ref)
    assert b"neighbour" not in case.facts_sealed
    assert "neighbour" not in str(desk.audit())
    with desk.hotline.transaction() as tx:
        tx.execute(case_keys.delete())
    page = dara.reads(f"/cases/{ref}")
    assert "a neighbour" not in page
    assert dara.sees(f"/cases/{ref}/about").status_code == 404


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("job_offer", ["education_and_occupation.work", "job_advert"]),
        ("debt", ["access_to_services.money", "broker_debt"]),
        ("storm", []),
    ],
)
def test_the_kind_of_the_case_says_what_is_shown_first(desk: Desk, kind: str, shown) -> None:
    ref, dara = taken(desk, OpenCase(kind, "P2", "asked_for_call")), desk.staff("Dara")
    with desk.hotline.transaction() as tx:
        cases.case_table.change_case(tx, desk.case(ref).id, chi=None)
    form = dara.sees(f"/cases/{ref}/about").text
    assert re.findall(r'selected value="([^"]+)"', form) == shown


def test_what_staff_left_empty_stays_empty(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    assert describes(dara, ref, **dict.fromkeys(CHOSEN, "")).status_code == 422  # "" is no tick
    nothing = {name: "" for name in CHOSEN if name != "vulnerable"}
    version = str(desk.case(ref).version)
    page = f"/cases/{ref}/about"
    assert dara.sends(page, page, version=version, **nothing).status_code == 303
    assert desk.case(ref).chi is None
    assert not re.findall(r'selected value="[^"]', dara.sees(page).text)


@pytest.mark.parametrize("field", ["chi", "local", "place", "age", "vulnerable"])
@pytest.mark.parametrize("sent", ["nonsense", "<script>", "99", "ក" * 10_000, "\x00", "👧🏽 שלום"])
def test_nothing_but_what_is_offered_is_taken(desk: Desk, field: str, sent: str) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    answer = describes(dara, ref, **{field: sent})
    assert answer.status_code == 422
    assert "Choose one of these." in answer.text or "not" in answer.text
    assert "<script>" not in answer.text.replace("<script src", "")
    assert desk.case(ref).facts_sealed is None


def test_two_write_down_and_the_second_is_told_and_loses_nothing(desk: Desk) -> None:
    ref, dara, bopha = taken(desk), desk.staff("Dara"), desk.staff("Bopha")
    seen = str(desk.case(ref).version)
    assert describes(bopha, ref, version=seen, place="17").status_code == 303
    answer = describes(dara, ref, version=seen, seen="1")
    assert answer.status_code == 409
    assert "Somebody changed this case meanwhile" in answer.text
    assert "Bopha wrote down what it is about" in answer.text
    assert 'selected value="0110"' in answer.text
    assert desk.case(ref).place == "17"
    fresh = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert fresh
    assert describes(dara, ref, version=fresh[1]).status_code == 303


def test_a_closed_case_may_still_be_described(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    version = str(desk.case(ref).version)
    dara.sends(f"/cases/{ref}/close", f"/cases/{ref}", outcome="not_a_case", version=version)
    assert describes(dara, ref).status_code == 303


def test_in_khmer_the_form_has_no_english(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    with desk.hotline.transaction() as tx:
        set_language(tx, find_staff_by_name(tx, "Dara").id, "km")
    form = dara.sees(f"/cases/{ref}/about").text
    options = unescape(" ".join(re.findall(r"<option[^>]*>([^<]*)<", form)))
    assert not re.findall(r"[A-Za-z]{2,}", options)


# ---------------------------------------------------------------- at the end


def closes(visitor, ref: str, outcome: str, **more: str):
    fields = {"version": str(visitor.desk.case(ref).version), "outcome": outcome, **more}
    return visitor.sends(f"/cases/{ref}/close", f"/cases/{ref}", **fields)


def without_category(desk: Desk) -> str:
    ref = taken(desk, OpenCase("callback", "P2", "asked_for_call"))
    with desk.hotline.transaction() as tx:
        cases.case_table.change_case(tx, desk.case(ref).id, chi=None)
    desk.staff("Dara").sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="reached")
    return ref


def test_somebody_was_helped_with_something(desk: Desk) -> None:
    ref, dara = without_category(desk), desk.staff("Dara")
    answer = closes(dara, ref, "helped", note="all is well")
    assert answer.status_code == 422
    assert "Choose what it was about." in answer.text
    assert "all is well</textarea>" in answer.text
    assert closes(dara, ref, "helped", chi="no_such").status_code == 422
    assert closes(dara, ref, "helped", chi="family.siblings").status_code == 303
    assert desk.case(ref).chi == "family.siblings"


def test_what_is_no_case_waits_for_no_category(desk: Desk) -> None:
    ref, dara = without_category(desk), desk.staff("Dara")
    assert closes(dara, ref, "not_a_case").status_code == 303
    assert desk.case(ref).chi is None
