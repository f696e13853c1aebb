"""What a caller hears when something broke: the recorded apology, never a carrier's error.

The apology names 117 and 1280. It is in the caller's language if the address of the turn tells it,
else first in Khmer and then in English.
"""

from __future__ import annotations

import structlog

from hotline.carriers.twiml import Plays, write_apology
from hotline.core.event_record import Event
from hotline.parts import Hotline
from hotline.web.metrics import Counters

log = structlog.get_logger(__name__)


def apologise(
    plays: Plays, counters: Counters, carrier: str, language: str | None, what: str
) -> str:
    """Call from an `except` block: raises the alarm in the log and returns the TwiML.

    `what` says what was being done, in our own words. The log keeps the type of the error and where
    it was raised, not its message, which may quote a caller.
    """
    log.critical("apology", during=what, carrier=carrier, exc_info=True)
    counters.count("hotline_apologies_total", carrier=carrier)
    return write_apology(plays, language)


def keep_for_later(hotline: Hotline, event: Event) -> bool:
    """Spool what could not be written down; a worker takes it up. False when even that failed."""
    try:
        hotline.spool.put(event)
    except Exception:  # a full disk, say: the answer to the carrier must go out all the same
        log.critical("event lost", carrier=event.carrier, exc_info=True)
        return False
    return True


def raise_alarm(what: str, carrier: str) -> None:
    """The same alarm where nobody is listening on the line."""
    log.critical("webhook not kept", during=what, carrier=carrier, exc_info=True)
