"""The whole number and the sound: shown once for a button that was pressed, and never kept."""

from __future__ import annotations

import pytest

from hotline import cases
from hotline.storage.case import find_case
from tests.web.desk.desk import MOTHER, ONCE, TOKEN, Desk, Visitor

WAVE = b"RIFF" + bytes(range(256)) * 40


def taken(desk: Desk, **plan: str) -> str:
    ref = desk.caller_asks(**plan)
    desk.takes_by_text("Dara", ref)
    desk.caller_speaks(ref, WAVE)
    return ref


def asks(visitor, ref: str):
    return visitor.sends(f"/cases/{ref}/number", f"/cases/{ref}")


def flag(desk: Desk, ref: str, code: str) -> None:
    with desk.hotline.transaction() as tx:
        cases.flag(desk.hotline, tx, find_case(tx, ref).id, code)


# ---------------------------------------------------------------- the number


def test_a_page_out_of_the_history_shows_no_number_again(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    page = dara.sees(f"/cases/{ref}").text
    form = {"form_token": TOKEN.search(page)[1], "once": ONCE.search(page)[1]}
    first = dara.client.post(f"/desk/cases/{ref}/number", data=form)
    assert "012 345 678" in first.text
    again = dara.client.post(f"/desk/cases/{ref}/number", data=form)
    assert (again.status_code, again.location) == (303, f"/desk/cases/{ref}")
    assert [what for _, what, _ in desk.audit()].count("show_number") == 1
    assert "012 345 678" in asks(dara, ref).text


@pytest.mark.parametrize("once", ["", "0" * 32, "ក", "\x00", None])
def test_without_the_word_of_its_form_there_is_no_number(desk: Desk, once: str | None) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    token = TOKEN.search(dara.sees(f"/cases/{ref}").text)[1]
    form = {"form_token": token} | ({"once": once} if once is not None else {})
    answer = dara.client.post(f"/desk/cases/{ref}/number", data=form)
    assert answer.status_code == 303
    assert "show_number" not in [what for _, what, _ in desk.audit()]


def test_the_word_of_one_case_shows_no_other(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    other = desk.caller_asks(number="+85596234567")
    desk.takes_by_text("Dara", other)
    answer = dara.sends(f"/cases/{other}/number", f"/cases/{ref}")
    assert answer.status_code == 303
    assert "96 234" not in answer.text


def test_many_cases_opened_one_after_the_other_keep_the_cookie_small(desk: Desk) -> None:
    dara = desk.staff("Dara")
    refs = [desk.caller_asks(number=f"+855123400{n:02d}") for n in range(12)]
    for ref in refs:
        desk.takes_by_text("Dara", ref)
        answer = dara.sees(f"/cases/{ref}")
        assert len(answer.headers.get("Set-Cookie", "")) < 1500
    assert asks(dara, refs[0]).status_code == 200  # opening it anew is enough


@pytest.mark.parametrize(
    ("plan", "flags"),
    [
        ({"caller_age": "child"}, ()),
        ({"consent": "yes"}, ("quiet",)),
        ({"consent": "no"}, ()),
        ({"consent": "not_asked"}, ()),
        ({"window": "evening"}, ()),
    ],
)
def test_who_must_not_simply_be_rung_has_no_link_for_a_thumb(desk: Desk, plan, flags) -> None:
    ref, dara = taken(desk, **plan), desk.staff("Dara")
    for code in flags:
        flag(desk, ref, code)
    shown = asks(dara, ref).text
    assert "012 345 678" in shown
    assert "tel:" not in shown
    assert "tel:" not in dara.sees(f"/cases/{ref}").text


def test_beside_a_number_that_must_wait_stands_when_it_may_be_rung(desk: Desk) -> None:
    ref, dara = taken(desk, window="evening"), desk.staff("Dara")
    assert "Opens at" in Visitor.text_of(asks(dara, ref))
    assert "17:00" in asks(dara, ref).text


def test_beside_the_number_of_a_child_stands_whom_not_to_tell(desk: Desk) -> None:
    ref, dara = taken(desk, caller_age="child"), desk.staff("Dara")
    assert "Do not tell the parents first." in asks(dara, ref).text


def test_nothing_of_a_person_stands_in_titles_addresses_or_what_a_browser_keeps(
    desk: Desk,
) -> None:
    ref, dara = taken(desk, caller_age="child"), desk.staff("Dara")
    dara.sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="reached")
    answers = [dara.sees(f"/cases/{ref}{page}") for page in ("", "/about", "/date", "/hand-over")]
    for answer in [*answers, asks(dara, ref)]:
        title = answer.text.split("<title>")[1].split("</title>")[0]
        assert title == f"{ref} · Child Club desk"
        assert answer.headers["Cache-Control"] == "no-store"
        assert MOTHER[4:] not in answer.text.replace(f"tel:{MOTHER}", "")
        for field in answer.text.split("<form")[1:]:
            for tag in ("<textarea", "<select"):
                for piece in field.split(tag)[1:]:
                    assert 'autocomplete="off"' in piece.split(">")[0]


def test_after_a_while_who_looks_says_first_who_they_are(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    desk.minutes_pass(50)
    page = dara.sees(f"/cases/{ref}").text
    assert f'href="/desk/prove?back={ref}"' in page
    assert "<audio" not in page
    assert "Say who you are, then see the number" in page
    assert f'action="/desk/cases/{ref}/number"' not in page


# ---------------------------------------------------------------- the sound


def hears(visitor, ref: str, **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return visitor.sees(f"/cases/{ref}/voice/1", headers=named)


def heard(desk: Desk) -> int:
    return [what for _, what, _ in desk.audit()].count("hear_voice_message")


@pytest.mark.parametrize(
    ("asked", "status", "sound"),
    [
        ("bytes=0-3", 206, WAVE[:4]),
        ("bytes=4-9", 206, WAVE[4:10]),
        ("bytes=100-", 206, WAVE[100:]),
        ("bytes=-5", 206, WAVE[-5:]),
        ("bytes=0-999999", 206, WAVE),
        (f"bytes={len(WAVE)}-", 416, None),
        ("bytes=9-4", 416, None),
        ("lines=1-2", 416, None),
        ("nonsense", 416, None),
    ],
)
def test_a_player_asks_for_parts(desk: Desk, asked: str, status: int, sound) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    answer = hears(dara, ref, Range=asked)
    assert answer.status_code == status or (status == 416 and answer.data == WAVE)
    assert sound is None or answer.data == sound
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_player_that_goes_on_asks_whether_it_is_the_same_sound(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    mark = hears(dara, ref).headers["ETag"]
    assert hears(dara, ref, Range="bytes=4-9", If_Range=mark).data == WAVE[4:10]
    other = hears(dara, ref, Range="bytes=4-9", If_Range='"another"')
    assert (other.status_code, other.data) == (200, WAVE)


def test_one_listening_is_one_line_however_many_parts(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    hears(dara, ref, Range="bytes=0-")
    for start in (100, 2000, 9000):
        hears(dara, ref, Range=f"bytes={start}-")
    assert heard(desk) == 1
    hears(dara, ref)
    assert heard(desk) == 2


def test_who_begins_in_the_middle_is_noted_all_the_same(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    hears(dara, ref, Range="bytes=1-")
    assert heard(desk) == 1
    hears(dara, ref, Range="bytes=-5000")
    assert heard(desk) == 1


def test_asking_only_whether_it_is_there_is_no_listening(desk: Desk) -> None:
    ref, dara = taken(desk), desk.staff("Dara")
    answer = dara.client.head(f"/desk/cases/{ref}/voice/1")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(WAVE))
    assert heard(desk) == 0
