"""Texts at the edge: always 200 and never a reply in the HTTP body."""

from __future__ import annotations

import pytest

from hotline.storage.database import DatabaseAway
from hotline.web import text_webhooks
from hotline.web.metrics import counters_in
from tests.web.line import MOTHER, SmallHotline, app_with, signed

TEXT = {"MessageSid": "SM1", "AccountSid": "AC1", "From": MOTHER, "To": "+85523900900"}
EMPTY = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'


@pytest.fixture
def hotline(tmp_path):
    return SmallHotline(tmp_path)


@pytest.fixture
def client(hotline):
    return app_with(text_webhooks.text_blueprint(hotline)).test_client()


@pytest.fixture
def texts(monkeypatch):
    texts = []

    def take_text(_hotline, _tx, event):
        texts.append(event)
        return frozenset({"replies"})

    monkeypatch.setattr(text_webhooks.texting, "take_text", take_text)
    return texts


def ask(client, target, carrier="twilio", **fields):
    reply = client.post(target, **signed(target, TEXT | fields, carrier))
    assert (reply.status_code, reply.data) == (200, EMPTY)


def test_a_text_is_kept_then_the_workers_are_woken(client, hotline, texts):
    ask(client, "/texts/twilio/incoming", Body="ជួយ", NumMedia="0")
    assert (texts[0].body, texts[0].from_number) == ("ជួយ", MOTHER)
    assert hotline.did == ["committed", "rang replies"]


def test_a_text_may_have_no_body_at_all(client, texts):
    ask(client, "/texts/somleng/incoming", "somleng", NumMedia="1")
    assert (texts[0].body, texts[0].media) == ("", 1)


def test_a_stop_that_the_carrier_acted_on_says_so(client, texts):
    ask(client, "/texts/twilio/incoming", Body="STOP", OptOutType="STOP")
    assert texts[0].opt_out == "STOP"


def test_a_text_the_database_cannot_take_waits_in_the_spool(client, hotline, texts):
    hotline.database_error = DatabaseAway("locked")
    ask(client, "/texts/twilio/incoming", Body="HELP")
    assert hotline.spool.count() == (1, 0)
    totals = counters_in(hotline.settings.data).totals()
    assert ("hotline_texts_lost_total", (("carrier", "twilio"),)) not in totals


def test_a_text_that_cannot_even_wait_is_still_200_and_counted(client, hotline, texts):
    hotline.database_error = DatabaseAway("locked")
    (hotline.data / "spool").write_text("no folder: as on a full disk")
    ask(client, "/texts/twilio/incoming", Body="HELP")
    totals = counters_in(hotline.settings.data).totals()
    assert totals["hotline_texts_lost_total", (("carrier", "twilio"),)] == 1


def test_a_text_without_an_id_is_400(client, texts):
    target = "/texts/twilio/incoming"
    form = {"From": MOTHER, "To": "1294", "Body": "x"}
    assert client.post(target, **signed(target, form)).status_code == 400
    assert texts == []


def test_an_unsigned_text_is_403(client, texts):
    assert client.post("/texts/twilio/incoming", data=TEXT).status_code == 403
    assert texts == []


def test_a_receipt_is_noted_and_a_lost_page_wakes_the_ladder(client, hotline, monkeypatch):
    noted = []

    def take_receipt(_hotline, _tx, receipt):
        noted.append(receipt)
        return frozenset({"chores"})

    monkeypatch.setattr(text_webhooks.receipts, "take_receipt", take_receipt)
    ask(client, "/texts/twilio/status?t=17", MessageStatus="undelivered", ErrorCode="30005")
    (receipt,) = noted
    assert (receipt.sid, receipt.state, receipt.error) == ("SM1", "undelivered", "30005")
    assert receipt.ticket == "17"
    assert hotline.did == ["committed", "rang chores"]


def test_a_receipt_that_cannot_be_noted_is_still_200(client, hotline):
    hotline.database_error = DatabaseAway("locked")
    ask(client, "/texts/twilio/status", MessageStatus="delivered")
