"""One address of the desk: who may open it, and what else it asks before it opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask.typing import ResponseReturnValue

READS = ("GET", "HEAD")
GET = ("GET",)
POST = ("POST",)


@dataclass(frozen=True, slots=True)
class Page:
    """`needs` is of need_to_know.MAY; None: open to all. `menu`: its English name in the menu.

    `proves`: who opens it must have proved lately who they are (sessions.PROOF).
    `early`: open to who has signed in and has not shown the second factor yet.
    """

    path: str
    name: str
    view: Callable[..., ResponseReturnValue]
    needs: str | None
    methods: tuple[str, ...] = GET
    menu: str | None = None
    proves: bool = False
    early: bool = False
