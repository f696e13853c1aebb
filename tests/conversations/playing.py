"""Plays a story on the engine alone; the state is dumped to JSON and read back between turns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hotline.core.engine import accepts, advance, begin, resume
from hotline.core.flow import Place
from hotline.core.flow_fault import FaultBook
from hotline.core.library import Library
from hotline.core.located import Located, Rows, Table, Text
from hotline.core.short_answer import fold_answer
from hotline.core.turn import (
    AddToCase,
    ChooseLanguage,
    Circumstances,
    Digits,
    DropVoice,
    Effect,
    FlagCase,
    HungUp,
    KeepVoice,
    OpenCase,
    Outcome,
    SendText,
    Silence,
    TheEnd,
    Turn,
    Voice,
    Words,
)
from hotline.yaml_file import read_yaml
from tests.conversations.stories import Story, StoryTurn

YES = {"yes", "true", "1"}


class Unexpected(AssertionError):
    """The line did something else than the story tells."""


@dataclass
class Known:
    """What staff would know by now."""

    notes: dict[str, str] = field(default_factory=dict)
    plan: dict[str, str] = field(default_factory=dict)


def keyword_places(root: Path) -> dict[str, Place]:
    """Listed keywords, folded, and where each leads (no sound-alikes: a story spells right)."""
    path = root / "flows" / "keywords.yaml"
    data = read_yaml(path, FaultBook("")) if path.exists() else None
    places: dict[str, Place] = {}
    for topic in _topics(data):
        step = topic.entries.get("step")
        place = Place(_value(topic.entries["flow"]), _value(step))
        for name in ("topic", "digits", "km", "latn", "en"):
            words = topic.entries.get(name)
            for word in words.items if isinstance(words, Rows) else (words,):
                if _value(word):
                    places.setdefault(fold_answer(_value(word)), place)
    return places


def _topics(data: Located | None) -> Iterator[Table]:
    if isinstance(data, Rows):
        for item in data.items:
            yield from _topics(item)
    elif isinstance(data, Table) and _value(data.entries.get("flow")):
        yield data
    elif isinstance(data, Table):
        for item in data.entries.values():
            yield from _topics(item)


def _value(data: Located | None) -> str:
    return data.value if isinstance(data, Text) else ""


class Player:
    def __init__(self, library: Library, story: Story, places: dict[str, Place]) -> None:
        self.library, self.story, self.places = library, story, places
        self.known = Known()
        self.outcome: Outcome | None = None
        self.effects: list[Effect] = []
        self.had_case = False

    def play(self) -> None:
        if self.story.channel == "voice":
            flow = self.story.around.get("flow", self.library.entry)
            self._take(begin(self.library, flow, self._around()))
        elif self.story.turns and self.story.turns[0].act != "texts" or self._begins_inside():
            flow, step = self._first_place()
            self._take(begin(self.library, flow, self._around(), step=step))
        for turn in self.story.turns:
            self._play_turn(turn)

    def _begins_inside(self) -> bool:
        return bool({"flow", "topic"} & set(self.story.around))

    def _first_place(self) -> tuple[str, str | None]:
        around = self.story.around
        if "topic" in around:
            place = self.places[fold_answer(around["topic"])]
            return place.flow, place.step or None
        return around["flow"], around.get("step")

    def _around(self) -> Circumstances:
        said = self.story.around
        return Circumstances(
            channel=self.story.channel,
            elapsed=int(said.get("elapsed", "0")),
            staff_on_duty=said.get("staff_on_duty", "yes") in YES,
            can_be_rung=said.get("can_be_rung", "yes") in YES,
            is_known=said.get("is_known", "no") in YES,
            language=said.get("language"),
            script=said.get("script"),
            agreed_to_texts=said.get("agreed_to_texts", "no") in YES,
            listens_only=said.get("listens_only", "no") in YES,
        )

    def _play_turn(self, turn: StoryTurn) -> None:
        if turn.rings_again:
            assert self.outcome is not None
            self._take(resume(self.library, self._state(), self._around()))
        if turn.hears is not None:
            heard = tuple(s.prompt for s in self.outcome.say) if self.outcome else ()
            if heard != turn.hears:
                raise Unexpected(self._at(turn, f"hears {list(heard)}, not {list(turn.hears)}"))
        if turn.act:
            if self.outcome is not None and self.outcome.state["ended"] and turn.act != "texts":
                raise Unexpected(self._at(turn, "the conversation is over already"))
            self._act(turn)
        for mark in turn.marks:
            self._check(mark, turn)

    def _act(self, turn: StoryTurn) -> None:
        self.had_case = bool(self.outcome and self.outcome.state["has_case"])
        if turn.act == "texts" and not self._is_understood(turn.value):
            place = self.places.get(fold_answer(turn.value))
            if place is not None:
                step = place.step or None
                self._take(begin(self.library, place.flow, self._around(), step=step))
                return
            if self.outcome is None:
                raise Unexpected(self._at(turn, f"{turn.value!r} is not in keywords.yaml"))
        self._take(advance(self.library, self._state(), self._turn(turn), self._around()))

    def _is_understood(self, text: str) -> bool:
        return self.outcome is not None and accepts(self.library, self._state(), text)

    def _state(self) -> dict:
        assert self.outcome is not None
        return json.loads(json.dumps(self.outcome.state))

    def _turn(self, turn: StoryTurn) -> Turn:
        if turn.act == "presses":
            return Digits(turn.value)
        if turn.act == "says":
            return Voice(f"voice-{turn.line}", int(turn.value))
        if turn.act == "texts":
            return Words(turn.value)
        return HungUp() if turn.act == "hangs_up" else Silence()

    def _take(self, outcome: Outcome) -> None:
        self.outcome, self.effects = outcome, list(outcome.effects)
        for effect in outcome.effects:
            if isinstance(effect, AddToCase):
                self.known.notes.update(effect.notes)
                self.known.plan.update(effect.plan)
        if isinstance(outcome.wait, TheEnd) != outcome.state["ended"]:
            raise Unexpected(f"{self.story.file}: the end and the state differ")

    # ------------------------------------------------------------ marks

    def _check(self, mark: str, turn: StoryTurn) -> None:
        kind, _, rest = mark.partition(" ")
        check = getattr(self, f"_mark_{kind}", None)
        if check is not None and not check(rest.strip()):
            raise Unexpected(self._at(turn, f"the mark {mark!r} is not so: {self._facts()}"))

    def _mark_case(self, rest: str) -> bool:
        assert self.outcome is not None
        if rest == "kept":
            return self.had_case and self.outcome.state["has_case"]
        _, kind, priority = rest.split()
        opened = [e for e in self.effects if isinstance(e, OpenCase)]
        return any((case.kind, case.priority) == (kind, priority) for case in opened)

    def _mark_no(self, rest: str) -> bool:
        assert self.outcome is not None
        return rest != "case" or not self.outcome.state["has_case"]

    def _mark_plan(self, rest: str) -> bool:
        assert self.outcome is not None
        plan = {**self.outcome.state["plan"], **self.known.plan}
        words = rest.split()
        if words[:2] == ["calling", "number"]:
            return plan.get("number", "calling") == "calling"
        name, value = words[0], "".join(words[1:])
        have = plan.get(name, "")
        return have == value or have.replace("+855", "0") == value

    def _mark_note(self, rest: str) -> bool:
        assert self.outcome is not None
        name, _, value = rest.partition(" ")
        return {**self.known.notes, **self.outcome.state["notes"]}.get(name) == value

    def _mark_score(self, rest: str) -> bool:
        assert self.outcome is not None
        name, _, value = rest.partition(" ")
        return str(self.outcome.state["scores"].get(name, 0)) == value

    def _mark_flag(self, rest: str) -> bool:
        return FlagCase(rest) in self.effects

    def _mark_language(self, rest: str) -> bool:
        assert self.outcome is not None
        chosen = [e.language for e in self.effects if isinstance(e, ChooseLanguage)]
        return self.outcome.language == rest and (not chosen or chosen[-1] == rest)

    def _mark_script(self, rest: str) -> bool:
        assert self.outcome is not None
        return self.outcome.state["script"] == rest

    def _mark_voice(self, rest: str) -> bool:
        wanted = KeepVoice if rest == "kept" else DropVoice
        return any(isinstance(effect, wanted) for effect in self.effects)

    def _mark_text(self, rest: str) -> bool:
        return any(isinstance(e, SendText) and e.saying.prompt == rest for e in self.effects)

    def _mark_ends(self, rest: str) -> bool:
        assert self.outcome is not None
        return self.outcome.state["ended"]

    def _facts(self) -> str:
        return f"effects {self.effects}"

    def _at(self, turn: StoryTurn, what: str) -> str:
        return f"{self.story.file}:{turn.line} ({self.story.name}): {what}"


def play(library: Library, story: Story, places: dict[str, Place]) -> None:
    """Raises Unexpected where the line does something else than the story tells."""
    Player(library, story, places).play()
