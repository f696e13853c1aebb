"""Signing in with a real browser at 360 px, in Khmer: an invitation, an app, a key, a proof."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from benchmarks.processes import free_port
from hotline import inviting
from hotline.content_files import Content
from hotline.storage.database import Database
from hotline.storage.staff_member import find_staff_by_name, set_language
from tests.web.desk.desk import Desk, open_desk

GOOD = "rain bicycle mango teacher"
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def house(
    database: Database, tmp_path: Path, key_ring_file: Path, content: Content
) -> Iterator[Desk]:
    """A desk where the second factor is required, at an address with a name."""
    port = free_port()
    where = f"http://localhost:{port}"
    desk = open_desk(
        database,
        tmp_path / "data",
        key_ring_file,
        content,
        public_base_url=where,
        second_factor="required",
    )
    server = make_server("localhost", port, desk.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield desk
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def screen(browser: Browser, house: Desk) -> Iterator[Page]:
    """A phone of 360 px whose browser has a key plugged in."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, base_url=house.hotline.settings.public_base_url
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda words: complaints.append(words.text) if "Content Security" in words.text else None,
    )
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield page
    assert complaints == []
    context.close()


def invited(house: Desk, name: str) -> str:
    with house.hotline.transaction() as tx:
        member = find_staff_by_name(tx, name)
        set_language(tx, member.id, "km")
        return inviting.invite(house.hotline, tx, member.id, "operator")


def signs_in(screen: Page, name: str, passphrase: str) -> None:
    screen.goto("/desk/")
    screen.fill("#name", name)
    screen.fill("#passphrase", passphrase)
    screen.click("main button.main")


def chooses_a_passphrase(screen: Page) -> None:
    expect(screen).to_have_url(re.compile("/desk/passphrase$"))
    fits(screen)
    screen.fill("#new", GOOD)
    screen.fill("#again", GOOD)
    screen.click("main button.main")
    expect(screen).to_have_url(re.compile("/desk/second-factor$"))
    fits(screen)


def fits(screen: Page) -> None:
    assert screen.evaluate("document.documentElement.scrollWidth") == 360, screen.url
    assert screen.locator("html").get_attribute("lang") == "km"


def test_a_new_duty_worker_with_a_key(house: Desk, screen: Page) -> None:
    signs_in(screen, "Dara", invited(house, "Dara"))
    chooses_a_passphrase(screen)
    screen.click("a[href$=passkeys]")
    fits(screen)
    expect(screen.locator("[data-without-keys]")).to_be_hidden()
    screen.fill("#name", "សោពណ៌ខៀវ")
    screen.click("main button.main")
    expect(screen.locator(".codes li")).to_have_count(10)
    fits(screen)
    screen.click("main a.main")
    expect(screen).to_have_url(re.compile("/desk/$"))

    screen.click("form[action$=sign-out] button")
    signs_in(screen, "Dara", GOOD)
    expect(screen).to_have_url(re.compile("/desk/second-step$"))
    fits(screen)
    screen.click("[data-key-asks] button")
    expect(screen).to_have_url(re.compile("/desk/$"))

    house.minutes_pass(16)
    screen.goto("/desk/passkeys")
    expect(screen).to_have_url(re.compile("/desk/prove$"))
    fits(screen)
    screen.click("[data-key-asks] button")
    expect(screen).to_have_url(re.compile("/desk/passkeys$"))
    screen.goto("/desk/account")
    expect(screen.locator("main")).to_contain_text("សោពណ៌ខៀវ")
    fits(screen)


def test_a_key_that_does_not_answer_says_so(house: Desk, screen: Page) -> None:
    signs_in(screen, "Dara", invited(house, "Dara"))
    chooses_a_passphrase(screen)
    screen.goto("/desk/passkeys")
    screen.evaluate("() => { navigator.credentials.create = () => Promise.reject(Error('no')); }")
    screen.fill("#name", "x")
    screen.click("main button.main")
    expect(screen.locator("[data-key-failed]")).to_be_visible()
    expect(screen).to_have_url(re.compile("/desk/passkeys$"))


def test_a_new_supervisor_with_an_app(house: Desk, screen: Page) -> None:
    signs_in(screen, "Bopha", invited(house, "Bopha"))
    chooses_a_passphrase(screen)
    screen.click("main button.main")
    expect(screen.locator(".picture svg")).to_be_visible()
    fits(screen)
    app = pyotp.TOTP(screen.locator(".secret").inner_text().replace(" ", ""))
    screen.fill("#code", app.at(house.hotline.now()))
    screen.click("main button.main")
    expect(screen.locator(".codes li")).to_have_count(10)
    paper = screen.locator(".codes li").nth(4).inner_text()
    screen.click("main a.main")

    screen.click("form[action$=sign-out] button")
    signs_in(screen, "Bopha", GOOD)
    house.minutes_pass(1)
    screen.fill("#code", app.at(house.hotline.now()))
    screen.click("main button.main")
    expect(screen).to_have_url(re.compile("/desk/$"))

    screen.click("form[action$=sign-out] button")
    signs_in(screen, "Bopha", GOOD)
    screen.fill("#code", paper)
    screen.click("main button.main")
    expect(screen).to_have_url(re.compile("/desk/$"))
