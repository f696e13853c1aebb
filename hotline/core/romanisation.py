"""How a word sounds, written the same way from Khmer letters and from Latin ones.

There is no standard for Khmer in Latin letters: ជួយ is written chuoy, juoy, jouy, chuy. So both
scripts are brought to one rough spelling. Small letters are consonants (c for ច ឆ ជ ឈ, N for ង),
and the vowels fall into five groups: a, A (ea, ie), e (ae, eu, er), i, o (all rounded ones).
The table is our own, made from the romanised texts of the line's content.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hotline.core.khmer_order import syllables

VOWELS = frozenset("aAeio")
_PRICES = {
    frozenset(pair): price
    for price, pairs in {
        0.25: ["aA", "Ae", "ei"],
        0.35: ["ae", "bp", "dt", "Nn"],
        0.4: ["eo"],
        0.45: ["Ai", "Ao", "ai", "cs"],
        0.5: ["ao", "io", "vy", "lr"],
        0.6: ["ck", "pv", "bv", "ct", "cd"],
    }.items()
    for pair in pairs
}
_LEFT_OUT = {
    "a": 0.5,
    "A": 0.5,
    "e": 0.5,
    "i": 0.5,
    "o": 0.45,
    "r": 0.6,
    "h": 0.4,
    "y": 0.6,
    "v": 0.6,
}

_LATIN = re.compile(
    "(?P<c>chh|tch|ch|jh|j|c(?!k))|(?P<k>kh|ck|gh|k|q|g(?!n))|(?P<N>ng)|(?P<n>nh|ny(?=[aeou])|gn|n)"
    "|(?P<p>ph|p|f|b(?=r)|(?<=[aeiou])b(?![aeiouyhl]))|(?P<b>bh|b)"
    "|(?P<t>th|t|(?<=[aeiou])d(?![aeiouyhr]))|(?P<d>dh|d)|(?P<v>w|v)|(?P<l>l)|(?P<m>m)"
    "|(?P<oy>(?:u?oe?|ou?|u|oo)+(?:a(?=y))?(?:y|i)(?![aeou]))"
    "|(?P<ay>e?a+[iy]+(?![aeou]))|(?P<ey>ae[iy]|o?e[uo]?y(?=[aeou])|oe[iy]|eu[iy])"
    "|(?P<i>e[iy]+(?![aeou])|ee+|i[iy]*(?![aeou])|y(?![aeiou]))"
    "|(?P<ov>(?:i|e|a|o)+[vw](?![aeiou])|au(?![a-z])|ao(?![a-z])|eou|eau)"
    "|(?P<y>y)|(?P<e>oeu|oe|eu|ue(?!a)|ae|e(?![ao])|eo)|(?P<A>i?e?a(?<=ea)|ia|ie|i(?=[aeou]))"
    "|(?P<o>[ou]+a?|ao|au)|(?P<a>a+)"
    "|(?P<rr>(?<=[aeiouy])r(?![aeiouy]))|(?P<r>r)"
    "|(?P<hh>(?<=[aeiouy])(?:h|s|hs)(?![aeiouy]))|(?P<h>h)|(?P<s>sh|s|x|z)|(?P<e2>e|i)"
)
_SILENT = {"rr": "", "hh": "", "e2": "e"}
_THREE = re.compile(r"(.)\1{2,}")
_TWO = re.compile(r"([b-df-hj-np-tv-z])\1")

_KHMER = dict(
    zip(
        "កខគឃងចឆជឈញដឋឌឍណតថទធនបផពភមយរលវសហឡអឣឥឦឧឩឪឫឬឭឮឯឰឱឳ",
        [
            "k",
            "k",
            "k",
            "k",
            "N",
            "c",
            "c",
            "c",
            "c",
            "n",
            "d",
            "t",
            "d",
            "t",
            "n",
            "t",
            "t",
            "t",
            "t",
            "n",
            "b",
            "p",
            "p",
            "p",
            "m",
            "y",
            "r",
            "l",
            "v",
            "s",
            "h",
            "l",
            "_",
            "o",
            "e",
            "i",
            "o",
            "o",
            "ov",
            "re",
            "re",
            "le",
            "le",
            "e",
            "ay",
            "o",
            "ov",
        ],
        strict=True,
    )
)
_KHMER_VOWELS = dict(
    zip(
        "ាិីឹឺុូួើឿៀេែៃោៅំះ",
        [
            "a",
            "i",
            "i",
            "e",
            "e",
            "o",
            "o",
            "o",
            "e",
            "e",
            "A",
            "e",
            "e",
            "ay",
            "o",
            "ov",
            "om",
            "",
        ],
        strict=True,
    )
)


def price_of_sound(one: str, other: str) -> float:
    """The price of hearing `one` for `other`, "" for nothing heard. Vowels vary most: cheap."""
    if one == other:
        return 0.0
    if not one or not other:
        return _LEFT_OUT.get(one or other, 1.0)
    return _PRICES.get(frozenset((one, other)), 1.0)


@lru_cache(maxsize=8192)
def sound_of_latin(word: str) -> str:
    """The sound of lower-case Latin letters; other signs are passed over."""
    word = _TWO.sub(r"\1", _THREE.sub(r"\1", word))
    heard = "".join(
        _SILENT.get(found.lastgroup or "", found.lastgroup or "") for found in _LATIN.finditer(word)
    )
    return _doubles_once(heard)


@lru_cache(maxsize=8192)
def sound_of_khmer(word: str) -> str:
    """The sound of tidy Khmer letters. Two bare consonants have a short o between them."""
    heard: list[str] = []
    bare = False  # the last syllable was one consonant without a vowel, not yet closed by another
    for syllable in syllables(word):
        letters = [mark for mark in syllable if mark != "\u17d2"]
        consonants = "".join(_KHMER.get(mark, "") for mark in letters)
        vowels = "".join(_KHMER_VOWELS.get(mark, "") for mark in letters)
        if "\u17c9" in letters:
            consonants = consonants.replace("b", "p")  # ប៉
        if bare and not vowels:
            heard.append("o")
        bare = not vowels and not bare and not (heard and heard[-1][-1:] in VOWELS)
        heard.append(
            consonants + vowels.replace("omo", "om").replace("aom", "am").replace("oom", "om")
        )
    return _close("".join(heard).replace("_", ""))


def _close(heard: str) -> str:
    """At the end of a syllable b is p, d is t, and r, s and h are not heard."""
    heard = re.sub("(?<=[aAeio])[rsh](?![aAeio])", "", heard)
    heard = re.sub("(?<=[aAeio])b(?![aAeiolr])", "p", heard).replace("br", "pr")
    return _doubles_once(re.sub("(?<=[aAeio])d(?![aAeior])", "t", heard))


def _doubles_once(heard: str) -> str:
    return re.sub(r"(.)\1+", r"\1", heard)


_ROUGH = str.maketrans("AeibdN", "aaaptn")


def roughly(sound: str) -> str:
    """The sound with all that is often confused made one: a way to find words worth comparing."""
    return _doubles_once(sound.translate(_ROUGH))
