"""What we ask of a carrier's API, and what each way of failing means. Runs over every carrier."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys

import pytest

from hotline.carriers import KINDS
from hotline.carriers.protocol import CarrierRefused, CarrierUnavailable, CarrierUnknown
from hotline.carriers.rest import LARGEST_RECORDING, RestLine
from tests.carriers.conftest import BASE, LINE, token_of
from tests.carriers.loopback import Reply, loopback_carrier

ACCOUNT = "AC" + "0a" * 16
API = f"/2010-04-01/Accounts/{ACCOUNT}"
CHILD = "+85596234567"
# What Somleng reads of a new call (its request schema); anything else would be ignored or refused.
SOMLENG_CALL = {"To", "From", "Url", "Method", "Twiml", "StatusCallback", "StatusCallbackMethod"}
SOMLENG_TEXT = {"To", "From", "Body", "StatusCallback", "ValidityPeriod", "SmartEncoded"}


@pytest.fixture
def api():
    with loopback_carrier() as server:
        yield server


def make_carrier(name, url, *, read_seconds=5.0):
    kind, _ = KINDS[name]
    rest = RestLine(ACCOUNT, token_of(name), url, connect_seconds=1.0, read_seconds=read_seconds)
    return kind(name, token_of(name), rest, base_url=BASE, line=LINE)


@pytest.fixture(params=sorted(KINDS))
def carrier(request, api):
    return make_carrier(request.param, api.url)


def error(code, status=400):
    return Reply(status, {"code": code, "message": f"cannot send to {CHILD}", "status": status})


def test_a_text_goes_out_with_all_that_its_receipts_need(carrier, api):
    api.will(Reply(201, {"sid": "SM9", "status": "queued"}))
    assert carrier.send_text(CHILD, "សូមអរគុណ", ticket="ob-9") == "SM9"
    (asked,) = api.asked
    assert (asked["method"], asked["path"]) == ("POST", f"{API}/Messages.json")
    assert asked["login"] == f"{ACCOUNT}:{token_of(carrier.name)}"
    assert asked["form"] == {
        "To": CHILD,
        "From": LINE,
        "Body": "សូមអរគុណ",
        "SmartEncoded": "false",
        "StatusCallback": f"{BASE}/texts/{carrier.name}/status?t=ob-9",
    }
    assert asked["form"].keys() <= SOMLENG_TEXT


def test_a_call_is_placed_with_an_address_to_ask(carrier, api):
    api.will(Reply(201, {"sid": "CA9"}))
    path = f"/calls/{carrier.name}/incoming?w=1"
    assert carrier.place_call(CHILD, path, ticket="cb-17") == "CA9"
    form = api.asked[0]["form"]
    ring = form.pop("Timeout", None)
    assert ring == (None if carrier.name == "somleng" else "30")
    assert form == {
        "To": CHILD,
        "From": LINE,
        "Url": f"{BASE}{path}&t=cb-17",
        "Method": "POST",
        "StatusCallback": f"{BASE}/calls/{carrier.name}/status?t=cb-17",
        "StatusCallbackMethod": "POST",
    }
    assert form.keys() <= SOMLENG_CALL


def test_an_unnamed_text_has_no_ticket(carrier, api):
    api.will(Reply(201, {"sid": "SM9"}))
    carrier.send_text(CHILD, "x")
    assert api.asked[0]["form"]["StatusCallback"] == f"{BASE}/texts/{carrier.name}/status"


def test_many_texts_share_one_connection(carrier, api):
    api.will(*[Reply(201, {"sid": f"SM{n}"}) for n in range(5)])
    for n in range(5):
        assert carrier.send_text(CHILD, "x") == f"SM{n}"
    assert api.connections == 1


@pytest.mark.parametrize(
    ("reply", "code", "scope"),
    [
        (error(21211), "21211", "number"),
        (error("21211"), "21211", "number"),
        (error(21610), "21610", "number"),
        (error("S1007", 422), "S1007", "number"),
        (error(21606), "21606", "config"),
        (error("20422", 422), "20422", "config"),
        (error(20003, 401), "20003", "config"),
        (error("S1005", 422), "S1005", "config"),
        (error(30007), "30007", "filtered"),
        (error(29999), "29999", "number"),
        (error("nonsense", 403), "403", "config"),
        (Reply(404, b"not json"), "404", "config"),
        (Reply(400, b""), "400", "number"),
    ],
)
def test_a_refusal_is_final_and_says_whose_fault_it_is(carrier, api, reply, code, scope):
    api.will(reply)
    with pytest.raises(CarrierRefused) as caught:
        carrier.send_text(CHILD, "x")
    assert (caught.value.code, caught.value.scope) == (code, scope)
    assert caught.value.permanent


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (error(20429, 429), "20429"),
        (Reply(429, b"slow down"), "429"),
        (Reply(500, b"<html>oops"), "500"),
        (Reply(502, b"<html>bad gateway"), "502"),
        (Reply(503, b""), "503"),
        (error(30001), "30001"),
        (error(21611), "21611"),
        (error(30003), "30003"),
        (error("S1002", 422), "S1002"),
    ],
)
def test_a_busy_carrier_is_tried_again(carrier, api, reply, code):
    api.will(reply)
    with pytest.raises(CarrierUnavailable) as caught:
        carrier.send_text(CHILD, "x")
    assert caught.value.code == code
    assert len(api.asked) == 1  # the SDK itself must not have tried again


@pytest.mark.parametrize(
    "reply",
    [
        Reply(cut="before"),
        Reply(504, b"gateway time-out"),
        Reply(201, b"not json"),
        Reply(201, {"status": "queued"}),
        Reply(201, {"sid": ""}),
    ],
    ids=["cut", "gateway", "garbage", "no id", "empty id"],
)
def test_a_text_whose_answer_was_lost_has_an_unknown_fate(carrier, api, reply):
    api.will(reply)
    with pytest.raises(CarrierUnknown):
        carrier.send_text(CHILD, "x")
    assert len(api.asked) == 1


def test_a_carrier_that_never_answers_leaves_the_fate_unknown(api):
    api.will(Reply(cut="never"))
    with pytest.raises(CarrierUnknown) as caught:
        make_carrier("twilio", api.url, read_seconds=0.2).send_text(CHILD, "x")
    assert caught.value.code == "ReadTimeout"


def test_a_carrier_that_is_not_there_was_not_reached():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        carrier = make_carrier("somleng", f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(CarrierUnavailable):
            carrier.send_text(CHILD, "x")


def test_a_name_nobody_knows_was_not_reached():
    with pytest.raises(CarrierUnavailable):
        make_carrier("twilio", "http://carrier.invalid").send_text(CHILD, "x")


def test_no_error_names_the_number(carrier, api):
    for reply in (error(21211), error(20429, 429), Reply(cut="before")):
        api.will(reply)
        with pytest.raises((CarrierRefused, CarrierUnavailable, CarrierUnknown)) as caught:
            carrier.send_text(CHILD, "x")
        assert CHILD not in str(caught.value)
        assert caught.value.__suppress_context__


def test_nothing_of_a_text_is_logged(api, caplog):
    api.will(Reply(201, {"sid": "SM1"}), error(21211))
    carrier = make_carrier("twilio", api.url)
    with caplog.at_level(logging.DEBUG):
        carrier.send_text(CHILD, "secret words")
        with pytest.raises(CarrierRefused):
            carrier.send_text(CHILD, "secret words")
    assert CHILD not in caplog.text
    assert CHILD[1:] not in caplog.text
    assert "secret" not in caplog.text


def test_a_proxy_in_the_environment_is_not_used(carrier, api, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    api.will(Reply(201, {"sid": "SM1"}))
    assert carrier.send_text(CHILD, "x") == "SM1"


def test_the_state_of_a_text_can_be_asked_for(carrier, api):
    api.will(Reply(200, {"sid": "SM1", "status": "failed", "error_code": "30005"}))
    receipt = carrier.text_state("SM1")
    assert (receipt.sid, receipt.state, receipt.error) == ("SM1", "failed", "30005")
    assert api.asked[0]["path"] == f"{API}/Messages/SM1.json"


def test_a_text_the_carrier_does_not_know_has_no_state(carrier, api):
    api.will(error(20404, 404))
    assert carrier.text_state("SM1") is None


@pytest.mark.parametrize("reply", [Reply(cut="before"), Reply(504, b""), Reply(200, b"{}")])
def test_a_question_without_an_answer_is_asked_again(carrier, api, reply):
    api.will(reply)
    with pytest.raises(CarrierUnavailable):
        carrier.text_state("SM1")


def test_the_state_of_a_call_can_be_asked_for(carrier, api):
    api.will(
        Reply(
            200,
            {
                "sid": "CA1",
                "status": "completed",
                "duration": "42",
                "direction": "outbound-api",
                "to": CHILD,
                "from": LINE,
            },
        )
    )
    status = carrier.call_state("CA1")
    assert (status.state, status.seconds, status.is_over) == ("completed", 42, True)
    assert (status.outbound, status.from_number) == (True, CHILD)


def test_a_voice_message_is_fetched_as_mp3_with_our_login(carrier, api):
    api.will(Reply(200, b"ID3 sound"))
    assert carrier.fetch_recording(f"{api.url}{API}/Recordings/RE1") == b"ID3 sound"
    assert api.asked[0]["path"].endswith("/Recordings/RE1.mp3")
    assert api.asked[0]["login"] == f"{ACCOUNT}:{token_of(carrier.name)}"


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/x",
        "https://127.0.0.1/x",
        "file:///etc/passwd",
        "http://api.twilio.com.example.org/x",
        "http://127.0.0.1:99999/x",
        "//127.0.0.1/x",
    ],
)
def test_a_voice_message_is_fetched_from_the_carrier_only(carrier, api, url):
    with pytest.raises(CarrierRefused, match="foreign_host"):
        carrier.fetch_recording(url)
    assert api.asked == []


def test_a_redirect_elsewhere_is_not_followed(carrier, api):
    api.will(Reply(302, b"", {"Location": "http://169.254.169.254/latest"}))
    with pytest.raises(CarrierRefused, match="foreign_host"):
        carrier.fetch_recording(f"{api.url}/RE1.mp3")


def test_a_redirect_on_the_carriers_own_host_is_followed_once(carrier, api):
    api.will(Reply(307, b"", {"Location": "/elsewhere.mp3"}), Reply(200, b"sound"))
    assert carrier.fetch_recording(f"{api.url}/RE1.mp3") == b"sound"
    api.will(Reply(307, b"", {"Location": "/b.mp3"}), Reply(307, b"", {"Location": "/c.mp3"}))
    with pytest.raises(CarrierRefused):
        carrier.fetch_recording(f"{api.url}/RE1.mp3")


def test_a_voice_message_that_is_too_large_is_refused(carrier, api):
    api.will(Reply(200, b"\0" * (LARGEST_RECORDING + 1)))
    with pytest.raises(CarrierRefused, match="too_large"):
        carrier.fetch_recording(f"{api.url}/RE1.mp3")


def test_a_voice_message_not_there_yet_is_asked_for_again(carrier, api):
    api.will(Reply(404, b""))
    with pytest.raises(CarrierUnavailable):
        carrier.fetch_recording(f"{api.url}/RE1.mp3")


def test_a_voice_message_is_deleted_where_that_is_possible(carrier, api):
    api.will(Reply(204))
    assert carrier.delete_recording("RE1") is carrier.capabilities.can_delete_recordings
    if carrier.capabilities.can_delete_recordings:
        assert api.asked[0]["method"] == "DELETE"
        api.will(error(20404, 404))
        assert carrier.delete_recording("RE1")  # already gone


def test_making_carriers_does_not_load_the_sdk():
    program = (
        "import sys, hotline.carriers;"
        "sys.exit('twilio.rest' in sys.modules or 'requests' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_text_is_deleted_where_that_is_possible_and_asked_for_again(carrier, api):
    api.will(Reply(204))
    assert carrier.delete_text("SM1") is carrier.capabilities.can_delete_texts
    if carrier.capabilities.can_delete_texts:
        asked = api.asked[0]
        assert (asked["method"], asked["path"]) == ("DELETE", f"{API}/Messages/SM1.json")
        api.will(error(20404, 404))
        assert not carrier.has_text("SM1")
        api.will(Reply(200, {"sid": "SM1"}))
        assert carrier.has_text("SM1")
        api.will(error(20404, 404))
        assert carrier.delete_text("SM1")  # already gone
    else:
        assert api.asked == []


def test_a_voice_message_can_be_asked_for(carrier, api):
    api.will(Reply(200, {"sid": "RE1"}), error(20404, 404))
    assert carrier.has_recording("RE1")
    assert not carrier.has_recording("RE1")
    assert api.asked[0]["path"] == f"{API}/Recordings/RE1.json"
