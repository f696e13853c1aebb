"""The page where staff choose their passphrase: a new one, or the first of their own."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import PasswordField
from wtforms.validators import ValidationError

from hotline import passphrases
from hotline.core.door import Step
from hotline.passwords import LONGEST, SHORTEST, PassphraseFault
from hotline.proving import Refused
from hotline.web.desk.case_address import address_of
from hotline.web.desk.forms import DeskForm, Needed, say
from hotline.web.desk.languages import mark as _
from hotline.web.desk.need_to_know import ENTER
from hotline.web.desk.page import POST, Page
from hotline.web.desk.second_step import only_at
from hotline.web.desk.session_cookie import AFTERWARDS
from hotline.web.desk.visit import visit

_FAULTS = {
    PassphraseFault.TOO_SHORT: _("This is too short: %(least)s letters or more."),
    PassphraseFault.TOO_LONG: _("This is too long: %(most)s letters at most."),
    PassphraseFault.KNOWN: _("Others know this one, or you have it already. Choose a new one."),
    PassphraseFault.OF_THE_HOUSE: _(
        "This is mostly your name, or words everybody here uses. Take other words."
    ),
    PassphraseFault.TOO_WEAK: _(
        "This is easy to guess. Take four or more words that have nothing to do with each other."
    ),
}
_REFUSED = {
    Refused.WRONG: _("This is not your passphrase of now."),
    Refused.TOO_MANY: _("Too many tries. Wait 15 minutes, then try again."),
}
SAVED = "passphrase_saved"


class NewPassphrase(DeskForm):
    """The first of their own: the one they were given was asked for a moment ago."""

    new = PasswordField(_("New passphrase"), [Needed()])
    again = PasswordField(_("The same once more"), [Needed()])

    def validate_again(self, field: Any) -> None:
        if self.new.data and field.data != self.new.data:
            raise ValidationError(say(_("The two are not the same. Type both again.")))


class ChangedPassphrase(NewPassphrase):
    old = PasswordField(_("Passphrase of now"), [Needed()])


@only_at(Step.REPLACE)
def show() -> ResponseReturnValue:
    return _page(_form_class()())


@only_at(Step.REPLACE)
def change() -> ResponseReturnValue:
    form = _form_class()(request.form)
    if not form.validate() or not _is_kept(form):
        return _page(form), 429 if _has_to_wait(form) else 422
    if visit().member.is_early:
        return redirect(address_of(session.get(AFTERWARDS, "")), 303)
    session[SAVED] = True
    return redirect(url_for("desk.account"), 303)


def _form_class() -> type[NewPassphrase]:
    return NewPassphrase if visit().member.must_replace else ChangedPassphrase


def _is_kept(form: NewPassphrase) -> bool:
    """Whether it is theirs now; else the sentence stands beside its field."""
    here, new = visit(), form.new.data or ""
    outcome: PassphraseFault | Refused | None
    if isinstance(form, ChangedPassphrase):
        outcome = passphrases.change(here.hotline, here.asked, form.old.data or "", new)
    else:
        outcome = passphrases.replace(here.hotline, here.member, new)
    if isinstance(outcome, PassphraseFault):
        form.new.errors = [say(_FAULTS[outcome], least=SHORTEST, most=LONGEST)]
    elif isinstance(outcome, Refused) and isinstance(form, ChangedPassphrase):
        form.old.errors = [say(_REFUSED[outcome])]
    return outcome is None


def _has_to_wait(form: NewPassphrase) -> bool:
    wait = say(_REFUSED[Refused.TOO_MANY])
    return isinstance(form, ChangedPassphrase) and wait in form.old.errors


def _page(form: NewPassphrase) -> str:
    first = visit().member.must_replace
    return render_template("passphrase.html", form=form, first=first, least=SHORTEST)


PAGES = (
    Page("/passphrase", "passphrase", show, ENTER, early=True),
    Page("/passphrase", "change_passphrase", change, ENTER, POST, early=True),
)
