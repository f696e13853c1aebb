"""Messages of the API: create, list, fetch, redact, cancel, delete."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator.company import Company
from simulator.handset import to_e164
from simulator.rest_errors import Refused
from simulator.rest_lists import is_web_address, matches_date, page_of, write_date
from simulator.texts import FINAL, Message

LONGEST_BODY = 1600


def message_routes(api: Blueprint, company: Company) -> None:
    """Add them to the API."""
    desk = _MessageDesk(company)
    api.add_url_rule("/Messages.json", "create_message", desk.create, methods=["POST"])
    api.add_url_rule("/Messages.json", "list_message", desk.list, methods=["GET"])
    one = "/Messages/<sid>.json"
    api.add_url_rule(one, "fetch_message", desk.fetch, methods=["GET"])
    api.add_url_rule(one, "update_message", desk.update, methods=["POST"])
    api.add_url_rule(one, "delete_message", desk.delete, methods=["DELETE"])


class _MessageDesk:
    def __init__(self, company: Company) -> None:
        self._company = company
        self._texts = company.texts

    def create(self) -> tuple[Response, int]:
        to, body = _read_to(request.form.get("To", "")), _read_body()
        sender = _read_sender(self._company)
        callback = request.form.get("StatusCallback", "")
        if callback and not is_web_address(callback):
            raise Refused("21609")
        if to in self._texts.opted_out:
            raise Refused("21610")
        message = self._texts.send(to, sender, body, callback)
        answer = _write(self._company, message)
        return jsonify(answer | {"status": "queued", "date_sent": None}), 201

    def list(self) -> Response:
        found = [message for message in self._texts.all() if _matches(message)]
        return jsonify(page_of("messages", found, lambda each: _write(self._company, each)))

    def fetch(self, sid: str) -> Response:
        return jsonify(_write(self._company, self._find(sid)))

    def update(self, sid: str) -> Response:
        message = self._find(sid)
        if request.form.get("Status") == "canceled" and not self._texts.cancel(message):
            raise Refused("30409")
        if "Body" in request.form:
            message.body = request.form["Body"]
        return jsonify(_write(self._company, message))

    def delete(self, sid: str) -> tuple[str, int]:
        message = self._find(sid)
        if not self._company.exchange.account.dialect.can_delete_texts:
            raise Refused("20404")
        if message.status not in FINAL or not self._texts.delete(sid):
            raise Refused("20009")
        return "", 204

    def _find(self, sid: str) -> Message:
        message = self._texts.get(sid)
        if message is None:
            raise Refused("20404")
        return message


def read_number(text: str, refusal: str) -> str:
    """A number as the carrier reads it."""
    try:
        return to_e164(text) if text.startswith("+") else to_e164(f"+{text}")
    except ValueError:
        raise Refused(refusal) from None


def _read_to(text: str) -> str:
    if not text:
        raise Refused("21604")
    if text.lstrip("+").startswith("0"):
        raise Refused("21211")
    return read_number(text, "21211")


def _read_body() -> str:
    body = request.form.get("Body", "")
    if not body:
        raise Refused("21602")
    if len(body) > LONGEST_BODY:
        raise Refused("21617")
    return body


def _read_sender(company: Company) -> str:
    line = company.exchange.account.line
    sender = request.form.get("From", "")
    if not sender and not request.form.get("MessagingServiceSid"):
        raise Refused("21603")
    if sender and sender.lstrip("+") != line.lstrip("+"):
        raise Refused("21606")
    return line


def _matches(message: Message) -> bool:
    to, sender = request.args.get("To", ""), request.args.get("From", "")
    if to and to.lstrip("+") != message.to_number.lstrip("+"):
        return False
    if sender and sender.lstrip("+") != message.from_number.lstrip("+"):
        return False
    return matches_date(message.sent or message.created, "DateSent")


def _write(company: Company, message: Message) -> dict[str, Any]:
    account = company.exchange.account
    error: int | str | None = message.error or None
    if error and not account.dialect.string_codes and message.error.isdigit():
        error = int(message.error)
    uri = f"/2010-04-01/Accounts/{account.sid}/Messages/{message.sid}.json"
    return {
        "account_sid": account.sid,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": write_date(message.created),
        "date_sent": write_date(message.sent),
        "date_updated": write_date(message.sent or message.created),
        "direction": message.direction,
        "error_code": error,
        "error_message": None,
        "from": message.from_number,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": uri.replace(".json", "/Media.json")},
        "to": message.to_number,
        "uri": uri,
    }
