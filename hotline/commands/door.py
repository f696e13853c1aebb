"""Commands about who gets into the desk: the first admin, invitations, passphrases, lost keys."""

from __future__ import annotations

from datetime import timedelta

import click

from hotline import inviting, second_factor, staffing
from hotline.commands.opening import open_hotline
from hotline.commands.staff import find, new_name, new_number
from hotline.inviting import VALID, VALID_FOR_THE_FIRST
from hotline.parts import Hotline
from hotline.passwords import (
    KNOWN_TO_ALL,
    LONGEST,
    SHORTEST,
    PassphraseFault,
    fault_of,
    hash_password,
    is_right,
)
from hotline.storage.schema import present_revision
from hotline.storage.staff_member import hold_admins, list_passphrases

_FAULTS = {
    PassphraseFault.TOO_SHORT: f"the passphrase needs {SHORTEST} to {LONGEST} characters",
    PassphraseFault.TOO_LONG: f"the passphrase needs {SHORTEST} to {LONGEST} characters",
    PassphraseFault.KNOWN: "this passphrase stands in the documentation; take another",
    PassphraseFault.OF_THE_HOUSE: "this is mostly a name or words of this house; take others",
    PassphraseFault.TOO_WEAK: "this is easy to guess; take four or more words without connection",
}


def told(words: str, name: str, valid: timedelta) -> str:
    """What the operator hands on."""
    hours = int(valid.total_seconds()) // 3600
    return f"{name} signs in once with {words} within {hours} hours, then chooses a passphrase"


@click.command("make-admin")
@click.argument("name")
@click.argument("phone")
def make_admin(name: str, phone: str) -> None:
    """The first admin, who then adds everybody else at the desk. Only while there is none."""
    name, number, hotline = new_name(name), new_number(phone), open_hotline()
    with hotline.transaction() as tx:
        if hold_admins(tx):
            raise click.ClickException(
                "there is an admin already, who adds others at the desk; "
                "`flask invite NAME` lets one in again"
            )
        if any(staffing.is_taken(hotline, tx, name, number)):
            raise click.ClickException("NAME or PHONE belongs, or belonged, to somebody else")
        staff_id = staffing.take_on(hotline, tx, name, number, "admin")
        words = inviting.invite(hotline, tx, staff_id, "operator", VALID_FOR_THE_FIRST)
    click.echo(told(words, name, VALID_FOR_THE_FIRST))


@click.command("invite")
@click.argument("name")
def invite(name: str) -> None:
    """A passphrase to begin with: for who is new, forgot theirs, or was away for 30 days."""
    hotline = open_hotline()
    with hotline.transaction() as tx:
        words = inviting.invite(hotline, tx, find(tx, name).id, "operator")
    click.echo(told(words, name, VALID))


@click.command("set-passphrase")
@click.argument("name")
def set_passphrase(name: str) -> None:
    """Let a staff member sign in at the desk; whoever is signed in under the name is signed out.

    The passphrase is asked for: a command line is read by others.
    """
    hotline = open_hotline()
    with hotline.reading() as tx:
        find(tx, name)
    words = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True)
    fault = fault_of(words, (name,))
    if fault is not None:
        raise click.ClickException(_FAULTS[fault])
    hashed = hash_password(inviting.as_given(words))  # slow on purpose: nobody waits for it
    with hotline.transaction() as tx:
        member = find(tx, name)
        inviting.accept(hotline, tx, member.id, hashed)
        inviting.revoke_sessions(hotline, tx, member.id, "operator")
    click.echo("the passphrase is set")


@click.command("reset-second-factor")
@click.argument("name")
def reset_second_factor(name: str) -> None:
    """For who lost phone, key and paper: at the next sign-in they set up another."""
    hotline = open_hotline()
    with hotline.transaction() as tx:
        second_factor.reset(hotline, tx, find(tx, name).id, "operator")
    click.echo("reset, and signed out everywhere; be sure it was they who asked")


@click.command("sign-out-everywhere")
@click.argument("name")
def sign_out_everywhere(name: str) -> None:
    """End every session of a staff member at the desk, at once."""
    hotline = open_hotline()
    with hotline.transaction() as tx:
        ended = inviting.revoke_sessions(hotline, tx, find(tx, name).id, "operator")
    click.echo(f"{ended} sessions ended; who signs in again needs passphrase and second factor")


def refuse_demo_passphrase(hotline: Hotline) -> None:
    """Raises ClickException where somebody has the passphrase that the documentation tells."""
    if hotline.settings.is_demo:
        return
    with hotline.reading() as tx:
        known = list_passphrases(tx) if present_revision(tx) else ()
    open_to_all = [row.name for row in known if is_right(row.password_hash, KNOWN_TO_ALL)]
    if open_to_all:
        raise click.ClickException(
            f"{len(open_to_all)} staff, {open_to_all[0]} for one, have the demo's passphrase: "
            "`flask set-passphrase` gives another, `flask retire-staff` lets them go"
        )


door_commands: list[click.Command] = [
    make_admin,
    invite,
    set_passphrase,
    reset_second_factor,
    sign_out_everywhere,
]
