"""The desk for a story: a hotline with cases in it, and staff who click through its pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from hotline import callers, cases, demo, paging, recordings, staffing
from hotline.app import create_app
from hotline.content_files import Content
from hotline.core.turn import OpenCase
from hotline.parts import Hotline
from hotline.passwords import hash_password
from hotline.settings import CarrierAccount, Settings
from hotline.storage import recording
from hotline.storage.audit_line import audit_lines
from hotline.storage.case import find_case, get_case
from hotline.storage.conversation import begin_conversation
from hotline.storage.database import Database
from hotline.storage.staff_member import find_staff_by_name, set_language, set_password
from hotline.wiring import wire

MOTHER = "+85512345678"
NEIGHBOUR = "+85596234567"
ASK = OpenCase("missing_child", "P1", "asked_by_key")
ONCE = re.compile(r'name="once" value="([0-9a-f]+)"')
TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')


@dataclass
class Desk:
    hotline: Hotline
    app: Flask
    time: list[datetime]

    def minutes_pass(self, minutes: float) -> None:
        self.time[0] += timedelta(minutes=minutes)

    def caller_asks(
        self, ask: OpenCase = ASK, number: str | None = MOTHER, notes=None, **plan: str
    ) -> str:
        """A new case; its reference."""
        hotline = self.hotline
        with hotline.transaction() as tx:
            caller = callers.meet(hotline, tx, number).id if number else None
            case_id = cases.open_case(
                hotline,
                tx,
                ask,
                channel="voice",
                caller_id=caller,
                chi="missing_children",
                current=None,
            )
            plan = {"number": "calling", "consent": "yes", "window": "evening", **plan}
            cases.add_answers(hotline, tx, case_id, plan=plan.items(), notes=(notes or {}).items())
            return get_case(tx, case_id).ref

    def caller_speaks(self, ref: str, sound: bytes) -> None:
        """A voice message, fetched from the carrier already."""
        hotline = self.hotline
        with hotline.transaction() as tx:
            case = find_case(tx, ref)
            call = begin_conversation(
                tx,
                carrier="simulator",
                channel="voice",
                sid="CA" + ref,
                caller_id=case.caller_id,
                case_id=case.id,
                flow="urgent",
                turn=1,
                state_sealed=b"",
                started_at=hotline.now(),
                last_at=hotline.now(),
            )
            recordings.expect(
                hotline,
                tx,
                carrier="simulator",
                sid="RE" + ref,
                url="http://127.0.0.1/sound",
                seconds=7,
                conversation_id=call,
            )
            recordings.attach(tx, "simulator", "RE" + ref, case.id)
            row = recording.find_recording(tx, "simulator", "RE" + ref)
        assert recordings.keep(hotline, row, sound)

    def takes_by_text(self, name: str, ref: str) -> None:
        """Somebody answers the page with their phone."""
        with self.hotline.transaction() as tx:
            member = find_staff_by_name(tx, name)
            paging.claim(self.hotline, tx, find_case(tx, ref), member)

    def take_on(self, name: str, number: str, role: str) -> None:
        with self.hotline.transaction() as tx:
            staff_id = staffing.take_on(self.hotline, tx, name, number, role)
            set_password(tx, staff_id, hash_password(demo.PASSPHRASE))
            set_language(tx, staff_id, "en")

    def case(self, ref: str):
        with self.hotline.reading() as tx:
            return find_case(tx, ref)

    def audit(self) -> list[tuple[str, str, str]]:
        """Who did what to what, oldest first; "staff:1" is Dara."""
        with self.hotline.reading() as tx:
            lines = tx.execute(select(audit_lines).order_by(audit_lines.c.number)).all()
        return [(line.actor, line.action, line.object) for line in lines]

    def visitor(self) -> Visitor:
        return Visitor(self)

    def staff(self, name: str) -> Visitor:
        """Somebody who has signed in."""
        visitor = Visitor(self)
        answer = visitor.sign_in(name)
        assert answer.status_code == 303, visitor.text_of(answer)
        return visitor


class Visitor:
    """A browser, and the person before it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.client = desk.app.test_client()

    def sees(self, path: str, **more) -> TestResponse:
        return self.client.get("/desk" + path, buffered=True, **more)

    def reads(self, path: str) -> str:
        answer = self.sees(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return self.text_of(answer)

    def source(self, path: str) -> str:
        """The page as it is sent, but for the token of its forms, which may contain any digits."""
        return TOKEN.sub("", self.sees(path).text)

    def sends(self, path: str, seen_at: str = "/", **fields: str) -> TestResponse:
        """Fill in a form of the page `seen_at`."""
        page = self.sees(seen_at).get_data(as_text=True)
        token, once = TOKEN.search(page), ONCE.search(page)
        assert token, f"{seen_at} has no form"
        hidden = {"form_token": token[1], **({"once": once[1]} if once else {})}
        return self.client.post("/desk" + path, data={**hidden, **fields})

    def sign_in(self, name: str, passphrase: str = demo.PASSPHRASE, **more) -> TestResponse:
        return self.sends("/sign-in", "/sign-in", name=name, passphrase=passphrase)

    @staticmethod
    def text_of(answer: TestResponse) -> str:
        """What stands on the page, without markup."""
        plain = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
        return re.sub(r"[ \n]+", " ", unescape(plain))


def open_desk(database: Database, data: Path, keys: Path, content: Content, **other) -> Desk:
    time = [datetime(2026, 11, 22, 3, 0, tzinfo=UTC)]
    settings = Settings(
        carriers=("simulator",),
        accounts={"simulator": CarrierAccount("AC" + "0" * 32, "token", "http://127.0.0.1:1")},
        number="+85523900900",
        public_base_url=other.get("public_base_url", "http://localhost"),
        data=data,
        database_url=str(database.url),
        redis_url="unix:///nowhere",
        keys=keys,
        secret_key="s" * 32,
        allow_scratch=True,
        sweep_seconds=15.0,
        clock_file=None,
        second_factor=other.get("second_factor", "offered"),
        proxies=other.get("proxies", 0),
    )
    hotline = replace(wire(settings, content=content), database=database, now=lambda: time[0])
    with hotline.transaction() as tx:
        demo.seed(hotline, tx)
        for name, _, _ in (*demo.STAFF, *demo.DESK_STAFF):
            set_language(tx, find_staff_by_name(tx, name).id, "en")
    return Desk(hotline, create_app(hotline), time)
