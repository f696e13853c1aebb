"""The command that tells which topic a text means."""

from __future__ import annotations

import sys

import click

from hotline.content_files import load_content
from hotline.core.flow_fault import FlowFaults
from hotline.wiring import ROOT


@click.command("match-text")
def match_text() -> None:
    """Read texts from stdin, a line each; print topic or -, how, score, tab separated."""
    try:
        keywords = load_content(ROOT).keywords
    except FlowFaults as faults:
        raise click.ClickException(str(faults)) from None
    for line in sys.stdin:
        match = keywords.match(line.rstrip("\n"))
        click.echo(f"{match.topic or '-'}\t{match.how}\t{match.score}")


text_commands: list[click.Command] = [match_text]
