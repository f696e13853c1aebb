"""Make the scratch recordings: a machine's voice for every prompt, so that the line can be tried.

    python audio/make_scratch.py            remakes only what changed
    python audio/make_scratch.py --all      remakes everything

Needs espeak-ng on the machine and the development requirements. There is no free Khmer voice:
Khmer is turned into phonemes (khmerphonemizer), these into the nearest sounds of espeak-ng's
Hindi voice. That gives lengths, pauses and menus that can be timed; it is not fit for a caller.
Each take therefore begins with two soft tones, is marked `quality: scratch` in prompts.yaml, and
carries the same word in the file itself. A take of any other quality is never touched.
"""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import yaml
from khmerphonemizer import phonemize

HERE = Path(__file__).parent
PROMPTS = HERE / "prompts.yaml"
LANGUAGES = ("km", "en")
RECIPE = "2"  # raise it when the sound of unchanged words changes
RATE = 8000
SPOKEN_AT = 22050  # what espeak-ng writes
SLOWEST = {"km": 130, "en": 150}  # words a minute
FASTEST = {"km": 175, "en": 185}
VOICES = {"km": "hi", "en": "en"}
PAUSES = {" ": 0.12, "៖": 0.25, "។": 0.4, "?": 0.4, "!": 0.4}  # seconds

SOUNDS = {  # IPA -> espeak-ng's Hindi voice. ɑ/ɔ, ɨ/ə, ɓ/b and ɗ/d fall together: it has no more.
    "a": "a", "aː": "a:", "ă": "a", "e": "e", "eː": "e:", "ĕ": "e", "ɛ": "E", "ɛː": "E:",
    "i": "i", "iː": "i:", "ə": "@", "əː": "@:", "ɨ": "@", "ɨː": "@:",
    "o": "o", "oː": "o:", "ŏ": "o", "ɔ": "O", "ɔː": "O:", "ɑ": "O", "ɑː": "O:",
    "u": "u", "uː": "u:", "ŭ": "u",
    "p": "p", "pʰ": "p#", "t": "t", "tʰ": "t#", "c": "c", "cʰ": "c#", "k": "k", "kʰ": "k#",
    "ʔ": "?", "ɓ": "b", "ɗ": "d", "b": "b", "d": "d", "ɡ": "g", "g": "g", "f": "f",
    "m": "m", "n": "n", "ɲ": "n^", "ŋ": "N", "s": "s", "h": "h", "l": "l", "r": "r",
    "j": "j", "w": "w", "ʋ": "v", "v": "v", "z": "z",
}  # fmt: skip

KHMER = "\u1780-\u17d3\u17d7\u17dd"
PIECES = re.compile(f"(?P<km>[{KHMER}]+(?<![។៖]))|(?P<en>[A-Za-z][A-Za-z ,.']*)|(?P<gap>.)")
TAKE = re.compile(r"^      (?P<language>\w+): \{file: (?P<file>[^,]+), (?P<rest>.*)\}$")
REPEAT = "ៗ"


def khmer_sounds(text: str) -> str:
    """The espeak-ng phonemes of a run of Khmer letters; «ៗ» says the word before it once more."""
    words: list[str] = []
    for token, phones in zip(*phonemize(text), strict=True):
        if token == REPEAT:
            words.extend(words[-1:])
        elif phones:
            words.append("|".join(SOUNDS[phone] for phone in phones))
    return " ".join(words)


def speak(words: str, voice: str, speed: int) -> np.ndarray:
    """What espeak-ng says, without the silence around it; floats at SPOKEN_AT."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "--stdout", words]
    spoken = subprocess.run(command, check=True, capture_output=True).stdout
    with wave.open(io.BytesIO(spoken)) as sound:
        frames = sound.readframes(sound.getnframes())
    samples = np.frombuffer(frames, dtype=np.int16).astype(np.float32) / 32768
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    return samples[loud[0] : loud[-1] + 1] if loud.size else samples[:0]


def silence(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * SPOKEN_AT), dtype=np.float32)


def mark() -> np.ndarray:
    """Two soft tones, 0.15 s: whoever hears them knows that no person speaks here."""
    time = np.arange(int(0.075 * SPOKEN_AT)) / SPOKEN_AT
    swell = np.sin(np.pi * time / 0.075)
    tones = [0.15 * swell * np.sin(2 * np.pi * hertz * time) for hertz in (620, 830)]
    return np.concatenate([*tones, silence(0.15)]).astype(np.float32)


def read_khmer(text: str, speed: int) -> Iterator[np.ndarray]:
    """Khmer by the Hindi voice, an English sentence inside it by the English voice."""
    for piece in PIECES.finditer(text):
        if piece["km"]:
            sounds = khmer_sounds(piece["km"])
            if sounds:
                yield speak(f"[[{sounds}]]", VOICES["km"], speed)
        elif piece["en"]:
            yield speak(piece["en"], VOICES["en"], SLOWEST["en"])
        else:
            yield silence(PAUSES.get(piece["gap"], 0.0))


def read_aloud(text: str, language: str, longest: float) -> np.ndarray:
    """The whole take, faster step by step while it is longer than allowed, up to a bound."""
    if not text:
        return silence(1.0)
    speed = SLOWEST[language]
    while True:
        spoken = (
            list(read_khmer(text, speed))
            if language == "km"
            else [speak(text, VOICES["en"], speed)]
        )
        take = np.concatenate([mark(), level(np.concatenate(spoken)), silence(0.2)])
        if len(take) / SPOKEN_AT <= longest or speed >= FASTEST[language]:
            return take
        speed += 10


def level(spoken: np.ndarray) -> np.ndarray:
    """Loud enough for a phone, no peak over 0.8."""
    return spoken * (0.8 / max(float(np.abs(spoken).max()), 0.01))


def write_mp3(take: np.ndarray, path: Path, comment: str) -> None:
    """8 kHz mono MP3 at 16 kbit/s, the same bytes for the same sound."""
    frame = av.AudioFrame.from_ndarray(take.reshape(1, -1), format="flt", layout="mono")
    frame.sample_rate = SPOKEN_AT
    with av.open(str(path), "w", format="mp3", options={"fflags": "+bitexact"}) as out:
        out.metadata["comment"] = comment
        stream = out.add_stream("libmp3lame", rate=RATE, layout="mono")
        stream.bit_rate = 16000
        resampler = av.AudioResampler(stream.format, "mono", RATE)
        for source in (frame, None):
            for piece in resampler.resample(source):
                out.mux(stream.encode(piece))
        out.mux(stream.encode(None))


def heard(path: Path) -> tuple[float, float]:
    """Seconds and peak of a finished file, read back as a player would."""
    with av.open(str(path)) as sound:
        frames = [frame.to_ndarray().ravel() for frame in sound.decode(audio=0)]
    samples = np.concatenate(frames)
    return len(samples) / RATE, float(np.abs(samples).max())


def comment_of(path: Path) -> str:
    if not path.exists():
        return ""
    with av.open(str(path)) as sound:
        return sound.metadata.get("comment", "")


def comment_for(entry: dict[str, Any], language: str) -> str:
    """What a take made from these words carries; a file that carries another is out of date."""
    made_from = f"{RECIPE}|{float(entry['max_seconds'])}|{entry[language]}"
    return f"scratch {hashlib.sha256(made_from.encode()).hexdigest()[:12]}"


def make(prompt: str, entry: dict[str, Any], language: str, all_anew: bool) -> str | None:
    """One scratch take, if the words or the recipe changed. A complaint, or None."""
    path = HERE / language / f"{prompt}.mp3"
    text, longest = entry[language], float(entry["max_seconds"])
    comment = comment_for(entry, language)
    if comment_of(path) == comment and not all_anew:
        return None
    path.parent.mkdir(exist_ok=True)
    write_mp3(read_aloud(text, language, longest), path, comment)
    seconds, peak = heard(path)
    if text and peak < 0.2:
        return f"{language}/{prompt}: hardly a sound (peak {peak:.2f})"
    return (
        f"{language}/{prompt}: {seconds:.1f} s, allowed {longest:.0f}"
        if seconds > longest
        else None
    )


def bring_up_to_date(lines: list[str]) -> Iterator[str]:
    """prompts.yaml line by line, with hash and length of each scratch take brought up to date."""
    for line in lines:
        take = TAKE.match(line)
        if take and "quality: scratch" in take["rest"]:
            path = HERE / take["file"]
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            line = (
                f'      {take["language"]}: {{file: {take["file"]}, hash: "{digest}", '
                f"seconds: {heard(path)[0]:.1f}, quality: scratch}}"
            )
        yield line


def make_all(all_anew: bool) -> list[str]:
    """Every scratch take of prompts.yaml; the complaints."""
    prompts = yaml.load(PROMPTS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["prompts"]
    complaints = [
        make(prompt, entry, language, all_anew)
        for prompt, entry in prompts.items()
        for language, take in entry.get("takes", {}).items()
        if take["quality"] == "scratch"
    ]
    return [complaint for complaint in complaints if complaint]


def main() -> int:
    complaints = make_all("--all" in sys.argv)
    lines = PROMPTS.read_text(encoding="utf-8").splitlines()
    PROMPTS.write_text("\n".join(bring_up_to_date(lines)) + "\n", encoding="utf-8")
    sounds = [path for language in LANGUAGES for path in (HERE / language).glob("*.mp3")]
    print(f"{len(sounds)} recordings, {sum(p.stat().st_size for p in sounds) / 1e6:.1f} MB")
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
