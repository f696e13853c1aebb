"""Keys that mean the same at every question of a call: 9, 0 and the star."""

from __future__ import annotations

from collections.abc import Callable

from hotline.core.flow import HOME
from hotline.core.walk import QUICK_EXIT, Walk


def hear_everywhere(walk: Walk, key: str, again: Callable[[], None]) -> bool:
    """9, 0 and * mean the same at every question; False for any other key."""
    if key == "9":
        walk.state.update(silences=0, wrong=0)
        again()
    elif key == "0":
        walk.move(HOME)
    elif key == "*":
        leave_quickly(walk)
    else:
        return False
    return True


def leave_quickly(walk: Walk) -> None:
    """A harmless message, then the end: whoever listens learns nothing."""
    walk.flag("quick_exit")
    walk.speak(QUICK_EXIT)
    walk.finish()
