"""The second factor: an app, codes on paper; asked for at the door, good once, counted."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from hotline import demo, proving, second_factor_totp, sessions
from hotline.proving import Asked, Proved, Refused
from hotline.storage.audit_line import audit_lines
from hotline.storage.authenticator import authenticators
from hotline.storage.recovery_code import recovery_codes
from hotline.storage.sign_in_attempt import sign_in_attempts
from tests.web.desk.desk import Desk, open_desk
from tests.web.desk.door import CODES, App, sets_up_an_app


@pytest.fixture
def strict(database, tmp_path, key_ring_file, content, quick_hashes) -> Desk:
    return open_desk(database, tmp_path / "data", key_ring_file, content, second_factor="required")


def token_of(visitor) -> str:
    with visitor.client.session_transaction("/desk/") as cookie:
        return cookie["token"]


def test_where_it_is_required_nothing_opens_before_one_is_set_up(strict: Desk) -> None:
    ref = strict.caller_asks()
    dara = strict.visitor()
    assert dara.sign_in("Dara").location == "/desk/second-step"
    for path in ("/", f"/cases/{ref}", "/account", "/rota", "/prove", "/nothing"):
        assert dara.sees(path).location == "/desk/second-step", path
    assert dara.sees("/second-step").location == "/desk/second-factor"
    _, codes = sets_up_an_app(dara, "/second-factor")
    assert len(set(codes)) == 10
    assert dara.sees("/").status_code == 200
    actions = [action for _, action, _ in strict.audit()]
    assert actions[-3:] == ["sign_in", "add_second_factor", "new_recovery_codes"]


def test_a_button_cannot_be_pressed_before_it_either(strict: Desk) -> None:
    ref = strict.caller_asks()
    dara = strict.visitor()
    dara.sign_in("Dara")
    answer = dara.sends(f"/cases/{ref}/claim", "/second-factor")
    assert answer.location == "/desk/second-step"
    assert strict.case(ref).state == "open"


def test_setting_one_up_changes_the_token(strict: Desk) -> None:
    dara, thief = strict.visitor(), strict.visitor()
    dara.sign_in("Dara")
    thief.client.set_cookie(
        "desk", dara.client.get_cookie("desk", path="/desk").value, path="/desk"
    )
    sets_up_an_app(dara, "/second-factor")
    assert dara.sees("/").status_code == 200
    assert thief.sees("/").location == "/desk/sign-in"


def test_who_has_one_shows_it_in_the_demo_too(desk: Desk) -> None:
    ref = desk.caller_asks()
    app, _ = sets_up_an_app(desk.staff("Dara"))
    dara = desk.visitor()
    dara.sees(f"/cases/{ref}")
    assert dara.sign_in("Dara").location == "/desk/second-step"
    before = token_of(dara)
    assert dara.sees("/").location == "/desk/second-step"
    answer = dara.sends("/second-step/code", "/second-step", code=app.code())
    assert answer.location == f"/desk/cases/{ref}"
    assert dara.sees(f"/cases/{ref}").status_code == 200
    assert token_of(dara) != before
    assert sessions.who_is(desk.hotline, before) is None
    assert ("staff:1", "second_factor", "desk") in desk.audit()


def test_the_early_session_sets_up_no_other_factor(desk: Desk) -> None:
    """A stolen passphrase must not be enough to add an app of one's own."""
    sets_up_an_app(desk.staff("Dara"))
    thief = desk.visitor()
    thief.sign_in("Dara")
    for path in ("/second-factor", "/authenticator", "/passkeys", "/passphrase"):
        assert thief.sees(path).location == "/desk/second-step", path
    for path in ("/authenticator/new", "/authenticator", "/passkeys", "/passphrase"):
        answer = thief.sends(path, "/second-step", new="rain bicycle mango teacher")
        assert answer.location == "/desk/second-step", path
    assert thief.sees("/").location == "/desk/second-step"


def test_half_an_hour_is_enough_for_it(desk: Desk) -> None:
    app, _ = sets_up_an_app(desk.staff("Dara"))
    dara = desk.visitor()
    dara.sign_in("Dara")
    desk.minutes_pass(30)
    assert dara.sees("/second-step").location == "/desk/sign-in"
    assert app.code()


def test_a_code_is_good_once(desk: Desk) -> None:
    app, _ = sets_up_an_app(desk.staff("Dara"))
    code = app.code()
    first, second = desk.visitor(), desk.visitor()
    for visitor, status in ((first, 303), (second, 422)):
        visitor.sign_in("Dara")
        answer = visitor.sends("/second-step/code", "/second-step", code=code)
        assert answer.status_code == status
    assert "was used already" in second.text_of(answer)
    assert second.sees("/").location == "/desk/second-step"


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_clock_may_be_half_a_minute_off(desk: Desk, steps: int, status: int) -> None:
    app, _ = sets_up_an_app(desk.staff("Dara"))
    desk.minutes_pass(2)
    dara = desk.visitor()
    dara.sign_in("Dara")
    answer = dara.sends("/second-step/code", "/second-step", code=app.code(steps))
    assert answer.status_code == status


def test_after_a_later_code_an_earlier_one_is_worth_nothing(desk: Desk) -> None:
    app, _ = sets_up_an_app(desk.staff("Dara"))
    earlier, later = app.code(), app.code(1)
    dara, again = desk.visitor(), desk.visitor()
    dara.sign_in("Dara")
    assert dara.sends("/second-step/code", "/second-step", code=later).status_code == 303
    again.sign_in("Dara")
    assert again.sends("/second-step/code", "/second-step", code=earlier).status_code == 422


def test_two_tries_with_one_code_at_once_let_one_in(desk: Desk) -> None:
    app, _ = sets_up_an_app(desk.staff("Dara"))
    code, outcomes, ready = app.code(), [], threading.Barrier(2)
    visitors = [desk.visitor(), desk.visitor()]
    members = []
    for visitor in visitors:
        visitor.sign_in("Dara")
        members.append(sessions.who_is(desk.hotline, token_of(visitor)))

    def tries(member) -> None:
        ready.wait(5)
        outcomes.append(proving.by_code(desk.hotline, Asked(member, "127.0.0.1"), code))

    threads = [threading.Thread(target=tries, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(type(outcome) is Proved for outcome in outcomes) == [False, True]
    assert Refused.WRONG in outcomes


def test_khmer_digits_and_groups_are_understood(desk: Desk) -> None:
    app, _ = sets_up_an_app(desk.staff("Dara"))
    khmer = app.code().translate({ord(str(n)): chr(0x17E0 + n) for n in range(10)})
    dara = desk.visitor()
    dara.sign_in("Dara")
    typed = f"{khmer[:3]} {khmer[3:]}"
    assert dara.sends("/second-step/code", "/second-step", code=typed).status_code == 303


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "\x00" * 6, "៛" * 5000, "1" * 10_000])
def test_nonsense_is_no_code(desk: Desk, typed: str) -> None:
    sets_up_an_app(desk.staff("Dara"))
    dara = desk.visitor()
    dara.sign_in("Dara")
    assert dara.sends("/second-step/code", "/second-step", code=typed).status_code == 422


def test_after_five_wrong_codes_the_right_one_waits_also_after_a_restart(
    desk: Desk, key_ring_file, content, tmp_path, monkeypatch
) -> None:
    app, _ = sets_up_an_app(desk.staff("Dara"))
    dara = desk.visitor()
    dara.sign_in("Dara")
    for _ in range(5):
        wrong = dara.sends("/second-step/code", "/second-step", code=app.another_code())
        assert wrong.status_code == 422
    assert dara.sends("/second-step/code", "/second-step", code=app.code()).status_code == 429
    # Nothing of it is in memory: another process counts the same.
    monkeypatch.setattr(demo, "seed", lambda *_: False)
    monkeypatch.setattr(demo, "STAFF", ())
    monkeypatch.setattr(demo, "DESK_STAFF", ())
    after = open_desk(desk.hotline.database, tmp_path / "data", key_ring_file, content)
    after.time[0] = desk.time[0]
    again = after.visitor()
    again.sign_in("Dara")
    assert again.sends("/second-step/code", "/second-step", code=app.code()).status_code == 429
    after.minutes_pass(16)
    code = app.totp.at(after.time[0])
    assert again.sends("/second-step/code", "/second-step", code=code).status_code == 303


def test_a_wrong_code_after_the_right_passphrase_is_written_down(desk: Desk) -> None:
    app, _ = sets_up_an_app(desk.staff("Dara"))
    thief = desk.visitor()
    thief.sign_in("Dara")
    thief.sends("/second-step/code", "/second-step", code=app.another_code())
    assert desk.audit()[-1] == ("staff:1", "proof_refused", "desk")


def test_a_code_is_counted_before_it_is_checked(desk: Desk, monkeypatch) -> None:
    app, _ = sets_up_an_app(desk.staff("Dara"))
    dara = desk.visitor()
    dara.sign_in("Dara")
    member = sessions.who_is(desk.hotline, token_of(dara))

    def crash(*_: object) -> bool:
        raise MemoryError

    monkeypatch.setattr(proving.totp, "use", crash)
    with pytest.raises(MemoryError):
        proving.by_code(desk.hotline, Asked(member, "127.0.0.1"), app.code())
    with desk.hotline.reading() as tx:
        failed = select(func.count()).where(sign_in_attempts.c.succeeded.is_(False))
        assert tx.execute(failed).scalar_one() == 1


def test_an_address_that_tries_many_codes_waits(desk: Desk) -> None:
    app, _ = sets_up_an_app(desk.staff("Bopha"))
    others = [desk.visitor() for _ in range(4)]
    for n in range(20):
        others[n % 4].sign_in(f"Name {n}", "a guess at it")
    bopha = desk.visitor()
    bopha.client.environ_base.update({"REMOTE_ADDR": "203.0.113.9"})
    bopha.sign_in("Bopha")
    bopha.client.environ_base.update({"REMOTE_ADDR": "127.0.0.1"})
    assert bopha.sends("/second-step/code", "/second-step", code=app.code()).status_code == 429


def test_a_code_on_paper_is_good_once_and_the_number_left_is_shown(desk: Desk) -> None:
    home = desk.staff("Dara")
    _, codes = sets_up_an_app(home)
    dara, again = desk.visitor(), desk.visitor()
    dara.sign_in("Dara")
    assert dara.sends("/second-step/code", "/second-step", code=codes[3]).status_code == 303
    assert "Codes on paper that are left: 9" in dara.reads("/account")
    again.sign_in("Dara")
    assert again.sends("/second-step/code", "/second-step", code=codes[3]).status_code == 422
    with desk.hotline.reading() as tx:
        details = [line.detail for line in tx.execute(select(audit_lines)).all()]
    assert "recovery_code" in details


def test_new_codes_on_paper_void_the_old_ones(desk: Desk) -> None:
    home = desk.staff("Dara")
    _, old = sets_up_an_app(home)
    page = home.sends("/recovery-codes", "/account").text
    new = CODES.findall(page)
    assert len(new) == 10
    assert not set(new) & set(old)
    dara = desk.visitor()
    dara.sign_in("Dara")
    assert dara.sends("/second-step/code", "/second-step", code=old[0]).status_code == 422
    assert dara.sends("/second-step/code", "/second-step", code=new[0]).status_code == 303


def test_a_code_on_paper_proves_nothing_later(desk: Desk) -> None:
    dara = desk.staff("Dara")
    _, codes = sets_up_an_app(dara)
    assert dara.sends("/prove/code", "/prove", code=codes[0]).status_code == 422


def test_another_persons_code_is_worth_nothing(desk: Desk) -> None:
    sets_up_an_app(desk.staff("Dara"))
    app, codes = sets_up_an_app(desk.staff("Sophea"))
    dara = desk.visitor()
    dara.sign_in("Dara")
    for code in (app.code(), codes[0]):
        assert dara.sends("/second-step/code", "/second-step", code=code).status_code == 422


def test_neither_secret_nor_codes_lie_open_in_the_database(desk: Desk) -> None:
    dara = desk.staff("Dara")
    app, codes = sets_up_an_app(dara)
    with desk.hotline.reading() as tx:
        sealed = tx.execute(select(authenticators.c.secret_sealed)).scalar_one()
        kept = tx.execute(select(recovery_codes.c.code_hash)).scalars().all()
    assert app.totp.byte_secret() not in sealed
    assert len(kept) == 10
    assert not any(codes[0].replace(" ", "").encode() in one for one in kept)


def test_the_secret_is_drawn_without_style_or_script_and_kept_nowhere(desk: Desk) -> None:
    dara = desk.staff("Dara")
    dara.sends("/authenticator/new", "/account")
    answer = dara.sees("/authenticator")
    assert "<svg" in answer.text
    assert "style=" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    secret = App(desk, answer.text).totp.secret
    assert len(secret) == 32
    assert secret not in dara.sees("/account").text


def test_a_new_app_takes_the_place_of_the_old_one_once_it_works(desk: Desk) -> None:
    dara = desk.staff("Dara")
    old, _ = sets_up_an_app(dara)
    dara.sends("/authenticator/new", "/account")
    new = App(desk, dara.sees("/authenticator").text)
    wrong = dara.sends("/authenticator", "/authenticator", code=new.another_code())
    assert wrong.status_code == 422
    assert "The app shows other digits" in dara.text_of(wrong)
    assert dara.sends("/prove/code", "/prove", code=old.code()).status_code == 303
    assert dara.sends("/authenticator", "/authenticator", code=new.code()).status_code == 303
    desk.minutes_pass(1)
    assert dara.sends("/prove/code", "/prove", code=old.code()).status_code == 422
    assert dara.sends("/prove/code", "/prove", code=new.code()).status_code == 303


def test_a_secret_is_shown_to_none_but_the_browser_that_began(desk: Desk) -> None:
    """Else who knows the passphrase reads it along, and has the owner's app from then on."""
    dara, thief = desk.staff("Dara"), desk.staff("Dara")
    thief.sends("/authenticator/new", "/account")
    thiefs = App(desk, thief.sees("/authenticator").text)
    dara.sends("/authenticator/new", "/account")
    daras = App(desk, dara.sees("/authenticator").text)
    assert daras.totp.secret != thiefs.totp.secret
    assert thief.sees("/authenticator").status_code == 303
    for app in (thiefs, daras):
        refused = thief.sends("/authenticator", "/account", code=app.code())
        assert refused.location == "/desk/second-factor"
        assert not CODES.findall(refused.text)
    with desk.hotline.reading() as tx:
        assert not second_factor_totp.is_set_up(tx, 1)
    assert CODES.findall(dara.sends("/authenticator", "/authenticator", code=daras.code()).text)


def test_adding_one_ends_the_sessions_that_never_showed_it(desk: Desk) -> None:
    dara, forgotten = desk.staff("Dara"), desk.staff("Dara")
    sets_up_an_app(dara)
    assert forgotten.sees("/").location == "/desk/sign-in"
    assert dara.sees("/").status_code == 200


def test_the_last_one_stays_where_one_is_required(strict: Desk) -> None:
    dara = strict.visitor()
    dara.sign_in("Dara")
    sets_up_an_app(dara, "/second-factor")
    assert "Your only one cannot be removed" in dara.reads("/account")
    dara.sends("/authenticator/remove", "/account")
    assert "Code from your app" in english(strict)


def english(desk: Desk) -> str:
    again = desk.visitor()
    again.sign_in("Dara")
    return again.reads("/second-step")


def test_where_it_is_offered_it_can_be_taken_off_with_its_codes(desk: Desk) -> None:
    dara = desk.staff("Dara")
    sets_up_an_app(dara)
    dara.sends("/authenticator/remove", "/account")
    assert "who learns your passphrase gets in" in dara.reads("/account")
    assert desk.visitor().sign_in("Dara").location == "/desk/"
    with desk.hotline.reading() as tx:
        assert tx.execute(select(func.count()).select_from(recovery_codes)).scalar_one() == 0
