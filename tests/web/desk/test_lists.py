"""The lists: what is urgent and waits comes first, and no list names a caller."""

from __future__ import annotations

import re

from hotline.core.turn import OpenCase
from tests.web.desk.desk import ASK, MOTHER, NEIGHBOUR, Desk


def order_in(page: str) -> list[str]:
    return re.findall(r'id="case-(\w+)"', page)


def test_an_empty_desk_says_so(desk: Desk) -> None:
    dara = desk.staff("Dara")
    assert "No open case." in dara.reads("/")
    assert "No case was closed yet." in dara.reads("/closed")


def test_the_most_urgent_and_then_the_oldest_comes_first(desk: Desk) -> None:
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
    assert "4 wait for somebody to take them" in page


def test_the_list_tells_who_has_a_case_and_whether_they_called(desk: Desk) -> None:
    mine, theirs = desk.caller_asks(number=MOTHER), desk.caller_asks(number=NEIGHBOUR)
    desk.takes_by_text("Dara", mine)
    desk.takes_by_text("Sophea", theirs)
    dara = desk.staff("Dara")
    page = dara.reads("/")
    assert "You have it" in page
    assert "Sophea has it" in page
    assert page.count("not called back yet") == 2
    assert "Every case has somebody." in page
    dara.sends(f"/cases/{mine}/attempts", f"/cases/{mine}", outcome="no_answer")
    assert dara.reads("/").count("not called back yet") == 1


def test_no_list_shows_a_number_or_what_was_said(desk: Desk) -> None:
    ref = desk.caller_asks(notes={"employer": "Mr Dangerous"}, number="+85512345678")
    desk.caller_asks(number=None)
    bopha = desk.staff("Bopha")
    bopha.sends(f"/cases/{ref}/claim")
    bopha.sends(f"/cases/{ref}/notes", f"/cases/{ref}", note="the uncle drinks")
    for page in (bopha.source("/"), bopha.source("/closed")):
        for secret in ("12345678", "345 678", "5678", "Dangerous", "uncle"):
            assert secret not in page
    assert "number withheld" in bopha.reads("/")


def test_a_long_list_comes_a_page_at_a_time(desk: Desk) -> None:
    refs = []
    for n in range(53):
        refs.append(desk.caller_asks(number=f"+855123456{n:02}"))
        desk.minutes_pass(1)
    dara = desk.staff("Dara")
    assert order_in(dara.sees("/").text) == refs[:50]
    assert order_in(dara.sees("/?page=2").text) == refs[50:]
    assert "Further cases" not in dara.reads("/?page=2")
    for nonsense in ("0", "-1", "x", "9" * 30, "២", ""):
        assert dara.sees(f"/?page={nonsense}").status_code == 200


def test_a_closed_case_moves_to_the_other_list(desk: Desk) -> None:
    ref = desk.caller_asks()
    desk.takes_by_text("Dara", ref)
    dara = desk.staff("Dara")
    version = str(desk.case(ref).version)
    dara.sends(f"/cases/{ref}/close", f"/cases/{ref}", outcome="not_a_case", version=version)
    assert ref not in dara.reads("/")
    closed = dara.reads("/closed")
    assert ref in closed
    assert "Not a case" in closed


def test_titles_tell_nothing_but_the_reference(desk: Desk) -> None:
    ref = desk.caller_asks()
    bopha = desk.staff("Bopha")
    titles = [
        re.search("<title>(.*)</title>", bopha.sees(path).text)[1]
        for path in ("/", "/closed", f"/cases/{ref}", "/nothing")
    ]
    assert titles == [
        "Child Club desk",
        "Child Club desk",
        f"{ref} · Child Club desk",
        "Child Club desk",
    ]
