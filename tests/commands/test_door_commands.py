"""Who gets into the desk, by command: the first admin, invitations, passphrases, lost keys."""

from __future__ import annotations

import re
from dataclasses import replace

import click
import pytest
from click.testing import CliRunner, Result

from hotline import demo
from hotline.commands import door
from hotline.storage.staff_member import ROLES, list_staff, retire
from tests.web.desk.desk import Desk
from tests.web.desk.door import sets_up_an_app

WORDS = re.compile(r"\d{4}(?:-\d{4}){4}")
GOOD = "rain bicycle mango teacher"


@pytest.fixture(autouse=True)
def here(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "open_hotline", lambda: desk.hotline)


def runs(command: click.Command, *words: str, **more) -> Result:
    return CliRunner().invoke(command, list(words), **more)


def without_admin(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        for admin in list_staff(tx, ["admin"]):
            retire(tx, admin.id)


def test_the_first_admin_is_made_by_a_command(desk: Desk) -> None:
    without_admin(desk)
    made = runs(door.make_admin, "Sreymom", "012 345 678")
    words = WORDS.search(made.output)
    assert made.exit_code == 0
    assert words
    assert "within 24 hours" in made.output
    sreymom = desk.visitor()
    assert sreymom.sign_in("Sreymom", words[0]).location == "/desk/second-step"
    sreymom.sends("/passphrase", "/passphrase", new=GOOD, again=GOOD)
    assert sreymom.sees("/people").status_code == 200
    assert ("operator", "invite", "staff:7") in desk.audit()


def test_it_is_good_for_a_day(desk: Desk) -> None:
    without_admin(desk)
    words = WORDS.search(runs(door.make_admin, "Sreymom", "012 345 678").output)[0]
    desk.minutes_pass(24 * 60)
    assert desk.visitor().sign_in("Sreymom", words).status_code == 403


def test_there_is_only_one_first_admin(desk: Desk) -> None:
    made = runs(door.make_admin, "Sreymom", "012 345 678")
    assert made.exit_code != 0
    assert "there is an admin already" in made.output


@pytest.mark.parametrize(
    ("name", "phone", "why"),
    [("Sreymom", "12", "no phone number"), ("Dara", "012 345 678", "belongs")],
)
def test_a_bad_name_or_phone_is_refused(desk: Desk, name: str, phone: str, why: str) -> None:
    without_admin(desk)
    assert why in runs(door.make_admin, name, phone).output


def test_somebody_is_let_in_again(desk: Desk) -> None:
    words = WORDS.search(runs(door.invite, "Dara").output)[0]
    assert desk.visitor().sign_in("Dara", words).status_code == 303
    assert "nobody has this NAME" in runs(door.invite, "Nobody").output


@pytest.mark.parametrize(
    ("passphrase", "why"),
    [
        ("short", "14 to 128 characters"),
        ("aaaaaaaaaaaaaaaaa", "easy to guess"),
        (demo.PASSPHRASE, "in the documentation"),
        ("Dara Child Club desk", "mostly a name"),
    ],
)
def test_a_weak_passphrase_is_refused_here_too(desk: Desk, passphrase: str, why: str) -> None:
    done = runs(door.set_passphrase, "Dara", input=f"{passphrase}\n{passphrase}\n")
    assert done.exit_code != 0
    assert why in done.output
    assert desk.visitor().sign_in("Dara").status_code == 303


def test_a_passphrase_that_is_set_signs_out_and_needs_no_replacing(desk: Desk) -> None:
    dara = desk.staff("Dara")
    runs(door.invite, "Dara")
    assert runs(door.set_passphrase, "Dara", input=f"{GOOD}\n{GOOD}\n").exit_code == 0
    assert dara.sees("/").location == "/desk/sign-in"
    assert desk.visitor().sign_in("Dara", GOOD).location == "/desk/"


def test_a_passphrase_is_asked_for_and_cannot_stand_on_the_command_line(desk: Desk) -> None:
    """A command line is read by others, and kept in the shell's history."""
    refused = runs(door.set_passphrase, "Dara", "--passphrase", GOOD)
    assert "No such option" in refused.output
    done = runs(door.set_passphrase, "Dara", input=f"{GOOD}\n{GOOD}\n")
    assert (done.exit_code, GOOD in done.output) == (0, False)


def test_who_is_not_here_is_told_before_anything_is_typed(desk: Desk) -> None:
    assert "nobody has this NAME" in runs(door.set_passphrase, "Nobody", input="").output


def test_callers_do_not_wait_while_a_passphrase_is_hashed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes, others = door.hash_password, []

    def hashed_meanwhile(words: str) -> str:
        with desk.hotline.transaction() as tx:
            others.append(len(list_staff(tx)))
        return hashes(words)

    monkeypatch.setattr(door, "hash_password", hashed_meanwhile)
    assert runs(door.set_passphrase, "Dara", input=f"{GOOD}\n{GOOD}\n").exit_code == 0
    assert others == [6]


def test_who_lost_phone_key_and_paper(desk: Desk) -> None:
    sets_up_an_app(desk.staff("Dara"))
    assert runs(door.reset_second_factor, "Dara").exit_code == 0
    assert desk.visitor().sign_in("Dara").location == "/desk/"
    assert ("operator", "reset_second_factor", "staff:1") in desk.audit()


def test_signed_out_everywhere(desk: Desk) -> None:
    dara = desk.staff("Dara")
    assert "1 sessions ended" in runs(door.sign_out_everywhere, "Dara").output
    assert dara.sees("/").location == "/desk/sign-in"


def test_a_start_in_earnest_with_the_demos_staff_is_refused(desk: Desk) -> None:
    door.refuse_demo_passphrase(desk.hotline)
    settings = replace(desk.hotline.settings, carriers=("twilio",))
    real = replace(desk.hotline, settings=settings)
    with pytest.raises(click.ClickException, match="6 staff, Dara for one"):
        door.refuse_demo_passphrase(real)
    with real.transaction() as tx:
        for member in list_staff(tx):
            retire(tx, member.id)
    assert door.refuse_demo_passphrase(real) is None


def test_the_demo_has_somebody_of_each_role(desk: Desk) -> None:
    everybody = (*demo.STAFF, *demo.DESK_STAFF)
    for name, _, _ in everybody:
        assert f"{name}, " in desk.staff(name).reads("/account")
    assert {role for _, _, role in everybody} == set(ROLES)


def test_a_name_typed_in_another_form_of_unicode_is_found_at_the_door(desk: Desk) -> None:
    """A Mac's terminal takes an accent apart; the sign-in puts it together."""
    without_admin(desk)
    words = WORDS.search(runs(door.make_admin, " Rene\u0301 ", "012 345 678").output)
    assert words
    came = desk.visitor().sign_in("Ren\u00e9", words[0])
    assert came.location == "/desk/second-step"
    assert runs(door.invite, "Rene\u0301").exit_code == 0


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "two\nlines"])
def test_what_nobody_could_sign_in_with_is_no_name(desk: Desk, name: str) -> None:
    without_admin(desk)
    refused = runs(door.make_admin, name, "012 345 678")
    assert refused.exit_code == 1
    assert "NAME needs" in refused.output
