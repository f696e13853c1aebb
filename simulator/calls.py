"""Calls: a phone dials, the API places a call, a phone is connected with another; how each ends."""

from __future__ import annotations

import threading
from collections.abc import Callable

from simulator.call import Call, status_fields
from simulator.exchange import Exchange
from simulator.handset import Handset
from simulator.line import Gone, Line, NewDocument, Ordered
from simulator.listening import gather
from simulator.player import End, Next, Player
from simulator.recordings import Recordings
from simulator.screening import is_let_through
from simulator.twiml import Dial, Gather, Record, Verb

MOST_CALLS = 2000
WITHHELD = "+266696687"  # spells ANONYMOUS; how Twilio names a caller who hides the number


class Calls:
    """All calls of the company, each played by a thread of its own."""

    def __init__(self, exchange: Exchange, recordings: Recordings) -> None:
        self._exchange = exchange
        self._recordings = recordings
        self._kept: dict[str, Call] = {}
        self._threads: list[threading.Thread] = []

    # ------------------------------------------------------------ who calls whom

    def dial(self, phone: Handset, to: str) -> Call:
        """A phone dials the line, or another phone."""
        line = self._exchange.new_line(phone)
        line.peer = to
        is_ours = self._exchange.account.is_ours(to)
        from_number = WITHHELD if phone.withholds and is_ours else phone.number
        call = self._new("inbound" if is_ours else "private", from_number, to, line)
        call.status = "ringing"
        line.changed()
        self._start(call, self._take_inbound if is_ours else self._take_private)
        return call

    def place(self, call: Call, phone: Handset) -> None:
        """Start a call that the API asked for; `call` came from `draft`."""
        call.line.peer = call.from_number
        self._start(call, lambda c: self._take_outbound(c, phone))

    def draft(self, to: str, from_number: str) -> tuple[Call, Handset]:
        """A queued call and the phone it is for; nothing happens yet."""
        phone = self._exchange.phones.get(to)
        line = self._exchange.draft_line(phone)
        line.incoming = True
        return self._new("outbound-api", from_number, to, line), phone

    def update(self, call: Call, *, end: bool = False, document: NewDocument | None = None) -> None:
        """End a call or lead it elsewhere, by order of the API."""
        call.line.obey(None if end else document)

    def get(self, sid: str) -> Call | None:
        """One call."""
        return self._kept.get(sid)

    def all(self) -> list[Call]:
        """Newest first."""
        with self._exchange.turnstile:
            return list(reversed(self._kept.values()))

    def close(self) -> None:
        """Wait for every call to notice that the company closes."""
        for thread in self._threads:
            thread.join(timeout=5)

    # ------------------------------------------------------------ how a call goes

    def _take_inbound(self, call: Call) -> End:
        account = self._exchange.account
        if account.dialect.name == "somleng" and call.from_number == WITHHELD:
            return End("failed", 403)  # Somleng drops callers without a plausible number
        call.url = account.hook("calls", "incoming")
        call.status_callback = account.hook("calls", "status")
        return self._player(call).run(call.url, "POST")

    def _take_private(self, call: Call) -> End:
        other = self._exchange.phones.get(call.to_number)
        answer = self._ring(call, call.line, other, call.from_number, 30.0)
        return End(answer)

    def _take_outbound(self, call: Call, phone: Handset) -> End:
        self._tell(call, "initiated")
        with self._exchange.turnstile:
            refusal = _cannot_ring(phone)
            if refusal is None:
                phone.line = call.line
                call.line.state, call.status = "ringing", "ringing"
        if refusal is not None:
            return refusal
        call.line.changed()
        self._tell(call, "ringing")
        try:
            answer = call.line.wait_for_answer(call.timeout)
        except Ordered:
            return End("canceled", 487)
        except Gone:
            return End("no-answer", 480)
        if answer == "no":
            return End(self._exchange.account.dialect.declined_status, 603)
        if not answer:
            return End("no-answer", 480)
        self._pick_up(call)
        self._tell(call, "answered")
        return self._player(call).run(call.url, call.method, call.twiml)

    def connect(self, player: Player, verb: Verb) -> Next | None:
        """Carry out a Dial: ring another phone and let the two talk."""
        assert isinstance(verb, Dial)
        call, dialect = player.call, player.dialect
        phone = self._exchange.phones.get(verb.number)
        from_number = verb.caller_id or call.from_number
        line = self._exchange.draft_line(phone)
        child = self._new("outbound-dial", from_number, verb.number, line)
        child.parent_sid = call.sid
        status = "no-answer"
        try:
            ask = None if verb.screen is None else lambda: is_let_through(player, child, verb)
            status = self._ring(child, call.line, phone, from_number, verb.timeout, line, ask)
        finally:
            self._finish(child, End("completed" if child.answered else status))
        if verb.action is None:
            return None
        fields = [("DialCallStatus", status), ("DialCallSid", child.sid)]
        if status == "completed" or dialect.name == "somleng":
            fields.append(("DialCallDuration", str(child.seconds())))
        return player.ask_action(verb.action, verb.method, tuple(fields))

    def _ring(
        self,
        call: Call,
        caller: Line,
        phone: Handset,
        shown: str,
        timeout: float,
        line: Line | None = None,
        ask: Callable[[], bool] | None = None,
    ) -> str:
        """Ring `phone` and connect it with `caller`; the status of the call at the end.

        `ask`: what whoever picks up hears first, and whether they are connected then.
        """
        line = line or self._exchange.draft_line(phone)
        with self._exchange.turnstile:
            refusal = _cannot_ring(phone)
            if refusal is not None:
                return refusal.status
            line.incoming, line.peer, line.state, line.call_sid = True, shown, "ringing", call.sid
            phone.line = line
        line.changed()
        status = "no-answer"
        try:
            status = self._talk(call, caller, line, timeout, ask)
        finally:
            with self._exchange.turnstile:
                status = "completed" if call.ended and line.answer == "yes" else status
                line.state, line.why_over, line.talks_with = "over", status, None
                caller.talks_with = None
            line.changed()
        return status

    def _talk(
        self,
        call: Call,
        caller: Line,
        line: Line,
        timeout: float,
        ask: Callable[[], bool] | None,
    ) -> str:
        with self._exchange.turnstile:
            caller.silent = False
            caller.listen(timeout, lambda: bool(line.answer) or line.hung_up or line.silent)
            if line.answer != "yes":
                return "busy" if line.answer or line.hung_up else "no-answer"
            call.answered = self._exchange.clock.now()
            line.state = "talking"
            line.changed()
        is_wanted = ask is None or ask()  # a webhook: the turnstile is not held meanwhile
        with self._exchange.turnstile:
            caller.check()
            if not is_wanted:
                return "no-answer"
            caller.state = "talking"
            caller.talks_with, line.talks_with = line, caller
            caller.changed()
            line.changed()
            try:
                caller.listen(4 * 3600.0, lambda: line.hung_up)
            finally:
                call.ended = self._exchange.clock.now()
            return "completed"

    # ------------------------------------------------------------ inside

    def _new(self, direction: str, from_number: str, to: str, line: Line) -> Call:
        sid = self._exchange.account.dialect.new_sid("CA")
        call = Call(sid, direction, from_number, to, self._exchange.clock.now(), line)
        line.call_sid = sid
        if direction != "private":
            with self._exchange.turnstile:
                self._kept[sid] = call
                while len(self._kept) > MOST_CALLS:
                    del self._kept[next(iter(self._kept))]
        return call

    def _start(self, call: Call, take: Callable[[Call], End]) -> None:
        thread = threading.Thread(target=self._run, args=(call, take), name="call", daemon=True)
        self._threads = [each for each in self._threads if each.is_alive()] + [thread]
        thread.start()

    def _run(self, call: Call, take: Callable[[Call], End]) -> None:
        try:
            end = take(call)
        except (Gone, Ordered):
            end = End("completed" if call.answered else "no-answer", 487)
        except Exception as error:
            self._exchange.log.problem(call.sid, "simulator", f"{type(error).__name__}: {error}")
            self._finish(call, End("failed", 500))
            raise
        self._finish(call, end)

    def _player(self, call: Call) -> Player:
        verbs = {Gather: gather, Record: self._recordings.record, Dial: self.connect}
        return Player(self._exchange, call, lambda: self._pick_up(call), verbs)

    def _pick_up(self, call: Call) -> None:
        with self._exchange.turnstile:
            call.answered = self._exchange.clock.now()
            call.status = "in-progress"
            call.line.state = "talking"
            call.line.changed()

    def _finish(self, call: Call, end: End) -> None:
        with self._exchange.turnstile:
            call.ended = call.ended or self._exchange.clock.now()
            call.status, call.sip = end.status, end.sip
            call.line.state, call.line.why_over = "over", end.status
            call.line.ears = ""
            call.line.changed()
        self._tell(call, "completed")

    def _tell(self, call: Call, event: str) -> None:
        """A status callback, if one is due; never in the way of the call."""
        account = self._exchange.account
        if not call.status_callback or self._exchange.closing:
            return
        if event != "completed" and not account.dialect.sends_call_events:
            return
        if event not in call.events:
            return
        fields = status_fields(call, account, event, self._exchange.clock.now())
        address, method = call.status_callback, call.status_method
        send = self._exchange.webhooks.post_later
        self._exchange.errands.run(call.sid, send("call status", call.sid, address, fields, method))


def _cannot_ring(phone: Handset) -> End | None:
    if not phone.is_on:
        return End("no-answer", 480)
    if phone.is_busy():
        return End("busy", 486)
    return None
