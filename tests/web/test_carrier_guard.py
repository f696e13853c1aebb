"""Who gets past the guard: the carrier itself, at the address it asked for, and nobody else."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import parse_qsl, urlencode

import pytest
from flask import Blueprint
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from hotline.web.carrier_guard import LARGEST_BODY, add_webhook, split_form
from hotline.web.metrics import Counters
from tests.carriers.conftest import BASE, make_carriers, token_of
from tests.web.line import CALL, SmallHotline, app_with, signed

TURN = "/calls/twilio/turn"


@pytest.fixture
def seen():
    return []


@pytest.fixture
def counters(tmp_path):
    return Counters(tmp_path / "counts")


def client_for(hotline, counters, seen):
    def view(webhook):
        seen.append(webhook)
        return "<Response/>"

    blueprint = Blueprint("guarded", __name__)
    add_webhook(blueprint, hotline, counters, "/calls/<carrier>/turn", view)
    return app_with(blueprint).test_client()


@pytest.fixture
def client(tmp_path, counters, seen):
    return client_for(SmallHotline(tmp_path), counters, seen)


def test_a_signed_webhook_comes_through_with_its_fields(client, seen):
    reply = client.post(TURN + "?n=3", **signed(TURN + "?n=3", CALL | {"Digits": "1"}))
    assert (reply.status_code, reply.mimetype, reply.data) == (200, "text/xml", b"<Response/>")
    assert seen[0].carrier.name == "twilio"
    assert seen[0].fields["Digits"] == "1"
    assert seen[0].query == {"n": "3"}


def refused(client, seen, **request):
    reply = client.post(TURN, **request)
    assert seen == []
    return reply.status_code


def test_without_a_signature_it_is_403(client, seen):
    assert refused(client, seen, data=CALL) == 403


def test_with_an_empty_or_wrong_signature_it_is_403(client, seen):
    for signature in ("", "bm90IGl0", "é", "x" * 10_000):
        headers = {"X-Twilio-Signature": signature}
        assert refused(client, seen, data=CALL, headers=headers) == 403


def test_with_another_carriers_token_it_is_403(client, seen):
    assert refused(client, seen, **signed(TURN, CALL, carrier="somleng")) == 403


def test_a_carrier_we_do_not_have_is_403(client, seen):
    path = "/calls/nobody/turn"
    assert client.post(path, **signed(path, CALL)).status_code == 403
    assert seen == []


def test_a_changed_field_is_403(client, seen):
    request = signed(TURN, CALL)
    request["data"] = request["data"].replace("12345678", "12345679")
    assert refused(client, seen, **request) == 403


def test_refusals_are_counted(client, seen, counters):
    refused(client, seen, data=CALL)
    client.post("/calls/nobody/turn", data=CALL)
    totals = counters.totals()
    assert totals["hotline_signature_refusals_total", (("carrier", "twilio"),)] == 1
    assert totals["hotline_signature_refusals_total", (("carrier", "unknown"),)] == 1


def test_a_refusal_quotes_nothing_of_the_request(client):
    reply = client.post(TURN, data=CALL, headers={"X-Twilio-Signature": "x"})
    assert b"12345678" not in reply.data


def test_behind_a_proxy_that_ends_tls_the_public_address_counts(client, seen):
    request = signed(TURN, CALL)
    request["headers"] |= {"Host": "127.0.0.1:8000", "X-Forwarded-Proto": "http"}
    assert client.post(TURN, **request).status_code == 200


def test_what_a_stranger_says_about_the_host_does_not_count(client, seen):
    request = signed(TURN, CALL, base="https://evil.example")
    request["headers"] |= {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    assert refused(client, seen, **request) == 403


@pytest.mark.parametrize(
    "query", ["x=%E1%9E%80%2F", "x=%e1%9e%80", "x=a%20b+c", "x=~%7E", "n=1&n=2", "x=%25"]
)
def test_percent_signs_in_the_address_are_kept_as_sent(client, seen, query):
    target = f"{TURN}?{query}"
    assert client.post(target, **signed(target, CALL)).status_code == 200


def test_of_a_repeated_key_the_first_counts(client, seen):
    form = [*CALL.items(), ("X", "b"), ("X", "a"), ("X", "b")]
    assert client.post(TURN, **signed(TURN, form)).status_code == 200
    assert seen[0].fields["X"] == "b"


def test_an_unknown_new_field_is_part_of_the_signature(client, seen):
    assert client.post(TURN, **signed(TURN, CALL | {"Newfangled": "ក"})).status_code == 200


@pytest.mark.parametrize("signed_base", [BASE, BASE + ":443"])
def test_a_carrier_may_sign_the_usual_port_or_leave_it_out(client, seen, signed_base):
    assert client.post(TURN, **signed(TURN, CALL, base=signed_base)).status_code == 200


def test_a_port_of_our_own_must_be_signed(tmp_path, counters, seen):
    base = "https://line.example.org:8443"
    hotline = SmallHotline(tmp_path, base=base, carriers=make_carriers(base))
    client = client_for(hotline, counters, seen)
    assert client.post(TURN, **signed(TURN, CALL, base=base)).status_code == 200
    assert (
        client.post(TURN, **signed(TURN, CALL, base="https://line.example.org:9")).status_code
        == 403
    )


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "options", "head"])
def test_any_other_method_is_405(client, seen, method):
    assert getattr(client, method)(TURN).status_code == 405
    assert seen == []


@pytest.mark.parametrize("path", [TURN + "/", "//calls/twilio/turn", "/calls//twilio/turn"])
def test_a_slash_too_many_is_404_and_never_a_redirect(client, path):
    assert client.post(path, **signed(path, CALL)).status_code == 404


def test_a_body_over_64_kib_is_413(client, seen):
    request = signed(TURN, CALL | {"Body": "x" * LARGEST_BODY})
    assert refused(client, seen, **request) == 413


def test_a_body_of_just_64_kib_is_read(client, seen):
    room = LARGEST_BODY - len(signed(TURN, CALL | {"X": ""})["data"])
    request = signed(TURN, CALL | {"X": "x" * room})
    assert len(request["data"]) == LARGEST_BODY
    assert client.post(TURN, **request).status_code == 200


def test_a_broken_body_is_400(client, seen):
    headers = {"X-Twilio-Signature": "x"}
    form = "application/x-www-form-urlencoded"
    for content_type, data in [
        (form, b"\xff\xfe=1"),
        (form, b"x=%ff"),
        (form, b"&".join(b"x=%d" % n for n in range(300))),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("text/plain", b"hello"),
    ]:
        request = {"data": data, "content_type": content_type, "headers": headers}
        assert refused(client, seen, **request) == 400


def test_a_field_we_cannot_use_is_400(tmp_path, counters):
    def view(webhook):
        webhook.carrier.read_call(webhook.fields, webhook.query)
        return "<Response/>"

    blueprint = Blueprint("guarded", __name__)
    add_webhook(blueprint, SmallHotline(tmp_path), counters, "/calls/<carrier>/turn", view)
    client = app_with(blueprint).test_client()
    for target, form in [(TURN + "?n=x", CALL), (TURN + "?n=1", {"From": "+85512345678"})]:
        assert client.post(target, **signed(target, form)).status_code == 400


def json_request(body: bytes, target: str):
    signature = RequestValidator(token_of("twilio")).compute_signature(BASE + target, {})
    return {
        "data": body,
        "content_type": "application/json; charset=utf-8",
        "headers": {"X-Twilio-Signature": signature},
    }


def test_a_json_body_with_its_hash_in_the_address_comes_through(client, seen):
    body = json.dumps(CALL | {"SequenceNumber": 3, "Nothing": None}).encode()
    target = f"{TURN}?n=1&bodySHA256={hashlib.sha256(body).hexdigest()}"
    assert client.post(target, **json_request(body, target)).status_code == 200
    assert seen[0].fields["SequenceNumber"] == "3"
    assert "Nothing" not in seen[0].fields


def test_a_json_body_that_was_changed_is_403(client, seen):
    target = f"{TURN}?bodySHA256={hashlib.sha256(b'{}').hexdigest()}"
    assert client.post(target, **json_request(b'{"From": "x"}', target)).status_code == 403


def test_a_json_body_without_a_hash_is_403(client, seen):
    assert client.post(TURN, **json_request(b"{}", TURN)).status_code == 403


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b'"x"'])
def test_a_json_body_that_is_no_object_is_400(client, body):
    target = f"{TURN}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    assert client.post(target, **json_request(body, target)).status_code == 400


encoded = st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=6)


@given(encoded.map(lambda pairs: urlencode([(_whole(k), _whole(v)) for k, v in pairs])))
@settings(max_examples=200)
def test_a_form_is_split_as_the_standard_library_would(form):
    assert split_form(form) == parse_qsl(form, keep_blank_values=True)


@given(st.text(alphabet="ab=&+%41 ", max_size=20))
@settings(max_examples=300)
def test_even_a_form_that_is_hardly_one(form):
    try:
        expected = parse_qsl(form, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(ValueError, match="codec"):
            split_form(form)
    else:
        assert split_form(form) == expected


def _whole(text):
    return text.encode("utf-8", "ignore").decode()
