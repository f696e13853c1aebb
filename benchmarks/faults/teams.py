"""Many staff, and a rota that changes hands all the time.

A day of a run holds the cases of weeks, and nobody is texted more often than is good: without
teams that relieve each other the pages would rightly wait for hours.
"""

from __future__ import annotations

import threading

from benchmarks.faults.staff import PINS
from benchmarks.on_call import hand_over_to
from hotline.parts import Hotline
from hotline.pins import set_pin
from hotline.staffing import take_on
from hotline.storage.database import DatabaseAway

TEAMS = 24
_SUPERVISORS = 3
_PIN = "7294"
_HAND_OVER = 3.0


class Teams:
    """Teams of two take turns; `start` it once the tables are there."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline
        self._going_home = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True, name="rota")
        self._duty = self._take_on(2 * TEAMS, "duty")
        self._take_on(_SUPERVISORS, "supervisor")
        self._next = 0

    def start(self) -> None:
        self.hand_over()
        self._thread.start()

    def go_home(self) -> None:
        self._going_home.set()
        self._thread.join(10)

    def hand_over(self) -> None:
        """The next two are on call from now on; where the database is away, those before them."""
        team = [self._duty[(self._next + place) % len(self._duty)] for place in (0, 1)]
        try:
            hand_over_to(self._hotline, team)
        except DatabaseAway:
            return
        self._next += 2

    def _live(self) -> None:
        while not self._going_home.wait(_HAND_OVER):
            self.hand_over()

    def _take_on(self, how_many: int, role: str) -> list[int]:
        taken_on = []
        for place in range(how_many):
            number = f"+8551011{2 if role == 'duty' else 3}{place:03d}"
            with self._hotline.transaction() as tx:
                staff_id = take_on(self._hotline, tx, f"{role} {place}", number, role)
                fault = set_pin(self._hotline, tx, staff_id, _PIN)
            assert fault is None, f"{_PIN} may not be a PIN: {fault}"
            PINS[number] = _PIN
            taken_on.append(staff_id)
        return taken_on
