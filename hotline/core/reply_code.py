"""What a staff member's short reply to a page means: a code, and what to do with it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

CLAIM = "claim"
CANNOT = "cannot"

_ACTION = {"": CLAIM, "a": CLAIM, "e": CANNOT}
_REPLY = re.compile(r"#?\s*(\d{1,3})\s*([ae]?)[.!]?")
_UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0x00AD])


@dataclass(frozen=True, slots=True)
class Reply:
    """`code` as printed in the page, `action` claim or cannot."""

    code: int
    action: str


def read_reply(text: str) -> Reply | None:
    """`1`, `1a`, `1 A`, `១` claim; `1e` hands on; anything else is not an answer to a page."""
    plain = unicodedata.normalize("NFKC", text).translate(_UNSEEN).strip().lower()
    found = _REPLY.fullmatch(plain)
    if not found:
        return None
    return Reply(int(found[1]), _ACTION[found[2]])  # int() reads Khmer digits as well


def smallest_free(taken: set[int]) -> int:
    """The smallest code from 1 that this phone does not have open: codes stay one or two digits."""
    code = 1
    while code in taken:
        code += 1
    return code
