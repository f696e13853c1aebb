"""What a prompt says aloud: which keys it offers, and which phone numbers it names."""

from __future__ import annotations

import re

from hotline.core.prompt import Prompt

_DIGIT_WORDS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_KHMER_WORDS = {
    "សូន្យ": "0", "មួយ": "1", "ពីរ": "2", "បី": "3", "បួន": "4",
    "ប្រាំបួន": "9", "ប្រាំបី": "8", "ប្រាំពីរ": "7", "ប្រាំមួយ": "6", "ប្រាំ": "5",
}  # fmt: skip
_WORD = "|".join(_DIGIT_WORDS)
_KHMER_WORD = "|".join(sorted(_KHMER_WORDS, key=len, reverse=True))
_PRESS = re.compile(rf"\bpress(?:ing)?\s+(?:the\s+)?(?:key\s+)?({_WORD}|star|hash|\d)\b", re.I)
_KHMER_PRESS = re.compile(rf"ចុច(?:លេខ)?\s*({_KHMER_WORD})")
_WRITTEN_KEY = re.compile(r"(?<![\w/+])(\d)(?:\)|(?=\s+[a-z]))", re.I)
_SPOKEN_NUMBER = re.compile(rf"\b(?:{_WORD})(?:[ ,-]+(?:{_WORD}))+\b", re.I)
_KHMER_NUMBER = re.compile(rf"(?:{_KHMER_WORD})(?:\s+(?:{_KHMER_WORD}))+")
_WRITTEN_NUMBER = re.compile(r"(?<![\d{/])\d[\d ]*\d(?![\d}/])")
_KHMER_DIGITS = {ord("០") + n: str(n) for n in range(10)}
_SIGNS = {"star": "*", "hash": "#"}
SHORTEST = 3  # digits; the shortest phone number a prompt names is 117


def keys_told(prompt: Prompt) -> frozenset[str]:
    """The keys a prompt offers, from its English words; `keys` in the data where they tell none."""
    text = prompt.texts.get("en", "")
    told = keys_spoken(text) if "voice" in prompt.channels else set(_WRITTEN_KEY.findall(text))
    return frozenset(told) or frozenset(key for key in prompt.keys if len(key) <= 2)


def keys_spoken(text: str) -> frozenset[str]:
    """The keys told aloud in a text: "press one", or the same in Khmer."""
    words = (match.lower() for match in _PRESS.findall(text))
    english = {_DIGIT_WORDS.get(word) or _SIGNS.get(word, word) for word in words}
    return frozenset(english | {_KHMER_WORDS[word] for word in _KHMER_PRESS.findall(text)})


def told_after(prompt: Prompt, key: str) -> float:
    """How much of a prompt has been heard, 0 to 1, when it has offered this key."""
    text = prompt.texts.get("en", "")
    for match in _PRESS.finditer(text):
        word = match[1].lower()
        if (_DIGIT_WORDS.get(word) or _SIGNS.get(word, word)) == key:
            return match.end() / len(text)
    return 1.0


def numbers_told(text: str) -> frozenset[str]:
    """Every phone number a text names, in digits, whether spelled out in words or written."""
    found = set()
    for run in _SPOKEN_NUMBER.findall(text):
        found.add("".join(_DIGIT_WORDS[word.lower()] for word in re.split(r"[ ,-]+", run)))
    for run in _KHMER_NUMBER.findall(text):
        found.add("".join(_KHMER_WORDS[word] for word in re.findall(_KHMER_WORD, run)))
    for run in _WRITTEN_NUMBER.findall(text.translate(_KHMER_DIGITS)):
        found.update(run.split() if _is_list(run) else [run.replace(" ", "")])
    return frozenset(number for number in found if len(number) >= SHORTEST)


def _is_list(run: str) -> bool:
    """ "117 1280" are two numbers, "092 311 511" is one."""
    return not run.startswith("0")
