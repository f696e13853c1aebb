"""Commands about single shifts: somebody else takes one, a swap, the calendar of one person."""

from __future__ import annotations

from datetime import datetime

import click

from hotline import calendar_addresses, rota, swaps
from hotline.commands.opening import open_hotline
from hotline.commands.rota_words import (
    DONE,
    FAULTS,
    OPERATOR,
    SWAPPED,
    find,
    from_option,
    place_option,
    until_option,
    written,
)
from hotline.swaps import Part, Swapped


@click.command("override-shift")
@click.argument("name")
@from_option
@until_option
@place_option
def override_shift(name: str, starts_at: datetime, ends_at: datetime, place: int) -> None:
    """NAME takes this span in this place; whoever had it keeps the rest. Both are told."""
    hotline = open_hotline()
    with hotline.transaction() as tx:
        member = find(tx, name)
        fault = rota.override(hotline, tx, member.id, starts_at, ends_at, place, OPERATOR)
    if fault is not None:
        raise click.ClickException(FAULTS[fault])
    hotline.ring({"alerts"})
    click.echo(f"{name} has place {place} from {written(starts_at)} until {written(ends_at)}")


@click.group("swap")
def swap() -> None:
    """Ask a colleague to take a shift, and answer for who asked by telephone."""


@swap.command("ask")
@click.argument("name")
@click.argument("other")
@from_option
@until_option
@place_option
def ask(name: str, other: str, starts_at: datetime, ends_at: datetime, place: int) -> None:
    """NAME asks OTHER to take a span of a shift."""
    hotline = open_hotline()
    with hotline.transaction() as tx:
        asker, asked = find(tx, name), find(tx, other)
        came = swaps.ask(hotline, tx, asker.id, asked, Part(starts_at, ends_at, place))
    hotline.ring({"alerts"})
    _tell(came)


@swap.command("accept")
@click.argument("name")
@click.argument("number", type=int)
def accept(name: str, number: int) -> None:
    """NAME, who was asked, takes the shift of swap NUMBER (see `flask list-rota`)."""
    _answer(name, number, accepts=True)


@swap.command("refuse")
@click.argument("name")
@click.argument("number", type=int)
def refuse(name: str, number: int) -> None:
    """NAME, who was asked, cannot take it."""
    _answer(name, number, accepts=False)


@swap.command("withdraw")
@click.argument("name")
@click.argument("number", type=int)
def withdraw(name: str, number: int) -> None:
    """NAME, who asked, asks no more."""
    hotline = open_hotline()
    with hotline.transaction() as tx:
        came = swaps.withdraw(hotline, tx, find(tx, name).id, number)
    _tell(came)


@click.command("calendar-address")
@click.argument("name")
@click.option("--revoke", is_flag=True, help="Take the address back instead.")
def calendar_address(name: str, revoke: bool) -> None:
    """Print a new secret address of NAME's shifts, once. The address before it ends."""
    hotline = open_hotline()
    with hotline.transaction() as tx:
        member = find(tx, name)
        if revoke:
            there_was = calendar_addresses.revoke(hotline, tx, member.id, OPERATOR)
            told = "the address is worth nothing now" if there_was else "there was no address"
        else:
            told = calendar_addresses.make_address(hotline, tx, member.id, OPERATOR)
    click.echo(told)


def _answer(name: str, number: int, *, accepts: bool) -> None:
    hotline = open_hotline()
    with hotline.transaction() as tx:
        came = swaps.answer(hotline, tx, find(tx, name).id, number, accepts=accepts)
    hotline.ring({"alerts"})
    _tell(came)


def _tell(came: Swapped) -> None:
    if came not in DONE:
        raise click.ClickException(SWAPPED[came])
    click.echo(SWAPPED[came])


shift_commands: list[click.Command] = [override_shift, swap, calendar_address]
