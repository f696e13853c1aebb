"""The lists: what is urgent and waits comes first, and no list names a caller."""

from __future__ import annotations

import re
from html import unescape

from hotline import cases
from hotline.core.turn import OpenCase
from hotline.web.desk.list_pages import FEW
from tests.web.desk.desk import ASK, MOTHER, NEIGHBOUR, Desk


def order_in(page: str) -> list[str]:
    return re.findall(r'id="case-(\w+)"', page)


def test_an_empty_desk_says_so(desk: Desk) -> None:
    dara = desk.staff("Dara")
    assert "No open case." in dara.reads("/")
    assert "No case was found." in dara.reads("/cases?state=closed")


def test_what_is_due_first_comes_first(desk: Desk) -> None:
    asks = desk.caller_asks(OpenCase("callback", "P3", "asked_for_call"), "+85512000001")
    desk.minutes_pass(5)
    old = desk.caller_asks(ASK, "+85512000002")
    desk.minutes_pass(5)
    new = desk.caller_asks(ASK, "+85512000003")
    now = desk.caller_asks(OpenCase("danger_now", "P0", "asked_by_key"), "+85512000004")
    desk.minutes_pass(2)
    dara = desk.staff("Dara")
    assert order_in(dara.sees("/").text) == [now, old, new, asks]
    page = dara.reads("/")
    assert "Someone is in danger now" in page
    assert "P0 Now" in page
    assert "7 min" in page
    assert "12 min" in page
    assert "Take it by: in 3 min" in page
    assert "Urgent cases that nobody has: 3. Take one now." in page
    assert "Nobody's 4" in page
    desk.minutes_pass(4)
    page = dara.sees("/").text
    assert order_in(page) == [now, old, new, asks]
    assert page.count('<li class="open late">') == 1
    assert "Take it by: 1 min late" in dara.reads("/")


def test_what_is_long_overdue_comes_before_what_is_new(desk: Desk) -> None:
    stale = desk.caller_asks(OpenCase("callback", "P3", "asked_for_call"), "+85512000001")
    desk.takes_by_text("Dara", stale)
    desk.minutes_pass(4 * 24 * 60)
    new = desk.caller_asks(OpenCase("danger_now", "P0", "asked_by_key"), "+85512000004")
    sophea = desk.staff("Sophea")
    assert order_in(sophea.sees("/").text) == [stale, new]
    page = sophea.reads("/")
    assert "Call by: 4 d late" in page
    assert "Urgent cases that nobody has: 1. Take one now." in page
    assert page.index("Urgent cases") < page.index("Call by")


def test_one_may_look_at_ones_own_cases_or_at_those_nobody_has(desk: Desk) -> None:
    mine, theirs = desk.caller_asks(number=MOTHER), desk.caller_asks(number=NEIGHBOUR)
    nobodys = desk.caller_asks(number="+85512000003")
    desk.takes_by_text("Dara", mine)
    desk.takes_by_text("Sophea", theirs)
    dara = desk.staff("Dara")
    assert order_in(dara.sees("/?whose=mine").text) == [mine]
    assert order_in(dara.sees("/?whose=nobody").text) == [nobodys]
    for nonsense in ("", "all", "x", "MINE", "\x00", "ខ្មែរ"):
        assert len(order_in(dara.sees(f"/?whose={nonsense}").text)) == 3
    assert "All 3 Mine 1 Nobody's 1" in dara.reads("/")


def test_nobody_is_hurried_to_call_where_a_call_was_refused(desk: Desk) -> None:
    ref = desk.caller_asks()
    with desk.hotline.transaction() as tx:
        cases.flag(desk.hotline, tx, desk.case(ref).id, "no_callback")
    desk.takes_by_text("Dara", ref)
    page = desk.staff("Dara").reads("/")
    assert "A supervisor decides, by:" in page
    assert "Call by" not in page
    assert "not called back yet" not in page


def test_the_list_tells_who_has_a_case_and_whether_they_called(desk: Desk) -> None:
    mine, theirs = desk.caller_asks(number=MOTHER), desk.caller_asks(number=NEIGHBOUR)
    desk.takes_by_text("Dara", mine)
    desk.takes_by_text("Sophea", theirs)
    dara = desk.staff("Dara")
    page = dara.reads("/")
    assert "You have it" in page
    assert "Sophea has it" in page
    assert page.count("not called back yet") == 2
    assert "Nobody's 0" in page
    dara.sends(f"/cases/{mine}/attempts", f"/cases/{mine}", outcome="no_answer")
    assert dara.reads("/").count("not called back yet") == 1


def test_no_list_shows_a_number_or_what_was_said(desk: Desk) -> None:
    ref = desk.caller_asks(notes={"employer": "Mr Dangerous"}, number="+85512345678")
    desk.caller_asks(number=None)
    bopha = desk.staff("Bopha")
    bopha.sends(f"/cases/{ref}/claim")
    bopha.sends(f"/cases/{ref}/notes", f"/cases/{ref}", note="the uncle drinks")
    for page in (bopha.source("/"), bopha.source("/cases")):
        for secret in ("12345678", "345 678", "5678", "Dangerous", "the uncle"):
            assert secret not in page
    assert "number withheld" in bopha.reads("/")


def test_a_long_list_comes_a_page_at_a_time(desk: Desk) -> None:
    refs = []
    for n in range(FEW + 3):
        refs.append(desk.caller_asks(number=f"+855123456{n:02}"))
        desk.minutes_pass(1 if n % 3 else 0)
    dara = desk.staff("Dara")
    for path, order in (("/", refs), ("/cases", refs[::-1])):
        first = dara.sees(path).text
        assert order_in(first) == order[:FEW]
        further = re.search(r'class="button" href="/desk([^"]+)">Further', first)
        assert further
        last = dara.sees(unescape(further[1])).text
        assert order_in(last) == order[FEW:]
        assert "Further cases</a>" not in last
        assert "To the beginning" in last


def test_a_forged_page_is_the_first_page(desk: Desk) -> None:
    ref = desk.caller_asks()
    dara = desk.staff("Dara")
    forged = (
        "0",
        "-1",
        "x",
        "9" * 30,
        "២-១",
        "",
        "1-",
        "-",
        "1-1-1",
        "1;drop",
        "a" * 10_000,
        "%00",
    )
    for path in ("/", "/cases"):
        for nonsense in forged:
            assert order_in(dara.sees(f"{path}?after={nonsense}").text) == [ref]
        for far in ("99999999999999999-999999999999999999", "0-0"):
            assert dara.sees(f"{path}?after={far}").status_code == 200


def test_a_closed_case_moves_to_the_other_list(desk: Desk) -> None:
    ref = desk.caller_asks()
    desk.takes_by_text("Dara", ref)
    dara = desk.staff("Dara")
    version = str(desk.case(ref).version)
    dara.sends(f"/cases/{ref}/close", f"/cases/{ref}", outcome="not_a_case", version=version)
    assert ref not in dara.reads("/")
    closed = dara.reads("/cases?state=closed")
    assert ref in closed
    assert "Not a case" in closed
    assert dara.sees("/closed").location == "/desk/cases?state=closed"


def test_titles_tell_nothing_but_the_reference(desk: Desk) -> None:
    ref = desk.caller_asks()
    bopha = desk.staff("Bopha")
    titles = [
        re.search("<title>(.*)</title>", bopha.sees(path).text)[1]
        for path in ("/", "/cases", f"/cases/{ref}", "/nothing")
    ]
    assert titles == [
        "Child Club desk",
        "Child Club desk",
        f"{ref} · Child Club desk",
        "Child Club desk",
    ]
