"""Written ways, choices, cases and phrases of a step, read into their shapes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from hotline.core.flow import AGAIN, CHANNELS, TARGETS, Pairs, Phrase, Place, Way
from hotline.core.flow_fault import FaultBook
from hotline.core.located import Located, Rows, Table, Text
from hotline.core.prompt import LANGUAGES, SCRIPTS
from hotline.core.short_answer import fold_answer
from hotline.core.turn import OpenCase, Saying

NAME = re.compile(r"[a-z][a-z0-9_]*$")
PRIORITIES = ("P0", "P1", "P2", "P3")
EFFECT_NAMES = frozenset(
    {"note", "plan", "score", "language", "script", "open_case", "update_case"}
)
WAY_NAMES = EFFECT_NAMES | {"go", "run", "then"}
CHOICE_NAMES = WAY_NAMES | {"words", "hidden"}


class WayReader:
    """Reads the parts of one flow; names without a dot belong to that flow."""

    def __init__(self, flow: str, book: FaultBook) -> None:
        self.flow = flow
        self.book = book

    # ------------------------------------------------------------ plain parts

    def text(self, data: Located | None, what: str) -> str:
        if isinstance(data, Text) and data.value:
            return data.value
        if data is not None:
            self.book.note(data.line, f"{what} is not one word or sentence", f"write {what}: …")
        return ""

    def whole(self, table: Table, name: str, default: int, low: int, high: int) -> int:
        data = table.entries.get(name)
        if data is None:
            return default
        if isinstance(data, Text) and data.value.isdecimal() and low <= int(data.value) <= high:
            return int(data.value)
        self.book.note(data.line, f"{name} is out of range", f"write a number {low} to {high}")
        return default

    def flag(self, table: Table, name: str) -> bool:
        data = table.entries.get(name)
        if data is None or (isinstance(data, Text) and data.value == "false"):
            return False
        if not (isinstance(data, Text) and data.value == "true"):
            self.book.note(data.line, f"{name} is neither true nor false", f"write {name}: true")
        return True

    def one_of(self, data: Located | None, what: str, known: Iterable[str]) -> str:
        value = self.text(data, what)
        if value and data is not None and value not in known:
            self.book.unknown(data.line, f"the {what}", value, known)
        return value

    def pairs(self, data: Located | None, what: str) -> Pairs:
        if data is None:
            return ()
        if not isinstance(data, Table):
            self.book.note(data.line, f"{what} is not a table", f"write {what}: {{name: value}}")
            return ()
        return tuple((name, self.text(item, name)) for name, item in data.entries.items())

    def check_names(self, table: Table, known: Iterable[str]) -> None:
        for name, item in table.entries.items():
            if name not in known:
                self.book.unknown(item.line, "the word", name, known)

    # ------------------------------------------------------------ phrases

    def phrase(self, data: Located | None, what: str) -> Phrase | None:
        """`V_X`, or `{voice: V_X, sms: SMS_Y, values: {placeholder: note}}`."""
        if data is None:
            return None
        if isinstance(data, Text) and data.value:
            saying = Saying(data.value)
            return Phrase(saying, saying, (), data.line)
        if not isinstance(data, Table) or not data.entries.keys() & set(CHANNELS):
            self.book.note(
                data.line,
                f"{what} names no prompt",
                f"write {what}: V_NAME or {{voice: …, sms: …}}",
            )
            return None
        self.check_names(data, {*CHANNELS, "values"})
        sides = [self.text(data.entries.get(channel), channel) for channel in CHANNELS]
        voice, sms = (Saying(side) if side else None for side in sides)
        return Phrase(voice, sms, self.pairs(data.entries.get("values"), "values"), data.line)

    def phrases(self, data: Located | None, what: str) -> tuple[Phrase, ...]:
        items = data.items if isinstance(data, Rows) else (data,)
        return tuple(found for item in items if (found := self.phrase(item, what)) is not None)

    # ------------------------------------------------------------ ways

    def target(self, data: Located | None, what: str) -> Place | str | None:
        """A step here, `flow.step`, or one of back, home, end, again."""
        value = self.text(data, what)
        if not value:
            return None
        return value if value in TARGETS else self.place(value)

    def place(self, value: str) -> Place:
        flow, dot, step = value.partition(".")
        return Place(flow, step) if dot else Place(self.flow, value)

    def way(self, data: Located | None, names: Iterable[str] = WAY_NAMES) -> Way | None:
        """A step's name, or a table of what happens and where it leads."""
        if data is None:
            return None
        if isinstance(data, Text):
            return Way(go=self.target(data, "go"), line=data.line)
        if not isinstance(data, Table):
            self.book.note(data.line, "a way is a list", "write {go: step}")
            return None
        self.check_names(data, names)
        way = self.effects(data)
        entries = data.entries
        go = self.target(entries.get("go") or entries.get("then"), "go")
        if "go" in entries and "then" in entries:
            self.book.note(data.line, "both go and then are written", "keep one of them")
        if "then" in entries and "run" not in entries:
            self.book.note(data.line, "then stands without run", "write go")
        run = self.run(entries.get("run"))
        return replace(way, go=go, run=run)

    def run(self, data: Located | None) -> Place | None:
        value = self.text(data, "run")
        flow, _, step = value.partition(".")
        return Place(flow, step) if value else None

    def choice(self, data: Located) -> Way | None:
        way = self.way(data, CHOICE_NAMES)
        if way is None:
            return None
        if way.go is None and way.run is None:
            self.book.note(way.line, "a choice leads nowhere", "write go: step, or go: end")
        go = AGAIN if way.go is None and way.run is not None else way.go
        if not isinstance(data, Table):
            return replace(way, go=go)
        words = data.entries.get("words")
        items = words.items if isinstance(words, Rows) else (words,)
        folded = (fold_answer(item.value) for item in items if isinstance(item, Text))
        hidden = self.flag(data, "hidden")
        return replace(way, go=go, words=tuple(w for w in folded if w), is_hidden=hidden)

    # ------------------------------------------------------------ effects

    def effects(self, table: Table) -> Way:
        """What happens on a way: notes, scores, the language, the case."""
        entries = table.entries
        notes = self.pairs(entries.get("note"), "note")
        plan = self.pairs(entries.get("plan"), "plan")
        flag = None
        update = entries.get("update_case")
        if isinstance(update, Table):
            self.check_names(update, {"plan", "notes", "flag"})
            notes += self.pairs(update.entries.get("notes"), "notes")
            plan += self.pairs(update.entries.get("plan"), "plan")
            flag = self.text(update.entries.get("flag"), "flag") or None
        elif update is not None:
            self.book.note(update.line, "update_case is not a table", "write {plan: {…}}")
        way = Way(
            notes=notes,
            plan=plan,
            scores=self.scores(entries.get("score")),
            language=self.one_of(entries.get("language"), "language", LANGUAGES) or None,
            script=self.one_of(entries.get("script"), "script", SCRIPTS) or None,
            open_case=self.case(entries.get("open_case")),
            flag=flag,
            line=table.line,
        )
        return replace(way, has_effects=_has_effects(way))

    def scores(self, data: Located | None) -> tuple[tuple[str, int], ...]:
        scores = []
        for name, value in self.pairs(data, "score"):
            if value.lstrip("-").isdecimal():
                scores.append((name, int(value)))
            elif data is not None:
                self.book.note(data.line, f"the score {name} is {value!r}", "write a whole number")
        return tuple(scores)

    def case(self, data: Located | None) -> OpenCase | None:
        if data is None:
            return None
        if not isinstance(data, Table):
            self.book.note(
                data.line, "open_case is not a table", "write {kind: …, priority: P1, reason: …}"
            )
            return None
        self.check_names(data, {"kind", "priority", "reason"})
        parts = [self.text(data.entries.get(part), part) for part in ("kind", "priority", "reason")]
        kind, priority, reason = parts
        if priority not in PRIORITIES:
            self.book.note(data.line, f"the priority is {priority!r}", "write P0, P1, P2 or P3")
        for part, value in (("kind", kind), ("reason", reason)):
            if not NAME.match(value):
                self.book.note(
                    data.line, f"{part} is {value!r}", "write a code of small letters, digits and _"
                )
        return OpenCase(kind, priority, reason)


def _has_effects(way: Way) -> bool:
    return bool(
        way.notes
        or way.plan
        or way.scores
        or way.language
        or way.script
        or way.open_case
        or way.flag
    )
