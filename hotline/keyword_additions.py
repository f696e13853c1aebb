"""Spellings from the desk: in force for the next text in every process, gone when withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hotline import audit
from hotline.core.keyword_overlay import (
    ALONE,
    LANGUAGES,
    WRITE_AGAIN,
    Addition,
    Refusal,
    is_in_file,
    needs_two,
    why_not,
    with_additions,
)
from hotline.core.keywords import STOP, Keywords
from hotline.parts import Hotline
from hotline.storage import keyword_addition as table
from hotline.storage.database import Transaction


class Approving(StrEnum):
    """What came of an approval or a withdrawal."""

    DONE = "done"
    BY_THE_SAME_PERSON = "by_the_same_person"
    NOT_THERE = "not_there"  # withdrawn or approved meanwhile
    COLLIDES = "collides"  # something else was added meanwhile


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The words of the file with what was in force at `stamp`."""

    of_file: Keywords
    database: str
    stamp: int
    keywords: Keywords


_newest: list[_Compiled] = []  # of this process; one, or none yet


def in_force(hotline: Hotline, tx: Transaction) -> Keywords:
    """The words of the file and what the desk added. One short question; compiled when it moved."""
    stamp = table.newest_stamp(tx)
    if stamp == 0:
        return hotline.keywords
    for known in _newest:
        if (
            known.stamp == stamp
            and known.of_file is hotline.keywords
            and known.database == hotline.database.url
        ):
            return known.keywords
    keywords = _compile(hotline, tx)
    _newest[:] = [_Compiled(hotline.keywords, hotline.database.url, stamp, keywords)]
    return keywords


def _compile(hotline: Hotline, tx: Transaction) -> Keywords:
    """Within a change too, where the stamp has moved and what it stands for is not there yet."""
    rows = table.additions_in(tx, table.IN_FORCE)
    return with_additions(hotline.keywords, map(as_addition, rows))


def as_addition(row: Any) -> Addition:
    return Addition(row.topic, row.language, row.spelling, row.used)


def judge(hotline: Hotline, tx: Transaction, addition: Addition) -> Refusal | None:
    """What speaks against adding it now; also what somebody added and nobody approved yet."""
    there = table.find_addition(tx, addition.letters) if addition.letters else None
    if there is not None and there.state == table.PENDING:
        return Refusal("pending", there.topic)
    return why_not(_compile(hotline, tx), addition)


def add(hotline: Hotline, tx: Transaction, addition: Addition, member_id: int) -> Refusal | None:
    """Put it into force, or before a second person where its topic needs two; or why not.

    Two editors with one spelling at one time queue at the stamp: the second one is told.
    """
    _mark_change(hotline, tx)
    refusal = judge(hotline, tx, addition)
    if refusal is not None:
        return refusal
    now, two = hotline.now(), needs_two(hotline.keywords, addition.topic)
    number = table.add_addition(
        tx,
        topic=addition.topic,
        language=addition.language,
        spelling=addition.spelling,
        letters=addition.letters,
        used=addition.used,
        state=table.PENDING if two else table.IN_FORCE,
        added_by=member_id,
        added_at=now,
    )
    state = "pending" if two else "in_force"
    detail = f"{addition.topic} {state}"
    audit.note(tx, now, f"staff:{member_id}", "add_spelling", f"spelling:{number}", detail)
    return None


def approve(hotline: Hotline, tx: Transaction, number: int, member_id: int) -> Approving:
    """The second person agrees, and it is in force."""
    _mark_change(hotline, tx)
    row = table.get_addition(tx, number)
    if row is None or row.state != table.PENDING:
        return Approving.NOT_THERE
    if row.added_by == member_id:
        return Approving.BY_THE_SAME_PERSON
    if why_not(_compile(hotline, tx), as_addition(row)) is not None:
        return Approving.COLLIDES
    now = hotline.now()
    table.approve_if_pending(tx, number, member_id, now)
    audit.note(tx, now, f"staff:{member_id}", "approve_spelling", f"spelling:{number}", row.topic)
    return Approving.DONE


def withdraw(hotline: Hotline, tx: Transaction, number: int, member_id: int) -> Approving:
    """Gone with the next text. One person is enough: what was wrong must not wait."""
    _mark_change(hotline, tx)
    now = hotline.now()
    if not table.withdraw_if_there(tx, number, member_id, now):
        return Approving.NOT_THERE
    audit.note(tx, now, f"staff:{member_id}", "withdraw_spelling", f"spelling:{number}")
    return Approving.DONE


def lines_for_file(hotline: Hotline, tx: Transaction) -> list[str]:
    """What is in force and not in flows/keywords.yaml yet, as lines to be put in there."""
    rows = [as_addition(row) for row in reversed(table.additions_in(tx, table.IN_FORCE))]
    new = [one for one in rows if not is_in_file(hotline.keywords, one.letters)]
    lines: list[str] = []
    for topic in sorted({one.topic for one in new}):
        mine = [one for one in new if one.topic == topic]
        is_start = topic == WRITE_AGAIN
        lines.append("# start:" if is_start else f"# topic {topic}, under added:")
        for language in LANGUAGES:
            lines += _line(language, [one for one in mine if one.language == language])
        if not is_start and topic != STOP:
            lines += _line(ALONE, [one for one in mine if one.used == ALONE])
    return lines


def _mark_change(hotline: Hotline, tx: Transaction) -> None:
    table.mark_change(tx, 1 + int.from_bytes(hotline.chance(7), "big"))


def _line(name: str, additions: list[Addition]) -> list[str]:
    quoted = ("'" + one.spelling.replace("'", "''") + "'" for one in additions)
    return [f"{name}: [{', '.join(quoted)}]"] if additions else []
