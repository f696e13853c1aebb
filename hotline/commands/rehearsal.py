"""A rehearsal now, without waiting for its day."""

from __future__ import annotations

import time

import click

from hotline import rehearsing
from hotline.commands.opening import open_hotline
from hotline.parts import Hotline
from hotline.storage.rehearsal import DONE, FAILED, RUNNING, get_rehearsal

_PAUSE = 2.0


@click.command("rehearse")
@click.option("--wait/--no-wait", default=True, help="Wait until the page is answered.")
def rehearse(wait: bool) -> None:
    """Try the whole chain now: a call to our own address, a case, a page, an answer."""
    hotline = open_hotline()
    rehearsal_id = rehearsing.rehearse(hotline, hotline.now())
    if rehearsal_id is None:
        raise click.ClickException("a rehearsal is running already")
    shown = 0
    while True:
        shown, state = _show_news(hotline, rehearsal_id, shown)
        if state != RUNNING or not wait:
            break
        time.sleep(_PAUSE)  # the workers see to the rest
    if state == RUNNING:
        click.echo("the page is on its way: the desk tells how it ends")
    elif state == DONE:
        click.echo("all went well")


def _show_news(hotline: Hotline, rehearsal_id: int, shown: int) -> tuple[int, str]:
    """The steps reached since; how many are shown now, and the state."""
    with hotline.reading() as tx:
        row = get_rehearsal(tx, rehearsal_id)
    for step, seconds in row.steps[shown:]:
        click.echo(f"{step}\t{seconds} s")
    if row.state == FAILED:
        raise click.ClickException(f"not reached: {row.failed_at} ({row.why})")
    return len(row.steps), str(row.state)


rehearsal_commands: list[click.Command] = [rehearse]
