"""Whether every step, flow and prompt that is named anywhere is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hotline.core.flow import Ask, Branch, Flow, Number, Phrase, Place, Record, Step, Way
from hotline.core.flow_fault import FaultBook, FlowFault
from hotline.core.library import Library

ALWAYS_SPOKEN = (
    "V_ERR_NOINPUT",
    "V_ERR_WRONG_KEY",
    "V_ERR_LAST",
    "V_FIRST_FACT",
    "V_GOODBYE",
    "V_QUICK_EXIT",
    "V_RESUME",
    *(f"V_DIGIT_{digit}" for digit in range(10)),
)
"""Prompts the engine says by itself, whatever the flows say."""


def link_faults(library: Library, topic_lines: Mapping[Place, int]) -> list[FlowFault]:
    faults: list[FlowFault] = []
    for flow in library.flows.values():
        book = FaultBook(flow.file)
        for way in own_ways(flow):
            _check_way(way, library, book)
        for step in flow.steps.values():
            book.step = step.name
            for way in step_ways(step):
                _check_way(way, library, book)
            for phrase in step_phrases(step):
                _check_phrase(phrase, library, book)
        faults.extend(book.faults)
    return faults + _own_prompt_faults(library) + _topic_faults(library, topic_lines)


def own_ways(flow: Flow) -> Iterator[Way]:
    for way in (flow.on_silence, flow.on_wrong_key, flow.on_hang_up, flow.on_quick_exit):
        if way is not None:
            yield way


def step_ways(step: Step) -> Iterator[Way]:
    """Every way out of a step, written on it."""
    action = step.action
    if isinstance(action, Ask):
        yield from action.choices.values()
    elif isinstance(action, Branch):
        yield from (way for _, way in action.ways)
    else:
        yield step.way
    extra = [step.on_silence, step.on_wrong_key, step.on_hang_up, step.on_quick_exit]
    if isinstance(action, Number):
        extra.append(action.failed)
    if isinstance(action, Record):
        extra.append(action.on_delete)
    yield from (way for way in extra if way is not None)


def step_phrases(step: Step) -> Iterator[Phrase]:
    """Everything a step may say or text."""
    yield from step.says
    action = step.action
    phrases: list[Phrase | None] = [step.text]
    if isinstance(action, Ask):
        phrases.append(action.phrase)
    elif isinstance(action, Number):
        phrases += [action.phrase, action.before, action.after, action.bad]
    elif isinstance(action, Record):
        phrases += [action.phrase, action.review, action.empty, action.deleted]
    yield from (phrase for phrase in phrases if phrase is not None)


def _check_way(way: Way, library: Library, book: FaultBook) -> None:
    if isinstance(way.go, Place):
        _check_place(way.go, way.line, library, book)
    if way.run is not None:
        _check_place(way.run, way.line, library, book)


def _check_place(place: Place, line: int, library: Library, book: FaultBook) -> None:
    flow = library.flows.get(place.flow)
    if flow is None:
        book.unknown(line, "the flow", place.flow, library.flows)
    elif place.step and place.step not in flow.steps:
        book.unknown(line, "the step", place.step, flow.steps)


def _check_phrase(phrase: Phrase, library: Library, book: FaultBook) -> None:
    for saying in {phrase.voice, phrase.sms} - {None}:
        if saying is not None and saying.prompt not in library.prompts:
            book.unknown(phrase.line, "the prompt", saying.prompt, library.prompts)


def _own_prompt_faults(library: Library) -> list[FlowFault]:
    book = FaultBook("audio/prompts.yaml")
    for name in ALWAYS_SPOKEN:
        if name not in library.prompts:
            book.note(1, f"the prompt {name} is missing", "the line itself says it: add it")
    return book.faults


def _topic_faults(library: Library, lines: Mapping[Place, int]) -> list[FlowFault]:
    book = FaultBook("flows/keywords.yaml")
    for place in library.topics:
        _check_place(place, lines.get(place, 1), library, book)
    return book.faults
