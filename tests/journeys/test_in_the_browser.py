"""The main job on the real thing: `make demo`, a browser, a mother, a child, staff, the desk."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from hotline.content_files import Content
from hotline.demo import PASSPHRASE
from tests.launcher.test_demo import Demo, lives
from tests.stories.line import CHILD, DARA, MOTHER, SOPHEA

KHMER = re.compile("[\u1780-\u17ff]")
REF = re.compile(r"\b[A-Z0-9]{5}\b")
PLAYED = """
audio => {
  audio.addEventListener("timeupdate", () => { if (audio.currentTime > 0) audio.hasPlayed = true });
  audio.addEventListener("ended", () => { audio.hasEnded = true });
}
"""


@dataclass
class Screen:
    """A window, and all that the browser complained of in it."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(20_000)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, words: object) -> None:
        if words.type == "error":
            self.complaints.append(words.text)

    def is_well(self) -> None:
        """Nothing is wider than the screen, and the browser has nothing to complain of."""
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide == self.page.viewport_size["width"], f"{self.page.url} is {wide} px wide"
        assert self.complaints == [], self.page.url


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Callable[[int, int], Screen]]:
    opened: list[Page] = []

    def open_window(width: int, height: int) -> Screen:
        context = browser.new_context(viewport={"width": width, "height": height})
        opened.append(context.new_page())
        return Screen(opened[-1])

    yield open_window
    for page in opened:
        page.context.close()


@dataclass
class Handset:
    """One phone on the page, as its owner has it."""

    node: Locator
    content: Content

    def dial(self) -> None:
        self.node.locator(".dial").click()

    def hears_to_the_end(self, page: Page) -> None:
        """What sounds now really sounds: the audio element plays, and comes to its end."""
        audio = self.node.locator("audio").element_handle()
        page.evaluate(PLAYED, audio)
        page.wait_for_function("audio => audio.hasPlayed && audio.hasEnded", arg=audio)

    def hears(self, prompt: str) -> None:
        """Its words stand on the screen, in both languages."""
        words = self.content.library.prompts[prompt]
        captions = self.node.locator(".captions")
        for language in ("km", "en"):
            first = words.text(language, "khmer").split("។")[0][:30].strip()
            expect(captions).to_contain_text(first, timeout=20_000)

    def press(self, key: str) -> None:
        self.node.locator(f'[data-key="{key}"]').click()

    def declines(self) -> None:
        """The phone rings; whoever has it pushes the call away."""
        self.node.locator(".answer").wait_for(state="visible")
        self.node.locator("button.end:visible").first.click()

    def look_at(self, side: str) -> None:
        self.node.locator(".views [role=tab]").nth(["phone", "messages"].index(side)).click()

    def texts(self, words: str) -> None:
        self.look_at("messages")
        self.node.locator("textarea").fill(words)
        self.node.locator("textarea").press("Enter")
        expect(self.node.locator(".bubble.mine").last).to_contain_text(words)

    def received(self) -> Locator:
        return self.node.locator(".bubble:not(.mine)")

    def receives(self, place: int) -> str:
        """The words of its text number `place`, the oldest is 1."""
        expect(self.received()).to_have_count(place, timeout=20_000)
        return self.received().nth(place - 1).locator("p").inner_text()


class Phones:
    """The page with the phones."""

    def __init__(self, screen: Screen, address: str, content: Content) -> None:
        self.screen = screen
        self._content = content
        screen.page.goto(address)
        expect(screen.page.locator(".phone")).to_have_count(4)

    def __getitem__(self, number: str) -> Handset:
        return Handset(self.screen.page.locator(f'.phone[data-number="{number}"]'), self._content)

    def five_minutes_pass(self) -> None:
        self.screen.page.locator("#clock-steps button").nth(2).click()
        expect(self.screen.page.locator("#clock-note")).to_contain_text("+5")


class Desk:
    """The desk on a small phone, in Khmer, in the hands of one person."""

    def __init__(self, screen: Screen, address: str) -> None:
        self.screen = screen
        self.page = screen.page
        self.page.goto(address)

    def is_well(self) -> None:
        self.screen.is_well()
        assert self.page.locator("html").get_attribute("lang") == "km"

    def sign_in(self, name: str) -> None:
        self.is_well()
        self.page.locator("#name").fill(name)
        self.page.locator("#passphrase").fill(PASSPHRASE)
        self.page.locator("main button").click()
        expect(self.page.locator(".who")).to_contain_text(name)
        self.is_well()

    def open_case(self, ref: str) -> None:
        self.page.locator(f"#case-{ref}").click()
        expect(self.page.locator(".head .ref")).to_have_text(ref)
        self.is_well()

    def fill_in(self, form: str, choice: str, words: str) -> None:
        """Open a form of the case, choose, write, send."""
        box = self.page.locator(f"#{form}")
        box.locator("summary").click()
        box.locator(f'input[value="{choice}"]').check()
        box.locator("textarea").fill(words)
        self.is_well()
        box.locator("form button").click()
        self.page.wait_for_load_state()
        self.is_well()


@pytest.mark.timeout(180)
def test_the_main_job_in_a_browser(
    demo: Demo, window: Callable[[int, int], Screen], content: Content
) -> None:
    phones = Phones(window(1280, 900), f"http://{demo.phones()}/", content)
    mother, child, dara, sophea = (phones[n] for n in (MOTHER, CHILD, DARA, SOPHEA))

    first = a_mother_calls(phones.screen.page, mother, dara)
    dara.texts("1")
    assert first in dara.receives(2)

    second = a_child_writes_khmer(child, dara, dara_has=2)
    assert second != first
    assert sophea.received().count() == 0
    phones.five_minutes_pass()
    dara.declines()
    sophea.look_at("messages")
    assert second in sophea.receives(1)
    child.texts("juoy")
    assert child.receives(2).isascii()
    phones.screen.is_well()

    dara_works_at_the_desk(Desk(window(360, 740), f"http://{demo.desk()}/desk/"), first, second)
    phones.screen.is_well()
    nothing_is_left_running(demo)


def a_mother_calls(page: Page, mother: Handset, dara: Handset) -> str:
    """She hears, presses, is asked how to be called back; the reference Dara is paged with."""
    mother.dial()
    mother.hears("V_WELCOME")
    mother.hears_to_the_end(page)
    mother.press("1")
    mother.hears("V_FIRST_FACT")
    mother.press("1")
    mother.hears("V_URGENT_MENU")
    mother.press("1")
    mother.hears("V_MISSING_1")
    dara.look_at("messages")
    alert = dara.receives(1)  # while she still listens
    mother.press("1")
    mother.hears("V_CB_CONSENT")
    mother.press("1")
    mother.hears("V_CB_NUMBER_CHOICE")
    mother.press("1")
    mother.hears("V_CB_WHO_ANSWERS")
    mother.press("2")
    mother.hears("V_CB_DONE_URGENT")
    mother.node.locator(".hang-up").click()
    expect(mother.node.locator(".call-state")).to_contain_text("Call ended")
    assert "1" in alert
    return reference_in(alert)


def a_child_writes_khmer(child: Handset, dara: Handset, dara_has: int) -> str:
    child.texts("ជួយខ្ញុំផង")
    answer = child.receives(1)
    assert KHMER.search(answer)
    assert "117" in answer
    return reference_in(dara.receives(dara_has + 1))


def reference_in(alert: str) -> str:
    """Staff texts say nothing of the matter; the reference is all there is to know."""
    found = REF.search(alert)
    assert found, alert
    return found[0]


def dara_works_at_the_desk(desk: Desk, mine: str, nobodys: str) -> None:
    desk.sign_in("Dara")
    expect(desk.page.locator(f"#case-{nobodys} .nobody")).to_be_visible()
    expect(desk.page.locator(f"#case-{mine} .mine")).to_be_visible()
    desk.open_case(mine)
    assert KHMER.search(desk.page.locator("h1").inner_text())
    expect(desk.page.locator(".plan .agreed")).to_be_visible()
    number = desk.page.locator(".plan .number")
    assert MOTHER[4:] not in desk.page.content()
    desk.page.locator(".plan form button").click()
    expect(number).to_have_attribute("href", f"tel:{MOTHER}")
    desk.is_well()
    desk.fill_in("attempt", "reached", "បាននិយាយជាមួយម្ដាយ")
    expect(desk.page.locator(".timeline")).to_contain_text("បាននិយាយជាមួយម្ដាយ")
    desk.fill_in("close", "helped", "")
    expect(desk.page.locator("#close")).to_have_count(0)
    desk.page.locator("nav a").nth(1).click()
    expect(desk.page.locator(f"main a[href$='{mine}']")).to_be_visible()
    desk.page.locator("nav a").nth(0).click()
    expect(desk.page.locator(f"#case-{mine}")).to_have_count(0)
    expect(desk.page.locator(f"#case-{nobodys}")).to_have_count(1)
    desk.is_well()


def nothing_is_left_running(demo: Demo) -> None:
    running = demo.pids()
    assert len(running) >= 4
    assert demo.stop(signal.SIGINT) == 0
    assert not [pid for pid in running if lives(pid)]
