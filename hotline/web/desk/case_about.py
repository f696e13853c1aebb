"""What a case was about, where and for whom: a form of its own, for the counts."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from hotline import cases, describing
from hotline.describing import FACTS
from hotline.places import places
from hotline.told import Told
from hotline.web.desk.case_door import kept_or_404, note
from hotline.web.desk.case_news import news_for
from hotline.web.desk.case_seen import CaseForm, back_to, version_seen
from hotline.web.desk.describing_words import NAMES, chi_choices
from hotline.web.desk.forms import say
from hotline.web.desk.languages import mark as _
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import POST, Page
from hotline.web.desk.visit import Visit, visit
from hotline.web.desk.words import in_words

_NOTHING = _("– not known –")


class AboutForm(CaseForm):
    chi = SelectField(_("What was it about?"))
    local = SelectField(_("Our own category beside it"))
    place = SelectField(_("Where the child lives, or is missing from"))
    contact = SelectField(NAMES["contact"])
    relation = SelectField(NAMES["relation"])
    age = SelectField(NAMES["age"])
    gender = SelectField(NAMES["gender"])
    living = SelectField(NAMES["living"])
    heard = SelectField(NAMES["heard"])
    vulnerable = SelectMultipleField(
        NAMES["vulnerable"], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def offers(self, here: Visit) -> None:
        """What may be chosen, in the reader's language."""
        nothing, language = ("", say(_NOTHING)), here.language
        self.chi.choices = {"": [nothing], **dict(chi_choices(here.hotline, language))}
        ours = [(one.code, one.words(language)) for one in here.hotline.categories.local]
        self.local.choices = [nothing, *ours]
        self.place.choices = {"": [nothing], **_places(language)}
        for name in FACTS:
            options = [(code, in_words(language, f"fact_{name}", code)) for code in FACTS[name]]
            field: Any = self[name]
            field.choices = options if name == "vulnerable" else [nothing, *options]

    def facts(self) -> dict[str, str | list[str]]:
        chosen = {name: self[name].data for name in FACTS}
        return {name: value for name, value in chosen.items() if value}


def show(ref: str) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        case = kept_or_404(tx, here, ref)
        note(tx, here, case, "read_case", "facts")
        told = cases.read(here.hotline, tx, case)
        form = _as_kept(here, case, told)
        form.shows(tx, case)
    return _page(case, form)


def write_down(ref: str) -> ResponseReturnValue:
    here, form = visit(), AboutForm(request.form)
    form.offers(here)
    is_fit = form.validate()
    with here.hotline.transaction() as tx:
        case = kept_or_404(tx, here, ref, closed_too=True)
        done = is_fit and describing.describe(
            here.hotline,
            tx,
            case,
            here.member.id,
            chi=form.chi.data or None,
            local=form.local.data or None,
            place=form.place.data or None,
            facts=form.facts(),
            version=version_seen(),
        )
        if is_fit and not done:
            form.news = news_for(here, tx, case)
        form.shows(tx, case)
    if done:
        return back_to(ref)
    return _page(case, form), 409 if is_fit else 422


def _as_kept(here: Visit, case: Any, told: Told) -> AboutForm:
    """What was written down before; else what the kind of the case makes likely."""
    facts = describing.facts_of(told, case)
    chi, local = here.hotline.categories.first_for(case.kind, case.chi, case.local_code)
    if case.facts_sealed is not None:  # somebody chose, also where they chose nothing
        chi, local = case.chi or "", case.local_code or ""
    given: dict[str, Any] = {"chi": chi, "local": local, "place": case.place or "", **facts}
    form = AboutForm(data=given)
    form.offers(here)
    return form


def _page(case: Any, form: AboutForm) -> str:
    return render_template("case_about.html", case=case, form=form)


def _places(language: str) -> dict[str, list[tuple[str, str]]]:
    """Under each province the province itself, for who knows no more, and its districts."""
    known = places()
    return {
        province.name(language): [
            (province.code, province.name(language)),
            *((one.code, f"\u2013 {one.name(language)}") for one in known.within(province.code)),
        ]
        for province in known.within("")
    }


PAGES = (
    Page("/cases/<ref>/about", "case_about", show, WORK_CASES),
    Page("/cases/<ref>/about", "describe_case", write_down, WORK_CASES, POST),
)
