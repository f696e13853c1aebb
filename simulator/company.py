"""The phone company: the exchange and what runs on it, and the state that survives a restart."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from simulator.calls import Calls
from simulator.exchange import Exchange
from simulator.handset import Handset, Text
from simulator.recordings import Recordings
from simulator.texts import Message, Texts

DEMO_PHONES = (
    ("+85512345678", "A mother", "ម្តាយម្នាក់", "caller"),
    ("+85596234567", "A child", "ក្មេងម្នាក់", "caller"),
    ("+85510111001", "Dara, on duty", "ដារ៉ា (ប្រចាំការ)", "staff"),
    ("+85510111002", "Sophea, on duty", "សុភា (ប្រចាំការ)", "staff"),
)


class Company:
    """Everything of one phone company. `data`: folder for what survives; None keeps nothing."""

    def __init__(self, exchange: Exchange, data: Path | None = None) -> None:
        self.exchange = exchange
        self.recordings = Recordings(exchange)
        self.calls = Calls(exchange, self.recordings)
        self.texts = Texts(exchange)
        self._file = data / "simulator.json" if data else None
        self._written = ""

    def show_demo_phones(self) -> None:
        """The four phones of the demo, side by side."""
        for number, name, name_km, role in DEMO_PHONES:
            self.exchange.phones.show(number, name, name_km, role)

    def phone(self, name: str) -> Handset:
        """A phone by its id. KeyError if there is none."""
        return self.exchange.phones.by_id(name)

    def state(self) -> dict[str, Any]:
        """Everything that the page shows."""
        account = self.exchange.account
        return {
            "type": "state",
            "line": account.line,
            "dialect": account.dialect.name,
            "intercepts_stop": account.intercepts_stop,
            "gateway_offline": account.gateway_offline,
            "moved_by": self.exchange.clock.moved_by,
            "phones": [phone.as_json() for phone in self.exchange.phones.all() if phone.shown],
            "log": [entry.as_json() for entry in self.exchange.log.entries()],
            "faults": self.exchange.faults.as_json(),
            "board": self.exchange.board.entries(),
            "more_lines": list(account.more_lines),
        }

    def close(self) -> None:
        """End all calls, write down what stays."""
        self.save()
        self.exchange.close()
        self.calls.close()

    # ------------------------------------------------------------ what survives

    def save(self) -> None:
        """Write the texts of the shown phones, if anything changed. Of nobody else."""
        if self._file is None:
            return
        text = json.dumps(self._ledger(), ensure_ascii=False)
        if text == self._written:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        os.replace(fresh, self._file)
        self._written = text

    def load(self) -> None:
        """Read what an earlier run wrote. A file that cannot be read is put aside."""
        if self._file is None or not self._file.exists():
            return
        try:
            self._take_ledger(json.loads(self._file.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError):
            os.replace(self._file, self._file.with_suffix(".broken"))

    def _ledger(self) -> dict[str, Any]:
        with self.exchange.turnstile:
            shown = [phone for phone in self.exchange.phones.all() if phone.shown]
            numbers = {phone.number for phone in shown}
            return {
                "phones": [_phone_entry(phone) for phone in shown],
                "texts": [
                    _message_entry(message)
                    for message in reversed(self.texts.all())
                    if {message.from_number, message.to_number} & numbers
                ][-500:],
                "opted_out": sorted(self.texts.opted_out & numbers),
            }

    def _take_ledger(self, ledger: dict[str, Any]) -> None:
        for entry in ledger["phones"]:
            phone = self.exchange.phones.show(
                entry["number"], entry["name"], entry["name_km"], entry["role"]
            )
            phone.is_on, phone.withholds = entry["is_on"], entry["withholds"]
            phone.texts.extend(Text(**text) for text in entry["texts"])
        for entry in ledger["texts"]:
            self.texts.keep(_message_from(entry))
        self.texts.opted_out.update(ledger["opted_out"])


def _phone_entry(phone: Handset) -> dict[str, Any]:
    names = ("number", "name", "name_km", "role", "is_on", "withholds")
    entry: dict[str, Any] = {name: getattr(phone, name) for name in names}
    return entry | {"texts": [asdict(text) for text in phone.texts]}


def _message_entry(message: Message) -> dict[str, Any]:
    entry = asdict(message)
    entry["created"] = message.created.isoformat()
    entry["sent"] = message.sent.isoformat() if message.sent else None
    return entry


def _message_from(entry: dict[str, Any]) -> Message:
    created = datetime.fromisoformat(entry.pop("created"))
    sent = entry.pop("sent")
    return Message(created=created, sent=datetime.fromisoformat(sent) if sent else None, **entry)
