"""Every address of the web has a guard, or is on the short list of those that need none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from hotline.app import create_app
from hotline.settings import load_settings
from hotline.storage.database import Database
from hotline.storage.schema import upgrade
from hotline.wiring import wire

OPEN_TO_ALL = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/desk/sign-in",
    "/desk/static/<path:filename>",
    "/calls/<carrier>/voice/<token>",  # the token is the key: 404 without the right one
    "/calendar/<path:name>",  # an address nobody can guess: 404 without it
}
"""Whoever adds an address here says that a stranger may see what it shows."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, key_ring_file: Path) -> Iterator[Flask]:
    data = tmp_path_factory.mktemp("doors")
    settings = load_settings(
        {
            "HOTLINE_CARRIER": "twilio",
            "HOTLINE_NUMBER": "+85523900900",
            "HOTLINE_DATA": str(data),
            "HOTLINE_KEYS": str(key_ring_file),
            "HOTLINE_SECRET_KEY": "k" * 40,
            "HOTLINE_ALLOW_SCRATCH": "1",
            "PUBLIC_BASE_URL": "https://line.example.org",
            "TWILIO_ACCOUNT_SID": "AC1",
            "TWILIO_AUTH_TOKEN": "t",
        },
        env_file=None,
    )
    with closing(Database(settings.database_url, writer_lock=data / "writer.lock")) as database:
        upgrade(database)
    hotline = wire(settings)
    yield create_app(hotline)
    hotline.database.close()


def address(rule: Rule) -> str:
    values = {"carrier": "twilio"}
    parts = (str(values.get(part, "1")) if is_dynamic else part for is_dynamic, part in rule._trace)
    return "".join(parts).removeprefix("|")


def test_every_address_is_guarded_or_known_to_be_open(app: Flask) -> None:
    client = app.test_client()
    unguarded = []
    for rule in app.url_map.iter_rules():
        if rule.rule in OPEN_TO_ALL:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = client.open(address(rule), method=method)
            is_turned_away = answer.status_code in (400, 401, 403) or (
                answer.status_code in (302, 303) and "/desk/sign-in" in answer.headers["Location"]
            )
            if not is_turned_away:
                unguarded.append(f"{method} {rule.rule} -> {answer.status_code}")
    assert unguarded == []


def test_the_list_of_open_addresses_names_only_what_there_is(app: Flask) -> None:
    assert OPEN_TO_ALL - {rule.rule for rule in app.url_map.iter_rules()} == set()


def test_a_stranger_cannot_learn_which_addresses_there_are_at_the_desk(app: Flask) -> None:
    answer = app.test_client().get("/desk/no-such-page")
    assert answer.status_code in (302, 303, 401, 403, 404)
    assert b"Traceback" not in answer.data
