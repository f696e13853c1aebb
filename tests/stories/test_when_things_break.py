"""Whatever goes wrong around a call or a text, the caller is answered and nothing is done twice."""

from __future__ import annotations

import itertools
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
import sqlalchemy as sa

from hotline.core.engine import LONGEST_CALL, MOST_TURNS
from hotline.storage.conversation import conversations
from hotline.storage.incoming_text import incoming_texts
from tests.stories.line import CHILD, MOTHER, TOKEN, Line
from tests.stories.spoken import is_safe, languages, next_number, prompts, read
from tests.stories.switchboard import Switchboard, all_at_once

only_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
TEXTS = "/texts/simulator/incoming"


@pytest.fixture
def switchboard(line: Line) -> Switchboard:
    return Switchboard(line.app, line.address, TOKEN)


@contextmanager
def locked_by_another_program(line: Line) -> Iterator[None]:
    """Somebody who knows nothing of our queue has the database, and does not let go."""
    database = line.hotline.database
    if database.is_sqlite:
        with closing(sqlite3.connect(sa.make_url(database.url).database)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.rollback()
        return
    engine = sa.create_engine(database.url)
    with engine.connect() as other:
        other.execute(sa.text("LOCK TABLE conversation, incoming_text IN ACCESS EXCLUSIVE MODE"))
        yield
        other.rollback()
    engine.dispose()


def count(line: Line, table: sa.Table) -> int:
    with line.hotline.reading() as tx:
        return tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


# ---------------------------------------------------------------- the database is away


@pytest.mark.parametrize(("key", "language"), [("1", "km"), ("2", "en")])
def test_a_key_while_the_database_is_locked_hears_sorry_and_counts_later(
    line: Line, key: str, language: str
) -> None:
    call = line.mother.dial()
    call.press(key)
    call.press("1")
    call.hears("V_URGENT_MENU")
    with locked_by_another_program(line):
        call.press("1")
        call.hears("V_ERR_SYSTEM")
        assert call.ends() == "completed"
    assert f"/audio/{language}/V_ERR_SYSTEM." in line.company.log("call")[-1].body
    line.minutes_pass(0)
    line.dara.receives_text(containing=line.only_case().ref)
    again = line.mother.dial()
    again.hears("V_RESUME")
    again.press("1")
    again.hears("V_MISSING_1")
    again.hang_up()
    assert line.only_case().kind == "missing_child"


@only_sqlite
def test_while_the_database_is_locked_every_webhook_gets_its_whole_answer(
    line: Line, switchboard: Switchboard
) -> None:
    call = switchboard.call(MOTHER)
    call.begins()
    with locked_by_another_program(line):
        answer = call.turn(1, "1")
        is_safe(read(answer), line.address, line.hotline.library)
        assert prompts(answer) == ["V_ERR_SYSTEM"]
        text = switchboard.sends(TEXTS, switchboard.text(CHILD, "juoy"))
        assert (text.status_code, prompts(text)) == (200, [])
        assert call.is_over().status_code == 200
    line.minutes_pass(0)
    line.child.receives_text()
    for _ in range(2):  # the child, and the mother who was cut off
        line.dara.receives_text()
    assert {case.kind for case in line.cases()} == {"danger_now", "cut_off"}


@only_sqlite
def test_when_a_new_call_meets_a_locked_database_it_hears_sorry_in_both_languages(
    line: Line, switchboard: Switchboard
) -> None:
    with locked_by_another_program(line):
        answer = switchboard.call(MOTHER).begins()
    assert prompts(answer) == ["V_ERR_SYSTEM"] * 2
    assert languages(answer) == {"km", "en"}
    line.minutes_pass(0)
    line.dara.receives_text(containing=line.only_case().ref)


# ---------------------------------------------------------------- the end of a call is lost


def the_mother_hangs_up_on_the_urgent_menu(line: Line) -> None:
    call = line.mother_hears_the_urgent_menu()
    call.hang_up()


def test_a_hang_up_that_nobody_tells_us_of_still_counts(line: Line) -> None:
    line.company.arm("lose", place="call status")
    the_mother_hangs_up_on_the_urgent_menu(line)
    line.minutes_pass(1)
    assert line.cases() == []
    for _ in range(2):  # and once only
        line.minutes_pass(5)
    line.dara.receives_text(containing=line.only_case().ref)
    case = line.only_case()
    assert (case.kind, case.reason) == ("unclear_urgent", "hung_up_on_urgent_menu")


@only_sqlite
def test_a_hang_up_while_the_database_is_locked_still_counts(line: Line) -> None:
    call = line.mother_hears_the_urgent_menu()
    with locked_by_another_program(line):
        call.hang_up()
    line.minutes_pass(6)
    line.dara.receives_text(containing=line.only_case().ref)
    assert line.only_case().kind == "unclear_urgent"


@only_sqlite
def test_a_call_that_cannot_be_read_any_more_keeps_nobody_waiting(line: Line) -> None:
    line.company.arm("lose", place="call status", times=2)
    for broken in (True, False):
        the_mother_hangs_up_on_the_urgent_menu(line)
        if broken:
            with line.hotline.transaction() as tx:
                tx.execute(conversations.update().values(state_sealed=b"not sealed at all"))
    line.minutes_pass(6)
    line.minutes_pass(0)
    line.dara.receives_text(containing=line.only_case().ref)


@only_sqlite
def test_who_listens_for_long_is_not_hung_up_on(line: Line) -> None:
    call = line.mother.dial()
    call.press("1")
    call.press("1")
    for _ in range(2):
        line.minutes_pass(4)
        call.press("9")
    call.press("1")
    call.hears("V_MISSING_1")
    line.dara.receives_text()
    call.hang_up()


# ---------------------------------------------------------------- who may not come in


@only_sqlite
def test_a_bad_signature_leaves_nothing_behind(line: Line, switchboard: Switchboard) -> None:
    stranger = Switchboard(line.app, line.address, "the token of another carrier")
    call = switchboard.call(MOTHER)
    text = switchboard.text(CHILD, "juoy")
    answers = [
        switchboard.sends("/calls/simulator/incoming", call.fields(), signed="bm90IGl0"),
        switchboard.sends(TEXTS, text, signed="bm90IGl0"),
        switchboard.sends(TEXTS, text, signed=""),
        stranger.sends("/calls/simulator/incoming", call.fields()),
        stranger.sends(TEXTS, text),
        stranger.sends_json(TEXTS, text),
        switchboard.sends("/texts/somleng/incoming", text),
    ]
    assert [answer.status_code for answer in answers] == [403] * len(answers)
    line.company.arm("bad_signature", place="text")
    line.child.texts("juoy")
    assert ["403" in problem for problem in line.company.forgive_problems()] == [True]
    assert line.cases() == []
    assert count(line, conversations) == count(line, incoming_texts) == 0


@only_sqlite
def test_a_body_that_is_too_long_or_broken_leaves_nothing_behind(
    line: Line, switchboard: Switchboard
) -> None:
    long = switchboard.text(CHILD, "juoy " * 20_000)
    assert switchboard.sends(TEXTS, long).status_code == 413
    assert switchboard.sends_json(TEXTS, long).status_code == 413
    assert switchboard.sends_json(TEXTS, ["juoy"]).status_code == 400
    assert switchboard.sends(TEXTS, {"From": CHILD, "Body": "juoy"}).status_code == 400
    assert switchboard.sends("/calls/simulator/turn", {"CallSid": "CA1"}).status_code == 400
    assert switchboard.sends("/calls/simulator/turn?n=-1", {"CallSid": "CA1"}).status_code == 400
    assert line.cases() == []
    assert count(line, conversations) == count(line, incoming_texts) == 0


@only_sqlite
def test_a_text_in_json_is_a_text(line: Line, switchboard: Switchboard) -> None:
    assert switchboard.sends_json(TEXTS, switchboard.text(CHILD, "ជួយ")).status_code == 200
    line.child.receives_text(containing="117")
    line.dara.receives_text(containing=line.only_case().ref)


# ---------------------------------------------------------------- out of order


@only_sqlite
def test_a_turn_of_a_call_nobody_knows_begins_the_call(
    line: Line, switchboard: Switchboard
) -> None:
    call = switchboard.call(MOTHER)
    answer = call.turn(5, "1")
    assert prompts(answer) == ["V_WELCOME"]
    following = next_number(read(answer))
    assert prompts(call.turn(following, "1"))[0] == "V_FIRST_FACT"


def test_old_turns_in_any_order_are_answered_as_they_were(
    line: Line, switchboard: Switchboard
) -> None:
    call = switchboard.call(MOTHER)
    told = [call.begins().data]
    told += [call.turn(n, "1").data for n in range(1, 7)]
    line.settle()
    before = line.happened(line.only_case()), line.told(line.only_case())
    order = [*range(7)] * 3
    random.Random(5).shuffle(order)
    for n in order:
        keys = random.Random(n).choice("123456789*0#")  # whatever it carries this time
        again = call.turn(n, keys) if n else call.begins()
        assert again.data == told[n], f"turn {n}"
    assert (line.happened(line.only_case()), line.told(line.only_case())) == before
    assert call.is_over().status_code == call.is_over().status_code == 200
    assert call.turn(3, "2").data == told[3]
    assert call.begins().data == told[0]
    assert count(line, conversations) == 1
    line.dara.receives_text()


def test_first_webhooks_that_come_in_the_same_moment_begin_one_call(
    line: Line, switchboard: Switchboard
) -> None:
    for _ in range(5):
        before = count(line, conversations)
        call = switchboard.call(MOTHER)
        answers = all_at_once(*[call.begins] * 4)
        assert len({answer.data for answer in answers}) == 1
        assert prompts(answers[0]) == ["V_WELCOME"]
        assert count(line, conversations) == before + 1


def test_a_key_that_comes_twice_in_the_same_moment_counts_once(
    line: Line, switchboard: Switchboard
) -> None:
    call = switchboard.call(MOTHER)
    call.begins()
    for n in (1, 2):
        call.turn(n, "1")
    answers = all_at_once(*[lambda: call.turn(3, "1")] * 4)
    assert len({answer.data for answer in answers}) == 1
    assert prompts(answers[0]) == ["V_MISSING_1"]
    assert line.happened(line.only_case()).count("opened") == 1
    line.dara.receives_text()


def test_a_text_that_comes_twice_in_the_same_moment_is_one_text(
    line: Line, switchboard: Switchboard
) -> None:
    text = switchboard.text(CHILD, "juoy")
    answers = all_at_once(*[lambda: switchboard.sends(TEXTS, text)] * 4)
    assert {answer.status_code for answer in answers} == {200}
    line.child.receives_text()
    line.dara.receives_text()
    assert line.happened(line.only_case()).count("opened") == 1
    assert "asked_again" not in line.happened(line.only_case())


# ---------------------------------------------------------------- without end


@only_sqlite
def test_a_call_over_twelve_minutes_ends_with_a_goodbye_and_the_case_stays(line: Line) -> None:
    call = line.mother.dial()
    for key in "111":
        call.press(key)
    call.hears("V_MISSING_1")
    line.dara.receives_text()
    line.company.move_clock(LONGEST_CALL + 1)
    call.press("1")
    call.hears_only("V_GOODBYE")
    assert call.ends() == "completed"
    case = line.only_case()
    assert (case.state, case.kind) == ("open", "missing_child")
    assert line.told(case).plan["consent"] == "pending"
    line.minutes_pass(0)
    line.dara.is_rung()  # the ladder saw the same clock
    line.takes_it(line.dara)


@only_sqlite
def test_two_hundred_turns_are_enough(line: Line, switchboard: Switchboard) -> None:
    call = switchboard.call(MOTHER)
    call.begins()
    for n in itertools.count(1):
        answer = call.turn(n, "1" if n < 4 else "9")
        if read(answer).find("Hangup") is not None:
            break
        assert n < MOST_TURNS
    assert n == MOST_TURNS
    assert prompts(answer) == ["V_GOODBYE"]
    assert line.only_case().state == "open"
    line.dara.receives_text()
