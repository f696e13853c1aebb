"""Settings: hours, holidays, the ladders and the clocks, and what only the server can change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, TimeField
from wtforms.validators import ValidationError

from hotline import house_rules
from hotline.core.local_time import day_at
from hotline.core.reachability import LONGEST_QUIET, quiet_span
from hotline.core.weekly_time import DAYS, read_weekly_time
from hotline.days_off import named_days
from hotline.storage.database import Transaction
from hotline.storage.house_rule import get_rule
from hotline.web.desk.forms import DeskForm, Needed, SeenVersion, say
from hotline.web.desk.ladder_words import clock_rows, ladders_in_words
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.need_to_know import EDIT_SETTINGS, SEE_SETTINGS, may
from hotline.web.desk.page import POST, Page
from hotline.web.desk.rota_words import WEEKDAYS
from hotline.web.desk.visit import Visit, visit

CHANGED_MEANWHILE = _(
    "Somebody changed this meanwhile. What you chose is kept: look, and save again."
)
_HOLIDAYS_AHEAD = 120
_OFF = "off"


class SpanForm(DeskForm):
    """Quiet hours."""

    version = SeenVersion(default=0)
    begins = TimeField(_("From"), [Needed()])
    ends = TimeField(_("Until"), [Needed()])

    def value(self) -> dict[str, str]:
        return {"from": f"{self.begins.data:%H:%M}", "to": f"{self.ends.data:%H:%M}"}


class StaffQuietForm(SpanForm):
    """As long as one person may be quiet, the house may be."""

    def validate_ends(self, field: Any) -> None:
        begins = self.begins.data
        if begins is not None and quiet_span(begins, field.data) > LONGEST_QUIET:
            raise ValidationError(say(_("More than 14 quiet hours: nobody could reach them.")))


class WordForm(DeskForm):
    """The supervisors' morning text."""

    version = SeenVersion(default=0)
    is_on = SelectField(_("Each morning"), choices=[])
    at = TimeField(_("At"), [Needed()])

    def value(self) -> dict[str, str]:
        return {"at": f"{self.at.data:%H:%M}" if self.is_on.data == "on" else _OFF}


class WeeklyForm(DeskForm):
    """The weekly test of the line."""

    version = SeenVersion(default=0)
    day = SelectField(_("Day"), choices=[])
    at = TimeField(_("At"), [Needed()])

    def value(self) -> dict[str, str]:
        if self.day.data == _OFF:
            return {"weekly": _OFF}
        return {"weekly": f"{self.day.data} {self.at.data:%H:%M}"}


@dataclass(frozen=True, slots=True)
class Rule:
    title: str
    about: str
    form: type[DeskForm]
    as_fields: Callable[[Visit, Transaction], dict[str, str]]


def _staff_quiet(here: Visit, tx: Transaction) -> dict[str, str]:
    begins, ends = house_rules.staff_quiet(tx)
    return {"begins": begins, "ends": ends}


def _ring_back_quiet(here: Visit, tx: Transaction) -> dict[str, str]:
    begins, _dash, ends = house_rules.ring_back_quiet(here.hotline, tx).partition("-")
    return {"begins": begins, "ends": ends}


def _daily_word(here: Visit, tx: Transaction) -> dict[str, str]:
    at = house_rules.daily_word(here.hotline, tx)
    return {"is_on": _OFF, "at": house_rules.MORNING} if at == _OFF else {"is_on": "on", "at": at}


def _rehearsal(here: Visit, tx: Transaction) -> dict[str, str]:
    weekly = read_weekly_time(house_rules.weekly_rehearsal(here.hotline, tx))
    if weekly is None:
        return {"day": _OFF, "at": "10:00"}
    return {"day": DAYS[weekly.day], "at": f"{weekly.hour:02}:{weekly.minute:02}"}


RULES = {
    house_rules.STAFF_QUIET: Rule(
        _("Quiet hours of staff"),
        _("Cases for today or later wait until the morning. Urgent ones are told at any hour."),
        StaffQuietForm,
        _staff_quiet,
    ),
    house_rules.RING_BACK_QUIET: Rule(
        _("No missed call is rung back"),
        _("In these hours the line answers itself: a telephone that rings at night may betray."),
        SpanForm,
        _ring_back_quiet,
    ),
    house_rules.DAILY_WORD: Rule(
        _("Morning text to supervisors"),
        _("How many cases are open and late, and the seal of the audit record."),
        WordForm,
        _daily_word,
    ),
    house_rules.REHEARSAL: Rule(
        _("Weekly test of the line"),
        _("The line rings itself, and the person on call answers as in earnest."),
        WeeklyForm,
        _rehearsal,
    ),
}


def show() -> ResponseReturnValue:
    return _page()


def save(rule: str) -> ResponseReturnValue:
    """One of RULES, unless somebody else changed it since it was read."""
    here = visit()
    if rule not in RULES:
        abort(404)
    form = _with_choices(RULES[rule].form(request.form), here.language)
    if not form.validate():
        return _page({rule: form}, 422)
    with here.hotline.transaction() as tx:
        done = house_rules.set_rule(
            here.hotline, tx, rule, form.value(), form.version.data or 0, here.member.id
        )
    if not done:
        form.form_errors.append(say(CHANGED_MEANWHILE))
        return _page({rule: form}, 409)
    return redirect(url_for("desk.settings") + f"#{rule}", 303)


def _page(refused: dict[str, DeskForm] | None = None, status: int = 200) -> ResponseReturnValue:
    here = visit()
    now = here.hotline.now()
    first = day_at(now)
    with here.hotline.reading() as tx:
        forms = {name: _form(here, tx, name, (refused or {}).get(name)) for name in RULES}
        page = render_template(
            "settings.html",
            rules=RULES,
            forms=forms,
            edits=may(here.member, EDIT_SETTINGS),
            ladders=ladders_in_words(here, tx),
            clocks=clock_rows(here, tx),
            holidays=named_days(
                tx, first, first.fromordinal(first.toordinal() + _HOLIDAYS_AHEAD), here.language
            ),
            line=here.hotline.settings,
        )
    return page, status


def _form(here: Visit, tx: Transaction, name: str, refused: DeskForm | None) -> DeskForm:
    """As it stands now; where it was refused, what was typed with the version of now."""
    row = get_rule(tx, name)
    version = row.version if row else 0
    if refused is not None:
        refused["version"].data = version
        return refused
    typed = {**RULES[name].as_fields(here, tx), "version": str(version)}
    form: DeskForm = _with_choices(RULES[name].form(data=_as_data(typed)), here.language)
    return form


def _as_data(typed: dict[str, str]) -> dict[str, Any]:
    times = ("begins", "ends", "at")
    return {k: time.fromisoformat(v) if k in times else v for k, v in typed.items()}


def _with_choices(form: DeskForm, language: str) -> Any:
    if isinstance(form, WordForm):
        form.is_on.choices = [
            ("on", translate(language, "Send it")),
            (_OFF, translate(language, "Do not send it")),
        ]
    if isinstance(form, WeeklyForm):
        days = [(code, translate(language, WEEKDAYS[n])) for n, code in enumerate(DAYS)]
        form.day.choices = [(_OFF, translate(language, "Never")), *days]
    return form


PAGES = (
    Page("/settings", "settings", show, SEE_SETTINGS, menu=_("Settings")),
    Page("/settings/<rule>", "save_rule", save, EDIT_SETTINGS, POST),
)
