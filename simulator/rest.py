"""The door of the API: who may come in, faults that strike here, pages of lists, dates."""

from __future__ import annotations

import hmac
import socket
from typing import Any

from flask import Blueprint, Response, request

from simulator.company import Company
from simulator.rest_calls import call_routes
from simulator.rest_errors import Refused, write_refusal
from simulator.rest_messages import message_routes
from simulator.rest_recordings import recording_routes


def make_api(company: Company) -> Blueprint:
    """/2010-04-01/Accounts/<sid>/ with Calls, Messages and Recordings."""
    api = Blueprint("api", __name__, url_prefix="/2010-04-01/Accounts/<account>")
    door = _Door(company)
    api.url_value_preprocessor(_take_account)
    api.before_request(door.let_in)
    api.after_request(door.let_out)
    api.register_error_handler(Refused, door.refuse)
    call_routes(api, company)
    message_routes(api, company)
    recording_routes(api, company)
    return api


class _Door:
    def __init__(self, company: Company) -> None:
        self._account = company.exchange.account
        self._faults = company.exchange.faults
        self._hold = company.exchange.hold

    def let_in(self) -> None:
        is_open = not self._account.dialect.recordings_need_password
        if is_open and request.method == "GET" and (request.endpoint or "").endswith(".hear"):
            return
        given = request.authorization
        name, word = (given.username, given.password) if given else ("", "")
        if not (_same(name, self._account.sid) and _same(word, self._account.token)):
            raise Refused("20003")
        if not _same(request.environ["company.account"], self._account.sid):
            raise Refused("20404")
        place = _place()
        if slow := self._faults.take("slow", place):
            self._hold(slow.seconds)
        if self._faults.take("rate_limit", place):
            raise Refused("20429")
        if self._faults.take("server_error", place):
            raise Refused("20500")
        if request.method == "POST" and (fault := self._faults.take("refuse", place)):
            raise Refused(fault.code or "21211")

    def let_out(self, answer: Response) -> Response:
        """Accepted, and then the connection may be cut: nobody knows whether it was done."""
        if request.method == "POST" and answer.status_code < 400:
            wire: socket.socket | None = request.environ.get("werkzeug.socket")
            if wire is not None and self._faults.take("cut", _place()):
                wire.shutdown(socket.SHUT_RDWR)
        return answer

    def refuse(self, refused: Refused) -> Response:
        return write_refusal(refused, self._account.dialect)


def _take_account(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    request.environ["company.account"] = values.pop("account") if values else ""


def _place() -> str:
    return "calls" if "/Calls" in request.path else "messages"


def _same(given: str | None, right: str) -> bool:
    return hmac.compare_digest((given or "").encode(), right.encode())
