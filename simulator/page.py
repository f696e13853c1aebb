"""What the browser calls: the page, the news stream, and what a thumb does on a phone."""

from __future__ import annotations

import json
import queue
from collections.abc import Callable, Iterator
from importlib import resources
from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator.company import Company
from simulator.handset import Handset, to_e164
from simulator.sounds import SoundMissing, make_speech, measure

MOST_STEP = 24 * 3600
LONGEST_SPEECH = 120.0


class BadRequest(Exception):
    """The page asked for something that cannot be; the text says what would be right."""


def make_page(company: Company, desk_url: str = "") -> Blueprint:
    """Everything under `/` that is not the carrier's API."""
    page = Blueprint("page", __name__, static_folder="static", static_url_path="/static")
    desk = _Desk(company, desk_url)
    act = _Thumb(company)
    page.add_url_rule("/", "index", desk.index)
    page.add_url_rule("/healthz", "healthz", desk.healthz)
    page.add_url_rule("/api/state", "state", desk.state)
    page.add_url_rule("/api/events", "events", desk.events)
    page.add_url_rule("/api/clock", "clock", desk.move_clock, methods=["POST"])
    page.add_url_rule("/api/faults", "arm", desk.arm, methods=["POST"])
    page.add_url_rule("/api/faults", "disarm", desk.disarm, methods=["DELETE"])
    page.add_url_rule("/api/account", "account", desk.set_account, methods=["POST"])
    page.add_url_rule("/api/log", "clear_log", desk.clear_log, methods=["DELETE"])
    page.add_url_rule("/api/phones", "add_phone", desk.add_phone, methods=["POST"])
    page.add_url_rule("/api/phones/<name>/<action>", "act", act.act, methods=["POST"])
    page.register_error_handler(BadRequest, _refuse)
    return page


class _Desk:
    def __init__(self, company: Company, desk_url: str) -> None:
        self._company = company
        self._desk_url = desk_url
        self._exchange = company.exchange

    def index(self) -> Response:
        text = resources.files("simulator").joinpath("static/index.html").read_text("utf-8")
        return Response(text, mimetype="text/html")

    def healthz(self) -> Response:
        return Response("ok\n", mimetype="text/plain")

    def state(self) -> Response:
        return jsonify(self._company.state() | {"desk_url": self._desk_url})

    def events(self) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(self._news(), mimetype="text/event-stream", headers=headers)

    def _news(self) -> Iterator[str]:
        with self._exchange.bulletin.reading() as reader:
            yield _event(self._company.state() | {"desk_url": self._desk_url})
            while not self._exchange.closing:
                try:
                    news = reader.get(timeout=10)
                except queue.Empty:
                    yield ": still here\n\n"
                    continue
                if news is None:
                    return
                yield _event(news)

    def move_clock(self) -> Response:
        seconds = _read().get("seconds")
        if not isinstance(seconds, int) or not 0 <= seconds <= MOST_STEP:
            raise BadRequest(f"seconds is a whole number from 0 to {MOST_STEP}")
        self._exchange.clock.move(seconds)
        return jsonify(moved_by=self._exchange.clock.moved_by)

    def arm(self) -> Response:
        wanted = _read()
        kind = str(wanted.pop("kind", ""))
        unknown = set(wanted) - {"place", "times", "seconds", "code"}
        if unknown:
            raise BadRequest(f"unknown: {', '.join(sorted(unknown))}")
        try:
            fault = self._exchange.faults.arm(kind, **wanted)
        except (ValueError, TypeError) as error:
            raise BadRequest(str(error)) from error
        return jsonify(number=fault.number)

    def disarm(self) -> Response:
        self._exchange.faults.disarm(request.args.get("number", None, type=int))
        return jsonify(faults=self._exchange.faults.as_json())

    def set_account(self) -> Response:
        account, wanted = self._exchange.account, _read()
        if wanted.get("intercepts_stop", "off") not in ("off", "basic", "advanced"):
            raise BadRequest("intercepts_stop is off, basic or advanced")
        account.intercepts_stop = wanted.get("intercepts_stop", account.intercepts_stop)
        account.gateway_offline = bool(wanted.get("gateway_offline", account.gateway_offline))
        news = {
            "type": "account",
            "intercepts_stop": account.intercepts_stop,
            "gateway_offline": account.gateway_offline,
        }
        self._exchange.bulletin.publish(news)
        return jsonify(news)

    def clear_log(self) -> Response:
        self._exchange.log.clear()
        return jsonify(ok=True)

    def add_phone(self) -> Response:
        wanted = _read()
        number = _number(wanted.get("number", ""))
        phone = self._exchange.phones.show(number, str(wanted.get("name", ""))[:40])
        self._company.save()
        return jsonify(id=phone.id)


class _Thumb:
    """What a thumb does on one phone."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._actions: dict[str, Callable[[Handset, dict[str, Any]], None]] = {
            "dial": self._dial,
            "press": self._press,
            "answer": self._answer,
            "decline": self._decline,
            "hang_up": self._hang_up,
            "text": self._text,
            "read": self._read,
            "sound": self._sound,
            "speak": self._speak,
            "settings": self._settings,
        }

    def act(self, name: str, action: str) -> Response:
        try:
            phone = self._company.phone(name)
            do = self._actions[action]
        except KeyError:
            raise BadRequest(f"no phone {name!r} or no action {action!r}") from None
        is_sound = request.mimetype == "audio/wav" and action == "speak"
        do(phone, {"wav": request.get_data()} if is_sound else _read())
        self._company.exchange.phones.changed(phone)
        return jsonify(ok=True)

    def _dial(self, phone: Handset, wanted: dict[str, Any]) -> None:
        to = _number(wanted.get("to") or self._company.exchange.account.line)
        if phone.is_busy():
            raise BadRequest("this phone is on a call; hang up first")
        self._company.calls.dial(phone, to)

    def _press(self, phone: Handset, wanted: dict[str, Any]) -> None:
        key = str(wanted.get("key", ""))
        if len(key) != 1 or key not in "0123456789*#":
            raise BadRequest("key is one of 0-9, * and #")
        if phone.line is not None:
            phone.line.press(key)

    def _answer(self, phone: Handset, _wanted: dict[str, Any]) -> None:
        self._decide(phone, "yes")

    def _decline(self, phone: Handset, _wanted: dict[str, Any]) -> None:
        self._decide(phone, "no")

    def _decide(self, phone: Handset, answer: str) -> None:
        if phone.line is not None and phone.line.state == "ringing":
            phone.line.answer = answer

    def _hang_up(self, phone: Handset, _wanted: dict[str, Any]) -> None:
        if phone.line is not None:
            phone.line.hang_up()

    def _text(self, phone: Handset, wanted: dict[str, Any]) -> None:
        body = str(wanted.get("body", ""))
        if not body.strip() or len(body) > 1600:
            raise BadRequest("a text has 1 to 1600 letters")
        to = _number(wanted.get("to") or self._company.exchange.account.line)
        self._company.texts.write(phone, to, body)
        self._company.save()

    def _read(self, phone: Handset, _wanted: dict[str, Any]) -> None:
        phone.unread = 0

    def _sound(self, phone: Handset, wanted: dict[str, Any]) -> None:
        number, report = wanted.get("number"), wanted.get("report")
        if not isinstance(number, int) or report not in ("started", "ended"):
            raise BadRequest("number is what is heard, report is started or ended")
        if phone.line is not None:
            phone.line.report_sound(number, report)

    def _speak(self, phone: Handset, wanted: dict[str, Any]) -> None:
        line = phone.line
        if line is None:
            return
        if wanted.get("microphone") == "open":
            line.open_microphone()
            return
        wav = wanted.get("wav", b"")
        if wav:
            try:
                seconds = measure(wav)
            except SoundMissing as missing:
                raise BadRequest(str(missing)) from missing
        else:
            seconds = min(float(wanted.get("seconds", 5)), LONGEST_SPEECH)
            wav = make_speech(seconds)
        if line.ears == "voice":
            line.speak(wav, seconds, already_over=bool(wanted.get("wav")))
        else:
            self._company.recordings.replace_last(line.call_sid, wav)

    def _settings(self, phone: Handset, wanted: dict[str, Any]) -> None:
        phone.is_on = bool(wanted.get("is_on", phone.is_on))
        phone.withholds = bool(wanted.get("withholds", phone.withholds))
        self._company.save()


def _read() -> dict[str, Any]:
    """The JSON of a request; asking for JSON keeps other web sites from posting here."""
    if not request.is_json:
        raise BadRequest("send JSON with Content-Type application/json")
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise BadRequest("send a JSON object")
    return found


def _number(text: object) -> str:
    try:
        return to_e164(str(text))
    except ValueError as error:
        raise BadRequest(str(error)) from error


def _event(news: dict[str, Any]) -> str:
    return f"data: {json.dumps(news, ensure_ascii=False)}\n\n"


def _refuse(error: BadRequest) -> tuple[Response, int]:
    return jsonify(error=str(error)), 400
