"""Phones without a browser, for tests that read as stories; an unexpected message fails the test.

with PhoneCompany(webhooks=hotline_url, account_sid="AC…", auth_token="…") as company:
    mother, dara = company.phone("+85512345678"), company.phone("+85510111001")
    call = mother.dial()
    call.hears("V_WELCOME")
    call.press("1")
    ...
    dara.receives_text(containing="1")
    dara.texts("1")
    company.assert_quiet()
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from simulator.call_log import Entry
from simulator.clock import Clock
from simulator.company import Company
from simulator.dialect import DIALECTS, Account
from simulator.exchange import Exchange
from simulator.faults import Fault
from simulator.handset import Handset, to_e164
from simulator.phone import Phone, Ring
from simulator.phone_call import PhoneCall, Unexpected, wait_for
from simulator.server import Server

__all__ = ["Phone", "PhoneCall", "PhoneCompany", "Ring", "Unexpected"]


class PhoneCompany:
    """A phone company in this process, on a free port of this machine.

    `pace` 0: sound takes no time and a call waits for the phone to act; 0.02: fifty times faster
    than real. `patience`: real seconds to wait for what should come. `webhooks` may be set after
    construction, when the hotline's address is known: `company.api_url` exists from the start.
    Leaving the `with` block without an error also asserts that all is quiet.
    """

    def __init__(
        self,
        webhooks: str = "",
        *,
        account_sid: str = "AC" + "0" * 32,
        auth_token: str = "desk-token",  # noqa: S107  known to every reader
        line: str = "+85523900900",
        more_lines: tuple[str, ...] = (),
        carrier_path: str = "simulator",
        dialect: str = "twilio",
        prompts: Path | None = None,
        clock_file: Path | None = None,
        pace: float = 0.0,
        patience: float = 5.0,
        fetches_sounds: bool = True,
    ) -> None:
        address, manners = webhooks.rstrip("/"), DIALECTS[dialect]
        self.account = Account(account_sid, auth_token, line, address, carrier_path, manners)
        self.account.more_lines = more_lines
        self.clock = Clock(clock_file)
        sounds = fetches_sounds
        self.exchange = Exchange(
            self.account, clock=self.clock, pace=pace, prompts=prompts, fetches_sounds=sounds
        )
        self.company = Company(self.exchange)
        self.patience = patience
        self._server = Server(self.company)
        self._phones: dict[str, Phone] = {}
        self._forgiven = 0

    # ------------------------------------------------------------ opening and closing

    @property
    def api_url(self) -> str:
        """Base address of the REST API, for SIMULATOR_API_URL or `client.api.base_url`."""
        return self._server.address

    @property
    def webhooks(self) -> str:
        """Base address of the hotline."""
        return self.account.webhooks

    @webhooks.setter
    def webhooks(self, address: str) -> None:
        self.account.webhooks = address.rstrip("/")

    def open(self) -> PhoneCompany:
        """Begin to serve; `with` does it."""
        self._server.start()
        return self

    def close(self) -> None:
        """Hang up everything and let go of the port; asserts nothing."""
        self.company.close()
        self._server.stop()

    def __enter__(self) -> PhoneCompany:
        return self.open()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.assert_quiet()
        finally:
            self.close()

    # ------------------------------------------------------------ the story

    def phone(self, number: str, name: str = "") -> Phone:
        """The phone with this number, in any spelling; the same object each time."""
        number = to_e164(number)
        if number not in self._phones:
            handset = self.exchange.phones.get(number)
            handset.name = name or handset.name
            self._phones[number] = Phone(self.company, self.patience, handset)
        return self._phones[number]

    def arm(
        self,
        kind: str,
        *,
        place: str = "any",
        times: int | None = 1,
        seconds: float = 15.0,
        code: str = "",
    ) -> Fault:
        """Arm a fault; kinds and places are listed in simulator/faults.py."""
        return self.exchange.faults.arm(kind, place=place, times=times, seconds=seconds, code=code)

    def move_clock(self, seconds: int) -> None:
        """Move the simulated clock forward."""
        self.clock.move(seconds)

    def settle(self) -> None:
        """Wait until every webhook is answered and every text has arrived."""
        if not self.exchange.errands.settle(self.patience):
            raise Unexpected(f"webhooks are still under way after {self.patience} s")

    def log(self, kind: str = "") -> list[Entry]:
        """Every webhook so far, oldest first; `kind` as in simulator/call_log.py."""
        return [entry for entry in self.exchange.log.entries() if kind in ("", entry.kind)]

    @property
    def problems(self) -> list[str]:
        """What the hotline did wrong and the story has not forgiven yet."""
        found = self.exchange.log.problems[self._forgiven :]
        return [f"{entry.code}: {entry.words}" for entry in found]

    def forgive_problems(self) -> list[str]:
        """The problems so far belong to the story; returns them."""
        self.settle()
        found = self.problems
        self._forgiven = len(self.exchange.log.problems)
        return found

    def assert_quiet(self) -> None:
        """Nobody got a text or a call that the story does not tell, and nothing went wrong."""
        self.settle()
        faults = list(self.problems) + self.exchange.errands.mishaps
        for handset in self.exchange.phones.all():
            faults += self._surprises(handset)
        if faults:
            raise Unexpected("not quiet:\n  " + "\n  ".join(faults))

    def _surprises(self, handset: Handset) -> list[str]:
        who = handset.name or handset.number
        known = self._phones.get(handset.number)
        told = known.texts_told if known else 0
        got = [text for text in list(handset.texts) if not text.mine][told:]
        found = [f"{who} got a text nobody expected: {text.body!r}" for text in got]
        line = handset.line
        if line is not None and line.state == "ringing":
            found.append(f"{who} is rung by {line.peer} and nobody expected it")
        return found

    def wait_for(self, done: Callable[[], bool], otherwise: str) -> None:
        """Wait until `done`; Unexpected saying `otherwise` when patience is over."""
        wait_for(self.exchange.turnstile, self.patience, done, lambda: otherwise)
