"""The audit chain: who did what to what, newest first; is it whole; the seals of the days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Optional

from hotline import audit
from hotline.core.local_time import PHNOM_PENH
from hotline.storage.audit_head import ask_check, heads, last_check, waiting_check
from hotline.storage.audit_line import find_lines
from hotline.storage.database import Transaction
from hotline.storage.staff_member import names_of
from hotline.web.desk.audit_words import ACTIONS, ACTORS
from hotline.web.desk.case_address import as_reference, is_a_reference, is_reference
from hotline.web.desk.forms import DeskForm
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.need_to_know import SEE_AUDIT
from hotline.web.desk.page import POST, Page
from hotline.web.desk.typed_words import number_of
from hotline.web.desk.visit import visit

_ROWS = 100
_HEADS = 14
_KEPT = ("who", "what", "ref", "day")
_STAFF = "staff:"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """`ref`: the case it is about, or ""."""

    number: int
    at: datetime
    who: str
    what: str
    ref: str
    detail: str


class AuditForm(DeskForm):
    """What the list is narrowed to; only codes, references and days stand in the address."""

    who = SelectField(_("Who"), [Optional()], default="")
    what = SelectField(_("What"), [Optional()], default="")
    ref = StringField(_("Case"), [is_a_reference], filters=(as_reference,))
    day = DateField(_("Day"), [Optional()])


def show() -> ResponseReturnValue:
    here, before = visit(), _before()
    with here.hotline.transaction() as tx:
        names = names_of(tx)
        form = _form(names, here.language)
        is_fit = form.validate()
        rows = _find(tx, form, before) if is_fit else []
        audit.note(tx, here.hotline.now(), here.actor, "read_audit", "desk", _narrowed(form))
        looked, waits, days = last_check(tx), waiting_check(tx) is not None, heads(tx, _HEADS)
    page = render_template(
        "audit.html",
        form=form,
        lines=[_in_words(row, names, here.language) for row in rows[:_ROWS]],
        older=_older(rows),
        is_newest=before is None,
        looked=looked,
        waits=waits,
        days=days,
    )
    return page, 200 if is_fit else 422


def look() -> ResponseReturnValue:
    """Ask a worker to look over the whole chain now."""
    here = visit()
    with here.hotline.transaction() as tx:
        ask_check(tx, here.member.id, here.hotline.now())
    here.hotline.ring({"chores"})
    return redirect(url_for("desk.audit"), 303)


def _form(names: dict[int, str], language: str) -> AuditForm:
    form = AuditForm(request.args)
    anybody = ("", translate(language, "Everybody"))
    others = [(code, translate(language, words)) for code, words in _once(ACTORS).items()]
    staff = [(f"{_STAFF}{number}", name) for number, name in names.items()]
    form.who.choices = [anybody, *staff, *others]
    acts = [(code, translate(language, words)) for code, words in _once(ACTIONS).items()]
    form.what.choices = [("", translate(language, "Everything")), *sorted(acts, key=lambda a: a[1])]
    return form


def _once(words: Mapping[str, str]) -> dict[str, str]:
    """The first code of each words: what reads the same is one choice."""
    first: dict[str, str] = {}
    for code, said in words.items():
        first.setdefault(said, code)
    return {code: said for said, code in first.items()}


def _said_alike(words: Mapping[str, str], code: str | None) -> tuple[str, ...]:
    """All codes that read as this one does; none for no code."""
    if not code:
        return ()
    return (code, *(other for other, said in words.items() if said == words.get(code)))


def _find(tx: Transaction, form: AuditForm, before: int | None) -> list[Any]:
    begins, ends = _span_of(form.day.data)
    return list(
        find_lines(
            tx,
            actors=_said_alike(ACTORS, form.who.data),
            actions=_said_alike(ACTIONS, form.what.data),
            object=f"case:{form.ref.data}" if form.ref.data else None,
            since=begins,
            before_time=ends,
            before=before,
            limit=_ROWS + 1,
        )
    )


def _span_of(day: date | None) -> tuple[datetime | None, datetime | None]:
    """The day on the clocks of Phnom Penh, in UTC."""
    if day is None or not 2000 <= day.year <= 2999:
        return None, None
    begins = datetime.combine(day, time(), PHNOM_PENH).astimezone(UTC)
    return begins, begins + _DAY


def _narrowed(form: AuditForm) -> str:
    return ",".join(field.name for field in form if field.data)


def _before() -> int | None:
    return number_of(request.args.get("before"), 15) or None


def _older(rows: list[Any]) -> str | None:
    """The address of the next page with the same filters; None: there is none."""
    if len(rows) <= _ROWS:
        return None
    kept: dict[str, Any] = {name: request.args[name] for name in _KEPT if request.args.get(name)}
    return url_for("desk.audit", before=rows[_ROWS - 1].number, **kept)


def _in_words(row: Any, names: dict[int, str], language: str) -> Line:
    kind, _colon, which = row.object.partition(":")
    ref = which if kind == "case" and is_reference(which) else ""
    about = "" if ref or kind == "desk" else row.object
    act = ACTIONS.get(row.action)
    what = translate(language, act) if act else row.action.replace("_", " ")
    detail = " ".join(part for part in (about, row.detail) if part)
    return Line(row.number, row.at, _who(row.actor, names, language), what, ref, detail)


def _who(actor: str, names: dict[int, str], language: str) -> str:
    number = actor.removeprefix(_STAFF)
    if actor.startswith(_STAFF) and number.isdigit():
        return names.get(int(number), actor)
    words = ACTORS.get(actor)
    return translate(language, words) if words else actor


PAGES = (
    Page("/audit", "audit", show, SEE_AUDIT, menu=_("Audit")),
    Page("/audit/look", "look_over_audit", look, SEE_AUDIT, POST),
)
