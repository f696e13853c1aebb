"""All flows and prompts of one revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.core.flow import Flow, Place
from hotline.core.prompt import Number, Prompt, Sound

RING_BACK, LISTEN_ONLY = "ring_back", "listen_only"
BEGUN_BY_THE_LINE = (RING_BACK, LISTEN_ONLY)
"""Flows that no way leads to: a ring-back after a missed call, and a phone that calls too often."""


@dataclass(frozen=True, slots=True)
class Library:
    """What the line can say and ask.

    `revision` is the hash of the content of every flow file. `entry` is the flow that answers a
    call and `home` the step key 0 leads to. `topics` are the places that texts lead to.
    """

    revision: str
    flows: Mapping[str, Flow]
    prompts: Mapping[str, Prompt]
    numbers: Mapping[str, Number]
    entry: str
    home: Place
    topics: tuple[Place, ...] = ()
    files: tuple[str, ...] = field(default=())

    def text(self, prompt: str, language: str, script: str | None = None) -> str:
        """The words of a prompt; "" for one that is not there (never an error on the line)."""
        found = self.prompts.get(prompt)
        return found.text(language, script) if found is not None else ""

    def audio(self, prompt: str, language: str) -> Sound | None:
        """The take of a prompt in a language, or None."""
        found = self.prompts.get(prompt)
        return found.sounds.get(language) if found is not None else None

    def start_of(self, flow: str) -> Place:
        """Where a flow begins; the entry flow for a name that is not there."""
        found = self.flows.get(flow) or self.flows[self.entry]
        return Place(found.name, found.start)
