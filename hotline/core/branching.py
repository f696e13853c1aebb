"""Which way of a branch is taken: by circumstances, notes and scores."""

from __future__ import annotations

from hotline.core.flow import END, Branch, Test, Way
from hotline.core.turn import Circumstances, State

CIRCUMSTANCES = frozenset(
    {"staff_on_duty", "can_be_rung", "is_known", "agreed_to_texts", "listens_only"}
)
POSITIONS = frozenset({"language", "script", "channel"})
NOBODY_SAID = "none"


def choose(branch: Branch, state: State, around: Circumstances) -> Way:
    """The first way whose tests all hold."""
    for tests, way in branch.ways:
        if all(_holds(test, state, around) for test in tests):
            return way
    return Way(go=END)


def _holds(test: Test, state: State, around: Circumstances) -> bool:
    if test.at_least is None and test.at_most is None:
        return _known(test.name, state, around) in test.values
    score = state["scores"].get(test.name, 0)
    low = test.at_least if test.at_least is not None else score
    high = test.at_most if test.at_most is not None else score
    return bool(low <= score <= high)


def _known(name: str, state: State, around: Circumstances) -> str:
    """A circumstance, a note or a score as text; "none" for what nobody said."""
    if name in POSITIONS:
        return str(state[name])
    if name == "has_case":
        return "yes" if state["has_case"] else "no"
    if name in CIRCUMSTANCES:
        return "yes" if getattr(around, name) else "no"
    if name in state["notes"]:
        return str(state["notes"][name])
    return str(state["scores"].get(name, NOBODY_SAID))
