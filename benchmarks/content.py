"""Reading all content at the start, beside the bare parser; and deciding what a text means."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import yaml

from benchmarks.figure import Figure
from benchmarks.installation import ROOT
from benchmarks.load import quantile
from benchmarks.rounds import Effort, in_turn, median
from hotline.content_files import Content, load_content

_TEXTS = (
    "ជួយ", "help", "កូនខ្ញុំបាត់ពីម្សិលមិញ", "kon khnom bat", "job", "ការងារនៅថៃ", "stop", "1",
    "somtos tver ka nov thai ban te", "nhom jong rean", "សួស្តី", "ok", "jouy khnhom phong",
    "តើប្រាក់ខែប៉ុន្មាន?", "someone wants to take my sister to work in thailand tomorrow",
)  # fmt: skip


def measure(effort: Effort) -> list[Figure]:
    """Goal 18, and the time to match one text."""
    files = [*sorted((ROOT / "flows").glob("*.yaml")), ROOT / "audio" / "prompts.yaml"]
    content = load_content(ROOT)
    ours, theirs = in_turn(
        effort.rounds * 2 + 1,
        lambda: _cpu(lambda: load_content(ROOT)),
        lambda: _cpu(lambda: _parse(files)),
    )
    cpu, floor_cpu = median(ours) * 1000, median(theirs) * 1000
    steps = sum(len(flow.steps) for flow in content.library.flows.values())
    behind = (
        f"{cpu:.0f} against {floor_cpu:.0f} ms of CPU for the C parser alone over the same "
        f"{len(files)} files ({steps} steps, {len(content.library.prompts)} prompts)"
    )
    name = "18 all content, start to ready"
    return [Figure("content", name, cpu / floor_cpu, "x", behind, 2, 1.3), _matching(content)]


def _parse(files: list[Path]) -> None:
    for file in files:
        yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _matching(content: Content, times: int = 40) -> Figure:
    took = []
    for text in _TEXTS * times:
        began = time.perf_counter()
        content.keywords.match(text)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    behind = f"p50; p99 {quantile(took, 0.99):.2f} ms, over {len(_TEXTS)} kinds of text"
    return Figure("content", "matching one text", quantile(took, 0.5), "ms", behind)
