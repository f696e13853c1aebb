"""Commands that look: cases, outbox, prompts, audit chain, the start. Nothing personal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click

from hotline import audit
from hotline.commands.door import refuse_demo_passphrase
from hotline.commands.opening import open_before_tables, open_hotline
from hotline.commands.services import warn_without_list
from hotline.content_files import load_content
from hotline.core.flow_fault import FlowFaults
from hotline.core.prompt import LANGUAGES
from hotline.storage.case_search import list_cases
from hotline.storage.outbox_item import list_items
from hotline.wiring import ROOT


@click.command("list-cases")
@click.option("--json", "as_json", is_flag=True)
@click.option("--closed", is_flag=True, help="The closed ones instead of the open ones.")
def show_cases(as_json: bool, closed: bool) -> None:
    """Cases: reference, kind, priority, state, when opened, claimed by."""
    with open_hotline().reading() as tx:
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


@click.command("list-outbox")
@click.option("--json", "as_json", is_flag=True)
def show_outbox(as_json: bool) -> None:
    """Messages: id, audience, channel, state, tries."""
    names = ("id", "audience", "channel", "state", "tries")
    with open_hotline().reading() as tx:
        rows = [{name: getattr(item, name) for name in names} for item in list_items(tx)]
    _print(rows, as_json)


@click.command("prompt-gaps")
def show_gaps() -> None:
    """Prompts that are not ready for the public: draft words, scratch or missing recordings."""
    try:
        prompts = load_content(ROOT).library.prompts
    except FlowFaults as faults:
        raise click.ClickException(str(faults)) from None
    gaps = 0
    for prompt in prompts.values():
        for language in LANGUAGES:
            sound = prompt.sounds.get(language)
            words = prompt.status.get(language, "draft")
            take = (sound.quality if sound else "missing") if "voice" in prompt.channels else "-"
            if words == "draft" or take in ("scratch", "missing"):
                gaps += 1
                click.echo(f"{prompt.name}\t{language}\twords {words}\ttake {take}")
    click.echo(f"{gaps} gaps", err=True)


@click.command("verify-audit")
@click.option("--seal", "seals", multiple=True, help="NUMBER-SEAL, as the morning text had it.")
def verify_audit(seals: tuple[str, ...]) -> None:
    """Prove that nobody changed the audit chain."""
    noted = dict(_read_seal(seal) for seal in seals)
    with open_hotline().reading() as tx:
        broken = audit.first_broken_line(tx, noted)
    if broken is not None:
        raise click.ClickException(f"the audit chain is broken at line {broken}")
    click.echo("the audit chain is whole")


@click.command("check-start")
def check_start() -> None:
    """Say whether the hotline would start: settings, flows, recordings, keys, no demo's staff."""
    hotline = open_before_tables()
    refuse_demo_passphrase(hotline)
    warn_without_list(hotline)
    click.echo("the hotline would start")


list_commands: list[click.Command] = [
    show_cases,
    show_outbox,
    show_gaps,
    verify_audit,
    check_start,
]


def _read_seal(written: str) -> tuple[int, str]:
    number, _, seal = written.lower().partition("-")
    if not number.isdecimal() or len(seal) < 8 or not set(seal) <= set("0123456789abcdef"):
        raise click.ClickException(f"{written!r} is no seal; write it like 10482-4f2a91bc77d0e1f2")
    return int(number), seal


def _print(rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        click.echo("\t".join("-" if value is None else str(value) for value in row.values()))
