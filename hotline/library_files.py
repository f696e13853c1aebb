"""Reads flows/ and audio/prompts.yaml from disk into a Library, or tells every fault at once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from hotline.core.flow import Flow, Place
from hotline.core.flow_fault import FaultBook, FlowFault, FlowFaults
from hotline.core.flow_file import read_flow
from hotline.core.flow_links import link_faults
from hotline.core.library import Library
from hotline.core.located import Located, Rows, Table, Text
from hotline.core.prompt import Number, Prompt, read_numbers, read_prompts
from hotline.yaml_file import read_yaml

__all__ = ["FlowFault", "FlowFaults", "load_library"]

_NOT_FLOWS = frozenset(
    {"keywords.yaml", "escalation.yaml", "triage.yaml", "retention.yaml", "categories.yaml"}
)


def load_library(root: Path, keywords: Located | None = None) -> Library:
    """All flows and prompts under `root` (flows/*.yaml, audio/prompts.yaml).

    `keywords` is flows/keywords.yaml where it was read already: it is the longest of the files.

    Raises FlowFaults with every fault of every file. Whether the conversations are good ones
    (reachable, spoken, short enough) is proved by `check-flows`, not here.
    """
    faults: list[FlowFault] = []
    flows = _read_flows(root, faults)
    prompts, numbers = _read_prompts(root, faults)
    topics = _topics(keywords) if keywords else _read_topics(root, faults)
    library = _assemble(root, flows, prompts, numbers, topics, faults)
    if library is not None:
        faults.extend(link_faults(library, dict(topics)))
    if faults or library is None:
        raise FlowFaults(faults)
    return library


def _flow_files(root: Path) -> list[Path]:
    return [p for p in sorted((root / "flows").glob("*.yaml")) if p.name not in _NOT_FLOWS]


def _read_flows(root: Path, faults: list[FlowFault]) -> dict[str, Flow]:
    flows: dict[str, Flow] = {}
    for path in _flow_files(root):
        book = FaultBook(f"flows/{path.name}")
        data = read_yaml(path, book)
        flow = read_flow(data, path.stem, book) if data is not None else None
        if flow is not None:
            flows[flow.name] = flow
        faults.extend(book.faults)
    return flows


def _read_prompts(
    root: Path, faults: list[FlowFault]
) -> tuple[dict[str, Prompt], dict[str, Number]]:
    book = FaultBook("audio/prompts.yaml")
    data = read_yaml(root / "audio" / "prompts.yaml", book)
    prompts = read_prompts(data, book) if data is not None else {}
    numbers = read_numbers(data) if data is not None else {}
    faults.extend(book.faults)
    return prompts, numbers


def _read_topics(root: Path, faults: list[FlowFault]) -> list[tuple[Place, int]]:
    """Where the topics of flows/keywords.yaml lead; the words themselves are read elsewhere."""
    path = root / "flows" / "keywords.yaml"
    if not path.exists():
        return []
    book = FaultBook("flows/keywords.yaml")
    data = read_yaml(path, book)
    faults.extend(book.faults)
    return _topics(data) if data is not None else []


def _topics(data: Located) -> list[tuple[Place, int]]:
    """Entries with a `flow`, wherever the file keeps its list of topics."""
    if isinstance(data, Rows):
        return [found for item in data.items for found in _topics(item)]
    if not isinstance(data, Table):
        return []
    flow, step = data.entries.get("flow"), data.entries.get("step")
    if isinstance(flow, Text) and flow.value:
        return [(Place(flow.value, step.value if isinstance(step, Text) else ""), flow.line)]
    return [found for item in data.entries.values() for found in _topics(item)]


def _assemble(
    root: Path,
    flows: dict[str, Flow],
    prompts: dict[str, Prompt],
    numbers: dict[str, Number],
    topics: list[tuple[Place, int]],
    faults: list[FlowFault],
) -> Library | None:
    entries = [flow for flow in flows.values() if flow.home is not None]
    if len(entries) != 1:
        names = ", ".join(flow.name for flow in entries) or "no flow"
        right = "write home: STEP in the one flow that answers a call"
        faults.append(FlowFault("flows", 1, "", f"{names} has a home", right))
        if not entries:
            return None
    entry = entries[0]
    return Library(
        revision=_revision(root),
        flows=flows,
        prompts=prompts,
        numbers=numbers,
        entry=entry.name,
        home=Place(entry.name, entry.home or entry.start),
        topics=tuple(dict.fromkeys(place for place, _ in topics)),
    )


def _revision(root: Path) -> str:
    """The hash of what the flow files hold: it names what a running conversation began with."""
    digest = hashlib.sha256()
    for path in _flow_files(root):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
