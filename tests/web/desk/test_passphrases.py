"""Passphrases: chosen, changed, refused with a sentence; and those given to begin with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline import demo, inviting, letting_go, passphrases, second_factor
from hotline.app import create_app
from hotline.passwords import (
    KNOWN_TO_ALL,
    LONGEST,
    PassphraseFault,
    fault_of,
    hash_given,
    hash_password,
    is_right,
)
from hotline.storage.staff_member import find_staff_by_name, get_staff, set_password
from tests.web.desk.desk import Desk
from tests.web.desk.door import sets_up_an_app

GOOD = "rain bicycle mango teacher"


def changes(visitor, new: str = GOOD, again: str | None = None, old: str = demo.PASSPHRASE):
    fields = {"new": new, "again": new if again is None else again}
    return visitor.sends("/passphrase", "/passphrase", **fields, **({"old": old} if old else {}))


def invites(desk: Desk, name: str = "Dara", **more) -> str:
    with desk.hotline.transaction() as tx:
        staff_id = find_staff_by_name(tx, name).id
        return inviting.invite(desk.hotline, tx, staff_id, "operator", **more)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (GOOD, None),
        ("ខ្ញុំស្រឡាញ់កុមារនៅបន្ទាយមានជ័យ", None),
        ("x" * 13, PassphraseFault.TOO_SHORT),
        ("x" * 129, PassphraseFault.TOO_LONG),
        (KNOWN_TO_ALL.upper(), PassphraseFault.KNOWN),
        ("qwertyuiopasdfgh", PassphraseFault.TOO_WEAK),
        ("កកកកកកកកកកកកកកកកកក", PassphraseFault.TOO_WEAK),
        ("Dara Child Club hotline", PassphraseFault.OF_THE_HOUSE),
        ("my child club 2026", PassphraseFault.OF_THE_HOUSE),
        ("\uff43\uff48\uff49\uff4c\uff44-club-demo", PassphraseFault.KNOWN),  # wide letters
        ("e\u0301" * 13, PassphraseFault.TOO_SHORT),  # thirteen, however they were typed
        ("\ufdfa" * 20, PassphraseFault.TOO_LONG),  # each stands for eighteen
    ],
)
def test_what_may_be_a_passphrase(words: str, fault: PassphraseFault | None) -> None:
    assert fault_of(words, ("Dara",)) == fault


def test_dara_changes_it_and_is_signed_out_everywhere_else(desk: Desk) -> None:
    dara, elsewhere = desk.staff("Dara"), desk.staff("Dara")
    assert changes(dara).location == "/desk/account"
    assert "Your new passphrase is saved" in dara.reads("/account")
    assert "Your new passphrase is saved" not in dara.reads("/account")
    assert elsewhere.sees("/").location == "/desk/sign-in"
    assert desk.visitor().sign_in("Dara").status_code == 403
    assert desk.visitor().sign_in("Dara", GOOD).location == "/desk/"
    assert ("staff:1", "change_passphrase", "staff:1") in desk.audit()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"new": "short"}, "This is too short: 14 letters or more."),
        ({"new": "ក" * 129}, "This is too long: 128 letters at most."),
        ({"new": "aaaaaaaaaaaaaaaaaa"}, "This is easy to guess"),
        ({"new": "Dara Child Club desk"}, "mostly your name"),
        ({"new": KNOWN_TO_ALL}, "Others know this one"),
        ({"again": "another one entirely"}, "The two are not the same"),
        ({"old": "not the one of now"}, "This is not your passphrase of now"),
        ({"new": ""}, "Fill this in."),
        ({"old": ""}, "Fill this in."),
        ({"new": "x" * 10_000}, "This is too long"),
        ({"new": "\x00‮<b>"}, "This is too short"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(desk: Desk, fields, sentence: str) -> None:
    dara = desk.staff("Dara")
    answer = changes(dara, **fields)
    assert answer.status_code == 422
    assert sentence in dara.text_of(answer)
    assert desk.visitor().sign_in("Dara").status_code == 303


def test_the_one_they_have_is_no_new_one(desk: Desk) -> None:
    dara = desk.staff("Dara")
    changes(dara)
    answer = changes(dara, GOOD, old=GOOD)
    assert "you have it already" in dara.text_of(answer)


def test_nothing_typed_is_sent_back(desk: Desk) -> None:
    dara = desk.staff("Dara")
    page = changes(dara, "a word or two", old="my old secret words").text
    assert "my old secret words" not in page
    assert "a word or two" not in page


def test_the_old_one_cannot_be_guessed_here_for_ever(desk: Desk) -> None:
    dara = desk.staff("Dara")
    answers = [changes(dara, old=f"a guess {n}").status_code for n in range(6)]
    assert answers == [422] * 5 + [429]
    assert changes(dara).status_code == 429
    refused = [line for line in desk.audit() if line == ("staff:1", "proof_refused", "desk")]
    assert len(refused) == 5


def test_who_is_invited_signs_in_and_chooses_their_own(desk: Desk) -> None:
    at_home = desk.staff("Dara")
    words = invites(desk)
    assert at_home.sees("/").location == "/desk/sign-in", "every session ended"
    assert desk.visitor().sign_in("Dara").status_code == 403
    dara = desk.visitor()
    assert dara.sign_in("Dara", words).location == "/desk/second-step"
    assert dara.sees("/").location == "/desk/second-step"
    assert dara.sees("/second-step").location == "/desk/passphrase"
    assert "Choose your passphrase" in dara.reads("/passphrase")
    assert changes(dara, words, old="").status_code == 422, "not the one that was given"
    assert changes(dara, old="").location == "/desk/"
    assert dara.sees("/").status_code == 200
    assert desk.visitor().sign_in("Dara", words).status_code == 403
    assert desk.visitor().sign_in("Dara", GOOD).location == "/desk/"
    assert ("operator", "invite", "staff:1") in desk.audit()


def test_it_may_be_typed_in_khmer_digits_and_without_groups(desk: Desk) -> None:
    words = invites(desk).replace("-", "")
    assert len(words) == 20
    khmer = words.translate({ord(str(n)): chr(0x17E0 + n) for n in range(10)})
    assert desk.visitor().sign_in("Dara", khmer).location == "/desk/second-step"


def test_ones_own_may_be_twenty_digits_as_well(desk: Desk) -> None:
    mine = "83920174650918273645"
    dara = desk.staff("Dara")
    assert changes(dara, mine).location == "/desk/account"
    again = desk.visitor()
    assert again.sign_in("Dara", mine).location == "/desk/"
    assert again.sends("/prove/passphrase", "/prove", passphrase=mine).status_code == 303
    assert "you have it already" in again.text_of(changes(again, mine, old=mine))


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        ("caf\u00e9 ri\u0302z mangue v\u00e9lo", "cafe\u0301 r\u00eez mangue ve\u0301lo"),
        ("rain bicycle mango teacher", "\uff52ain\u00a0bicycle mango teacher"),
    ],
)
def test_another_keyboard_writes_the_same_letters_otherwise(
    desk: Desk, chosen: str, typed: str
) -> None:
    """A phone puts an accent together, a Mac takes it apart: to who types they are one."""
    assert changes(desk.staff("Dara"), chosen).location == "/desk/account"
    for words in (chosen, typed):
        dara = desk.visitor()
        assert dara.sign_in("Dara", words).status_code == 303
        assert dara.sends("/prove/passphrase", "/prove", passphrase=words).status_code == 303


def test_one_chosen_before_letters_were_brought_into_one_form_goes_on(desk: Desk) -> None:
    apart = "cafe\u0301 bicycle mango teacher"
    with desk.hotline.transaction() as tx:
        set_password(tx, 1, hash_given(apart))
    assert desk.visitor().sign_in("Dara", apart).status_code == 303


def test_what_follows_the_longest_one_counts_neither_now_nor_later(desk: Desk) -> None:
    """Else a sign-in that hashes anew would lock out who types a little more than that."""
    much = "rain bicycle mango teacher " * 10
    for words in (much, much[:LONGEST]):
        assert is_right(hash_password(much), words)


def test_the_demos_passphrase_in_wide_letters_opens_nothing_in_earnest(desk: Desk) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in demo.PASSPHRASE)
    assert desk.visitor().sign_in("Dara", wide).status_code == 303
    assert in_earnest(desk).visitor().sign_in("Dara", wide).status_code == 403


@pytest.mark.parametrize("is_invited", [False, True])
def test_a_thief_who_chooses_a_passphrase_while_the_phone_is_revoked_is_too_late(
    desk: Desk, monkeypatch, is_invited: bool
) -> None:
    thief = desk.visitor()
    thief.sign_in("Dara", invites(desk) if is_invited else demo.PASSPHRASE)
    hashes = passphrases.hash_password

    def is_revoked_meanwhile(words: str) -> str:
        with desk.hotline.transaction() as tx:
            letting_go.revoke_phone(desk.hotline, tx, 1, "operator")
        return hashes(words)

    monkeypatch.setattr(passphrases, "hash_password", is_revoked_meanwhile)
    assert changes(thief, old="" if is_invited else demo.PASSPHRASE).status_code == 422
    with desk.hotline.reading() as tx:
        assert get_staff(tx, 1).password_hash is None
    assert desk.visitor().sign_in("Dara", GOOD).status_code == 403


def test_two_invitations_have_nothing_in_common(desk: Desk) -> None:
    first, second = invites(desk), invites(desk)
    assert first != second
    assert desk.visitor().sign_in("Dara", first).status_code == 403
    assert desk.visitor().sign_in("Dara", second).status_code == 303


@pytest.mark.parametrize(("hours", "status"), [(71, 303), (72, 403)])
def test_it_is_good_for_three_days(desk: Desk, hours: int, status: int) -> None:
    words = invites(desk)
    desk.minutes_pass(hours * 60)
    answer = desk.visitor().sign_in("Dara", words)
    assert answer.status_code == status


def test_that_it_is_over_is_told_only_to_who_has_it(desk: Desk) -> None:
    words = invites(desk, valid=timedelta(hours=1))
    desk.minutes_pass(61)
    late, guess = desk.visitor(), desk.visitor()
    where = "/sign-in?language=en"
    told = late.sends(where, where, name="Dara", passphrase=words)
    assert "Ask who gave it to you for another" in late.text_of(told)
    wrong = guess.sends(where, where, name="Dara", passphrase="a guess at it")
    assert "Name or passphrase is not right" in guess.text_of(wrong)


def test_who_has_a_second_factor_shows_it_before_they_choose(desk: Desk) -> None:
    app, _ = sets_up_an_app(desk.staff("Dara"))
    words = invites(desk)
    dara = desk.visitor()
    dara.sign_in("Dara", words)
    assert dara.sees("/passphrase").location == "/desk/second-step"
    answer = dara.sends("/second-step/code", "/second-step", code=app.code())
    assert answer.location == "/desk/passphrase"
    assert changes(dara, old="").location == "/desk/"


def test_who_lost_everything_sets_up_anew(desk: Desk) -> None:
    at_home = desk.staff("Dara")
    _, codes = sets_up_an_app(at_home)
    with desk.hotline.transaction() as tx:
        second_factor.reset(desk.hotline, tx, 1, "staff:3")
    assert at_home.sees("/").location == "/desk/sign-in"
    dara = desk.visitor()
    assert dara.sign_in("Dara").location == "/desk/"
    assert dara.sends("/prove/code", "/prove", code=codes[0]).status_code == 422
    assert ("staff:3", "reset_second_factor", "staff:1") in desk.audit()


def in_earnest(desk: Desk) -> Desk:
    """The same house, with a real carrier."""
    settings = replace(desk.hotline.settings, carriers=("twilio", "simulator"))
    hotline = replace(desk.hotline, settings=settings)
    return Desk(hotline, create_app(hotline), desk.time)


def test_the_demos_passphrase_opens_nothing_in_earnest(desk: Desk) -> None:
    real = in_earnest(desk)
    assert desk.visitor().sign_in("Dara").status_code == 303
    assert real.visitor().sign_in("Dara").status_code == 403


def test_after_thirty_days_without_signing_in_somebody_must_invite_again(desk: Desk) -> None:
    real, days = in_earnest(desk), 24 * 60
    changes(desk.staff("Dara"))
    desk.minutes_pass(29 * days)
    assert real.visitor().sign_in("Dara", GOOD).status_code == 303
    desk.minutes_pass(30 * days)
    dara = real.visitor()
    where = "/sign-in?language=en"
    told = dara.sends(where, where, name="Dara", passphrase=GOOD)
    assert told.status_code == 403
    assert "not signed in for 30 days" in dara.text_of(told)
    words = invites(real)
    assert real.visitor().sign_in("Dara", words).status_code == 303


def test_in_the_demo_the_clock_may_be_moved_by_months(desk: Desk) -> None:
    desk.staff("Dara")
    desk.minutes_pass(90 * 24 * 60)
    assert desk.visitor().sign_in("Dara").status_code == 303
