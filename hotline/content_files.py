"""All that a programme manager may edit, read from disk at the start; every fault at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hotline.core.categories import Categories
from hotline.core.category_file import read_categories
from hotline.core.escalation import Policies
from hotline.core.escalation_file import read_policies
from hotline.core.flow_fault import FaultBook, FlowFault, FlowFaults
from hotline.core.keyword_file import LineOf, read_keywords
from hotline.core.keywords import Keywords
from hotline.core.library import Library
from hotline.core.located import Located, Rows, Table, as_plain
from hotline.core.retention import Schedule
from hotline.core.retention_file import read_schedule
from hotline.core.triage import Triage
from hotline.core.triage_file import read_triage, written_by
from hotline.library_files import load_library
from hotline.yaml_file import read_yaml


@dataclass(frozen=True, slots=True)
class Content:
    """Flows, prompts, words of texts, ladders, and the rules and words of cases."""

    library: Library
    keywords: Keywords
    policies: Policies
    triage: Triage
    schedule: Schedule
    categories: Categories


def load_content(root: Path) -> Content:
    """Everything under `root`/flows and `root`/audio. Raises FlowFaults with every fault."""
    faults: list[FlowFault] = []
    library = keywords = None
    book = FaultBook("flows/keywords.yaml")
    words = read_yaml(root / "flows" / "keywords.yaml", book)
    faults.extend(book.faults)
    try:
        library = load_library(root, words or Table({}, 1))
    except FlowFaults as found:
        faults.extend(found.faults)
    if words is not None:
        keywords = _keywords(words, book.file, faults)
    policies = _policies(root, faults)
    triage = _triage(root, library, faults)
    schedule = _schedule(root, faults)
    categories = _categories(root, faults)
    if faults or library is None or keywords is None or schedule is None:
        raise FlowFaults(faults)
    return Content(library, keywords, policies, triage, schedule, categories)


def _keywords(data: Located, file: str, faults: list[FlowFault]) -> Keywords | None:
    read = read_keywords(as_plain(data), _line_finder(data), file)
    if isinstance(read, list):
        faults.extend(read)
        return None
    return read


def _line_finder(data: Located) -> LineOf:
    def line_of(*path: object) -> int:
        """The line of the deepest part of `path` that is there."""
        here = data
        for name in path:
            if isinstance(here, Table) and str(name) in here.entries:
                here = here.entries[str(name)]
            elif isinstance(here, Rows) and isinstance(name, int) and name < len(here.items):
                here = here.items[name]
        return here.line

    return line_of


def _policies(root: Path, faults: list[FlowFault]) -> Policies:
    book = FaultBook("flows/escalation.yaml")
    data = read_yaml(root / "flows" / "escalation.yaml", book)
    policies = read_policies(data, book) if data is not None else Policies({})
    faults.extend(book.faults)
    return policies


def _triage(root: Path, library: Library | None, faults: list[FlowFault]) -> Triage:
    book = FaultBook("flows/triage.yaml")
    data = read_yaml(root / "flows" / "triage.yaml", book)
    written = written_by(library) if library is not None else None
    triage = read_triage(data, book, written) if data is not None else Triage({})
    faults.extend(book.faults)
    return triage


def _schedule(root: Path, faults: list[FlowFault]) -> Schedule | None:
    book = FaultBook("flows/retention.yaml")
    data = read_yaml(root / "flows" / "retention.yaml", book)
    schedule = read_schedule(data, book) if data is not None else None
    faults.extend(book.faults)
    return schedule


def _categories(root: Path, faults: list[FlowFault]) -> Categories:
    book = FaultBook("flows/categories.yaml")
    data = read_yaml(root / "flows" / "categories.yaml", book)
    categories = read_categories(data, book) if data is not None else Categories()
    faults.extend(book.faults)
    return categories
