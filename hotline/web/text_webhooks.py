"""The two addresses a carrier asks for texts: one that came in, one of ours that went on its way.

The reply to a text is never the HTTP body: it is an outbox item, so that retries, receipts and
consent live in one place. The answer is always 200, because no carrier sends a text again after
an error.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint

from hotline import receipts, texting
from hotline.carriers.twiml import NOTHING
from hotline.parts import Hotline
from hotline.web.carrier_guard import Webhook, add_webhook
from hotline.web.metrics import Counters, counters_in
from hotline.web.spoken_errors import keep_for_later, raise_alarm


def text_blueprint(hotline: Hotline) -> Blueprint:
    """The webhooks of texts."""
    counters = counters_in(hotline.settings.data)
    desk = _Letterbox(hotline, counters)
    blueprint = Blueprint("texts", __name__)
    add_webhook(blueprint, hotline, counters, "/texts/<carrier>/incoming", desk.take_text)
    add_webhook(blueprint, hotline, counters, "/texts/<carrier>/status", desk.note_receipt)
    return blueprint


@dataclass(frozen=True, slots=True)
class _Letterbox:
    hotline: Hotline
    counters: Counters

    def take_text(self, webhook: Webhook) -> str:
        event = webhook.carrier.read_text(webhook.fields)
        try:
            with self.hotline.transaction() as tx:
                rings = texting.take_text(self.hotline, tx, event)
            self.hotline.ring(rings)
        except Exception:  # whatever it is, the carrier gets its 200
            raise_alarm("taking a text", event.carrier)
            if not keep_for_later(self.hotline, event):
                self.counters.count("hotline_texts_lost_total", carrier=event.carrier)
        return NOTHING

    def note_receipt(self, webhook: Webhook) -> str:
        receipt = webhook.carrier.read_receipt(webhook.fields, webhook.query)
        try:
            with self.hotline.transaction() as tx:
                rings = receipts.take_receipt(self.hotline, tx, receipt)
            self.hotline.ring(rings)
        except Exception:  # as above
            raise_alarm("noting a receipt", receipt.carrier)
            keep_for_later(self.hotline, receipt)
        return NOTHING
