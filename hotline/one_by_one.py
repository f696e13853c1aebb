"""Work through a list so that one thing that fails keeps nothing else waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import structlog

from hotline.storage.database import DatabaseAway

log = structlog.get_logger()


def one_by_one(act: Callable[[int], bool], ids: Iterable[int], what: str) -> int:
    """How many `act` was true for. `what` names the work in the log, with the id that failed.

    Raises DatabaseAway: then nothing of the rest could be done either.
    """
    return sum(_alone(act, each, what) for each in ids)


def _alone(act: Callable[[int], bool], each: int, what: str) -> bool:
    try:
        return act(each)
    except DatabaseAway:
        raise
    except Exception:
        log.critical("one_failed", what=what, id=each, exc_info=True)
        return False
