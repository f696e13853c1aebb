"""The phones of a running demo, through the addresses that its page uses."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests


class Phones:
    """`address` of the page, such as http://127.0.0.1:8100."""

    def __init__(self, address: str) -> None:
        self.address = address

    def state(self) -> dict[str, Any]:
        return requests.get(f"{self.address}/api/state", timeout=5).json()

    def post(self, path: str, **wanted: Any) -> dict[str, Any]:
        answer = requests.post(f"{self.address}/api/{path}", json=wanted, timeout=5)
        assert answer.ok, answer.text
        return answer.json()

    def phone(self, number: str, name: str = "") -> Phone:
        """The phone with this number, in any spelling."""
        return Phone(self, str(self.post("phones", number=number, name=name)["id"]))


@dataclass
class Phone:
    phones: Phones
    id: str

    def state(self) -> dict[str, Any]:
        return next(phone for phone in self.phones.state()["phones"] if phone["id"] == self.id)

    def does(self, action: str, **wanted: Any) -> None:
        self.phones.post(f"phones/{self.id}/{action}", **wanted)

    def dials(self) -> None:
        self.does("dial")

    def presses(self, keys: str, hearing: str) -> None:
        """As soon as `hearing` sounds, and is the newest that sounds."""
        self.waits_for(hearing, "keys")
        for key in keys:
            self.does("press", key=key)

    def speaks(self, wav: bytes, hearing: str) -> None:
        self.waits_for(hearing, "voice")
        address = f"{self.phones.address}/api/phones/{self.id}/speak"
        answer = requests.post(address, wav, headers={"Content-Type": "audio/wav"}, timeout=5)
        assert answer.ok, answer.text
        self.does("press", key="#")

    def waits_for(self, prompt: str, ears: str) -> None:
        """What nobody can interrupt is over at once: this phone says that it has sounded."""

        def hears() -> bool:
            call = self.state()["call"]
            heard = [each["prompt"] for each in call["heard"] if each["prompt"]]
            if not call["ears"] and call["playing"] is not None:
                self.does("sound", number=call["playing"], report="ended")
            return bool(heard) and heard[-1] == prompt and call["ears"] == ears

        eventually(hears, f"{prompt} and then ears for {ears}")

    def declines(self) -> None:
        """It rings, and is pushed away."""
        eventually(lambda: (self.state()["call"] or {}).get("state") == "ringing", "a ring")
        self.does("decline")

    def hangs_up(self) -> None:
        self.does("hang_up")
        eventually(lambda: self.state()["call"]["state"] == "over", "the end of the call")

    def texts(self, body: str) -> None:
        self.does("text", body=body)

    def received(self) -> list[str]:
        return [text["body"] for text in self.state()["texts"] if not text["mine"]]

    def receives(self, count: int) -> str:
        """Wait until it has that many texts; the newest."""
        eventually(lambda: len(self.received()) >= count, f"text number {count}")
        return self.received()[-1]


def eventually(done: Callable[[], bool], what: str, patience: float = 25.0) -> None:
    """Wait until `done`; AssertionError naming `what` when patience is over."""
    deadline = time.monotonic() + patience
    while not done():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)
