"""One run: days on the line, each with its faults; after each, everything is counted."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime

from benchmarks.faults.callers import Callers
from benchmarks.faults.counting import Count, count_all, quiet_at, stranded_cases, told_cases
from benchmarks.faults.excuses import Excuses
from benchmarks.faults.kinds import Kind, Mend, kinds_for
from benchmarks.faults.machinery import machinery
from benchmarks.faults.postgresql import PostgreSQL, running_postgresql
from benchmarks.faults.staff import Staff
from benchmarks.faults.stage import MovedClock, Stage
from benchmarks.faults.teams import Teams
from benchmarks.faults.witness import Tally, Witness
from benchmarks.installation import ACCOUNT, LINE, TOKEN, Installation, installed
from benchmarks.processes import HOST, free_port
from hotline import cases, demo
from hotline.parts import Hotline
from hotline.storage.case import cases as case_table
from hotline.storage.database import DatabaseAway
from hotline.storage.staff_member import find_staff_by_name
from simulator.phones import PhoneCompany

FAULTS_A_DAY = 100
_AT_ONCE = 3
_QUIET_WITHIN = 90.0
_DAY = 25 * 3600
_LEAP = 2 * 3600
_STRIDE = 60  # so that a night of calm cases is not lived through second by second
_TICK = 0.02


@dataclass(frozen=True, slots=True)
class Plan:
    """`seconds`: the run ends then, whatever number of faults was reached."""

    database: str
    faults: int
    seconds: float
    seed: int
    rate: float = 4.0
    every: float = 0.6
    slowest: float = 8.0


@dataclass(slots=True)
class Outcome:
    """Of a whole run on one database."""

    plan: Plan
    seconds: float = 0.0
    conversations: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    count: Count = field(default_factory=Count)
    tallies: list[Tally] = field(default_factory=list)
    recovered: dict[str, list[float]] = field(default_factory=dict)
    quiet_after: list[float] = field(default_factory=list)


def run(plan: Plan) -> Outcome:
    """Start everything, play, count, end everything."""
    on_postgresql = plan.database == "postgresql"
    with running_postgresql() if on_postgresql else nullcontext() as server:
        phones = free_port()
        with _company(plan) as company, _installed(company, phones, server) as installation:
            company.webhooks = installation.environment["PUBLIC_BASE_URL"]
            clock = MovedClock(installation.folder / "clock")
            with machinery(installation, phones, server) as machines:
                chance, excuses = random.Random(f"{plan.seed} faults"), Excuses()
                url = installation.environment["DATABASE_URL"]
                stage = Stage(machines, company, clock, excuses, chance, url)
                return _Run(plan, stage, installation.hotline()).play()


@contextmanager
def _company(plan: Plan) -> Iterator[PhoneCompany]:
    company = PhoneCompany(
        account_sid=ACCOUNT, auth_token=TOKEN, line=LINE, patience=25, fetches_sounds=False
    )
    company.open()
    try:
        yield company
    finally:
        company.close()


@contextmanager
def _installed(
    company: PhoneCompany, port: int, server: PostgreSQL | None
) -> Iterator[Installation]:
    settings = {
        "HOTLINE_CARRIER": "simulator",
        "SIMULATOR_ACCOUNT_SID": ACCOUNT,
        "SIMULATOR_AUTH_TOKEN": TOKEN,
        "SIMULATOR_API_URL": company.api_url,
        "PUBLIC_BASE_URL": f"http://{HOST}:{port}",
        "HOTLINE_SWEEP_SECONDS": "1",
    }
    if server is not None:
        settings["DATABASE_URL"] = server.url
    with installed("faults", **settings) as installation:
        clock = {"HOTLINE_CLOCK_FILE": str(installation.folder / "clock")}
        installation.hotlines.clear()
        yield Installation(installation.folder, {**installation.environment, **clock})


class _Run:
    def __init__(self, plan: Plan, stage: Stage, hotline: Hotline) -> None:
        self._plan, self._stage, self._hotline = plan, stage, hotline
        self._witness = Witness(stage.excuses, plan.slowest)
        stage.company.exchange.log.when_added(self._witness.hear)
        self._callers = Callers(stage.company, plan.seed, plan.rate)
        self._staff = Staff(stage.company, hotline.library, plan.seed)
        self._teams = Teams(hotline)
        self._struck: list[tuple[float, Kind, Mend]] = []
        self._outcome = Outcome(plan)
        self._deadline = time.monotonic() + plan.seconds

    def play(self) -> Outcome:
        began = time.monotonic()
        self._teams.start()
        self._staff.start()
        self._callers.start()
        try:
            while self._is_not_over():
                self._live_a_day()
        finally:
            self._callers.go_home()
            self._staff.go_home()
            self._teams.go_home()
            self._mend_all()
        out = self._outcome
        out.seconds = time.monotonic() - began
        out.conversations = self._callers.conversations
        out.recovered = self._witness.recovered
        fell = self._stage.machinery.fell + self._callers.mishaps
        out.count.add("programs that fell", fell + self._stage.company.exchange.errands.mishaps)
        return out

    def _is_not_over(self) -> bool:
        done = sum(self._outcome.faults.values())
        return done < self._plan.faults and time.monotonic() < self._deadline

    def _live_a_day(self) -> None:
        since = self._hotline.now()
        self._staff.is_diligent = False
        self._callers.go_on()
        struck_before = sum(self._outcome.faults.values())
        while self._is_not_over():
            if sum(self._outcome.faults.values()) - struck_before >= FAULTS_A_DAY:
                break
            self._strike_one()
            self._wait(self._stage.chance.uniform(0.5, 1.5) * self._plan.every)
        self._mend_all()
        self._end_the_day(since)

    # ------------------------------------------------------------ faults

    def _strike_one(self) -> None:
        held = {kind.holds for _, kind, _ in self._struck if kind.holds}
        free = [kind for kind in kinds_for(self._stage.database_url) if kind.holds not in held]
        if len(self._struck) >= _AT_ONCE or not free:
            return
        chance = self._stage.chance
        kind = chance.choices(free, [each.often for each in free])[0]
        mend = kind.strike(self._stage)
        self._struck.append((time.monotonic() + chance.uniform(*kind.seconds), kind, mend))
        self._outcome.faults[kind.name] += 1

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._mend(time.monotonic())
            self._stage.machinery.look_after()
            time.sleep(_TICK)

    def _mend_all(self) -> None:
        self._mend(float("inf"))
        self._stage.company.exchange.faults.disarm()

    def _mend(self, now: float) -> None:
        due = [each for each in self._struck if each[0] <= now]
        self._struck = [each for each in self._struck if each[0] > now]
        for _, kind, mend in due:
            began = time.monotonic()
            mend()
            self._witness.mended(kind.name, began)

    # ------------------------------------------------------------ the end of a day

    def _end_the_day(self, since: datetime) -> None:
        """Everything recovers, whoever was told closes their case, and all is counted."""
        mended = time.monotonic()
        self._stage.machinery.wait()
        self._callers.rest(60)
        self._stage.company.exchange.errands.settle(30)
        self._staff.is_diligent = True
        stranded: set[str] = set()
        is_quiet = self._become_quiet(stranded)
        self._staff.look()
        tally = self._witness.begin_anew()
        count = count_all(self._hotline, tally, self._staff, since)
        count.add("cases without a next step", sorted(stranded))
        count.add("days without quiet", [] if is_quiet else ["something still waited"])
        self._outcome.count.take(count)
        self._outcome.tallies.append(tally)
        self._outcome.quiet_after.append(time.monotonic() - mended)
        self._tell(count)
        self._stage.clock.move(_DAY)

    def _become_quiet(self, stranded: set[str]) -> bool:
        """Time passes, so that silent calls end and what waits for its time has it."""
        deadline = time.monotonic() + _QUIET_WITHIN
        while time.monotonic() < deadline:
            self._wait(1.2)
            now = self._hotline.now()
            stranded.update(stranded_cases(self._hotline))
            self._close_what_is_told()
            wanted = quiet_at(self._hotline, now)
            if wanted is None:
                return True
            ahead = int((wanted - now).total_seconds())
            self._stage.clock.move(min(max(ahead, _STRIDE), _LEAP) if ahead else 1)
        return False

    def _close_what_is_told(self) -> None:
        """Somebody at the desk does what is to be done, as soon as a page told of it."""
        hotline = self._hotline
        told = told_cases(hotline, self._staff)
        with hotline.reading() as tx:
            desk = find_staff_by_name(tx, demo.STAFF[2][0])
        assert desk is not None
        for case_id in told:
            with suppress(DatabaseAway), hotline.transaction() as tx:
                case = tx.execute(case_table.select().where(case_table.c.id == case_id)).one()
                cases.close(hotline, tx, case, desk.id, "not_a_case", case.version)

    def _tell(self, count: Count) -> None:
        wrong = list(count.behind[:8])
        done = sum(self._outcome.faults.values())
        words = f"{self._plan.database}: {done} faults, {self._callers.conversations} conversations"
        print("\n  ".join([words, *wrong]), file=sys.stderr, flush=True)
