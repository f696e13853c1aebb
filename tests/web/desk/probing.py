"""What every probe needs: all pages with addresses of things that are there, and their forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from hotline.web.desk.page import Page
from hotline.web.desk.pages import PAGES
from tests.web.desk.desk import Desk, Visitor

VARIABLE = re.compile(r"<(?:(\w+):)?(\w+)>")
GETS = [page for page in PAGES if "GET" in page.methods and page.name != "nowhere"]
POSTS = [page for page in PAGES if "POST" in page.methods and page.name != "nowhere"]
ENDS_THE_VISIT = {"sign_out", "end_sessions", "end_session"}


def address(page: Page, ref: str, number: str = "1") -> str:
    """The page's address, of the case `ref` and of the row `number`."""
    return VARIABLE.sub(lambda found: ref if found[2] == "ref" else number, page.path)


def home_of(visitor: Visitor) -> str:
    """A page with a form, for whoever it is."""
    return "/account" if visitor.sees("/account").status_code == 200 else "/sign-in"


@dataclass
class FoundForm:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)


class FormFinder(HTMLParser):
    """The forms that are sent by POST, with what a browser would send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[FoundForm] = []
        self._form: FoundForm | None = None
        self._select: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_post = told.get("method", "").lower() == "post"
            self._form = FoundForm(told.get("action", "")) if is_post else None
            if self._form:
                self.forms.append(self._form)
        elif self._form is not None and told.get("name"):
            self._take(tag, told)
        elif tag == "option" and self._form is not None and self._select:
            self._form.fields.setdefault(self._select, told.get("value", ""))

    def _take(self, tag: str, told: dict[str, str]) -> None:
        assert self._form is not None
        name, kind = told["name"], told.get("type", "text")
        self._form.fields.setdefault(name, told.get("value", ""))
        self._select = name if tag == "select" else None
        if tag in ("textarea", "select") or (tag == "input" and kind != "hidden"):
            self._form.typed.add(name)


def full_desk(desk: Desk) -> str:
    """A case with everything, that Dara has; its reference."""
    ref = desk.caller_asks(notes={"under_18": "yes", "need": "<i\"'>"})
    desk.caller_speaks(ref, b"RIFF....")
    desk.takes_by_text("Dara", ref)
    return ref
