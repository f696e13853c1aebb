"""Fetch what a hotline plays, as a carrier does, and measure it: WAV and MP3, standard library."""

from __future__ import annotations

import io
import threading
import wave

import requests

_KBITS = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}  # MPEG 1 and MPEG 2/2.5, layer III


class SoundMissing(Exception):
    """The sound could not be fetched or is no sound; the text says why."""


class Sounds:
    """Seconds of a sound by its address; fetched once, as carriers keep what they fetched."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, float] = {}

    def seconds(self, url: str) -> float:
        """Length of the sound at `url`. SoundMissing if it cannot be had."""
        with self._lock:
            if url in self._known:
                return self._known[url]
        length = measure(self._fetch(url))
        with self._lock:
            self._known[url] = length
        return length

    def _fetch(self, url: str) -> bytes:
        with requests.Session() as session:
            session.trust_env = False
            try:
                reply = session.get(url, timeout=5)
            except requests.RequestException as error:
                raise SoundMissing(f"{type(error).__name__} at {url}") from error
        if reply.status_code != 200:
            raise SoundMissing(f"status {reply.status_code} at {url}")
        return reply.content


def measure(sound: bytes) -> float:
    """Seconds of a WAV or a constant-rate MP3. SoundMissing if it is neither."""
    if sound[:4] == b"RIFF":
        try:
            with wave.open(io.BytesIO(sound)) as reader:
                return float(reader.getnframes() / reader.getframerate())
        except (wave.Error, EOFError) as error:
            raise SoundMissing(f"a broken WAV: {error}") from error
    return _measure_mp3(sound)


def _measure_mp3(sound: bytes) -> float:
    start = 0
    if sound[:3] == b"ID3" and len(sound) > 10:
        size = sound[6] << 21 | sound[7] << 14 | sound[8] << 7 | sound[9]
        start = 10 + size
    for at in range(start, min(len(sound) - 3, start + 4096)):
        if sound[at] == 0xFF and sound[at + 1] & 0xE6 == 0xE2:  # frame sync, layer III
            version = 1 if sound[at + 1] & 0x18 == 0x18 else 2
            rate = sound[at + 2] >> 4
            if 0 < rate < 15:
                return (len(sound) - at) * 8 / (_KBITS[version][rate] * 1000)
    raise SoundMissing("neither a WAV nor an MP3")


def make_speech(seconds: float, pitch: int = 180) -> bytes:
    """A WAV (8 kHz, mono, 16 bit) that hums in syllables: a voice message without a microphone."""
    rate = 8000
    frames = bytearray()
    for at in range(int(seconds * rate)):
        part = at % rate
        loud = 6000 if part % 2000 < 1500 else 0  # four syllables a second
        tone = pitch + 20 * (part // 2000)
        height = loud if (at * tone * 2 // rate) % 2 else -loud
        frames += int(height).to_bytes(2, "little", signed=True)
    return wrap_wav(bytes(frames), rate)


def wrap_wav(frames: bytes, rate: int) -> bytes:
    """16-bit mono samples as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(frames)
    return out.getvalue()
