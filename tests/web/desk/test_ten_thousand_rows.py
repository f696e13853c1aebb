"""With 10,000 rows behind it each list is as short, and asks as little, as with ten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from benchmarks.desk_cases import Years, write_down
from hotline.storage.audit_line import audit_lines
from hotline.storage.caller_message import messages
from hotline.storage.directory import service_categories, services
from hotline.storage.incoming_text import incoming_texts
from hotline.storage.staff_member import staff
from tests.web.desk.desk import Desk
from tests.web.desk.questions import MOST, questions

MANY, PEOPLE = 10_000, 200
LARGEST = 300_000
LISTS = ("/", "/?whose=nobody", "/cases", "/cases?state=closed", "/messages", "/texts",
         "/spellings", "/rota", "/referrals", "/referrals?q=centre", "/people", "/audit",
         "/audit?who=staff:1", "/exports", "/retention", "/settings")  # fmt: skip


@pytest.fixture
def full(desk: Desk) -> Desk:
    write_down(desk.hotline, Years(MANY, 500, (1, 2)))
    now, vault = desk.hotline.now(), desk.hotline.vault
    words = [vault.encrypt(f"srolanh zzq{n}".encode(), "incoming_text.body") for n in range(50)]

    def before(n: int) -> Any:
        return now - timedelta(minutes=MANY - n)

    rows: list[tuple[Any, int, Callable[[int], dict[str, Any]]]] = [
        (audit_lines, MANY, lambda n: {
            "number": 100_000 + n, "at": before(n), "actor": f"staff:{n % 4 + 1}",
            "action": "read_case", "object": "case:K7M4Q", "detail": "", "hash": bytes(32)}),
        (incoming_texts, MANY, lambda n: {
            "id": n + 1, "carrier": "simulator", "sid": f"SM{n}", "caller_id": None,
            "body_sealed": words[n % 50], "received_at": before(n), "how": "none",
            "answered": True}),
        (messages, MANY, lambda n: {
            "kind": "text", "text_id": n + 1, "size": 12, "received_at": before(n),
            "state": "waiting"}),
        (services, MANY, lambda n: {
            "id": n + 1, "name_km": "", "name_en": f"Health centre {n}",
            "search": f"health centre {n}", "place": ("01", "0110", "011001")[n % 3],
            "serves": "all", "hours": "", "phones": "012 000 010", "is_authority": n % 2 == 0,
            "check_due_on": now.date(), "added_at": now, "changed_at": now}),
        (service_categories, MANY, lambda n: {"service_id": n + 1, "category": "health"}),
        (staff, PEOPLE, lambda n: {
            "name": f"Helper {n}", "role": "duty", "language": "km", "created_at": now,
            "phone_sealed": vault.encrypt(b"+85510111999", "staff.phone"),
            "phone_index": n.to_bytes(16, "big")}),
    ]  # fmt: skip
    with desk.hotline.transaction() as tx:
        for table, count, row in rows:
            tx.execute(insert(table), [row(n) for n in range(count)])
    return desk


@pytest.mark.timeout(120)
def test_each_list_stays_short_and_asks_little(full: Desk) -> None:
    bopha = full.staff("Bopha")
    told = {}
    for path in LISTS:
        with questions() as asked:
            answer = bopha.sees(path)
        told[path] = (answer.status_code, len(answer.data), len(asked))
    wrong = {path: each for path, each in told.items() if not is_well(*each)}
    assert wrong == {}, "status, bytes and questions"


def is_well(status: int, size: int, asked: int) -> bool:
    return status == 200 and size < LARGEST and asked <= MOST
