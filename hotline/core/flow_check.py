"""Proofs over the whole tree of flows: that every caller is understood, heard and let out.

The library's links are whole already (flow_links). That an answer stays inside the TwiML both
carriers take needs no proof here: a flow cannot write any, and the one writer knows only the verbs
that both take (see hotline/carriers/twiml.py and its tests).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from hotline.core.branching import CIRCUMSTANCES, POSITIONS
from hotline.core.flow import CHANNELS, SMS, VOICE, Flow, Place, Step
from hotline.core.flow_fault import FaultBook, FlowFault
from hotline.core.flow_graph import Graph, Spot, draw_graph, roots
from hotline.core.flow_links import own_ways, step_ways
from hotline.core.library import Library
from hotline.core.listening_time import MOST_SECONDS, listening_to_case, listening_to_number
from hotline.core.prompt import LANGUAGES
from hotline.core.prompt_check import prompt_faults
from hotline.core.question_check import question_faults

_KNOWN_TESTS = CIRCUMSTANCES | POSITIONS | {"has_case"}


def check_library(library: Library) -> list[FlowFault]:
    """Every fault of the tree, in the order of file and line; an empty list is a proof."""
    books = {name: FaultBook(flow.file) for name, flow in library.flows.items()}
    graphs = {
        channel: draw_graph(library, channel, roots(library, channel)) for channel in CHANNELS
    }
    _check_reached(library, graphs, books)
    for channel, graph in graphs.items():
        _check_channel(library, channel, graph, books)
        _check_exits(library, graph, books)
        _check_loops(library, graph, books)
        _check_depth(library, graph, books)
    _check_tests(library, books)
    question_faults(library, graphs, books)
    faults = [fault for book in books.values() for fault in book.faults]
    faults += prompt_faults(library, graphs)
    faults += _listening_faults(library)
    return sorted(set(faults))


def _note(books: dict[str, FaultBook], step: Step, wrong: str, right: str) -> None:
    book = books[step.flow]
    book.step = step.name
    book.note(step.line, wrong, right)


def _steps(library: Library, places: Iterable[Place]) -> Iterator[Step]:
    for place in places:
        yield library.flows[place.flow].steps[place.step]


# ---------------------------------------------------------------- reach


def _check_reached(library: Library, graphs: dict[str, Graph], books: dict[str, FaultBook]) -> None:
    reached = {channel: graph.places for channel, graph in graphs.items()}
    everywhere = frozenset().union(*reached.values())
    for flow in library.flows.values():
        for step in flow.steps.values():
            if Place(flow.name, step.name) not in everywhere:
                right = "lead a choice, a topic or a branch here, or delete the step"
                _note(books, step, "nobody reaches this step", right)
        for channel in sorted(flow.channels):
            if not any(place.flow == flow.name for place in reached[channel]):
                _note_unserved(flow, channel, books)


def _note_unserved(flow: Flow, channel: str, books: dict[str, FaultBook]) -> None:
    other = SMS if channel == VOICE else VOICE
    what = "call" if channel == VOICE else "text"
    right = f"lead one here (a choice, a topic in keywords.yaml), or write channels: [{other}]"
    books[flow.name].step = ""
    books[flow.name].note(flow.line, f"the flow serves {channel}, but no {what} leads here", right)


def _check_channel(
    library: Library, channel: str, graph: Graph, books: dict[str, FaultBook]
) -> None:
    for flow in library.flows.values():
        if channel in flow.channels:
            continue
        names = [place.step for place in graph.places if place.flow == flow.name]
        if names:
            step = min((flow.steps[name] for name in names), key=lambda step: step.line)
            right = f"write channels: [voice, sms] in {flow.file}, or branch on channel before it"
            _note(books, step, f"reached by {channel}, which the flow does not serve", right)


# ---------------------------------------------------------------- ways out, loops, depth


def _check_exits(library: Library, graph: Graph, books: dict[str, FaultBook]) -> None:
    """From every step a written way must lead to the end, to the main menu or back."""
    sources: dict[Spot | None, list[Spot]] = {}
    for spot, ways in graph.edges.items():
        for way, following in ways:
            is_out = following is None or way.go == "home" or following.place == library.home
            sources.setdefault(None if is_out else following, []).append(spot)
    out: set[Spot] = set()
    ahead = list(sources.get(None, ()))
    while ahead:
        spot = ahead.pop()
        if spot not in out:
            out.add(spot)
            ahead.extend(sources.get(spot, ()))
    held = {spot.place for spot in graph.edges} - {spot.place for spot in out}
    for step in _steps(library, held):
        right = "let one of the ways end, go home or go back"
        _note(books, step, "there is no way out of this step", right)


def _check_loops(library: Library, graph: Graph, books: dict[str, FaultBook]) -> None:
    passing = {spot: ways for spot, ways in graph.edges.items() if not _waits(library, spot)}
    sorter = TopologicalSorter(
        {
            spot: [s for _, s in ways if s is not None and s in passing]
            for spot, ways in passing.items()
        }
    )
    try:
        sorter.prepare()
    except CycleError as error:
        spots: list[Spot] = error.args[1]
        names = " -> ".join(str(spot.place) for spot in reversed(spots))
        place = min((spot.place for spot in spots), key=str)
        step = library.flows[place.flow].steps[place.step]
        _note(books, step, f"a loop that asks nothing: {names}", "put an ask into it")


def _waits(library: Library, spot: Spot) -> bool:
    return library.flows[spot.place.flow].steps[spot.place.step].waits


def _check_depth(library: Library, graph: Graph, books: dict[str, FaultBook]) -> None:
    for step in _steps(library, graph.too_deep):
        right = "end one of the flows with go: back before, or jump with go: flow.step"
        _note(books, step, "runs a fourth flow inside three others", right)


# ---------------------------------------------------------------- branches


def _check_tests(library: Library, books: dict[str, FaultBook]) -> None:
    """A branch may only ask for what somebody writes down."""
    known = set(_KNOWN_TESTS)
    for flow in library.flows.values():
        for way in own_ways(flow):
            known |= {name for name, _ in (*way.notes, *way.scores)}
        for step in flow.steps.values():
            known |= _written_by(step)
    for flow in library.flows.values():
        for step in flow.steps.values():
            for name in sorted(_tested_by(step) - known):
                books[flow.name].step = step.name
                books[flow.name].unknown(step.line, "the note or score", name, known)


def _written_by(step: Step) -> set[str]:
    written = {
        name for way in (step.enter, *step_ways(step)) for name, _ in (*way.notes, *way.scores)
    }
    into = getattr(step.action, "into", "")
    return written | {step.action.name} if into == "note" else written  # type: ignore[union-attr]


def _tested_by(step: Step) -> set[str]:
    ways = getattr(step.action, "ways", ())
    return {test.name for tests, _ in ways for test in tests}


# ---------------------------------------------------------------- listening


def _listening_faults(library: Library) -> list[FlowFault]:
    """An urgent case, and a number to ring, within a minute of listening."""
    entry = library.flows[library.entry]
    book = FaultBook(entry.file)
    for language in LANGUAGES:
        for what, heard in (
            ("an open missing-child case", listening_to_case(library, language, interrupts=False)),
            ("the police number 117", listening_to_number(library, language)),
        ):
            if heard is None:
                book.note(entry.line, f"no call leads to {what} ({language})", "lead one there")
            elif heard.seconds > MOST_SECONDS:
                wrong = f"{heard.seconds} s of listening ({language}) before {what}"
                right = f"at most {MOST_SECONDS:.0f} s: shorten {', '.join(heard.path)}"
                book.note(entry.line, wrong, right)
    return book.faults
