"""Cases found again: by reference, by number, by what is plain about them; and nobody is named."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from hotline.cases import add_answers
from hotline.core.turn import OpenCase
from hotline.storage.case import cases
from tests.web.desk.desk import MOTHER, NEIGHBOUR, Desk, Visitor
from tests.web.desk.test_lists import order_in

DEBT = OpenCase("debt", "P3", "asked_by_key")


def lies_in(desk: Desk, ref: str, place: str | None, /, **more: object) -> None:
    with desk.hotline.transaction() as tx:
        tx.execute(update(cases).where(cases.c.ref == ref).values(place=place, **more))


def found(visitor: Visitor, query: str) -> list[str]:
    return order_in(visitor.sees(f"/cases?{query}").text)


def test_everything_is_there_and_the_newest_comes_first(desk: Desk) -> None:
    old = desk.caller_asks()
    desk.minutes_pass(5)
    new = desk.caller_asks(DEBT, NEIGHBOUR)
    assert found(desk.staff("Dara"), "") == [new, old]


def test_cases_are_found_by_what_is_plain_about_them(desk: Desk) -> None:
    missing, debt = desk.caller_asks(), desk.caller_asks(DEBT, NEIGHBOUR)
    desk.takes_by_text("Dara", debt)
    lies_in(desk, missing, "0110", chi="missing_children.runaway")
    lies_in(desk, debt, "02", chi="access_to_services")
    dara = desk.staff("Dara")
    for query in ("kind=missing_child", "state=open", "province=01", "province=01&district=0110"):
        assert found(dara, query) == [missing], query
    for query in ("kind=debt", "state=claimed", "province=02", "chi=access_to_services"):
        assert found(dara, query) == [debt], query
    assert found(dara, "chi=missing_children") == [missing]
    assert found(dara, "chi=missing_children&kind=debt") == []
    assert "No case was found." in dara.reads("/cases?chi=missing_children&kind=debt")


def test_days_are_those_of_phnom_penh_and_both_belong_to_the_span(desk: Desk) -> None:
    """The desk's first case comes at ten in the morning of the 22nd there."""
    first = desk.caller_asks()
    desk.minutes_pass(15 * 60)  # one at night of the 23rd
    second = desk.caller_asks(DEBT, NEIGHBOUR)
    dara = desk.staff("Dara")
    assert found(dara, "since=2026-11-22&until=2026-11-22") == [first]
    assert found(dara, "since=2026-11-23") == [second]
    assert found(dara, "until=2026-11-22") == [first]
    assert found(dara, "since=2026-11-22&until=2026-11-23") == [second, first]


def test_how_a_case_ended_is_asked_for(desk: Desk) -> None:
    helped, wrong = desk.caller_asks(), desk.caller_asks(DEBT, NEIGHBOUR)
    desk.caller_asks(DEBT, "+85512000009")
    dara = desk.staff("Dara")
    closed = {"state": "closed", "closed_at": desk.time[0]}
    lies_in(desk, helped, None, outcome="helped", **closed)
    lies_in(desk, wrong, None, outcome="not_a_case", **closed)
    assert found(dara, "outcome=helped") == [helped]
    assert set(found(dara, "state=closed")) == {helped, wrong}
    assert found(dara, "outcome=helped&state=open") == []
    assert "Helped" in dara.reads("/cases?state=closed&outcome=helped")


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("kind=nonsense", "Choose one of these."),
        ("state=%00", "Choose one of these."),
        ("province=99", "Choose one of these."),
        ("province=01&district=9999", "Choose one of these."),
        ("chi=violence.neglect", "Choose one of these."),
        ("since=yesterday", "Choose a day."),
        ("since=2026-02-30", "Choose a day."),
        ("since=0001-01-01", "Choose a day from the year 2000 on."),
        ("until=9999-12-31", "Choose a day from the year 2000 on."),
        ("since=2026-11-22&until=2026-11-21", "This day is before the first one."),
        ("outcome=%ED%A0%80", "Choose one of these."),
        ("kind=" + "a" * 5_000, "Choose one of these."),
    ],
)
def test_a_bad_filter_is_refused_beside_its_field(desk: Desk, query: str, problem: str) -> None:
    ref = desk.caller_asks()
    answer = desk.staff("Dara").sees(f"/cases?{query}")
    assert answer.status_code == 422
    assert problem in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert ref not in answer.text


def test_what_nobody_knows_of_is_passed_over(desk: Desk) -> None:
    ref = desk.caller_asks()
    dara = desk.staff("Dara")
    for query in ("x=1", "kind=&state=&since=", "number=012345678", "quiet=1"):
        assert found(dara, query) == [ref], query
    assert "012345678" not in dara.sees("/cases?number=012345678").text


def test_another_province_leaves_the_old_district_behind(desk: Desk) -> None:
    ref = desk.caller_asks()
    lies_in(desk, ref, "0206")
    assert found(desk.staff("Dara"), "province=02&district=0110") == [ref]


@pytest.mark.parametrize("typed", ["{ref}", " {low} ", "#{low}", "{low:.2}-{rest}"])
def test_a_reference_opens_its_case_however_it_is_typed(desk: Desk, typed: str) -> None:
    ref = desk.caller_asks()
    words = typed.format(ref=ref, low=ref.lower(), rest=ref[2:].lower())
    answer = desk.staff("Dara").sends("/cases/find", "/cases", ref=words)
    assert (answer.status_code, answer.location) == (303, f"/desk/cases/{ref}")


@pytest.mark.parametrize(
    "typed", ["ZZZZZ", "012 345 678", "<b>x", "\x00", "ខ្មែរ" * 8, "🙂", "'--", "K7M4QK7M4Q"]
)
def test_a_reference_that_is_none_is_refused_and_kept(desk: Desk, typed: str) -> None:
    answer = desk.staff("Dara").sends("/cases/find", "/cases", ref=typed)
    assert answer.status_code == 422
    assert "No case has this reference" in answer.text
    assert "<b>x" not in answer.text


def test_an_empty_or_endless_reference_is_refused_too(desk: Desk) -> None:
    dara = desk.staff("Dara")
    assert "Fill this in." in dara.sends("/cases/find", "/cases").text
    assert "too long" in dara.sends("/cases/find", "/cases", ref="x" * 10_000).text


def test_signs_that_look_alike_find_every_case_they_may_mean(desk: Desk) -> None:
    one, other = desk.caller_asks(), desk.caller_asks(DEBT, NEIGHBOUR)
    lies_in(desk, one, None, ref="K7M4Q")
    lies_in(desk, other, None, ref="K7M4D")
    page = desk.staff("Dara").sends("/cases/find", "/cases", ref="k7m4o").text
    assert re.findall(r'href="/desk/cases/(K7M4\w)"', page) == ["K7M4D", "K7M4Q"]


def test_a_supervisor_finds_cases_by_the_exact_number(desk: Desk) -> None:
    first = desk.caller_asks()
    desk.minutes_pass(90)
    second = desk.caller_asks(DEBT, MOTHER)
    other = desk.caller_asks(DEBT, NEIGHBOUR)
    bopha = desk.staff("Bopha")
    for typed in ("012 345 678", "+855 12 345 678", "០១២៣៤៥៦៧៨", "012-345-678"):
        page = bopha.sends("/cases/number", "/cases", number=typed).text
        assert re.findall(r'class="button ref"[^>]*>(\w+)<', page) == [second, first], typed
        assert other not in page
    assert desk.audit()[-1] == ("staff:3", "search_cases", "cases")
    assert "345" not in str(desk.audit())


def keys(desk: Desk, ref: str, number: str) -> None:
    """The caller keys where they want to be called back."""
    with desk.hotline.transaction() as tx:
        answer = [("number", number)]
        add_answers(desk.hotline, tx, desk.case(ref).id, plan=answer)


def numbers_found(desk: Desk, typed: str) -> list[str]:
    page = desk.staff("Bopha").sends("/cases/number", "/cases", number=typed).text
    return re.findall(r'class="button ref"[^>]*>(\w+)<', page)


def test_the_number_somebody_keyed_to_be_called_back_on_finds_their_case(desk: Desk) -> None:
    keyed = desk.caller_asks(number=None)
    desk.minutes_pass(90)
    lent = desk.caller_asks(DEBT, NEIGHBOUR)
    desk.minutes_pass(90)
    theirs = desk.caller_asks(DEBT, "+85512345999")
    keys(desk, keyed, "012345999")
    keys(desk, lent, "+85512345999")
    assert numbers_found(desk, "012 345 999") == [theirs, lent, keyed]
    assert numbers_found(desk, NEIGHBOUR) == [lent]
    keys(desk, lent, "calling")
    keys(desk, keyed, "11")
    assert numbers_found(desk, "012 345 999") == [theirs]


def test_a_number_nobody_rang_from_finds_nothing_and_is_noted_as_well(desk: Desk) -> None:
    desk.caller_asks()
    bopha = desk.staff("Bopha")
    answer = bopha.sends("/cases/number", "/cases", number="012 345 679")
    assert "No case was found." in answer.text
    assert desk.audit()[-1] == ("staff:3", "search_cases", "cases")


@pytest.mark.parametrize("typed", ["", "12", "117", "abc", "012 345 6", "+" * 30, "🙂" * 20])
def test_half_a_number_is_refused_and_kept(desk: Desk, typed: str) -> None:
    answer = desk.staff("Bopha").sends("/cases/number", "/cases", number=typed)
    assert answer.status_code == 422
    assert "Write the whole number" in answer.text or "Fill this in." in answer.text
    assert f'value="{typed}"' in answer.text


def test_a_duty_worker_may_not_ask_who_rang(desk: Desk) -> None:
    dara = desk.staff("Dara")
    assert "Search by phone number" not in dara.reads("/cases")
    assert dara.sends("/cases/number", "/cases", number=MOTHER).status_code == 403


def test_what_is_wrong_in_the_address_alone_is_seen(desk: Desk) -> None:
    page = desk.staff("Dara").source("/cases?since=nonsense")
    assert re.search(r'<details class="card ask" id="choose" open>', page)


def test_no_form_that_takes_free_words_puts_them_into_an_address(desk: Desk) -> None:
    page = desk.staff("Bopha").sees("/cases").text
    asked = re.findall(r'<form method="get".*?</form>', page, re.DOTALL)
    assert asked
    assert all(set(re.findall(r'<input[^>]*type="(\w+)"', form)) <= {"date"} for form in asked)


def test_a_case_of_another_year_shows_its_year(desk: Desk) -> None:
    desk.caller_asks()
    desk.time[0] += timedelta(days=60)
    assert "22/11/2026 10:00" in desk.staff("Dara").reads("/cases")


def test_htmx_gets_the_part_alone_and_an_address_without_empty_fields(desk: Desk) -> None:
    ref = desk.caller_asks()
    dara = desk.staff("Dara")
    asked = "/cases?kind=missing_child&state=&since="
    answer = dara.sees(asked, headers={"HX-Request": "true"})
    assert ref in answer.text
    assert "<html" not in answer.text
    assert answer.headers["HX-Push-Url"] == "/desk/cases?kind=missing_child"
    whole = dara.sees(asked, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole.text
