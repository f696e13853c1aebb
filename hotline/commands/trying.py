"""A flow played in the terminal, turn by turn."""

from __future__ import annotations

import click

from hotline.core.engine import accepts, advance, begin, resume
from hotline.core.library import Library
from hotline.core.turn import (
    Circumstances,
    Digits,
    HungUp,
    ManyKeys,
    Outcome,
    Silence,
    Speech,
    TheEnd,
    Turn,
    Voice,
    Words,
)

_SIGNS: dict[str, Turn] = {"": Silence(), "s": Silence(), "h": HungUp()}


def play(library: Library, flow: str, channel: str, language: str, step: str | None = None) -> None:
    """Until the end, or until q. Shows what is said, what is written, and what is waited for."""
    around = Circumstances(channel, language=language, is_known=False, agreed_to_texts=True)
    outcome = begin(library, flow, around, step=step)
    _show(library, outcome)
    while True:
        if isinstance(outcome.wait, TheEnd) and not outcome.state["hung_up"]:
            return
        answer = click.prompt(_question(outcome), default="", show_default=False).strip()
        if answer == "q":
            return
        outcome = _take(library, outcome, answer, around)
        _show(library, outcome)


def _take(library: Library, outcome: Outcome, answer: str, around: Circumstances) -> Outcome:
    if answer == "r":
        return resume(library, outcome.state, around)
    if around.channel == "sms" and not accepts(library, outcome.state, answer):
        click.echo("   (no answer to this question: the keywords would be asked)")
    return advance(library, outcome.state, _turn(answer, around.channel), around)


def _turn(answer: str, channel: str) -> Turn:
    if channel == "sms":
        return Words(answer)
    if answer in _SIGNS:
        return _SIGNS[answer]
    if answer.startswith("v"):
        return Voice("try", int(answer[1:]) if answer[1:].isdecimal() else 10)
    keys = "".join(letter for letter in answer if letter in "0123456789*#")
    return Digits(keys) if keys else Silence()


def _question(outcome: Outcome) -> str:
    state = outcome.state
    place = f"{state['flow']}.{state['step']}"
    if isinstance(outcome.wait, TheEnd):
        return f"[{place}] hung up: r rings again, q quits"
    if state["channel"] == "sms":
        return f"[{place}] text"
    if isinstance(outcome.wait, ManyKeys):
        return f"[{place}] up to {outcome.wait.longest} keys"
    if isinstance(outcome.wait, Speech):
        return f"[{place}] v12 speaks 12 s"
    return f"[{place}] key"


def _show(library: Library, outcome: Outcome) -> None:
    for saying in outcome.say:
        text = library.text(saying.prompt, outcome.language, outcome.state["script"])
        for name, value in saying.values:
            text = text.replace(f"{{{name}}}", value)
        sound = library.audio(saying.prompt, outcome.language)
        length = (
            f" ({sound.seconds:.1f} s)" if sound and outcome.state["channel"] == "voice" else ""
        )
        click.secho(f"{saying.prompt}{length}", bold=True)
        click.echo(f"   {text}")
        if outcome.language != "en":
            click.secho(f"   {library.text(saying.prompt, 'en')}", dim=True)
    for effect in outcome.effects:
        click.secho(f"   -> {effect}", fg="green")
    if isinstance(outcome.wait, TheEnd):
        click.echo("   the end")
