"""Somebody at the desk with a phone of 360 px: goes by the words alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from hotline import demo
from hotline.web.desk.languages import translate
from tests.journeys.looking import NAMES, faults_of
from tests.stories.line import Line

WIDTH = 360
PATIENCE = 20_000
NOT_FOUND = "Failed to load resource"  # the page itself answered 404 or 422: seen by its words
PRIVATE = frozenset({*NAMES, "នាង"})


class Somebody:
    """Whatever page they come to is looked over, and the browser must not complain."""

    def __init__(self, line: Line, page: Page, language: str) -> None:
        self.line, self.page, self.language = line, page, language
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        page.on("request", lambda request: self._watch(request.url))

    def _hear(self, message) -> None:
        if message.type == "error" and NOT_FOUND not in message.text:
            self.complaints.append(message.text)

    def _watch(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.complaints.append(f"asked elsewhere: {url}")

    # ------------------------------------------------------------ words

    def says(self, english: str, **values: object) -> str:
        """These words in the language of this person."""
        return translate(self.language, english, **values)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def reads(self, english: str, **values: object) -> None:
        expect(self.main).to_contain_text(self.says(english, **values), timeout=PATIENCE)

    def sees(self, words: str) -> None:
        """Words that are in no catalog: a reference, a name, what somebody wrote."""
        expect(self.main).to_contain_text(words, timeout=PATIENCE)

    def does_not_see(self, *words: str) -> None:
        text = self.page.content()
        assert [word for word in words if word in text] == [], self.page.url

    def heading_is(self, english: str) -> None:
        self.heading_holds(self.says(english))

    def heading_holds(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words, timeout=PATIENCE)

    # ------------------------------------------------------------ hands

    def looks_around(self) -> None:
        """Everything that must be true of every page is true of this one."""
        faults = faults_of(self.page, self.language, WIDTH, PRIVATE)
        assert faults == [], f"{self.page.url}: {faults}"
        assert self.complaints == [], self.page.url

    @contextmanager
    def comes_to_another_page(self) -> Iterator[None]:
        with self.page.expect_navigation(timeout=PATIENCE):
            yield
        self.looks_around()

    def goes(self, path: str = "/") -> None:
        """By a bookmark."""
        self.page.goto(f"{self.line.address}/desk{path}")
        self.looks_around()

    def presses(self, english: str, inside: Locator | None = None, **values: object) -> None:
        """A button, or a link, with these words."""
        words = self.says(english, **values)
        place = inside or self.main
        button = place.get_by_role("button", name=words, exact=True)
        link = place.get_by_role("link", name=words, exact=True)
        with self.comes_to_another_page():
            button.or_(link).first.click()

    def follows(self, words: str) -> None:
        """The link that these words are part of."""
        with self.comes_to_another_page():
            self.main.get_by_role("link").filter(has_text=words).click()

    def goes_by_the_menu(self, english: str) -> None:
        menu = self.page.get_by_role("navigation", name=self.says("Pages"), exact=True)
        link = menu.get_by_role("link", name=self.says(english), exact=True, include_hidden=True)
        shown = link.filter(visible=True)
        if not shown.count():
            menu.locator("summary").click()
        with self.comes_to_another_page():
            shown.click()

    def menu(self) -> list[str]:
        """The pages this person may open."""
        menu = self.page.get_by_role("navigation", name=self.says("Pages"), exact=True)
        words = [link.text_content() or "" for link in menu.locator("a").all()]
        return list(dict.fromkeys(word.strip() for word in words))

    def unfolds(self, english: str, **values: object) -> Locator:
        """What stands folded behind these words."""
        words = self.says(english, **values)
        fold = self.main.locator("details").filter(
            has=self.page.locator("summary").get_by_text(words)
        )
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()
        self.looks_around()
        return fold

    def card(self, english: str) -> Locator:
        """The part of the page that has this heading."""
        heading = self.page.get_by_role("heading", name=self.says(english), exact=True)
        return self.main.locator("section.card").filter(has=heading).last

    def waits_for(self, english: str) -> None:
        """Until the page that renews itself shows this button or link."""
        shown = self.main.get_by_role("link", name=self.says(english), exact=True)
        expect(shown).to_be_visible(timeout=PATIENCE)
        self.looks_around()

    def downloads(self, english: str) -> bytes:
        """What this link saves on the telephone."""
        with self.page.expect_download(timeout=PATIENCE) as saved:
            self.main.get_by_role("link", name=self.says(english), exact=True).first.click()
        return Path(saved.value.path()).read_bytes()

    def writes(self, english: str, words: str, inside: Locator | None = None) -> None:
        (inside or self.main).get_by_label(self.says(english), exact=True).fill(words)

    def ticks(self, english: str, inside: Locator | None = None, **values: object) -> None:
        (inside or self.main).get_by_label(self.says(english, **values), exact=True).check()

    def chooses(self, english: str, option: str, inside: Locator | None = None) -> None:
        """`option`: as it stands there."""
        field = (inside or self.main).get_by_label(self.says(english), exact=True)
        field.select_option(label=option)

    # ------------------------------------------------------------ the door

    def signs_in(self, name: str, passphrase: str = demo.PASSPHRASE) -> None:
        self.goes(f"/sign-in?language={self.language}")
        self.heading_is("Sign in")
        self.writes("Name", name)
        self.writes("Passphrase", passphrase)
        self.presses("Sign in")

    def proves_if_asked(self) -> None:
        if "/desk/prove" in self.page.url:
            self.proves_by_passphrase()

    def proves_by_passphrase(self) -> None:
        self.heading_is("Is it still you?")
        self.writes("Passphrase", demo.PASSPHRASE)
        self.presses("Go on")


@contextmanager
def somebody(browser: Browser, line: Line, language: str) -> Iterator[Somebody]:
    context = browser.new_context(viewport={"width": WIDTH, "height": 740})
    try:
        person = Somebody(line, context.new_page(), language)
        yield person
        assert person.complaints == []
    finally:
        context.close()
