"""Whether the keys a question offers aloud are the keys it takes, and not too many."""

from __future__ import annotations

from collections.abc import Iterator

from hotline.core.flow import SMS, VOICE, Ask, Number, Phrase, Record, Step
from hotline.core.flow_fault import FaultBook
from hotline.core.flow_graph import Graph
from hotline.core.library import Library
from hotline.core.prompt import Prompt
from hotline.core.spoken import keys_told

EVERYWHERE = frozenset("90*")
MOST_CHOICES = 5


def question_faults(
    library: Library, graphs: dict[str, Graph], books: dict[str, FaultBook]
) -> None:
    """Faults go into the books, one a flow."""
    for channel, graph in graphs.items():
        for place in graph.places:
            flow = library.flows.get(place.flow)
            if flow is not None and channel in flow.channels:
                step = flow.steps[place.step]
                books[flow.name].step = step.name
                _check_step(library, step, channel, books[flow.name])


def _check_step(library: Library, step: Step, channel: str, book: FaultBook) -> None:
    action = step.action
    if isinstance(action, Ask):
        hidden = {key for key, way in action.choices.items() if way.is_hidden}
        _check_keys(library, step, channel, book, set(action.choices), hidden)
    elif isinstance(action, Number) and channel == VOICE:
        _check_fixed(library, action.after, "12", book)
    elif isinstance(action, Record) and channel == VOICE:
        _check_fixed(library, action.review, "123", book)


def _check_keys(
    library: Library, step: Step, channel: str, book: FaultBook, taken: set[str], hidden: set[str]
) -> None:
    prompts = list(_prompts(library, step, channel))
    told = {key for prompt in prompts for key in keys_told(prompt)}
    if channel == SMS and not told:
        return  # a text may offer words instead of digits
    names = ", ".join(prompt.name for prompt in prompts) or "no prompt"
    for key in sorted(taken - told - hidden):
        right = f"let {names} say it, delete the choice, or write hidden: true"
        book.note(step.line, f"key {key} is a choice, but nothing tells it on {channel}", right)
    everywhere = EVERYWHERE if channel == VOICE else frozenset()
    for key in sorted(told - taken - everywhere):
        right = f"add the choice {key}, or take it out of {names}"
        book.note(step.line, f"{names} tells key {key}, which is no choice here ({channel})", right)
    if channel == VOICE and len(told - EVERYWHERE) > MOST_CHOICES:
        right = f"at most {MOST_CHOICES}: make a second menu behind the last key"
        book.note(step.line, f"{len(told - EVERYWHERE)} choices are told", right)


def _prompts(library: Library, step: Step, channel: str) -> Iterator[Prompt]:
    """The prompts heard before the answer: all that is said, then the question."""
    action = step.action
    phrases: list[Phrase] = [*step.says]
    if isinstance(action, Ask):
        phrases.append(action.phrase)
    for phrase in phrases:
        saying = phrase.on(channel)
        if saying is not None:
            yield library.prompts[saying.prompt]


def _check_fixed(library: Library, phrase: Phrase | None, keys: str, book: FaultBook) -> None:
    if phrase is None or phrase.voice is None:
        return
    prompt = library.prompts[phrase.voice.prompt]
    if keys_told(prompt) != frozenset(keys):
        wrong = f"{prompt.name} tells {' '.join(sorted(keys_told(prompt))) or 'no key'} here"
        book.note(phrase.line, wrong, f"it must tell the keys {' '.join(keys)} and no others")
