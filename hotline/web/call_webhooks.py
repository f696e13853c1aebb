"""The four addresses a carrier asks during and after a call.

A turn is one transaction, committed before the caller hears the answer. Whatever breaks, the
carrier gets status 200 and the caller a recorded sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint

from hotline import recordings, switchboard
from hotline.carriers.protocol import BrokenWebhook
from hotline.carriers.twiml import NOTHING, Plays, plays_from, write_answer
from hotline.core.events import CallEvent
from hotline.parts import Hotline
from hotline.web.carrier_guard import Webhook, add_webhook
from hotline.web.metrics import Counters, counters_in
from hotline.web.spoken_errors import apologise, keep_for_later, raise_alarm


def call_blueprint(hotline: Hotline) -> Blueprint:
    """The webhooks of calls. Raises LookupError when the apology has no recording."""
    counters = counters_in(hotline.settings.data)
    lines = {name: carrier.line for name, carrier in hotline.carriers.items()}
    plays = plays_from(hotline.library.prompts, hotline.settings.public_base_url, lines=lines)
    line = _Line(hotline, plays, counters)
    blueprint = Blueprint("calls", __name__)
    add_webhook(blueprint, hotline, counters, "/calls/<carrier>/incoming", line.begin)
    add_webhook(blueprint, hotline, counters, "/calls/<carrier>/turn", line.go_on)
    add_webhook(blueprint, hotline, counters, "/calls/<carrier>/status", line.note_status)
    add_webhook(blueprint, hotline, counters, "/calls/<carrier>/recording", line.note_recording)
    return blueprint


@dataclass(frozen=True, slots=True)
class _Line:
    hotline: Hotline
    plays: Plays
    counters: Counters

    def begin(self, webhook: Webhook) -> str:
        """The phone rings: turn 0, whatever the address says."""
        self.counters.count("hotline_calls_total", carrier=webhook.carrier.name)
        query = {**webhook.query, "n": "0"}
        return self._take(webhook.carrier.read_call(webhook.fields, query))

    def go_on(self, webhook: Webhook) -> str:
        """The caller did something, or nothing for too long."""
        if "n" not in webhook.query:
            raise BrokenWebhook("n is missing from the address of the turn")
        return self._take(webhook.carrier.read_call(webhook.fields, webhook.query))

    def note_status(self, webhook: Webhook) -> str:
        """A call has ended (other states say nothing that we need)."""
        status = webhook.carrier.read_call_status(webhook.fields, webhook.query)
        if not status.is_over:
            return NOTHING
        # The end of a call must not overtake a key of it that waits in the spool.
        if self.hotline.spool.has_waiting() and keep_for_later(self.hotline, status):
            return NOTHING
        try:
            with self.hotline.transaction() as tx:
                rings = switchboard.end_call(self.hotline, tx, status)
            self.hotline.ring(rings)
        except Exception:  # whatever it is, the carrier gets its 200
            raise_alarm("ending a call", status.carrier)
            keep_for_later(self.hotline, status)
        return NOTHING

    def note_recording(self, webhook: Webhook) -> str:
        """A voice message can be fetched now."""
        event = webhook.carrier.read_recording(webhook.fields)
        if event is not None:
            try:
                with self.hotline.transaction() as tx:
                    rings = recordings.note_ready(self.hotline, tx, event)
                self.hotline.ring(rings)
            except Exception:  # as above
                raise_alarm("noting a voice message", event.carrier)
                keep_for_later(self.hotline, event)
        return NOTHING

    def _take(self, event: CallEvent) -> str:
        try:
            with self.hotline.transaction() as tx:
                answer, rings = switchboard.take_turn(self.hotline, tx, event)
            self.hotline.ring(rings)
            document = write_answer(answer, self.plays, event.carrier)
        except Exception:  # a caller is listening: nothing may get past this line
            keep_for_later(self.hotline, event)
            return apologise(
                self.plays, self.counters, event.carrier, event.language, "taking a turn"
            )
        self.counters.count("hotline_turns_total", carrier=event.carrier)
        return document
