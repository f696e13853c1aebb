"""Refusals of the API, in the shape and with the codes of the account's dialect."""

from __future__ import annotations

from flask import Response, jsonify

from simulator.dialect import Dialect

WORDS = {
    "20001": "Unknown parameters",
    "20003": "Authenticate",
    "20404": "The requested resource was not found",
    "20422": "Invalid parameter",
    "20429": "Too Many Requests",
    "20500": "An internal server error has occurred",
    "21201": "No 'To' number specified",
    "21205": "Url is not a valid URL",
    "21210": "The 'From' number is not a number of this account",
    "21211": "The 'To' number is not a valid phone number",
    "21213": "The 'From' number is missing",
    "21220": "Call is not in-progress. Cannot redirect.",
    "21602": "Message body is required",
    "21603": "A 'From' phone number is required",
    "21604": "A 'To' phone number is required",
    "21606": "The 'From' phone number is not a valid, SMS-capable number of this account",
    "21609": "The 'StatusCallback' URL is not a valid URL",
    "21610": "Attempt to send to unsubscribed recipient",
    "21617": "The concatenated message body exceeds the 1600 character limit",
    "30409": "Message cannot be canceled",
}
_STATUS = {"20003": 401, "20404": 404, "20429": 429, "20500": 500, "30409": 409}


class Refused(Exception):
    """The API refuses; `code` as Twilio numbers it."""

    def __init__(self, code: str, status: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


def write_refusal(refused: Refused, dialect: Dialect) -> Response:
    """The JSON of a refusal. Somleng: string codes, and 20422 for whatever it finds invalid."""
    code = refused.code
    status = refused.status or _STATUS.get(code, dialect.fault_status)
    if dialect.string_codes and status == dialect.fault_status and code.startswith("21"):
        code = "20422"
    words = WORDS.get(refused.code, "Refused")
    number: str | int = code if dialect.string_codes or not code.isdigit() else int(code)
    answer = jsonify(
        code=number,
        message=words,
        more_info=f"https://www.twilio.com/docs/errors/{code}",
        status=status,
    )
    answer.status_code = status
    return answer
