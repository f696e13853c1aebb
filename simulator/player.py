"""Plays TwiML over a line: fetches a document, carries out its verbs, goes where they lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urljoin, urlsplit

from simulator.call import Call, webhook_fields
from simulator.captions import read_sound_name
from simulator.exchange import Exchange
from simulator.line import NEVER, Gone, Heard, NewDocument, Ordered
from simulator.sounds import SoundMissing
from simulator.twiml import (
    BadTwiml,
    Dial,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Unknown,
    Verb,
    read_twiml,
)

MOST_REDIRECTS = 50
APOLOGY = "We are sorry, an application error has occurred. Goodbye."


@dataclass(frozen=True, slots=True)
class Next:
    """Ask for this document with these extra fields."""

    url: str
    method: str
    fields: tuple[tuple[str, str], ...] = ()


class End(Exception):
    """The call ends here, with this status."""

    def __init__(self, status: str = "completed", sip: int = 200) -> None:
        super().__init__(status)
        self.status = status
        self.sip = sip


class Player:
    """One call from its first document to its end. `answer` is called when it is picked up."""

    def __init__(
        self,
        exchange: Exchange,
        call: Call,
        answer: Callable[[], None],
        verbs: Mapping[type, Callable[[Player, Verb], Next | None]],
    ) -> None:
        self.exchange = exchange
        self.call = call
        self.line = call.line
        self.dialect = exchange.account.dialect
        self.document_url = ""
        self.ran_out = False  # it ended because a document had no further verb
        self._answer = answer
        self._verbs = verbs

    def run(self, url: str, method: str, twiml: str | None = None) -> End:
        """Play until the end; how it ended."""
        document = NewDocument(url, method, twiml)
        while True:
            try:
                self._run_from(document)
            except End as end:
                return end
            except Gone:
                return End("completed" if self.call.answered else "no-answer", 487)
            except Ordered as ordered:
                if ordered.document is None:
                    return End()
                document = ordered.document

    def _run_from(self, document: NewDocument) -> None:
        if document.twiml is not None:
            self.document_url = ""
            follow = self._play(document.twiml)
        else:
            follow = Next(document.url, document.method)
        while follow is not None:
            follow = self._play(self.fetch(follow))
        self.ran_out = True
        raise End

    def fetch(self, step: Next) -> str:
        """Ask the hotline for a document. Ends the call if there is none."""
        self.line.check()
        fields = webhook_fields(self.call, self.exchange.account) | dict(step.fields)
        self.call.requests += 1
        reply = self.exchange.webhooks.send("call", self.call.sid, step.url, fields, step.method)
        self.line.check()
        if reply is None or reply.status is None:
            self._fail()
        if reply.status >= 400 and self.dialect.speaks_errors:
            self._fail()
        self.document_url = reply.url
        return reply.body

    def ask_action(
        self, action: str | None, method: str, fields: tuple[tuple[str, str], ...]
    ) -> Next:
        """The request that a verb makes when it is done; the current document by default."""
        return Next(self.resolve(action or self.document_url), method, fields)

    def resolve(self, url: str) -> str:
        """An address relative to the current document."""
        found = urljoin(self.document_url, url.strip())
        if urlsplit(found).scheme not in ("http", "https"):
            self.problem("11100", f"no address to go to: {url!r}")
            self._fail()
        return found

    def problem(self, code: str, words: str) -> None:
        """Write down what the hotline did wrong."""
        self.exchange.log.problem(self.call.sid, code, words)

    def sound(self, verb: Play | Say | Pause, stops: Callable[[], bool] = NEVER) -> bool:
        """Let one verb sound; True if cut short."""
        loops = 1 if isinstance(verb, Pause) else min(verb.loop, 1000)
        return any(self.line.sound(self._hear(verb), stops) for _ in range(loops))

    def pick_up(self) -> None:
        """Answer an inbound call, once."""
        if self.call.answered is None:
            self._answer()

    # ------------------------------------------------------------ inside

    def _play(self, body: str) -> Next | None:
        try:
            verbs = read_twiml(body, self.dialect)
        except BadTwiml as bad:
            self.problem("12100", f"bad TwiML: {bad}")
            self._fail()
        for verb in verbs:
            self.line.check()
            if not isinstance(verb, Reject | Redirect):
                self.pick_up()
            follow = self._carry_out(verb)
            if follow is not None:
                return follow
        self.pick_up()
        return None

    def _carry_out(self, verb: Verb) -> Next | None:
        match verb:
            case Play() | Say() | Pause():
                self.sound(verb)
            case Redirect():
                return self._redirect(verb)
            case Hangup():
                raise End
            case Reject():
                if self.call.answered is None:
                    raise End("busy" if verb.reason == "busy" else "no-answer", 486)
                raise End
            case Unknown():
                self._unknown(verb)
            case Gather() | Record() | Dial():
                return self._verbs[type(verb)](self, verb)
        return None

    def _redirect(self, verb: Redirect) -> Next:
        self.call.redirects += 1
        if self.call.redirects > MOST_REDIRECTS:
            self.problem("12101", f"more than {MOST_REDIRECTS} redirects in one call")
            self._fail()
        if not verb.url and not self.dialect.skips_unknown_verbs:
            self.problem("12100", "a Redirect without an address")
            self._fail()
        self.exchange.sleep(self.dialect.redirect_pause)
        return Next(self.resolve(verb.url or self.document_url), verb.method)

    def _unknown(self, verb: Unknown) -> None:
        self.problem("12200", f"<{verb.name}> is not a verb that {self.dialect.name} plays")
        if not self.dialect.skips_unknown_verbs:
            self._fail()

    def _fail(self) -> NoReturn:
        self.pick_up()
        if self.dialect.speaks_errors:
            self.line.sound(Heard(0, "say", texts={"en": APOLOGY}, seconds=4.0, at=self._now()))
        raise End

    def _hear(self, verb: Play | Say | Pause) -> Heard:
        if isinstance(verb, Pause):
            return Heard(0, "pause", seconds=verb.seconds, at=self._now())
        if isinstance(verb, Say):
            texts = {"km" if verb.language.startswith("km") else "en": verb.text}
            seconds = max(1.0, len(verb.text) / 14)
            return Heard(0, "say", texts=texts, seconds=seconds, at=self._now())
        return self._hear_play(verb)

    def _hear_play(self, verb: Play) -> Heard:
        url = verb.url
        if urlsplit(url).scheme not in ("http", "https"):
            if not self.dialect.resolves_play:
                self.problem("12100", f"<Play> needs a whole address, got {url!r}")
                self._fail()
            url = self.resolve(url)
        prompt, language = read_sound_name(url)
        caption = self.exchange.captions.of(prompt)
        measured = self._measure(url)
        seconds = caption.seconds.get(language) or measured or 3.0
        return Heard(0, "play", prompt, language, url, dict(caption.texts), seconds, self._now())

    def _measure(self, url: str) -> float:
        if self.exchange.sounds is None:
            return 0.0
        try:
            return self.exchange.sounds.seconds(url)
        except SoundMissing as missing:
            self.problem("11200", f"a sound could not be played: {missing}")
            return 0.0

    def _now(self) -> str:
        return self.exchange.clock.now().isoformat()
