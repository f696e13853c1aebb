"""What the line says to one turn of a call: the prompts, what it waits for, and which turn is next."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.core.turn import Saying, Wait


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer to one turn.

    `language` names the takes to be played ("km", "en"). `next_number` is the number the next turn
    of this call will carry. `recording` is our reference of a voice message to be played back to
    the caller after the prompts, or None.
    """

    language: str
    say: tuple[Saying, ...]
    wait: Wait
    next_number: int
    recording: str | None = None
