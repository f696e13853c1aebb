"""What stories at the desk's door share: an app that shows codes, a strict desk, factors set up."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pyotp

from tests.web.desk.desk import Desk, Visitor
from tests.web.desk.software_key import SoftwareKey

STEP = timedelta(seconds=30)
SECRET = re.compile(r'class="secret"[^>]*>([A-Z2-7 ]+)<')
CODES = re.compile(r"<li>(\d{4} \d{4} \d{4})</li>")
ASKED = re.compile(r'data-key-(?:asks|new)="([^"]+)"')


class App:
    """An authenticator app with the secret of one person."""

    def __init__(self, desk: Desk, page: str) -> None:
        found = SECRET.search(page)
        assert found, "the page shows no secret"
        self.desk, self.totp = desk, pyotp.TOTP(found[1].replace(" ", ""))

    def code(self, steps: int = 0) -> str:
        """Of now, or of so many steps later or earlier."""
        return self.totp.at(self.desk.hotline.now() + steps * STEP)

    def another_code(self) -> str:
        """Wrong in every step that could be taken."""
        near = {self.code(steps) for steps in range(-3, 4)}
        return next(code for code in ("000000", "111111", "222222") if code not in near)


def sets_up_an_app(visitor: Visitor, seen_at: str = "/account") -> tuple[App, list[str]]:
    """The app, and the codes on paper that came with it."""
    assert visitor.sends("/authenticator/new", seen_at).status_code == 303
    app = App(visitor.desk, visitor.sees("/authenticator").text)
    answer = visitor.sends("/authenticator", "/authenticator", code=app.code())
    assert answer.status_code in (200, 303), visitor.text_of(answer)
    visitor.desk.minutes_pass(1)  # that code is used up
    return app, CODES.findall(answer.text)


def asked_of_a_key(page: str) -> dict:
    found = ASKED.search(page)
    assert found, "the page asks nothing of a key"
    return json.loads(unescape(found[1]))


def registers_a_key(visitor: Visitor, key: SoftwareKey, name: str = "blue key"):
    asked = asked_of_a_key(visitor.sees("/passkeys").text)
    token = re.search(r'form_token" value="(\w+)"', visitor.sees("/account").text)
    assert token
    form = {"form_token": token[1], "name": name, "answer": key.registers(asked)}
    return visitor.client.post("/desk/passkeys", data=form)


def presses_the_key(visitor: Visitor, key: SoftwareKey, page: str = "/second-step", asked=None):
    """Sees the page and answers what it asks; `asked`: what another page asked instead."""
    shown = visitor.sees(page).text
    token = re.search(r'form_token" value="(\w+)"', shown)
    assert token
    answer = key.signs(asked or asked_of_a_key(shown))
    form = {"form_token": token[1], "answer": answer}
    return visitor.client.post(f"/desk{page}/passkey", data=form)
