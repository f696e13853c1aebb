"""Voice messages: the Record verb, and the recordings that the company keeps."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

from simulator.call import Call, webhook_fields
from simulator.exchange import Exchange
from simulator.line import Gone, Heard, Spoken
from simulator.player import Next, Player
from simulator.sounds import make_speech
from simulator.twiml import Record, Verb

MOST_RECORDINGS = 500


@dataclass(slots=True)
class Recording:
    """One voice message, a WAV."""

    sid: str
    call_sid: str
    phone_id: str
    seconds: int
    started: datetime
    wav: bytes


class Recordings:
    """Records and keeps; the oldest goes when there are too many."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._lock = threading.Lock()
        self._kept: dict[str, Recording] = {}

    def record(self, player: Player, verb: Verb) -> Next | None:
        """Carry out a Record; None: nothing was said, go on with the next verb."""
        assert isinstance(verb, Record)
        spoken = _hear_message(player, verb)
        hung_up = spoken.end_key == "hangup"
        if hung_up and self._exchange.account.dialect.loses_voice_on_hang_up:
            raise Gone
        is_empty = spoken.seconds <= 0
        if is_empty and (hung_up or not player.dialect.always_asks_record_action):
            if hung_up:
                raise Gone
            return None
        recording = self._keep(player.call, spoken)
        follow = self._action(player, verb, recording, spoken.end_key)
        if hung_up:
            self._say_goodbye(player, follow)
        self._tell_later(player, verb, recording)
        if hung_up:
            raise Gone
        return follow

    def get(self, sid: str) -> Recording | None:
        """One recording."""
        with self._lock:
            return self._kept.get(sid)

    def all(self) -> list[Recording]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._kept.values()))

    def delete(self, sid: str) -> bool:
        """False if there was none."""
        with self._lock:
            return self._kept.pop(sid, None) is not None

    def replace_last(self, call_sid: str, wav: bytes) -> bool:
        """The microphone's sound came after the recording had ended; False if there is none."""
        for recording in self.all():
            if recording.call_sid == call_sid:
                recording.wav = wav
                return True
        return False

    def address(self, sid: str) -> str:
        """RecordingUrl: without an extension it is a WAV."""
        account = self._exchange.account.sid
        return f"{self._exchange.address}/2010-04-01/Accounts/{account}/Recordings/{sid}"

    # ------------------------------------------------------------ inside

    def _keep(self, call: Call, spoken: Spoken) -> Recording:
        sid = self._exchange.account.dialect.new_sid("RE")
        seconds = max(0, round(spoken.seconds))
        wav = spoken.wav or make_speech(min(max(spoken.seconds, 0.1), 60.0))
        now = self._exchange.clock.now()
        recording = Recording(sid, call.sid, "", seconds, now, wav)
        with self._lock:
            self._kept[sid] = recording
            while len(self._kept) > MOST_RECORDINGS:
                del self._kept[next(iter(self._kept))]
        return recording

    def _action(self, player: Player, verb: Record, recording: Recording, end_key: str) -> Next:
        fields = [
            ("RecordingUrl", self.address(recording.sid)),
            ("RecordingDuration", str(recording.seconds)),
        ]
        if player.dialect.record_action_has_sid:
            fields += [("RecordingSid", recording.sid), ("Digits", end_key)]
        return player.ask_action(verb.action, verb.method, tuple(fields))

    def _say_goodbye(self, player: Player, follow: Next) -> None:
        """The caller is gone: the action is still asked, its answer is not played."""
        player.call.status = "completed"
        fields = _without_line(player, follow)
        self._exchange.webhooks.send("call", player.call.sid, follow.url, fields, follow.method)

    def _tell_later(self, player: Player, verb: Record, recording: Recording) -> None:
        if verb.callback is None:
            return
        address = verb.callback
        if urlsplit(address).scheme not in ("http", "https"):
            player.problem("12100", f"recordingStatusCallback is not a whole address: {address!r}")
            return
        account = self._exchange.account
        fields = {
            "CallSid": recording.call_sid,
            "AccountSid": account.sid,
            "RecordingSid": recording.sid,
            "RecordingUrl": self.address(recording.sid),
            "RecordingStatus": "completed",
            "RecordingDuration": str(recording.seconds),
            "RecordingChannels": "1",
            "RecordingStartTime": format_datetime(recording.started),
            "RecordingSource": "RecordVerb",
        }
        sid, method = recording.sid, verb.callback_method
        self._exchange.errands.run(sid, lambda: self._exchange.sleep(1.0))
        send = self._exchange.webhooks.post_later("recording", sid, address, fields, method)
        self._exchange.errands.run(sid, send)


def _hear_message(player: Player, verb: Record) -> Spoken:
    player.line.open_ears("")
    if verb.beeps:
        now = player.exchange.clock.now().isoformat()
        player.line.sound(Heard(0, "beep", seconds=0.6, at=now))
    player.line.open_ears("voice")
    try:
        return player.line.record(verb.timeout, verb.longest, verb.finish)
    finally:
        player.line.open_ears("")


def _without_line(player: Player, follow: Next) -> dict[str, str]:
    return webhook_fields(player.call, player.exchange.account) | dict(follow.fields)
