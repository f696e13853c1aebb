"""Backups in one folder, named by their moment; the old ones go when a newer one is there.

The keys of the cases go sooner than the rest: a case that was shredded on the line must not be
readable from a backup for longer than that.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hotline.backup_making import OF_CASE_KEYS

CASE_KEYS_KEPT = timedelta(days=14)
LEAST_KEPT, MOST_KEPT = 14, 30
_NAME = re.compile(r"hotline-(?P<at>[0-9]{8}-[0-9]{6})Z\.age(?P<keys>\.case-keys\.age)?")
_FORM = "%Y%m%d-%H%M%S"


def name_at(now: datetime) -> str:
    return f"hotline-{now.astimezone(UTC):{_FORM}}Z.age"


def delete_old(folder: Path, now: datetime, kept: timedelta) -> int:
    """How many files went; the newest backup stays whatever its age, and so do strange files."""
    found = {path: told for path in folder.iterdir() if (told := _made_at(path)) is not None}
    newest = max((made for made, _ in found.values()), default=now)
    deleted = 0
    for path, (made, is_keys) in found.items():
        longest = CASE_KEYS_KEPT if is_keys else kept
        if made != newest and now - made > longest:
            path.unlink()
            deleted += 1
    return deleted


def _made_at(path: Path) -> tuple[datetime, bool] | None:
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    try:
        made = datetime.strptime(found["at"], _FORM).replace(tzinfo=UTC)
    except ValueError:
        return None
    return made, path.name.endswith(OF_CASE_KEYS)
