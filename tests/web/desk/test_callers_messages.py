"""What callers spoke or wrote for a human: one list, one taker, nothing lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from hotline import callers, callers_messages, recordings
from hotline.callers_messages import waiting_messages
from hotline.core.events import TextEvent
from hotline.message_replies import REPLIES
from hotline.parts import Hotline
from hotline.storage import caller_message, recording
from hotline.storage.case_search import list_cases
from hotline.storage.conversation import begin_conversation
from hotline.storage.database import Transaction
from hotline.storage.outbox_item import outbox
from hotline.texting import take_text
from tests.web.desk.desk import ASK, MOTHER, NEIGHBOUR, Desk

SOUND = b"RIFF" + b"\x00" * 400
WORDS = "srolanh bong teang os knea zzqv"


def texts(desk: Desk, words: str, number: str = MOTHER) -> None:
    hotline = desk.hotline
    sid = f"SM{hotline.chance(8).hex()}"
    with hotline.transaction() as tx:
        take_text(hotline, tx, TextEvent("simulator", sid, number, "+85523900900", words))


def speaks(desk: Desk, number: str | None = MOTHER, seconds: int = 12, sid: str = "RE1") -> None:
    """A call that broke off while the caller spoke: only the sound came, and no key."""
    hotline = desk.hotline
    with hotline.transaction() as tx:
        caller = callers.meet(hotline, tx, number).id if number else None
        call = begin_conversation(
            tx,
            carrier="simulator",
            channel="voice",
            sid="CA" + sid,
            caller_id=caller,
            case_id=None,
            flow="record",
            turn=2,
            state_sealed=b"",
            started_at=hotline.now(),
            last_at=hotline.now(),
        )
        recordings.expect(
            hotline,
            tx,
            carrier="simulator",
            sid=sid,
            url="http://127.0.0.1/sound",
            seconds=seconds,
            conversation_id=call,
        )


def sound_comes(desk: Desk, sid: str = "RE1") -> None:
    with desk.hotline.reading() as tx:
        row = recording.find_recording(tx, "simulator", sid)
    assert recordings.keep(desk.hotline, row, SOUND)


def number_of_the_only_one(desk: Desk) -> int:
    with desk.hotline.reading() as tx:
        rows = caller_message.not_done(tx, after=None, oldest=False, limit=5)
    assert len(rows) == 1
    return int(rows[0].id)


def waiting(desk: Desk) -> int:
    with desk.hotline.reading() as tx:
        return waiting_messages(tx, desk.hotline.now()).count


def taken_by_dara(desk: Desk):
    """Dara has the only message; her browser, and the address of it."""
    number, dara = number_of_the_only_one(desk), desk.staff("Dara")
    path = f"/messages/{number}"
    assert dara.sends(f"{path}/take", path).status_code == 303
    return dara, path


# ------------------------------------------------------------------ the list


def test_a_text_nobody_understood_waits_and_the_list_shows_no_word_of_it(desk: Desk) -> None:
    texts(desk, WORDS)
    desk.minutes_pass(12)
    source = desk.staff("Dara").source("/messages")
    page = desk.staff("Dara").reads("/messages")
    assert "1 wait, the oldest for 12 min" in page
    assert f"Text, {len(WORDS)} letters" in page
    assert "No case, and nobody has it" in page
    assert "srolanh" not in source
    assert "345678" not in source


def test_a_voice_that_broke_off_waits_although_no_case_was_opened(desk: Desk) -> None:
    speaks(desk)
    assert "Voice message, 12 seconds" in desk.staff("Dara").reads("/messages")
    speaks(desk, seconds=0, sid="RE2")  # a cough
    assert waiting(desk) == 1


def test_a_voice_message_in_a_case_waits_until_it_was_played(desk: Desk) -> None:
    ref = desk.caller_asks()
    desk.caller_speaks(ref, SOUND)
    desk.takes_by_text("Dara", ref)
    dara = desk.staff("Dara")
    page = dara.reads("/messages")
    assert "nobody has heard it in the case yet" in page
    assert ref in page
    dara.reads(f"/cases/{ref}")
    assert waiting(desk) == 1
    assert dara.sees(f"/cases/{ref}/voice/1").status_code == 200
    assert waiting(desk) == 0
    assert "Heard in its case" in dara.reads("/messages")


def test_words_added_to_a_case_wait_until_somebody_read_the_case(desk: Desk) -> None:
    ref = desk.caller_asks()
    texts(desk, WORDS)
    desk.takes_by_text("Dara", ref)
    assert "nobody has read it in the case yet" in desk.staff("Sophea").reads("/messages")
    desk.staff("Sophea").sees(f"/cases/{ref}")  # it is not hers
    assert waiting(desk) == 1
    assert WORDS in desk.staff("Dara").reads(f"/cases/{ref}")
    assert waiting(desk) == 0


def test_a_message_the_caller_took_back_waits_no_more(desk: Desk) -> None:
    speaks(desk)
    with desk.hotline.transaction() as tx:
        recordings.drop(desk.hotline, tx, "simulator", "RE1")
    assert waiting(desk) == 0


def test_what_a_caller_wrote_around_a_word_of_danger_stands_in_the_case(desk: Desk) -> None:
    texts(desk, "juoy knhom phong bat srok zzqv")
    with desk.hotline.reading() as tx:
        ref = list_cases(tx)[0].ref
    desk.takes_by_text("Dara", ref)
    assert "zzqv" in desk.staff("Dara").reads(f"/cases/{ref}")


# ------------------------------------------------------------------ need to know


def test_only_the_taker_and_supervisors_read_it(desk: Desk) -> None:
    texts(desk, WORDS)
    path = f"/messages/{number_of_the_only_one(desk)}"
    assert WORDS not in desk.staff("Dara").reads(path)
    dara, path = taken_by_dara(desk)
    assert WORDS in dara.reads(path)
    sophea = desk.staff("Sophea")
    assert WORDS not in sophea.reads(path)
    assert "Dara has it" in sophea.reads(path)
    assert WORDS in desk.staff("Bopha").reads(path)
    noted = [line for line in desk.audit() if line[1] == "read_message"]
    assert {line[0] for line in noted} == {"staff:1", "staff:3"}
    assert all(WORDS not in str(line) for line in desk.audit())


def test_others_cannot_hear_finish_or_open_it(desk: Desk) -> None:
    speaks(desk)
    sound_comes(desk)
    _, path = taken_by_dara(desk)
    sophea = desk.staff("Sophea")
    assert sophea.sees(f"{path}/sound").status_code == 404
    for work, fields in [
        ("done", {"outcome": "test"}),
        ("case", {"kind": "question", "priority": "P3"}),
        ("reply", {"answer": "menu"}),
        ("add", {"ref": "ABCD"}),
        ("again", {}),
    ]:
        assert sophea.sends(f"{path}/{work}", "/messages", **fields).status_code == 404
    sophea.sends(f"{path}/give-back", "/messages")
    sophea.sends(f"{path}/take", "/messages")
    assert "Dara has it" in sophea.reads(path)


@pytest.mark.parametrize("number", ["0", "999999999", str(2**64), "9" * 400, "%ED%A0%80", "-1"])
def test_a_number_that_is_none_finds_nothing(desk: Desk, number: str) -> None:
    dara = desk.staff("Dara")
    assert dara.sees(f"/messages/{number}").status_code == 404
    assert dara.sees(f"/messages/{number}/sound").status_code == 404
    assert dara.sends(f"/messages/{number}/take", "/messages").status_code == 404


def test_the_first_one_has_it(desk: Desk) -> None:
    texts(desk, WORDS)
    dara, path = taken_by_dara(desk)
    desk.staff("Sophea").sends(f"{path}/take", "/messages")
    assert "You have it" in dara.reads(path)
    assert [line[0] for line in desk.audit() if line[1] == "take_message"] == ["staff:1"]


def test_two_who_press_at_one_moment_are_not_both_the_taker(desk: Desk) -> None:
    texts(desk, WORDS)
    with desk.hotline.transaction() as tx:
        seen = caller_message.get_message(tx, number_of_the_only_one(desk))
        assert callers_messages.take(desk.hotline, tx, seen, 1)
        assert not callers_messages.take(desk.hotline, tx, seen, 2)


def test_what_was_taken_and_left_waits_again_after_an_hour(desk: Desk) -> None:
    texts(desk, WORDS)
    _, path = taken_by_dara(desk)
    assert waiting(desk) == 0
    desk.minutes_pass(61)
    assert waiting(desk) == 1
    dara, sophea = desk.staff("Dara"), desk.staff("Sophea")
    assert WORDS not in dara.reads(path)
    sophea.sends(f"{path}/take", path)
    assert WORDS in sophea.reads(path)


def test_it_can_be_given_back(desk: Desk) -> None:
    texts(desk, WORDS)
    dara, path = taken_by_dara(desk)
    dara.sends(f"{path}/give-back", path)
    assert waiting(desk) == 1
    assert WORDS not in dara.reads(path)


# ------------------------------------------------------------------ put aside


def test_a_message_is_put_aside_and_taken_up_again_after_a_mistake(desk: Desk) -> None:
    texts(desk, WORDS)
    texts(desk, "plxo qqzv mmnn")
    with desk.hotline.reading() as tx:
        first = caller_message.not_done(tx, after=None, oldest=True, limit=1)[0].id
    dara, path = desk.staff("Dara"), f"/messages/{first}"
    dara.sends(f"{path}/take", path)
    assert "plxo qqzv mmnn" in dara.reads(path)  # what one caller sent goes together
    assert dara.sends(f"{path}/done", path, outcome="prank").status_code == 303
    assert waiting(desk) == 0
    assert "A joke" in dara.reads(path)
    dara.sends(f"{path}/again", path)
    assert "You have it" in dara.reads(path)


def test_a_voice_is_not_put_aside_before_somebody_heard_it(desk: Desk) -> None:
    speaks(desk)
    dara, path = taken_by_dara(desk)
    assert "still on its way" in dara.reads(path)
    refused = dara.sends(f"{path}/done", path, outcome="silent")
    assert refused.status_code == 422
    assert "Listen to the voice message first." in dara.text_of(refused)
    sound_comes(desk)
    played = dara.sees(f"{path}/sound", headers={"Range": "bytes=0-9"})
    assert played.status_code == 206
    assert "no-store" in played.headers["Cache-Control"]
    assert dara.sends(f"{path}/done", path, outcome="silent").status_code == 303
    assert ("staff:1", "hear_message", f"message:{path.split('/')[-1]}") in desk.audit()


def test_what_is_chosen_must_be_one_of_the_list(desk: Desk) -> None:
    texts(desk, WORDS)
    dara, path = taken_by_dara(desk)
    for work in ("done", "case", "reply"):
        refused = dara.sends(f"{path}/{work}", path, outcome="<b>", kind="x", answer="\x00")
        assert refused.status_code == 422
        assert "Choose one of these." in dara.text_of(refused)
    assert WORDS in dara.reads(path)


# ------------------------------------------------------------------ into a case


def test_a_message_becomes_a_case_with_words_sound_and_caller(desk: Desk) -> None:
    texts(desk, WORDS)
    speaks(desk)
    with desk.hotline.reading() as tx:
        first = caller_message.not_done(tx, after=None, oldest=True, limit=1)[0].id
    dara, path = desk.staff("Dara"), f"/messages/{first}"
    dara.sends(f"{path}/take", path)
    done = dara.sends(f"{path}/case", path, kind="job_offer", priority="P1")
    ref = done.location.rpartition("/")[2]
    case = desk.case(ref)
    assert (case.kind, case.priority, case.state, case.claimed_by) == (
        "job_offer",
        "P1",
        "claimed",
        1,
    )
    page = dara.reads(f"/cases/{ref}")
    assert WORDS in page
    sound_comes(desk)
    assert dara.sees(f"/cases/{ref}/voice/1").status_code == 200
    assert waiting(desk) == 0
    assert dara.sees(path).location == f"/desk/cases/{ref}"
    assert ("staff:1", "message_into_case", f"case:{ref}") in desk.audit()


def test_pressed_twice_it_is_one_case(desk: Desk) -> None:
    speaks(desk, number=None)
    dara, path = taken_by_dara(desk)
    asked = {"kind": "question", "priority": "P3"}
    first = dara.sends(f"{path}/case", "/messages", **asked)
    again = dara.sends(f"{path}/case", "/messages", **asked)
    assert first.location == again.location  # both lead to the case
    with desk.hotline.reading() as tx:
        assert len(list_cases(tx)) == 1


def test_it_goes_into_the_case_its_caller_has_and_into_no_other(desk: Desk) -> None:
    texts(desk, WORDS)
    ref, other = desk.caller_asks(), desk.caller_asks(number=NEIGHBOUR)
    dara, path = taken_by_dara(desk)
    page = dara.reads(path)
    assert ref in page
    assert other not in page
    assert dara.sends(f"{path}/add", path, ref=other).status_code == 409
    assert dara.sends(f"{path}/add", path, ref=ref).status_code == 303
    desk.takes_by_text("Dara", ref)
    assert WORDS in dara.reads(f"/cases/{ref}")


# ------------------------------------------------------------------ reply


def replies(desk: Desk) -> list[str]:
    with desk.hotline.reading() as tx:
        wanted = select(outbox.c.prompt).where(outbox.c.audience == "caller")
        return list(tx.execute(wanted).scalars())


def test_one_prepared_answer_may_be_sent_once(desk: Desk) -> None:
    texts(desk, WORDS)
    dara, path = taken_by_dara(desk)
    assert "Send an answer of the line" in dara.reads(path)
    assert dara.sends(f"{path}/reply", path, answer="school").status_code == 303
    assert sorted(replies(desk)) == ["SMS_SCHOOL", "SMS_UNKNOWN"]
    assert "A question, answered" in dara.reads(path)
    dara.sends(f"{path}/again", path)
    assert dara.sends(f"{path}/reply", path, answer="job").status_code == 422
    assert sorted(replies(desk)) == ["SMS_SCHOOL", "SMS_UNKNOWN"]


@pytest.mark.parametrize("why", ["late", "stopped", "has a case", "a voice"])
def test_no_answer_is_sent_where_it_may_do_harm(desk: Desk, why: str) -> None:
    if why == "a voice":
        speaks(desk)
    else:
        texts(desk, WORDS)
    if why == "late":
        desk.minutes_pass(61)
    dara, path = taken_by_dara(desk)
    if why == "stopped":
        texts(desk, "stop")
    if why == "has a case":
        desk.caller_asks(ASK)
    before = replies(desk)
    assert "Send an answer of the line" not in dara.reads(path)
    assert dara.sends(f"{path}/reply", path, answer="menu").status_code == 422
    assert replies(desk) == before


def test_nothing_is_sent_while_a_voice_of_the_same_caller_is_unheard(desk: Desk) -> None:
    texts(desk, WORDS)
    speaks(desk)
    with desk.hotline.reading() as tx:
        rows = caller_message.not_done(tx, after=None, oldest=False, limit=5)
    text, voice = (
        next(f"/messages/{row.id}" for row in rows if row.kind == kind)
        for kind in (caller_message.TEXT, caller_message.VOICE)
    )
    dara = desk.staff("Dara")
    dara.sends(f"{text}/take", text)
    refused = dara.sends(f"{text}/reply", text, answer="school")
    assert refused.status_code == 422
    assert "Listen to the voice message first." in dara.text_of(refused)
    assert "SMS_SCHOOL" not in replies(desk)
    sound_comes(desk)
    assert dara.sees(f"{voice}/sound").status_code == 200
    assert dara.sends(f"{text}/reply", text, answer="school").status_code == 303
    assert replies(desk).count("SMS_SCHOOL") == 1


def test_every_answer_is_a_harmless_one_of_the_line(desk: Desk) -> None:
    steps = desk.hotline.library.flows["texts"].steps
    topics = {topic.step: topic for topic in desk.hotline.keywords.topics.values()}
    for answer in REPLIES:
        assert topics[answer].tier == 2, "danger is no reply"
        assert answer in steps
        assert desk.hotline.library.text(f"SMS_{answer.upper()}", "km", "khmer")


# ------------------------------------------------------------------ many


def test_thirty_texts_of_one_caller_ask_no_more_than_one(desk: Desk) -> None:
    for _ in range(30):
        texts(desk, WORDS)
    with desk.hotline.reading() as tx:
        number = caller_message.not_done(tx, after=None, oldest=False, limit=1)[0].id
    dara = desk.staff("Dara")
    dara.sends(f"/messages/{number}/take", f"/messages/{number}")
    statements: list[str] = []
    with desk.hotline.reading() as tx:
        event.listen(tx.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    with desk.hotline.transaction() as tx:
        event.listen(tx.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    assert dara.sees(f"/messages/{number}").text.count("<time") >= 30
    assert len(statements) <= 25
    reads = [thing for _, action, thing in desk.audit() if action == "read_message"]
    assert len(set(reads)) == 30


def fill(tx: Transaction, hotline: Hotline, count: int) -> None:
    rows = [
        {
            "kind": "text",
            "size": 20,
            "state": "waiting",
            "received_at": hotline.now() - timedelta(seconds=place),
        }
        for place in range(count)
    ]
    tx.execute(caller_message.messages.insert(), rows)


def test_ten_thousand_messages_are_read_page_by_page(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        fill(tx, desk.hotline, 10_000)
    dara, statements = desk.staff("Dara"), []
    with desk.hotline.reading() as tx:
        event.listen(tx.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    page = dara.sees("/messages")
    assert len(statements) <= 15
    assert "99+ wait" in dara.text_of(page)
    assert page.text.count("/desk/messages/") <= 60
    seen, path = set(), "/messages?order=oldest"
    for _ in range(3):
        text = dara.sees(path).text
        numbers = {part.split('"')[0] for part in text.split('href="/desk/messages/')[1:]}
        assert not seen & numbers
        seen |= numbers
        path = "/messages?" + text.split("after=")[1].split('"')[0].join(["after=", ""])
        path = path.replace("&amp;", "&") + "&order=oldest"
    assert len(seen) == 150


@pytest.mark.parametrize("after", ["x", "1-", "-", "9" * 40, "%00", "1-1-1"])
def test_a_page_asked_for_with_nonsense_is_the_first(desk: Desk, after: str) -> None:
    assert "Everything was heard and read." in desk.staff("Dara").reads(f"/messages?after={after}")
