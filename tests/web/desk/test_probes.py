"""Attacks on every page there is: a new page is attacked by itself."""

from __future__ import annotations

import io
import re

import pytest

from hotline import demo
from hotline.storage.staff_member import ROLES
from tests.web.desk.desk import TOKEN, Desk, Visitor
from tests.web.desk.probing import ENDS_THE_VISIT, GETS, POSTS, FormFinder, address, full_desk

FINE = {200, 303, 304, 400, 403, 404, 405, 409, 413, 415, 422, 429}
"""Whatever is asked: never 500, never a page of somebody else's."""

POISON = "<i\"'>"
EVIL = ("https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)", "/desk/../../evil", "http:evil.example")  # fmt: skip
PARAMETERS = ("q", "language", "back", "next", "afterwards", "page", "kind", "state", "place",
              "since", "until", "from", "to", "week", "day", "month", "ref", "name", "sort",
              "role", "quiet", "after", "before", "actor", "province")  # fmt: skip


on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
"""For what no database sees: half the time."""


@pytest.fixture
def ref(desk: Desk) -> str:
    return full_desk(desk)


def as_role(desk: Desk, role: str) -> Visitor:
    name = f"Probe {role}"
    desk.take_on(name, f"+8551099900{ROLES.index(role)}", role)
    return desk.staff(name)


def token_of(visitor: Visitor) -> str:
    for place in ("/account", "/sign-in", "/"):
        found = TOKEN.search(visitor.sees(place).get_data(as_text=True))
        if found:
            return found[1]
    raise AssertionError("no page of this visitor has a form")


# ---------------------------------------------------------------- what every answer says

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I)


@on_sqlite
@pytest.mark.parametrize("role", [*ROLES, None])
def test_every_answer_forbids_framing_keeping_and_foreign_scripts(
    desk: Desk, ref: str, role: str | None
) -> None:
    visitor = as_role(desk, role) if role else desk.visitor()
    for page in GETS:
        answer = visitor.sees(address(page, ref))
        told = answer.headers
        where = f"{role} {page.path}"
        assert answer.status_code in FINE, f"{where}: {answer.status_code}"
        policy = told["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, where  # noqa: PT018
        assert "unsafe" not in policy, where
        assert told["X-Frame-Options"] == "DENY", where
        assert told["X-Content-Type-Options"] == "nosniff", where
        assert told["Referrer-Policy"] == "no-referrer", where
        assert told["Cross-Origin-Opener-Policy"] == "same-origin", where
        assert "camera=()" in told["Permissions-Policy"], where
        assert told["Cache-Control"] == "no-store", where
        if answer.mimetype == "text/html":
            assert _INLINE.search(answer.text) is None, where


@on_sqlite
def test_over_https_the_browser_is_told_to_stay_there(
    desk: Desk, database, tmp_path, key_ring_file, content
) -> None:
    from dataclasses import replace

    from hotline.app import create_app

    settings = replace(desk.hotline.settings, public_base_url="https://line.example.org")
    secure = create_app(replace(desk.hotline, settings=settings)).test_client()
    answer = secure.get("/desk/sign-in")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Secure-desk=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/desk"):
        assert word in cookie
    assert "Strict-Transport-Security" not in desk.visitor().sees("/sign-in").headers


# ---------------------------------------------------------------- forged forms


@on_sqlite
@pytest.mark.parametrize("role", ["supervisor", "admin"])
@pytest.mark.parametrize("token", [None, "", "0" * 64, "of somebody else"])
def test_no_form_is_taken_without_its_word(
    desk: Desk, ref: str, role: str, token: str | None
) -> None:
    visitor = as_role(desk, role)
    given = {"form_token": token} if token is not None else {}
    if token == "of somebody else":
        given["form_token"] = token_of(desk.staff("Sophea"))
    before = desk.audit()
    for page in POSTS:
        answer = visitor.client.post("/desk" + address(page, ref), data=given)
        assert answer.status_code in (303, 400, 403), f"{page.path}: {answer.status_code}"
        if answer.status_code == 303:  # to the proof, before anything is looked at
            assert "/prove" in answer.location or "/sign-in" in answer.location, page.path
    assert desk.audit() == before


@on_sqlite
def test_no_address_changes_anything_by_being_opened(desk: Desk, ref: str) -> None:
    """Also not where a header or a field asks for another method."""
    bopha = desk.staff("Bopha")
    opened = {page.path for page in GETS}
    for page in POSTS:
        if page.path in opened:
            continue
        where = address(page, ref)
        headers = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"}
        answer = bopha.client.get(f"/desk{where}?_method=POST", headers=headers)
        assert answer.status_code in (404, 405, 303), f"{page.path}: {answer.status_code}"
    assert bopha.client.open("/desk/", method="TRACE").status_code == 405


# ---------------------------------------------------------------- other people's rows


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("number", ["0", "9223372036854775807", "9" * 40])
def test_what_is_not_there_is_not_found(desk: Desk, ref: str, role: str, number: str) -> None:
    visitor = as_role(desk, role)
    token = token_of(visitor)
    for page in GETS + POSTS:
        if "<" not in page.path or page.name in ENDS_THE_VISIT:
            continue
        where = "/desk" + address(page, "22222", number)
        ask = visitor.client.get if "GET" in page.methods else visitor.client.post
        data = {} if "GET" in page.methods else {"data": {"form_token": token}}
        answer = ask(where, **data)
        assert answer.status_code in (303, 400, 403, 404, 409, 422), (
            f"{role} {page.methods} {where}: {answer.status_code}"
        )


@pytest.mark.parametrize("forged", ["k7m4q", "..%2f..", "K7M4Q%00", "%ED%A0%80", "'--", "K" * 5000])
def test_a_forged_reference_is_not_found(desk: Desk, ref: str, forged: str) -> None:
    bopha = desk.staff("Bopha")
    for page in GETS:
        if "<ref>" in page.path:
            answer = bopha.sees(address(page, forged))
            assert answer.status_code in (303, 404), f"{page.path}: {answer.status_code}"


def test_a_duty_worker_opens_nothing_of_a_colleagues_case(desk: Desk, ref: str) -> None:
    """It looks as if it were not there, whichever way it is asked for."""
    sophea = desk.staff("Sophea")
    for page in GETS:
        if "<ref>" in page.path:
            answer = sophea.sees(address(page, ref))
            assert "under_18" not in answer.text, page.path
            assert "12 345 678" not in answer.text, page.path
            assert "12345678" not in answer.text, page.path


# ---------------------------------------------------------------- where one is sent


@on_sqlite
def test_nobody_is_sent_away_from_the_desk(desk: Desk, ref: str) -> None:
    """Each name a form may ask it by, with another way to write somewhere else."""
    names = ("back", "next", "afterwards", "place", "url", "return", "continue")
    bopha = desk.staff("Bopha")
    token = token_of(bopha)
    for turn in (0, 3):
        asked = dict(zip(names, EVIL[turn:] + EVIL[:turn], strict=True))
        for page in POSTS:
            if page.name in ENDS_THE_VISIT:
                continue
            fields = {"form_token": token, **asked}
            answer = bopha.client.post("/desk" + address(page, ref), data=fields)
            assert_ours(answer.location, page.path)
        for page in GETS:
            answer = bopha.client.get("/desk" + address(page, ref), query_string=asked)
            assert_ours(answer.location, page.path)


def assert_ours(location: str | None, where: str) -> None:
    assert location is None or re.match(r"/desk(/|$|\?)", location), f"{where}: {location}"
    assert "evil" not in (location or ""), f"{where}: {location}"


@on_sqlite
def test_another_host_in_the_request_is_nowhere_in_the_answer(desk: Desk, ref: str) -> None:
    bopha = desk.staff("Bopha")
    for page in GETS:
        answer = bopha.sees(address(page, ref), headers={"X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in answer.text, page.path
        assert "evil.example" not in str(answer.headers), page.path


def test_a_session_from_before_the_sign_in_is_worth_nothing_after_it(desk: Desk) -> None:
    visitor = desk.visitor()
    visitor.sees("/sign-in")
    planted = visitor.client.get_cookie("desk", path="/desk")
    assert planted
    visitor.sign_in("Bopha", demo.PASSPHRASE)
    after = visitor.client.get_cookie("desk", path="/desk")
    assert after and after.value != planted.value  # noqa: PT018
    thief = desk.visitor()
    thief.client.set_cookie("desk", planted.value, path="/desk")
    assert "/sign-in" in thief.sees("/").location


# ---------------------------------------------------------------- words that are markup


@pytest.mark.parametrize("role", ROLES)
def test_what_stands_in_an_address_is_never_markup(desk: Desk, ref: str, role: str) -> None:
    visitor = as_role(desk, role)
    for page in GETS:
        for value in (POISON + "\x00\u202e", "-1", "9" * 30):
            query = dict.fromkeys(PARAMETERS, value)
            answer = visitor.client.get("/desk" + address(page, ref), query_string=query)
            where = f"{role} {page.path} {value[:8]!r}"
            assert answer.status_code in FINE, f"{where}: {answer.status_code}"
            assert POISON not in answer.text, where


# ---------------------------------------------------------------- too much of everything


@on_sqlite
def test_a_bomb_is_refused_by_every_page(desk: Desk, ref: str) -> None:
    bopha = desk.staff("Bopha")
    token = token_of(bopha)
    many = {"form_token": token, **{f"f{n}": "x" for n in range(1000)}}
    deep = "[" * 50_000
    for page in POSTS:
        if page.name in ENDS_THE_VISIT:
            continue
        where = "/desk" + address(page, ref)
        large = bopha.client.post(where, data={"form_token": token, "x": "y" * 400_000})
        assert large.status_code in (303, 403, 413), f"{where}: {large.status_code}"
        parts = bopha.client.post(where, data=many, content_type="multipart/form-data")
        assert parts.status_code in (303, 403, 413), f"{where}: {parts.status_code}"
        file = {"form_token": token, "file": (io.BytesIO(b"x" * 400_000), "x.csv")}
        uploaded = bopha.client.post(where, data=file, content_type="multipart/form-data")
        assert uploaded.status_code in (303, 403, 413), f"{where}: {uploaded.status_code}"
        nested = bopha.client.post(where, data=deep, content_type="application/json")
        assert nested.status_code in FINE, f"{where}: {nested.status_code}"


@on_sqlite
@pytest.mark.parametrize(
    "path",
    [
        "/desk/static/../entrance.py",
        "/desk/static/..%2f..%2f..%2fsettings.py",
        "/desk/static/%2e%2e/%2e%2e/%2e%2e/settings.py",
        "/desk/static//etc/passwd",
        "/desk/static/..\\settings.py",
        "/audio/../../pyproject.toml",
        "/audio/..%2f..%2fpyproject.toml",
        "/audio/km/..%2f..%2f..%2fpyproject.toml",
    ],
)
def test_no_address_leads_out_of_its_folder(desk: Desk, path: str) -> None:
    answer = desk.staff("Bopha").client.get(path)
    assert answer.status_code in (303, 400, 404), path
    assert b"import" not in answer.data


@pytest.mark.parametrize("role", ["supervisor", "admin"])
@pytest.mark.parametrize(
    "typed",
    [
        f"{POISON}\x00\u202e\u1780\u17d2\U0001f600 ' OR 1=1 --",
        "9" * 30,
        "-1",
        "\u1780" * 10_000,
    ],
    ids=["markup", "huge", "negative", "long"],
)
def test_every_form_survives_whatever_is_typed(desk: Desk, ref: str, role: str, typed: str) -> None:
    visitor = as_role(desk, role)
    sent = 0
    for page in GETS:
        answer = visitor.sees(address(page, ref))
        if answer.mimetype != "text/html":
            continue
        for form in FormFinder(answer.text).forms:
            if not form.typed or "sign-out" in form.action:
                continue
            fields = {**form.fields, **dict.fromkeys(form.typed, typed)}
            came = visitor.client.post(form.action or "/desk" + address(page, ref), data=fields)
            where = f"{role} {form.action}"
            assert came.status_code in FINE, f"{where}: {came.status_code}"
            assert POISON not in came.text, where
            sent += 1
        assert visitor.sees(address(page, ref)).status_code in FINE, f"{page.path} afterwards"
    assert sent
