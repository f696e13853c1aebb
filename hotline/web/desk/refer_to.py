"""The gate: the caller is asked about one service, on the phone, in words that are read aloud."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput

from hotline import referring
from hotline.core import referral as rules
from hotline.core.callback_plan import is_of_a_child
from hotline.core.referral import Asked
from hotline.safe_calling import known_of
from hotline.storage.database import Transaction
from hotline.web.desk.case_door import note, readable_or_404, writable_or_404
from hotline.web.desk.forms import DeskForm, at_most, say, tidy
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import POST, Page
from hotline.web.desk.refer import LONGEST_WORDS, doors
from hotline.web.desk.referral_words import BEGIN_FAULTS
from hotline.web.desk.referrals import listed, name_of
from hotline.web.desk.services import service_or_404
from hotline.web.desk.visit import Visit, visit
from hotline.web.desk.words import in_words

ASK_ADULT = _(
    "%(service)s may be able to help you. If you agree, I tell them what I read to you now, and"
    " nothing else. You may say no. You may stop at any time. If you say no, we still help you."
    " Do you agree?"
)
ASK_CHILD = _(
    "There are people who may be able to help you: %(service)s. If you want, I tell them what I"
    " read to you now, and nothing else. It is for you to decide. You may say no, and you may stop"
    " at any time. Nobody will be angry with you. Shall I tell them?"
)


class AskForm(DeskForm):
    """What the caller said to this one referral."""

    passed_on = SelectMultipleField(
        _("What may they be told?"),
        choices=[],
        validate_choice=False,
        option_widget=CheckboxInput(),
    )
    words = TextAreaField(_("A few words of mine"), [at_most(LONGEST_WORDS)], **tidy())
    answer = RadioField(_("What does the caller say?"), choices=[], validate_choice=False)
    said_by = RadioField(_("Who said yes?"), choices=[], validate_choice=False)
    reason = TextAreaField(_("Why this cannot wait for a yes"), [at_most(LONGEST_WORDS)], **tidy())

    def __init__(self, typed: Any, language: str, answers: list[str]) -> None:
        super().__init__(typed)
        fill = (
            (self.passed_on, "passed_on", rules.FIELDS),
            (self.answer, "referral_answer", answers),
            (self.said_by, "who_said", rules.WHO_SAID),
        )
        for field, group, codes in fill:
            field.choices = [(code, in_words(language, group, code)) for code in codes]

    def asked(self) -> Asked:
        ticked = [name for name in rules.FIELDS if name in (self.passed_on.data or ())]
        return Asked(
            answer=self.answer.data or "",
            said_by=self.said_by.data or "",
            fields=ticked,
            words=self.words.data or "",
            reason=self.reason.data or "",
        )

    def add_fault(self, code: str) -> None:
        name, sentence = BEGIN_FAULTS[code]
        field: Any = self[name]
        field.errors = [*field.errors, say(sentence)]


def show(ref: str, service: int) -> ResponseReturnValue:
    return _page(ref, service, None)


def begin(ref: str, service: int) -> ResponseReturnValue:
    here = visit()
    form = AskForm(request.form, here.language, list(rules.ANSWERS))
    if not form.validate():
        return _page(ref, service, form)
    with here.hotline.transaction() as tx:
        case = writable_or_404(tx, here, ref)
        row = service_or_404(tx, service)
        begun = referring.begin(here.hotline, tx, case, row, form.asked(), here.member.id)
    if begun.fault is not None:
        form.add_fault(begun.fault)
        return _page(ref, service, form)
    here.hotline.ring({"alerts"})
    return redirect(url_for("desk.refer", ref=ref), 303)


def _page(ref: str, service: int, sent: AskForm | None) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        case = readable_or_404(tx, here, ref)
        row = service_or_404(tx, service) if sent is not None else _in_use(tx, service)
        note(tx, here, case, "read_case", "referrals")
    with here.hotline.reading() as tx:
        known = known_of(here.hotline, tx, case)
        if known is None:
            abort(404)
        is_child = is_of_a_child(known.told.plan, known.told.notes)
        form = sent or AskForm(None, here.language, list(rules.ANSWERS))
        page = render_template(
            "refer_to.html",
            case=case,
            form=form,
            service=listed(here, tx, [row])[0],
            doors=doors(here, tx),
            is_child=is_child,
            read_aloud=_aloud(here, row, is_child),
        )
    return page, 422 if sent is not None else 200


def _aloud(here: Visit, row: Any, is_child: bool) -> list[tuple[str, str]]:
    """In Khmer first, whatever language the desk is read in."""
    words = ASK_CHILD if is_child else ASK_ADULT
    languages = dict.fromkeys(("km", here.language))
    return [(lang, translate(lang, words, service=name_of(row, lang))) for lang in languages]


def _in_use(tx: Transaction, number: int) -> Any:
    row = service_or_404(tx, number)
    return row if row.is_active else abort(404)


PAGES = (
    Page("/cases/<ref>/refer/<int:service>", "refer_to", show, WORK_CASES),
    Page("/cases/<ref>/refer/<int:service>", "begin_referral", begin, WORK_CASES, POST),
)
