"""Voice messages: recorded, told, fetched, deleted; what a hang-up does to them."""

from __future__ import annotations

import requests
from twilio.rest import Client

from simulator.phones import PhoneCompany
from simulator.sounds import measure
from tests.simulator.fake_hotline import INCOMING, STATUS, FakeHotline, menu

MOTHER = "+85512345678"
RECORD = (
    '<Response><Record action="{url}/turn" maxLength="60" finishOnKey="#" '
    'recordingStatusCallback="{url}/recording"/>'
    "<Play>{url}/audio/km/V_NOTHING.a.mp3</Play></Response>"
)


def test_a_message_is_recorded_and_can_be_fetched_and_deleted(
    company: PhoneCompany, hotline: FakeHotline
):
    hotline.answers[INCOMING] = RECORD
    hotline.answers["/turn"] = menu("V_THANKS")
    call = company.phone(MOTHER).dial()
    call.speaks(12)
    call.hears("V_THANKS")
    call.hang_up()
    company.assert_quiet()
    turn, told = hotline.to("/turn")[0], hotline.to("/recording")[0]
    assert turn["RecordingDuration"] == "12"
    assert turn["Digits"] == "#"
    assert told["RecordingStatus"] == "completed"
    assert told["RecordingSid"] == turn["RecordingSid"]
    login = (company.account.sid, company.account.token)
    sound = requests.get(turn["RecordingUrl"] + ".wav", auth=login, timeout=5)
    assert measure(sound.content) == 12.0
    assert requests.get(turn["RecordingUrl"], timeout=5).status_code == 401
    client = Client(*login)
    client.api.base_url = company.api_url
    assert client.recordings(turn["RecordingSid"]).fetch().duration == "12"
    assert client.recordings(turn["RecordingSid"]).delete()
    assert requests.get(turn["RecordingUrl"], auth=login, timeout=5).status_code == 404


def test_a_recording_is_an_mp3_on_request(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = RECORD
    call = company.phone(MOTHER).dial()
    call.speaks(3, end_key="")
    call.ends()
    login = (company.account.sid, company.account.token)
    url = hotline.to("/turn")[0]["RecordingUrl"] + ".mp3"
    assert 2.5 < measure(requests.get(url, auth=login, timeout=5).content) < 3.6


def test_nothing_said_asks_nothing_on_twilio(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = RECORD
    call = company.phone(MOTHER).dial()
    call.stay_silent()
    call.hears("V_NOTHING")
    call.ends()
    assert hotline.to("/turn") == []


def test_nothing_said_asks_the_action_on_somleng(somleng: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = RECORD
    call = somleng.phone(MOTHER).dial()
    call.stay_silent()
    call.ends()
    turn = hotline.to("/turn")[0]
    assert turn["RecordingDuration"] == "0"
    assert "RecordingSid" not in turn
    assert "Digits" not in turn


def test_a_hang_up_keeps_the_message_on_twilio(company: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = RECORD
    call = company.phone(MOTHER).dial()
    call.hang_up(after_speaking=7)
    company.assert_quiet()
    turn = hotline.to("/turn")[0]
    assert (turn["Digits"], turn["RecordingDuration"]) == ("hangup", "7")
    order = [asked.path for asked in hotline.asked]
    assert order.index("/turn") < order.index("/recording")
    assert hotline.to(STATUS)[0]["CallStatus"] == "completed"


def test_a_hang_up_loses_the_message_on_somleng(somleng: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = RECORD
    call = somleng.phone(MOTHER).dial()
    call.hang_up(after_speaking=7)
    somleng.assert_quiet()
    assert hotline.to("/turn") == []
    assert hotline.to("/recording") == []


def test_somleng_lets_anybody_hear_and_nobody_delete(somleng: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = RECORD
    call = somleng.phone(MOTHER).dial()
    call.speaks(2)
    call.ends()
    url = hotline.to("/turn")[0]["RecordingUrl"]
    assert requests.get(url + ".wav", timeout=5).status_code == 200
    login = (somleng.account.sid, somleng.account.token)
    assert requests.delete(url + ".json", auth=login, timeout=5).status_code == 404
