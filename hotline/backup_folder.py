"""Backups in one folder, named by their moment; the old ones go when a newer one is there.

The keys of the cases go sooner than the rest: a case that was shredded on the line must not be
readable from a backup for longer than that.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

_HALF = ".part"
CASE_KEYS_KEPT = timedelta(days=14)
LEAST_KEPT, MOST_KEPT = 14, 30
_NAME = re.compile(r"hotline-(?P<at>[0-9]{8}-[0-9]{6})Z\.age(?P<keys>\.case-keys\.age)?(?:\.part)?")
_HALF_KEPT = timedelta(days=1)
"""What a backup that was broken off left: it may be running still."""
_FORM = "%Y%m%d-%H%M%S"


def name_at(now: datetime) -> str:
    return f"hotline-{now.astimezone(UTC):{_FORM}}Z.age"


def delete_old(folder: Path, now: datetime, kept: timedelta) -> int:
    """How many files went; the newest backup stays whatever its age, and so do strange files."""
    found = {path: told for path in folder.iterdir() if (told := _made_at(path)) is not None}
    whole = (made for path, (made, _) in found.items() if path.suffix != _HALF)
    newest = max(whole, default=now)
    deleted = 0
    for path, (made, is_keys) in found.items():
        is_half = path.suffix == _HALF
        longest = _HALF_KEPT if is_half else CASE_KEYS_KEPT if is_keys else kept
        if (is_half or made != newest) and now - made > longest:
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
    return made, found["keys"] is not None
