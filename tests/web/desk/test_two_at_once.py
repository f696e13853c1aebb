"""Two people, or one at two screens, at the same moment: one waits for the other, and both see."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from hotline import audit, letting_go, people, second_factor
from hotline import second_factor_totp as totp
from hotline.sessions import Member
from hotline.storage import authenticator, desk_session, recovery_code
from hotline.storage.database import Transaction
from hotline.storage.passkey import add_passkey
from hotline.storage.shift import add_shift, hold_rota
from hotline.storage.staff_member import hold_admins, set_reach
from tests.web.desk.desk import Desk, open_desk
from tests.web.desk.door import sets_up_an_app

DARA = Member(1, "Dara", "duty", "km")
SOPHEA, RITH = 2, 4


@pytest.fixture
def strict(database, tmp_path, key_ring_file, content, quick_hashes) -> Desk:
    return open_desk(database, tmp_path / "data", key_ring_file, content, second_factor="required")


class Meanwhile:
    """Does something in a transaction of its own while another is open."""

    def __init__(self, desk: Desk, act: Callable[[Transaction], object]) -> None:
        self._desk, self._act = desk, act
        self._done = threading.Event()
        self.outcome: object = None
        self._thread = threading.Thread(target=self._go)

    def begin(self) -> None:
        """Goes on once it is done, or plainly waits."""
        self._thread.start()
        self._done.wait(0.3)

    def end(self) -> object:
        self._thread.join(20)
        assert self._done.is_set(), "it waits for ever"
        return self.outcome

    def _go(self) -> None:
        try:
            with self._desk.hotline.transaction() as tx:
                self.outcome = self._act(tx)
        except Exception as fault:  # the story looks at it
            self.outcome = fault
        self._done.set()


@pytest.mark.parametrize("app_first", [True, False])
def test_of_two_factors_removed_at_once_one_stays(strict: Desk, app_first: bool) -> None:
    dara = strict.visitor()
    dara.sign_in("Dara")
    sets_up_an_app(dara, "/second-factor")
    hotline, now = strict.hotline, strict.hotline.now()
    key = {"credential_id": b"key", "public_key": b"", "sign_count": 0, "name": "k", "made_at": now}
    with hotline.transaction() as tx:
        add_passkey(tx, staff_id=DARA.id, **key)
        (row,) = second_factor.factors_of(tx, DARA.id).keys

    def remove_app(tx: Transaction) -> bool:
        return second_factor.remove_app(hotline, tx, DARA)

    def remove_key(tx: Transaction) -> bool:
        return second_factor.remove_passkey(hotline, tx, DARA, row.id)

    first, then = (remove_app, remove_key) if app_first else (remove_key, remove_app)
    other = Meanwhile(strict, then)
    with hotline.transaction() as tx:
        assert first(tx)
        other.begin()
    assert other.end() is False
    with hotline.reading() as tx:
        assert second_factor.factors_of(tx, DARA.id).how_many == 1


# ---------------------------------------------------------------- rows first, then the audit chain


def signs_out(desk: Desk, tx: Transaction) -> None:
    desk_session.end_sessions_of(tx, DARA.id, desk.hotline.now())


def types_a_code(desk: Desk, tx: Transaction) -> None:
    found = authenticator.find_authenticator(tx, DARA.id, confirmed=True)
    assert authenticator.take_step(tx, found.id, 2**40)


def types_a_code_on_paper(desk: Desk, tx: Transaction) -> None:
    recovery_code.remove_recovery_codes(tx, DARA.id)


def loses_the_phone(desk: Desk, tx: Transaction) -> object:
    return letting_go.revoke_phone(desk.hotline, tx, DARA.id, "staff:4")


def leaves(desk: Desk, tx: Transaction) -> object:
    return letting_go.let_go(desk.hotline, tx, DARA.id, "staff:4")


def adds_an_app(desk: Desk, tx: Transaction) -> object:
    return second_factor.add_app(desk.hotline, tx, DARA, "", "")


def makes_codes(desk: Desk, tx: Transaction) -> object:
    return second_factor.new_codes(desk.hotline, tx, DARA)


@pytest.mark.parametrize("act", [loses_the_phone, leaves, adds_an_app, makes_codes])
@pytest.mark.parametrize("uses", [signs_out, types_a_code, types_a_code_on_paper])
def test_who_uses_something_while_it_is_taken_away_waits_for_nobody_who_waits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, uses, act
) -> None:
    sets_up_an_app(desk.staff("Dara"))
    monkeypatch.setattr(totp, "confirm", lambda *_: True)
    other = Meanwhile(desk, lambda tx: act(desk, tx))
    with desk.hotline.transaction() as tx:
        uses(desk, tx)
        other.begin()
        audit.note(tx, desk.hotline.now(), "staff:1", "prove", "desk")
    assert not isinstance(other.end(), Exception)


def test_one_admin_changes_people_while_another_lets_somebody_go(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        set_reach(tx, SOPHEA, role="admin")
    other = Meanwhile(desk, lambda tx: people.let_go(desk.hotline, tx, RITH, "staff:2"))
    with desk.hotline.transaction() as tx:
        hold_rota(tx)
        other.begin()
        assert hold_admins(tx) == [SOPHEA, RITH]
    assert other.end() is None


def test_what_is_written_of_an_admin_waits_for_no_change_of_the_admins(desk: Desk) -> None:
    now = desk.hotline.now()

    def puts_on_call(tx: Transaction) -> None:
        audit.note(tx, now, "staff:3", "add_shift", "staff:4")
        add_shift(tx, RITH, now, now + timedelta(hours=1))

    other = Meanwhile(desk, puts_on_call)
    with desk.hotline.transaction() as tx:
        hold_admins(tx)
        other.begin()
        audit.note(tx, now, "staff:3", "change_person", "staff:4")
    assert other.end() is None
