"""Somebody at the desk who fills in its forms as they stand there, and what a browser sees of it.

The same hands work at a desk in this process and at one behind an address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Protocol
from urllib.parse import urlsplit

import requests
from werkzeug.test import Client

from tests.web.desk.found_forms import Form, forms_on

_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_LINK = re.compile(r'(?:href|src|action)="(?!tel:)([^"]*)"')


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: str
    location: str | None

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


class Browser(Protocol):
    def opens(self, path: str, fields: Mapping[str, str] | None) -> Answer: ...
    def cookies(self) -> list[str]: ...


class InProcess:
    """A browser before a desk in this process."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def opens(self, path: str, fields: Mapping[str, str] | None) -> Answer:
        asks = self._client.get if fields is None else self._client.post
        more = {} if fields is None else {"data": dict(fields)}
        came = asks(path, buffered=True, **more)
        told = came.headers
        return Answer(came.status_code, came.data, str(told), told.get("Location"))

    def cookies(self) -> list[str]:
        kept = self._client.get_cookie("desk", path="/desk")
        return [kept.value] if kept else []


class OverHttp:
    """The same at an address such as http://127.0.0.1:8000."""

    def __init__(self, address: str) -> None:
        self._address, self._session = address, requests.Session()

    def opens(self, path: str, fields: Mapping[str, str] | None) -> Answer:
        way = "GET" if fields is None else "POST"
        came = self._session.request(
            way, self._address + path, data=fields, timeout=20, allow_redirects=False
        )
        told = "\n".join(f"{name}: {value}" for name, value in came.headers.items())
        return Answer(came.status_code, came.content, told, came.headers.get("Location"))

    def cookies(self) -> list[str]:
        return [str(cookie.value) for cookie in self._session.cookies]


@dataclass
class Hands:
    """`addresses`, `headers`, `titles`: of all that was opened; what they may hold is codes."""

    browser: Browser
    addresses: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    def opens(self, path: str, fields: Mapping[str, str] | None = None) -> Answer:
        answer = self.browser.opens("/desk" + path, fields)
        self.addresses += [path, answer.location or ""]
        self.headers.append(answer.headers)
        if b"<html" in answer.body[:300]:
            self.titles += _TITLE.findall(answer.text)
            self.addresses += [unescape(link) for link in _LINK.findall(answer.text)]
        return answer

    def reads(self, path: str) -> str:
        answer = self.opens(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return answer.text

    def fills(self, seen_at: str, ending: str, **typed: str | None) -> Answer:
        """The form of that page whose address ends so, with these fields; None: not sent at all."""
        form = self._form(seen_at, ending)
        told = {
            name: value for name, value in {**form.fields, **typed}.items() if value is not None
        }
        path = urlsplit(form.action).path.removeprefix("/desk")
        answer = self.opens(path, told)
        assert answer.status in (200, 303), f"{path}: {answer.status} {plain(answer.text)[-1500:]}"
        return answer

    def _form(self, seen_at: str, ending: str) -> Form:
        page = self.reads(seen_at)
        for form in forms_on(page, "/desk" + seen_at):
            if form.is_post and urlsplit(form.action).path.endswith(ending):
                return form
        raise AssertionError(f"{seen_at} has no form {ending}: {plain(page)[:1500]}")

    def signs_in(self, name: str, passphrase: str) -> None:
        self.fills("/sign-in", "/sign-in", name=name, passphrase=passphrase)

    def traces(self) -> dict[str, bytes]:
        return {
            "the addresses at the desk": "\n".join(self.addresses).encode(),
            "the headers of the desk": "\n".join(self.headers).encode(),
            "the titles of the desk": "\n".join(self.titles).encode(),
            "the cookies of the desk": "\n".join(self.browser.cookies()).encode(),
        }


def plain(html: str) -> str:
    """What stands on a page."""
    shown = re.sub(r"<(style|script|nav)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", shown)))
