"""Every page of the desk, in the order of the menu. Each names what it needs beside its view."""

from __future__ import annotations

from flask import abort
from flask.typing import ResponseReturnValue

from hotline.web.desk import (
    account,
    audit,
    callers_messages,
    calling_back,
    case,
    case_about,
    case_date,
    case_hand_over,
    case_number,
    case_opening,
    case_work,
    cases,
    exports,
    ladder_settings,
    message_work,
    one_message,
    open_cases,
    passkey_pages,
    passphrase,
    people,
    person,
    prove,
    refer,
    refer_to,
    referral_sheet,
    referrals,
    retention,
    rota,
    rota_decisions,
    rota_swaps,
    rotations,
    second_factor_pages,
    second_step,
    service_file,
    services,
    settings,
    sign_in,
    spellings,
    staff_phone,
    texts_not_understood,
    voice_message,
)
from hotline.web.desk.need_to_know import ENTER
from hotline.web.desk.page import POST, Page


def _nowhere(rest: str) -> ResponseReturnValue:
    abort(404)


_ANY = ("GET", *POST, "PUT", "PATCH", "DELETE")
PAGES = (
    *sign_in.PAGES,
    *open_cases.PAGES,
    *cases.PAGES,
    *case.PAGES,
    *case_work.PAGES,
    *case_number.PAGES,
    *case_opening.PAGES,
    *case_about.PAGES,
    *case_date.PAGES,
    *case_hand_over.PAGES,
    *calling_back.PAGES,
    *voice_message.PAGES,
    *callers_messages.PAGES,
    *one_message.PAGES,
    *message_work.PAGES,
    *texts_not_understood.PAGES,
    *spellings.PAGES,
    *rota.PAGES,
    *rota_swaps.PAGES,
    *rota_decisions.PAGES,
    *rotations.PAGES,
    *referrals.PAGES,
    *services.PAGES,
    *service_file.PAGES,
    *refer.PAGES,
    *refer_to.PAGES,
    *referral_sheet.PAGES,
    *people.PAGES,
    *person.PAGES,
    *staff_phone.PAGES,
    *audit.PAGES,
    *exports.PAGES,
    *retention.PAGES,
    *settings.PAGES,
    *ladder_settings.PAGES,
    *account.PAGES,
    *second_step.PAGES,
    *second_factor_pages.PAGES,
    *passkey_pages.PAGES,
    *passphrase.PAGES,
    *prove.PAGES,
    Page("/<path:rest>", "nowhere", _nowhere, ENTER, _ANY),
)
BY_ENDPOINT = {f"desk.{page.name}": page for page in PAGES}
