"""A new key in front of the ring, and everything the ring sealed sealed anew under it.

May be stopped at any point and run again: what is fresh already is passed over. What a case's own
key sealed stays as it is; only that key is wrapped anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hotline.storage.database import Database, Transaction
from hotline.storage.sealed import put_sealed, rows_after
from hotline.vault import Vault, is_of_the_ring

Row = Mapping[str, Any]
_BATCH = 200

WRAPPED = frozenset({("case_key", "wrapped"), ("recording", "wrapped")})
"""Keys of one case or of one sound, wrapped by the ring."""

SEALED: Mapping[tuple[str, str], Callable[[Row], str]] = {
    ("caller", "number_sealed"): lambda row: "caller.number",
    ("staff", "phone_sealed"): lambda row: "staff.phone",
    ("authenticator", "secret_sealed"): lambda row: f"authenticator {row['staff_id']}",
    ("outbox_item", "body_sealed"): lambda row: "outbox.body",
    ("outbox_item", "ask_sealed"): lambda row: "outbox.body",
    ("recording", "url_sealed"): lambda row: "recording.url",
    ("incoming_text", "body_sealed"): lambda row: "incoming_text.body",
    ("service", "entrusted_sealed"): lambda row: "service.entrusted",
    ("service_check", "spoken_to_sealed"): lambda row: "service.spoken_to",
    ("conversation", "state_sealed"): lambda row: f"conversation {row['carrier']} {row['sid']}",
}
"""What the ring itself seals, and the context it is sealed for: the same as where it is opened."""

IN_CASES = frozenset(
    {
        ("legal_hold", "reason_sealed"),
        ("cases", "plan_sealed"),
        ("cases", "notes_sealed"),
        ("case_event", "text_sealed"),
        ("attempt", "note_sealed"),
        ("referral", "words_sealed"),
        ("referral", "reason_sealed"),
        ("referral_step", "words_sealed"),
        ("cases", "facts_sealed"),
        ("case_access", "reason_sealed"),
        ("follow_up", "reason_sealed"),
    }
)
"""What a case's own key seals."""


def reseal_everything(database: Database, vault: Vault, recordings: Path) -> int:
    """Seal anew what another key than the first one sealed; how many things that were.

    Raises SealBroken where something cannot be opened: then no key must be taken off the ring.
    """
    count = sum(
        _walk(database, table, column, vault, lambda sealed, _row: vault.rewrap(sealed))
        for table, column in sorted(WRAPPED)
    )
    for (table, column), context_of in SEALED.items():
        count += _walk(database, table, column, vault, _resealing(vault, context_of))
    return count + _reseal_files(vault, recordings)


def _resealing(vault: Vault, context_of: Callable[[Row], str]) -> Callable[[bytes, Row], bytes]:
    return lambda sealed, row: vault.reseal(sealed, context_of(row))


def _walk(
    database: Database,
    table: str,
    column: str,
    vault: Vault,
    anew: Callable[[bytes, Row], bytes],
) -> int:
    count, last = 0, 0
    while True:
        with database.transaction() as tx:
            rows = rows_after(tx, table, last, _BATCH)
            count += sum(_reseal_row(tx, row, table, column, vault, anew) for row in rows)
        if not rows:
            return count
        last = rows[-1]["_key"]


def _reseal_row(
    tx: Transaction,
    row: Row,
    table: str,
    column: str,
    vault: Vault,
    anew: Callable[[bytes, Row], bytes],
) -> bool:
    sealed = row[column]
    if not sealed or vault.is_fresh(sealed):  # what was forgotten is empty
        return False
    put_sealed(tx, table, column, row["_key"], sealed, anew(sealed, row))
    return True


def _reseal_files(vault: Vault, recordings: Path) -> int:
    count = 0
    for path in sorted(recordings.glob("*")) if recordings.is_dir() else ():
        sealed = path.read_bytes()
        if path.suffix or not is_of_the_ring(sealed) or vault.is_fresh(sealed):
            continue
        beside = path.with_suffix(".new")
        beside.write_bytes(vault.reseal(sealed, f"recording.sound {path.name}"))
        beside.chmod(0o600)
        os.replace(beside, path)
        count += 1
    return count
