"""Forms of the rota: a time that somebody gets, a swap, a day, a rotation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from wtforms import RadioField, SelectField, StringField
from wtforms.validators import StopValidation

from hotline.core.local_time import PHNOM_PENH
from hotline.core.reachability import time_of
from hotline.core.rotation import ALL_DAYS, DAILY, DAYS_OFF, WEEKLY, WORKING_DAYS, ZONE, Rotation
from hotline.web.desk.forms import DeskForm, Needed, at_most, is_a_zone, say, tidy
from hotline.web.desk.languages import mark as _
from hotline.web.desk.rota_words import PROBLEMS, WEEKDAYS
from hotline.web.desk.typed_words import number_of

TURNS = 6
"""So many people may take turns; more never know when theirs comes."""

_LAST_PLACE = 9


def moment_of(typed: str | None) -> datetime | None:
    """A time as the browser sends it, by the clocks of Phnom Penh; None for nonsense."""
    try:
        read = datetime.fromisoformat(typed or "")
        return (read if read.tzinfo else read.replace(tzinfo=PHNOM_PENH)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day_of(typed: str | None) -> date | None:
    """None for nonsense, and for the ends of the calendar: no time can be counted around them."""
    try:
        read = date.fromisoformat(typed or "")
    except ValueError:
        return None
    return read if date.min.year < read.year < date.max.year else None


def _is_a_moment(form: Any, field: Any) -> None:
    if moment_of(field.data) is None:
        raise StopValidation(say(PROBLEMS["no_time"]))


def _is_a_place(form: Any, field: Any) -> None:
    if not 1 <= number_of(field.data) <= _LAST_PLACE:
        raise StopValidation(say(_("Write a number from 1 to 9.")))


def _is_a_clock(form: Any, field: Any) -> None:
    try:
        time_of(field.data or "")
    except ValueError:
        raise StopValidation(say(_("Write a time like 07:30."))) from None


class SpanForm(DeskForm):
    """A part of a shift; `who` is one of the colleagues."""

    who = SelectField(_("Who is on call then"), validate_choice=False)
    starts = StringField(_("From"), [_is_a_moment], **tidy())
    ends = StringField(_("Until"), [_is_a_moment], **tidy())
    place = StringField(_("Place: 1 is alerted first"), [_is_a_place], default="1", **tidy())

    def __init__(self, *given: Any, colleagues: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        known = [(str(one.id), one.name) for one in colleagues]
        self.who.choices = [("", "–"), *known]
        self._known = {value for value, _name in known}

    def validate_who(self, field: Any) -> None:
        if field.data not in self._known:
            raise StopValidation(say(PROBLEMS["nobody"]))

    @property
    def span(self) -> tuple[datetime, datetime, int]:
        starts_at, ends_at = moment_of(self.starts.data), moment_of(self.ends.data)
        assert starts_at is not None
        assert ends_at is not None
        return starts_at, ends_at, number_of(self.place.data)


class DayForm(DeskForm):
    day = StringField(_("Day"), **tidy())
    name = StringField(_("What the holiday is called"), [at_most(80)], **tidy())
    kind = RadioField(_("What it is"), [Needed()], default="off")

    def __init__(self, *given: Any, today: date | None = None, **more: Any) -> None:
        super().__init__(*given, **more)
        self._today = today
        self.kind.choices = [
            ("off", say(_("This day is a holiday"))),
            ("work", say(_("This day is worked"))),
            ("calendar", say(_("As the calendar says"))),
        ]

    def validate_day(self, field: Any) -> None:
        day = day_of(field.data)
        if day is None or (self._today is not None and day < self._today):
            raise StopValidation(say(PROBLEMS["no_day"]))

    def validate_name(self, field: Any) -> None:
        if self.kind.data == "off" and not field.data:
            raise StopValidation(say(PROBLEMS["no_name"]))


class RotationForm(DeskForm):
    """People in the order of their turns; who stands nowhere has none."""

    every = RadioField(_("They hand over"), [Needed()], default=DAILY)
    from_time = StringField(_("A watch begins at"), [_is_a_clock], default="08:00", **tidy())
    until_time = StringField(_("A watch ends at"), [_is_a_clock], default="08:00", **tidy())
    weekday = SelectField(_("A week begins on"), default="0")
    days = RadioField(_("On which days"), [Needed()], default=ALL_DAYS)
    place = StringField(_("Place: 1 is alerted first"), [_is_a_place], default="1", **tidy())
    starts_on = StringField(_("The first day"), **tidy())
    zone = StringField(_("Whose clock"), [Needed(), at_most(40), is_a_zone], default=ZONE, **tidy())
    turn_1 = SelectField(_("First turn"), validate_choice=False)
    turn_2 = SelectField(_("Second turn"), validate_choice=False)
    turn_3 = SelectField(_("Third turn"), validate_choice=False)
    turn_4 = SelectField(_("Fourth turn"), validate_choice=False)
    turn_5 = SelectField(_("Fifth turn"), validate_choice=False)
    turn_6 = SelectField(_("Sixth turn"), validate_choice=False)

    def __init__(self, *given: Any, colleagues: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        self.every.choices = [(DAILY, say(_("every day"))), (WEEKLY, say(_("every week")))]
        self.days.choices = [
            (ALL_DAYS, say(_("all days"))),
            (WORKING_DAYS, say(_("working days"))),
            (DAYS_OFF, say(_("weekends and holidays"))),
        ]
        self.weekday.choices = [(str(day), say(name)) for day, name in enumerate(WEEKDAYS)]
        known = [(str(one.id), one.name) for one in colleagues]
        for turn in self.turns:
            turn.choices = [("", "–"), *known]

    @property
    def turns(self) -> list[Any]:
        return [self[f"turn_{number}"] for number in range(1, TURNS + 1)]

    def validate_turn_1(self, field: Any) -> None:
        known = {value for value, _name in field.choices if value}
        chosen = [turn.data for turn in self.turns if turn.data]
        if not chosen or not known.issuperset(chosen):
            raise StopValidation(say(PROBLEMS["nobody"]))
        if len(set(chosen)) < len(chosen):
            raise StopValidation(
                say(_("Somebody is named twice. Name each person once, in order."))
            )

    def validate_starts_on(self, field: Any) -> None:
        if day_of(field.data) is None:
            raise StopValidation(say(PROBLEMS["no_day"]))

    @property
    def rotation(self) -> Rotation:
        starts_on = day_of(self.starts_on.data)
        assert starts_on is not None
        return Rotation(
            people=tuple(int(turn.data) for turn in self.turns if turn.data),
            every=str(self.every.data),
            starts_on=starts_on,
            from_time=_clock(self.from_time.data),
            until_time=_clock(self.until_time.data),
            weekday=int(self.weekday.data),
            days=str(self.days.data),
            zone=str(self.zone.data),
            place=number_of(self.place.data),
        )

    @property
    def mark(self) -> str:
        """Differs where anything in the form does: what was looked at is what is kept."""
        return hashlib.sha256(repr(self.rotation).encode()).hexdigest()[:16]


def _clock(typed: Any) -> time:
    return time_of(str(typed))
