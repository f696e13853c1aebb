"""The open line between a call and a phone: sound one way, keys and voice the other, and waiting.

Waiting is by the simulated clock. `pace` scales it: 1 real time, 0.02 fifty times faster; 0 is
instant: sound takes no time, listening lasts until the phone presses, speaks or stays silent.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.clock import Clock

NEVER: Callable[[], bool] = lambda: False  # noqa: E731


class Gone(Exception):
    """The phone hung up."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """An order from the API: go on with this document."""

    url: str
    method: str
    twiml: str | None = None


class Ordered(Exception):
    """The API told the call to end (`document` None) or to go on with another document."""

    def __init__(self, document: NewDocument | None) -> None:
        super().__init__("ordered by the API")
        self.document = document


@dataclass(slots=True)
class Heard:
    """One thing that sounded. `kind`: play, say, beep, pause, talk."""

    number: int
    kind: str
    prompt: str = ""
    language: str = ""
    url: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    at: str = ""


@dataclass(slots=True)
class Spoken:
    """A voice message; `end_key` is what ended it: a key, "" for silence, "hangup"."""

    wav: bytes
    seconds: float
    end_key: str


class Line:
    """`state`: dialing, ringing, talking, over. `ears`: "", "keys", "voice"."""

    def __init__(
        self,
        turnstile: threading.Condition,
        clock: Clock,
        pace: float,
        changed: Callable[[], None],
    ) -> None:
        self.turnstile = turnstile
        self.clock = clock
        self.pace = pace
        self.changed = changed
        self.call_sid = ""
        self.peer = ""
        self.incoming = False
        self.state = "dialing"
        self.why_over = ""
        self.ears = ""
        self.listening = False  # the sound is over and the time runs
        self.heard: list[Heard] = []
        self.playing: Heard | None = None
        self.keys: deque[str] = deque()
        self.silent = False  # instant pace: the phone lets the time run out
        self.hung_up = False
        self.answer = ""  # "yes", "no"
        self.order: list[NewDocument | None] = []
        self.nominal = 0.0  # seconds this call would have taken
        self.voice, self.voice_seconds = b"", 0.0
        self.speaks_until = 0.0  # simulated time; infinite while a microphone is open
        self.sound_report = ""  # what the browser says of `playing`: "", "started", "ended"
        self.talks_with: Line | None = None
        self.held_by: Line | None = None  # who waits while this phone is asked first
        self.owner = ""  # the number of the phone that has this line

    # ------------------------------------------------------------ the phone's side

    def press(self, key: str) -> bool:
        """A key. False if nobody listens: it is lost, as on a real line."""
        with self.turnstile:
            if not self.ears or self.hung_up:
                return False
            self.keys.append(key)
            self.turnstile.notify_all()
            return True

    def hang_up(self) -> None:
        """The phone is put down."""
        with self.turnstile:
            self.hung_up = True
            self.turnstile.notify_all()

    def report_sound(self, number: int, report: str) -> None:
        """The browser began ("started") or finished ("ended") to sound `heard[number]`."""
        with self.turnstile:
            if self.playing is not None and self.playing.number == number:
                self.sound_report = report
                self.turnstile.notify_all()

    def speak(self, wav: bytes, seconds: float, *, already_over: bool = False) -> None:
        """Say something that is `seconds` long into the recorder (or: it was just said)."""
        with self.turnstile:
            self.voice, self.voice_seconds = wav, seconds
            left = 0.0 if already_over else seconds * self.pace
            self.speaks_until = self.clock.seconds() + left
            self.turnstile.notify_all()

    def open_microphone(self) -> None:
        """Somebody speaks from now on; `speak` follows with the sound."""
        with self.turnstile:
            self.speaks_until = float("inf")

    # ------------------------------------------------------------ the call's side

    def obey(self, document: NewDocument | None) -> None:
        """An order of the API for whoever runs this line."""
        with self.turnstile:
            self.order.append(document)
            self.listening = False
            self.turnstile.notify_all()

    def check(self) -> None:
        """Gone or Ordered, if so."""
        waits = self.held_by
        if self.hung_up or (waits is not None and (waits.hung_up or waits.order)):
            raise Gone
        if self.order:
            raise Ordered(self.order.pop(0))

    def sound(self, heard: Heard, stops: Callable[[], bool] = NEVER) -> bool:
        """Let it sound to its end; True if `stops` cut it short."""
        with self.turnstile:
            heard.number = len(self.heard)
            self.heard.append(heard)
            self.playing, self.sound_report = heard, ""
            self.changed()
            self.turnstile.notify_all()
            try:
                return self._pass(heard, stops)
            finally:
                self.playing = None
                self.changed()

    def next_key(self, limit: float) -> str | None:
        """The next key within `limit` seconds, or None."""
        with self.turnstile:
            if not self.keys and not self.silent:
                self._start_listening()
            if not self.listen(limit, lambda: bool(self.keys)):
                self.listening = False
                return None
            return self.keys.popleft()

    def open_ears(self, ears: str) -> None:
        """From now on keys ("keys") or also a voice ("voice") are taken; "" takes none."""
        with self.turnstile:
            self.ears, self.listening, self.silent = ears, False, False
            self.keys.clear()
            self.voice, self.voice_seconds, self.speaks_until = b"", 0.0, 0.0
            self.changed()
            self.turnstile.notify_all()

    def listen(self, limit: float, until: Callable[[], bool]) -> bool:
        """Wait for `until`; False when `limit` seconds are over (instant pace: when silent)."""
        began = self.clock.seconds()
        end = began + limit * self.pace
        while True:
            self.check()
            if until():
                break
            if self.pace == 0:
                if self.silent:
                    self.silent = False
                    self.nominal += limit
                    return False
                self.turnstile.wait(1.0)
            else:
                left = end - self.clock.seconds()
                if left <= 0:
                    self.nominal += limit
                    return False
                self.turnstile.wait(min(left, 1.0))
        if self.pace:
            self.nominal += (self.clock.seconds() - began) / self.pace
        return True

    def wait_for_answer(self, limit: float) -> str:
        """ "yes", "no" or "" when nobody answered within `limit` seconds."""
        with self.turnstile:
            self.silent = False
            self.listen(limit, lambda: bool(self.answer))
            self.nominal = 0.0
            return self.answer

    def record(self, timeout: float, longest: float, finish: str) -> Spoken:
        """Record until a finishing key, silence, the length or a hang-up."""
        with self.turnstile:
            self._start_listening()
            try:
                end_key = self._record_until(timeout, longest, finish)
            except Gone:
                end_key = "hangup"
            return Spoken(self.voice, min(self.voice_seconds, longest), end_key)

    # ------------------------------------------------------------ inside

    def _start_listening(self) -> None:
        if not self.listening:
            self.listening = True
            self.changed()
            self.turnstile.notify_all()

    def _pass(self, heard: Heard, stops: Callable[[], bool]) -> bool:
        if self.pace == 0:
            self.nominal += heard.seconds
            self.check()
            return stops()
        began = self.clock.seconds()
        while True:
            self.check()
            if stops():
                return True
            gone = self.clock.seconds() - began
            if gone >= self._length(heard) * self.pace or self.sound_report == "ended":
                self.nominal += heard.seconds
                return False
            self.turnstile.wait(min(self._length(heard) * self.pace - gone, 0.5))

    def _length(self, heard: Heard) -> float:
        """A browser that really sounds it may need a moment longer to fetch it."""
        return heard.seconds + (3.0 if self.sound_report == "started" else 0.0)

    def _record_until(self, timeout: float, longest: float, finish: str) -> str:
        began = self.clock.seconds()
        while True:
            self.check()
            while self.keys:
                key = self.keys.popleft()
                if key in finish:
                    return key
            if self.pace == 0:
                if self.silent:
                    self.silent = False
                    return ""
                self.turnstile.wait(1.0)
                continue
            now = self.clock.seconds()
            quiet_since = max(began, self.speaks_until)
            if now >= began + longest * self.pace or now >= quiet_since + timeout * self.pace:
                return ""
            self.turnstile.wait(0.1 if self.pace >= 1 else 0.005)
