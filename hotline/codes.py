"""Codes: the small number with which a staff member answers a page by text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hotline.core.reply_code import Reply, smallest_free
from hotline.parts import Hotline
from hotline.storage.database import Transaction
from hotline.storage.page import add_page, codes_in_use, find_page, renew_page

CODE_LIVES = timedelta(hours=24)


def code_for(hotline: Hotline, tx: Transaction, case_id: int, staff_id: int) -> int:
    """The code this person answers with: the one they have for this case, else a free small one."""
    return renew_code(hotline, tx, case_id, staff_id, find_page(tx, case_id, staff_id))


def renew_code(
    hotline: Hotline, tx: Transaction, case_id: int, staff_id: int, known: Any | None
) -> int:
    """The same for who has looked already: `known` is the page of this case to this person."""
    now = hotline.now()
    in_use = codes_in_use(tx, staff_id, now)
    if known is None:
        code = smallest_free(set(in_use))
        add_page(tx, case_id, staff_id, code, now, now + CODE_LIVES)
        return code
    code = known.code if in_use.get(known.code, case_id) == case_id else smallest_free(set(in_use))
    renew_page(tx, known.id, code, now, now + CODE_LIVES)
    return code


def case_of(hotline: Hotline, tx: Transaction, staff_id: int, reply: Reply) -> int | None:
    """The case that this person's code stands for; None for a code that is not open."""
    return codes_in_use(tx, staff_id, hotline.now()).get(reply.code)


def is_a_code(hotline: Hotline, tx: Transaction, staff_id: int, reply: Reply) -> bool:
    """Whether a bare number from this person answers a page, if only with a code that is no more.

    Somebody who was not paged lately means a topic; and 9, where it is no open code, means STOP.
    """
    codes = codes_in_use(tx, staff_id, hotline.now())
    return reply.code in codes or (bool(codes) and not hotline.keywords.is_stop(str(reply.code)))
