"""Commands about people: add a staff member, put them on call, let them go, seed the demo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from hotline import demo, demo_services, letting_go, pins, staffing
from hotline.commands.opening import open_hotline
from hotline.core.phone_number import normalise
from hotline.core.pin_rules import PinFault
from hotline.storage.database import Transaction
from hotline.storage.shift import add_shift
from hotline.storage.staff_member import ROLES, find_staff_by_name


@click.command("add-staff")
@click.argument("name")
@click.argument("phone")
@click.option("--role", type=click.Choice(ROLES), default="duty", show_default=True)
@click.option("--on-call-now", is_flag=True, help="Put on call for the next 12 hours.")
def add_staff(name: str, phone: str, role: str, on_call_now: bool) -> None:
    """Add a staff member with the phone that is paged."""
    name, number, hotline = new_name(name), new_number(phone), open_hotline()
    with hotline.transaction() as tx:
        has_name, has_phone = staffing.is_taken(hotline, tx, name, number)
        if has_name:
            raise click.ClickException("NAME is taken; choose another, such as Dara 2")
        if has_phone:
            raise click.ClickException("PHONE belongs, or belonged, to another staff member")
        staff_id = staffing.take_on(hotline, tx, name, number, role)
        if on_call_now:
            now = hotline.now()
            add_shift(tx, staff_id, now, now + timedelta(hours=12))
    click.echo(f"added as staff member {staff_id}; `flask invite` lets them in at the desk")


@click.command("put-on-call")
@click.argument("name")
@click.option("--hours", type=click.IntRange(1, 24 * 31), default=12, show_default=True)
@click.option("--place", type=click.IntRange(1, 9), default=1, show_default=True)
def put_on_call(name: str, hours: int, place: int) -> None:
    """A shift from now on; who has place 1 is paged first, place 2 next."""
    hotline = open_hotline()
    with hotline.transaction() as tx:
        member = find(tx, name)
        now = hotline.now()
        add_shift(tx, member.id, now, now + timedelta(hours=hours), place)
    click.echo(f"on call for {hours} hours")


@click.command("retire-staff")
@click.argument("name")
def retire_staff(name: str) -> None:
    """No pages, no sign-in, no shift any more: for who leaves. Name and phone stay taken."""
    hotline = open_hotline()
    with hotline.transaction() as tx:
        letting_go.let_go(hotline, tx, find(tx, name).id, "operator")
    hotline.ring({"alerts"})
    click.echo("retired, and signed out everywhere; what they had went to others")


_PIN_FAULTS = {
    PinFault.NOT_FOUR_TO_SIX_DIGITS: "the PIN needs four to six digits",
    PinFault.REPEATS: "the PIN repeats itself; take one such as nobody would guess",
    PinFault.IN_ORDER: "the digits stand in order; take some that do not",
    PinFault.A_YEAR: "the PIN could be a year; take another",
    PinFault.USUAL: "many people have this PIN; take another",
    PinFault.IN_THE_PHONE_NUMBER: "the PIN is a part of the phone number; take another",
}


@click.command("set-pin")
@click.argument("name")
def set_pin(name: str) -> None:
    """Let a staff member work by phone. The PIN is asked for: a command line is read by others."""
    hotline = open_hotline()
    with hotline.reading() as tx:
        find(tx, name)
    digits = click.prompt("PIN", hide_input=True, confirmation_prompt=True)
    if digits in demo.PINS.values() and not hotline.settings.is_demo:
        raise click.ClickException("this PIN stands in the documentation; take another")
    with hotline.transaction() as tx:
        fault = pins.set_pin(hotline, tx, find(tx, name).id, digits)
    if fault is not None:
        raise click.ClickException(_PIN_FAULTS[fault])
    click.echo("the PIN is set; whoever has it works by phone from now on")


@click.command("seed-demo")
def seed_demo() -> None:
    """Add the demo's staff and rota. Only beside the simulator."""
    hotline = open_hotline()
    if not hotline.settings.is_demo:
        raise click.ClickException("seed-demo is for the demo: HOTLINE_CARRIER must be simulator")
    with hotline.transaction() as tx:
        demo.seed(hotline, tx)
        demo_services.seed(hotline, tx)
    names = ", ".join(name for name, _, _ in demo.STAFF)
    others = ", ".join(f"{name} ({role})" for name, _, role in demo.DESK_STAFF)
    pins_told = ", ".join(demo.PINS.values())
    click.echo(
        f"sign in as {names} with the passphrase {demo.PASSPHRASE}, by phone with {pins_told}\n"
        f"with the same passphrase at the desk only: {others}"
    )


def new_name(typed: str) -> str:
    """As it will be looked for at the sign-in. Raises ClickException."""
    name = staffing.tidy_name(typed)
    if not name:
        raise click.ClickException(f"NAME needs 1 to {staffing.LONGEST_NAME} letters, in one line")
    return name


def new_number(phone: str) -> str:
    """E.164. Raises ClickException."""
    number = normalise(phone)
    if number is None:
        raise click.ClickException("PHONE is no phone number; write it like 012 345 678")
    return number


def find(tx: Transaction, name: str) -> Any:
    """The staff member of this name. Raises ClickException."""
    member = find_staff_by_name(tx, staffing.tidy_name(name))
    if member is None:
        raise click.ClickException("nobody has this NAME; see `flask add-staff`")
    return member


staff_commands: list[click.Command] = [
    add_staff,
    put_on_call,
    retire_staff,
    set_pin,
    seed_demo,
]
