"""One call as the person on the phone has it: hear, press, speak, say nothing, hang up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from simulator.exchange import Exchange
from simulator.line import Heard, Line
from simulator.sounds import make_speech

SILENT_PROMPTS = frozenset({"V_SILENCE"})


class Unexpected(AssertionError):
    """Something happened that the story does not tell, or did not happen that it tells."""


def wait_for(
    turnstile: threading.Condition,
    patience: float,
    done: Callable[[], bool],
    otherwise: Callable[[], str],
) -> None:
    """Wait until `done`; Unexpected with `otherwise()` when `patience` seconds are over."""
    end = time.monotonic() + patience
    with turnstile:
        while not done():
            left = end - time.monotonic()
            if left <= 0:
                raise Unexpected(otherwise())
            turnstile.wait(min(left, 0.2))


class PhoneCall:
    """What was heard is told in order by `hears`; pressing a key skips what was not told."""

    def __init__(self, exchange: Exchange, patience: float, name: str, line: Line) -> None:
        self._exchange = exchange
        self._patience = patience
        self._name = name
        self._line = line
        self._told = 0  # how much of what was heard the story has told
        self._turn = 0  # where the present turn of the phone began

    # ------------------------------------------------------------ what it is

    @property
    def sid(self) -> str:
        """CallSid."""
        return self._line.call_sid

    @property
    def is_over(self) -> bool:
        """Nobody is on the line any more."""
        return self._line.state == "over"

    @property
    def why_over(self) -> str:
        """How it ended: completed, no-answer, busy, failed; empty while it lasts."""
        return self._line.why_over

    @property
    def heard(self) -> tuple[str, ...]:
        """Every prompt so far, by id."""
        return tuple(_name(each) for each in self._sounds(0))

    # ------------------------------------------------------------ hearing

    def hears(self, *prompts: str) -> None:
        """The next prompts are these, in this order; more may follow."""
        for prompt in prompts:
            self._hear_next(prompt)

    def hears_only(self, *prompts: str) -> None:
        """These prompts, and then it is this phone's turn or the call is over."""
        self.hears(*prompts)
        rest = self.listens()[len(prompts) :]
        left = self._next("")
        if left is not None:
            raise Unexpected(f"{self._name} also hears {_name(left)}, after {prompts} ({rest})")

    def hears_words(self, containing: str) -> None:
        """The next sound is a spoken sentence (Say) with these words."""
        self._wait(lambda: self._next("") is not None, containing)
        found = self._next("")
        assert found is not None
        if not any(containing in text for text in found.texts.values()):
            raise Unexpected(f"{self._name} hears {_name(found)}, not {containing!r}")
        self._told = found.number + 1

    def listens(self) -> tuple[str, ...]:
        """Wait for this phone's turn or the end; the prompts heard since the last turn."""
        self._wait(self._is_my_turn, "its turn")
        return tuple(_name(each) for each in self._sounds(self._turn))

    @property
    def awaits(self) -> str:
        """What the line waits for: "keys", "voice", "over", or "" while something sounds."""
        if self.is_over:
            return "over"
        return self._line.ears if self._line.listening else ""

    # ------------------------------------------------------------ acting

    def press(self, keys: str, *, and_waits: bool = True) -> None:
        """Press keys when the line listens; then, if more could come, let the time run out."""
        self._take_turn("keys")
        with self._exchange.turnstile:
            self._line.keys.extend(keys)
            self._line.silent = and_waits
            self._line.listening = False
            self._exchange.turnstile.notify_all()

    def interrupts(self, key: str) -> None:
        """Press a key while the prompt still sounds (for a pace above 0)."""
        self._wait(lambda: self._line.ears != "" or self.is_over, "a line that takes keys")
        self._turn = self._told = len(self._line.heard)
        if not self._line.press(key):
            raise Unexpected(f"nobody listens to the key of {self._name}")

    def presses_in_vain(self, key: str) -> None:
        """Press a key that must be lost because nobody listens."""
        if self._line.press(key):
            raise Unexpected(f"the key of {self._name} was taken")

    def stay_silent(self) -> None:
        """Press nothing and say nothing until the time is over."""
        self._take_turn("")
        with self._exchange.turnstile:
            self._line.silent = True
            self._line.listening = False
            self._exchange.turnstile.notify_all()

    def speaks(self, seconds: float, end_key: str = "#") -> None:
        """Leave a voice message; ended by a key, or by silence when `end_key` is empty."""
        self._take_turn("voice")
        with self._exchange.turnstile:
            self._line.speak(make_speech(seconds), seconds)
            self._line.keys.extend(end_key)
            self._line.silent = not end_key and self._line.pace == 0
            self._line.listening = False
            self._exchange.turnstile.notify_all()

    def hang_up(self, *, after_speaking: float = 0.0) -> None:
        """Put the phone down, perhaps in the middle of a voice message; waits for the webhooks."""
        if after_speaking:
            self._take_turn("voice")
            self._line.speak(make_speech(after_speaking), after_speaking)
        self._line.hang_up()
        self.ends()

    def ends(self) -> str:
        """Wait until the call is over and its webhooks are answered; how it ended."""
        self._wait(lambda: self.is_over, "the end of the call")
        if not self._exchange.errands.settle_one(self.sid, self._patience):
            raise Unexpected(f"the last webhook of the call of {self._name} is not answered")
        return self.why_over

    # ------------------------------------------------------------ inside

    def _hear_next(self, prompt: str) -> None:
        self._wait(lambda: self._next(prompt) is not None or self._is_my_turn(), prompt)
        found = self._next(prompt)
        if found is None:
            raise Unexpected(f"{self._name} hears nothing more, not {prompt}")
        if _name(found) != prompt:
            raise Unexpected(f"{self._name} hears {_name(found)}, not {prompt}")
        self._told = found.number + 1

    def _take_turn(self, ears: str) -> None:
        self._wait(self._is_my_turn, f"a line that takes {ears or 'keys or a voice'}")
        if self.is_over or (ears and self._line.ears != ears):
            now = "the call is over" if self.is_over else f"the line takes {self._line.ears}"
            raise Unexpected(f"{self._name} cannot act: {now}, heard {self.heard[-3:]}")
        self._turn = self._told = len(self._line.heard)

    def _is_my_turn(self) -> bool:
        return self.is_over or self._line.listening

    def _sounds(self, since: int) -> list[Heard]:
        with self._exchange.turnstile:
            heard = self._line.heard[since:]
        return [
            each
            for each in heard
            if each.kind in ("play", "say") and each.prompt not in SILENT_PROMPTS
        ]

    def _next(self, wanted: str) -> Heard | None:
        """The next untold sound; silence counts only if it is wanted."""
        with self._exchange.turnstile:
            for each in self._line.heard[self._told :]:
                if each.kind in ("play", "say") and (
                    each.prompt not in SILENT_PROMPTS or each.prompt == wanted
                ):
                    return each
        return None

    def _wait(self, done: Callable[[], bool], wanted: str) -> None:
        wait_for(
            self._exchange.turnstile,
            self._patience,
            done,
            lambda: f"{self._name} waits for {wanted}; heard so far {self.heard[-5:]}",
        )


def _name(heard: Heard) -> str:
    return heard.prompt or next(iter(heard.texts.values()), heard.kind)
