"""One turn's walk through the steps: what is said, what is written, where it stops."""

from __future__ import annotations

from typing import Any

from hotline.core.branching import choose
from hotline.core.flow import (
    AGAIN,
    BACK,
    END,
    HOME,
    SMS,
    VOICE,
    Ask,
    Branch,
    Number,
    Pairs,
    Phrase,
    Place,
    Record,
    Step,
    Way,
)
from hotline.core.library import Library
from hotline.core.turn import (
    AddToCase,
    ChooseLanguage,
    Circumstances,
    Effect,
    FlagCase,
    ManyKeys,
    OneKey,
    OpenCase,
    Outcome,
    Saying,
    SendText,
    Speech,
    State,
    TheEnd,
    Wait,
)

MOST_STEPS = 100  # a turn
DEEPEST = 3  # flows that wait for another to come back

# What a conversation is waiting for, beyond the question of its step.
ASKING, CONFIRMING, REVIEWING, LAST_CHANCE, RESUMING = "ask", "confirm", "review", "last", "resume"

GOODBYE, QUICK_EXIT = Saying("V_GOODBYE"), Saying("V_QUICK_EXIT")
ONE_KEY, THE_END = OneKey(), TheEnd()


class Walk:
    """Begins on a copy of a state; the state given in is never changed."""

    __slots__ = ("around", "channel", "effects", "library", "say", "state", "wait")

    def __init__(self, library: Library, state: State, around: Circumstances) -> None:
        self.library = library
        self.state = dict(state)
        self.around = around
        self.channel: str = state["channel"]
        self.say: list[Saying] = []
        self.effects: list[Effect] = []
        self.wait: Wait = ONE_KEY

    def outcome(self) -> Outcome:
        return Outcome(
            state=self.state,
            say=tuple(self.say),
            wait=self.wait,
            effects=tuple(self.effects),
            language=self.state["language"],
        )

    # ------------------------------------------------------------ places

    @property
    def step(self) -> Step:
        return self.library.flows[self.state["flow"]].steps[self.state["step"]]

    def follow(self, way: Way) -> None:
        """Do what the way says and walk on until something is asked."""
        self.move(self._leave(way))

    def _leave(self, way: Way) -> Place | str:
        if way.has_effects:
            self.do(way)
        if way.run is None:
            return way.go if way.go is not None else END
        back = way.go if way.go is not None else AGAIN
        state = self.state
        frame = [back.flow, back.step] if isinstance(back, Place) else ["", back]
        if back == AGAIN:
            frame = [state["flow"], state["step"]]
        state["stack"] = [*state["stack"][-(DEEPEST - 1) :], [*frame, state["flow"]]]
        return way.run

    def move(self, target: Place | str) -> None:
        """Walk from a place or one of back, home, end, again until something is asked."""
        for _ in range(MOST_STEPS):
            step = self._find(target)
            if step is None:
                return
            onward = self._arrive(step)
            if onward is None:
                return
            target = onward
        self.say_goodbye()

    def _find(self, target: Place | str) -> Step | None:
        """The step a target means; None, and the end, where there is none."""
        state = self.state
        while isinstance(target, str):
            if target == BACK and state["stack"]:
                flow, step, _ = state["stack"][-1]
                state["stack"] = state["stack"][:-1]
                target = Place(flow, step) if flow else step
            elif target == HOME and self.channel == VOICE:
                state["stack"] = []
                target = self.library.home
            elif target == AGAIN:
                target = Place(state["flow"], state["step"])
            else:
                self.finish(target)
                return None
        return self._look_up(target)

    def _look_up(self, place: Place) -> Step | None:
        flow = self.library.flows.get(place.flow)
        step = flow.steps.get(place.step or flow.start) if flow is not None else None
        if step is None:
            self.say_goodbye()
        return step

    def _arrive(self, step: Step) -> Place | str | None:
        """Enter a step; where it leads, or None when it waits for the caller."""
        state = self.state
        state.update(flow=step.flow, step=step.name, phase=ASKING, silences=0, wrong=0, tries=0)
        if step.enter.has_effects:
            self.do(step.enter)
        for phrase in step.says:
            self.tell(phrase)
        if step.text is not None and (saying := self.filled(step.text, SMS)) is not None:
            self.effects.append(SendText(saying))
        action = step.action
        if isinstance(action, Ask | Number | Record):
            self.ask(step)
            return None
        if isinstance(action, Branch):
            return self._onward(step, choose(action, self.state, self.around))
        return self._onward(step, step.way)

    def _onward(self, step: Step, way: Way) -> Place | str:
        target = self._leave(way)
        if isinstance(target, Place) and way.run is None and target.flow != step.flow:
            self.state["stack"] = []
        return target

    def jump(self, way: Way) -> None:
        """Follow a way the caller chose: into another flow, nothing waits to come back."""
        if isinstance(way.go, Place) and way.run is None and way.go.flow != self.state["flow"]:
            self.state["stack"] = []
        self.follow(way)

    # ------------------------------------------------------------ asking and telling

    def ask(self, step: Step) -> None:
        """The question of a step, without what is said before it."""
        action = step.action
        self.state["asks"] = step.asks
        if isinstance(action, Ask):
            self.tell(action.phrase)
            self.wait = ONE_KEY
        elif isinstance(action, Number):
            self.tell(action.phrase)
            self.wait = ManyKeys(action.longest)
        elif isinstance(action, Record):
            self.tell(action.phrase)
            self.wait = Speech(action.seconds)

    def ask_afresh(self) -> None:
        """The whole step again, what is said before the question included."""
        step = self.step
        self.state.update(phase=ASKING, silences=0, wrong=0)
        for phrase in step.says:
            self.tell(phrase)
        self.ask(step)

    def tell(self, phrase: Phrase | None) -> None:
        if phrase is not None and (saying := self.filled(phrase, self.channel)) is not None:
            self.say.append(saying)

    def speak(self, saying: Saying) -> None:
        """One of the line's own prompts; they are for the ear only."""
        if self.channel == VOICE:
            self.say.append(saying)

    def filled(self, phrase: Phrase, channel: str) -> Saying | None:
        saying = phrase.on(channel)
        if saying is None or not phrase.fills:
            return saying
        known = {**self.state["notes"], **self.state["scores"]}
        values = tuple((name, str(known.get(source, 0))) for name, source in phrase.fills)
        return Saying(saying.prompt, values)

    # ------------------------------------------------------------ endings

    def finish(self, target: str = END) -> None:
        """The end. Where a flow was to come back and nothing waits, a caller hears goodbye."""
        if target == BACK:
            self.speak(GOODBYE)
        self.wait = THE_END
        self.state["ended"] = True

    def say_goodbye(self) -> None:
        self.speak(GOODBYE)
        self.finish()

    # ------------------------------------------------------------ effects

    def do(self, way: Way) -> None:
        """Carry out the effects of a way; a case comes last and opens with all that is known."""
        state = self.state
        if way.language or way.script:
            state["language"] = way.language or state["language"]
            state["script"] = way.script or state["script"]
            self.effects.append(ChooseLanguage(state["language"], way.script))
        if way.scores:
            scores = dict(state["scores"])
            for name, points in way.scores:
                scores[name] = scores.get(name, 0) + points
            state["scores"] = scores
        self.add(way.notes, way.plan)
        if way.open_case is not None:
            self.open_case(way.open_case)
        if way.flag is not None:
            self.flag(way.flag)

    def add(self, notes: Pairs = (), plan: Pairs = ()) -> None:
        """Keep notes and plan; with a case they go to it at once, else when one opens."""
        state = self.state
        if notes:
            state["notes"] = {**state["notes"], **dict(notes)}
        if state["has_case"]:
            if notes or plan:
                self.effects.append(AddToCase(notes, plan))
        elif plan:
            state["plan"] = {**state["plan"], **dict(plan)}

    def open_case(self, case: OpenCase) -> None:
        state = self.state
        self.effects.append(case)
        if state["has_case"]:
            return
        known: dict[str, Any] = {**state["scores"], **state["notes"]}
        notes = tuple((name, str(value)) for name, value in known.items())
        plan = tuple(state["plan"].items())
        state.update(has_case=True, plan={})
        if notes or plan:
            self.effects.append(AddToCase(notes, plan))

    def add_message(self, text: str) -> None:
        """A caller's own words go to the case; the state never holds them."""
        self.effects.append(AddToCase((("message", text),)))

    def flag(self, flag: str) -> None:
        if self.state["has_case"]:
            self.effects.append(FlagCase(flag))
