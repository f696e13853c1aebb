"""A hotline small enough for the web's edge: three prompts, real carriers, no database."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

from flask import Flask
from twilio.request_validator import RequestValidator

from hotline.core.prompt import Sound
from hotline.spool import Spool
from tests.carriers.conftest import BASE, make_carriers, token_of

MP3 = b"ID3" + bytes(range(256)) * 8
MP3_HASH = hashlib.sha256(MP3).hexdigest()[:12]
PROMPTS = ("V_WELCOME", "V_MAIN_MENU", "V_ERR_SYSTEM")
MOTHER = "+85512345678"
CALL = {
    "CallSid": "CA1",
    "AccountSid": "AC1",
    "From": MOTHER,
    "To": "+85523900900",
    "CallStatus": "in-progress",
    "Direction": "inbound",
}


@dataclass
class SmallHotline:
    """What the edge asks of a Hotline, and a record of what it did."""

    data: Path
    base: str = BASE
    carriers: dict = field(default_factory=make_carriers)
    now_is: datetime = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    did: list[str] = field(default_factory=list)
    database_error: Exception | None = None

    def __post_init__(self):
        self.settings = SimpleNamespace(
            data=self.data, public_base_url=self.base, sweep_seconds=15.0
        )
        sealing = SimpleNamespace(encrypt=lambda plain, context: b"sealed")
        self.spool = Spool(self.data / "spool", sealing)
        sounds = {
            language: Sound(f"{language}/take.mp3", MP3_HASH, 1.0, "scratch")
            for language in ("km", "en")
        }
        self.library = SimpleNamespace(
            prompts={name: SimpleNamespace(sounds=sounds) for name in PROMPTS}
        )
        for language in ("km", "en"):
            (self.data / language).mkdir(parents=True, exist_ok=True)
            (self.data / language / "take.mp3").write_bytes(MP3)

    def now(self):
        return self.now_is

    @contextmanager
    def transaction(self):
        if self.database_error is not None:
            raise self.database_error
        try:
            yield "tx"
        except Exception:
            self.did.append("rolled back")
            raise
        self.did.append("committed")

    def ring(self, queues):
        self.did.extend(f"rang {queue}" for queue in sorted(queues))


def app_with(*blueprints) -> Flask:
    app = Flask("hotline-under-test")
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    return app


def signed(target: str, form: dict | list, carrier: str = "twilio", base: str = BASE) -> dict:
    """The keyword arguments of a test client's post: body, type and the carrier's signature."""
    pairs = list(form.items()) if isinstance(form, dict) else form
    several: dict[str, list[str]] = {}
    for name, value in pairs:
        several.setdefault(name, []).append(value)
    text = base + target + "".join(k + v for k in sorted(several) for v in sorted(set(several[k])))
    validator = RequestValidator(token_of(carrier))
    return {
        "data": urlencode(pairs),
        "content_type": "application/x-www-form-urlencoded",
        "headers": {"X-Twilio-Signature": validator.compute_signature(text, {})},
    }
