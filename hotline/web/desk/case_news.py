"""What others did with a case since its reader opened it: shown where their form is refused."""

from __future__ import annotations

from typing import Any

from hotline import cases
from hotline.storage.database import Transaction
from hotline.web.desk.case_seen import line_seen
from hotline.web.desk.timeline import Line, news_of
from hotline.web.desk.visit import Visit


def news_for(here: Visit, tx: Transaction, case: Any) -> list[Line]:
    """In order; [] where the form did not say what its reader had seen."""
    seen = line_seen()
    if seen is None:
        return []
    told = cases.read_if_kept(here.hotline, tx, case)
    return news_of(tx, case, told, here.language, seen, here.member.id)
