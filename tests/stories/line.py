"""A whole hotline for a story: real webhooks over HTTP, real phones, a clock that is moved."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from hotline import cases, demo, recordings
from hotline.app import create_app
from hotline.content_files import Content
from hotline.core.local_time import PHNOM_PENH
from hotline.doorbell import Doorbell
from hotline.parts import Hotline
from hotline.settings import CarrierAccount, Settings
from hotline.storage.case import events_of, get_case
from hotline.storage.case_search import list_cases
from hotline.storage.database import Database
from hotline.storage.recording import recordings_of
from hotline.storage.shift import shifts
from hotline.storage.staff_member import find_staff_by_name
from hotline.wiring import ROOT, wire
from simulator.phone_call import PhoneCall
from simulator.phones import Phone, PhoneCompany
from workers.sweeps import ASIDE, sweep

NUMBER = "+85523900900"
MOTHER, CHILD = "+85512345678", "+85596234567"
DARA, SOPHEA, BOPHA = (number for _, number, _ in demo.STAFF)
TOKEN = "a token that only tests know"


class Bell(Doorbell):
    """A doorbell whose ring is heard at once by one worker in this process."""

    def __init__(self) -> None:
        super().__init__(None)
        self._worker = ThreadPoolExecutor(1)
        self._rings: list[Future[None]] = []
        self.hotline: Hotline | None = None

    def ring(self, queue: str) -> None:
        hotline = self.hotline
        if hotline is not None:
            self._rings.append(self._worker.submit(sweep, hotline))

    def settle(self) -> None:
        """Wait until the worker has nothing more to do; what failed in it fails here."""
        while True:
            for work in ASIDE:
                work.wait()
            if not self._rings:
                return
            self._rings.pop(0).result(timeout=20)

    def close(self) -> None:
        self._worker.shutdown()


@dataclass
class Line:
    """What a story asks of the hotline, beside its phones."""

    hotline: Hotline
    company: PhoneCompany
    bell: Bell
    address: str
    app: Flask
    phones: dict[str, Phone] = field(default_factory=dict)
    second: PhoneCompany | None = None  # beside the first, where a story has two carriers

    def phone(self, number: str, name: str = "") -> Phone:
        return self.company.phone(number, name)

    @property
    def mother(self) -> Phone:
        return self.phone(MOTHER, "the mother")

    @property
    def child(self) -> Phone:
        return self.phone(CHILD, "the child")

    @property
    def dara(self) -> Phone:
        return self.phone(DARA, "Dara")

    @property
    def sophea(self) -> Phone:
        return self.phone(SOPHEA, "Sophea")

    @property
    def bopha(self) -> Phone:
        return self.phone(BOPHA, "Bopha")

    def settle(self) -> None:
        """Everything that was set going has been done."""
        for _ in range(3):  # a text makes a receipt makes a ring
            self.company.settle()
            if self.second is not None:
                self.second.settle()
            self.bell.settle()

    def minutes_pass(self, minutes: float) -> None:
        """The clock moves on, and the workers sweep."""
        self.settle()
        for company in filter(None, (self.company, self.second)):
            company.move_clock(int(timedelta(minutes=minutes).total_seconds()))
        sweep(self.hotline)
        self.settle()

    def mother_hears_the_urgent_menu(self) -> PhoneCall:
        """She presses 1 for Khmer, 1 for urgent; her call."""
        call = self.mother.dial()
        for key in "11":
            call.press(key)
        call.hears("V_URGENT_MENU")
        return call

    def mother_asks_for_her_child(self) -> None:
        """She presses 1 for Khmer, 1 for urgent, 1 for a missing child, and hangs up."""
        call = self.mother.dial()
        for key in "111":
            call.press(key)
        call.hears("V_MISSING_1")
        call.hang_up()

    def takes_it(self, worker: Phone, code: str = "1") -> None:
        """A staff member answers a page by text; a phone that rings meanwhile is let ring."""
        worker.texts(code)
        worker.receives_text()
        self.settle()
        if worker.handset.line is not None and worker.handset.line.state == "ringing":
            worker.is_rung().ignore()

    def cases(self) -> list[Any]:
        """Every open case, as the desk lists them."""
        self.settle()
        with self.hotline.reading() as tx:
            return list(list_cases(tx))

    def only_case(self) -> Any:
        found = self.cases()
        assert len(found) == 1, f"{len(found)} cases are open, not one"
        return found[0]

    def everybody_goes_home(self) -> None:
        """All shifts are over."""
        with self.hotline.transaction() as tx:
            tx.execute(shifts.delete())

    def everyone_has_done_their_work(self) -> None:
        """Every open case is closed, as if staff had called."""
        open_cases = self.cases()
        with self.hotline.transaction() as tx:
            bopha = find_staff_by_name(tx, "Bopha")
            for case in open_cases:
                whole = get_case(tx, case.id)
                cases.note_attempt(self.hotline, tx, whole, bopha.id, "reached", "")
                whole = get_case(tx, case.id)
                cases.close(self.hotline, tx, whole, bopha.id, "helped", whole.version)

    @contextmanager
    def shifts_as(self, somebody_is_there: bool) -> Iterator[None]:
        """With the shifts of the demo, or at an hour when nobody has one."""
        if somebody_is_there:
            yield
            return
        with self.hotline.transaction() as tx:
            kept = [dict(row._mapping) for row in tx.execute(shifts.select())]
            tx.execute(shifts.delete())
        yield
        with self.hotline.transaction() as tx:
            tx.execute(shifts.insert(), kept)

    def voice_messages(self, case: Any) -> list[Any]:
        with self.hotline.reading() as tx:
            return list(recordings_of(tx, case.id))

    def sound_of(self, message: Any) -> bytes:
        return recordings.sound_of(self.hotline, message)

    def file_of(self, message: Any) -> Path:
        return recordings.folder(self.hotline) / message.file

    def told(self, case: Any) -> cases.Told:
        """What the caller told, as staff who may see it read it."""
        with self.hotline.reading() as tx:
            return cases.read(self.hotline, tx, get_case(tx, case.id))

    def happened(self, case: Any) -> list[str]:
        with self.hotline.reading() as tx:
            return [event.what for event in events_of(tx, case.id)]


@contextmanager
def open_line(
    database: Database,
    data: Path,
    keys: Path,
    content: Content,
    *,
    carrier: str = "simulator",
    missed_calls: tuple[str, ...] = (),
    second: PhoneCompany | None = None,
    second_texts: str = "two-way",
    second_factor: str = "required",
    **company: Any,
) -> Iterator[Line]:
    """The hotline on a free port of this machine and a phone company beside it, or two."""
    prompts = ROOT / "audio" / "prompts.yaml"
    bell = Bell()
    with PhoneCompany(auth_token=TOKEN, prompts=prompts, carrier_path=carrier, **company) as phones:
        app: list[Any] = []
        server = make_server("127.0.0.1", 0, lambda *a: app[0](*a), threaded=True)
        address = f"http://127.0.0.1:{server.server_port}"
        phones.account.more_lines = missed_calls
        settings = _settings(database, data, keys, address, phones, carrier)
        if second is not None:
            settings = _with_a_second(settings, second, second_texts)
        settings = replace(settings, missed_call_numbers=missed_calls, second_factor=second_factor)
        hotline = replace(
            wire(settings, content=content),
            database=database,
            doorbell=bell,
            now=phones.clock.now,
        )
        bell.hotline = hotline
        app.append(create_app(hotline))
        for each in filter(None, (phones, second)):
            each.webhooks = address
            each.move_clock(_seconds_until_ten(each.clock.now()))
        with hotline.transaction() as tx:
            demo.seed(hotline, tx)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        line = Line(hotline, phones, bell, address, app[0], second=second)
        try:
            yield line
            line.settle()
            sweep(hotline)
            line.settle()
        finally:
            server.shutdown()
            thread.join(5)
            server.server_close()
            bell.close()


def _seconds_until_ten(now: datetime) -> int:
    """Every story begins at ten in the morning in Phnom Penh, when staff are awake."""
    local = now.astimezone(PHNOM_PENH)
    ten = local.replace(hour=10, minute=0, second=0, microsecond=0)
    return int((ten - local).total_seconds()) % (24 * 3600)


def _settings(
    database: Database, data: Path, keys: Path, address: str, phones: PhoneCompany, carrier: str
) -> Settings:
    account = CarrierAccount(phones.account.sid, TOKEN, phones.api_url)
    return Settings(
        carriers=(carrier,),
        accounts={carrier: account},
        number=NUMBER,
        public_base_url=address,
        data=data,
        database_url=str(database.url),
        redis_url="unix:///nowhere",
        keys=keys,
        secret_key="s" * 32,
        allow_scratch=True,
        sweep_seconds=15.0,
        clock_file=None,
    )


def _with_a_second(settings: Settings, company: PhoneCompany, texts: str) -> Settings:
    account = company.account
    entry = CarrierAccount(account.sid, TOKEN, company.api_url, account.line, texts)
    name = account.carrier_path
    accounts = {**settings.accounts, name: entry}
    return replace(settings, carriers=(*settings.carriers, name), accounts=accounts)
