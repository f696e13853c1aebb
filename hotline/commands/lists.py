"""Commands that look: cases, the outbox, the audit chain. Never anything personal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click

from hotline import audit
from hotline.parts import Hotline
from hotline.storage.case import list_cases
from hotline.storage.outbox_item import list_items


def list_commands(hotline: Hotline) -> list[click.Command]:
    """The commands of this file, for one Hotline."""
    return [_list_cases(hotline), _list_outbox(hotline), _verify_audit(hotline)]


def _list_cases(hotline: Hotline) -> click.Command:
    @click.command("list-cases")
    @click.option("--json", "as_json", is_flag=True)
    @click.option("--closed", is_flag=True, help="The closed ones instead of the open ones.")
    def show(as_json: bool, closed: bool) -> None:
        """Cases: reference, kind, priority, state, when opened, claimed by."""
        with hotline.reading() as tx:
            rows = [
                {
                    "ref": case.ref,
                    "kind": case.kind,
                    "priority": case.priority,
                    "state": case.state,
                    "opened": case.opened_at.isoformat(timespec="seconds"),
                    "claimed_by": case.claimed_by_name,
                }
                for case in list_cases(tx, closed=closed)
            ]
        _print(rows, as_json)

    return show


def _list_outbox(hotline: Hotline) -> click.Command:
    @click.command("list-outbox")
    @click.option("--json", "as_json", is_flag=True)
    def show(as_json: bool) -> None:
        """Messages: id, audience, channel, state, tries."""
        with hotline.reading() as tx:
            rows = [
                {
                    "id": item.id,
                    "audience": item.audience,
                    "channel": item.channel,
                    "state": item.state,
                    "tries": item.tries,
                }
                for item in list_items(tx)
            ]
        _print(rows, as_json)

    return show


def _verify_audit(hotline: Hotline) -> click.Command:
    @click.command("verify-audit")
    def verify() -> None:
        """Prove that nobody changed the audit chain."""
        with hotline.reading() as tx:
            broken = audit.first_broken_line(tx)
        if broken is not None:
            raise click.ClickException(f"the audit chain is broken at line {broken}")
        click.echo("the audit chain is whole")

    return verify


def _print(rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        click.echo("\t".join("-" if value is None else str(value) for value in row.values()))
