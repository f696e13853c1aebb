"""A turn goes in, what follows comes out: pure, bounded, and without an error for any turn.

The state is plain JSON. `begin` makes it, `advance` takes it one turn on, `resume` takes up a call
that dropped. None of them changes the state it is given.
"""

from __future__ import annotations

from hotline.core.everywhere import hear_everywhere
from hotline.core.flow import VOICE, Ask, Number, Place, Record, Step
from hotline.core.library import Library
from hotline.core.listening import hang_up_effects, listen, read_number
from hotline.core.short_answer import fold_answer
from hotline.core.silence import NO_INPUT, TIMES, hear_last_chance, let_go
from hotline.core.turn import (
    Circumstances,
    Digits,
    HungUp,
    Outcome,
    Saying,
    State,
    Turn,
    Voice,
    Words,
)
from hotline.core.voice_message import keep_voice
from hotline.core.walk import LAST_CHANCE, ONE_KEY, RESUMING, Walk

SCHEMA = 1
MOST_TURNS = 200
LONGEST_CALL = 720  # seconds
RESUME = Saying("V_RESUME")
CHANGED = (("flow_changed", "yes"),)


def begin(
    library: Library, flow: str, circumstances: Circumstances, *, step: str | None = None
) -> Outcome:
    """The first words of a conversation, at a flow's start or at one of its steps."""
    start = library.start_of(flow)
    walk = Walk(library, _new_state(library, start, circumstances), circumstances)
    walk.move(Place(flow, step) if step else start)
    return walk.outcome()


def advance(library: Library, state: State, turn: Turn, circumstances: Circumstances) -> Outcome:
    """One turn on. A hang-up has effects only; a conversation that is over stays over."""
    walk = Walk(library, state, circumstances)
    if state["ended"]:
        _hear_late(walk, turn)
        return walk.outcome()
    walk.state["turns"] = state["turns"] + 1
    if state["revision"] != library.revision and not _moves_over(walk):
        _start_again_changed(walk, turn)
    elif isinstance(turn, HungUp):
        _hang_up(walk)
    else:
        _hear(walk, turn)
    _keep_bounds(walk)
    return walk.outcome()


def resume(library: Library, state: State, circumstances: Circumstances) -> Outcome:
    """A dropped call rings back: ask whether to go on. A flow that is not resumable begins anew."""
    flow = library.flows.get(state["flow"])
    if flow is None or not flow.is_resumable or not state["hung_up"]:
        return begin(library, library.entry, circumstances)
    walk = Walk(library, state, circumstances)
    walk.state.update(ended=False, hung_up=False, turns=0, silences=0, wrong=0, pressed=False)
    if state["revision"] != library.revision and not _moves_over(walk):
        return begin(library, library.entry, circumstances)
    _ask_resume(walk)
    return walk.outcome()


def accepts(library: Library, state: State, text: str) -> bool:
    """Whether the open question understands this text, so that no keyword need be looked for."""
    step = _open_step(library, state)
    if step is None:
        return False
    action, folded = step.action, fold_answer(text)
    if isinstance(action, Ask):
        return folded in action.words
    if isinstance(action, Number):
        return read_number(action, folded.replace(" ", "")) is not None
    return isinstance(action, Record) and bool(folded)


# ---------------------------------------------------------------- inside


def _new_state(library: Library, start: Place, around: Circumstances) -> State:
    return {
        "schema": SCHEMA,
        "revision": library.revision,
        "channel": around.channel,
        "flow": start.flow,
        "step": start.step,
        "phase": "ask",
        "asks": "",
        "stack": [],
        "notes": {},
        "plan": {},
        "scores": {},
        "silences": 0,
        "wrong": 0,
        "tries": 0,
        "turns": 0,
        "language": around.language or "km",
        "script": around.script or "khmer",
        "has_case": False,
        "pressed": False,
        "typed": "",
        "recording": "",
        "ended": False,
        "hung_up": False,
    }


def _hear(walk: Walk, turn: Turn) -> None:
    state = walk.state
    if isinstance(turn, Digits | Words | Voice):
        state["pressed"] = True
    if isinstance(turn, Digits):
        state["silences"] = 0
    if state["phase"] == LAST_CHANCE:
        hear_last_chance(walk, turn, hear_everywhere)
    elif state["phase"] == RESUMING:
        _hear_resume(walk, turn)
    else:
        listen(walk, turn)


def _hang_up(walk: Walk) -> None:
    hang_up_effects(walk, walk.step)
    walk.finish()
    walk.state["hung_up"] = True


def _hear_late(walk: Walk, turn: Turn) -> None:
    """After the end only a voice message still counts: it comes after the hang-up."""
    walk.finish()
    if isinstance(turn, Voice) and turn.seconds > 0 and walk.state["hung_up"]:
        step = _step_of(walk.library, walk.state)
        if step is not None and isinstance(step.action, Record) and not walk.state["recording"]:
            keep_voice(walk, turn.recording)


def _keep_bounds(walk: Walk) -> None:
    """200 turns, 12 minutes: then goodbye. What this turn opened stays open."""
    is_long = walk.channel == VOICE and walk.around.elapsed > LONGEST_CALL
    if walk.state["ended"] or not (is_long or walk.state["turns"] >= MOST_TURNS):
        return
    walk.say.clear()
    walk.say_goodbye()


# ---------------------------------------------------------------- revisions


def _step_of(library: Library, state: State) -> Step | None:
    flow = library.flows.get(state["flow"])
    return flow.steps.get(state["step"]) if flow is not None else None


def _open_step(library: Library, state: State) -> Step | None:
    """The step that waits, if there is one and it still asks what it asked."""
    step = _step_of(library, state)
    if state["ended"] or step is None or step.asks != state["asks"]:
        return None
    return step


def _moves_over(walk: Walk) -> bool:
    """Take up the newer revision if the step of that name still asks the same kind of thing."""
    step = _step_of(walk.library, walk.state)
    if step is None or not step.waits or step.asks != walk.state["asks"]:
        return False
    walk.state["revision"] = walk.library.revision
    return True


def _start_again_changed(walk: Walk, turn: Turn) -> None:
    state = walk.state
    state.update(revision=walk.library.revision, stack=[], typed="", phase="ask")
    walk.add(notes=CHANGED)
    if isinstance(turn, Voice) and turn.seconds > 0:
        keep_voice(walk, turn.recording)
    if isinstance(turn, HungUp):
        walk.finish()
        return
    walk.move(walk.library.start_of(state["flow"]))


# ---------------------------------------------------------------- taking up a dropped call


def _ask_resume(walk: Walk) -> None:
    walk.state["phase"] = RESUMING
    walk.speak(RESUME)
    walk.wait = ONE_KEY


def _hear_resume(walk: Walk, turn: Turn) -> None:
    """1 goes on where it stopped, 2 starts again; silence three times is goodbye."""
    key = turn.keys[:1] if isinstance(turn, Digits) else ""
    state = walk.state
    if key == "1":
        state.update(typed="", tries=0)
        walk.ask_afresh()
    elif key == "2":
        state.update(stack=[], notes={}, scores={}, recording="")
        walk.move(walk.library.start_of(walk.library.entry))
    elif not (key and hear_everywhere(walk, key, lambda: _ask_resume(walk))):
        state["silences"] += 1
        state["wrong"] += 1 if key else 0
        if max(state["silences"], state["wrong"]) >= TIMES:
            let_go(walk)
            return
        walk.speak(NO_INPUT)
        _ask_resume(walk)
