"""Calls of the API: create, list, fetch, end or lead elsewhere."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator.call import Call
from simulator.company import Company
from simulator.line import NewDocument
from simulator.rest_errors import Refused
from simulator.rest_lists import is_web_address, matches_date, page_of, write_date
from simulator.rest_messages import read_number

EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})


def call_routes(api: Blueprint, company: Company) -> None:
    """Add them to the API."""
    desk = _CallDesk(company)
    one = "/Calls/<sid>.json"
    api.add_url_rule("/Calls.json", "create_call", desk.create, methods=["POST"])
    api.add_url_rule("/Calls.json", "list_calls", desk.list, methods=["GET"])
    api.add_url_rule(one, "fetch_call", desk.fetch, methods=["GET"])
    api.add_url_rule(one, "update_call", desk.update, methods=["POST"])


class _CallDesk:
    def __init__(self, company: Company) -> None:
        self._company = company
        self._calls = company.calls

    def create(self) -> tuple[Response, int]:
        to = request.form.get("To", "")
        if not to:
            raise Refused("21201")
        if to.lstrip("+").startswith("0"):
            raise Refused("21211")
        number, sender = read_number(to, "21211"), _read_sender(self._company)
        document = _read_document()
        call, phone = self._calls.draft(number, sender)
        call.url, call.twiml, call.method = document.url, document.twiml, document.method
        _read_callback(self._company, call)
        answer = _write(self._company, call)
        self._calls.place(call, phone)
        return jsonify(answer), 201

    def list(self) -> Response:
        found = [call for call in self._calls.all() if _matches(call)]
        return jsonify(page_of("calls", found, lambda each: _write(self._company, each)))

    def fetch(self, sid: str) -> Response:
        return jsonify(_write(self._company, self._find(sid)))

    def update(self, sid: str) -> Response:
        call = self._find(sid)
        status = request.form.get("Status", "")
        if call.is_over():
            raise Refused("21220")
        if status == "completed" or (status == "canceled" and call.answered is None):
            self._calls.update(call, end=True)
        elif status == "canceled":
            raise Refused("21220")
        else:
            self._calls.update(call, document=_read_document())
        return jsonify(_write(self._company, call))

    def _find(self, sid: str) -> Call:
        call = self._calls.get(sid)
        if call is None:
            raise Refused("20404")
        return call


def _read_sender(company: Company) -> str:
    line = company.exchange.account.line
    sender = request.form.get("From", "")
    if not sender:
        raise Refused("21213")
    if sender.lstrip("+") != line.lstrip("+"):
        raise Refused("21210")
    return line


def _read_document() -> NewDocument:
    url, twiml = request.form.get("Url", ""), request.form.get("Twiml")
    if twiml is None and not is_web_address(url):
        raise Refused("21205")
    return NewDocument(url, _method("Method"), twiml)


def _read_callback(company: Company, call: Call) -> None:
    call.status_callback = request.form.get("StatusCallback", "")
    if call.status_callback and not is_web_address(call.status_callback):
        raise Refused("21609")
    call.status_method = _method("StatusCallbackMethod")
    if not company.exchange.account.dialect.sends_call_events:
        return  # Somleng reads neither the events nor the timeout
    asked = frozenset(" ".join(request.form.getlist("StatusCallbackEvent")).split()) & EVENTS
    call.events = asked or call.events
    call.timeout = request.form.get("Timeout", 60.0, type=float)


def _method(name: str) -> str:
    return "GET" if request.form.get(name, "POST").upper() == "GET" else "POST"


def _matches(call: Call) -> bool:
    wanted = request.args
    if wanted.get("To", "").lstrip("+") not in ("", call.to_number.lstrip("+")):
        return False
    if wanted.get("From", "").lstrip("+") not in ("", call.from_number.lstrip("+")):
        return False
    if wanted.get("Status", call.status) != call.status:
        return False
    return matches_date(call.created, "StartTime")


_NEVER_FILLED = (
    "annotation", "answered_by", "caller_name", "forwarded_from", "group_sid", "phone_number_sid",
    "price", "trunk_sid",
)  # fmt: skip


def _write(company: Company, call: Call) -> dict[str, Any]:
    account = company.exchange.account
    uri = f"/2010-04-01/Accounts/{account.sid}/Calls/{call.sid}"
    return {
        **dict.fromkeys(_NEVER_FILLED),
        "account_sid": account.sid,
        "api_version": "2010-04-01",
        "date_created": write_date(call.created),
        "date_updated": write_date(call.ended or call.answered or call.created),
        "direction": call.direction,
        "duration": str(call.seconds()) if call.is_over() else None,
        "end_time": write_date(call.ended),
        "from": call.from_number,
        "from_formatted": call.from_number,
        "parent_call_sid": call.parent_sid,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": write_date(call.answered),
        "status": call.status,
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        "to": call.to_number,
        "to_formatted": call.to_number,
        "uri": f"{uri}.json",
    }
