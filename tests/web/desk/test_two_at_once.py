"""Two people, or one at two screens, at the same moment: one waits for the other, and both see."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from hotline import second_factor
from hotline.sessions import Member
from hotline.storage.database import Transaction
from hotline.storage.passkey import add_passkey
from tests.web.desk.desk import Desk, open_desk
from tests.web.desk.door import sets_up_an_app

DARA = Member(1, "Dara", "duty", "km")


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
