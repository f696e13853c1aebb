"""Texts nobody understood, before an editor: the words alone, alike ones together, masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hotline import audit, cases, keyword_additions
from hotline.core.callback_plan import NOT_ASKED
from hotline.core.keyword_guesses import Nearest, nearest
from hotline.core.keyword_overlay import letters_of
from hotline.core.keywords import ALIAS, EXACT, Keywords
from hotline.core.masked_words import beginning, mask
from hotline.core.sms_text import tidy
from hotline.core.turn import OpenCase
from hotline.parts import Hotline
from hotline.storage import caller_message
from hotline.storage import incoming_text as table
from hotline.storage.case import open_cases_of
from hotline.storage.database import Transaction

AT_ONCE = 200
"""Texts that are opened for one page."""

WEIGHED = 20
"""Groups of a page whose nearest topics are looked for: a long text may take 30 ms."""

SHOWN = 160
"""Letters of a text an editor sees: a spelling stands in few, a story in more."""

SPELLING, NO_TOPIC, DANGER, UNDERSTOOD = "spelling", "no_topic", "danger", "understood"
IN_DANGER = OpenCase("danger_now", "P1", "danger_read")


@dataclass(frozen=True, slots=True)
class Alike:
    """Texts with one spelling. `number` is the newest text of them; `ids` never leave the house."""

    number: int
    ids: tuple[int, ...]
    words: str = field(repr=False)  # masked, the beginning
    newest: datetime
    how: str  # what it was taken for when it came
    nearest: tuple[Nearest, ...] = ()

    @property
    def times(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue; `older` is where the next one begins, None where there is none."""

    groups: list[Alike]
    understood: tuple[int, ...]  # of these texts, those a newer spelling explains by now
    older: int | None


@dataclass(frozen=True, slots=True)
class Opened:
    """What was read for one page. What it means is asked when nobody waits for the database."""

    rows: Sequence[Any] = field(repr=False)
    keywords: Keywords = field(repr=False)


def open_texts(
    hotline: Hotline, tx: Transaction, member_id: int, before: int | None = None
) -> Opened:
    """The newest texts that wait. That somebody read them is noted."""
    rows = [row for row in table.unreviewed(tx, before, AT_ONCE) if row.body_sealed]
    keywords = keyword_additions.in_force(hotline, tx)
    if rows:
        audit.note(
            tx, hotline.now(), f"staff:{member_id}", "read_texts", "texts", f"{len(rows)} texts"
        )
    return Opened(rows, keywords)


def texts_waiting(hotline: Hotline, opened: Opened) -> Queue:
    """Alike ones together, the most frequent first."""
    unknown: list[Sequence[tuple[Any, str]]] = []
    understood: list[int] = []
    for same in _alike(hotline, opened).values():
        if _is_understood(opened, same):
            understood += [row.id for row, _ in same]
        else:
            unknown.append(same)
    unknown.sort(key=lambda same: -len(same))
    groups = [_weighed(opened, same) for same in unknown[:WEIGHED]]
    groups += [_group(same) for same in unknown[WEIGHED:]]
    older = opened.rows[-1].id if len(opened.rows) == AT_ONCE else None
    return Queue(groups, tuple(understood), older)


def one_group(hotline: Hotline, opened: Opened) -> Alike | None:
    """The texts spelled like the newest; None where a spelling explains them by now."""
    found = next(iter(_alike(hotline, opened).values()))
    return None if _is_understood(opened, found) else _weighed(opened, found)


def _alike(hotline: Hotline, opened: Opened) -> dict[str, list[tuple[Any, str]]]:
    """Each text with its words, by its spelling, the newest first."""
    alike: dict[str, list[tuple[Any, str]]] = {}
    for row in opened.rows:
        body = hotline.vault.decrypt(row.body_sealed, table.CONTEXT).decode()
        alike.setdefault(letters_of(body) or tidy(body), []).append((row, body))
    return alike


def _is_understood(opened: Opened, same: Sequence[tuple[Any, str]]) -> bool:
    return opened.keywords.match(same[0][1]).how in (EXACT, ALIAS)


def _weighed(opened: Opened, same: Sequence[tuple[Any, str]]) -> Alike:
    return replace(_group(same), nearest=nearest(opened.keywords, same[0][1]))


def _group(same: Sequence[tuple[Any, str]]) -> Alike:
    (row, body), ids = same[0], tuple(each.id for each, _ in same)
    return Alike(row.id, ids, beginning(mask(body), SHOWN), row.received_at, row.how)


# ---------------------------------------------------------------- decide


def leave_queue(
    hotline: Hotline, tx: Transaction, ids: Sequence[int], reviewed_as: str, member_id: int
) -> int:
    """Decided; how many texts left the queue by it: none if somebody else was first."""
    now = hotline.now()
    left = table.mark_reviewed(tx, ids, reviewed_as, now) if ids else 0
    if left:
        detail = f"{left} texts {reviewed_as}"
        audit.note(tx, now, f"staff:{member_id}", "review_texts", "texts", detail)
    return left


def alarm(hotline: Hotline, tx: Transaction, group: Alike, member_id: int) -> int:
    """A child may be in danger: a case for each who wrote this, and the ladder begins.

    Who pressed it never learns who wrote. Whoever has an open case of such a caller hears of it,
    and words that came into it with their text are not put there twice. How many callers that was.
    """
    rows = table.senders_of(tx, group.ids)
    if not leave_queue(hotline, tx, group.ids, DANGER, member_id):
        return 0
    callers = list(dict.fromkeys(row.caller_id for row in rows))
    for caller_id in callers:
        _alert(hotline, tx, caller_id, [row for row in rows if row.caller_id == caller_id])
    now, actor = hotline.now(), f"staff:{member_id}"
    audit.note(tx, now, actor, "alarm_from_texts", "texts", f"{len(callers)} cases")
    return len(callers)


def _alert(hotline: Hotline, tx: Transaction, caller_id: int, texts: Sequence[Any]) -> None:
    case_id = _case_of(hotline, tx, caller_id)
    known = caller_message.messages_of_texts(tx, [text.id for text in texts])
    has_words = {message.text_id for message in known if message.case_id == case_id}
    for text in texts:
        if text.id not in has_words:
            body = hotline.vault.decrypt(text.body_sealed, table.CONTEXT).decode()
            cases.add_words(hotline, tx, case_id, body)
    free = [message.id for message in known if message.case_id is None]
    caller_message.put_into_case(tx, free, case_id)


def _case_of(hotline: Hotline, tx: Transaction, caller_id: int) -> int:
    """The caller's most urgent case, said again however urgent it is; else a new one."""
    there = open_cases_of(tx, caller_id)
    if there:
        case = min(there, key=lambda one: (one.priority, -one.id))
        cases.raise_case(hotline, tx, case, IN_DANGER, again=True)
        return int(case.id)
    case_id = cases.open_case(
        hotline,
        tx,
        IN_DANGER,
        channel="sms",
        caller_id=caller_id,
        chi="violence",
        current=None,
    )
    cases.add_answers(hotline, tx, case_id, plan=NOT_ASKED)
    return case_id
