"""A staff member on the phone, told to a desk that is made up."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.core import staff_call, staff_case, staff_talk, staff_words
from hotline.core.staff_desk import (
    ALREADY_TAKEN,
    ANOTHER,
    CLAIMED,
    CLOSED,
    LOCKED,
    MINE,
    NO_ATTEMPT_YET,
    NOBODY,
    RIGHT,
    SECOND,
    WRONG,
    Bridge,
    Item,
    PlanToTell,
    Refusal,
)
from hotline.core.staff_talk import PAGE, RINGS, Spoken
from hotline.core.turn import (
    Connect,
    Dialled,
    Digits,
    HungUp,
    OneKey,
    Saying,
    Silence,
    TheEnd,
    Turn,
    Voice,
    Words,
)

PIN = "4071"
CASE, OTHER = 7, 8
ALL_PROMPTS = staff_call.PROMPTS | staff_case.PROMPTS | staff_talk.PROMPTS | staff_words.PROMPTS
BEFORE_PIN = {
    "V_STAFF_PAGE", "V_STAFF_HELLO", "V_STAFF_BAD_PIN", "V_STAFF_LOCKED", "V_STAFF_NO_PIN",
    "V_STAFF_BYE",
}  # fmt: skip


@dataclass
class House:
    """Cases by id, and a record of what was done."""

    items: dict[int, Item] = field(default_factory=lambda: {CASE: Item("missing_child", "P1", 15)})
    told: PlanToTell | None = PlanToTell("used", "evening", "say_wrong_number", "yes", True)
    messages: tuple[str, ...] = ()
    bridge: Bridge | Refusal = Refusal("outside_window")
    known_outcome: str | None = None
    claims: str = CLAIMED
    pin: str = PIN
    is_locked: bool = False
    did: list[tuple] = field(default_factory=list)

    def check_pin(self, keys: str) -> str:
        self.did.append(("check_pin",))
        return LOCKED if self.is_locked else RIGHT if keys == self.pin else WRONG

    def waiting(self) -> list[int]:
        self.did.append(("waiting",))
        ours = [case_id for case_id, item in self.items.items() if item.holder != ANOTHER]
        return sorted(ours, key=lambda case_id: self.items[case_id].holder != MINE)

    def item(self, case_id: int) -> Item | None:
        self.did.append(("item", case_id))
        return self.items.get(case_id)

    def claim(self, case_id: int) -> str:
        self.did.append(("claim", case_id))
        if self.claims == CLAIMED:
            self.items[case_id] = replace(self.items[case_id], holder=MINE)
        return self.claims

    def hand_on(self, case_id: int) -> None:
        self.did.append(("hand_on", case_id))

    def hand_back(self, case_id: int) -> None:
        self.did.append(("hand_back", case_id))
        self.items[case_id] = replace(self.items[case_id], holder=NOBODY)

    def unanswered(self, case_id: int) -> None:
        self.did.append(("unanswered", case_id))

    def plan(self, case_id: int) -> PlanToTell | None:
        self.did.append(("plan", case_id))
        return self.told

    def voice_message(self, case_id: int, place: int) -> str | None:
        self.did.append(("voice_message", case_id, place))
        return self.messages[place] if place < len(self.messages) else None

    def connect(self, case_id: int) -> Bridge | Refusal:
        self.did.append(("connect", case_id))
        return self.bridge

    def talk_over(self, bridge_id: int, turn: Dialled | HungUp) -> str | None:
        self.did.append(("talk_over", bridge_id, turn))
        return self.known_outcome

    def note_outcome(self, case_id: int, bridge_id: int | None, outcome: str) -> None:
        self.did.append(("note_outcome", case_id, bridge_id, outcome))
        self.items[case_id] = replace(self.items[case_id], was_tried=True)

    def close(self, case_id: int, outcome: str) -> str:
        self.did.append(("close", case_id, outcome))
        if not self.items[case_id].was_tried:
            return NO_ATTEMPT_YET
        del self.items[case_id]
        return CLOSED

    def has_done(self, what: str) -> list[tuple]:
        return [deed for deed in self.did if deed[0] == what]


@dataclass
class Phone:
    """The staff member's: press, hear."""

    house: House
    spoken: Spoken

    def hears(self, *turns: Turn | str) -> tuple[str, ...]:
        for turn in turns:
            heard = Digits(turn) if isinstance(turn, str) else turn
            # As between two webhooks: the state is kept as JSON.
            state = json.loads(json.dumps(self.spoken.state))
            self.spoken = staff_call.hear(self.house, state, heard)
        return self.said

    @property
    def said(self) -> tuple[str, ...]:
        return tuple(saying.prompt for saying in self.spoken.say)

    @property
    def is_over(self) -> bool:
        return isinstance(self.spoken.wait, TheEnd)


def new(flow: str) -> dict:
    return {"flow": flow, "language": "km", "ended": False, "hung_up": False, "member": 1}


def paged(house: House, *turns: Turn | str, has_pin: bool = True) -> Phone:
    spoken = staff_call.begin(house, new(PAGE), paged=CASE, pin_keys=4 if has_pin else None)
    phone = Phone(house, spoken)
    phone.hears(*turns)
    return phone


def rings(house: House, *turns: Turn | str) -> Phone:
    phone = Phone(house, staff_call.begin(house, new(RINGS), pin_keys=4))
    phone.hears(*turns)
    return phone


def own(**more) -> House:
    """Somebody who has a case already."""
    return House(items={CASE: Item("missing_child", "P1", 15, holder=MINE, **more)})


# ---------------------------------------------------------------- paged


def test_a_page_asks_for_the_pin_and_says_nothing_else() -> None:
    phone = paged(House())
    assert phone.said == ("V_STAFF_PAGE",)
    assert phone.house.did == []


def test_after_the_pin_the_item_is_told_and_can_be_taken() -> None:
    phone = paged(House(), PIN)
    assert phone.said == (
        "V_STAFF_MISSING_CHILD", "V_STAFF_P1", "V_STAFF_WAITED", "V_DIGIT_1", "V_DIGIT_5",
        "V_STAFF_MINUTES", "V_STAFF_CHOICE",
    )  # fmt: skip
    assert phone.hears("9")[-1] == "V_STAFF_CHOICE"
    said = phone.hears("1")
    assert said[:3] == ("V_STAFF_CLAIMED", "V_STAFF_KEY_PLAN", "V_STAFF_KEY_CALL")
    assert phone.house.has_done("claim") == [("claim", CASE)]
    phone.hears(HungUp())
    assert phone.house.has_done("unanswered") == []


def test_who_cannot_take_it_passes_it_on_and_the_call_ends() -> None:
    phone = paged(House(), PIN, "2")
    assert phone.said == ("V_STAFF_NEXT", "V_STAFF_BYE")
    assert phone.is_over
    assert phone.house.has_done("hand_on")
    assert not phone.house.has_done("unanswered")


@pytest.mark.parametrize("turn", [Silence(), Digits("1"), Digits("##"), Digits("1234567")])
def test_an_answering_machine_claims_nothing_and_the_next_is_asked(turn: Turn) -> None:
    phone = paged(House(), turn, turn, turn)
    assert phone.said == ("V_STAFF_BYE",)
    assert phone.is_over
    assert phone.house.did == [("unanswered", CASE)]


@pytest.mark.parametrize("pressed", [[], [PIN], [Silence()], ["9999"], [PIN, "9"]])
def test_a_hang_up_before_an_answer_asks_the_next_once(pressed: list) -> None:
    phone = paged(House(), *pressed, HungUp(), HungUp())
    assert phone.house.has_done("unanswered") == [("unanswered", CASE)]


def test_silence_after_the_item_ends_kindly_after_three_times() -> None:
    phone = paged(House(), PIN, Silence())
    assert phone.said[0] == "V_ERR_NOINPUT"
    assert phone.hears("7")[0] == "V_ERR_WRONG_KEY"
    assert phone.hears(Silence()) == ("V_STAFF_BYE",)
    assert phone.house.has_done("unanswered")


def test_somebody_else_took_it_meanwhile() -> None:
    phone = paged(House(items={CASE: Item("debt", "P3", 3, holder=ANOTHER)}), PIN)
    assert phone.said == ("V_STAFF_ALREADY", "V_STAFF_BYE")
    assert not phone.house.has_done("unanswered")
    assert paged(House(items={}), PIN).said == ("V_STAFF_ALREADY", "V_STAFF_BYE")
    late = paged(House(claims=ALREADY_TAKEN), PIN, "1")
    assert late.said == ("V_STAFF_ALREADY", "V_STAFF_BYE")


def test_where_several_are_wanted_the_second_is_thanked() -> None:
    assert paged(House(claims=SECOND), PIN, "1").said == ("V_STAFF_SECOND", "V_STAFF_BYE")


def test_a_page_for_a_case_of_ones_own_goes_straight_to_its_keys() -> None:
    phone = paged(own(), PIN)
    assert "V_STAFF_YOURS" in phone.said
    assert "V_STAFF_CHOICE" not in phone.said


def test_without_a_pin_the_console_is_named_and_the_next_is_asked() -> None:
    phone = paged(House(), has_pin=False)
    assert phone.said == ("V_STAFF_NO_PIN",)
    assert phone.is_over
    assert phone.house.did == [("unanswered", CASE)]


def test_a_rehearsal_ends_with_its_claim() -> None:
    phone = paged(House(items={CASE: Item("rehearsal", "P1", 0)}), PIN)
    assert phone.said[0] == "V_STAFF_REHEARSAL"
    assert phone.hears("1") == ("V_STAFF_BYE",)
    assert phone.house.has_done("claim")


# ---------------------------------------------------------------- the PIN


def test_three_wrong_pins_end_the_call() -> None:
    phone = rings(House(), "9999")
    assert phone.said == ("V_STAFF_BAD_PIN",)
    phone.hears("9998", "9997")
    assert phone.is_over
    assert len(phone.house.has_done("check_pin")) == 3
    assert not phone.house.has_done("waiting")


def test_a_locked_pin_says_so_and_ends() -> None:
    phone = paged(House(is_locked=True), PIN)
    assert phone.said == ("V_STAFF_LOCKED", "V_STAFF_BYE")
    assert phone.house.has_done("unanswered")


@pytest.mark.parametrize("turns", [["0"], ["9999", "0"], [Silence(), Silence()], ["1", "1"]])
def test_whoever_has_the_phone_can_use_the_line_like_everybody(turns: list) -> None:
    phone = rings(House(), *turns)
    assert phone.spoken.as_caller
    assert not phone.house.has_done("item")


def test_a_page_is_no_way_into_the_line() -> None:
    phone = paged(House(), "0")
    assert not phone.spoken.as_caller
    assert phone.said == ("V_STAFF_PAGE",)


def test_a_finishing_key_after_the_pin_does_no_harm() -> None:
    assert "V_STAFF_CHOICE" in paged(House(), PIN + "#").said


# ---------------------------------------------------------------- ringing the line


def test_waiting_cases_come_own_ones_first_and_then_goodbye() -> None:
    mine, theirs = Item("debt", "P3", 130, MINE), Item("danger_now", "P0", 3000)
    phone = rings(House(items={OTHER: theirs, CASE: mine}), PIN)
    assert phone.said[:3] == ("V_STAFF_COUNT", "V_DIGIT_2", "V_STAFF_DEBT")
    assert phone.said[5:8] == ("V_DIGIT_2", "V_STAFF_HOURS", "V_STAFF_YOURS")
    said = phone.hears("6")
    assert said[0] == "V_STAFF_DANGER_NOW"
    assert said[-3:] == ("V_DIGIT_2", "V_STAFF_DAYS", "V_STAFF_ITEM_CHOICE")
    assert phone.hears("2") == ("V_STAFF_NO_MORE", "V_STAFF_BYE")
    assert phone.is_over


def test_nothing_waits() -> None:
    assert rings(House(items={}), PIN).said == ("V_STAFF_NOTHING", "V_STAFF_BYE")


def test_the_plan_is_told_with_what_forbids_a_call_first() -> None:
    phone = rings(own(), PIN, "1")
    assert phone.said[:5] == (
        "V_STAFF_CONSENT_YES", "V_STAFF_CHILD", "V_STAFF_NUMBER_USED", "V_STAFF_WHEN_EVENING",
        "V_STAFF_SAY_WRONG",
    )  # fmt: skip
    phone.house.told = PlanToTell("none", None, "something new", "quiet", False)
    assert phone.hears("1")[:4] == (
        "V_STAFF_CONSENT_QUIET", "V_STAFF_NUMBER_NONE", "V_STAFF_WHEN_UNKNOWN",
        "V_STAFF_SAY_UNKNOWN",
    )  # fmt: skip
    phone.house.told = None
    assert phone.hears("1")[0] == "V_STAFF_NUMBER_NONE"


def test_voice_messages_are_played_one_after_the_other() -> None:
    house = replace(own(has_voice=True), messages=("one", "two"))
    phone = rings(house, PIN)
    assert "V_STAFF_KEY_VOICE" in phone.said
    heard = []
    for _ in range(3):
        phone.hears("4")
        heard.append(phone.spoken.recording)
    assert heard == ["one", "two", "one"]
    assert phone.hears(Silence())[0] == "V_STAFF_KEY_PLAN"  # no complaint after listening
    assert phone.spoken.recording is None


def test_where_there_is_no_voice_message_none_is_offered() -> None:
    phone = rings(own(), PIN)
    assert "V_STAFF_KEY_VOICE" not in phone.said
    assert phone.hears("4")[0] == "V_STAFF_NO_VOICE"


# ---------------------------------------------------------------- calling


def test_the_gate_says_no_and_says_why() -> None:
    phone = rings(own(), PIN, "2")
    assert phone.said == ("V_STAFF_BRIDGE",)
    assert phone.hears("1")[0] == "V_STAFF_REFUSED_TIME"
    phone.house.bridge = Refusal("night", at_desk=True)
    assert phone.hears("2", "1")[:2] == ("V_STAFF_REFUSED_TIME", "V_STAFF_AT_DESK")
    phone.house.bridge = Refusal("something new")
    assert phone.hears("2", "1")[0] == "V_STAFF_REFUSED"


def test_nobody_is_rung_without_the_key() -> None:
    phone = rings(own(), PIN, "2", "0")
    assert phone.said[0] == "V_STAFF_KEY_PLAN"
    phone.hears("2", Silence(), "5")
    assert phone.said == ("V_ERR_WRONG_KEY", "V_STAFF_BRIDGE")
    assert not phone.house.has_done("connect")


def test_connected_then_the_outcome_is_asked_and_noted() -> None:
    house = replace(own(), bridge=Bridge(31, (), Connect("+85512345678", 25, "x")))
    phone = rings(house, PIN, "2", "1")
    assert isinstance(phone.spoken.wait, Connect)
    assert phone.hears(Dialled("completed", 80)) == ("V_STAFF_OUTCOME",)
    said = phone.hears("1")
    assert said[0] == "V_STAFF_NOTED"
    assert "V_STAFF_KEY_CLOSE" in said
    assert house.has_done("note_outcome") == [("note_outcome", CASE, 31, "reached")]


def test_an_outcome_that_is_known_is_not_asked() -> None:
    house = replace(own(), bridge=Bridge(31, (), Connect("+85512345678", 25, "x")))
    house.known_outcome = "no_answer"
    phone = rings(house, PIN, "2", "1", Dialled("no-answer", 0))
    assert phone.said[:2] == ("V_STAFF_DID_NOT_ANSWER", "V_STAFF_KEY_PLAN")
    assert not house.has_done("note_outcome")  # the bridge has noted it


@pytest.mark.parametrize("last", [[HungUp()], [Dialled("completed", 9), HungUp(), HungUp()]])
def test_a_hang_up_while_talking_or_after_is_told_to_the_bridge(last: list) -> None:
    house = replace(own(), bridge=Bridge(31, (), Connect("+85512345678", 25, "x")))
    rings(house, PIN, "2", "1", *last)
    assert house.has_done("talk_over")[-1] == ("talk_over", 31, HungUp())
    assert len(house.has_done("talk_over")) == len(last) - (len(last) > 1)


def test_silence_at_the_outcome_leaves_it_to_the_bridge() -> None:
    house = replace(own(), bridge=Bridge(31, (), Connect("+85512345678", 25, "x")))
    phone = rings(house, PIN, "2", "1", Dialled("completed", 9), Silence(), Silence(), Silence())
    assert phone.said == ("V_STAFF_BYE",)
    assert house.has_done("talk_over")[-1] == ("talk_over", 31, HungUp())


def test_where_the_carrier_cannot_ask_first_the_phone_is_put_down() -> None:
    house = replace(own(), bridge=Bridge(31, (), TheEnd()))
    phone = rings(house, PIN, "2", "1")
    assert phone.said == ("V_STAFF_PUT_DOWN",)
    assert phone.is_over
    assert phone.spoken.state["ended"]
    house.bridge = Bridge(31, (Saying("V_CB_OUTGOING"),), TheEnd())
    assert rings(house, PIN, "2", "1").said == ("V_CB_OUTGOING",)


def test_an_outcome_of_a_call_from_another_phone_can_be_noted() -> None:
    phone = rings(own(), PIN, "3")
    assert phone.said == ("V_STAFF_OUTCOME",)
    phone.hears("6")
    assert phone.house.has_done("note_outcome") == [("note_outcome", CASE, None, "unsafe")]


# ---------------------------------------------------------------- closing, giving back


def test_a_case_is_closed_only_after_somebody_called() -> None:
    phone = rings(own(), PIN, "5")
    assert phone.said[0] == "V_STAFF_NO_ATTEMPT"
    assert phone.hears("3", "1")[0] == "V_STAFF_NOTED"
    assert phone.hears("5") == ("V_STAFF_CLOSE",)
    assert phone.hears("0")[0] == "V_STAFF_KEY_PLAN"
    assert phone.hears("5", "2") == ("V_STAFF_CLOSED", "V_STAFF_NO_MORE", "V_STAFF_BYE")
    assert phone.house.has_done("close") == [("close", CASE, "referred")]


def test_a_case_that_is_ones_own_no_more_is_left() -> None:
    phone = rings(own(), PIN)
    phone.house.items[CASE] = replace(phone.house.items[CASE], holder=ANOTHER)
    assert phone.hears("9") == ("V_STAFF_CHANGED", "V_STAFF_NO_MORE", "V_STAFF_BYE")


def test_a_case_can_be_given_back() -> None:
    phone = rings(own(), PIN, "7")
    assert phone.said == ("V_STAFF_NEXT", "V_STAFF_NO_MORE", "V_STAFF_BYE")
    assert phone.house.has_done("hand_back")


# ---------------------------------------------------------------- whatever is pressed

TURNS = st.lists(
    st.one_of(
        st.sampled_from([Digits(key) for key in "0123456789*#"]),
        st.sampled_from([Digits("4071"), Digits("9999"), Digits("1234567")]),
        st.sampled_from([Silence(), Words("1"), Voice("RE1", 3), Dialled("busy", 0), HungUp()]),
    ),
    max_size=25,
)
HOUSES = st.builds(
    lambda holders, claims, bridge, messages: House(
        items={n: Item("missing_child", "P1", n * 40, holder) for n, holder in enumerate(holders)},
        claims=claims, bridge=bridge, messages=messages,
    ),
    st.lists(st.sampled_from([NOBODY, MINE, ANOTHER]), min_size=8, max_size=9),
    st.sampled_from([CLAIMED, SECOND, ALREADY_TAKEN]),
    st.sampled_from([Refusal("night"), Bridge(1, (), Connect("+85512345678", 25, "x")),
                     Bridge(1, (), TheEnd())]),
    st.sampled_from([(), ("one",)]),
)  # fmt: skip


@settings(max_examples=150)
@given(house=HOUSES, turns=TURNS, is_page=st.booleans())
def test_no_keys_break_it_and_before_the_pin_it_tells_nothing(house, turns, is_page) -> None:
    phone = paged(house) if is_page else rings(house)
    for turn in turns:
        if phone.is_over or phone.spoken.as_caller:
            break
        phone.hears(turn)
        assert set(phone.said) <= ALL_PROMPTS
        assert phone.spoken.state["ended"] == phone.is_over
        if not phone.spoken.state["let_in"]:
            assert set(phone.said) <= BEFORE_PIN
            assert {deed[0] for deed in house.did} <= {"check_pin", "unanswered"}
            assert phone.spoken.recording is None
        if not phone.is_over:
            assert (
                phone.said
                or phone.spoken.recording
                or phone.spoken.as_caller
                or isinstance(phone.spoken.wait, Connect)
            )
    assert len(house.has_done("unanswered")) <= 1


@given(turns=st.lists(st.sampled_from([Digits("9999"), Silence(), Digits("5")]), max_size=9))
def test_without_the_pin_nothing_is_claimed_and_the_call_is_short(turns) -> None:
    phone = paged(House(), *turns[:1])
    for turn in turns[1:]:
        if not phone.is_over:
            phone.hears(turn)
    assert {deed[0] for deed in phone.house.did} <= {"check_pin", "unanswered"}
    assert len(phone.house.has_done("check_pin")) <= 3


def test_everything_that_is_said_was_recorded() -> None:
    file = Path(__file__).parents[2] / "audio/prompts.yaml"
    prompts = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)["prompts"]
    assert {name for name in ALL_PROMPTS if not prompts.get(name, {}).get("takes")} == set()


def test_a_call_waits_for_one_key_wherever_it_asks_for_one() -> None:
    assert isinstance(rings(own(), PIN).spoken.wait, OneKey)
