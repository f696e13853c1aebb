"""The command about how a staff member may be disturbed: by what, and when not."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

import click

from hotline import audit
from hotline.commands.opening import open_hotline
from hotline.core.reachability import LONGEST_QUIET, QUIET_FROM, QUIET_TO, quiet_span, time_of
from hotline.storage.staff_member import find_staff_by_name, get_staff, set_reach

USUAL, NONE = "usual", "none"
_MIDNIGHT = "00:00"


@click.command("set-reach")
@click.argument("name")
@click.option("--sms/--no-sms", default=None, help="Page by text, or not.")
@click.option("--voice/--no-voice", default=None, help="Page by call, or not.")
@click.option("--quiet", metavar="FROM-TO", help="Such as 22:00-06:00; or: usual, none.")
@click.option("--zone", help="Whose clock: such as Asia/Bangkok.")
def set_staff_reach(
    name: str, sms: bool | None, voice: bool | None, quiet: str | None, zone: str | None
) -> None:
    """How NAME is paged, and the quiet hours in which only P0 and P1 are told."""
    given = {"by_sms": sms, "by_voice": voice, "zone": _known_zone(zone)}
    values: dict[str, Any] = {what: value for what, value in given.items() if value is not None}
    if quiet is not None:
        values |= dict(zip(("quiet_from", "quiet_to"), _quiet_hours(quiet), strict=True))
    hotline = open_hotline()
    with hotline.transaction() as tx:
        member = find_staff_by_name(tx, name)
        if member is None:
            raise click.ClickException("nobody has this NAME; see `flask add-staff`")
        if not values.get("by_sms", member.by_sms) and not values.get("by_voice", member.by_voice):
            raise click.ClickException("leave one way open: text or call")
        if values:
            set_reach(tx, member.id, **values)
            changed = " ".join(sorted(values))
            audit.note(tx, hotline.now(), "command", "set_reach", f"staff:{member.id}", changed)
        click.echo(_in_words(get_staff(tx, member.id)))


def _known_zone(zone: str | None) -> str | None:
    if zone is not None and zone not in available_timezones():
        raise click.ClickException("ZONE is not known; write it like Asia/Phnom_Penh")
    return zone


def _quiet_hours(written: str) -> tuple[str | None, str | None]:
    """As they are kept: None for the house's usual ones, the same time twice for none at all."""
    if written == USUAL:
        return None, None
    if written == NONE:
        return _MIDNIGHT, _MIDNIGHT
    begins, _, ends = written.partition("-")
    try:
        span = quiet_span(time_of(begins), time_of(ends))
    except ValueError:
        right = "write them like 22:00-06:00, or: usual, none"
        raise click.ClickException(f"these are no quiet hours; {right}") from None
    if not span:
        raise click.ClickException("quiet hours must end at another time; for none, write: none")
    if span > LONGEST_QUIET:
        hours = LONGEST_QUIET.seconds // 3600
        raise click.ClickException(f"quiet for more than {hours} hours: nobody could be reached")
    return begins, ends


def _in_words(member: Any) -> str:
    ways = " and ".join(
        way for way, is_on in (("text", member.by_sms), ("call", member.by_voice)) if is_on
    )
    begins, ends = member.quiet_from or QUIET_FROM, member.quiet_to or QUIET_TO
    quiet = f"quiet {begins}-{ends} {member.zone}" if begins != ends else "never quiet"
    return f"paged by {ways}, {quiet}"


reach_commands: list[click.Command] = [set_staff_reach]
