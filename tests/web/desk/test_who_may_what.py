"""Every page for every role: open to whom the one table names, closed to everybody else."""

from __future__ import annotations

import re

import pytest

from hotline.storage.staff_member import ROLES
from hotline.web.desk.need_to_know import ENTER, MAY
from hotline.web.desk.pages import BY_ENDPOINT, PAGES
from hotline.wiring import ROOT
from tests.web.desk.desk import Desk

CLOSED = 403
KNOWN = frozenset().union(*MAY.values())
GUARDED = [page for page in PAGES if page.needs is not None and page.name != "nowhere"]


def address(desk_page, ref: str) -> str:
    known = {"ref": ref, "place": "1"}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda m: known.get(m[1], "1"), desk_page.path)


def answer_of(visitor, page, ref: str, seen_at: str) -> int:
    path = address(page, ref)
    if "GET" in page.methods:
        return visitor.sees(path).status_code
    return visitor.sends(path, seen_at).status_code


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_its_pages_and_no_other(desk: Desk, role: str) -> None:
    desk.take_on("Chan", "+85510111009", role)
    ref = desk.caller_asks()
    home = desk.staff("Chan").sees("/").location or "/desk/"
    seen_at = home.removeprefix("/desk")
    for page in GUARDED:
        chan = desk.staff("Chan")  # anew: some of the pages sign out
        opened = answer_of(chan, page, ref, seen_at) != CLOSED
        # Who may see no case is sent from "/" to the first page that is theirs.
        allowed = page.needs in MAY[role] or page.path == "/"
        assert opened == allowed, f"{role}: {page.methods} {page.path}"


def test_every_page_asks_for_something_the_table_knows() -> None:
    known = frozenset().union(*MAY.values())
    open_to_all = {page.name for page in PAGES if page.needs is None}
    assert open_to_all == {"sign_in", "enter"}
    assert {page.needs for page in PAGES} - {None} <= known
    assert set(MAY) == set(ROLES)
    assert all(ENTER in rights for rights in MAY.values())
    assert len(BY_ENDPOINT) == len(PAGES), "two pages have one name"


def test_what_a_caller_told_is_for_who_has_the_case_and_for_supervisors(desk: Desk) -> None:
    for place, role in enumerate(ROLES):
        desk.take_on(role.title(), f"+8551011200{place}", role)
    ref = desk.caller_asks()
    read = {
        role: "What the caller told" in desk.staff(role.title()).sees(f"/cases/{ref}").text
        for role in ROLES
    }
    assert [role for role in ROLES if read[role]] == ["supervisor"]


def test_the_table_in_the_docs_is_the_table_of_the_desk() -> None:
    lines = (ROOT / "docs/desk.md").read_text().splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("| may |"))
    roles = [name.strip() for name in lines[start].split("|")[2:-1]]
    told: dict[str, set[str]] = {role: set() for role in roles}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        rights = {right for right in KNOWN if re.search(rf"\b{right}\b", cells[0].split(":")[0])}
        assert rights, line
        for role, answer in zip(roles, cells[1:], strict=True):
            told[role] |= rights if answer == "yes" else set()
    assert told == {role: set(rights) for role, rights in MAY.items()}
