"""Staff: they take a page, pass it on, or do not look; they pick up when rung, or they do not."""

from __future__ import annotations

import random
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from benchmarks.faults.callers import act_of
from hotline import demo
from hotline.core.library import Library
from simulator.call import Call
from simulator.handset import Handset
from simulator.phone import Ring
from simulator.phone_call import PhoneCall, Unexpected
from simulator.phones import PhoneCompany
from simulator.texts import Message

PINS = {number: demo.PINS[name] for name, number, _ in demo.STAFF}
"""The phones of staff; who is taken on for a run is added."""

_LOOK = 0.1
_KEYS_TO_STAFF = ("1", "1", "1", "2", "3", "9", "0", "")


class Staff:
    """Sees what the carrier delivers and lets the people it is for act on it."""

    def __init__(self, company: PhoneCompany, library: Library, seed: int) -> None:
        self._company = company
        self._chance = random.Random(f"{seed} staff")
        self._code = _pattern(library)
        self.is_diligent = False  # answers everything: after the faults
        self.texts: dict[str, Message] = {}  # every text of the line, by the carrier's id
        self.calls: dict[str, Call] = {}
        self._answered: set[str] = set()
        self._rung: set[str] = set()
        self._pool = ThreadPoolExecutor(16, thread_name_prefix="rung")
        self._going_home = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True, name="staff")

    def start(self) -> None:
        self._thread.start()

    def go_home(self) -> None:
        self._going_home.set()
        self._thread.join(10)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _live(self) -> None:
        while not self._going_home.wait(_LOOK):
            self.look()

    def look(self) -> None:
        """Once: what is new at the carrier."""
        for message in self._company.company.texts.all():
            if message.direction == "outbound-api":
                self.texts[message.sid] = message
                if message.to_number in PINS and message.sid not in self._answered:
                    self._read(message)
        for call in self._company.company.calls.all():
            if call.direction == "outbound-api":
                self.calls[call.sid] = call
        for handset in self._company.exchange.phones.all():
            line = handset.line
            if line is not None and line.state == "ringing" and line.call_sid not in self._rung:
                self._rung.add(line.call_sid)
                self._pool.submit(self._be_rung, handset, self._chance.random())

    def _read(self, message: Message) -> None:
        if message.status != "delivered":
            return
        self._answered.add(message.sid)
        found = self._code.search(message.body)
        act = self._chance.random()
        if found is None or (not self.is_diligent and act > 0.75):
            return
        code = found[found.lastindex or 1]
        self._reply(message, f"{code}e" if act > 0.6 and not self.is_diligent else code)
        if self.is_diligent or act < 0.4:
            self._reply(message, f"{code}d")  # and they have called

    def _reply(self, message: Message, body: str) -> None:
        texts, line = self._company.company.texts, self._company.account.line
        texts.write(self._company.exchange.phones.get(message.to_number), line, body)

    def _be_rung(self, handset: Handset, act: float) -> None:
        exchange, line = self._company.exchange, handset.line
        if line is None or line.state != "ringing":
            return
        ring = Ring(exchange, 5.0, handset.number, line)
        with suppress(Unexpected):
            if act < 0.15 and not self.is_diligent:
                ring.ignore()
            elif act < 0.3 and not self.is_diligent:
                ring.decline()
            else:
                self._talk(ring.answer(), random.Random(act), PINS.get(handset.number, ""))

    def _talk(self, call: PhoneCall, chance: random.Random, pin: str) -> None:
        try:
            for _ in range(8):
                if not _is_ours_to_speak(call) or (chance.random() < 0.1 and not self.is_diligent):
                    return
                asked = call.heard[-1:]
                if any("PIN" in prompt for prompt in asked):
                    call.press(pin + "#")
                else:
                    keys = ("1",) if self.is_diligent else _KEYS_TO_STAFF
                    act_of(call, chance, chance.choice(keys))()
        finally:
            if not call.is_over:
                call.hang_up()


def _is_ours_to_speak(call: PhoneCall) -> bool:
    """Wait for our turn; False when it is over, or two people talk with each other."""
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline:
        if call.is_over:
            return False
        if call.awaits:
            return True
        time.sleep(0.02)
    return False


def ticket_of(address: str) -> int | None:
    """Our own word in the address of a callback: the outbox item."""
    told = parse_qs(urlsplit(address).query).get("t", [""])[0]
    return int(told) if told.isdecimal() else None


def _pattern(library: Library) -> re.Pattern[str]:
    """The code in a page, in any language of it."""
    asks = {library.text("STAFF_REPLY", language, None) for language in ("km", "en")}
    return re.compile("|".join(re.escape(ask).replace(r"\{code\}", r"(\d+)") for ask in asks))
