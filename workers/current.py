"""The Hotline this worker process works for: jobs carry no arguments, so they ask here."""

from __future__ import annotations

from hotline.parts import Hotline

_current: Hotline | None = None


def work_for(hotline: Hotline) -> None:
    """Called once at the start of the process."""
    global _current
    _current = hotline


def current() -> Hotline:
    if _current is None:
        raise RuntimeError("no hotline yet: start workers with `python -m workers`")
    return _current
