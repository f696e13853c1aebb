"""Forms of the desk: what was typed is kept, what is wrong stands beside its field.

WTForms reads and keeps; the sentences are ours. In a page:

    class ServiceForm(DeskForm):
        name = StringField(_("Name"), [Needed(), at_most(120)], **tidy())

    form = ServiceForm(request.form)
    if request.method == "POST" and form.validate(): ...   # else render it again, with status 422

and `{{ fields.field(form.name) }}` of templates/fields.html draws label, field and problem.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import Form, IntegerField
from wtforms.validators import StopValidation, ValidationError

from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.visit import visit

Check = Callable[[Form, Any], None]
_LETTERS = frozenset("\n\t\u200b\u200c\u200d")  # the last three are typed within Khmer words
_SAID = {
    "Not a valid choice.": _("Choose one of these."),
    "Not a valid integer value.": _("Write a whole number, in digits."),
    "Not a valid datetime value.": _("Choose a day and a time."),
    "Not a valid date value.": _("Choose a day."),
    "Not a valid time value.": _("Write a time like 07:30."),
}
_NEEDED = _("Fill this in.")
_TOO_LONG = _("This is too long: %(most)s letters at most.")


class _Words:
    """What WTForms says by itself, in our words and the reader's language."""

    def gettext(self, english: str) -> str:
        return say(_SAID.get(english, english))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return say(singular if n == 1 else plural)


class DeskForm(Form):
    """Every form of the desk but those of a case. The word against forgery is checked before."""

    class Meta:
        locales = False

        def get_translations(self, form: Form) -> _Words:
            return _Words()


def say(english: str, **values: object) -> str:
    """For the problem beside a field: in the reader's language."""
    return translate(visit().language, english, **values)


def tidied(typed: str | None) -> str:
    """What was typed, in one form of Unicode, without the signs no keyboard types."""
    plain = unicodedata.normalize("NFC", (typed or "").replace("\r\n", "\n")).strip()
    kept = (c for c in plain if c in _LETTERS or unicodedata.category(c) not in ("Cc", "Cs", "Cf"))
    return "".join(kept)


def tidy() -> dict[str, Any]:
    """Keyword for a field of words: `StringField(_("Name"), [Needed()], **tidy())`."""
    return {"filters": (tidied,)}


class SeenVersion(IntegerField):
    """Hidden in a form: the version of what it was made from; -1, which nothing has, for no number.

    At most nine digits: more would break the database that is asked for it.
    """

    def process_formdata(self, valuelist: list[str]) -> None:
        sent = valuelist[0] if valuelist else ""
        is_number = sent.isascii() and sent.isdigit() and len(sent) < 10
        self.data = int(sent) if is_number else -1


class Needed:
    """The field may not be left empty; nothing more is asked of an empty one."""

    field_flags = {"required": True}

    def __init__(self, english: str = _NEEDED) -> None:
        self._english = english

    def __call__(self, form: Form, field: Any) -> None:
        if field.data in (None, "", []):
            raise StopValidation(say(self._english))


def is_a_zone(form: Form, field: Any) -> None:
    try:
        ZoneInfo(field.data or "")
    except (ValueError, OSError, LookupError):
        raise StopValidation(say(_("Write it like Asia/Phnom_Penh."))) from None


def at_most(letters: int) -> Check:
    def check(form: Form, field: Any) -> None:
        if len(field.data or "") > letters:
            raise ValidationError(say(_TOO_LONG, most=f"{letters:,}"))

    return check
