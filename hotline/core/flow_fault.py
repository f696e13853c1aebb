"""What is wrong with a written flow, where, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class FlowFault:
    """One fault. `step` is "" when the fault is not inside a step."""

    file: str
    line: int
    step: str
    wrong: str
    right: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        return f"{place} {self.step or '-'}: {self.wrong}; {self.right}"


class FlowFaults(Exception):
    """Every fault of every file at once, in the order of file and line."""

    def __init__(self, faults: Iterable[FlowFault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(slots=True)
class FaultBook:
    """Collects the faults of one file, so that reading goes on after the first."""

    file: str
    faults: list[FlowFault] = field(default_factory=list)
    step: str = ""

    def note(self, line: int, wrong: str, right: str) -> None:
        self.faults.append(FlowFault(self.file, line, self.step, wrong, right))

    def unknown(self, line: int, what: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(name, names, n=1)
        right = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names) or 'none'}"
        self.note(line, f"{what} {name!r} is not known", right)
