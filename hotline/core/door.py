"""What the desk still asks of somebody whose passphrase was right."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    SHOW = "show"  # the second factor they have
    REPLACE = "replace"  # the passphrase they were given to begin with
    SET_UP = "set_up"  # a second factor, as they have none


def next_step(
    *, passed: bool, has_factor: bool, must_replace: bool, is_required: bool
) -> Step | None:
    """None: the desk is open.

    Whoever has a second factor shows it before anything can be changed, also where it is only
    offered: else a stolen passphrase would be enough to take an account over.
    """
    if not passed and has_factor:
        return Step.SHOW
    if must_replace:
        return Step.REPLACE
    return Step.SET_UP if not passed and is_required else None
