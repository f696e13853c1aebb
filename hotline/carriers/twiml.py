"""Writes an answer as TwiML, in the few verbs that Twilio and Somleng both carry out.

Those are Gather, Play, Record, Redirect, Dial, Hangup and Reject. No Pause (Somleng ends the call
on a verb it does not know; silence is a recording), no Say (neither speaks Khmer), every URL
absolute, and every prompt of a question inside its Gather, so that a key pressed early counts. The
pieces are escaped once, at the start; the tests hold the result to what the SDK would write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol
from xml.sax.saxutils import escape

from hotline.core.answer import Answer
from hotline.core.turn import Connect, LetThrough, ManyKeys, Speech, TheEnd, TurnAway

APOLOGY: Final = "V_ERR_SYSTEM"
NOTHING: Final = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
BUSY: Final = '<?xml version="1.0" encoding="UTF-8"?><Response><Reject reason="busy"/></Response>'

KEY_SECONDS = 6  # to find a key on a menu
SPEECH_GAP_SECONDS = 5  # of silence end a voice message

_OPEN = '<?xml version="1.0" encoding="UTF-8"?><Response>'


class _Take(Protocol):
    @property
    def hash(self) -> str: ...

    @property
    def ext(self) -> str: ...


class _Saying(Protocol):
    @property
    def sounds(self) -> Mapping[str, _Take]: ...


@dataclass(frozen=True, slots=True)
class Plays:
    """The Play element of every take, by language and prompt; the apology in every language.

    `base` is our public address, escaped for attributes and text alike.
    """

    base: str
    pieces: Mapping[tuple[str, str], str]
    apologies: Mapping[str, str]
    lines: Mapping[str, str] = field(default_factory=dict)  # carrier -> the number we call from

    def piece(self, language: str, prompt: str) -> str:
        """One prompt as a Play. Checked at the start; without a take, the apology is heard."""
        return self.pieces.get((language, prompt)) or self.apology(language)

    def apology(self, language: str | None) -> str:
        """The apology in the caller's language, or in all of them if that is not known."""
        known = self.apologies.get(language or "")
        return known if known is not None else "".join(self.apologies.values())


def take_path(language: str, prompt: str, content_hash: str, ext: str) -> str:
    """Where one take is served: the name changes with the content, so it is cached for good."""
    return f"/audio/{language}/{prompt}.{content_hash}.{ext}"


def plays_from(
    prompts: Mapping[str, _Saying],
    base_url: str,
    languages: Iterable[str] = ("km", "en"),
    lines: Mapping[str, str] | None = None,
) -> Plays:
    """Write every Play once. Raises LookupError if the apology lacks a take: a call needs it."""
    base = base_url.rstrip("/")
    pieces = {
        (language, name): f"<Play>{_escaped(base + take_path(language, name, take.hash, take.ext))}"
        "</Play>"
        for name, prompt in prompts.items()
        for language, take in prompt.sounds.items()
    }
    lacking = [language for language in languages if (language, APOLOGY) not in pieces]
    if lacking:
        raise LookupError(
            f"audio/prompts.yaml: {APOLOGY} has no take in {', '.join(lacking)}; "
            "record it first, callers hear it when nothing else works"
        )
    apologies = {language: pieces[language, APOLOGY] for language in languages}
    return Plays(_escaped(base), pieces, apologies, dict(lines or {}))


def write_answer(answer: Answer, plays: Plays, carrier: str) -> str:
    """The TwiML document for one answer; `carrier` is the word in our webhook addresses."""
    language, wait = answer.language, answer.wait
    said = "".join([plays.piece(language, saying.prompt) for saying in answer.say])
    if answer.recording is not None:
        said += f"<Play>{_escaped(answer.recording)}</Play>"
    if isinstance(wait, TheEnd):
        return f"{_OPEN}{said}<Hangup/></Response>"
    if isinstance(wait, TurnAway):
        return BUSY
    if isinstance(wait, LetThrough):
        return f"{_OPEN}{said}</Response>"
    calls = f"{plays.base}/calls/{carrier}"
    # The language is there so that an apology, which knows nothing else, can be in it.
    turn = f"{calls}/turn?n={answer.next_number}&amp;l={language}"
    if isinstance(wait, Connect):
        return _write_dial(said, wait, turn, calls, plays.lines.get(carrier, ""))
    if isinstance(wait, Speech):
        return _write_recording(said, wait.seconds, turn, calls)
    if isinstance(wait, ManyKeys):
        return _write_question(said, turn, wait.longest, wait.seconds)
    return _write_question(said, turn, 1, KEY_SECONDS)


def write_apology(plays: Plays, language: str | None) -> str:
    """What a caller hears when we cannot answer: sorry, call again, and two numbers that help."""
    return f"{_OPEN}{plays.apology(language)}<Hangup/></Response>"


def _write_question(said: str, turn: str, keys: int, seconds: int) -> str:
    """Finishing keys are off, so that `#` is a wrong key and not silence.

    The Redirect is for a carrier that goes on after an empty Gather in spite of being told not to.
    """
    return (
        f'{_OPEN}<Gather action="{turn}" method="POST" numDigits="{keys}" timeout="{seconds}" '
        f'finishOnKey="" actionOnEmptyResult="true">{said}</Gather>'
        f'<Redirect method="POST">{turn}</Redirect></Response>'
    )


def _write_dial(said: str, wait: Connect, turn: str, calls: str, line: str) -> str:
    """The line's own number is shown to the phone that is rung, never that of the other one."""
    ask = f' url="{calls}/turn?n=0&amp;t={wait.screen}" method="POST"' if wait.screen else ""
    shown = f' callerId="{_escaped(line)}"' if line else ""
    return (
        f'{_OPEN}{said}<Dial action="{turn}" method="POST" timeout="{wait.ring_seconds}"{shown}>'
        f"<Number{ask}>{_escaped(wait.number)}</Number></Dial></Response>"
    )


def _write_recording(said: str, seconds: int, turn: str, calls: str) -> str:
    """Twilio skips the action of an empty recording, so the Redirect says that it was empty."""
    return (
        f'{_OPEN}{said}<Record action="{turn}" method="POST" maxLength="{seconds}" '
        f'timeout="{SPEECH_GAP_SECONDS}" finishOnKey="1234567890*#" playBeep="true" '
        f'recordingStatusCallback="{calls}/recording" recordingStatusCallbackMethod="POST"/>'
        f'<Redirect method="POST">{turn}&amp;empty=1</Redirect></Response>'
    )


def _escaped(text: str) -> str:
    return escape(text, {'"': "&quot;"})
