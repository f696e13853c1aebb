"""Gather: which keys count, when they are complete, and what is asked for then."""

from __future__ import annotations

from simulator.player import Next, Player
from simulator.twiml import Gather, Verb


def gather(player: Player, verb: Verb) -> Next | None:
    """Sound the prompts, take keys, ask the action; None: nothing was keyed, go on."""
    assert isinstance(verb, Gather)
    player.line.open_ears("keys")
    try:
        keys, finished_by = _take_keys(player, verb)
    finally:
        player.line.open_ears("")
    if not keys and not verb.asks_on_empty:
        return None
    fields: list[tuple[str, str]] = []
    if keys or player.dialect.sends_empty_digits:
        fields.append(("Digits", keys))
    if player.dialect.name == "twilio":
        fields.append(("FinishedOnKey", finished_by))
    return player.ask_action(verb.action, verb.method, tuple(fields))


def _take_keys(player: Player, verb: Gather) -> tuple[str, str]:
    for sound in verb.nested:
        if player.sound(sound, lambda: _is_interrupted(player, verb)):
            break
    keys = ""
    while True:
        gap = verb.timeout if player.dialect.key_gap is None else player.dialect.key_gap
        key = player.line.next_key(gap if keys else verb.timeout)
        if key is None:
            return keys, ""
        if key == verb.finish:
            if keys or player.dialect.early_finish_key_ends:
                return keys, key
            continue
        keys += key
        if verb.longest is not None and len(keys) >= verb.longest:
            return keys, ""


def _is_interrupted(player: Player, verb: Gather) -> bool:
    """A key cuts the prompt short, unless it is a finishing key that this carrier ignores."""
    waiting = player.line.keys
    if not player.dialect.early_finish_key_ends:
        while waiting and waiting[0] == verb.finish:
            waiting.popleft()
    return bool(waiting)
