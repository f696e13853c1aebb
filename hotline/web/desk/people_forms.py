"""Forms about a person of the staff: who they are, how they are reached, a code of a phone."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import StopValidation

from hotline.core.phone_number import normalise
from hotline.core.reachability import LONGEST_QUIET, quiet_span, time_of
from hotline.people import Person
from hotline.staffing import LONGEST_NAME
from hotline.storage.staff_member import ROLES
from hotline.web.desk.forms import DeskForm, Needed, at_most, is_a_zone, say, tidied, tidy
from hotline.web.desk.languages import LANGUAGES
from hotline.web.desk.languages import mark as _
from hotline.web.desk.visit import visit
from hotline.web.desk.words import in_words

USUAL, NONE, OWN = "usual", "none", "own"
_MIDNIGHT = "00:00"
_BAD_PHONE = _("Write the phone like 012 345 678.")


def _one_line(typed: str | None) -> str:
    """A name as it can be typed again at the sign-in: no breaks, no signs without width."""
    return " ".join("".join(c for c in tidied(typed) if c.isprintable() or c.isspace()).split())


def _is_a_phone(form: Any, field: Any) -> None:
    if field.data and normalise(field.data) is None:
        raise StopValidation(say(_BAD_PHONE))


class PersonForm(DeskForm):
    """`needs_phone`: for somebody new; else an empty phone leaves it as it is."""

    name = StringField(_("Name"), [Needed(), at_most(LONGEST_NAME)], filters=(_one_line,))
    role = RadioField(_("Role"), [Needed()], validate_choice=True)
    phone = StringField(_("Phone"), [at_most(40), _is_a_phone], **tidy())
    language = SelectField(_("Language of texts and pages"))

    def __init__(self, *given: Any, needs_phone: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        self.role.choices = [(role, in_words(visit().language, "role", role)) for role in ROLES]
        self.language.choices = list(LANGUAGES.items())
        if needs_phone:
            self.phone.validators = [Needed(), *self.phone.validators]

    @property
    def number(self) -> str:
        """E.164; "" for an empty field."""
        return normalise(self.phone.data or "") or ""

    def person(self, number: str) -> Person:
        return Person(str(self.name.data), str(self.role.data), number, str(self.language.data))


class ReachForm(DeskForm):
    by_sms = BooleanField(_("By text message"))
    by_voice = BooleanField(_("By call"))
    quiet = RadioField(_("Quiet hours"), [Needed()])
    quiet_from = StringField(_("Quiet from"), [at_most(5)], **tidy())
    quiet_to = StringField(_("Quiet until"), [at_most(5)], **tidy())
    zone = StringField(_("Whose clock"), [Needed(), at_most(40), is_a_zone], **tidy())

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.quiet.choices = [
            (USUAL, say(_("As usual in this house"))),
            (NONE, say(_("None: day and night"))),
            (OWN, say(_("These hours:"))),
        ]

    def validate_by_voice(self, field: Any) -> None:
        if not (field.data or self.by_sms.data):
            raise StopValidation(say(_("Leave one way open: text message or call.")))

    def validate_quiet_to(self, field: Any) -> None:
        if self.quiet.data != OWN:
            return
        try:
            span = quiet_span(time_of(self.quiet_from.data or ""), time_of(field.data or ""))
        except ValueError:
            raise StopValidation(say(_("Write both times like 22:00."))) from None
        if not span:
            raise StopValidation(
                say(_("The quiet hours must end at another time than they begin."))
            )
        if span > LONGEST_QUIET:
            raise StopValidation(say(_("More than 14 quiet hours: nobody could reach them.")))

    @property
    def values(self) -> dict[str, Any]:
        """The columns, as core.reachability.Reach reads them."""
        begins, ends = {
            USUAL: (None, None),
            NONE: (_MIDNIGHT, _MIDNIGHT),
            OWN: (self.quiet_from.data, self.quiet_to.data),
        }[str(self.quiet.data)]
        return {
            "by_sms": bool(self.by_sms.data),
            "by_voice": bool(self.by_voice.data),
            "quiet_from": begins,
            "quiet_to": ends,
            "zone": self.zone.data,
        }


def reach_as_kept(member: Any) -> dict[str, Any]:
    """What the form shows before anybody typed."""
    is_own = member.quiet_from is not None and member.quiet_from != member.quiet_to
    quiet = OWN if is_own else USUAL if member.quiet_from is None else NONE
    return {
        "by_sms": member.by_sms,
        "by_voice": member.by_voice,
        "quiet": quiet,
        "quiet_from": member.quiet_from if is_own else "",
        "quiet_to": member.quiet_to if is_own else "",
        "zone": member.zone,
    }


class CodeForm(DeskForm):
    code = StringField(_("Code of the text message"), [Needed(), at_most(20)], **tidy())
