"""The list of services: put one in, change it, say that it was checked, let it go.

Nobody is referred to a service that somebody forgot: each is checked every three months.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from hotline import audit
from hotline.core.listed_service import (
    ALL,
    CHILDREN,
    EVERYWHERE,
    Entrusted,
    Service,
    check_due,
    next_check,
)
from hotline.core.local_time import day_at
from hotline.core.place_names import folded, sound_of
from hotline.parts import Hotline
from hotline.storage import directory as table
from hotline.storage.database import Transaction

CONTEXT = "service.entrusted"
SPOKEN_CONTEXT = "service.spoken_to"
_FIELDS = ("name", "place", "categories", "serves", "hours", "phones", "authority", "agreed")

_DAY_AND_NIGHT = "២៤ ម៉ោង / 24 h"
NATIONAL: dict[str, Service] = {
    "117": Service(
        "នគរបាលជាតិ ១១៧", "Police 117", EVERYWHERE, ("police",), ALL, _DAY_AND_NIGHT, "117", True
    ),
    "1280": Service(
        "ខ្សែទូរស័ព្ទជំនួយកុមារកម្ពុជា ១២៨០",
        "Child Helpline Cambodia 1280",
        EVERYWHERE,
        ("child_protection", "psychosocial"),
        CHILDREN,
        _DAY_AND_NIGHT,
        "1280",
        False,
    ),
    "1288": Service(
        "នគរបាល ១២៨៨៖ រំលោភបំពាន ឬជួញដូរកុមារ",
        "Police 1288: abuse or trafficking of a child",
        EVERYWHERE,
        ("police", "child_protection"),
        CHILDREN,
        "",
        "1288",
        True,
    ),
    "APLE": Service(
        "ខ្សែទូរស័ព្ទ APLE៖ រំលោភផ្លូវភេទលើកុមារ",
        "APLE hotline: sexual abuse of children, also online",
        EVERYWHERE,
        ("child_protection", "legal"),
        CHILDREN,
        _DAY_AND_NIGHT,
        "092 311 511",
        False,
    ),
    "1297": Service(
        "ក្រសួងការងារ ១២៩៧",
        "Ministry of Labour 1297",
        EVERYWHERE,
        ("migration", "return"),
        ALL,
        "",
        "1297",
        True,
    ),
    "TH1300": Service(
        "មជ្ឈមណ្ឌលជំនួយសង្គម ប្រទេសថៃ ១៣០០",
        "Thailand: Social Assistance Centre 1300",
        EVERYWHERE,
        ("child_protection", "shelter", "migration"),
        ALL,
        _DAY_AND_NIGHT,
        "1300",
        True,
    ),
    "TH191": Service(
        "នគរបាលថៃ ១៩១", "Thailand: police 191", EVERYWHERE, ("police",), ALL, "", "191", True
    ),
}
"""Numbers found on a page of their owner; none was dialled yet, so each is due for a check."""


def put_in(
    hotline: Hotline,
    tx: Transaction,
    service: Service,
    staff_id: int | None,
    *,
    known_as: str | None = None,
    is_example: bool = False,
) -> int:
    """A new line of the list; its row number."""
    service_id = _add(hotline, tx, service, staff_id, known_as=known_as, is_example=is_example)
    actor = f"staff:{staff_id}" if staff_id is not None else "hotline"
    detail = ",".join(_FIELDS)
    audit.note(tx, hotline.now(), actor, "add_service", f"service:{service_id}", detail)
    return service_id


def _add(
    hotline: Hotline, tx: Transaction, service: Service, staff_id: int | None, **columns: Any
) -> int:
    now = hotline.now()
    return table.add_service(
        tx,
        service.categories,
        **_row(hotline, service),
        **columns,
        is_active=True,
        check_due_on=check_due(service.checked_on, day_at(now)),
        added_at=now,
        changed_at=now,
        changed_by=staff_id,
        version=1,
    )


def change(
    hotline: Hotline,
    tx: Transaction,
    service_id: int,
    service: Service,
    version: int,
    staff_id: int,
) -> bool:
    """False where somebody changed it meanwhile. When it was checked is said by `note_check`."""
    now, row = hotline.now(), _row(hotline, service)
    row.pop("checked_on")
    known, did = table.get_service(tx, service_id), table.categories_of(tx, [service_id])
    done = table.change_service(
        tx,
        service_id,
        version,
        service.categories,
        **row,
        changed_at=now,
        changed_by=staff_id,
    )
    if done:
        changed = [name for name, value in row.items() if _differs(hotline, known, name, value)]
        if set(did.get(service_id, ())) != set(service.categories):
            changed.append("categories")
        detail = ",".join(changed)
        audit.note(tx, now, f"staff:{staff_id}", "change_service", f"service:{service_id}", detail)
    return done


def note_check(
    hotline: Hotline, tx: Transaction, service_id: int, spoken_to: str, staff_id: int
) -> None:
    """Somebody rang the service today and it is as the list says."""
    now = hotline.now()
    day = day_at(now)
    sealed = hotline.vault.encrypt(spoken_to.encode(), SPOKEN_CONTEXT) if spoken_to else None
    table.add_check(tx, service_id, staff_id, sealed, now)
    table.put_check(tx, service_id, day, next_check(day), now)
    audit.note(tx, now, f"staff:{staff_id}", "check_service", f"service:{service_id}")


def retire(
    hotline: Hotline,
    tx: Transaction,
    service_id: int,
    version: int,
    staff_id: int,
    *,
    is_active: bool = False,
) -> bool:
    """Nobody is referred there any more, or again; what was referred stays as it was."""
    now = hotline.now()
    values = {"is_active": is_active, "changed_at": now, "changed_by": staff_id}
    done = table.change_row(tx, service_id, version, **values)
    if done:
        action = "restore_service" if is_active else "retire_service"
        audit.note(tx, now, f"staff:{staff_id}", action, f"service:{service_id}")
    return done


def put_in_all(
    hotline: Hotline, tx: Transaction, services: Sequence[Service], staff_id: int
) -> None:
    """From a file: all of them, in the caller's one transaction."""
    added = [f"service:{_add(hotline, tx, service, staff_id)}" for service in services]
    now, actor = hotline.now(), f"staff:{staff_id}"
    # Last and all at once: who writes the audit chain holds up whoever else does.
    audit.note_all(tx, now, actor, "add_service", added, ",".join(_FIELDS))
    audit.note(tx, now, actor, "import_services", "services", str(len(added)))


def seed_national(hotline: Hotline, tx: Transaction) -> int:
    """The numbers for the whole country that are not in the list yet; how many those were."""
    known = table.all_known_as(tx)
    missing = [name for name in NATIONAL if name not in known]
    for name in missing:
        put_in(hotline, tx, NATIONAL[name], None, known_as=name)
    return len(missing)


def entrusted_of(hotline: Hotline, row: Any) -> Entrusted:
    """The named people and the notes of a service, for who may see the list."""
    if row.entrusted_sealed is None:
        return Entrusted()
    return Entrusted(**json.loads(hotline.vault.decrypt(row.entrusted_sealed, CONTEXT)))


def spoken_to(hotline: Hotline, sealed: bytes | None) -> str:
    return hotline.vault.decrypt(sealed, SPOKEN_CONTEXT).decode() if sealed else ""


def is_overdue(row: Any, day: date) -> bool:
    return bool(row.check_due_on <= day)


def count_overdue(hotline: Hotline, tx: Transaction) -> int:
    """How many services in use somebody has to ring, for the pages that remind."""
    return table.count_overdue(tx, day_at(hotline.now()))


def lacks_checked_service(hotline: Hotline, tx: Transaction) -> bool:
    """No list, no launch: not one service that is known to be right covers where cases are."""
    good = table.provinces_checked(tx, day_at(hotline.now()))
    if EVERYWHERE in good:
        return False
    in_use = table.provinces_of_open_cases(tx)
    return not good or bool(in_use - good)


def _row(hotline: Hotline, service: Service) -> dict[str, Any]:
    return {
        "name_km": service.name_km,
        "name_en": service.name_en,
        "search": _search(service),
        "place": service.place,
        "serves": service.serves,
        "hours": service.hours,
        "phones": service.phones,
        "is_authority": service.is_authority,
        "agreed_on": service.agreed_on,
        "checked_on": service.checked_on,
        "entrusted_sealed": _seal(hotline, service.entrusted),
    }


def _search(service: Service) -> str:
    names = [name for name in (service.name_km, service.name_en) if name]
    heard = [f"~{sound_of(name)}" for name in names]
    return "|".join([*(folded(name) for name in names), *heard, folded(service.phones)])[:1000]


def _seal(hotline: Hotline, entrusted: Entrusted) -> bytes | None:
    if entrusted == Entrusted():
        return None
    plain = json.dumps(asdict(entrusted), ensure_ascii=False)
    return hotline.vault.encrypt(plain.encode(), CONTEXT)


def _differs(hotline: Hotline, known: Any, name: str, value: Any) -> bool:
    if name == "search" or known is None:
        return False
    before = getattr(known, name)
    if name == "entrusted_sealed" and before is not None and value is not None:
        opened = (hotline.vault.decrypt(sealed, CONTEXT) for sealed in (before, value))
        return len(set(opened)) > 1
    return bool(before != value)
