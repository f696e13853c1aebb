"""The contract of every carrier: what it sends is understood alike. A new folder runs by itself."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from hotline.carriers import KINDS
from hotline.core.turn import Digits, HungUp, Silence, Voice
from tests.carriers.conftest import PAYLOADS

FILES = sorted(PAYLOADS.glob("*/*.json"))
EVERY_CARRIER_SENDS = {
    "call_begins", "call_we_placed", "key", "star", "silence", "voice_message", "nothing_recorded",
    "call_over", "nobody_answered", "recording_ready", "text", "text_of_nothing", "text_delivered",
    "text_failed",
}  # fmt: skip


def read(carrier, target, form):
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query))
    _, kind, _, event = parts.path.split("/")
    if (kind, event) == ("texts", "incoming"):
        return carrier.read_text(form)
    if (kind, event) == ("texts", "status"):
        return carrier.read_receipt(form, query)
    if event == "status":
        return carrier.read_call_status(form, query)
    if event == "recording":
        return carrier.read_recording(form)
    return carrier.read_call(form, query)


def spelt(value):
    """A turn as the payload files write it."""
    match value:
        case Digits(keys):
            return ["Digits", keys]
        case Voice(recording, seconds):
            return ["Voice", recording, seconds]
        case Silence():
            return ["Silence"]
        case HungUp():
            return ["HungUp"]
    return value


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}-{f.stem}")
def test_a_webhook_means_what_its_file_says(file, carriers):
    payload = json.loads(file.read_text())
    event = read(carriers[file.parent.name], payload["target"], payload["form"])
    means = dict(payload["means"])
    assert type(event).__name__ == means.pop("kind")
    assert {name: spelt(getattr(event, name)) for name in means} == means


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_carrier_has_a_payload_of_every_kind(name):
    assert {f.stem for f in (PAYLOADS / name).glob("*.json")} >= EVERY_CARRIER_SENDS


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}-{f.stem}")
def test_no_payload_holds_a_number_that_could_be_somebody(file):
    form = json.loads(file.read_text())["form"]
    told = {form.get("From"), form.get("To")} - {None}
    invented = {"+85512345678", "+85523900900", "+266696687", "Anonymous"}
    assert told <= invented
