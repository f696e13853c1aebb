"""The sheet of one referral: a page to print, or a file for the other side's computer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from hotline import referring
from hotline.core import referral as rules
from hotline.core.local_time import PHNOM_PENH, day_at
from hotline.core.safe_call import NOT_ASKED, stands_against
from hotline.core.service_csv import write_services
from hotline.safe_calling import Known, known_of
from hotline.storage.database import Transaction
from hotline.storage.directory import get_service
from hotline.web.desk.case_door import readable_or_404
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate
from hotline.web.desk.need_to_know import WORK_CASES
from hotline.web.desk.page import Page
from hotline.web.desk.plan_words import as_dialled
from hotline.web.desk.refer import referral_or_404
from hotline.web.desk.referral_facts import EXPORT_NAMES, Fact, facts_of
from hotline.web.desk.visit import Visit, visit

_CONSENTS = {
    "caller": _("The caller agreed by phone to this referral"),
    "child": _("The child agreed by phone to this referral"),
    "both": _("The caller and the child agreed by phone to this referral"),
}
_WITHOUT = _("Without consent: a child is in danger now")
_WORDS = {
    "confidential": _("Confidential: only for the person it is handed to"),
    "title": _("Referral"),
    "reference": _("Reference"),
    "date": _("Date"),
    "sender": _("From"),
    "desk": _("Child Club desk"),
    "receiver": _("To"),
    "consent": _("Consent"),
    "agreed": _("What the caller agreed to be passed on"),
    "danger": _("What is passed on because a child is in danger"),
    "unknown": _("not known"),
    "do_not_call": _(
        "Do not ring the caller without talking to us first: a call may bring danger."
    ),
    "home": _(
        "Do not tell the family or go to the home unless the caller asked for it. Ask "
        "the caller no more than you need."
    ),
    "tell_us": _("Tell us when you have reached the caller, with the reference only."),
    "handed_over_by": _("Handed over by"),
    "received_by": _("Received by, date"),
}
"""What is printed on every sheet, in both languages."""
_SUBJECTS = {"caller": "caregiver", "child": "individual", "both": "individual"}
_FORMS = {"json": "application/json; charset=utf-8", "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that leaves the desk, read in one go; that it was read has been noted."""

    case: Any
    row: Any
    service: Any
    facts: Sequence[Fact]
    do_not_call: bool


def show(ref: str, number: int) -> ResponseReturnValue:
    here = visit()
    with here.hotline.transaction() as tx:
        sheet = _read(tx, here, ref, number, "page")
    now = here.hotline.now().astimezone(PHNOM_PENH)
    asked_at = sheet.row.asked_at.astimezone(PHNOM_PENH)
    return render_template(
        "referral_sheet.html",
        case=sheet.case,
        row=sheet.row,
        service=sheet.service,
        facts=sheet.facts,
        do_not_call=sheet.do_not_call,
        consent=_consent(sheet.row),
        consent_at=f"{asked_at:%d/%m/%Y %H:%M}",
        printed=f"{now:%d/%m/%Y}",
        our_phone=as_dialled(here.hotline.settings.number),
        words=_WORDS,
        km=lambda english: translate("km", english),
    )


def download(ref: str, number: int, form: str) -> ResponseReturnValue:
    """The same ticks for a computer."""
    here = visit()
    if form not in _FORMS:
        abort(404)
    with here.hotline.transaction() as tx:
        sheet = _read(tx, here, ref, number, form)
    told = _for_computer(sheet)
    if form == "json":
        data = json.dumps(told, ensure_ascii=False, indent=1).encode()
    else:
        cells = {name: _in_cell(value) for name, value in told.items()}
        data = write_services([cells], list(cells))
    answer = Response(data, content_type=_FORMS[form])
    name = f"referral-{sheet.case.ref}-{sheet.row.number}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _read(tx: Transaction, here: Visit, ref: str, number: int, how: str) -> Sheet:
    """Nothing goes out once the caller took their yes back: then there is no sheet."""
    case = readable_or_404(tx, here, ref)
    row = referral_or_404(tx, case, number)
    if not rules.may_print(row.state, row.answer, row.fields):
        abort(404)
    known = known_of(here.hotline, tx, case)
    if known is None:
        abort(404)
    facts = facts_of(here.hotline, tx, case, row, known)
    referring.note_printed(here.hotline, tx, case, row, here.member.id, how)
    service = get_service(tx, row.service_id)
    return Sheet(case, row, service, facts, _must_not_ring(row, case, known))


def _must_not_ring(row: Any, case: Any, known: Known) -> bool:
    """A caller who agreed to this handover, and was asked nothing else, agreed to be rung."""
    against = stands_against(known.told.plan, case.flags)
    is_agreed = row.answer == rules.YES and against == NOT_ASKED
    return rules.NUMBER in row.fields and against is not None and not is_agreed


def _consent(row: Any) -> str:
    return _WITHOUT if row.answer == rules.MUST else _CONSENTS[row.said_by]


def _for_computer(sheet: Sheet) -> dict[str, Any]:
    """Names of fields as other casework programs have them, where they have one."""
    row, service = sheet.row, sheet.service
    is_agreed = row.answer == rules.YES
    told: dict[str, Any] = {
        "external_id": f"{sheet.case.ref}/{row.number}",
        "date_of_referral": day_at(row.asked_at).isoformat(),
        "referred_from": "Child Club",
        "referred_to": service.name_en or service.name_km,
        "consent_for_services": is_agreed,
        "disclosure_other_orgs": is_agreed,
        "consent_overridden": not is_agreed,
        "interview_subject": _SUBJECTS[row.said_by] if is_agreed else None,
        "do_not_call": sheet.do_not_call,
    }
    return told | {EXPORT_NAMES[fact.name]: fact.codes for fact in sheet.facts}


def _in_cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(f"{one['question']} {one['answer']}" for one in value)
    return str(value or "")


_WHERE = "/cases/<ref>/sheet/<int:number>"
PAGES = (
    Page(_WHERE, "referral_sheet", show, WORK_CASES, proves=True),
    Page(f"{_WHERE}/<form>", "referral_file", download, WORK_CASES, proves=True),
)
