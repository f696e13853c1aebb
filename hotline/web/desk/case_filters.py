"""What cases are searched by: the form, and what it asks of the database.

Only codes and days stand in an address. What is typed freely is posted (cases.py): somebody may
type a number into any field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from wtforms import DateField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from hotline.core.local_time import PHNOM_PENH
from hotline.core.place_names import PlaceNames
from hotline.places import places
from hotline.storage.case_search import STATES, Criteria
from hotline.web.desk.forms import DeskForm, Needed, at_most, say
from hotline.web.desk.languages import mark as _
from hotline.web.desk.visit import Visit
from hotline.web.desk.words import KINDS, OUTCOMES, in_words

CASE_STATES = {
    "open": _("Nobody has it yet"),
    "claimed": _("Somebody has it"),
    "closed": _("Closed"),
}
_FIRST_YEAR, _LAST_YEAR = 2000, 2200
_LONGEST = 40
_PROVINCE, _DISTRICT = 2, 4  # signs of their codes
_ANY = ("", _("All"))


class Filters(DeskForm):
    state = SelectField(_("State"), default="")
    kind = SelectField(_("What it is about"), default="")
    province = SelectField(_("Province"), default="")
    district = SelectField(_("District"), default="")
    since = DateField(_("Opened from"), [Optional()])
    until = DateField(_("Opened until"), [Optional()])
    outcome = SelectField(_("How it ended"), default="")
    chi = SelectField(_("Reason for contact"), default="")

    def validate_since(self, field: Any) -> None:
        _check_year(field.data)

    def validate_until(self, field: Any) -> None:
        _check_year(field.data)
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(say(_("This day is before the first one.")))

    def asked(self) -> dict[str, str]:
        """What was chosen, for an address."""
        told = {name: field.data for name, field in self._fields.items() if field.data}
        return {name: str(value) for name, value in told.items()}

    def words(self) -> list[str]:
        """The same for people."""
        told = []
        for field in self._fields.values():
            if isinstance(field, SelectField):
                known: Any = field.choices
                told += [words for code, words in known if code and code == field.data]
            elif field.data:
                told.append(f"{say(field.label.text)} {field.data:%d/%m/%Y}")
        return told


class ReferenceForm(DeskForm):
    ref = StringField(_("Reference"), [Needed(), at_most(_LONGEST)])


class NumberForm(DeskForm):
    number = StringField(_("Whole phone number"), [Needed(), at_most(_LONGEST)])


def filters(here: Visit, sent: Any) -> Filters:
    """The form with everything that may be chosen, in the reader's language."""
    language, form, known = here.language, Filters(sent), places()
    form.state.choices = _choices((code, say(CASE_STATES[code])) for code in STATES)
    form.kind.choices = _choices((code, in_words(language, "kind", code)) for code in KINDS)
    form.outcome.choices = _choices((c, in_words(language, "outcome", c)) for c in OUTCOMES)
    form.chi.choices = _choices(_groups(here))
    form.province.choices = _choices(_named(known, "", language))
    province = form.province.data or ""
    is_known = len(province) == _PROVINCE and known.at(province) is not None
    within = province if is_known else None
    form.district.choices = _choices(_named(known, within, language) if within else ())
    district = form.district.data or ""
    is_elsewhere = len(district) == _DISTRICT and not district.startswith(province or " ")
    if is_elsewhere and known.at(district) is not None:  # another province was chosen since
        form.district.data = ""
    return form


def criteria_of(here: Visit, form: Filters) -> Criteria:
    """What a form that is right asks for."""
    return Criteria(
        state=form.state.data or None,
        kind=form.kind.data or None,
        outcome=form.outcome.data or None,
        places=_places(form.district.data or form.province.data),
        chi=_with_parts(here, form.chi.data),
        since=_begin_of(form.since.data) if form.since.data else None,
        until=_begin_of(form.until.data + timedelta(days=1)) if form.until.data else None,
    )


def _check_year(day: date | None) -> None:
    if day is not None and not _FIRST_YEAR <= day.year < _LAST_YEAR:
        raise ValidationError(say(_("Choose a day from the year 2000 on.")))


def _choices(known: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", say(_ANY[1])), *known]


def _named(known: PlaceNames, within: str, language: str) -> list[tuple[str, str]]:
    return sorted(
        ((place.code, place.name(language)) for place in known.within(within)),
        key=lambda place: place[1],
    )


def _groups(here: Visit) -> list[tuple[str, str]]:
    groups = here.hotline.categories.groups
    return [(group.whole.code, group.whole.words(here.language)) for group in groups]


def _with_parts(here: Visit, code: str | None) -> tuple[str, ...]:
    found: Mapping[str, Any] = {g.whole.code: g for g in here.hotline.categories.groups}
    if code is None or code not in found:
        return ()
    return (code, *(part.code for part in found[code].parts))


def _places(code: str | None) -> tuple[str, ...]:
    """The place itself, and every district of a province."""
    if not code:
        return ()
    inside = places().within(code) if len(code) == _PROVINCE else []
    return (code, *(place.code for place in inside))


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time.min, PHNOM_PENH).astimezone(UTC)
