"""A figure: one measured number beside what it must and should be."""

from __future__ import annotations

from dataclasses import dataclass

MUST_MET, AIM_MET, SHORT, TOLD = "must met", "aim met", "falls short", "told only"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. Without `must` there is no goal: the number is only told.

    `unit` "x" is a ratio to the floor measured in the same run; `behind` gives both numbers.
    """

    part: str
    what: str
    measured: float
    unit: str
    behind: str
    must: float | None = None
    aim: float | None = None
    more_is_better: bool = False

    @property
    def verdict(self) -> str:
        if self.must is None:
            return TOLD
        if not self._reaches(self.must):
            return SHORT
        return AIM_MET if self.aim is None or self._reaches(self.aim) else MUST_MET

    def _reaches(self, goal: float) -> bool:
        return self.measured >= goal if self.more_is_better else self.measured <= goal

    def goal(self, value: float | None) -> str:
        if value is None:
            return "-"
        return f"{'>=' if self.more_is_better else '<='} {value:g}{self._tail}"

    @property
    def shown(self) -> str:
        digits = 0 if abs(self.measured) >= 100 or self.measured == int(self.measured) else 2
        return f"{self.measured:.{digits}f}{self._tail}"

    @property
    def _tail(self) -> str:
        return self.unit if self.unit == "x" or not self.unit else f" {self.unit}"


HEAD = "| what | measured | must | aim | verdict | behind it |\n|---|---|---|---|---|---|"


def row(figure: Figure) -> str:
    cells = (
        figure.what,
        f"**{figure.shown}**",
        figure.goal(figure.must),
        figure.goal(figure.aim),
        figure.verdict,
        figure.behind,
    )
    return "| " + " | ".join(cells) + " |"
