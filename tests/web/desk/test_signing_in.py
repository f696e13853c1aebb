"""Who gets into the desk, who does not, and how long they stay."""

from __future__ import annotations

import re
import threading

import pytest
from sqlalchemy import func, select

from hotline import demo, letting_go, sessions, signing_in, tries
from hotline.proving import Refused
from hotline.signing_in import SignedIn
from hotline.storage.desk_session import desk_sessions
from hotline.storage.sign_in_attempt import sign_in_attempts
from tests.web.desk.desk import Desk, open_desk


def failed(desk: Desk) -> int:
    with desk.hotline.reading() as tx:
        query = select(func.count()).where(sign_in_attempts.c.succeeded.is_(False))
        return tx.execute(query).scalar_one()


def test_dara_signs_in_and_finds_the_open_cases(desk: Desk) -> None:
    dara = desk.visitor()
    answer = dara.sign_in("Dara")
    assert answer.status_code == 303
    assert answer.location == "/desk/"
    assert "Open cases" in dara.reads("/")
    assert ("staff:1", "sign_in", "desk") in desk.audit()


def test_only_the_hash_of_the_token_is_kept(desk: Desk) -> None:
    dara = desk.staff("Dara")
    with dara.client.session_transaction("/desk/") as cookie:
        token = cookie["token"]
    with desk.hotline.reading() as tx:
        kept = tx.execute(select(desk_sessions.c.token_hash)).scalar_one()
    assert len(bytes.fromhex(token)) == 32
    assert kept != bytes.fromhex(token)
    assert sessions._hash(token) == kept


def test_the_cookie_is_for_the_desk_alone_and_hidden_from_scripts(desk: Desk) -> None:
    cookie = desk.visitor().sign_in("Dara").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/desk" in cookie
    assert "Secure" not in cookie
    assert "Expires" not in cookie


@pytest.mark.usefixtures("quick_hashes")
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_over_https_the_cookie_is_secure(database, tmp_path, key_ring_file, content) -> None:
    desk = open_desk(
        database, tmp_path, key_ring_file, content, public_base_url="https://line.example"
    )
    assert "Secure" in desk.visitor().sees("/sign-in").headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [
        ("Dara", "not the passphrase"),
        ("Nobody", demo.PASSPHRASE),
        ("", ""),
        ("Dara\x00", demo.PASSPHRASE),
        ("ដារ៉ា" * 900, demo.PASSPHRASE),
        ("' OR 1=1 --", "x" * 4000),
    ],
)
def test_a_wrong_name_and_a_wrong_passphrase_get_the_same_answer(
    desk: Desk, name: str, passphrase: str
) -> None:
    visitor = desk.visitor()
    answer = visitor.sign_in(name, passphrase)
    assert answer.status_code == 403
    assert "Name or passphrase is not right" in page_in_english(desk, name, passphrase)
    assert visitor.sees("/").status_code == 303


def page_in_english(desk: Desk, name: str, passphrase: str) -> str:
    visitor = desk.visitor()
    where = "/sign-in?language=en"
    return visitor.text_of(visitor.sends(where, where, name=name, passphrase=passphrase))


def test_the_sixth_try_waits_even_if_it_is_right(desk: Desk) -> None:
    visitor = desk.visitor()
    for _ in range(5):
        assert visitor.sign_in("Dara", "a guess at it").status_code == 403
    answer = visitor.sign_in("dara")
    assert answer.status_code == 429
    assert "១៥ នាទី" in visitor.text_of(answer)
    assert failed(desk) == 5  # what was not checked does not make the wait longer
    desk.minutes_pass(16)
    assert visitor.sign_in("Dara").status_code == 303


def test_a_name_that_does_not_exist_waits_as_well(desk: Desk) -> None:
    visitor = desk.visitor()
    answers = [visitor.sign_in("Nobody", "a guess at it").status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]


def test_an_address_that_tries_many_names_waits(desk: Desk) -> None:
    visitor = desk.visitor()
    for n in range(20):
        assert visitor.sign_in(f"Name {n}", "a guess at it").status_code == 403
    assert visitor.sign_in("Dara").status_code == 429
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    visitor.client.environ_base.update(elsewhere)
    assert visitor.sign_in("Dara").status_code == 303


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.8", False),
        ("203.0.113.9", "203.0.113.8", False),
        ("unknown", "", False),
    ],
)
def test_who_has_many_addresses_counts_as_one(one: str, other: str, are_one: bool) -> None:
    assert (tries.neighbourhood(one) == tries.neighbourhood(other)) is are_one


def test_twenty_addresses_of_one_line_wait_as_one(desk: Desk) -> None:
    for n in range(20):
        came = signing_in.sign_in(desk.hotline, f"Name {n}", "a guess", f"2001:db8:1:2::{n:x}")
        assert came is Refused.WRONG
    again = signing_in.sign_in(desk.hotline, "Dara", demo.PASSPHRASE, "2001:db8:1:2:9::")
    assert again is Refused.TOO_MANY
    elsewhere = signing_in.sign_in(desk.hotline, "Dara", demo.PASSPHRASE, "2001:db8:1:3::1")
    assert isinstance(elsewhere, SignedIn)


def test_a_try_is_counted_before_it_is_checked(desk: Desk, monkeypatch) -> None:
    def crash(*_: object) -> bool:
        raise MemoryError

    monkeypatch.setattr(signing_in, "is_right", crash)
    with pytest.raises(MemoryError):
        signing_in.sign_in(desk.hotline, "Dara", demo.PASSPHRASE, "127.0.0.1")
    assert failed(desk) == 1


def test_an_hour_without_a_click_signs_out(desk: Desk) -> None:
    dara = desk.staff("Dara")
    desk.minutes_pass(59)
    assert dara.sees("/").status_code == 200
    desk.minutes_pass(59)
    assert dara.sees("/").status_code == 200
    desk.minutes_pass(61)
    assert dara.sees("/").status_code == 303


def test_a_list_that_renews_itself_keeps_nobody_signed_in(desk: Desk) -> None:
    dara = desk.staff("Dara")
    for _ in range(3):
        desk.minutes_pass(21)
        answer = dara.sees("/?quiet=1")
    assert answer.status_code == 303


def test_after_twelve_hours_everybody_signs_in_again(desk: Desk) -> None:
    dara = desk.staff("Dara")
    for _ in range(14):
        desk.minutes_pass(50)
        assert dara.sees("/").status_code == 200
    desk.minutes_pass(25)
    assert dara.sees("/").status_code == 303


def test_signing_out_ends_the_session_also_for_a_copy_of_the_cookie(desk: Desk) -> None:
    dara, thief = desk.staff("Dara"), desk.visitor()
    stolen = dara.client.get_cookie("desk", path="/desk")
    thief.client.set_cookie("desk", stolen.value, path="/desk")
    assert thief.sees("/").status_code == 200
    answer = dara.sends("/sign-out")
    assert answer.status_code == 303
    assert thief.sees("/").status_code == 303
    assert ("staff:1", "sign_out", "desk") in desk.audit()


def test_a_lost_phone_is_signed_out_everywhere(desk: Desk) -> None:
    at_home, on_the_phone = desk.staff("Dara"), desk.staff("Dara")
    sophea = desk.staff("Sophea")
    with desk.hotline.transaction() as tx:
        assert sessions.sign_out_everywhere(tx, 1, desk.hotline.now()) == 2
    assert at_home.sees("/").status_code == 303
    assert on_the_phone.sees("/").status_code == 303
    assert sophea.sees("/").status_code == 200


def test_a_cookie_from_before_the_sign_in_is_worth_nothing_after_it(desk: Desk) -> None:
    dara, attacker = desk.visitor(), desk.visitor()
    attacker.sees("/sign-in")
    planted = attacker.client.get_cookie("desk", path="/desk").value
    dara.client.set_cookie("desk", planted, path="/desk")
    assert dara.sign_in("Dara").status_code == 303
    assert dara.sees("/").status_code == 200
    assert attacker.sees("/").status_code == 303
    old = re.search(r'form_token" value="(\w+)"', attacker.sees("/sign-in").text)[1]
    refused = dara.client.post("/desk/sign-out", data={"form_token": old})
    assert refused.status_code == 400


def test_after_signing_in_dara_is_where_he_wanted_to_go(desk: Desk) -> None:
    ref = desk.caller_asks()
    dara = desk.visitor()
    assert dara.sees(f"/cases/{ref}").status_code == 303
    assert dara.sign_in("Dara").location == f"/desk/cases/{ref}"


def test_signing_in_leads_nowhere_else(desk: Desk) -> None:
    dara = desk.visitor()
    assert dara.sees("/cases/https:%2F%2Fevil.example").status_code in (303, 404)
    assert dara.sign_in("Dara").location == "/desk/"


def test_a_language_chosen_before_signing_in_stays(desk: Desk) -> None:
    dara = desk.visitor()
    where = "/sign-in?language=km"
    dara.sends(where, where, name="Dara", passphrase=demo.PASSPHRASE)
    assert "ករណីមិនទាន់បិទ" in dara.reads("/")
    dara.sends("/language", language="en")
    assert "Open cases" in dara.reads("/")
    assert "Open cases" in desk.staff("Dara").reads("/")


def test_who_signs_in_while_the_phone_is_revoked_is_signed_out_by_it(
    desk: Desk, monkeypatch
) -> None:
    """The session is begun before the phone is revoked, and kept only after it."""
    begins, revoked = sessions.begin, threading.Event()

    def revoke() -> None:
        with desk.hotline.transaction() as tx:
            letting_go.revoke_phone(desk.hotline, tx, 1, "operator")
        revoked.set()

    revoking = threading.Thread(target=revoke)

    def is_revoked_meanwhile(*given, **more):
        revoking.start()
        revoked.wait(0.3)  # it has to wait for the sign-in
        return begins(*given, **more)

    monkeypatch.setattr(sessions, "begin", is_revoked_meanwhile)
    came = signing_in.sign_in(desk.hotline, "Dara", demo.PASSPHRASE, "127.0.0.1")
    revoking.join(10)
    assert revoked.is_set()
    assert isinstance(came, SignedIn)
    assert sessions.who_is(desk.hotline, came.token) is None
