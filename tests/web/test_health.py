"""Alive, ready, and what is wrong when it is not: on a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotline.core.breaker import Health
from hotline.core.events import TextEvent
from hotline.storage import carrier_health, case, finding, heartbeat, outbox_item, rehearsal
from hotline.storage.database import Database, DatabaseAway
from hotline.storage.schema import upgrade
from hotline.web.health import health_blueprint
from hotline.web.metrics import counters_in
from tests.web.line import SmallHotline, app_with

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class HotlineWithDatabase(SmallHotline):
    def __post_init__(self):
        super().__post_init__()
        self.database = Database(
            f"sqlite:///{self.data}/hotline.db", writer_lock=self.data / "writer.lock"
        )

    def reading(self):
        return self.database.reading()


@pytest.fixture
def hotline(tmp_path):
    hotline = HotlineWithDatabase(tmp_path)
    yield hotline
    hotline.database.close()


@pytest.fixture
def client(hotline):
    return app_with(health_blueprint(hotline)).test_client()


def sweep(hotline, at=NOW):
    with hotline.database.transaction() as tx:
        heartbeat.beat(tx, heartbeat.SWEEPER, at)


def put_page(hotline, due):
    with hotline.database.transaction() as tx:
        outbox_item.put_item(
            tx,
            queue="alerts",
            audience="staff",
            prompt="S_STAFF_ALERT",
            body_sealed=b"sealed",
            segments=1,
            idempotency_key=f"page:{due}",
            next_at=due,
            created_at=due,
            updated_at=due,
        )


def ready(client):
    reply = client.get("/readyz")
    return reply.status_code, reply.json


def test_alive_needs_no_database(client):
    assert client.get("/healthz").data == b"alive\n"


def test_a_line_whose_workers_sweep_is_ready(client, hotline):
    upgrade(hotline.database)
    sweep(hotline, NOW - timedelta(seconds=20))
    status, told = ready(client)
    assert (status, told["ready"], told["wrong"]) == (200, True, [])
    assert told["sweeper_age_seconds"] == 20
    assert told["services_checked"] is False  # told, but a late list stops no line
    assert "hotline_services_checked 0" in client.get("/metrics").text


def test_before_the_tables_are_there_it_is_not_ready(client):
    status, told = ready(client)
    assert status == 503
    assert "flask upgrade-database" in told["wrong"][0]


def test_without_workers_it_is_not_ready(client, hotline):
    upgrade(hotline.database)
    assert ready(client)[1]["wrong"] == ["no worker has swept yet: start `python -m workers`"]
    sweep(hotline, NOW - timedelta(seconds=90))
    assert ready(client)[1]["wrong"] == ["no worker has swept for 90 s"]


def test_a_message_nobody_sends_is_told_with_its_age(client, hotline):
    upgrade(hotline.database)
    sweep(hotline)
    put_page(hotline, NOW - timedelta(seconds=61))
    status, told = ready(client)
    assert (status, told["oldest_due_seconds"]) == (503, 61)
    assert told["wrong"] == ["a message has been due for 61 s: nobody is sending"]


def test_a_database_that_is_away_is_told_without_details(client, hotline, monkeypatch):
    def away():
        raise DatabaseAway("/secret/path is locked")

    monkeypatch.setattr(hotline, "reading", away)
    status, told = ready(client)
    assert (status, told["wrong"]) == (503, ["the database does not answer"])
    assert b"hotline_database_up 0" in client.get("/metrics").data


def test_metrics_tell_counts_and_no_people(client, hotline):
    upgrade(hotline.database)
    sweep(hotline, NOW - timedelta(seconds=5))
    put_page(hotline, NOW - timedelta(seconds=30))
    with hotline.database.transaction() as tx:
        case.add_case(tx, b"wrapped", **case_values())
    counters_in(hotline.settings.data).count("hotline_turns_total", carrier="twilio")
    reply = client.get("/metrics")
    lines = reply.text.splitlines()
    assert reply.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert 'hotline_turns_total{carrier="twilio"} 1' in lines
    assert 'hotline_open_cases{priority="P1"} 1' in lines
    assert 'hotline_outbox_items{audience="staff",state="pending"} 1' in lines
    assert "hotline_outbox_oldest_due_seconds 30" in lines
    assert "hotline_sweeper_age_seconds 5" in lines
    assert "hotline_database_up 1" in lines


def pass_over(hotline, *names):
    with hotline.database.transaction() as tx:
        for name in names:
            health = Health(opened_at=NOW, probe_at=NOW, openings=1, told=True)
            carrier_health.save_health(tx, name, "text", 0, health, NOW)
            carrier_health.count_poll(tx, name, "text", NOW)


def test_a_carrier_that_fails_shows_in_the_metrics_and_the_line_stays_ready(client, hotline):
    upgrade(hotline.database)
    sweep(hotline)
    first, second, *_ = hotline.carriers
    pass_over(hotline, first)
    lines = client.get("/metrics").text.splitlines()
    assert f'hotline_carrier_passed_over{{carrier="{first}",direction="text"}} 1' in lines
    assert f'hotline_carrier_passed_over{{carrier="{first}",direction="call"}} 0' in lines
    assert f'hotline_carrier_passed_over{{carrier="{second}",direction="text"}} 0' in lines
    assert f'hotline_carrier_polls{{carrier="{first}",direction="text"}} 1' in lines
    assert ready(client)[0] == 200


def test_without_any_carrier_that_works_it_is_not_ready(client, hotline):
    upgrade(hotline.database)
    sweep(hotline)
    pass_over(hotline, *hotline.carriers)
    status, told = ready(client)
    assert status == 503
    assert told["wrong"][0].startswith("no carrier takes a text")


def case_values():
    return {
        "ref": "K7M2",
        "kind": "missing_child",
        "priority": "P1",
        "reason": "pressed_one",
        "channel": "voice",
        "flags": [],
        "plan_sealed": b"",
        "notes_sealed": b"",
        "opened_at": NOW,
    }


def test_what_waits_in_the_spool_is_told(client, hotline):
    upgrade(hotline.database)
    sweep(hotline)
    hotline.spool.put(TextEvent("simulator", "SM1", "+85512345678", "+85523900900", "juoy"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["wrong"] == ["1 turns or texts wait in the spool: the database was away"]


def test_what_the_auditor_found_is_told_and_only_what_is_ours_makes_it_not_ready(client, hotline):
    upgrade(hotline.database)
    sweep(hotline)
    with hotline.database.transaction() as tx:
        finding.keep_findings(tx, {"nobody_on_call": 1, "calls_too_long": 2}, NOW)
    status, told = ready(client)
    assert (status, told["findings"]) == (200, {"nobody_on_call": 1, "calls_too_long": 2})
    with hotline.database.transaction() as tx:
        finding.keep_findings(tx, {"no_next_step": 3, "disk_nearly_full": 1}, NOW)
    status, told = ready(client)
    assert status == 503
    assert told["wrong"] == [
        "the disk is nearly full",
        "3 open cases had no next step: see docs/operations.md",
    ]
    lines = client.get("/metrics").text.splitlines()
    assert "hotline_cases_without_next_step 3" in lines
    assert 'hotline_findings{what="disk_nearly_full"} 1' in lines
    assert 'hotline_findings{what="nobody_on_call"} 0' in lines


def test_metrics_tell_how_the_last_rehearsal_ended(client, hotline):
    upgrade(hotline.database)
    sweep(hotline)
    assert "hotline_rehearsal_ok" not in client.get("/metrics").text
    for day, state in enumerate(("done", "failed")):
        with hotline.database.transaction() as tx:
            began = NOW - timedelta(days=7 - day)
            known = rehearsal.begin_rehearsal(tx, began, carrier="c", sid="RH", now=began)
            rehearsal.end_rehearsal(tx, known, state, ended_at=began)
        lines = client.get("/metrics").text.splitlines()
        assert f"hotline_rehearsal_ok {int(state == 'done')}" in lines
        assert f"hotline_rehearsal_age_seconds {(7 - day) * 86400}" in lines


def test_the_case_of_a_rehearsal_is_not_counted_as_open(client, hotline):
    upgrade(hotline.database)
    with hotline.database.transaction() as tx:
        case.add_case(tx, b"wrapped", **case_values() | {"kind": "rehearsal"})
    assert "hotline_open_cases{" not in client.get("/metrics").text
