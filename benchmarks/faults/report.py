"""What a run came to: a table to read, and plain values for a file."""

from __future__ import annotations

from typing import Any

from benchmarks.faults.counting import MUST_BE_NONE
from benchmarks.faults.running import Outcome
from benchmarks.faults.witness import summed
from benchmarks.load import quantile

_TOLD = (
    "cases opened",
    "promises",
    "texts taken by the carrier",
    "calls taken by the carrier",
    "messages tried again",
    "texts of unknown fate",
    "pages sent more than once",
)


def is_whole(outcome: Outcome) -> bool:
    """Nothing lost, nothing doubled, nothing wrong."""
    return not outcome.count.behind


def as_data(outcome: Outcome) -> dict[str, Any]:
    times = sorted(ms for tally in outcome.tallies for ms in tally.times)
    return {
        "database": outcome.plan.database,
        "seed": outcome.plan.seed,
        "seconds": round(outcome.seconds),
        "conversations": outcome.conversations,
        "faults": dict(sorted(outcome.faults.items())),
        "heard": dict(summed(outcome.tallies)),
        "answers_ms": {
            "p50": quantile([float(t) for t in times], 0.5) if times else None,
            "p99": quantile([float(t) for t in times], 0.99) if times else None,
            "longest": times[-1] if times else None,
        },
        "wrong": {what: outcome.count.found[what] for what in MUST_BE_NONE},
        "told": {what: outcome.count.found[what] for what in _TOLD},
        "recovered_s": {
            kind: {"median": round(quantile(sorted(took), 0.5), 2), "longest": round(max(took), 2)}
            for kind, took in sorted(outcome.recovered.items())
        },
        "quiet_after_s": [round(each, 1) for each in outcome.quiet_after],
        "behind": outcome.count.behind[:200],
        "is_whole": is_whole(outcome),
    }


def table(data: list[dict[str, Any]]) -> str:
    """All runs side by side."""
    names = [each["database"] for each in data]
    head = [f"| | {' | '.join(names)} |", "|---|" + "---|" * len(names)]
    rows = [
        _row("faults", [sum(each["faults"].values()) for each in data]),
        _row("conversations", [each["conversations"] for each in data]),
        *(_row(what, [each["heard"].get(what, 0) for each in data]) for what in data[0]["heard"]),
        *(_row(what, [each["told"][what] for each in data]) for what in _TOLD),
        _row("answer p50 / p99 / longest, ms", [_times(each["answers_ms"]) for each in data]),
        _row("quiet again after, s (longest)", [max(each["quiet_after_s"]) for each in data]),
        _row("seconds", [each["seconds"] for each in data]),
        *(
            _row(f"**{what}**", [f"**{each['wrong'][what]}**" for each in data])
            for what in MUST_BE_NONE
        ),
    ]
    return "\n".join([*head, *rows, "", *_by_kind(data)])


def _by_kind(data: list[dict[str, Any]]) -> list[str]:
    kinds = sorted({kind for each in data for kind in each["faults"]})
    head = [
        "| kind of fault | "
        + " | ".join(f"{each['database']}: times, next call good after s" for each in data)
        + " |",
        "|---|" + "---|" * len(data),
    ]
    return [*head, *(_row(kind, [_of_kind(each, kind) for each in data]) for kind in kinds)]


def _of_kind(data: dict[str, Any], kind: str) -> str:
    took = data["recovered_s"].get(kind)
    behind = f", {took['median']} ({took['longest']} at most)" if took else ""
    return f"{data['faults'].get(kind, 0)}{behind}"


def _times(of: dict[str, Any]) -> str:
    return f"{of['p50']:.0f} / {of['p99']:.0f} / {of['longest']}" if of["p50"] is not None else "-"


def _row(name: str, cells: list[Any]) -> str:
    return f"| {name} | {' | '.join(map(str, cells))} |"
