"""What a written step asks or decides, read into its shape."""

from __future__ import annotations

from hotline.core.flow import Action, Ask, Branch, Go, Number, Phrase, Record, Test, Way
from hotline.core.located import Located, Rows, Table, Text
from hotline.core.way_file import WAY_NAMES, WayReader

KEYS = tuple("0123456789*#")
PART_NAMES = {
    "ask": frozenset({"choices", "once"}),
    "number": frozenset({"kind", "longest", "into", "confirm", "bad", "tries", "on_failure"}),
    "record": frozenset({"seconds", "review", "empty", "deleted", "on_delete"}),
}
NUMBER_KINDS = ("phone", "count", "club")
_NOWHERE = Phrase(None, None)


class StepReader(WayReader):
    """Reads the action of a step."""

    def action(self, kind: str, entry: Table) -> Action:
        if kind == "ask":
            return self.ask(entry)
        if kind == "number":
            return self.number(entry)
        if kind == "record":
            return self.record(entry)
        if kind == "branch":
            return self.branch(entry.entries["branch"])
        return Go()

    # ------------------------------------------------------------ ask

    def ask(self, entry: Table) -> Ask:
        phrase = self.phrase(entry.entries.get("ask"), "ask") or _NOWHERE
        written = entry.entries.get("choices")
        choices: dict[str, Way] = {}
        if not isinstance(written, Table) or not written.entries:
            self.book.note(entry.line, "there are no choices", "write choices: {1: {go: step}}")
            return Ask(phrase, choices, {})
        for key, data in written.entries.items():
            if key not in KEYS:
                self.book.note(data.line, f"{key!r} is not a key", "use one of 0-9")
            elif (way := self.choice(data)) is not None:
                choices[key] = way
        return Ask(phrase, choices, self._words(choices), self.flag(entry, "once"))

    def _words(self, choices: dict[str, Way]) -> dict[str, str]:
        words = {key: key for key in choices}
        for key, way in choices.items():
            for word in way.words:
                if words.setdefault(word, key) != key:
                    wrong = f"the word {word!r} means {words[word]} and {key}"
                    self.book.note(way.line, wrong, "keep it on one of them")
        return words

    # ------------------------------------------------------------ number

    def number(self, entry: Table) -> Number:
        entries = entry.entries
        kind = self.one_of(entries.get("kind"), "kind", NUMBER_KINDS) or "phone"
        into, name = self._into(entry)
        confirm = entries.get("confirm")
        before = after = None
        if isinstance(confirm, Table):
            self.check_names(confirm, {"before", "after"})
            before = self.phrase(confirm.entries.get("before"), "before")
            after = self.phrase(confirm.entries.get("after"), "after")
        if confirm is not None and after is None:
            right = "write {before: V_YOU_PRESSED, after: V_IS_IT_RIGHT}"
            self.book.note(confirm.line, "confirm does not ask whether it is right", right)
        return Number(
            phrase=self.phrase(entries.get("number"), "number") or _NOWHERE,
            kind=kind,
            longest=self.whole(entry, "longest", 10, 1, 20),
            into=into,
            name=name,
            before=before,
            after=after,
            bad=self.phrase(entries.get("bad"), "bad"),
            tries=self.whole(entry, "tries", 3, 1, 9),
            failed=self.way(entries.get("on_failure")),
        )

    def _into(self, entry: Table) -> tuple[str, str]:
        value = self.text(entry.entries.get("into"), "into")
        place, _, name = value.partition(".")
        if place not in ("plan", "note") or not name:
            right = "write into: plan.number, or into: note.present"
            self.book.note(entry.line_of("into"), f"into is {value!r}", right)
        return place, name

    # ------------------------------------------------------------ record

    def record(self, entry: Table) -> Record:
        entries = entry.entries
        return Record(
            phrase=self.phrase(entries.get("record"), "record") or _NOWHERE,
            seconds=self.whole(entry, "seconds", 60, 5, 180),
            review=self.phrase(entries.get("review"), "review"),
            empty=self.phrase(entries.get("empty"), "empty"),
            deleted=self.phrase(entries.get("deleted"), "deleted"),
            on_delete=self.way(entries.get("on_delete")),
        )

    # ------------------------------------------------------------ branch

    def branch(self, data: Located) -> Branch:
        rows = data.items if isinstance(data, Rows) else ()
        ways = [pair for row in rows if (pair := self._branch_way(row)) is not None]
        has_else = bool(ways) and not ways[-1][0]
        if not has_else or any(not tests for tests, _ in ways[:-1]):
            right = "end the list with one - {else: step}"
            self.book.note(data.line, "the branch has no way for everybody else", right)
        return Branch(tuple(ways))

    def _branch_way(self, row: Located) -> tuple[tuple[Test, ...], Way] | None:
        if not isinstance(row, Table):
            self.book.note(row.line, "a way of a branch is not a table", "write {when: …, go: …}")
            return None
        if "else" in row.entries:
            self.check_names(row, {"else"})
            way = self.way(row.entries["else"])
            return ((), way) if way is not None else None
        when = row.entries.get("when")
        if not isinstance(when, Table) or not when.entries:
            self.book.note(row.line, "a way of a branch has no when", "write {when: {…}, go: …}")
            return None
        rest = {name: item for name, item in row.entries.items() if name != "when"}
        way = self.way(Table(rest, row.line), WAY_NAMES)
        if way is None or (way.go is None and way.run is None):
            self.book.note(row.line, "a way of a branch leads nowhere", "write go: step")
            return None
        return tuple(self._test(name, item) for name, item in when.entries.items()), way

    def _test(self, name: str, data: Located) -> Test:
        if isinstance(data, Text):
            return Test(name, frozenset({data.value}))
        if isinstance(data, Rows):
            return Test(name, frozenset(self.text(item, name) for item in data.items))
        self.check_names(data, {"at_least", "at_most"})
        least = self.whole(data, "at_least", -1, 0, 1000)
        most = self.whole(data, "at_most", -1, 0, 1000)
        return Test(
            name,
            at_least=least if "at_least" in data.entries else None,
            at_most=most if "at_most" in data.entries else None,
        )
