"""The form of one service: what is typed, as a line of the list, and back."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput

from hotline.core.listed_service import (
    ALL,
    CATEGORIES,
    EVERYWHERE,
    LONGEST,
    SERVES,
    Entrusted,
    Service,
    phones_in,
)
from hotline.web.desk.forms import DeskForm, Needed, at_most, say, tidy
from hotline.web.desk.languages import mark as _
from hotline.web.desk.place_field import PlaceRead, label, read_place
from hotline.web.desk.words import in_words

_NO_PHONE = _("Write phone numbers like 012 345 678, with commas between them, five at most.")
_NO_PLACE = _("Nobody knows this place. Try another spelling, in Khmer or Latin letters.")
_WHICH_PLACE = _("Which of these is meant?")
_NO_CATEGORY = _("Choose at least one.")
_TO_COME = _("This day has not come yet.")
_NO_NAME = _("Write the name, in Khmer or in English.")


def are_phones(form: DeskForm, field: Any) -> None:
    if phones_in(field.data or "") is None:
        raise ValidationError(say(_NO_PHONE))


class ServiceForm(DeskForm):
    """`today` and `language` are given when it is made."""

    name_km = StringField(_("Name in Khmer"), [at_most(LONGEST["name_km"])], **tidy())
    name_en = StringField(_("Name in English"), [at_most(LONGEST["name_en"])], **tidy())
    everywhere = BooleanField(_("It serves the whole country"))
    place = StringField(_("Commune, district or province"), [at_most(LONGEST["place"])], **tidy())
    place_code = StringField("", [at_most(6)], **tidy())
    place_known = StringField("", [at_most(6)], **tidy())
    categories = SelectMultipleField(
        _("What it does"),
        choices=[],
        validate_choice=False,
        option_widget=CheckboxInput(),
    )
    serves = RadioField(_("Whom it serves"), choices=[], default=ALL)
    is_authority = BooleanField(
        _("A local authority: commune, village or district office, police post")
    )
    phones = StringField(
        _("Public phone numbers"), [Needed(), at_most(LONGEST["phones"]), are_phones], **tidy()
    )
    hours = StringField(_("When it is open"), [at_most(LONGEST["hours"])], **tidy())
    contact_name = StringField(_("Who to ask for"), [at_most(LONGEST["contact_name"])], **tidy())
    contact_phone = StringField(
        _("Phone of this person"), [at_most(LONGEST["contact_phone"]), are_phones], **tidy()
    )
    agreed_by = StringField(
        _("Who agreed that we refer callers"), [at_most(LONGEST["agreed_by"])], **tidy()
    )
    agreed_on = DateField(_("When they agreed"), [Optional()])
    notes = TextAreaField(_("Notes for colleagues"), [at_most(LONGEST["notes"])], **tidy())

    def __init__(self, typed: Any, language: str, today: date, **data: Any) -> None:
        super().__init__(typed, **data)
        self._today, self._language = today, language
        self.read = PlaceRead(None)
        self.categories.choices = [
            (code, in_words(language, "service_category", code)) for code in CATEGORIES
        ]
        self.serves.choices = [(code, in_words(language, "serves", code)) for code in SERVES]

    def validate_name_km(self, field: Any) -> None:
        if not field.data and not self.name_en.data:
            raise ValidationError(say(_NO_NAME))

    def validate_place(self, field: Any) -> None:
        if self.everywhere.data:
            self.read = PlaceRead(EVERYWHERE)
            return
        if not field.errors:
            chosen, known = self.place_code.data or "", self.place_known.data or ""
            self.read = read_place(field.data or "", chosen, known)
        if self.read.code is None:
            raise ValidationError(say(_WHICH_PLACE if self.read.among else _NO_PLACE))
        self.place_known.data = self.read.code
        field.data = label(self.read.code, self._language)

    def validate_categories(self, field: Any) -> None:
        if not field.data or any(one not in CATEGORIES for one in field.data):
            raise ValidationError(say(_NO_CATEGORY))

    def validate_agreed_on(self, field: Any) -> None:
        if field.data is not None and field.data > self._today:
            raise ValidationError(say(_TO_COME))

    def service(self) -> Service:
        """What was typed; only after it was found to be right."""
        return Service(
            name_km=self.name_km.data or "",
            name_en=self.name_en.data or "",
            place=self.read.code or EVERYWHERE,
            categories=tuple(code for code in CATEGORIES if code in (self.categories.data or ())),
            serves=self.serves.data,
            hours=self.hours.data or "",
            phones=self.phones.data or "",
            is_authority=bool(self.is_authority.data),
            agreed_on=self.agreed_on.data,
            entrusted=Entrusted(
                contact_name=self.contact_name.data or "",
                contact_phone=self.contact_phone.data or "",
                agreed_by=self.agreed_by.data or "",
                notes=self.notes.data or "",
            ),
        )


def kept_in_form(
    row: Any, categories: list[str], entrusted: Entrusted, language: str
) -> dict[str, Any]:
    """A line of the list, as the form shows it."""
    return {
        "name_km": row.name_km,
        "name_en": row.name_en,
        "everywhere": row.place == EVERYWHERE,
        "place": label(row.place, language),
        "place_known": row.place,
        "categories": categories,
        "serves": row.serves,
        "is_authority": row.is_authority,
        "phones": row.phones,
        "hours": row.hours,
        "agreed_on": row.agreed_on,
        "contact_name": entrusted.contact_name,
        "contact_phone": entrusted.contact_phone,
        "agreed_by": entrusted.agreed_by,
        "notes": entrusted.notes,
    }
