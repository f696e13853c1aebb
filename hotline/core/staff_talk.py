"""One turn of a staff member's call while it is thought about: what is said, what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from hotline.core.staff_desk import MINE, StaffDesk
from hotline.core.staff_words import in_digits, item_in_words, keys_of, words
from hotline.core.turn import HungUp, ManyKeys, OneKey, Saying, State, TheEnd, Wait

# The two entrances, and the places of a call.
PAGE, RINGS = "staff.page", "staff.rings"
PIN, OFFER, OWN, BRIDGE, TALKING = "pin", "offer", "own", "bridge", "talking"
OUTCOME, CLOSE = "outcome", "close"

TIMES: Final = 3  # so often somebody may be silent, or press what leads nowhere, before goodbye
ONE_KEY = OneKey()
PIN_SECONDS: Final = 5  # for each key: who knows the PIN needs no longer

QUESTIONS: Final = {
    OUTCOME: "V_STAFF_OUTCOME",
    CLOSE: "V_STAFF_CLOSE",
    BRIDGE: "V_STAFF_BRIDGE",
}
PROMPTS: Final = frozenset(
    {
        *QUESTIONS.values(),
        "V_STAFF_BYE",
        "V_STAFF_CHANGED",
        "V_STAFF_CHOICE",
        "V_STAFF_COUNT",
        "V_STAFF_ITEM_CHOICE",
        "V_STAFF_NO_MORE",
        "V_STAFF_NOTHING",
    }
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one turn led to. `as_caller`: this is a caller after all, and wants the usual words."""

    state: State
    say: tuple[Saying, ...]
    wait: Wait
    recording: str | None = None
    as_caller: bool = False


@dataclass(slots=True)
class Talk:
    """Lives as long as one turn. Nothing here says a word of a case before `let_in`."""

    desk: StaffDesk
    state: State
    said: list[Saying] = field(default_factory=list)
    wait: Wait = ONE_KEY
    recording: str | None = None

    def say(self, *prompts: str) -> None:
        self.said += words(*prompts)

    def spoken(self) -> Spoken:
        return Spoken(self.state, tuple(self.said), self.wait, self.recording)

    @property
    def pin_keys(self) -> ManyKeys:
        """As many keys as this person's PIN has: the last one ends the wait."""
        return ManyKeys(int(self.state["pin_keys"]), PIN_SECONDS)

    @property
    def is_page(self) -> bool:
        return bool(self.state["flow"] == PAGE)

    @property
    def case_id(self) -> int:
        """The case that is being talked about."""
        return int(self.state["case"])

    # ------------------------------------------------------------ places

    def go(self, place: str) -> None:
        """Be at `place` from now on, and wait for one key."""
        self.state["at"] = place
        self.wait = ONE_KEY

    def ask(self, place: str) -> None:
        self.go(place)
        self.say(QUESTIONS[place])

    def offer(self) -> None:
        """A case nobody has: what it is, and whether this person takes it."""
        item = self.desk.item(self.case_id)
        if item is None:
            self.next_case()
            return
        self.go(OFFER)
        self.said += item_in_words(item)
        self.say("V_STAFF_CHOICE" if self.is_page_open else "V_STAFF_ITEM_CHOICE")

    def own_case(self, *, in_words: bool = False) -> None:
        """The keys for a case of one's own. If it is that no more, the next one."""
        item = self.desk.item(self.case_id)
        if item is None or item.holder != MINE:
            self.say("V_STAFF_CHANGED")
            self.next_case()
            return
        self.go(OWN)
        if in_words:
            self.said += item_in_words(item)
        self.said += keys_of(item)

    def next_case(self) -> None:
        """The next case this person could work on; goodbye after the last."""
        seen = self.state["seen"]
        left = [case_id for case_id in self.desk.waiting() if case_id not in seen]
        if not left:
            self.say("V_STAFF_NO_MORE" if seen else "V_STAFF_NOTHING")
            self.goodbye()
            return
        if not seen:
            self.say("V_STAFF_COUNT")
            self.said += in_digits(len(left))
        self.turn_to(left[0])
        item = self.desk.item(left[0])
        if item is not None and item.holder == MINE:
            self.own_case(in_words=True)
        else:
            self.offer()

    def turn_to(self, case_id: int) -> None:
        """From now on this case is talked about."""
        self.state.update(case=case_id, message=0, bridge=None)
        if case_id not in self.state["seen"]:
            self.state["seen"] = [*self.state["seen"], case_id]

    # ------------------------------------------------------------ the page, and the end

    @property
    def is_page_open(self) -> bool:
        """The page this call brought has neither been claimed nor handed on."""
        return self.is_page and not self.state["answered"]

    def answer_page(self) -> None:
        self.state["answered"] = True

    def goodbye(self) -> None:
        self.say("V_STAFF_BYE")
        self.end()

    def end(self) -> None:
        """The call is over, whoever ended it. A page without an answer goes to the next person."""
        self.wait = TheEnd()
        self.state["ended"] = True
        if self.state["bridge"] is not None:
            self.desk.talk_over(self.state["bridge"], HungUp())
            self.state["bridge"] = None
        if self.is_page_open:
            self.answer_page()
            self.desk.unanswered(int(self.state["paged"]))
