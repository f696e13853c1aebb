"""Which carrier a message goes by, in which order, and what each try teaches about a carrier.

The health of every carrier is one row that all workers change on a condition, so that they agree:
one worker finds out that a carrier does not work, and all pass it over.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog

from hotline import outbox
from hotline.carriers.protocol import Carrier
from hotline.core.breaker import CALL, TEXT, Health, after, must_tell, outcome_of, probing
from hotline.core.delivery import STAFF, Fate
from hotline.core.turn import Saying
from hotline.parts import Hotline
from hotline.storage import carrier_health as table
from hotline.storage.database import DatabaseAway, Transaction
from hotline.storage.staff_member import list_staff

NEVER_MIND = timedelta(minutes=10)
"""A probe may cost a caller their text (it is never sent twice), so pages probe first."""

_TRIES = 8

log = structlog.get_logger()


def has_another(hotline: Hotline, than: str) -> bool:
    """Whether another carrier than this one could text."""
    return any(_can(each, TEXT) for each in hotline.carriers.values() if each.name != than)


def order(
    hotline: Hotline,
    direction: str,
    audience: str = STAFF,
    *,
    lost_by: str | None = None,
    by: str | None = None,
) -> tuple[Carrier, ...]:
    """Every carrier that can do it, the one to try first in front. Outside of any transaction.

    Preferred first, those that do not work last; with none that works, the preferred is tried.
    `lost_by` took this message before and lost it, `by` is preferred for this message. Empty only
    if no account can do it at all.
    """
    able = [each for each in hotline.carriers.values() if _can(each, direction)]
    able.sort(key=lambda each: each.name != by)
    if len(able) < 2:
        return tuple(able)
    try:
        with hotline.reading() as tx:
            known = table.all_health(tx)
        health = {each.name: known.get((each.name, direction), Health()) for each in able}
        first = _one_to_probe(hotline, able, health, direction, audience, lost_by)
    except DatabaseAway:
        # It can be asked again when the message is marked; now is not the time to give up.
        return tuple(sorted(able, key=lambda each: each.name == lost_by))
    return tuple(
        sorted(
            able,
            key=lambda each: (each.name == lost_by, each is not first, health[each.name].is_open),
        )
    )


def note(
    hotline: Hotline,
    tx: Transaction,
    carrier: str,
    direction: str,
    fate: Fate,
    scope: str | None = None,
) -> bool:
    """What a message's fate teaches about the carrier; `scope` is that of a refusal.

    True when supervisors are told of a trouble: ring the alerts after the commit.
    """
    outcome, now = outcome_of(fate, scope), hotline.now()
    for _ in range(_TRIES):
        before, version = table.health_of(tx, carrier, direction)
        health = after(before, outcome, now)
        is_news = must_tell(before, outcome, health)
        health = replace(health, told=health.told or is_news)
        if health == before:
            return False
        if table.save_health(tx, carrier, direction, version, health, now):
            if before.is_open != health.is_open:
                event = "carrier_passed_over" if health.is_open else "carrier_back"
                log.warning(event, carrier=carrier, direction=direction)
            return is_news and _raise_alarm(hotline, tx, carrier, direction, health.episode)
    return False  # many changed it at once: they know at least as much


def _can(carrier: Carrier, direction: str) -> bool:
    return direction == CALL or carrier.capabilities.sends_texts


def _one_to_probe(
    hotline: Hotline,
    able: list[Carrier],
    health: dict[str, Health],
    direction: str,
    audience: str,
    lost_by: str | None,
) -> Carrier | None:
    """A carrier we would rather use than the first that works, if it is time to look at it."""
    now = hotline.now()
    for each in able:
        its = health[each.name]
        if not its.is_open:
            return None
        is_safe = audience == STAFF or its.good > 0  # the last probe went well
        is_due = its.may_be_probed(now, timedelta(0) if is_safe else NEVER_MIND)
        if is_due and each.name != lost_by and _take_probe(hotline, each.name, direction):
            return each
    return None


def _take_probe(hotline: Hotline, carrier: str, direction: str) -> bool:
    now = hotline.now()
    with hotline.transaction() as tx:
        health, version = table.health_of(tx, carrier, direction)
        if not health.may_be_probed(now):
            return False
        return table.save_health(tx, carrier, direction, version, probing(health, now), now)


def _raise_alarm(
    hotline: Hotline, tx: Transaction, carrier: str, direction: str, episode: int
) -> bool:
    """Once an episode: a line in the log, and a text to supervisors if another carrier has it."""
    log.critical("carrier_in_trouble", carrier=carrier, direction=direction)
    if not has_another(hotline, carrier):
        return False
    for member in list_staff(tx, ("supervisor",)):
        key = f"carrier:{carrier}:{direction}:{episode}:{member.id}"
        outbox.put_page(hotline, tx, member, Saying("STAFF_CARRIER"), None, key)
    return True
