"""Commands for those who write the conversations: check, try and draw a flow."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click

from hotline.commands.trying import play
from hotline.content_files import load_content
from hotline.core.flow_check import check_library
from hotline.core.library import Library
from hotline.core.listening_time import AIM_SECONDS, MOST_SECONDS, listening_to_case
from hotline.core.prompt import LANGUAGES
from hotline.flow_drawing import draw_flow
from hotline.library_files import FlowFault, FlowFaults, load_library

ROOT = Path(__file__).parents[2]
_root = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOT,
    help="The folder that holds flows/ and audio/.",
)


@click.command("check-flows")
@_root
def check_flows(root: Path) -> None:
    """Prove that every flow is whole; list every fault with file, line and what would be right."""
    try:
        library = load_content(root).library
    except FlowFaults as found:
        _tell(found.faults)
    faults = check_library(library)
    _tell_listening(library)
    if faults:
        _tell(faults)
    steps = sum(len(flow.steps) for flow in library.flows.values())
    said = f"{len(library.flows)} flows, {steps} steps, {len(library.prompts)} prompts: no fault"
    click.echo(f"{said}. Answers can only use the TwiML verbs that both carriers take.")


@click.command("try-flow")
@click.argument("name", required=False)
@click.option("--sms", is_flag=True, help="By text instead of by call.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="km", help="The language heard.")
@click.option("--step", default=None, help="Begin at this step instead of the start.")
@_root
def try_flow(name: str | None, sms: bool, lang: str, step: str | None, root: Path) -> None:
    """Play a flow here: keys, or s silence, v voice message, h hang up, r ring again, q quit."""
    library = _load(root)
    name = name or library.entry
    _find(library, name)
    if step is not None and step not in library.flows[name].steps:
        raise click.ClickException(f"{name} has no step {step!r}")
    play(library, name, "sms" if sms else "voice", lang, step)


@click.command("draw-flow")
@click.argument("name")
@_root
def draw_flow_command(name: str, root: Path) -> None:
    """Draw a flow as SVG: flask draw-flow NAME > name.svg"""
    library = _load(root)
    _find(library, name)
    click.echo(draw_flow(library, name))


def _load(root: Path) -> Library:
    try:
        return load_library(root)
    except FlowFaults as found:
        _tell(found.faults)


def _tell(faults: Iterable[FlowFault]) -> NoReturn:
    """Every fault on a line of its own, and a failed command."""
    lines = [str(fault) for fault in faults]
    click.echo("\n".join(lines))
    raise click.ClickException(f"{len(lines)} {'fault' if len(lines) == 1 else 'faults'}")


def _find(library: Library, name: str) -> None:
    if name not in library.flows:
        known = ", ".join(sorted(library.flows))
        raise click.ClickException(f"there is no flow {name!r}; there are {known}")


def _tell_listening(library: Library) -> None:
    """How long a mother listens before her case is open."""
    for language in LANGUAGES:
        out = listening_to_case(library, language, interrupts=False)
        soon = listening_to_case(library, language, interrupts=True)
        if out is None or soon is None:
            click.echo(f"listening ({language}): no call leads to an open missing-child case")
            continue
        click.echo(
            f"listening ({language}) from answer to an open missing-child case: "
            f"{out.seconds:.1f} s hearing all out, {soon.seconds:.1f} s pressing as soon as the "
            f"key is told (at most {MOST_SECONDS:.0f}, aim {AIM_SECONDS:.0f}): "
            f"{' > '.join(out.path)}"
        )


flow_commands: list[click.Command] = [check_flows, try_flow, draw_flow_command]
