"""One request at the desk: the hotline, who is asking, in which language, from where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import g, request

from hotline.parts import Hotline
from hotline.proving import Asked
from hotline.sessions import Member


@dataclass(frozen=True, slots=True)
class Visit:
    hotline: Hotline
    language: str
    someone: Member | None

    @property
    def member(self) -> Member:
        """Who is signed in; the guard lets nobody else reach a page."""
        if self.someone is None:
            raise LookupError("a desk page was reached by nobody: it is missing in the guard")
        return self.someone

    @property
    def actor(self) -> str:
        """The same in a line of the audit chain."""
        return f"staff:{self.member.id}"

    @property
    def asked(self) -> Asked:
        """The same, with the address that is made to wait after too many tries."""
        return Asked(self.member, address_asking())


def visit() -> Visit:
    return cast(Visit, g.visit)


def address_asking() -> str:
    """Behind proxies of ours (HOTLINE_PROXIES) the one before them; app.py sees to that."""
    return request.remote_addr or ""
