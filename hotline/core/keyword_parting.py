"""Latin words written without spaces (chuoyknhomphong, helpme), parted into known words."""

from __future__ import annotations

from hotline.core.keyword_reading import Unit
from hotline.core.keyword_words import LATIN, Words

_SHORTEST, _LONGEST = 7, 40  # letters of a word worth parting
_SHORTEST_PIECE = 3


def part_run_together(units: list[Unit], words: Words) -> list[Unit]:
    """The same units, unknown long words replaced by their pieces if they can be parted wholly."""
    parted: list[Unit] = []
    for unit in units:
        pieces = _pieces(unit, words)
        parted.extend(Unit(piece, LATIN) for piece in pieces) if pieces else parted.append(unit)
    return parted


def _pieces(unit: Unit, words: Words) -> list[str]:
    letters = unit.text
    if unit.kind != LATIN or not _SHORTEST <= len(letters) <= _LONGEST:
        return []
    return [] if words.as_written(letters) else _fewest_pieces(letters, words)


def _fewest_pieces(letters: str, words: Words) -> list[str]:
    """The parting into the fewest known words; [] if there is none, or none of them matters."""
    best: list[list[str] | None] = [[]] + [None] * len(letters)
    for end in range(2, len(letters) + 1):
        for start in range(max(0, end - 14), end - 1):
            before, piece = best[start], letters[start:end]
            if before is None or not _may_stand(piece, words):
                continue
            if best[end] is None or len(before) + 1 < len(best[end] or []):
                best[end] = [*before, piece]
    pieces = best[-1] or []
    return pieces if any(_matters(piece, words) for piece in pieces) else []


def _may_stand(piece: str, words: Words) -> bool:
    known = words.as_written(piece)
    if len(piece) < _SHORTEST_PIECE:
        return any(word.kind == "meaning" for word in known)
    return bool(known)


def _matters(piece: str, words: Words) -> bool:
    return len(piece) >= _SHORTEST_PIECE and any(
        word.kind == "topic" and word.label != "STOP" for word in words.as_written(piece)
    )
