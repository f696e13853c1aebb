"""What a sound says, in Khmer and English, and how long it lasts; read from the hotline's list."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

_NAME = re.compile(r"/(?:(?P<language>[a-z]{2,3})/)?(?P<prompt>[^/.]+)\.[^/]*$")


@dataclass(frozen=True, slots=True)
class Caption:
    """One prompt: its texts by language, and the seconds of its takes by language."""

    texts: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    is_draft: bool = True


def read_sound_name(url: str) -> tuple[str, str]:
    """(prompt, language) of `…/audio/<language>/<prompt>.<hash>.<ext>`; the whole URL if unlike."""
    found = _NAME.search(urlsplit(url).path)
    if found is None:
        return url, ""
    return found["prompt"], found["language"] or ""


class Captions:
    """Reads the file again when it has changed. A missing or broken file gives no captions."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._prompts: dict[str, Caption] = {}

    def of(self, prompt: str) -> Caption:
        """The caption of a prompt, empty if unknown."""
        with self._lock:
            self._refresh()
            return self._prompts.get(prompt, Caption())

    def _refresh(self) -> None:
        if self._file is None or not self._file.exists():
            return
        state = self._file.stat()
        found = _read(self._file, (state.st_mtime_ns, state.st_size))
        if found is not None:
            self._prompts = found


@lru_cache(maxsize=2)
def _read(file: Path, _stamp: tuple[int, int]) -> dict[str, Caption] | None:
    """The prompts of a file as it is now, None if it is broken; read once for all companies."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError):
        return None
    prompts = data.get("prompts") if isinstance(data, dict) else None
    if not isinstance(prompts, dict):
        return None
    return {str(name): _caption(entry) for name, entry in prompts.items()}


def _caption(entry: Any) -> Caption:
    if not isinstance(entry, dict):
        return Caption()
    texts = {k: str(entry[k]) for k in ("km", "en") if entry.get(k)}
    takes = entry.get("takes")
    seconds: dict[str, float] = {}
    for language, take in (takes if isinstance(takes, dict) else {}).items():
        if isinstance(take, dict) and isinstance(take.get("seconds"), int | float):
            seconds[str(language)] = float(take["seconds"])
    status = entry.get("status")
    return Caption(texts, seconds, not isinstance(status, dict) or status.get("km") != "final")
