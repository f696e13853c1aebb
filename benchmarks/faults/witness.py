"""Hears every webhook and its answer as the carrier has them, and writes down what was promised.

A caller who heard a case being taken, or the apology after a key, was promised something: whatever
happened to the machines since, it must be in the database in the end.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from xml.etree import ElementTree

from benchmarks.faults.excuses import NOT_KEPT, WEB_AWAY, Excuses
from simulator.call_log import Entry
from simulator.dialect import SOMLENG, TWILIO
from simulator.twiml import BadTwiml, Unknown, read_twiml

APOLOGY = "V_ERR_SYSTEM"
TOLD_OF_A_CASE = frozenset({"V_MISSING_1", "V_MISSING_ABROAD", "V_DANGER_NOW"})
COUNTS_ON_HANGING_UP = frozenset({"V_URGENT_MENU", "V_JOB_RESULT_STOP"})
BY_KEY_ON = "V_URGENT_MENU"
KINDS = {"1": "missing_child", "2": "danger_now", "3": "missing_abroad"}
URGENT_WORDS = ("juoy", "ជួយ", "bat kon")
QUIET_WORDS = ("1", "លុយ", "nham bay")

_PLAYED = re.compile(r"/audio/[a-z]+/([A-Z][A-Z0-9_]*)\.")


@dataclass(slots=True)
class HeardCall:
    """One call to the line, as far as it was answered."""

    sid: str
    promise: str = ""  # why there must be a case; empty: there need not be one
    asked_for: str = ""  # the kind of case that a key asked for, also where the apology came back
    last: frozenset[str] = frozenset()  # prompts of the newest answer
    is_broken: bool = False  # a turn went unanswered: nobody knows where the call stands


@dataclass(slots=True)
class HeardText:
    """One text to the line that the web took with a 200."""

    sid: str
    number: str
    is_urgent: bool
    may_be_lost: bool


@dataclass(slots=True)
class Tally:
    """What the carrier saw since the tally began."""

    calls: dict[str, HeardCall] = field(default_factory=dict)
    texts: dict[str, HeardText] = field(default_factory=dict)
    webhooks: int = 0
    apologies: int = 0
    not_kept: int = 0  # apologies while nothing could be written
    excused: int = 0  # unanswered or slow while the web was away
    bad: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    times: list[int] = field(default_factory=list)  # milliseconds of answers that came unexcused


class Witness:
    """Listens to the simulator's log. `slowest`: seconds an answer may take while the web is up."""

    def __init__(self, excuses: Excuses, slowest: float) -> None:
        self._lock = threading.Lock()
        self._excuses = excuses
        self._slowest = slowest
        self.tally = Tally()
        self._mended: list[tuple[str, float]] = []
        self.recovered: dict[str, list[float]] = {}

    def begin_anew(self) -> Tally:
        """The tally so far; another begins."""
        with self._lock:
            done, self.tally = self.tally, Tally()
            return done

    def mended(self, kind: str, at: float) -> None:
        """A fault began to be mended: how long until the next call is answered as it should?"""
        with self._lock:
            self._mended.append((kind, at))

    def hear(self, entry: Entry) -> None:
        if entry.kind == "problem" or entry.faults == ["lose"]:
            return
        now = time.monotonic()
        since = now - entry.ms / 1000
        with self._lock:
            self.tally.webhooks += 1
            fault = _fault_of(entry)
            if entry.status is None or entry.ms > self._slowest * 1000:
                self._judge_time(entry, since, now)
            elif fault:
                self.tally.bad.append(f"{entry.kind} {entry.url.split('/', 3)[-1]}: {fault}")
            else:
                self.tally.times.append(entry.ms)
            self._keep(entry, since, now, is_good=not fault)

    def _judge_time(self, entry: Entry, since: float, until: float) -> None:
        if self._excuses.hold(WEB_AWAY, since, until):
            self.tally.excused += 1
        elif entry.status is None:
            self.tally.bad.append(f"{entry.kind}: no answer ({entry.code})")
        else:
            self.tally.slow.append(f"{entry.kind}: {entry.ms} ms")

    def _keep(self, entry: Entry, since: float, until: float, *, is_good: bool) -> None:
        if entry.kind == "call" and entry.fields.get("Direction") == "inbound":
            self._keep_call(entry, since, until, is_good)
        elif entry.kind == "text" and is_good:
            may_be_lost = self._excuses.hold(NOT_KEPT, since, until)
            urgent = entry.fields.get("Body", "") in URGENT_WORDS
            self.tally.texts[entry.subject] = HeardText(
                entry.subject, entry.fields["From"], urgent, may_be_lost
            )

    def _keep_call(self, entry: Entry, since: float, until: float, is_good: bool) -> None:
        call = self.tally.calls.setdefault(entry.subject, HeardCall(entry.subject))
        if "duplicate" in entry.faults:
            return  # the carrier plays the first answer
        if not is_good:
            call.is_broken = True
            return
        asked = KINDS.get(entry.fields.get("Digits", "")) if BY_KEY_ON in call.last else None
        call.last = frozenset(_PLAYED.findall(entry.body))
        if APOLOGY in call.last:
            self.tally.apologies += 1
            if self._excuses.hold(NOT_KEPT, since, until):
                self.tally.not_kept += 1
                call.is_broken = True
            else:
                call.promise = call.promise or "heard the apology"
                call.asked_for = call.asked_for or asked or ""
            return
        self._note_recovery(until)
        call.asked_for = call.asked_for or asked or ""
        taken = call.last & TOLD_OF_A_CASE or {p for p in call.last if p.startswith("V_CB_")}
        if taken:
            call.promise = f"heard {min(taken)}"

    def _note_recovery(self, now: float) -> None:
        for kind, at in self._mended:
            self.recovered.setdefault(kind, []).append(now - at)
        self._mended.clear()


def promised(call: HeardCall) -> str:
    """Why there must be a case once the call is over; empty: there need not be one."""
    if call.promise:
        return call.promise
    on_hanging_up = call.last & COUNTS_ON_HANGING_UP
    return f"hung up after {min(on_hanging_up)}" if on_hanging_up and not call.is_broken else ""


def _fault_of(entry: Entry) -> str:
    """What is wrong with an answer; empty: nothing."""
    if entry.status is None:
        return "no answer"
    if entry.status != 200:
        return f"status {entry.status}"
    if entry.kind != "call":
        return _fault_of_nothing(entry.body)
    try:
        verbs = [*read_twiml(entry.body, TWILIO), *read_twiml(entry.body, SOMLENG)]
    except BadTwiml as bad:
        return str(bad)
    strange = [verb.name for verb in verbs if isinstance(verb, Unknown)]
    if strange or not verbs:
        return f"<{strange[0]}> is not for both carriers" if strange else "an empty answer"
    return ""


def _fault_of_nothing(body: str) -> str:
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        return f"not XML: {error}"
    return "" if root.tag == "Response" and not len(root) else "more than an empty answer"


def summed(tallies: list[Tally]) -> Counter[str]:
    """The counts of several tallies."""
    total: Counter[str] = Counter()
    for tally in tallies:
        total["calls"] += len(tally.calls)
        total["texts"] += len(tally.texts)
        total["webhooks"] += tally.webhooks
        total["apologies"] += tally.apologies
        total["not kept"] += tally.not_kept
        total["excused"] += tally.excused
    return total
