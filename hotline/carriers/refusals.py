"""What a carrier's error code means for us: whose fault, and whether to try again.

The codes are those of Twilio and Somleng, from their error pages and source. Carriers add codes
without notice, so an unknown refusal is taken as final and an unknown outage as passing.
"""

from __future__ import annotations

import re
from typing import Final

from hotline.carriers.protocol import CarrierRefused, CarrierUnavailable, CarrierUnknown

NUMBER: Final = "number"
CONFIG: Final = "config"
FILTERED: Final = "filtered"
PASSING: Final = "passing"

_CODES = {
    NUMBER: """21211 21214 21217 21610 21612 21614 30004 30005 30006 13224 S1007""",
    CONFIG: """20003 20422 21210 21212 21215 21408 21602 21606 21617 21701 21702 21703 21704
               30002 S1004 S1005 S1006 S1008""",
    FILTERED: """30007""",
    PASSING: """429 20429 21611 30001 30003 30008 S1001 S1002""",
}
_MEANINGS = {code: meaning for meaning, codes in _CODES.items() for code in codes.split()}

_OUR_FAULT = frozenset({401, 402, 403, 404, 405})
_CODE = re.compile(r"[A-Za-z]?[0-9]{1,6}")


def code_text(code: object) -> str | None:
    """A code as text: Twilio gives numbers, Somleng strings; anything else is None."""
    text = str(code).strip() if isinstance(code, int | str) else ""
    return text if _CODE.fullmatch(text) else None


def meaning_of(code: str | None) -> str:
    """What the error code of a *receipt* says of a text: NUMBER, CONFIG, FILTERED or PASSING.

    No code at all (Somleng's receipts have none) or an unknown one: the number, and final.
    """
    return _MEANINGS.get(code or "", NUMBER)


def trouble_for(status: int, code: object) -> Exception:
    """The exception for an answer with an HTTP error `status` and the carrier's own `code`."""
    text = code_text(code) or str(status)
    if status == 504:
        # A gateway gave up waiting for the carrier: the request was passed on, its fate is open.
        return CarrierUnknown(text)
    meaning = _MEANINGS.get(text)
    if status == 429 or status >= 500 or meaning == PASSING:
        return CarrierUnavailable(text)
    if meaning is None:
        meaning = CONFIG if status in _OUR_FAULT else NUMBER
    return CarrierRefused(text, meaning)
