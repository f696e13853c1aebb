"""The url of a Number: whoever picks up hears its document first, and may keep the two apart."""

from __future__ import annotations

from simulator.call import Call
from simulator.listening import gather
from simulator.player import Next, Player
from simulator.twiml import Dial, Gather, Record, Verb


def is_let_through(player: Player, child: Call, dial: Dial) -> bool:
    """Play the document to the person rung, while the one on `player` hears it ring.

    They are connected when it ends by itself; a Hangup, or a phone put down on either side, keeps
    them apart.
    """
    assert dial.screen is not None
    child.status = "in-progress"
    child.line.held_by = player.line
    verbs = {Gather: gather, Record: _refuse, Dial: _refuse}
    asking = Player(player.exchange, child, lambda: None, verbs)
    asking.run(player.resolve(dial.screen), dial.screen_method)
    child.line.held_by = None
    return asking.ran_out


def _refuse(player: Player, verb: Verb) -> Next | None:
    player.problem("13214", f"<{type(verb).__name__}> cannot stand in the document of a Number")
    return None
