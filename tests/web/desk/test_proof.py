"""Asked again who one is: before what is delicate, once in fifteen minutes, and back again."""

from __future__ import annotations

import pytest

from hotline import demo, sessions
from tests.web.desk.desk import Desk
from tests.web.desk.door import presses_the_key, registers_a_key, sets_up_an_app
from tests.web.desk.software_key import SoftwareKey


@pytest.fixture
def ref(desk: Desk) -> str:
    ref = desk.caller_asks()
    desk.takes_by_text("Dara", ref)
    return ref


@pytest.fixture
def dara(desk: Desk, ref: str):
    """Signed in a quarter of an hour ago."""
    visitor = desk.staff("Dara")
    visitor.sees(f"/cases/{ref}")
    desk.minutes_pass(15)
    return visitor


def proves(visitor, words: str = demo.PASSPHRASE):
    return visitor.sends("/prove/passphrase", "/prove", passphrase=words)


def test_just_after_signing_in_nothing_is_asked(desk: Desk, ref: str) -> None:
    dara = desk.staff("Dara")
    desk.minutes_pass(14)
    assert dara.sends(f"/cases/{ref}/number", f"/cases/{ref}").status_code == 200


def test_a_button_pressed_too_late_leads_back_to_its_page(dara, ref: str, desk: Desk) -> None:
    asked = dara.sends(f"/cases/{ref}/number", f"/cases/{ref}")
    assert asked.location == "/desk/prove"
    assert ("staff:1", "show_number", f"case:{ref}") not in desk.audit()
    assert "Is it still you?" in dara.reads("/prove")
    assert proves(dara).location == f"/desk/cases/{ref}"
    assert "press the button again" in dara.reads(f"/cases/{ref}")
    assert "press the button again" not in dara.reads(f"/cases/{ref}"), "said once"
    assert dara.sends(f"/cases/{ref}/number", f"/cases/{ref}").status_code == 200
    assert ("staff:1", "prove", "desk") in desk.audit()


def test_a_page_opened_too_late_opens_afterwards(dara) -> None:
    assert dara.sees("/passkeys").location == "/desk/prove"
    assert proves(dara).location == "/desk/passkeys"
    assert "press the button again" not in dara.reads("/passkeys")


def test_words_behind_the_address_are_not_kept(dara) -> None:
    dara.sees("/passkeys?number=%2B85512345678")
    assert proves(dara).location == "/desk/passkeys"


@pytest.mark.parametrize(
    ("back", "place"),
    [
        ("account", "/desk/account"),
        ("https://evil.example", "/desk/"),
        ("//evil.example", "/desk/"),
        ("/desk/sign-out", "/desk/"),
        ("\\evil.example", "/desk/"),
        ("", "/desk/"),
    ],
)
def test_the_way_back_leads_only_to_pages_of_ours(dara, back: str, place: str) -> None:
    dara.sees("/prove", query_string={"back": back})
    assert proves(dara).location == place


def test_a_link_on_a_case_leads_back_to_it(dara, ref: str) -> None:
    dara.sees(f"/prove?back={ref}")
    assert proves(dara).location == f"/desk/cases/{ref}"


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Dest": "audio"}, {"Accept": "audio/mpeg, audio/*;q=0.9"}]
)
def test_a_player_on_a_page_is_refused_and_not_led_elsewhere(dara, headers) -> None:
    answer = dara.sees("/passkeys", headers=headers)
    assert answer.status_code == 403
    assert proves(dara).location == "/desk/", "and nothing of it is kept"


def test_a_part_of_a_page_that_renews_itself_sends_the_whole_page(dara) -> None:
    answer = dara.sees("/passkeys", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/desk/prove"


def test_a_wrong_passphrase_proves_nothing(dara, ref: str) -> None:
    answer = proves(dara, "not the passphrase")
    assert answer.status_code == 422
    assert "This is not your passphrase of now" in dara.text_of(answer)
    assert dara.sends(f"/cases/{ref}/number", f"/cases/{ref}").location == "/desk/prove"


def test_tries_are_counted_with_those_at_the_door(desk: Desk, dara) -> None:
    for n in range(5):
        assert proves(dara, f"a guess {n}").status_code == 422
    assert proves(dara).status_code == 429
    assert desk.visitor().sign_in("Dara").status_code == 429
    desk.minutes_pass(16)
    assert proves(dara).status_code == 303


def test_who_has_an_app_proves_with_a_code_once(desk: Desk, ref: str) -> None:
    dara = desk.staff("Dara")
    app, _ = sets_up_an_app(dara)
    desk.minutes_pass(20)
    code = app.code()
    assert dara.sends("/prove/code", "/prove", code=code).location == "/desk/"
    assert dara.sends(f"/cases/{ref}/number", f"/cases/{ref}").status_code == 200
    again = dara.sends("/prove/code", "/prove", code=code)
    assert again.status_code == 422
    assert "was used already" in dara.text_of(again)


def test_who_has_a_key_proves_with_it(desk: Desk, ref: str) -> None:
    dara, key = desk.staff("Dara"), SoftwareKey()
    registers_a_key(dara, key)
    desk.minutes_pass(20)
    assert presses_the_key(dara, key, "/prove").location == "/desk/"
    assert dara.sends(f"/cases/{ref}/number", f"/cases/{ref}").status_code == 200


def test_a_proof_is_for_this_session_alone(desk: Desk, dara, ref: str) -> None:
    elsewhere = desk.staff("Dara")
    desk.minutes_pass(16)
    proves(dara)
    answer = elsewhere.sends(f"/cases/{ref}/number", f"/cases/{ref}")
    assert answer.location == "/desk/prove"


def test_a_page_can_tell_whether_it_would_be_asked(desk: Desk) -> None:
    dara = desk.staff("Dara")
    with dara.client.session_transaction("/desk/") as cookie:
        member = sessions.who_is(desk.hotline, cookie["token"])
    assert not sessions.needs_proof(member, desk.hotline.now())
    desk.minutes_pass(15)
    assert sessions.needs_proof(member, desk.hotline.now())
