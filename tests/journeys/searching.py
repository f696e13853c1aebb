"""Searches anything for a person's number, name or words, however they were written down."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

_PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]")


@dataclass(frozen=True)
class Secret:
    """`plain` is looked for without regard to case, `spelt` as a pattern."""

    name: str
    plain: tuple[bytes, ...]
    spelt: re.Pattern[bytes] | None = None

    def is_in(self, raw: bytes, lower: bytes) -> bool:
        if any(form in lower for form in self.plain):
            return True
        return self.spelt is not None and self.spelt.search(raw) is not None


def number(name: str, e164: str) -> Secret:
    """A phone number: +855…, 855…, 0…, with any signs between the digits, encoded or digested."""
    national = e164.removeprefix("+855")
    spellings = [e164, e164[1:], "0" + national, national, "855" + "0" + national]
    forms = [form for spelling in spellings for form in _encodings(spelling)]
    forms += [digest for spelling in spellings for digest in _digests(spelling)]
    spelt = rb"[\s\-./()]{0,2}".join(digit.encode() for digit in national)
    return Secret(name, tuple({form.lower() for form in forms}), re.compile(spelt))


def words(name: str, text: str) -> Secret:
    """A name, or something that was written: the whole, and each word of it that is long."""
    parts = {text, *(part for part in text.split() if len(part) >= 6)}
    forms = {form.lower() for part in parts for form in _encodings(part)}
    return Secret(name, tuple(forms))


def sound(name: str, wav: bytes, slice_of: int = 48) -> Secret:
    """A recording: slices from all over it."""
    step = max(slice_of, len(wav) // 40)
    slices = {wav[at : at + slice_of] for at in range(64, len(wav) - slice_of, step)}
    return Secret(name, tuple(piece.lower() for piece in slices if len(set(piece)) > 16))


def search(sources: Mapping[str, bytes], secrets: Iterable[Secret]) -> list[str]:
    """Where which secret was found, in words; the sources' packed parts are looked into too."""
    known, found = list(secrets), []
    for where, raw in sources.items():
        for layer in (raw, *_unpacked(raw)):
            lower = layer.lower()
            found += [f"{each.name} in {where}" for each in known if each.is_in(layer, lower)]
    return found


def _encodings(text: str) -> list[bytes]:
    plain = text.encode()
    forms = [plain, text.encode("utf-16-le"), text.encode("utf-16-be"), plain.hex().encode()]
    forms += [json.dumps(text)[1:-1].encode(), quote(text).encode(), quote(text, safe="").encode()]
    return forms + _in_base64(plain)


def _in_base64(plain: bytes) -> list[bytes]:
    """What base64 makes of it wherever it stands in a longer text, without the uncertain ends."""
    forms = []
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + plain + b"\0" * 2)
        sure = coded[(shift * 8 + 5) // 6 : (shift + len(plain)) * 8 // 6]
        forms += [sure, sure.translate(bytes.maketrans(b"+/", b"-_"))]
    return [form for form in forms if len(form) >= 8]


def _digests(text: str) -> list[bytes]:
    """Of a number anybody can make all of them: a digest without a key hides nothing."""
    raw = [hashlib.new(kind, text.encode()).digest() for kind in ("md5", "sha1", "sha256")]
    return [form for digest in raw for form in (digest[:12], digest.hex()[:24].encode())]


def _unpacked(raw: bytes) -> list[bytes]:
    """Whatever zlib can unpack in it: that is how rq keeps its jobs."""
    found = []
    for start in _PACKED.finditer(raw):
        try:
            found.append(zlib.decompressobj().decompress(raw[start.start() :], 1_000_000))
        except zlib.error:
            continue
    return [layer for layer in found if layer]
