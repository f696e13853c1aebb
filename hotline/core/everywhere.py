"""Keys that mean the same at every question of a call: 9, 0 and the star."""

from __future__ import annotations

from collections.abc import Callable

from hotline.core.flow import HOME, Flow, Step, Way
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
    """A harmless message, then the end: whoever listens learns nothing.

    Who leaves in a hurry has at least hung up: a case that a hang-up would open is opened here too,
    where nothing is written for a quick exit.
    """
    step = walk.step
    way, hung_up = _way_of(walk, step, lambda at: at.on_quick_exit), hang_up_way(walk, step)
    if way is not None:
        walk.do(way)
    elif hung_up is not None and hung_up.open_case is not None:
        walk.do(hung_up)
    walk.flag("quick_exit")
    walk.speak(QUICK_EXIT)
    walk.finish()


def hang_up_way(walk: Walk, step: Step) -> Way | None:
    """What a hang-up at this step does, if anything."""
    return _way_of(walk, step, lambda at: at.on_hang_up)


def _way_of(walk: Walk, step: Step, written: Callable[[Step | Flow], Way | None]) -> Way | None:
    """The step's, else the flow's, else that of a flow it was to come back to."""
    own = written(step)
    if own is not None:
        return own
    waiting = [frame[2] for frame in reversed(walk.state["stack"])]
    for name in (step.flow, *waiting):
        flow = walk.library.flows.get(name)
        if flow is not None and (way := written(flow)) is not None:
            return way
    return None
