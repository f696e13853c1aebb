"""flows/triage.yaml as located data -> the rules of triage; every fault goes into the book."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.core.escalation_file import PRIORITIES
from hotline.core.flow import Number
from hotline.core.flow_fault import FaultBook
from hotline.core.flow_links import own_ways, step_ways
from hotline.core.library import Library
from hotline.core.located import Located, Rows, Table, Text
from hotline.core.triage import OTHERWISE, UNKNOWN, Questions, Rule, Triage

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_WHEN = ("kind", "reason", "flag", "answers", "signs", "scores")


@dataclass(frozen=True, slots=True)
class Written:
    """What the flows write into cases: rules that name anything else would never hold."""

    kinds: frozenset[str]
    answers: Mapping[str, frozenset[str]]  # name -> values; none for what a caller keys freely
    scores: frozenset[str]


def written_by(library: Library) -> Written:
    """Gathered from every way of every flow."""
    kinds: set[str] = set()
    answers: dict[str, set[str]] = {}
    scores: set[str] = set()
    for flow in library.flows.values():
        steps = flow.steps.values()
        ways = [*own_ways(flow), *(way for step in steps for way in (step.enter, *step_ways(step)))]
        for way in ways:
            kinds |= {way.open_case.kind} if way.open_case is not None else set()
            scores |= {name for name, _ in way.scores}
            for name, value in (*way.notes, *way.plan):
                answers.setdefault(name, set()).add(value)
        for step in steps:
            if isinstance(step.action, Number):
                answers.setdefault(step.action.name, set())
    by_name = {name: frozenset(values) for name, values in answers.items()}
    return Written(frozenset(kinds), by_name, frozenset(scores))


def read_triage(data: Located, book: FaultBook, written: Written | None) -> Triage:
    """All rules. Half-read when the book has new faults. `written` None: flows with faults."""
    top = data if isinstance(data, Table) else Table({}, data.line)
    reading = _Reading(book, written)
    kinds = reading.kinds(_table(top, "kinds"))
    questions = {
        name: reading.group(name, entry) for name, entry in _table(top, "questions").entries.items()
    }
    reading.questions = questions
    rules = tuple(reading.rule(code, entry) for code, entry in _table(top, "rules").entries.items())
    book.step = ""
    if not rules:
        book.note(top.line, "there is no rule", "write rules: {under_18: {priority: P1, when: …}}")
    return Triage(kinds, questions, rules)


@dataclass(slots=True)
class _Reading:
    book: FaultBook
    written: Written | None
    questions: dict[str, Questions] = field(default_factory=dict)

    def kinds(self, table: Table) -> dict[str, str]:
        found = {kind: self.priority(table, kind) for kind in table.entries}
        missing = (self.written.kinds if self.written else frozenset()) | {OTHERWISE}
        for kind in sorted(missing - set(found)):
            right = f"under kinds, write {kind}: P2 (or another priority)"
            self.book.note(table.line, f"how urgent is {kind!r}?", right)
        return {OTHERWISE: PRIORITIES[0], **found}

    def priority(self, table: Table, name: str) -> str:
        word = _word(table, name)
        if word not in PRIORITIES:
            self.book.unknown(table.line_of(name), f"the priority of {name}", word, PRIORITIES)
            return PRIORITIES[0]
        return word

    def group(self, name: str, entry: Located) -> Questions:
        self.book.step = name
        table = entry if isinstance(entry, Table) else Table({}, entry.line)
        safe = self.answers(_table(table, "safe"))
        if not safe:
            self.book.note(entry.line, "no question is named", "write safe: {under_18: no}")
        return Questions(safe, _words(table.entries.get("kinds")))

    def rule(self, code: str, entry: Located) -> Rule:
        self.book.step = code
        table = entry if isinstance(entry, Table) else Table({}, entry.line)
        if not _CODE.fullmatch(code):
            right = "write it like under_18: small letters, 40 at most"
            self.book.note(entry.line, f"{code!r} is no name for a reason", right)
        when = _table(table, "when")
        if not when.entries:
            right = "write when: {kind: job_offer}"
            self.book.note(entry.line, "the rule holds for every case", right)
        for name in sorted(set(when.entries) - set(_WHEN)):
            self.book.unknown(when.line_of(name), "the condition", name, _WHEN)
        answers = self.answers(_table(when, "answers"))
        self._refuse_safe(_table(when, "answers"), answers)
        return Rule(
            code,
            self.priority(table, "priority"),
            kinds=_words(when.entries.get("kind")),
            reasons=_words(when.entries.get("reason")),
            flags=_words(when.entries.get("flag")),
            answers=answers,
            signs=self.counts(_table(when, "signs"), "questions", self.questions),
            scores=self.counts(_table(when, "scores"), "the score", self._scores()),
        )

    def answers(self, table: Table) -> dict[str, frozenset[str]]:
        found = {name: _words(entry) for name, entry in table.entries.items()}
        for name in [name for name, values in found.items() if not values]:
            self.book.note(table.line_of(name), f"{name} has no answer", f"write {name}: yes")
        if self.written is None:
            return found
        for name, values in found.items():
            line = table.line_of(name)
            known = self.written.answers.get(name)
            if known is None:
                self.book.unknown(line, "the answer", name, self.written.answers)
                continue
            for value in sorted(values - known - {UNKNOWN}) if known else ():
                self.book.unknown(line, f"the value of {name}", value, known)
        return found

    def _refuse_safe(self, table: Table, answers: Mapping[str, frozenset[str]]) -> None:
        """Else a caller who says less could be thought safer than one who says all is well."""
        for group in self.questions.values():
            for name in sorted(set(group.safe) & set(answers)):
                for value in sorted(group.safe[name] & answers[name]):
                    wrong = f"{name}: {value} is a safe answer and raises nothing"
                    self.book.note(table.line_of(name), wrong, "name the answers that are signs")

    def counts(
        self, table: Table, what: str, known: Mapping[str, object] | frozenset[str] | None
    ) -> dict[str, int]:
        found: dict[str, int] = {}
        for name in table.entries:
            word, line = _word(table, name), table.line_of(name)
            if known is not None and name not in known:
                self.book.unknown(line, what, name, known)
                continue
            if not (word.isascii() and word.isdecimal() and int(word) > 0):
                self.book.note(line, f"{name} is {word!r}", f"write at least how many: {name}: 2")
                continue
            found[name] = int(word)
        return found

    def _scores(self) -> frozenset[str] | None:
        return self.written.scores if self.written is not None else None


def _table(table: Table, name: str) -> Table:
    found = table.entries.get(name)
    return found if isinstance(found, Table) else Table({}, table.line_of(name))


def _word(table: Table, name: str) -> str:
    found = table.entries.get(name)
    return found.value if isinstance(found, Text) else ""


def _words(found: Located | None) -> frozenset[str]:
    """One word, or a list of them."""
    if isinstance(found, Text):
        return frozenset({found.value} - {""})
    items = found.items if isinstance(found, Rows) else ()
    return frozenset(item.value for item in items if isinstance(item, Text) and item.value)
