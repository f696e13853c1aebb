"""Every form of every page, as whoever may open it finds it, filled in so that it could be sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from tests.web.desk.desk import Visitor
from tests.web.desk.probing import GETS, VARIABLE

NUMBERS = ("1", "2", "3", "4", "5")
WORDS = ("text", "search", "tel", "textarea")
"""Kinds of fields whose content a refusal must show again."""

_PLAUSIBLE = {
    "date": "2026-11-24",
    "datetime-local": "2026-11-24T12:00",
    "time": "08:00",
    "number": "1",
    "tel": "012 777 889",
    "file": "",
}


@dataclass
class Form:
    """`seen_at`: the page it stands on; `fields`: name and value as a browser would send them."""

    action: str
    is_post: bool
    seen_at: str
    fields: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def takes_words(self) -> bool:
        return any(kind in WORDS for kind in self.kinds.values())

    @property
    def shape(self) -> tuple[str, frozenset[str]]:
        """The same for the same form of another row."""
        path = re.sub(r"(?<=/)(\d+|[2-9A-Z]{5})(?=/|$)", "*", urlsplit(self.action).path)
        return path, frozenset(self.kinds)


class _Finder(HTMLParser):
    def __init__(self, seen_at: str) -> None:
        super().__init__()
        self.seen_at = seen_at
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._open: tuple[str, str] | None = None  # the textarea or select we are in

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_post = told.get("method", "").lower() == "post"
            self._form = Form(told.get("action") or self.seen_at, is_post, self.seen_at)
            self.forms.append(self._form)
        elif tag == "option" and self._open and told.get("value"):
            self._choose(told)
        elif self._form is not None and told.get("name") and tag != "option":
            self._take(tag, told)

    def _choose(self, told: dict[str, str]) -> None:
        assert self._form is not None
        assert self._open is not None
        name = self._open[1]
        if "selected" in told or not self._form.fields[name]:
            self._form.fields[name] = told["value"]

    def _take(self, tag: str, told: dict[str, str]) -> None:
        assert self._form is not None
        name, kind = told["name"], told.get("type", "text") if tag == "input" else tag
        if told.get("autocomplete") == "one-time-code":
            kind = "code"
        self._open = (tag, name) if tag in ("textarea", "select") else None
        value = told.get("value", "")
        if not value and kind not in ("hidden", "select"):
            value = _PLAUSIBLE.get(kind, "Sok Chan")
        if "checked" in told or not self._form.fields.get(name):
            self._form.fields[name] = value
        self._form.kinds.setdefault(name, kind)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif self._open and tag == self._open[0]:
            self._open = None


def forms_on(html: str, seen_at: str) -> list[Form]:
    finder = _Finder(seen_at)
    finder.feed(html)
    return finder.forms


def addresses(refs: list[str]) -> list[str]:
    """Every page that can be opened, of every case and of the first rows."""
    rows = [(ref, "1") for ref in refs] + [(refs[0], number) for number in NUMBERS]
    found = {f"/desk{_filled(page.path, *row)}": None for page in GETS for row in rows}
    return list(found)


def _filled(path: str, ref: str, number: str) -> str:
    known = {"ref": ref, "name": "urgent", "form": "pdf"}
    return VARIABLE.sub(lambda variable: known.get(variable[2], number), path)


def forms_of(visitor: Visitor, refs: list[str]) -> dict[tuple[str, frozenset[str]], Form]:
    """One of each shape that this person finds."""
    found: dict[tuple[str, frozenset[str]], Form] = {}
    for where in addresses(refs):
        answer = visitor.client.get(where, buffered=True)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            for form in forms_on(answer.text, where):
                found.setdefault(form.shape, form)
    return found
