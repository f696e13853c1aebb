"""Commands about what is kept: forget a caller, show what is kept of one, what is due."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from hotline.commands.opening import open_hotline
from hotline.core.phone_number import normalise
from hotline.retention import report
from hotline.retention_caller import Forgotten
from hotline.retention_caller import forget_caller as forget
from hotline.retention_export import export_caller as export

_NO_NUMBER = "PHONE is no phone number; write it like 012 345 678, or - to be asked for it"


@click.command("forget-caller")
@click.argument("phone")
@click.option("--also-open", is_flag=True, help="Close the open cases of this number first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget_caller(phone: str, also_open: bool, yes: bool) -> None:
    """Forget all that is kept of a phone number. PHONE may be -: then it is asked for, and stands
    in no history of the shell."""
    number, hotline = _number(phone), open_hotline()
    if not yes:
        click.confirm("All that this phone said is deleted for good. Go on?", abort=True)
    done = forget(hotline, number, also_open=also_open)
    if done.held or done.open:
        raise click.ClickException(_why_not(done))
    for name, count in done.counts.items():
        click.echo(f"{name.replace('_', ' ')}: {count}")


def _why_not(done: Forgotten) -> str:
    if done.held:
        return f"nothing was forgotten: under legal hold are {', '.join(done.held)}"
    return (
        f"nothing was forgotten: still open are {', '.join(done.open)}. "
        "Close them at the desk, or let --also-open close them"
    )


@click.command("export-caller")
@click.argument("phone")
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Print it, though a screen or a log may keep it.")
def export_caller(phone: str, target: Path | None, yes: bool) -> None:
    """Write all that is kept of a phone number as JSON, in the clear, into a file of mode 600."""
    number = _number(phone)
    if target is None and not yes:
        where = "a screen" if sys.stdout.isatty() else "wherever this output goes, a log perhaps"
        raise click.ClickException(f"this would stand on {where}: name a file with --to, or --yes")
    if target is not None and target.exists():
        raise click.ClickException("the file of --to exists; name a new one")
    told = export(open_hotline(), number)
    if told is None:
        raise click.ClickException("nothing is kept of this number")
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    if target is None:
        click.echo(text, nl=False)
        return
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    click.echo(f"wrote {target}; hand it over, then delete it")


@click.command("retention")
def retention() -> None:
    """What is due to be forgotten now, by rule. Changes nothing: the workers do it, day by day."""
    hotline = open_hotline()
    with hotline.reading() as tx:
        counts = report(hotline, tx, hotline.now())
    for name, rule in hotline.schedule.rules.items():
        days = rule.keep.total_seconds() / 86400
        click.echo(f"{name}: kept {days:g} d, then {rule.then}; due now: {counts.get(name, 0)}")


def _number(phone: str) -> str:
    if phone == "-":
        phone = click.prompt("PHONE", hide_input=True)
    number = normalise(phone)
    if number is None:
        raise click.ClickException(_NO_NUMBER)
    return number


retention_commands: list[click.Command] = [forget_caller, export_caller, retention]
