"""The one place where the parts meet: settings in, a Hotline out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hotline.carriers import carriers_from
from hotline.content_files import Content, load_content
from hotline.doorbell import Doorbell
from hotline.parts import Hotline
from hotline.settings import Settings
from hotline.spool import Spool
from hotline.storage.database import Database
from hotline.vault import open_vault

__all__ = ["Hotline", "ScratchRefused", "wire"]

ROOT = Path(__file__).resolve().parent.parent
"""Where flows/ and audio/ lie."""


class ScratchRefused(Exception):
    """Scratch recordings may not reach the public."""


def wire(settings: Settings, *, content: Content | None = None) -> Hotline:
    """Everything connected, nothing opened. Raises what is wrong with flows, prompts or keys."""
    content = content or load_content(ROOT)
    if not settings.allow_scratch:
        _refuse_scratch(content)
    settings.data.mkdir(parents=True, exist_ok=True)
    vault = open_vault(settings.keys)
    return Hotline(
        settings=settings,
        database=Database(settings.database_url, writer_lock=settings.data / "writer.lock"),
        carriers=carriers_from(settings),
        library=content.library,
        keywords=content.keywords,
        policies=content.policies,
        triage=content.triage,
        schedule=content.schedule,
        categories=content.categories,
        vault=vault,
        doorbell=Doorbell(settings.redis_url),
        spool=Spool(settings.data / "spool", vault),
        now=clock(settings.clock_file),
    )


def clock(offset_file: Path | None) -> Callable[[], datetime]:
    """The time in UTC; beside the simulator moved on by the seconds that `offset_file` holds."""
    if offset_file is None:
        return lambda: datetime.now(UTC)

    def moved() -> datetime:
        try:
            offset = float(offset_file.read_text() or 0)
        except (OSError, ValueError):
            offset = 0.0
        return datetime.now(UTC) + timedelta(seconds=offset)

    return moved


def _refuse_scratch(content: Content) -> None:
    scratch = sorted(
        {
            prompt.name
            for prompt in content.library.prompts.values()
            for sound in prompt.sounds.values()
            if sound.quality == "scratch"
        }
    )
    if scratch:
        raise ScratchRefused(
            f"{len(scratch)} prompts have only a scratch recording, {scratch[0]} for one: record "
            "them with a speaker, or set HOTLINE_ALLOW_SCRATCH=1 where no caller can hear them"
        )
