"""A long list, a page at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import request

from hotline.web.desk.typed_words import number_of

ROWS = 50
FEW = 20
"""Rows of a page that must be there at once on a slow line: see docs/performance.md, the desk."""

AFTER = "after"
"""The field of an address that says behind which row its page begins."""

_LAST = 10_000
_MARK = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)  # microseconds and an id that can be
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class ListPage:
    """Of a list that is never very long: for what grows for years there is `page_asked`."""

    number: int  # 1 is the first

    @property
    def skip(self) -> int:
        return (self.number - 1) * ROWS

    def has_more(self, total: int) -> bool:
        return self.skip + ROWS < total


def list_page() -> ListPage:
    """What the address asks for; the first page for nonsense."""
    return ListPage(min(max(number_of(request.args.get("page"), 5), 1), _LAST))


def mark_of(moment: datetime, row_id: int) -> str:
    """The row with this time and id, for the address of the page behind it."""
    return f"{(moment - _EPOCH) // _MICROSECOND}-{row_id}"


def page_asked() -> tuple[datetime, int] | None:
    """Behind which row the page begins; None: it is the first, as it is for nonsense.

    It takes as long for the thousandth page as for the first, and shows no row twice.
    """
    mark = _MARK.fullmatch(request.args.get(AFTER, ""))
    if mark is None:
        return None
    return _EPOCH + timedelta(microseconds=int(mark[1])), int(mark[2])
