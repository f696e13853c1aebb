"""Commands about the words of texts: what one means, what the desk added."""

from __future__ import annotations

import sys

import click

from hotline import keyword_additions
from hotline.commands.opening import open_hotline
from hotline.content_files import load_content
from hotline.core.flow_fault import FlowFaults
from hotline.core.keywords import Keywords
from hotline.storage.database import DatabaseAway
from hotline.wiring import ROOT


@click.command("match-text")
def match_text() -> None:
    """Read texts from stdin, a line each; print topic or -, how, score, tab separated.

    With the spellings of the desk where there is a database; without one by the file alone.
    """
    keywords = _words_in_force() or _words_of_the_file()
    for line in sys.stdin:
        match = keywords.match(line.rstrip("\n"))
        click.echo(f"{match.topic or '-'}\t{match.how}\t{match.score}")


def _words_of_the_file() -> Keywords:
    try:
        return load_content(ROOT).keywords
    except FlowFaults as faults:
        raise click.ClickException(str(faults)) from None


def _words_in_force() -> Keywords | None:
    """None where nothing is set up yet: who edits the file needs no database for it."""
    try:
        hotline = open_hotline()
        with hotline.reading() as tx:
            return keyword_additions.in_force(hotline, tx)
    except (click.ClickException, DatabaseAway):
        return None


@click.command("keyword-additions")
def show_additions() -> None:
    """Spellings of the desk that are not in flows/keywords.yaml yet, as lines to put there."""
    hotline = open_hotline()
    with hotline.reading() as tx:
        lines = keyword_additions.lines_for_file(hotline, tx)
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo("the desk added nothing that is not in the file", err=True)


text_commands: list[click.Command] = [match_text, show_additions]
