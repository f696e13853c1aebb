"""What the line says to one turn of a call, what it waits for, and which turn is next."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.core.turn import Saying, Wait


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer to one turn.

    `language` names the takes to be played ("km", "en"). `next_number` is the number the next turn
    of this call will carry. `recording` is the absolute URL of a sound to be played after the
    prompts (the caller's own voice message, at the carrier that keeps it), or None.
    """

    language: str
    say: tuple[Saying, ...]
    wait: Wait
    next_number: int
    recording: str | None = None
