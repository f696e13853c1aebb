"""What a staff member's short reply to a page means: a code, and what to do with it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

CLAIM = "claim"
CANNOT = "cannot"
DONE = "done"

# A letter, or a word that means the same; the Khmer words are a draft like every other text.
_ACTION = {
    CLAIM: ("", "a", "បាន", "ban"),
    CANNOT: ("e", "មិនបាន", "min ban", "minban"),
    DONE: ("d", "រួច", "ruoch"),
}
_MEANS = {word: action for action, words in _ACTION.items() for word in words}
_WORDS = "|".join(sorted(filter(None, _MEANS), key=len, reverse=True))
_REPLY = re.compile(rf"#?\s*(\d{{1,3}})\s*({_WORDS}|)[.!។]?")
_UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0x00AD])


@dataclass(frozen=True, slots=True)
class Reply:
    """`code` as printed in the page, `action` claim, cannot or done."""

    code: int
    action: str


def read_reply(text: str) -> Reply | None:
    """`1`, `1a`, `១` claim; `1e` cannot; `1d` has called; anything else answers no page."""
    plain = unicodedata.normalize("NFKC", text).translate(_UNSEEN).strip().lower()
    found = _REPLY.fullmatch(plain)
    if not found:
        return None
    return Reply(int(found[1]), _MEANS[found[2]])  # int() reads Khmer digits as well


def smallest_free(taken: set[int]) -> int:
    """The smallest code from 1 that this phone does not have open: codes stay one or two digits."""
    code = 1
    while code in taken:
        code += 1
    return code
