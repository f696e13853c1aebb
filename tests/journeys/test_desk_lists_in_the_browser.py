"""Now and Cases in a real browser at 360 px: renewing, filters, the menu, the weight."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from benchmarks.processes import free_port
from hotline import demo
from hotline.content_files import Content
from hotline.storage.database import Database
from hotline.storage.desk_session import desk_sessions
from hotline.storage.staff_member import find_staff_by_name, set_language
from tests.web.desk.desk import Desk, open_desk

MOST_BYTES = 50_000
WAKE = "htmx.trigger('#fresh', 'wake')"

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def house(
    database: Database, tmp_path: Path, key_ring_file: Path, content: Content
) -> Iterator[Desk]:
    port = free_port()
    where = f"http://127.0.0.1:{port}"
    desk = open_desk(database, tmp_path / "data", key_ring_file, content, public_base_url=where)
    with desk.hotline.transaction() as tx:
        for name, _, _ in demo.STAFF:
            set_language(tx, find_staff_by_name(tx, name).id, "km")
    server = make_server("127.0.0.1", port, desk.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield desk
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def screen(browser: Browser, house: Desk) -> Iterator[Page]:
    """Bopha's phone, after she has signed in."""
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
    page.goto("/desk/sign-in")
    page.fill("input[name=name]", "Bopha")
    page.fill("input[type=password]", demo.PASSPHRASE)
    page.locator("main form button").last.click()
    expect(page.locator("#fresh")).to_be_visible()
    yield page
    assert complaints == []
    context.close()


def test_a_new_case_appears_by_itself_and_whoever_was_on_a_line_stays_there(
    house: Desk, screen: Page
) -> None:
    ref = house.caller_asks()
    house.minutes_pass(45)
    screen.goto("/desk/")
    screen.locator("#more-red summary").click()
    screen.locator(f"#case-{ref}").focus()
    said = screen.locator("#news")
    expect(said).to_have_text("")
    newer = house.caller_asks(number="+85512000002")
    screen.evaluate(WAKE)
    expect(screen.locator(f"#case-{newer}")).to_be_visible()
    assert screen.evaluate("document.activeElement.id") == f"case-{ref}"
    expect(screen.locator("#more-red")).to_have_attribute("open", "")
    expect(said).to_contain_text("2")


def test_red_and_the_first_case_are_there_without_scrolling(house: Desk, screen: Page) -> None:
    for n in range(3):
        house.caller_asks(number=f"+8551200000{n}")
    house.minutes_pass(45)
    screen.goto("/desk/")
    first = screen.locator(".cases a").first.bounding_box()
    assert first
    assert first["y"] + first["height"] <= 740
    assert screen.locator(".red").bounding_box()["y"] < first["y"]
    assert screen.evaluate("document.documentElement.scrollWidth") == 360
    heights = [one.bounding_box()["height"] for one in links(screen)]
    assert min(heights) >= 47


def links(screen: Page) -> list:
    return screen.locator(".top a:visible, .whose a, .cases a, .more > summary").all()


def test_a_list_that_cannot_renew_itself_stays_and_says_since_when(
    house: Desk, screen: Page
) -> None:
    ref = house.caller_asks()
    screen.goto("/desk/")
    stale = screen.locator("#stale")
    for fault in (lambda route: route.abort(), lambda route: route.fulfill(status=502)):
        screen.route("**/desk/?quiet=1*", fault)
        screen.evaluate(WAKE)
        expect(stale).to_be_visible()
        assert "{time}" not in stale.inner_text()
        expect(screen.locator(f"#case-{ref}")).to_be_visible()
        screen.unroute("**/desk/?quiet=1*")
        screen.evaluate(WAKE)
        expect(stale).to_be_hidden()


def test_whoever_is_signed_out_meanwhile_comes_to_the_door(house: Desk, screen: Page) -> None:
    screen.goto("/desk/")
    with house.hotline.transaction() as tx:
        tx.execute(desk_sessions.delete())
    screen.evaluate(WAKE)
    screen.wait_for_url("**/desk/sign-in")


def test_filters_renew_the_list_alone_and_the_browser_keeps_no_page(
    house: Desk, screen: Page
) -> None:
    ref = house.caller_asks()
    screen.goto("/desk/cases")
    screen.evaluate("window.same = true")
    screen.locator("#choose summary").click()
    screen.locator("#kind").focus()
    screen.select_option("#kind", "debt")
    expect(screen.locator(f"#case-{ref}")).to_have_count(0)
    expect(screen.locator("#kind")).to_be_focused()
    assert screen.url.endswith("/desk/cases?kind=debt")
    screen.select_option("#kind", "missing_child")
    screen.select_option("#province", "01")
    expect(screen.locator("#district option[value='0110']")).to_have_count(1)
    assert screen.evaluate("window.same") is True
    screen.select_option("#province", "")
    expect(screen.locator(f"#case-{ref}")).to_be_visible()
    kept = screen.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert ref not in kept
    screen.locator(f"#case-{ref}").click()
    screen.go_back()
    expect(screen.locator(f"#case-{ref}")).to_be_visible()


def test_the_menu_closes_by_escape_and_by_a_click_elsewhere(house: Desk, screen: Page) -> None:
    screen.goto("/desk/")
    more = screen.locator(".more")
    more.locator("summary").focus()
    screen.keyboard.press("Enter")
    expect(more).to_have_attribute("open", "")
    screen.keyboard.press("Tab")
    screen.keyboard.press("Escape")
    expect(more).not_to_have_attribute("open", "")
    expect(more.locator("summary")).to_be_focused()
    more.locator("summary").click()
    screen.mouse.click(180, 720)
    expect(more).not_to_have_attribute("open", "")
    screen.keyboard.press("Tab")
    assert screen.evaluate("document.querySelectorAll('main, header, nav[aria-label]').length") >= 3


@pytest.mark.parametrize("name", ["Now", "Case"])
def test_a_first_visit_transfers_less_than_50_kb_but_for_the_font(
    house: Desk, screen: Page, name: str
) -> None:
    refs = [house.caller_asks(number=f"+855120000{n:02}") for n in range(30)]
    house.takes_by_text("Bopha", refs[0])
    devtools = screen.context.new_cdp_session(screen)
    devtools.send("Network.enable")
    devtools.send("Network.clearBrowserCache")
    fonts: set[str] = set()
    sizes: dict[str, float] = {}

    def received(told: dict) -> None:
        if told["type"] == "Font":
            fonts.add(told["requestId"])

    def finished(told: dict) -> None:
        sizes[told["requestId"]] = told["encodedDataLength"]

    devtools.on("Network.responseReceived", received)
    devtools.on("Network.loadingFinished", finished)
    screen.goto("/desk/" if name == "Now" else f"/desk/cases/{refs[0]}")
    screen.wait_for_load_state("networkidle")
    transferred = [size for request, size in sizes.items() if request not in fonts]
    assert len(transferred) >= 4
    assert sum(transferred) < MOST_BYTES


def test_everything_is_there_without_scripts(browser: Browser, house: Desk) -> None:
    ref = house.caller_asks()
    context = browser.new_context(
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
        base_url=house.hotline.settings.public_base_url,
    )
    page = context.new_page()
    page.goto("/desk/sign-in")
    page.fill("input[name=name]", "Dara")
    page.fill("input[type=password]", demo.PASSPHRASE)
    page.locator("main form button").last.click()
    expect(page.locator(f"#case-{ref}")).to_be_visible()
    assert page.locator("noscript").count() >= 1
    page.goto("/desk/cases")
    page.locator("#choose summary").click()
    page.select_option("#kind", "missing_child")
    page.locator(".filters button").click()
    expect(page.locator(f"#case-{ref}")).to_be_visible()
    page.fill("#ref", ref.lower())
    page.locator(".find button").first.click()
    page.wait_for_url(f"**/desk/cases/{ref}")
    context.close()
