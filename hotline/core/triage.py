"""How urgent a case is by what is known of it: rules raise it, and what nobody said is a risk."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

UNKNOWN = "unknown"
"""In a rule: nobody said it."""

OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case. `answers` are its notes and its callback plan."""

    kind: str
    reason: str = ""
    flags: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions of one matter, by the answers that are no danger sign: all others are one each.

    What was not answered is one sign more, however much it is: in a case of these `kinds`, and
    wherever another answer is a sign.
    """

    safe: Mapping[str, frozenset[str]]
    kinds: frozenset[str] = frozenset()

    def count_signs(self, facts: Facts) -> int:
        said = {name: facts.answers[name] for name in self.safe if facts.answers.get(name)}
        signs = sum(answer not in self.safe[name] for name, answer in said.items())
        counts_unknown = bool(signs) or facts.kind in self.kinds
        return signs + (counts_unknown and len(said) < len(self.safe))


@dataclass(frozen=True, slots=True)
class Rule:
    """A case of which all this holds is at least as urgent as `priority`.

    Of several kinds, reasons, flags or answers to one question one is enough; none named: any.
    """

    code: str
    priority: str
    kinds: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    signs: Mapping[str, int] = field(default_factory=dict)  # questions -> at least so many
    scores: Mapping[str, int] = field(default_factory=dict)  # score -> at least so high


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case is at least this urgent: the code of a rule, or the kind of the case."""

    priority: str
    code: str


@dataclass(frozen=True, slots=True)
class Triage:
    """All rules, and how urgent each kind of case is before anything else is known."""

    kinds: Mapping[str, str]
    questions: Mapping[str, Questions] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    def reasons(self, facts: Facts) -> tuple[Reason, ...]:
        """Everything that speaks for urgency, most urgent first; never empty."""
        by_kind = self.kinds.get(facts.kind) or self.kinds[OTHERWISE]
        held = [Reason(r.priority, r.code) for r in self.rules if self._holds(r, facts)]
        return tuple(sorted([*held, Reason(by_kind, facts.kind)], key=lambda one: one.priority))

    def raises(self, facts: Facts, priority: str, heeded: Collection[str] = ()) -> Reason | None:
        """Why the case must be more urgent than `priority`, if it must.

        `heeded` are the codes staff knew of when they made the case less urgent: they saw them.
        """
        most = next((one for one in self.reasons(facts) if one.code not in heeded), None)
        return most if most is not None and most.priority < priority else None

    def _holds(self, rule: Rule, facts: Facts) -> bool:
        return (
            _is_one_of(facts.kind, rule.kinds)
            and _is_one_of(facts.reason, rule.reasons)
            and (not rule.flags or bool(rule.flags & facts.flags))
            and all(_said(facts, name) in values for name, values in rule.answers.items())
            and all(_score(facts, name) >= least for name, least in rule.scores.items())
            and all(
                self.questions[name].count_signs(facts) >= least
                for name, least in rule.signs.items()
            )
        )


def _is_one_of(code: str, named: frozenset[str]) -> bool:
    return not named or code in named


def _said(facts: Facts, name: str) -> str:
    return facts.answers.get(name) or UNKNOWN


def _score(facts: Facts, name: str) -> int:
    """0 for what was never counted."""
    written = facts.answers.get(name, "")
    return int(written) if written.isascii() and written.isdecimal() else 0
