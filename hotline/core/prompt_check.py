"""Whether every prompt that is said has its words, its recording, its length and true numbers."""

from __future__ import annotations

from collections.abc import Iterator

from hotline.core.flow import SMS, VOICE, Ask, Number, Phrase, Record, Step
from hotline.core.flow_fault import FaultBook, FlowFault
from hotline.core.flow_graph import Graph
from hotline.core.flow_links import ALWAYS_SPOKEN, step_phrases
from hotline.core.library import Library
from hotline.core.prompt import LANGUAGES, Prompt
from hotline.core.sms_text import count_segments
from hotline.core.spoken import keys_spoken, keys_told, numbers_told

_FILE = "audio/prompts.yaml"
_FIXED = {"V_ERR_LAST": "1", "V_RESUME": "12"}


def prompt_faults(library: Library, graphs: dict[str, Graph]) -> list[FlowFault]:
    """Faults of the steps that say something nobody can hear or read, then those of the prompts."""
    faults: list[FlowFault] = []
    used: dict[str, set[str]] = {VOICE: set(ALWAYS_SPOKEN), SMS: set()}
    for channel, graph in graphs.items():
        for place in graph.places:
            flow = library.flows[place.flow]
            if channel in flow.channels:
                book = FaultBook(flow.file, step=place.step)
                step = flow.steps[place.step]
                _check_said(library, step, channel, book, used)
                faults += book.faults
    book = FaultBook(_FILE)
    for channel, names in used.items():
        for name in sorted(names & library.prompts.keys()):
            book.step = name
            _check_prompt(library, library.prompts[name], channel, book)
    return faults + book.faults


def _check_said(
    library: Library, step: Step, channel: str, book: FaultBook, used: dict[str, set[str]]
) -> None:
    for phrase, heard_on in _said(step, channel):
        saying = phrase.on(heard_on)
        if saying is None:
            continue
        prompt = library.prompts[saying.prompt]
        used[heard_on].add(prompt.name)
        if heard_on not in prompt.channels:
            right = f"write {{voice: …, sms: …}} with a prompt for {heard_on}, or branch on channel"
            book.note(phrase.line, f"{prompt.name} is not for {heard_on}", right)
        for name in sorted(prompt.placeholders - {fill for fill, _ in phrase.fills}):
            right = f"write values: {{{name}: the note or score it is}}"
            book.note(phrase.line, f"{prompt.name} has {{{name}}} and nothing fills it", right)
    question = _question(step)
    if question is not None and question.on(channel) is None:
        right = f"write {{voice: …, sms: …}} with a prompt for {channel}, or branch on channel"
        book.note(step.line, f"the step asks, but has nothing to ask by {channel}", right)


def _said(step: Step, channel: str) -> Iterator[tuple[Phrase, str]]:
    for phrase in step_phrases(step):
        yield phrase, SMS if phrase is step.text else channel


def _question(step: Step) -> Phrase | None:
    action = step.action
    return action.phrase if isinstance(action, Ask | Number | Record) else None


# ---------------------------------------------------------------- one prompt


def _check_prompt(library: Library, prompt: Prompt, channel: str, book: FaultBook) -> None:
    wanted = LANGUAGES if channel == VOICE else ("km", "km_latn", "en")
    for language in wanted:
        if language not in prompt.texts:
            book.note(prompt.line, f"there is no {language} text", f"write {language}: …")
    if channel == VOICE:
        for language in LANGUAGES:
            if language not in prompt.sounds:
                right = "record it, or make a scratch take"
                book.note(prompt.line, f"there is no {language} recording", right)
        _check_keys(prompt, book)
    else:
        _check_segments(prompt, book)
    _check_numbers(library, prompt, book)


def _check_keys(prompt: Prompt, book: FaultBook) -> None:
    """The same keys in Khmer and in English, and in the line's own questions the right ones."""
    told, wanted = keys_told(prompt), _FIXED.get(prompt.name)
    if wanted is not None and told != frozenset(wanted):
        right = f"it must tell the keys {' '.join(wanted)} and no others"
        book.note(prompt.line, f"it tells {_named(told)}", right)
    khmer, english = (keys_spoken(prompt.texts.get(language, "")) for language in LANGUAGES)
    if english and khmer != english:
        wrong = f"it tells {_named(khmer)} in Khmer and {_named(english)} in English"
        book.note(prompt.line, wrong, "tell the same keys in both")


def _named(keys: frozenset[str]) -> str:
    return f"key {', '.join(sorted(keys))}" if keys else "no key"


def _check_segments(prompt: Prompt, book: FaultBook) -> None:
    for language, text in prompt.texts.items():
        filled = text
        for name in prompt.placeholders:
            filled = filled.replace(f"{{{name}}}", "00")
        cost = count_segments(filled)
        if cost.count > prompt.segments:
            room = 70 if cost.encoding == "ucs2" else 160
            wrong = f"the {language} text fills {cost.count} segments ({cost.units} letters)"
            right = f"at most {room} letters, or write segments: {cost.count} to allow it"
            book.note(prompt.line, wrong, right)


def _check_numbers(library: Library, prompt: Prompt, book: FaultBook) -> None:
    verified = {
        number.digits.replace(" ", "") for number in library.numbers.values() if number.is_verified
    }
    for language, text in prompt.texts.items():
        for number in sorted(numbers_told(text) - verified):
            right = "add it to numbers: with its source and verified: true, or take it out"
            book.note(
                prompt.line, f"the {language} text tells {number}, not a verified number", right
            )
