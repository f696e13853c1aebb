"""What the auditor and the last rehearsal found: sentences for readiness, figures for metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hotline import checking
from hotline.storage.database import Transaction
from hotline.storage.finding import list_findings
from hotline.storage.rehearsal import DONE, RUNNING, latest_rehearsals

_SENTENCES = {
    checking.NO_NEXT_STEP: "{n} open cases had no next step: see docs/operations.md",
    checking.DISK_NEARLY_FULL: "the disk is nearly full",
    checking.CLOCK_MOVED: "the clock was put back: look at the time service",
    checking.LEASES_STUCK: "{n} messages are held by workers that died",
}
"""What makes a line not ready; the other findings are told beside it."""


@dataclass(frozen=True, slots=True)
class WatchFigures:
    """Findings by code; how the last rehearsal that is over ended, and how long ago."""

    findings: Mapping[str, int] = field(default_factory=dict)
    rehearsal_ok: bool | None = None
    rehearsal_age: float | None = None

    @property
    def wrong(self) -> list[str]:
        told = {code: n for code, n in self.findings.items() if code in _SENTENCES}
        return [_SENTENCES[code].format(n=n) for code, n in sorted(told.items())]

    def gauges(self) -> dict[str, dict[str, float]]:
        """For Prometheus."""
        every = {code: float(self.findings.get(code, 0)) for code in checking.FINDINGS}
        gauges = {
            "hotline_cases_without_next_step": {"": every[checking.NO_NEXT_STEP]},
            "hotline_findings": {f'{{what="{code}"}}': n for code, n in every.items()},
        }
        if self.rehearsal_ok is not None and self.rehearsal_age is not None:
            gauges["hotline_rehearsal_ok"] = {"": float(self.rehearsal_ok)}
            gauges["hotline_rehearsal_age_seconds"] = {"": self.rehearsal_age}
        return gauges


def watch_figures(tx: Transaction, now: datetime) -> WatchFigures:
    findings = {row.code: row.number for row in list_findings(tx)}
    over = [row for row in latest_rehearsals(tx, 2) if row.state != RUNNING]
    if not over:
        return WatchFigures(findings)
    age = max((now - over[0].started_at).total_seconds(), 0.0)
    return WatchFigures(findings, over[0].state == DONE, round(age))
