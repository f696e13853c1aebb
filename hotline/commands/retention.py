"""Commands about what is kept: forget a caller, show what is kept of one, what is due."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

import click

from hotline import carrier_copies
from hotline.commands.opening import open_hotline
from hotline.core.phone_number import normalise
from hotline.core.retention import BY_HAND, CARRIER_COPIES, NOBODY, TWO, VOICE, VOICE_AT_MOST, Rule
from hotline.parts import Hotline
from hotline.retention import report
from hotline.retention_caller import Forgotten
from hotline.retention_caller import forget_caller as forget
from hotline.retention_export import export_caller as export
from hotline.storage import retention_due
from hotline.storage.database import Transaction

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
        for rule in hotline.schedule.rules.values():
            click.echo(f"{rule.name}: {_of_rule(hotline, tx, rule, counts.get(rule.name, 0))}")


def _of_rule(hotline: Hotline, tx: Transaction, rule: Rule, due: int) -> str:
    """How it goes, and a number only where somebody counted."""
    if rule.name == CARRIER_COPIES:
        late = carrier_copies.overdue(hotline, tx)
        return f"deleted there at once; overdue: {late}"
    kept = f"kept {_span(rule.keep)}, then"
    if rule.then == BY_HAND:
        return f"{kept} by hand: docs/retention.md"
    if rule.name == VOICE_AT_MOST:
        return f"{kept} {rule.then}; counted with {VOICE}"
    if rule.asks == NOBODY:
        return f"{kept} {rule.then}; goes by itself"
    if rule.asks == TWO:
        reached = retention_due.count(
            tx, retention_due.due_cases(hotline.schedule, rule, hotline.now(), asked=False)
        )
        return f"{kept} {rule.then}; due now, agreed by two: {due}; not agreed: {reached - due}"
    return f"{kept} {rule.then}; due now: {due}"


def _span(keep: timedelta) -> str:
    hours = keep.total_seconds() / 3600
    return f"{hours:g} h" if hours <= 24 else f"{hours / 24:g} d"


def _number(phone: str) -> str:
    if phone == "-":
        phone = click.prompt("PHONE", hide_input=True)
    number = normalise(phone)
    if number is None:
        raise click.ClickException(_NO_NUMBER)
    return number


retention_commands: list[click.Command] = [forget_caller, export_caller, retention]
