"""One case: who reads it, what it says first, and that reading leaves a line."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine, event

from hotline import cases
from hotline.core.turn import OpenCase
from hotline.storage.case import case_keys, find_case
from tests.web.desk.desk import ASK, MOTHER, NEIGHBOUR, Desk

WAVE = b"RIFF" + bytes(range(256)) * 40
SECRETS = ("345678", "345 678", "In the evening", "Is the person under 18?", "uncle")


def taken(desk: Desk, name: str = "Dara", **plan) -> str:
    ref = desk.caller_asks(**plan)
    desk.takes_by_text(name, ref)
    return ref


def test_before_it_is_taken_a_duty_worker_sees_no_plan(desk: Desk) -> None:
    ref = desk.caller_asks(notes={"under_18": "yes"})
    page = desk.staff("Dara").reads(f"/cases/{ref}")
    assert "A child is missing" in page
    assert "I take this case" in page
    assert "Take the case to see how to call back" in page
    for secret in SECRETS:
        assert secret not in page
    assert "read_case" not in [what for _, what, _ in desk.audit()]


def test_who_takes_it_reads_the_plan_first(desk: Desk) -> None:
    ref = desk.caller_asks(who_answers="say_wrong_number", notes={"under_18": "yes"})
    dara = desk.staff("Dara")
    assert dara.sends(f"/cases/{ref}/claim", f"/cases/{ref}").status_code == 303
    page = dara.reads(f"/cases/{ref}")
    assert "You have it" in page
    assert "The caller agreed to be called." in page
    assert "In the evening" in page
    assert "Say: sorry, wrong number. Hang up." in page
    assert "Is the person under 18? yes" in page
    assert "not called back yet" in page
    assert page.index("How to call back") < page.index("What the caller told")
    assert page.index("What the caller told") < page.index("What happened")
    assert ("staff:1", "read_case", f"case:{ref}") in desk.audit()
    assert ("staff:1", "claim", f"case:{ref}") in desk.audit()


def test_a_case_of_somebody_else_keeps_its_plan_notes_and_sound(desk: Desk) -> None:
    ref = taken(desk, "Sophea", notes={"under_18": "yes"})
    sophea, dara = desk.staff("Sophea"), desk.staff("Dara")
    sophea.sends(f"/cases/{ref}/notes", f"/cases/{ref}", note="the uncle drinks")
    desk.caller_speaks(ref, WAVE)
    page = dara.reads(f"/cases/{ref}")
    assert "Sophea has it" in page
    for secret in SECRETS:
        assert secret not in page
    assert dara.sees(f"/cases/{ref}/voice/1").status_code == 404
    for path in ("number", "attempts", "notes", "close"):
        answer = dara.sends(f"/cases/{ref}/{path}", outcome="reached", note="mine now", version="2")
        assert answer.status_code == 404, path
        assert "There is no such case" in answer.text
        missing = dara.sends(
            f"/cases/ZZZZZ/{path}", outcome="reached", note="mine now", version="2"
        )
        assert missing.text.replace("ZZZZZ", ref) == answer.text
    assert not [line for line in desk.audit() if line[0] == "staff:1" and "case" in line[2]]
    assert "mine now" not in sophea.reads(f"/cases/{ref}")


def test_a_supervisor_reads_every_case_and_is_noted(desk: Desk) -> None:
    ref = taken(desk, "Sophea")
    page = desk.staff("Bopha").reads(f"/cases/{ref}")
    assert "Sophea has it" in page
    assert "In the evening" in page
    assert ("staff:3", "read_case", f"case:{ref}") in desk.audit()


def test_a_number_is_masked_until_it_is_asked_for_and_then_noted(desk: Desk) -> None:
    ref = taken(desk, window="morning")
    dara = desk.staff("Dara")
    page = dara.source(f"/cases/{ref}")
    assert "78</span>" in page
    assert "345" not in page
    assert "show_number" not in [what for _, what, _ in desk.audit()]
    shown = dara.sends(f"/cases/{ref}/number", f"/cases/{ref}")
    assert "012 345 678" in shown.text
    assert f'href="tel:{MOTHER}"' in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert ("staff:1", "show_number", f"case:{ref}") in desk.audit()
    assert "345" not in dara.source(f"/cases/{ref}")


def test_another_number_than_the_calling_one_is_the_one_shown(desk: Desk) -> None:
    ref = taken(desk, number=NEIGHBOUR, notes=None)
    with desk.hotline.transaction() as tx:
        case = find_case(tx, ref)
        cases.add_answers(desk.hotline, tx, case.id, plan=[("number", "+85511999888")])
    dara = desk.staff("Dara")
    assert "Another number, which they keyed in." in dara.reads(f"/cases/{ref}")
    assert "011 999 888" in dara.sends(f"/cases/{ref}/number", f"/cases/{ref}").text


def test_a_withheld_number_cannot_be_shown(desk: Desk) -> None:
    ref = desk.caller_asks(ASK, None)
    desk.takes_by_text("Dara", ref)
    dara = desk.staff("Dara")
    page = dara.reads(f"/cases/{ref}")
    assert "number was withheld and they gave no other" in page
    assert "Show the number" not in page
    assert dara.sends(f"/cases/{ref}/number", f"/cases/{ref}").status_code == 404


@pytest.mark.parametrize(
    ("consent", "warning"),
    [
        (
            "not_asked",
            "The caller was not asked: do not call, unless a child may be",
        ),
        ("no", "Do not call. The caller said no."),
        ("pending", "stopped before they agreed to a call"),
    ],
)
def test_consent_that_was_not_given_is_a_warning(desk: Desk, consent: str, warning: str) -> None:
    ref = taken(desk, consent=consent)
    page = desk.staff("Dara").reads(f"/cases/{ref}")
    assert warning in page
    assert "The caller agreed to be called." not in page


def test_a_quiet_sign_forbids_a_call_whatever_else_was_said(desk: Desk) -> None:
    ref = taken(desk, consent="yes")
    with desk.hotline.transaction() as tx:
        cases.flag(desk.hotline, tx, find_case(tx, ref).id, "quiet")
    page = desk.staff("Dara").reads(f"/cases/{ref}")
    assert "Do not call. This is a quiet sign" in page
    assert "agreed to be called" not in page
    assert "not called back yet" not in page


def test_a_child_who_calls_is_told_at_the_top(desk: Desk) -> None:
    ref = taken(desk, caller_age="child")
    page = desk.staff("Dara").reads(f"/cases/{ref}")
    assert "A child is calling." in page
    assert page.index("A child is calling.") < page.index("When it is safe")


def test_what_was_not_asked_says_so(desk: Desk) -> None:
    ref = taken(desk)
    page = desk.staff("Dara").reads(f"/cases/{ref}")
    assert "If somebody else answers They were not asked." in page


def test_a_voice_message_plays_in_parts_and_is_not_kept(desk: Desk) -> None:
    ref = taken(desk)
    desk.caller_speaks(ref, WAVE)
    dara = desk.staff("Dara")
    assert f'src="/desk/cases/{ref}/voice/1"' in dara.sees(f"/cases/{ref}").text
    whole = dara.sees(f"/cases/{ref}/voice/1")
    assert whole.data == WAVE
    assert whole.mimetype == "audio/wav"
    assert whole.headers["Cache-Control"] == "no-store"
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = dara.sees(f"/cases/{ref}/voice/1", headers={"Range": "bytes=4-9"})
    assert part.status_code == 206
    assert part.data == WAVE[4:10]
    assert part.headers["Content-Range"] == f"bytes 4-9/{len(WAVE)}"
    beyond = dara.sees(f"/cases/{ref}/voice/1", headers={"Range": f"bytes={len(WAVE)}-"})
    assert beyond.status_code == 416
    assert ("staff:1", "hear_voice_message", f"case:{ref}") in desk.audit()
    for nothing in ("0", "2", "99999999999999999999"):
        assert dara.sees(f"/cases/{ref}/voice/{nothing}").status_code == 404


def test_the_timeline_tells_the_whole_story(desk: Desk) -> None:
    ref = taken(desk)
    dara = desk.staff("Dara")
    desk.minutes_pass(3)
    dara.sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="no_answer", note="rang long")
    desk.minutes_pass(30)
    dara.sends(f"/cases/{ref}/notes", f"/cases/{ref}", note="try the aunt")
    page = dara.reads(f"/cases/{ref}")
    story = [
        "The caller asked for help: pressed the key for it",
        "Dara was alerted: text not needed any more",
        "Dara took the case",
        "Dara called back: No answer",
        "rang long",
        "Dara noted",
        "try the aunt",
    ]
    places = [page.index(line) for line in story]
    assert places == sorted(places)
    assert "22/11 10:03" in page  # in Phnom Penh


def test_a_long_case_asks_the_database_no_more_than_a_short_one(desk: Desk) -> None:
    ref = taken(desk)
    desk.caller_speaks(ref, WAVE)
    dara = desk.staff("Dara")
    for n in range(30):
        dara.sends(f"/cases/{ref}/notes", f"/cases/{ref}", note=f"note {n}")
    asked: list[str] = []

    def count(_c, _cursor, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        assert "note 29" in dara.reads(f"/cases/{ref}")
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert len([one for one in asked if one.startswith(("SELECT", "INSERT", "UPDATE"))]) <= 15


def test_what_the_caller_wrote_stands_in_the_timeline(desk: Desk) -> None:
    ref = taken(desk)
    with desk.hotline.transaction() as tx:
        cases.add_words(desk.hotline, tx, find_case(tx, ref).id, "ជួយខ្ញុំផង <b>")
    page = desk.staff("Dara").sees(f"/cases/{ref}").text
    assert "ជួយខ្ញុំផង &lt;b&gt;" in page


def test_a_code_the_desk_does_not_know_is_still_readable(desk: Desk) -> None:
    new = OpenCase("storm_damage", "P2", "asked_by_bird")
    ref = desk.caller_asks(new, notes={"roof_is_off": "half_of_it"})
    desk.takes_by_text("Dara", ref)
    page = desk.staff("Dara").reads(f"/cases/{ref}")
    assert "storm damage" in page
    assert "roof is off half of it" in page


def test_a_shredded_case_shows_what_is_left(desk: Desk) -> None:
    ref = taken(desk)
    with desk.hotline.transaction() as tx:
        tx.execute(case_keys.delete())
    page = desk.staff("Dara").reads(f"/cases/{ref}")
    assert "What the caller said was deleted" in page
    assert "A child is missing" in page


def test_a_case_in_khmer_has_no_english_left(desk: Desk) -> None:
    ref = taken(desk, who_answers="say_child_club", notes={"under_18": "yes"})
    desk.caller_speaks(ref, WAVE)
    dara = desk.staff("Dara")
    dara.sends("/language", language="km")
    dara.sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="busy")
    page = dara.sees(f"/cases/{ref}").text
    assert '<html lang="km">' in page
    plain = re.sub(r"<[^>]+>", " ", page.replace(">English<", "><"))
    foreign = set(re.findall(r"[A-Za-z]{2,}", plain)) - {"Dara", ref}
    assert not {word for word in foreign if not re.fullmatch(r"[A-Z2-9]+", word)}, foreign
