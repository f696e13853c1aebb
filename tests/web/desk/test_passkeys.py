"""Passkeys and security keys, answered by a key made of software."""

from __future__ import annotations

import json

import pytest

from hotline import sessions
from hotline.storage.desk_session import take_challenge
from tests.web.desk.desk import Desk, open_desk
from tests.web.desk.door import asked_of_a_key, presses_the_key, registers_a_key, sets_up_an_app
from tests.web.desk.software_key import SoftwareKey, encoded


@pytest.fixture
def key() -> SoftwareKey:
    return SoftwareKey()


@pytest.fixture
def dara(desk: Desk, key: SoftwareKey):
    """Somebody who registered it, before the door again."""
    assert registers_a_key(desk.staff("Dara"), key).status_code == 200
    visitor = desk.visitor()
    assert visitor.sign_in("Dara").location == "/desk/second-step"
    return visitor


def test_a_key_is_registered_named_and_comes_with_codes_on_paper(desk: Desk, key) -> None:
    dara = desk.staff("Dara")
    answer = registers_a_key(dara, key, "សោពណ៌ខៀវ")
    assert answer.text.count("<li>") == 10
    page = dara.reads("/account")
    assert "សោពណ៌ខៀវ" in page
    assert "never used yet" in page
    assert ("staff:1", "add_second_factor", "staff:1") in desk.audit()


def test_the_key_opens_the_desk_with_a_new_token(desk: Desk, dara, key) -> None:
    with dara.client.session_transaction("/desk/") as cookie:
        before = cookie["token"]
    assert presses_the_key(dara, key).location == "/desk/"
    assert dara.sees("/").status_code == 200
    assert sessions.who_is(desk.hotline, before) is None
    assert "used 22/11" in dara.reads("/account")


def test_where_one_is_required_a_key_is_enough(
    database, tmp_path, key_ring_file, content, quick_hashes, key
) -> None:
    strict = open_desk(database, tmp_path, key_ring_file, content, second_factor="required")
    dara = strict.visitor()
    dara.sign_in("Dara")
    asked = asked_of_a_key(dara.sees("/passkeys").text)
    form = {"name": "mine", "answer": key.registers(asked)}
    # The form's own page asks anew, so the answer is to what was asked last.
    refused = dara.sends("/passkeys", "/passkeys", **form)
    assert refused.status_code == 422
    assert dara.sees("/").location == "/desk/second-step"
    form["answer"] = key.registers(asked_of_a_key(dara.sees("/passkeys").text))
    assert dara.sends("/passkeys", "/second-factor", **form).status_code == 200
    assert dara.sees("/").status_code == 200


def test_an_answer_is_good_once(desk: Desk, dara, key) -> None:
    asked = asked_of_a_key(dara.sees("/second-step").text)
    answer = key.signs(asked)
    other = desk.visitor()
    other.sign_in("Dara")
    sent = other.sends("/second-step/passkey", "/second-step", answer=answer)
    assert sent.status_code == 422, "it was asked in another session"
    assert presses_the_key(dara, key).status_code == 303
    again = desk.visitor()
    again.sign_in("Dara")
    assert presses_the_key(again, key, asked=asked).status_code == 422
    assert again.sees("/").location == "/desk/second-step"


def test_a_challenge_is_taken_once(desk: Desk, dara) -> None:
    dara.sees("/second-step")
    with dara.client.session_transaction("/desk/") as cookie:
        member = sessions.who_is(desk.hotline, cookie["token"])
    with desk.hotline.transaction() as tx:
        assert len(take_challenge(tx, member.session)) == 32
        assert take_challenge(tx, member.session) is None


def test_a_copied_key_gives_itself_away_by_its_counter(desk: Desk, dara, key) -> None:
    assert presses_the_key(dara, key).status_code == 303
    key.count -= 1
    key.counts = 1
    thief = desk.visitor()
    thief.sign_in("Dara")
    assert presses_the_key(thief, key).status_code == 422
    assert "That was not one of your keys" in english(presses_the_key, thief, SoftwareKey())


def english(press, visitor, key) -> str:
    return visitor.text_of(press(visitor, key))


def test_a_key_without_a_counter_goes_on_working(desk: Desk) -> None:
    key = SoftwareKey(counts=0)
    registers_a_key(desk.staff("Dara"), key)
    for _ in range(2):
        dara = desk.visitor()
        dara.sign_in("Dara")
        assert presses_the_key(dara, key).status_code == 303


def test_a_key_of_another_site_or_person_is_worth_nothing(desk: Desk, dara, key) -> None:
    key.origin = "http://evil.example"
    assert presses_the_key(dara, key).status_code == 422
    key.origin = "http://localhost"
    other = SoftwareKey()
    registers_a_key(desk.staff("Sophea"), other)
    assert presses_the_key(dara, other).status_code == 422
    assert presses_the_key(dara, key).status_code == 303


def test_one_key_is_not_registered_by_two(desk: Desk, dara, key) -> None:
    assert registers_a_key(desk.staff("Sophea"), key).status_code == 422


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{}",
        "[1]",
        "null",
        "{" * 5000,
        json.dumps({"id": "ខ្មែរ", "rawId": 7}),
        json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": 3}),
        "x" * 20_000,
    ],
)
def test_nonsense_is_no_answer(desk: Desk, dara, answer: str) -> None:
    sent = dara.sends("/second-step/passkey", "/second-step", answer=answer)
    assert sent.status_code == 422
    home = desk.staff("Sophea")
    assert home.sends("/passkeys", "/passkeys", name="mine", answer=answer).status_code == 422


def test_a_right_id_with_a_made_up_answer_is_refused(dara, key) -> None:
    made_up = json.dumps(
        {
            "id": encoded(key.id),
            "rawId": encoded(key.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": encoded(b"{}"),
                "authenticatorData": encoded(b"\xff" * 5),
                "signature": encoded(b""),
            },
        }
    )
    sent = dara.sends("/second-step/passkey", "/second-step", answer=made_up)
    assert sent.status_code == 422


def test_five_wrong_answers_make_the_right_one_wait(desk: Desk, dara, key) -> None:
    for _ in range(5):
        sent = dara.sends("/second-step/passkey", "/second-step", answer="{}")
        assert sent.status_code == 422
    assert presses_the_key(dara, key).status_code == 429
    desk.minutes_pass(16)
    assert presses_the_key(dara, key).status_code == 303


def test_nobody_removes_the_key_of_another(desk: Desk, dara, key) -> None:
    sophea = desk.staff("Sophea")
    assert sophea.sends("/passkeys/1/remove", "/account").status_code == 404
    assert sophea.sends(f"/passkeys/{10**30}/remove", "/account").status_code == 404
    assert presses_the_key(dara, key).status_code == 303
    assert dara.sends("/passkeys/1/remove", "/account").status_code == 303
    assert desk.visitor().sign_in("Dara").location == "/desk/"


def test_with_app_and_key_each_is_enough(desk: Desk, key) -> None:
    home = desk.staff("Dara")
    app, _ = sets_up_an_app(home)
    answer = registers_a_key(home, key)
    assert answer.status_code == 303, "there are codes on paper already"
    by_app, by_key = desk.visitor(), desk.visitor()
    by_app.sign_in("Dara")
    assert by_app.sends("/second-step/code", "/second-step", code=app.code()).status_code == 303
    by_key.sign_in("Dara")
    assert presses_the_key(by_key, key).status_code == 303


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_a_key_needs_a_name(desk: Desk, key, name: str) -> None:
    assert registers_a_key(desk.staff("Dara"), key, name).status_code == 422


def test_a_name_is_shown_as_it_was_typed(desk: Desk, key) -> None:
    dara = desk.staff("Dara")
    registers_a_key(dara, key, '<b>"ខ្មែរ" ‮🔑</b>')
    assert "&lt;b&gt;&#34;ខ្មែរ&#34; 🔑&lt;/b&gt;" in dara.sees("/account").text


def test_an_address_without_a_name_says_that_keys_do_not_work(
    database, tmp_path, key_ring_file, content, quick_hashes
) -> None:
    bare = open_desk(
        database, tmp_path, key_ring_file, content, public_base_url="http://127.0.0.1:8000"
    )
    dara = bare.staff("Dara")
    assert "Use an app instead" in dara.reads("/passkeys")
    assert "/desk/passkeys" not in dara.sees("/account").text
    assert dara.sends("/passkeys", "/passkeys", name="x", answer="{}").status_code == 422
