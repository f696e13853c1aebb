"""How far apart two short words are: swapped, missing, added and changed letters, with prices."""

from __future__ import annotations

from collections.abc import Callable

Price = Callable[[str, str], float]
SWAP = 0.7  # two neighbouring letters in the wrong order: the commonest slip of a thumb


def plain_change(one: str, other: str) -> float:
    """The price of writing `one` for `other`; "" stands for a letter that is not there."""
    return 0.0 if one == other else 1.0


def distance(one: str, other: str, price: Price = plain_change, limit: float = 99.0) -> float:
    """The cheapest way from `one` to `other`: Damerau-Levenshtein, neighbours swapped at most once.

    Gives up and answers `limit` as soon as no way can be cheaper than that.
    """
    before_last: list[float] = []
    last = [0.0]
    for letter in other:
        last.append(last[-1] + price("", letter))
    for row, letter in enumerate(one, 1):
        now = [last[0] + price(letter, "")]
        for column, wanted in enumerate(other, 1):
            cost = min(
                last[column] + price(letter, ""),
                now[-1] + price("", wanted),
                last[column - 1] + price(letter, wanted),
            )
            if (
                row > 1
                and column > 1
                and letter == other[column - 2]
                and one[row - 2] == wanted
                and letter != wanted
            ):
                cost = min(cost, before_last[column - 2] + SWAP)
            now.append(cost)
        if min(now) >= limit:
            return limit
        before_last, last = last, now
    return min(last[-1], limit)


def one_left_out(word: str) -> set[str]:
    """The word, and each word one letter shorter. Two words that share one are near each other."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
