"""What all resources of the API share: dates, addresses, lists in pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from flask import request

Item = TypeVar("Item")


def write_date(moment: datetime | None) -> str | None:
    """RFC 2822, as the API writes dates."""
    return format_datetime(moment) if moment else None


def is_web_address(url: str) -> bool:
    """A whole http or https address without white space."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and url == url.strip()


def matches_date(moment: datetime, name: str) -> bool:
    """Does `moment` fit `name=…`, `name<=…` (or `name<`) and `name>=…` of the query? UTC days."""
    for key, value in request.args.items():
        if key.rstrip("<>=") != name or not value:
            continue
        given = _moment(value, moment)
        seen = moment if "T" in value else moment.replace(hour=0, minute=0, second=0, microsecond=0)
        if key == name and given.date() != moment.date():
            return False
        if "<" in key and seen > given or ">" in key and seen < given:
            return False
    return True


def page_of(
    name: str, items: Sequence[Item], write: Callable[[Item], Mapping[str, Any]]
) -> dict[str, Any]:
    """One page of a list, with the addresses of its neighbours."""
    size = max(1, min(1000, request.args.get("PageSize", 50, type=int)))
    page = max(0, request.args.get("Page", 0, type=int))
    part = items[page * size : (page + 1) * size]
    has_more = len(items) > (page + 1) * size
    return {
        name: [write(item) for item in part],
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + max(0, len(part) - 1),
        "uri": _address(page, size),
        "first_page_uri": _address(0, size),
        "previous_page_uri": _address(page - 1, size) if page else None,
        "next_page_uri": _address(page + 1, size) if has_more else None,
    }


def _address(page: int, size: int) -> str:
    query = request.args.to_dict() | {"Page": str(page), "PageSize": str(size)}
    return f"{request.path}?{urlencode(query)}"


def _moment(text: str, like: datetime) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return like
    return found if found.tzinfo else found.replace(tzinfo=like.tzinfo)
