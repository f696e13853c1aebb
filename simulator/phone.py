"""A phone in somebody's hand, without a browser: dial, be rung, write and receive texts."""

from __future__ import annotations

from simulator.company import Company
from simulator.exchange import Exchange
from simulator.handset import Handset, Text, to_e164
from simulator.line import Line
from simulator.phone_call import PhoneCall, Unexpected, wait_for


class Phone:
    """A phone in somebody's hand."""

    def __init__(self, company: Company, patience: float, handset: Handset) -> None:
        self._company = company
        self._exchange = company.exchange
        self._patience = patience
        self.handset = handset
        self.texts_told = 0

    @property
    def number(self) -> str:
        """In E.164."""
        return self.handset.number

    @property
    def name(self) -> str:
        """How a failure calls this phone."""
        return self.handset.name or self.handset.number

    # ------------------------------------------------------------ calls

    def dial(self, to: str = "") -> PhoneCall:
        """Call the line, or another number; returns at once, `hears` waits."""
        target = to_e164(to) if to else self._exchange.account.line
        self._company.calls.dial(self.handset, target)
        assert self.handset.line is not None
        return PhoneCall(self._exchange, self._patience, self.name, self.handset.line)

    def is_rung(self, by: str = "") -> Ring:
        """Wait until this phone rings; `by` the number it must show."""
        wait_for(
            self._exchange.turnstile,
            self._patience,
            lambda: self.handset.line is not None and self.handset.line.state == "ringing",
            lambda: f"{self.name} is not rung",
        )
        line = self.handset.line
        assert line is not None
        if by and line.peer != by:
            raise Unexpected(f"{self.name} is rung by {line.peer}, not by {by}")
        return Ring(self._exchange, self._patience, self.name, line)

    def is_not_rung(self) -> None:
        """Nothing is under way and this phone does not ring."""
        self._settle()
        if self.handset.line is not None and self.handset.line.state == "ringing":
            raise Unexpected(f"{self.name} is rung by {self.handset.line.peer}")

    # ------------------------------------------------------------ texts

    def texts(self, body: str, to: str = "") -> str:
        """Write a text to the line (or `to`) and wait until the webhook is answered; its SID."""
        target = to_e164(to) if to else self._exchange.account.line
        sid = self._company.texts.write(self.handset, target, body)
        if not self._exchange.errands.settle_one(sid, self._patience):
            raise Unexpected(f"the text of {self.name} is not answered")
        return sid

    def receives_text(self, containing: str = "", *, exactly: str | None = None) -> Text:
        """The next text, in order; Unexpected if none comes or it says something else."""
        wait_for(
            self._exchange.turnstile,
            self._patience,
            lambda: len(self.inbox) > self.texts_told,
            lambda: f"{self.name} got no text" + (f" with {containing!r}" if containing else ""),
        )
        text = self.inbox[self.texts_told]
        if containing not in text.body or exactly not in (None, text.body):
            raise Unexpected(f"{self.name} got {text.body!r}, not {exactly or containing!r}")
        self.texts_told += 1
        return text

    def receives_no_text(self) -> None:
        """Nothing is under way and no untold text is there."""
        self._settle()
        untold = self.inbox[self.texts_told :]
        if untold:
            raise Unexpected(f"{self.name} got {untold[0].body!r}")

    @property
    def inbox(self) -> list[Text]:
        """Every text this phone got, oldest first."""
        with self._exchange.turnstile:
            return [text for text in self.handset.texts if not text.mine]

    def _settle(self) -> None:
        if not self._exchange.errands.settle(self._patience):
            raise Unexpected(f"webhooks are still under way after {self._patience} s")

    # ------------------------------------------------------------ what may be wrong with a phone

    def switch_off(self) -> None:
        """No calls and no texts reach it: 30003, no-answer."""
        self.handset.is_on = False

    def switch_on(self) -> None:
        """Reachable again; what was sent meanwhile is lost."""
        self.handset.is_on = True

    def withhold_number(self, withholds: bool = True) -> None:
        """Hide the number when it dials the line."""
        self.handset.withholds = withholds


class Ring:
    """A phone rings; answer it, decline it or let it ring."""

    def __init__(self, exchange: Exchange, patience: float, name: str, line: Line) -> None:
        self._exchange = exchange
        self._patience = patience
        self._name = name
        self._line = line

    @property
    def shown(self) -> str:
        """The number on the screen."""
        return self._line.peer

    def answer(self) -> PhoneCall:
        """Pick up."""
        self._act("yes")
        call = PhoneCall(self._exchange, self._patience, self._name, self._line)
        wait_for(
            self._exchange.turnstile,
            self._patience,
            lambda: self._line.state in ("talking", "over"),
            lambda: "the call was not connected",
        )
        return call

    def decline(self) -> None:
        """Push the caller away."""
        self._act("no")
        self._wait_over()

    def ignore(self) -> None:
        """Let it ring until the caller gives up."""
        with self._exchange.turnstile:
            self._line.silent = True
            self._exchange.turnstile.notify_all()
        self._wait_over()

    def _act(self, answer: str) -> None:
        with self._exchange.turnstile:
            self._line.answer = answer
            self._exchange.turnstile.notify_all()

    def _wait_over(self) -> None:
        wait_for(
            self._exchange.turnstile,
            self._patience,
            lambda: self._line.state == "over",
            lambda: "it still rings",
        )
