"""A long list, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

ROWS = 50
_LAST = 10_000


@dataclass(frozen=True, slots=True)
class ListPage:
    number: int  # 1 is the first

    @property
    def skip(self) -> int:
        return (self.number - 1) * ROWS

    def has_more(self, total: int) -> bool:
        return self.skip + ROWS < total


def list_page() -> ListPage:
    """What the address asks for; the first page for nonsense."""
    asked = request.args.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 5 else 1
    return ListPage(min(max(number, 1), _LAST))
