"""Services from a CSV file: every fault is told by its line, and nothing is half put in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline import directory
from hotline.core.listed_service import CATEGORIES, Service
from hotline.core.local_time import day_at
from hotline.core.place_names import folded
from hotline.core.service_csv import COLUMNS, NEEDED, Fault, read_services
from hotline.places import places
from hotline.storage.database import Transaction
from hotline.storage.directory import names_within
from hotline.web.desk.languages import translate
from hotline.web.desk.need_to_know import EDIT_REFERRALS
from hotline.web.desk.page import GET, POST, Page
from hotline.web.desk.referral_words import FILE_FAULTS
from hotline.web.desk.visit import visit

MOST_TOLD = 50
"""Faults told at once; who has more of them mends these first."""


def bring() -> ResponseReturnValue:
    here = visit()
    if request.method not in POST:
        return _page([])
    sent = request.files.get("file")
    data = sent.read() if sent is not None else b""
    if not data:
        return _page([Fault(0, "no_file" if sent is None or not sent.filename else "empty")])
    place_of = cache(_place_of)  # many services of a file are in one place
    read = read_services(data, place_of, day_at(here.hotline.now()))
    faults = read.faults
    if not faults:
        with here.hotline.transaction() as tx:
            faults = _known_already(tx, read.services)
            if not faults:
                services = [service for _, service in read.services]
                directory.put_in_all(here.hotline, tx, services, here.member.id)
    return _page(faults) if faults else redirect(url_for("desk.referrals"), 303)


def _place_of(words: str) -> str | None:
    """A code as it is, or a label that means one place only."""
    names = places()
    if words.isascii() and words.isdigit():
        return words if names.at(words) is not None else None
    place = names.meant_by(words, names.find(words))
    return place.code if place is not None else None


def _known_already(tx: Transaction, services: Sequence[tuple[int, Service]]) -> list[Fault]:
    """Two lines for one service would split what is known of it."""
    wanted = {service.place for _, service in services}
    known = {
        (place, folded(name))
        for place, *names in names_within(tx, wanted)
        for name in names
        if name
    }
    faults = []
    for line, service in services:
        mine = {(service.place, folded(n)) for n in (service.name_km, service.name_en) if n}
        if mine & known:
            faults.append(Fault(line, "known_already"))
        known |= mine
    return faults


def _page(faults: Sequence[Fault]) -> ResponseReturnValue:
    language = visit().language
    told = [
        (
            fault.line,
            translate(
                language,
                FILE_FAULTS[fault.code],
                column=fault.column,
                codes=" ".join(CATEGORIES),
            ),
        )
        for fault in faults[:MOST_TOLD]
    ]
    page = render_template(
        "service_file.html",
        faults=told,
        more=max(len(faults) - MOST_TOLD, 0),
        columns=COLUMNS,
        needed=NEEDED,
        categories=CATEGORIES,
    )
    return page, 422 if faults else 200


PAGES = (Page("/referrals/file", "import_services", bring, EDIT_REFERRALS, (*GET, *POST)),)
