"""Texts nobody understood, before an editor: words alone, and what they mean from now on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import event

from hotline import audit, keyword_additions, reviewing_texts
from hotline.core.keyword_guesses import Nearest
from hotline.core.keyword_overlay import Addition
from hotline.core.turn import OpenCase
from hotline.storage import incoming_text
from hotline.storage.case import events_of
from hotline.storage.case_search import list_cases
from hotline.storage.escalation import get_escalation
from hotline.storage.staff_member import find_staff_by_name
from tests.web.desk.desk import MOTHER, NEIGHBOUR, Desk
from tests.web.desk.test_callers_messages import texts

NEW = "zzqolla"
FORM = {"topic": "SCHOOL", "spelling": NEW, "used": "alone", "latin": "latn"}


@pytest.fixture(autouse=True)
def editors(desk: Desk) -> None:
    desk.take_on("Thida", "+85510111091", "editor")
    desk.take_on("Rithy", "+85510111081", "editor")


def newest(desk: Desk) -> int:
    with desk.hotline.reading() as tx:
        return int(incoming_text.unreviewed(tx, None, 1)[0].id)


def waiting(desk: Desk) -> int:
    with desk.hotline.reading() as tx:
        return len(incoming_text.unreviewed(tx, None, 200))


def means(desk: Desk, words: str) -> str | None:
    with desk.hotline.reading() as tx:
        return keyword_additions.in_force(desk.hotline, tx).match(words).topic


def decides(desk: Desk, name: str = "Thida", work: str = "spelling", **fields: str):
    editor, number = desk.staff(name), newest(desk)
    return editor, editor.sends(f"/texts/{number}/{work}", f"/texts/{number}", **fields)


def done_by(desk: Desk, name: str) -> list[str]:
    with desk.hotline.reading() as tx:
        actor = f"staff:{find_staff_by_name(tx, name).id}"
    return [action for who, action, _ in desk.audit() if who == actor]


def happened(desk: Desk, ref: str) -> list[str]:
    with desk.hotline.reading() as tx:
        return [event.what for event in events_of(tx, desk.case(ref).id)]


# ------------------------------------------------------------------ the queue


def test_alike_texts_stand_together_and_say_nothing_of_who_wrote_them(desk: Desk) -> None:
    texts(desk, f"{NEW}!")
    texts(desk, f" {NEW.upper()}", NEIGHBOUR)
    texts(desk, "wrxq 012 345 678 knhom chhmous Sophal")
    chan = desk.staff("Thida")
    page = chan.reads("/texts")
    assert "2 times" in page
    assert "wrxq ●●● knhom chhmous ●●●" in page
    source = chan.source("/texts")
    assert "Sophal" not in source
    assert MOTHER[4:] not in source
    assert "/messages" not in source
    assert "read_texts" in done_by(desk, "Thida")


@pytest.mark.parametrize("path", ["/texts", "/texts/{number}"])
def test_calls_go_on_while_texts_are_weighed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    texts(desk, f"{NEW} xeqt")
    path, written = path.format(number=newest(desk)), []

    def somebody_writes() -> None:
        with desk.hotline.transaction() as tx:
            audit.note(tx, desk.hotline.now(), "caller", "called", "desk")

    def weigh(*_given: object) -> tuple[()]:
        written.append(others.submit(somebody_writes).result(timeout=5))
        return ()

    monkeypatch.setattr(reviewing_texts, "nearest", weigh)
    with ThreadPoolExecutor() as others:
        assert desk.staff("Thida").sees(path).status_code == 200
    assert len(written) == 1


def test_only_the_most_frequent_are_weighed_on_the_page_of_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each may take 30 ms, and a page has up to 200."""
    words = [f"zzq{chr(97 + place)}lk mnoq{chr(97 + place)}" for place in range(25)]
    for each in (*words, words[7]):
        texts(desk, each)
    weighed: list[str] = []

    def weigh(_keywords: object, body: str) -> tuple[Nearest, ...]:
        weighed.append(body)
        return (Nearest("SCHOOL", "sound", 66),)

    monkeypatch.setattr(reviewing_texts, "nearest", weigh)
    page = desk.staff("Thida").source("/texts")
    assert page.count('href="/desk/texts/') == 25
    assert page.count("nearest: ") == len(weighed) == reviewing_texts.WEIGHED == 20
    assert weighed[0] == words[7]
    oldest = page.split('href="/desk/texts/')[25].split('"')[0]
    assert "66" in desk.staff("Thida").reads(f"/texts/{oldest}")


def test_what_was_understood_and_what_stands_in_a_conversation_is_not_shown(desk: Desk) -> None:
    texts(desk, "sala")
    texts(desk, "5")
    texts(desk, "3")
    assert "No text waits." in desk.staff("Thida").reads("/texts")


def test_a_long_story_is_shown_by_its_beginning(desk: Desk) -> None:
    texts(desk, "xzq " * 300)
    assert len(desk.staff("Thida").reads("/texts")) < 2000


@pytest.mark.parametrize("words", ["<script>alert(1)</script> zq", "\u202egnop zzq", "ឡឡ" * 700])
def test_whatever_was_written_is_words_and_no_markup(desk: Desk, words: str) -> None:
    texts(desk, words)
    assert "<script>alert" not in desk.staff("Thida").source("/texts")
    assert desk.staff("Thida").sees(f"/texts/{newest(desk)}").status_code == 200


def test_duty_workers_and_admins_do_not_see_the_queue(desk: Desk) -> None:
    desk.take_on("Root", "+85510111071", "admin")
    assert desk.staff("Dara").sees("/texts").status_code == 403
    assert desk.staff("Root").sees("/texts").status_code == 403


def test_an_editor_sees_no_callers_messages(desk: Desk) -> None:
    assert desk.staff("Thida").sees("/messages").status_code == 403


# ------------------------------------------------------------------ a new spelling


def test_a_spelling_is_checked_then_added_and_counts_for_the_next_text(desk: Desk) -> None:
    texts(desk, f"{NEW} bong")
    chan, checked = decides(desk, check="yes", **FORM)
    assert checked.status_code == 200
    assert "Then it means: Staying in school." in chan.text_of(checked)
    assert means(desk, NEW) is None
    _, added = decides(desk, **FORM)
    assert added.status_code == 303
    assert means(desk, NEW) == "SCHOOL"
    assert waiting(desk) == 0
    assert NEW not in str(desk.audit())


def test_a_collision_is_refused_with_a_sentence_and_what_was_typed_is_kept(desk: Desk) -> None:
    texts(desk, "juoj rien zzqq")
    chan, refused = decides(desk, **{**FORM, "spelling": "setthi"})
    assert refused.status_code == 422
    assert "This means something else already: The rights of children." in chan.text_of(refused)
    assert 'value="setthi"' in refused.text
    assert waiting(desk) == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("spelling", ""),
        ("spelling", "ក" * 10_000),
        ("spelling", "\U0001f600"),
        ("spelling", "<b>x</b>" * 30),
        ("spelling", "\x00\x00"),
        ("spelling", "\u202e\u202e"),
        ("topic", "NOTHING"),
        ("topic", ""),
        ("used", "exact"),
        ("latin", "fr"),
    ],
)
def test_nonsense_is_refused_beside_the_field(desk: Desk, field: str, typed: str) -> None:
    texts(desk, NEW)
    chan, refused = decides(desk, **{**FORM, field: typed})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert means(desk, NEW) is None


def test_two_editors_with_one_spelling(desk: Desk) -> None:
    """The second one is told; and who was too late for the text is told that as well."""
    texts(desk, NEW)
    number, chan, vanna = newest(desk), desk.staff("Thida"), desk.staff("Rithy")
    assert chan.sends(f"/texts/{number}/spelling", f"/texts/{number}", **FORM).status_code == 303
    late = vanna.sends(f"/texts/{number}/spelling", "/texts", **{**FORM, "topic": "JOB"})
    assert late.status_code == 404
    assert "Somebody has decided about it meanwhile." in vanna.text_of(late)
    texts(desk, "other words zzqv")
    _, refused = decides(desk, "Rithy", **{**FORM, "topic": "JOB"})
    assert refused.status_code == 422
    assert means(desk, NEW) == "SCHOOL"


def test_two_spellings_alike_at_one_moment_are_one(desk: Desk) -> None:
    together = Barrier(2)

    def adds(topic: str) -> bool:
        together.wait(10)
        with desk.hotline.transaction() as tx:
            addition = Addition(topic, "latn", NEW)
            return keyword_additions.add(desk.hotline, tx, addition, 1) is None

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(adds, ("SCHOOL", "JOB"))) == [False, True]
    assert means(desk, NEW) in ("SCHOOL", "JOB")


def test_danger_needs_a_second_person(desk: Desk) -> None:
    texts(desk, NEW)
    _, added = decides(desk, **{**FORM, "topic": "HELP"})
    assert added.status_code == 303
    assert means(desk, NEW) is None
    chan, vanna = desk.staff("Thida"), desk.staff("Rithy")
    assert "1 to agree to" in vanna.reads("/texts")
    refused = chan.sends("/spellings/1/approve", "/spellings")
    assert refused.status_code == 422
    assert "somebody else has to agree" in chan.text_of(refused)
    assert means(desk, NEW) is None
    assert vanna.sends("/spellings/1/approve", "/spellings").status_code == 303
    assert means(desk, NEW) == "HELP"
    assert vanna.sends("/spellings/1/approve", "/spellings").status_code == 409


def test_a_withdrawn_spelling_is_gone_at_once_and_may_come_back(desk: Desk) -> None:
    texts(desk, NEW)
    decides(desk, **FORM)
    assert means(desk, NEW) == "SCHOOL"
    vanna = desk.staff("Rithy")
    assert vanna.sends("/spellings/1/withdraw", "/spellings").status_code == 303
    assert means(desk, NEW) is None
    assert vanna.sends("/spellings/1/withdraw", "/spellings").status_code == 409
    texts(desk, NEW)
    decides(desk, **{**FORM, "topic": "JOB"})
    assert means(desk, NEW) == "JOB"


@pytest.mark.parametrize("number", ["0", "77", str(2**64), "9" * 400])
def test_a_spelling_that_is_not_there(desk: Desk, number: str) -> None:
    chan = desk.staff("Thida")
    for work in ("approve", "withdraw"):
        assert chan.sends(f"/spellings/{number}/{work}", "/account").status_code in (404, 409)
    assert chan.sees(f"/texts/{number}").status_code == 404


def test_a_change_that_failed_leaves_no_trace_in_this_process(desk: Desk) -> None:
    hotline = desk.hotline
    with pytest.raises(RuntimeError), hotline.transaction() as tx:
        keyword_additions.add(hotline, tx, Addition("SCHOOL", "latn", NEW), 1)
        raise RuntimeError("the machine stops here")
    assert means(desk, NEW) is None
    with hotline.transaction() as tx:
        assert keyword_additions.add(hotline, tx, Addition("SCHOOL", "latn", NEW), 1) is None
    assert means(desk, NEW) == "SCHOOL"


def test_lines_for_the_file(desk: Desk) -> None:
    hotline = desk.hotline
    with hotline.transaction() as tx:
        for addition in (
            Addition("SCHOOL", "latn", "zzqolla d'or"),
            Addition("SCHOOL", "km", "ឡឡើម្ពត", "inside"),
            Addition("HELP", "latn", "vrexokk"),
        ):
            assert keyword_additions.add(hotline, tx, addition, 1) is None
        lines = keyword_additions.lines_for_file(hotline, tx)
    assert lines == [
        "# topic SCHOOL, under added:",
        "km: ['ឡឡើម្ពត']",
        "latn: ['zzqolla d''or']",
        "alone: ['zzqolla d''or']",
    ]


# ------------------------------------------------------------------ no topic, danger


def test_words_that_mean_no_topic_leave_the_queue(desk: Desk) -> None:
    texts(desk, NEW)
    texts(desk, NEW, NEIGHBOUR)
    _, done = decides(desk, work="no-topic")
    assert done.status_code == 303
    assert waiting(desk) == 0
    assert means(desk, NEW) is None


def test_danger_in_a_text_alerts_staff_and_tells_the_editor_no_number(desk: Desk) -> None:
    texts(desk, f"{NEW} 099 888 777")
    chan, done = decides(desk, work="danger")
    assert done.location == "/desk/texts?alerted=1"
    assert "Staff on duty were alerted." in chan.reads("/texts?alerted=1")
    with desk.hotline.reading() as tx:
        (case,) = list_cases(tx)
    assert (case.kind, case.priority, case.state) == ("danger_now", "P1", "open")
    assert case.caller_id is not None
    desk.takes_by_text("Dara", case.ref)
    assert f"{NEW} 099 888 777" in desk.staff("Dara").reads(f"/cases/{case.ref}")
    assert "No message waits." in desk.staff("Dara").reads("/messages")
    assert "alarm_from_texts" in done_by(desk, "Thida")
    assert case.ref not in chan.reads("/texts?alerted=1")
    for alerted in ("<b>", "9" * 400, "", "x"):
        assert "alerted." not in chan.reads(f"/texts?alerted={alerted}")


def test_danger_from_somebody_with_a_case_makes_that_one_urgent(desk: Desk) -> None:
    texts(desk, NEW)
    texts(desk, "5", MOTHER)
    _, _ = decides(desk, work="danger")
    with desk.hotline.reading() as tx:
        (case,) = list_cases(tx)
    assert (case.kind, case.priority) == ("danger_now", "P1")
    desk.takes_by_text("Dara", case.ref)
    assert NEW in desk.staff("Dara").reads(f"/cases/{case.ref}")


@pytest.mark.parametrize("priority", ["P1", "P0"])
def test_danger_from_somebody_whose_case_is_urgent_already_reaches_who_has_it(
    desk: Desk, priority: str
) -> None:
    ref = desk.caller_asks(OpenCase("missing_child", priority, "asked_by_key"))
    desk.takes_by_text("Dara", ref)
    later = desk.caller_asks(OpenCase("question", "P3", "asked_by_key"))
    texts(desk, NEW)
    desk.minutes_pass(20)
    before = happened(desk, ref)
    _, done = decides(desk, work="danger")
    assert done.location == "/desk/texts?alerted=1"
    assert happened(desk, ref)[len(before) :] == ["asked_again", "paged", "caller_wrote"]
    assert (desk.case(ref).kind, desk.case(ref).priority) == ("missing_child", priority)
    assert desk.case(later).kind == "question", "it is said once, in the most urgent case"


def test_danger_from_somebody_whose_case_nobody_took_brings_the_next_person(desk: Desk) -> None:
    ref = desk.caller_asks()
    texts(desk, NEW)
    desk.minutes_pass(1)
    decides(desk, work="danger")
    with desk.hotline.reading() as tx:
        assert get_escalation(tx, desk.case(ref).id).next_at == desk.hotline.now()


def test_only_the_first_of_two_alarms_pages(desk: Desk) -> None:
    texts(desk, NEW)
    number, vanna = newest(desk), desk.staff("Rithy")
    decides(desk, work="danger")
    assert vanna.sends(f"/texts/{number}/danger", "/texts").status_code == 404
    with desk.hotline.reading() as tx:
        assert len(list_cases(tx)) == 1


# ------------------------------------------------------------------ many


def test_texts_that_are_understood_by_now_are_taken_off_together(desk: Desk) -> None:
    for _ in range(3):
        texts(desk, NEW)
    with desk.hotline.transaction() as tx:
        keyword_additions.add(desk.hotline, tx, Addition("SCHOOL", "latn", NEW), 1)
    chan = desk.staff("Thida")
    assert "3 texts are understood by now" in chan.reads("/texts")
    assert chan.sends("/texts/understood", "/texts", before="").status_code == 303
    assert waiting(desk) == 0


def test_ten_thousand_texts_are_read_two_hundred_at_a_time(desk: Desk) -> None:
    hotline, sealed = desk.hotline, []
    for place in range(50):
        words = f"xzq{chr(97 + place % 26)}{chr(97 + place // 26)}w mzlo bqan"
        sealed.append(hotline.vault.encrypt(words.encode(), "incoming_text.body"))
    rows = [
        {
            "carrier": "simulator",
            "sid": f"SM{place}",
            "body_sealed": sealed[place % 50],
            "received_at": hotline.now(),
            "how": "none",
            "score": 0,
            "answered": False,
        }
        for place in range(10_000)
    ]
    with hotline.transaction() as tx:
        tx.execute(incoming_text.incoming_texts.insert(), rows)
    chan, statements = desk.staff("Thida"), []
    with hotline.reading() as tx:
        event.listen(tx.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    page = chan.sees("/texts")
    assert page.status_code == 200
    assert len(statements) <= 15
    assert page.text.count('href="/desk/texts/') == 50
    older = page.text.split("/desk/texts?before=")[1].split('"')[0]
    assert chan.sees(f"/texts?before={older}").status_code == 200
    assert chan.sees("/texts?before=%ED%A0%80").status_code == 200
