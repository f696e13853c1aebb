"""The forms for a ladder and for the clocks: what would leave a case waiting is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FieldList, FormField, IntegerField, SelectField, StringField
from wtforms.validators import Optional

from hotline import house_rules
from hotline.core import escalation_limits as limits
from hotline.core.escalation import BY, WHOM, Clock, Policy, Rung
from hotline.core.escalation_file import PRIORITIES
from hotline.house_rules import all_policies
from hotline.storage.database import Transaction
from hotline.storage.house_rule import get_rule
from hotline.web.desk.forms import DeskForm, Needed, SeenVersion, say, tidied
from hotline.web.desk.ladder_words import CLOCKS, PEOPLE, WAYS, title_of
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.need_to_know import EDIT_SETTINGS
from hotline.web.desk.page import POST, Page
from hotline.web.desk.settings import CHANGED_MEANWHILE
from hotline.web.desk.visit import Visit, visit

_NOBODY = ""
_SPAN = re.compile(r"(\d{1,5})\s*(m|min|h|d|នាទី|ម៉ោង|ថ្ងៃ)?")
_SECONDS = {"m": 60, "min": 60, "h": 3600, "d": 86_400, "នាទី": 60, "ម៉ោង": 3600, "ថ្ងៃ": 86_400}
_NO_SPAN = _("Write a number and m, h or d: 15m, 4h, 3d.")
_SENTENCES = {
    limits.NO_RUNG: _("A ladder has one to eight steps."),
    limits.LATE_FIRST: _("The first step is at once: write 0."),
    limits.NOT_IN_ORDER: _("Each step comes later than the one before."),
    limits.TOO_LONG_SILENT: _("Nobody would be told for too long. Make it shorter."),
    limits.TOO_FAST: _("At least a minute."),
    limits.TOO_MANY_ANSWERS: _("No more people than the ladder asks."),
    limits.UNKNOWN: _("Choose one of these."),
    limits.TOO_SHORT: _("At least a minute."),
    limits.TOO_LONG: _("Fourteen days at most."),
    limits.URGENT_TOO_LONG: _("Twelve hours at most for what is urgent."),
    limits.CALLED_BEFORE_TAKEN: _("A call cannot be due before somebody has the case."),
    limits.URGENT_WAITS_LONGER: _("What is more urgent may not wait longer than what is less."),
}


class RungForm(DeskForm):
    minutes = IntegerField(_("Minutes after the beginning"), [Optional()])
    whom = SelectField(_("Who"), choices=[])
    by = SelectField(_("How"), choices=[])


class LadderForm(DeskForm):
    version = SeenVersion(default=0)
    rungs = FieldList(FormField(RungForm), max_entries=limits.MOST_RUNGS)
    repeat = IntegerField(_("Then everybody, every so many minutes"), [Needed()])
    acknowledge = IntegerField(_("How many must take the case before it stops"), [Needed()])


class ClockForm(DeskForm):
    claim = StringField(CLOCKS["claim"], [Needed()], filters=(tidied,))
    attempt = StringField(CLOCKS["attempt"], [Needed()], filters=(tidied,))
    lapse = StringField(CLOCKS["lapse"], [Needed()], filters=(tidied,))
    follow_up = StringField(CLOCKS["follow_up"], [Needed()], filters=(tidied,))


class ClocksForm(DeskForm):
    version = SeenVersion(default=0)
    P0 = FormField(ClockForm)
    P1 = FormField(ClockForm)
    P2 = FormField(ClockForm)
    P3 = FormField(ClockForm)


# ---------------------------------------------------------------- a ladder


def show_ladder(name: str) -> ResponseReturnValue:
    here = visit()
    with here.hotline.reading() as tx:
        policy = _policy_or_404(here, tx, name)
        form = LadderForm(data=_as_fields(policy, _version(tx, house_rules.LADDER + name)))
    return _ladder_page(name, form)


def save_ladder(name: str) -> ResponseReturnValue:
    here = visit()
    form = LadderForm(request.form)
    with here.hotline.transaction() as tx:
        policy = _policy_or_404(here, tx, name)
        _choose(form, here.language)
        asked = _read_ladder(form, policy) if form.validate() else None
        if asked is None:
            return _ladder_page(name, form, 422)
        rule = house_rules.LADDER + name
        if not _keep(here, tx, rule, asked.as_data(), form.version.data):
            return _refuse_late(form, _version(tx, rule), lambda: _ladder_page(name, form, 409))
    return redirect(url_for("desk.settings") + "#ladders", 303)


def _read_ladder(form: LadderForm, policy: Policy) -> Policy | None:
    """None where something is wrong; it stands beside its field then."""
    written = [row for row in form.rungs if row.whom.data != _NOBODY]
    rungs = tuple(Rung(_minutes(row.minutes), row.whom.data, row.by.data) for row in written)
    asked = Policy(
        policy.name, rungs, _minutes(form.repeat), form.acknowledge.data or 0, policy.is_calm
    )
    fields: dict[str, Any] = {"repeat_every": form.repeat, "acknowledge": form.acknowledge}
    for place, row in enumerate(written):
        fields |= {f"rung-{place}-after": row.minutes, f"rung-{place}": row.whom}
    faults = limits.ladder_faults(asked)
    _tell(faults, fields, form.repeat)
    return None if faults else asked


def _ladder_page(name: str, form: LadderForm, status: int = 200) -> ResponseReturnValue:
    here = visit()
    while len(form.rungs) < limits.MOST_RUNGS and (
        not len(form.rungs) or form.rungs[-1].whom.data != _NOBODY
    ):
        form.rungs.append_entry({"whom": _NOBODY, "by": BY[0], "minutes": None})
    _choose(form, here.language)
    page = render_template("ladder.html", form=form, name=name, title=title_of(name, here.language))
    return page, status


def _choose(form: LadderForm, language: str) -> None:
    people = [(code, translate(language, PEOPLE[code])) for code in WHOM]
    ways = [(code, translate(language, WAYS[code])) for code in BY]
    row: Any
    for row in form.rungs:
        row.whom.choices = [(_NOBODY, translate(language, "no step")), *people]
        row.by.choices = ways


def _as_fields(policy: Policy, version: int) -> dict[str, Any]:
    return {
        "version": version,
        "rungs": [
            {"minutes": rung.after // 60, "whom": rung.page, "by": rung.by} for rung in policy.rungs
        ],
        "repeat": policy.repeat_every // 60,
        "acknowledge": policy.acknowledge,
    }


def _policy_or_404(here: Visit, tx: Transaction, name: str) -> Policy:
    policies = all_policies(here.hotline, tx).values()
    return next((one for one in policies if one.name == name), None) or abort(404)


def _minutes(field: Any) -> int:
    minutes = field.data if field.data is not None else -1
    return min(int(minutes), 100_000) * 60


# ---------------------------------------------------------------- the clocks


def show_clocks() -> ResponseReturnValue:
    here = visit()
    with here.hotline.reading() as tx:
        clocks = {p: policy.clock for p, policy in all_policies(here.hotline, tx).items()}
        version = _version(tx, house_rules.CLOCKS)
    fields = {p: {name: _short(n) for name, n in asdict(c).items()} for p, c in clocks.items()}
    return _clocks_page(ClocksForm(data={**fields, "version": version}))


def save_clocks() -> ResponseReturnValue:
    here = visit()
    form = ClocksForm(request.form)
    clocks = _read_clocks(form) if form.validate() else None
    if clocks is None:
        return _clocks_page(form, 422)
    value = {priority: list(asdict(clock).values()) for priority, clock in clocks.items()}
    with here.hotline.transaction() as tx:
        if not _keep(here, tx, house_rules.CLOCKS, value, form.version.data):
            now = _version(tx, house_rules.CLOCKS)
            return _refuse_late(form, now, lambda: _clocks_page(form, 409))
    return redirect(url_for("desk.settings") + "#clocks", 303)


def _clocks_page(form: ClocksForm, status: int = 200) -> ResponseReturnValue:
    return render_template("clocks.html", form=form, priorities=PRIORITIES), status


def _read_clocks(form: ClocksForm) -> dict[str, Clock] | None:
    parts: dict[str, Any] = {p: form[p] for p in PRIORITIES}
    fields = {f"{p}-{name}": parts[p][name] for p in PRIORITIES for name in CLOCKS}
    spans = {place: _span_of(field.data) for place, field in fields.items()}
    for place, seconds in spans.items():
        if seconds is None:
            _say(fields[place], _NO_SPAN)
    if None in spans.values():
        return None
    clocks = {p: Clock(**{n: spans[f"{p}-{n}"] or 0 for n in CLOCKS}) for p in PRIORITIES}
    faults = limits.clock_faults(clocks)
    _tell(faults, fields, form)
    return None if faults else clocks


def _span_of(typed: str) -> int | None:
    """Seconds; a bare number is minutes. Khmer digits and words count like Latin ones."""
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in typed.strip().lower())
    found = _SPAN.fullmatch(plain)
    return int(found[1]) * _SECONDS[found[2] or "m"] if found else None


def _short(seconds: int) -> str:
    for unit in ("d", "h"):
        if seconds % _SECONDS[unit] == 0 and seconds > _SECONDS[unit]:
            return f"{seconds // _SECONDS[unit]}{unit}"
    return f"{seconds // 60}m"


# ---------------------------------------------------------------- both


def _keep(here: Visit, tx: Transaction, rule: str, value: Mapping[str, Any], seen: Any) -> bool:
    return house_rules.set_rule(here.hotline, tx, rule, value, seen or 0, here.member.id)


def _refuse_late(form: Any, version: int, page: Any) -> ResponseReturnValue:
    form.form_errors.append(say(CHANGED_MEANWHILE))
    form.version.data = version
    answer: ResponseReturnValue = page()
    return answer


def _version(tx: Transaction, rule: str) -> int:
    row = get_rule(tx, rule)
    return row.version if row else 0


def _tell(faults: Mapping[str, str], fields: Mapping[str, Any], otherwise: Any) -> None:
    for place, code in faults.items():
        _say(fields.get(place, otherwise), _SENTENCES[code])


def _say(field: Any, english: str) -> None:
    field.errors = [*field.errors, say(english)]


PAGES = (
    Page("/settings/ladder/<name>", "ladder", show_ladder, EDIT_SETTINGS),
    Page("/settings/ladder/<name>", "save_ladder", save_ladder, EDIT_SETTINGS, POST),
    Page("/settings/clocks", "clocks", show_clocks, EDIT_SETTINGS),
    Page("/settings/clocks", "save_clocks", save_clocks, EDIT_SETTINGS, POST),
)
