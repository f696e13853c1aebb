"""The page in a real browser: dial, hear, press, speak, text in Khmer, be rung, on two widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Locator, Page, expect

from simulator.phones import PhoneCompany
from simulator.sounds import make_speech
from tests.simulator.fake_hotline import INCOMING, TEXTS, FakeHotline, menu

MOTHER, DARA = "+85512345678", "+85510111001"
RECORD = '<Response><Record action="{url}/thanks" maxLength="60" finishOnKey="#"/></Response>'
CAPTIONS = """
prompts:
  V_WELCOME: {km: "ជម្រាបសួរ។ ចុចលេខមួយ។", en: "Hello. Press one.", takes: {km: {seconds: 1.0}}}
"""


@pytest.fixture
def desk(
    open_company: Callable[..., PhoneCompany], hotline: FakeHotline, tmp_path: Path
) -> PhoneCompany:
    prompts = tmp_path / "prompts.yaml"
    prompts.write_text(CAPTIONS, encoding="utf-8")
    hotline.answers[INCOMING] = menu("V_WELCOME")
    company = open_company(pace=1.0, prompts=prompts)
    company.company.show_demo_phones()
    return company


@pytest.fixture
def page(browser: Browser, desk: PhoneCompany) -> Iterator[Page]:
    """The page at 1280 px; anything the browser complains of fails the test."""
    shown = browser.new_page(viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    shown.on("console", lambda words: words.type == "error" and complaints.append(words.text))
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.goto(desk.api_url)
    expect(shown.locator(".phone")).to_have_count(4)
    yield shown
    shown.close()
    assert complaints == []


def phone(page: Page, number: str) -> Locator:
    return page.locator(f'.phone[data-number="{number}"]')


def test_a_mother_dials_hears_presses_and_hangs_up(page: Page, hotline: FakeHotline):
    hotline.answers["/turn"] = menu("V_MAIN_MENU")
    mother = phone(page, MOTHER)
    mother.locator(".dial").click()
    expect(mother.locator(".captions")).to_contain_text("ជម្រាបសួរ។")
    expect(mother.locator(".captions")).to_contain_text("Press one.")
    audio = mother.locator("audio").element_handle()
    page.wait_for_function("audio => audio.currentTime > 0", arg=audio)
    expect(mother.locator(".waits")).to_contain_text("Press a key")
    mother.locator('[data-key="1"]').click()
    expect(mother.locator(".captions")).to_contain_text("V_MAIN_MENU")
    mother.locator(".hang-up").click()
    expect(mother.locator(".call-state")).to_contain_text("Call ended")
    assert hotline.to("/turn")[0]["Digits"] == "1"


def test_a_key_on_the_keyboard_cuts_the_prompt_short(page: Page, hotline: FakeHotline):
    hotline.answers["/audio/km/V_WELCOME.abc.mp3"] = ("no sound", 404)
    hotline.answers[INCOMING] = menu("V_WELCOME", "V_NEVER_HEARD")
    hotline.answers["/turn"] = RECORD
    page.locator("#sound-toggle").click()
    mother = phone(page, MOTHER)
    mother.locator(".dial").click()
    expect(mother.locator(".captions")).to_contain_text("ជម្រាបសួរ។")
    mother.locator('[data-key="5"]').press("3")
    expect(mother.locator(".waits")).to_contain_text("Speak")
    assert hotline.to("/turn")[0]["Digits"] == "3"
    page.locator("#sound-toggle").click()
    mother.locator(".pretend").click()
    mother.locator('[data-key="#"]').click()
    expect(mother.locator(".call-state")).to_contain_text("Call ended")
    assert hotline.to("/thanks")[0]["RecordingDuration"] == "8"


def test_a_text_in_khmer_goes_out_and_one_comes_in(
    page: Page, desk: PhoneCompany, hotline: FakeHotline
):
    dara = phone(page, DARA)
    dara.locator("textarea").fill("១ ទទួល")
    expect(dara.locator(".compose .tiny")).to_contain_text("6/70")
    dara.locator("textarea").press("Enter")
    expect(dara.locator(".bubble.mine")).to_contain_text("១ ទទួល")
    expect(dara.locator(".bubble.mine")).to_contain_text("បានដល់")
    assert hotline.to(TEXTS)[0]["Body"] == "១ ទទួល"
    mother = phone(page, MOTHER)
    desk.company.texts.send(MOTHER, desk.account.line, "ស្ត្រី ក្រុម ភ្នំពេញ")
    expect(mother.locator(".banner")).to_contain_text("ស្ត្រី ក្រុម ភ្នំពេញ")
    expect(mother.locator(".views .count")).to_have_text("1")
    mother.locator(".banner").click()
    expect(mother.locator(".bubble")).to_contain_text("ភ្នំពេញ")
    expect(mother.locator(".views .count")).to_be_hidden()


def test_a_phone_is_rung_and_answers(page: Page, desk: PhoneCompany, hotline: FakeHotline):
    hotline.answers["/alert"] = menu("V_WELCOME")
    call, handset = desk.company.calls.draft(DARA, desk.account.line)
    call.url = f"{hotline.url}/alert"
    desk.company.calls.place(call, handset)
    dara = phone(page, DARA)
    expect(dara.locator(".call-state")).to_contain_text("Incoming call")
    dara.locator(".answer").click()
    expect(dara.locator(".captions")).to_contain_text("Hello.")
    dara.locator(".hang-up").click()
    expect(dara.locator(".call-state")).to_contain_text("Call ended")


def test_the_log_the_faults_and_the_clock(page: Page, desk: PhoneCompany, hotline: FakeHotline):
    page.locator("#faults-open").click()
    page.get_by_role("button", name="arrives twice").click()
    expect(page.locator(".armed")).to_contain_text("duplicate")
    page.keyboard.press("Escape")
    phone(page, DARA).locator("textarea").fill("1")
    phone(page, DARA).locator("textarea").press("Enter")
    page.locator("#log-open").click()
    expect(page.locator(".entry")).to_have_count(2)
    page.locator(".entry summary").first.click()
    expect(page.locator(".entry dl").first).to_contain_text("MessageSid")
    page.keyboard.press("Escape")
    page.locator("#clock-steps button").nth(3).click()
    expect(page.locator("#clock-note")).to_contain_text("+30")
    assert desk.clock.moved_by == 1800


def rows(page: Page) -> Locator:
    return page.locator("#board .happenings li")


def test_the_board_shows_who_is_rung_and_who_declines(page: Page, desk: PhoneCompany):
    desk.company.texts.send(DARA, desk.account.line, "Line: 1")
    expect(rows(page)).to_contain_text("Dara")
    expect(rows(page)).to_contain_text("arrived")
    call, handset = desk.company.calls.draft(DARA, desk.account.line)
    desk.company.calls.place(call, handset)
    expect(page.locator("#board .card.rings")).to_contain_text("rings")
    expect(rows(page).first).to_contain_text("the line")
    phone(page, DARA).locator(".end:not(.hang-up)").click()
    expect(rows(page).first).to_contain_text("declined")
    expect(page.locator("#board .card")).to_have_count(0)
    page.reload()
    expect(rows(page)).to_have_count(2)


def test_the_board_shows_a_bridge_and_the_two_phones_are_joined(
    page: Page, desk: PhoneCompany, hotline: FakeHotline
):
    hotline.answers["/bridge"] = (
        '<Response><Dial callerId="+85523900900" action="{url}/done" method="POST">'
        "<Number>+85512345678</Number></Dial></Response>"
    )
    call, handset = desk.company.calls.draft(DARA, desk.account.line)
    call.url = f"{hotline.url}/bridge"
    desk.company.calls.place(call, handset)
    dara, mother = phone(page, DARA), phone(page, MOTHER)
    dara.locator(".answer").click()
    mother.locator(".answer").click()
    pair = page.locator("#board .card.talks")
    expect(pair).to_contain_text("Dara")
    expect(pair).to_contain_text("A mother")
    expect(pair).to_contain_text("023 900 900")  # what both phones show
    expect(pair).not_to_contain_text("012 345 678")
    expect(pair.locator(".for")).to_have_text("00:01", timeout=5000)
    expect(dara.locator(".band")).to_contain_text("ម្តាយម្នាក់")
    expect(mother.locator(".band")).to_contain_text("ដារ៉ា")
    mother.locator(".hang-up").click()
    expect(page.locator("#board .card.talks")).to_have_count(0)
    expect(mother.locator(".band")).to_be_hidden()


def test_a_phone_that_is_turned_away_and_rung_is_rung_back(
    page: Page, desk: PhoneCompany, hotline: FakeHotline
):
    hotline.answers[INCOMING] = '<Response><Reject reason="busy"/></Response>'
    mother = phone(page, MOTHER)
    mother.locator(".dial").click()
    expect(rows(page)).to_contain_text("turned away")
    call, handset = desk.company.calls.draft(MOTHER, desk.account.line)
    desk.company.calls.place(call, handset)
    expect(rows(page).first).to_contain_text("rings back")
    mother.locator(".end:not(.hang-up)").click()


def test_staff_press_the_keys_of_a_pin(page: Page, desk: PhoneCompany, hotline: FakeHotline):
    hotline.answers["/pin"] = (
        '<Response><Gather action="{url}/keys" numDigits="6" finishOnKey="" timeout="9">'
        "<Play>{url}/audio/km/V_WELCOME.abc.mp3</Play></Gather></Response>"
    )
    call, handset = desk.company.calls.draft(DARA, desk.account.line)
    call.url = f"{hotline.url}/pin"
    desk.company.calls.place(call, handset)
    dara = phone(page, DARA)
    dara.locator(".answer").click()
    expect(dara.locator(".captions")).to_contain_text("Hello.")
    for key in "204816":
        dara.locator(f'[data-key="{key}"]').click()
    expect(dara.locator(".call-state")).to_contain_text("Call ended")
    assert hotline.to("/keys")[0]["Digits"] == "204816"


def test_at_360_px_the_board_is_one_line_that_opens(browser: Browser, desk: PhoneCompany):
    shown = browser.new_page(viewport={"width": 360, "height": 740})
    shown.goto(desk.api_url)
    expect(shown.locator(".phone")).to_have_count(4)
    desk.company.texts.send(DARA, desk.account.line, "Line: 1")
    expect(shown.locator("#board .headline")).to_contain_text("Dara")
    expect(shown.locator("#board .happenings")).to_be_hidden()
    shown.locator("#board summary").click()
    expect(rows(shown)).to_contain_text("arrived")
    assert shown.evaluate("document.documentElement.scrollWidth") == 360
    shown.close()


def test_at_360_px_nothing_scrolls_sideways(browser: Browser, desk: PhoneCompany):
    shown = browser.new_page(viewport={"width": 360, "height": 740})
    shown.goto(desk.api_url)
    expect(shown.locator(".phone")).to_have_count(4)
    assert shown.evaluate("document.documentElement.scrollWidth") == 360
    shown.locator("#tabs button").nth(2).click()
    expect(phone(shown, DARA)).to_be_in_viewport(ratio=0.5)
    expect(shown.locator('#tabs [aria-current="true"]')).to_have_count(1)
    shown.close()


def test_a_microphone_recording_may_come_after_the_key(desk: PhoneCompany, hotline: FakeHotline):
    hotline.answers[INCOMING] = RECORD
    mother = desk.phone(MOTHER)
    call = mother.dial()
    desk.wait_for(lambda: call.awaits == "voice", "no recording")
    act = f"{desk.api_url}/api/phones/{mother.handset.id}/speak"
    assert requests.post(act, json={"microphone": "open"}, timeout=5).ok
    wav = {"Content-Type": "audio/wav"}
    assert requests.post(act, data=make_speech(4), headers=wav, timeout=5).ok
    mother.handset.line.press("#")
    call.ends()
    assert hotline.to("/thanks")[0]["RecordingDuration"] == "4"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/clock", {"seconds": -5}),
        ("/api/faults", {"kind": "fire"}),
        ("/api/phones/phone-1/press", {"key": "A"}),
        ("/api/phones/phone-99/dial", {}),
        ("/api/phones/phone-1/text", {"body": " "}),
        ("/api/phones", {"number": "nobody"}),
    ],
)
def test_nonsense_is_refused_in_words(desk: PhoneCompany, path: str, body: dict[str, object]):
    answer = requests.post(desk.api_url + path, json=body, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_other_web_sites_cannot_use_the_phones(desk: PhoneCompany):
    form = requests.post(f"{desk.api_url}/api/clock", data={"seconds": 60}, timeout=5)
    assert form.status_code == 400
    other = requests.get(desk.api_url, headers={"Host": "evil.example"}, timeout=5)
    assert other.status_code == 403
    assert requests.get(f"{desk.api_url}/healthz", timeout=5).text == "ok\n"
