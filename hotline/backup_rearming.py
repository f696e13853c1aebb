"""After a restore: what was open is brought up again, what may have gone out is not repeated.

Between the backup and the restore the line may have gone on for a day. So a message to a caller
that was waiting then is never sent, as it may have been; whereas each open case is paged anew.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace

from hotline import audit, bridges, exporting, ladder, outbox
from hotline.backup_form import Head
from hotline.core.bridge_call import GIVEN_UP
from hotline.core.local_time import PHNOM_PENH
from hotline.core.turn import Saying
from hotline.doorbell import Doorbell
from hotline.parts import Hotline
from hotline.replaying import replay
from hotline.spool import Spool
from hotline.staffing import roster
from hotline.storage import restored, whole_table
from hotline.storage.case import OPEN, add_event
from hotline.storage.database import Transaction
from hotline.storage.staff_member import get_staff

SPOOL = "spool.restored"
"""Apart from the spool, so that no worker takes it up before what it leads to is looked at."""


@dataclass(frozen=True, slots=True)
class Rearmed:
    open_cases: int
    claimed_cases: int
    not_sent: int  # messages to callers
    taken_up: int  # calls and texts that had waited in the spool


def rearm(hotline: Hotline, tx: Transaction, head: Head) -> Rearmed:
    """In the transaction that takes the backup in."""
    now = hotline.now()
    body = hotline.vault.encrypt(b"", outbox.CONTEXT)
    restored.leave_numbers_out(tx, body_sealed=body, created_at=now, updated_at=now)
    whole_table.count_on(tx, ["outbox_item"])
    not_sent = restored.doubt_messages_to_callers(tx, now)
    restored.send_pages_again(tx, now)
    for bridge in restored.bridges_being_rung(tx):
        bridges.settle(hotline, tx, bridge, GIVEN_UP)  # else the caller is rung for an old wish
    exporting.give_up_all(tx, now)
    under_way = restored.cases_under_way(tx)
    waiting = [case for case in under_way if case.state == OPEN]
    for case in under_way:
        add_event(tx, case.id, restored.MARK, now)
    for case in waiting:
        ladder.restart(hotline, tx, case.id)
    _tell_staff(hotline, tx, head)
    audit.note(tx, now, "command", "restore", "database", f"revision {head.revision}")
    return Rearmed(len(waiting), len(under_way) - len(waiting), not_sent, 0)


def _tell_staff(hotline: Hotline, tx: Transaction, head: Head) -> None:
    """Whoever works here must know that what they wrote down since then is gone."""
    now = hotline.now()
    at = f"{head.taken_at.astimezone(PHNOM_PENH):%d/%m %H:%M}"
    for staff_id in roster(tx, now).everyone:
        key = f"{restored.MARK}:{now:%Y%m%d%H%M%S}:{staff_id}"
        say = Saying("STAFF_RESTORED", (("time", at),))
        outbox.put_page(hotline, tx, get_staff(tx, staff_id), say, None, key)


def take_up_spool(hotline: Hotline, rearmed: Rearmed) -> Rearmed:
    """Who rang while the database was away then is a case now; but no answer goes out to them."""
    folder = hotline.settings.data / SPOOL
    apart = replace(hotline, spool=Spool(folder, hotline.vault), doorbell=Doorbell(None))
    taken_up = replay(apart) if folder.is_dir() else 0
    with hotline.transaction() as tx:
        not_sent = restored.doubt_messages_to_callers(tx, hotline.now())
    # What could not be taken up now (the database was busy) the workers go on with: a request that
    # is answered twice is better than one that is lost.
    for left in sorted(folder.iterdir()) if folder.is_dir() else ():
        hotline.spool.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        left.rename(hotline.spool.folder / left.name)
    shutil.rmtree(folder, ignore_errors=True)
    return replace(rearmed, taken_up=taken_up, not_sent=rearmed.not_sent + not_sent)
