"""Commands about the list of services: the numbers of the whole country, and what is overdue."""

from __future__ import annotations

import click

from hotline import directory
from hotline.commands.opening import open_hotline
from hotline.core.local_time import day_at
from hotline.parts import Hotline
from hotline.storage.database import DatabaseAway
from hotline.storage.directory import Wanted, list_services
from hotline.storage.schema import newest_revision, present_revision

NO_LIST = (
    "no list, no launch: no service that was checked in the last three months covers the provinces"
    " callers are in; see docs/referrals.md"
)
_MOST = 500


@click.command("seed-services")
def seed_services() -> None:
    """Put the numbers for the whole country into the list, where they are missing."""
    hotline = open_hotline()
    with hotline.transaction() as tx:
        count = directory.seed_national(hotline, tx)
    click.echo(f"{count} services were added")


@click.command("services")
@click.option("--overdue", is_flag=True, help="Only those that somebody has to check.")
def show_services(overdue: bool) -> None:
    """Services in use: number in the list, place, when to check, name. Nobody's name."""
    hotline = open_hotline()
    day = day_at(hotline.now())
    with hotline.reading() as tx:
        for row in list_services(tx, Wanted(), limit=_MOST, overdue_first=day):
            if not overdue or directory.is_overdue(row, day):
                name = row.name_en or row.name_km
                click.echo(f"{row.id}\t{row.place or 'all'}\t{row.check_due_on}\t{name}")


def warn_without_list(hotline: Hotline) -> None:
    """Said at the start, in the terminal. Beside the simulator nobody is referred for real."""
    if hotline.settings.is_demo:
        return
    try:
        with hotline.reading() as tx:
            if present_revision(tx) != newest_revision():
                return  # the tables are made after this
            if directory.lacks_checked_service(hotline, tx):
                click.echo(NO_LIST, err=True)
    except DatabaseAway:
        return


service_commands: list[click.Command] = [seed_services, show_services]
