"""The web process watches the workers, and does the most urgent of their work when they are gone.

Every worker could be dead, Redis and the database away: whoever answers the phones can still text
the supervisors, straight through the carriers. While no worker sweeps, pages to staff must not wait
until a person has started one, so this climbs the ladders and sends what is due to staff itself.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from hotline import carrier_choice, checking, digests, errands, following_up, ladder
from hotline.alarm import Alarm
from hotline.carriers.protocol import (
    Carrier,
    CarrierRefused,
    CarrierUnavailable,
    CarrierUnknown,
)
from hotline.carrying import carry_out
from hotline.core.breaker import TEXT
from hotline.parts import Hotline
from hotline.storage.heartbeat import SWEEPER, last_beat
from hotline.storage.outbox_item import release_expired
from hotline.storage.staff_member import PAGED_ROLES, list_staff
from hotline.vault import SealBroken

EVERY = timedelta(seconds=15)
SILENT_FOR = timedelta(seconds=75)
"""With a look every 15 seconds a dead sweeper is noticed within 90."""

SWEEPS_MISSED = 4
SETTLING = timedelta(seconds=40)
"""So long workers have to sweep after a start, a jump of the clock, a return of the database."""

AWAY_FOR = timedelta(seconds=60)
"""A database that is locked for a moment is no reason to wake anybody."""

JUMP = timedelta(seconds=30)
AGAIN = timedelta(minutes=30)
SOON = timedelta(minutes=1)
AT_ONCE = 20
"""So much of the workers' work at each look, and no more: callers are being answered here."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Person:
    """Who is told when the line does not work. The number stays sealed until it is needed."""

    phone_sealed: bytes = field(repr=False)
    language: str
    zone: str


class Watch:
    """One process's watch. `steady` counts seconds and is never put right, unlike the clock."""

    def __init__(self, hotline: Hotline, steady: Callable[[], float] = time.monotonic) -> None:
        folder = hotline.settings.data / "alarms"
        self._hotline = hotline
        self._steady = steady
        self._sweeper = Alarm(folder, "sweeper", AGAIN)
        self._database = Alarm(folder, "database", AGAIN)
        self._people: tuple[Person, ...] = ()  # from the last good look
        self._last: tuple[datetime, float] | None = None
        self._settled_at = 0.0
        self._away: tuple[datetime, float] | None = None

    def look(self) -> None:
        """Is somebody sweeping, is the database there? Else tell people, and stand in."""
        now = self._hotline.now()
        self._mind_the_clock(now)
        try:
            beat = self._ask_database()
        except Exception as error:  # whatever it is, nothing can be written down now
            log.warning("watch_sees_no_database", error=type(error).__name__)
            self._database_is_away(now)
            return
        self._database_is_back(now)
        if self._is_silent(beat, now):
            self._nobody_sweeps(beat, now)
        elif self._sweeper.is_over():
            log.warning("sweeper_back")
            self._tell("STAFF_WORKS_AGAIN", now)

    # ------------------------------------------------------------ what is seen

    def _mind_the_clock(self, now: datetime) -> None:
        """A clock that was moved makes every time look old: wait for the next sweep."""
        steady = self._steady()
        if self._last is None:
            self._settle(steady)
        else:
            was, then = self._last
            if abs((now - was) - timedelta(seconds=steady - then)) > JUMP:
                log.warning("clock_moved")
                self._settle(steady)
        self._last = (now, steady)

    def _settle(self, steady: float) -> None:
        self._settled_at = steady + SETTLING.total_seconds()

    def _ask_database(self) -> datetime | None:
        with self._hotline.reading() as tx:
            people = list_staff(tx, ("supervisor",)) or list_staff(tx, PAGED_ROLES)
            self._people = tuple(Person(p.phone_sealed, p.language, p.zone) for p in people)
            return last_beat(tx, SWEEPER)

    def _is_silent(self, beat: datetime | None, now: datetime) -> bool:
        if self._steady() < self._settled_at:
            return False
        sweeps = timedelta(seconds=SWEEPS_MISSED * self._hotline.settings.sweep_seconds)
        # A beat that is still to come was written by a clock that was wrong: no sign of life.
        return beat is None or abs(now - beat) > max(SILENT_FOR, sweeps)

    # ------------------------------------------------------------ what is done

    def _database_is_away(self, now: datetime) -> None:
        steady = self._steady()
        if self._away is None:
            self._away = (now, steady)
        since, began = self._away
        if steady - began >= AWAY_FOR.total_seconds():
            self._raise(self._database, "database_away", since, now)

    def _database_is_back(self, now: datetime) -> None:
        if self._away is not None:
            self._away = None
            self._settle(self._steady())
        if self._database.is_over():
            log.warning("database_back")
            self._tell("STAFF_WORKS_AGAIN", now)

    def _nobody_sweeps(self, beat: datetime | None, now: datetime) -> None:
        self._raise(self._sweeper, "nobody_sweeps", beat or now, now)
        for step in _STEPS:
            try:
                step(self._hotline)
            except Exception:  # the next step may be the one that matters
                log.critical("standing_in_failed", step=step.__name__, exc_info=True)

    def _raise(self, alarm: Alarm, what: str, since: datetime, now: datetime) -> None:
        if not alarm.is_ours(now):
            return
        log.critical(what, people=len(self._people))
        if not self._tell("STAFF_DOWN", since):
            alarm.try_again(now + SOON)

    def _tell(self, prompt: str, at: datetime) -> int:
        """Straight through the carriers; how many people could be told."""
        return sum(_text(self._hotline, person, prompt, at) for person in self._people)


def _text(hotline: Hotline, person: Person, prompt: str, at: datetime) -> bool:
    try:
        number = hotline.vault.decrypt(person.phone_sealed, "staff.phone").decode()
    except SealBroken:
        log.critical("staff_number_unreadable")
        return False
    clock = f"{at.astimezone(ZoneInfo(person.zone)):%H:%M}"
    body = hotline.library.text(prompt, person.language).replace("{time}", clock)
    return _by_any(hotline, lambda carrier: carrier.send_text(number, body))


# ---------------------------------------------------------------- the workers' most urgent work


def _release(hotline: Hotline) -> None:
    with hotline.transaction() as tx:
        release_expired(tx, hotline.now())


def _climb(hotline: Hotline) -> None:
    ladder.raise_overdue(hotline, AT_ONCE)


def _remind(hotline: Hotline) -> None:
    following_up.raise_overdue(hotline, AT_ONCE)


def _send_alerts(hotline: Hotline) -> None:
    """What is due to staff, one after the other; whoever claimed an item has it alone."""
    owner, until = f"web:{os.getpid()}", hotline.now() + EVERY
    for _ in range(AT_ONCE):
        # Claimed one at a time, as no lease lasts for the sending of many.
        for errand in errands.claim_due(hotline, "alerts", owner, 1):
            carry_out(hotline, errand, owner)
        if hotline.now() > until:
            return


_STEPS: tuple[Callable[[Hotline], object], ...] = (
    _release,
    _climb,
    _remind,
    digests.send_due_digests,
    _send_alerts,
    checking.check_if_due,
)


def _by_any(hotline: Hotline, hand_over: Callable[[Carrier], str]) -> bool:
    """Whether some carrier took it.

    To staff twice is better than not at all, so one whose answer was lost is followed by the next.
    """
    for carrier in carrier_choice.order(hotline, TEXT):
        try:
            hand_over(carrier)
        except (CarrierRefused, CarrierUnavailable, CarrierUnknown) as trouble:
            log.warning("staff_not_told", carrier=carrier.name, code=trouble.code)
        else:
            return True
    return False
