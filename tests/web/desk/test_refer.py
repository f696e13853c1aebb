"""Refer a caller: nothing goes out without their yes, and each step of the handover is told."""

from __future__ import annotations

import json
import re
import threading
from contextlib import suppress
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import delete, select

from hotline import cases, directory, following_up, referring
from hotline.core.listed_service import ALL, Service
from hotline.core.local_time import day_at
from hotline.core.turn import OpenCase
from hotline.storage.audit_line import audit_lines
from hotline.storage.case import case_keys, change_case
from hotline.storage.follow_up import FOLLOW_UP, get_follow_up, set_follow_up
from hotline.storage.outbox_item import outbox
from hotline.storage.referral import referral_steps, referrals
from tests.web.desk.desk import ASK, TOKEN, Desk
from tests.web.desk.questions import MOST, questions

TICKS = ["number", "kind", "answers"]
AT_ONCE = OpenCase("danger_now", "P0", "asked_by_key")
CALM = OpenCase("callback", "P3", "asked_for_call")


@pytest.fixture
def shelter(desk: Desk) -> int:
    return put_in(desk)


def put_in(desk: Desk, name: str = "Poipet shelter", place: str = "0110", **other) -> int:
    values = {
        "name_km": "", "name_en": name, "place": place,
        "categories": ("shelter", "child_protection"), "serves": ALL, "hours": "",
        "phones": "012 000 010", "is_authority": False,
        "checked_on": day_at(desk.hotline.now()),
    }  # fmt: skip
    with desk.hotline.transaction() as tx:
        return directory.put_in(desk.hotline, tx, Service(**{**values, **other}), None)


def taken(desk: Desk, kind: OpenCase = ASK, **more) -> str:
    """A case that Dara has; a calm one has no sign of danger in its answers."""
    notes = {} if kind is CALM else {"papers_taken": "yes", "under_18": "yes"}
    ref = desk.caller_asks(kind, notes=notes, **more)
    desk.takes_by_text("Dara", ref)
    return ref


def ask(visitor, ref: str, service: int, answer: str = "yes", **more):
    where = f"/cases/{ref}/refer/{service}"
    fields = {"answer": answer, "said_by": "caller", "passed_on": TICKS, **more}
    return visitor.sends(where, where, **fields)


def step(visitor, ref: str, what: str, version: int, words: str = "", number: int = 1):
    return visitor.sends(
        f"/cases/{ref}/referrals/{number}", f"/cases/{ref}/refer",
        step=what, version=str(version), words=words,
    )  # fmt: skip


def row_of(desk: Desk, number: int = 1):
    with desk.hotline.reading() as tx:
        return tx.execute(select(referrals).where(referrals.c.number == number)).first()


def hand_over(visitor, ref: str) -> None:
    for version, what in enumerate(("called", "agreed", "told", "handed_over"), start=1):
        assert step(visitor, ref, what, version, "Sok took it").status_code == 303, what


def reminded(desk: Desk) -> int:
    """How often somebody was told to look at a case again."""
    following_up.raise_overdue(desk.hotline)
    with desk.hotline.reading() as tx:
        wanted = select(outbox.c.staff_id).where(outbox.c.prompt == "STAFF_FOLLOW_UP")
        return len(tx.execute(wanted).all())


@pytest.mark.parametrize("order", ["date_first", "word_first"])
def test_a_later_date_silences_no_word_that_is_missed(desk: Desk, shelter: int, order: str) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    dara.sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="reached")
    if order == "word_first":
        ask(dara, ref, shelter)
    version = str(desk.case(ref).version)
    answer = dara.sends(
        f"/cases/{ref}/date", f"/cases/{ref}/date",
        at="2026-11-25T18:30", reason="her aunt is there", version=version,
    )  # fmt: skip
    assert answer.status_code == 303
    if order == "date_first":
        ask(dara, ref, shelter)
    with desk.hotline.reading() as tx:
        row = get_follow_up(tx, desk.case(ref).id)
    assert (row.what, row.reason_sealed is None) == ("call_again", False)
    desk.minutes_pass(24 * 60 - 1)
    assert reminded(desk) == 0
    desk.minutes_pass(2)
    assert [reminded(desk), reminded(desk)] == [1, 1]
    desk.minutes_pass(48 * 60)
    assert reminded(desk) == 1
    desk.minutes_pass(9 * 60)
    assert reminded(desk) == 2


def test_a_word_that_has_come_is_not_asked_for_before_the_date(desk: Desk, shelter: int) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    ask(dara, ref, shelter)
    hand_over(dara, ref)
    dara.sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="no_answer")
    dara.sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="reached")
    assert step(dara, ref, "confirmed", 5).status_code == 303
    desk.minutes_pass(24 * 60 - 5)
    assert reminded(desk) == 0


def test_the_nearest_service_comes_first_and_never_one_door_alone(desk: Desk) -> None:
    put_in(desk, "Far away", "17")
    put_in(desk, "Province", "01")
    put_in(desk, "Commune office", "011001", is_authority=True)
    put_in(desk, "Other commune", "011002")
    put_in(desk, "District", "0110")
    put_in(desk, "Other district", "0102")
    put_in(desk, "Country", "")
    ref = taken(desk)
    dara = desk.staff("Dara")
    first = dara.reads(f"/cases/{ref}/refer")
    assert "Country" in first
    assert "Commune office" not in first
    answer = dara.sends(
        f"/cases/{ref}/refer/find", f"/cases/{ref}/refer", place="khum nimit", category=""
    )
    found = re.findall(r'class="kind"><bdi>([^<]+)', answer.text)
    assert found[0] == "Commune office"
    assert set(found[1:3]) == {"District", "Other commune"}
    assert set(found[3:5]) == {"Province", "Other district"}
    assert found[5:] == ["Country"]
    page = dara.text_of(answer)
    assert "Local authorities are not always safe" in page
    for number in ("117", "1280"):
        assert f'href="tel:{number}"' in answer.text
    assert "never to the family or the home" in page
    for where in (f"/cases/{ref}/refer", f"/cases/{ref}/refer/1"):
        assert 'href="tel:1280"' in dara.sees(where).text


def test_the_place_of_the_case_is_where_the_search_begins(desk: Desk, shelter: int) -> None:
    ref = taken(desk)
    with desk.hotline.transaction() as tx:
        change_case(tx, desk.case(ref).id, place="0110")
    page = desk.staff("Dara").reads(f"/cases/{ref}/refer")
    assert "Near Paoy Paet, Banteay Meanchey" in page
    assert "Poipet shelter" in page
    assert "In the same district" in page


def test_without_a_place_those_for_the_whole_country_are_all_there(desk: Desk) -> None:
    for n in range(35):
        put_in(desk, f"Commune office {n}", "011001")
    put_in(desk, "Country", "")
    page = desk.staff("Dara").reads(f"/cases/{taken(desk)}/refer")
    assert "Country" in page
    assert "Commune office" not in page


def test_a_longer_list_says_that_there_are_more(desk: Desk) -> None:
    more = "There are more than these."
    for n in range(30):
        put_in(desk, f"Office {n}", "")
    dara, ref = desk.staff("Dara"), taken(desk)
    assert more not in dara.reads(f"/cases/{ref}/refer")
    put_in(desk, "One too many", "")
    page = dara.reads(f"/cases/{ref}/refer")
    assert more in page
    assert len(re.findall(r"Office \d", page)) == 30


def test_the_order_of_letters_in_a_database_hides_no_service(desk: Desk) -> None:
    """Many servers sort as people do, signs before digits: there no range of codes is right."""
    put_in(desk, "District office", "0110")
    dara, ref = desk.staff("Dara"), taken(desk)
    with questions() as asked:
        answer = dara.sends(f"/cases/{ref}/refer/find", f"/cases/{ref}/refer", place="khum nimit")
    assert "District office" in answer.text
    assert not [statement for statement in asked if re.search(r"service\.place [<>]", statement)]


def test_a_caller_is_looked_for_in_the_whole_province_of_a_town(desk: Desk) -> None:
    """Kampong Cham is a town and its province: what is typed counts, not what was chosen before."""
    dara, ref = desk.staff("Dara"), taken(desk)
    with desk.hotline.transaction() as tx:
        change_case(tx, desk.case(ref).id, place="0203")
    where, refer = f"/cases/{ref}/refer/find", f"/cases/{ref}/refer"
    known = {"place_known": "0203"}
    assert 'name="place_known" value="0203"' in dara.sees(refer).text
    again = dara.sends(where, refer, place="Battambang, Battambang", **known)
    assert "Near Battambang, Battambang" in dara.text_of(again)
    province = dara.sends(where, refer, place="Battambang", **known)
    assert re.search(r"Near Battambang(?!,)", dara.text_of(province))
    dara.sends(where, refer, place="siem reab")
    chosen = dara.sends(where, refer, place="siem reab", place_code="1710")
    assert 'value="Siem Reab, Siemreap"' in chosen.text
    assert 'name="place_known" value="1710"' in chosen.text


def test_a_place_is_never_in_an_address(desk: Desk, shelter: int) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    answer = dara.sends(f"/cases/{ref}/refer/find", f"/cases/{ref}/refer", place="siem reab")
    assert "Which of these is meant?" in answer.text
    assert not re.search(r'(?:href|action)="[^"]*(?:0110|1710|place=)', answer.text)


def test_the_words_of_the_question_are_read_in_khmer(desk: Desk, shelter: int) -> None:
    dara, ref = desk.staff("Dara"), taken(desk, caller_age="child")
    page = dara.sees(f"/cases/{ref}/refer/{shelter}").text
    assert 'class="words" lang="km">មានគេដែលអាចជួយប្អូនបាន' in page
    assert "It is for you to decide" in page
    assert "Do not ask the parents first" in page
    grown = taken(desk, number="+85512000002")
    assert "បងប្អូនយល់ព្រម" in dara.sees(f"/cases/{grown}/refer/{shelter}").text


def test_from_a_yes_to_the_word_that_they_met(desk: Desk, shelter: int) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    assert ask(dara, ref, shelter).status_code == 303
    row = row_of(desk)
    assert (row.state, row.answer, row.said_by, row.asked_at) == (
        "asked", "yes", "caller", desk.hotline.now(),
    )  # fmt: skip
    assert row.fields == ["number", "safe_time", "who_answers", "kind", "answers"]
    assert row.due_at == desk.hotline.now() + timedelta(hours=24)
    hand_over(dara, ref)
    page = dara.reads(f"/cases/{ref}/refer")
    assert "handed over, no word yet that they met" in page
    assert "Sok took it" in page
    assert step(dara, ref, "confirmed", 5).status_code == 303
    assert row_of(desk).due_at is None
    assert "the service has reached the caller" in dara.reads(f"/cases/{ref}/refer")
    assert "Dara on a referral: handed over, no word yet that they met" in dara.reads(
        f"/cases/{ref}"
    )
    told = [action for _, action, what in desk.audit() if what == f"case:{ref}/1"]
    assert told == ["begin_referral", *["step_referral"] * 5]
    with desk.hotline.reading() as tx:
        kept = str(tx.execute(select(referral_steps)).all() + tx.execute(select(audit_lines)).all())
    assert "Sok" not in kept


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"answer": ""}, "Choose what the caller said."),
        ({"answer": "perhaps"}, "Choose what the caller said."),
        ({"said_by": ""}, "Choose who said yes."),
        ({"said_by": "mother-in-law"}, "Choose who said yes."),
        ({"passed_on": []}, "Tick what they may be told."),
        ({"passed_on": ["bank_account"]}, "Tick what they may be told."),
        ({"passed_on": ["words"]}, "Write the words, or take away the tick."),
        ({"answer": "must"}, "Write why this cannot wait for a yes."),
        ({"words": "ក" * 10_000}, "This is too long"),
        ({"reason": "<b>" * 4_000}, "This is too long"),
    ],
)
def test_without_a_clear_yes_nothing_begins(
    desk: Desk, shelter: int, fields: dict[str, object], sentence: str
) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    answer = ask(dara, ref, shelter, **{"words": "", "reason": "", **fields})
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    assert str(fields.get("words", "")) in answer.text
    assert row_of(desk) is None


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "\u202eevil", "👧🏽 ក", "{{ 7*7 }}"]
)
def test_what_staff_write_comes_back_as_it_was_written(
    desk: Desk, shelter: int, words: str
) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    assert ask(dara, ref, shelter, passed_on=["words"], words=words).status_code == 303
    assert step(dara, ref, "called", 1, words).status_code == 303
    for path in (f"/cases/{ref}/refer", f"/cases/{ref}/sheet/1"):
        page = dara.sees(path).text
        assert words.replace("\u202e", "") in unescape(page)
        assert "<script>alert" not in page
        assert "\u202e" not in page


def test_a_no_is_kept_and_the_service_is_not_offered_again(desk: Desk, shelter: int) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    assert ask(dara, ref, shelter, "no").status_code == 303
    row = row_of(desk)
    assert (row.state, row.fields, row.due_at) == ("refused", [], None)
    page = dara.reads(f"/cases/{ref}/refer")
    assert "the caller does not want it" in page
    again = ask(dara, ref, shelter)
    assert again.status_code == 422
    assert "The caller refused this service before" in again.text
    forced = ask(dara, ref, shelter, "must", reason="x")
    assert forced.status_code == 422
    assert dara.sees(f"/cases/{ref}/sheet/1").status_code == 404


def test_who_rings_there_alone_gives_nothing_away(desk: Desk, shelter: int) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    assert ask(dara, ref, shelter, "alone").status_code == 303
    assert row_of(desk).fields == []
    assert dara.sees(f"/cases/{ref}/sheet/1").status_code == 404
    assert step(dara, ref, "handed_over", 1).status_code == 422
    assert step(dara, ref, "told", 1).status_code == 303
    assert row_of(desk).state == "handed_over"


def test_a_yes_that_is_taken_back_stops_everything(desk: Desk, shelter: int) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    ask(dara, ref, shelter)
    assert dara.sees(f"/cases/{ref}/sheet/1").status_code == 200
    assert step(dara, ref, "refused", 1).status_code == 303
    for path in ("", "/json", "/csv"):
        assert dara.sees(f"/cases/{ref}/sheet/1{path}").status_code == 404
    assert step(dara, ref, "agreed", 2).status_code == 422
    assert row_of(desk).due_at is None


def test_for_a_child_in_danger_a_reason_stands_for_the_yes_and_supervisors_hear(
    desk: Desk, shelter: int
) -> None:
    dara, ref = desk.staff("Dara"), taken(desk, AT_ONCE)
    answer = ask(dara, ref, shelter, "must", reason="the uncle has a knife", said_by="")
    assert answer.status_code == 303
    with desk.hotline.reading() as tx:
        told = tx.execute(select(outbox).where(outbox.c.prompt == "STAFF_REPORTED")).all()
        kept = str(tx.execute(select(audit_lines)).all()) + str(tx.execute(select(referrals)).all())
    assert [item.staff_id for item in told] == [3]
    assert "knife" not in kept
    assert "the uncle has a knife" in dara.reads(f"/cases/{ref}/refer")
    assert "Without consent: a child is in danger now" in dara.reads(f"/cases/{ref}/sheet/1")


def test_a_number_told_without_a_yes_is_not_rung_before_they_talked_to_us(
    desk: Desk, shelter: int
) -> None:
    dara, ref = desk.staff("Dara"), taken(desk, AT_ONCE, consent="not_asked")
    must = {"reason": "the uncle has a knife", "said_by": "", "passed_on": ["number"]}
    assert ask(dara, ref, shelter, "must", **must).status_code == 303
    assert "a call may bring danger" in dara.reads(f"/cases/{ref}/sheet/1")


def test_the_duty_to_report_has_its_bounds(desk: Desk, shelter: int) -> None:
    dara, bopha, ref = desk.staff("Dara"), desk.staff("Bopha"), taken(desk, AT_ONCE)
    calm = taken(desk, CALM, number="+85512000003")
    lawyer = put_in(desk, "Lawyers", "01", categories=("legal",))
    why = {"reason": "danger"}
    assert "only danger now" in ask(dara, calm, shelter, "must", **why).text
    assert "only child protection" in ask(dara, ref, lawyer, "must", **why).text
    assert dara.sends("/referrals/duty", "/referrals", when="never", version="0").status_code == 403
    sent = bopha.sends("/referrals/duty", "/referrals", when="never", version="0")
    assert sent.status_code == 303
    assert "nothing is passed on without a yes" in ask(dara, ref, shelter, "must", **why).text
    assert row_of(desk) is None
    assert ("staff:3", "set_rule", "rule:duty_to_report") in desk.audit()
    for nonsense in ("", "always", "<b>"):
        bopha.sends("/referrals/duty", "/referrals", when=nonsense, version="1")
    with desk.hotline.reading() as tx:
        assert referring.duty_to_report(tx) == "never"


def test_two_write_down_a_step_and_both_are_told(desk: Desk, shelter: int) -> None:
    dara, bopha, ref = desk.staff("Dara"), desk.staff("Bopha"), taken(desk)
    ask(dara, ref, shelter)
    assert step(bopha, ref, "agreed", 1).status_code == 303
    answer = step(dara, ref, "called", 1, "they were kind")
    assert answer.status_code == 409
    assert "Somebody wrote down a step meanwhile" in answer.text
    assert "they were kind</textarea>" in answer.text
    for what, version in (("", 2), ("fly", 2), ("confirmed", 2)):
        assert step(dara, ref, what, version).status_code == 422, what
    for version in ("", "x", "9" * 40):
        assert step(dara, ref, "told", version).status_code == 409
    assert step(dara, ref, "told", 2, "ក" * 10_000).status_code == 422
    assert step(bopha, ref, "refused", 2).status_code == 303
    for status, version in ((422, 3), (422, 2)):
        answer = step(dara, ref, "told", version, "they were kind")
        assert answer.status_code == status
        assert "This step does not come next" in answer.text
        assert "they were kind" in answer.text


def test_one_service_is_asked_once_at_a_time(desk: Desk, shelter: int) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    ask(dara, ref, shelter)
    again = ask(dara, ref, shelter)
    assert again.status_code == 422
    assert "There is a referral to this service already" in again.text
    step(dara, ref, "failed", 1)
    assert ask(dara, ref, shelter).status_code == 303
    assert row_of(desk, 2).state == "asked"


@pytest.mark.parametrize(("other", "statuses"), [(1, [303, 422]), (2, [303, 303])])
def test_two_begin_at_once_and_no_word_is_lost(
    desk: Desk, shelter: int, monkeypatch: pytest.MonkeyPatch, other: int, statuses: list[int]
) -> None:
    put_in(desk, "Second shelter")
    ref, answers = taken(desk), []
    both, duty = threading.Barrier(2), referring.duty_to_report

    def when_both_have_looked(tx) -> str:
        """As close as they come: who has to wait for the other never gets here meanwhile."""
        with suppress(threading.BrokenBarrierError):
            both.wait(0.5)
        return duty(tx)

    monkeypatch.setattr(referring, "duty_to_report", when_both_have_looked)

    def begin(visitor, service: int) -> None:
        answers.append(ask(visitor, ref, service, passed_on=["words"], words="she has a fever"))

    asking = [(desk.staff("Dara"), shelter), (desk.staff("Bopha"), other)]
    threads = [threading.Thread(target=begin, args=one) for one in asking]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answer.status_code for answer in answers) == statuses
    for answer in answers:
        if answer.status_code == 422:
            assert "There is a referral to this service already" in answer.text
            assert "she has a fever</textarea>" in answer.text
    assert (row_of(desk, 2) is not None) == (statuses == [303, 303])


def test_the_audit_chain_comes_last_so_that_no_two_wait_for_one_another(
    desk: Desk, shelter: int
) -> None:
    """Closing and reminding lock the follow-up first, and the end of the chain after it."""
    dara, ref = desk.staff("Dara"), taken(desk)
    for write in (ask, lambda *who: step(*who[:2], "called", 1)):
        with desk.hotline.transaction() as tx:
            far = desk.hotline.now() + timedelta(days=30)
            set_follow_up(tx, desk.case(ref).id, FOLLOW_UP, far)
        with questions() as asked:
            assert write(dara, ref, shelter).status_code == 303
        written = [one for one in asked if re.match("INSERT|UPDATE", one)]
        assert any("follow_up" in one for one in written)
        assert written[-1].startswith("INSERT INTO audit_line")


@pytest.mark.parametrize("answer", ["no", "alone"])
def test_who_said_yes_is_kept_only_of_a_yes(desk: Desk, shelter: int, answer: str) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    said_by = {"no": "x" * 90, "alone": "child"}[answer]
    assert ask(dara, ref, shelter, answer, said_by=said_by).status_code == 303
    assert row_of(desk).said_by is None


def test_a_service_goes_out_of_use_while_the_caller_is_asked(desk: Desk, shelter: int) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    where = f"/cases/{ref}/refer/{shelter}"
    seen_before = TOKEN.search(dara.sees(where).text)[1]
    with desk.hotline.transaction() as tx:
        directory.retire(desk.hotline, tx, shelter, 1, 3)
    typed = {"form_token": seen_before, "said_by": "caller", "passed_on": "words"}

    def send(answer: str, words: str):
        data = {**typed, "answer": answer, "words": words}
        return dara.client.post("/desk" + where, data=data)

    for words in ("she has a fever", "ក" * 3_000):
        refused = send("yes", words)
        assert refused.status_code == 422
        assert f"{words}</textarea>" in refused.text
    assert "no longer in use" in send("yes", "she has a fever").text
    assert row_of(desk) is None
    assert send("no", "").status_code == 303
    assert row_of(desk).state == "refused"


def test_a_case_is_not_referred_before_somebody_has_it(desk: Desk, shelter: int) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    ask(dara, ref, shelter)
    with desk.hotline.transaction() as tx:
        case = desk.case(ref)
        cases.note_attempt(desk.hotline, tx, case, 1, "reached", "")

    def close() -> cases.Closing:
        with desk.hotline.transaction() as tx:
            case = desk.case(ref)
            return cases.close(desk.hotline, tx, case, 1, "referred", case.version)

    assert close() is cases.Closing.NOT_HANDED_OVER
    where = f"/cases/{ref}"
    version = str(desk.case(ref).version)
    answer = dara.sends(
        where + "/close", where, outcome="referred", version=version, chi="missing", note="x"
    )
    assert answer.status_code == 422
    hand_over(dara, ref)
    assert close() is cases.Closing.CLOSED


def test_nobody_forgets_to_ask_whether_they_met(desk: Desk, shelter: int) -> None:
    dara, urgent = desk.staff("Dara"), taken(desk, AT_ONCE)
    calm = taken(desk, CALM, number="+85512000003")
    for ref in (urgent, calm):
        with desk.hotline.transaction() as tx:
            cases.note_attempt(desk.hotline, tx, desk.case(ref), 1, "reached", "")
        ask(dara, ref, shelter)
    due = {}
    with desk.hotline.reading() as tx:
        for ref in (urgent, calm):
            due[ref] = get_follow_up(tx, desk.case(ref).id).due_at - desk.hotline.now()
    assert due[urgent] <= timedelta(hours=24)
    assert due[calm] <= timedelta(hours=72)

    def late() -> list[str]:
        with desk.hotline.reading() as tx:
            return [row.ref for row in referring.referrals_due(tx, desk.hotline.now())]

    assert late() == []
    desk.minutes_pass(24 * 60)
    assert late() == [urgent]
    desk.minutes_pass(48 * 60)
    assert late() == [urgent, calm]
    page = desk.staff("Dara").reads("/referrals")
    assert "Handed over, and nobody has confirmed" in page
    assert urgent in page


# ---------------------------------------------------------------- the sheet


def test_the_sheet_has_what_was_ticked_and_nothing_else(desk: Desk, shelter: int) -> None:
    dara, ref = desk.staff("Dara"), taken(desk, who_answers="say_child_club")
    dara.sends(f"/cases/{ref}/notes", f"/cases/{ref}", note="the uncle drinks")
    ask(dara, ref, shelter, passed_on=["kind", "age"])
    page = dara.reads(f"/cases/{ref}/sheet/1")
    for shown in (ref + "/1", "Confidential", "សម្ងាត់", "A child is missing",
                  "under 18", "Poipet shelter", "agreed by phone", "22/11/2026"):  # fmt: skip
        assert shown in page, shown
    for hidden in ("345 678", "12345678", "uncle", "papers", "evening"):
        assert hidden not in dara.source(f"/cases/{ref}/sheet/1"), hidden
    assert "uncle" not in dara.source(f"/cases/{ref}/sheet/1/json")


def test_a_number_never_goes_without_when_it_is_safe(desk: Desk, shelter: int) -> None:
    dara, ref = desk.staff("Dara"), taken(desk, who_answers="say_child_club")
    ask(dara, ref, shelter, passed_on=["number"])
    page = dara.reads(f"/cases/{ref}/sheet/1")
    for shown in ("012 345 678", "In the evening", "Say you call from the Child Club"):
        assert shown in page
    assert "a call may bring danger" not in page
    with desk.hotline.transaction() as tx:
        cases.flag(desk.hotline, tx, desk.case(ref).id, "quiet")
    assert "a call may bring danger" in dara.reads(f"/cases/{ref}/sheet/1")


def test_the_same_ticks_for_a_computer(desk: Desk, shelter: int) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    ask(dara, ref, shelter, said_by="both", passed_on=["number", "answers", "words"], words="=1+1")
    told = json.loads(dara.sees(f"/cases/{ref}/sheet/1/json").data)
    assert told == {
        "external_id": f"{ref}/1",
        "date_of_referral": "2026-11-22",
        "referred_from": "Child Club",
        "referred_to": "Poipet shelter",
        "consent_for_services": True,
        "disclosure_other_orgs": True,
        "consent_overridden": False,
        "interview_subject": "individual",
        "do_not_call": False,
        "client_phone": "+85512345678",
        "preferred_contact_time": "evening",
        "if_somebody_else_answers": None,
        "answers": told["answers"],
        "notes_on_referral": "=1+1",
    }
    assert {"question": "Is the person under 18?", "answer": "yes"} in told["answers"]
    table = dara.sees(f"/cases/{ref}/sheet/1/csv")
    assert "'=1+1" in table.data.decode("utf-8-sig")
    assert "attachment" in table.headers["Content-Disposition"]
    assert table.headers["Cache-Control"] == "no-store"
    assert dara.sees(f"/cases/{ref}/sheet/1/exe").status_code == 404
    with desk.hotline.reading() as tx:
        lines = tx.execute(
            select(audit_lines).where(audit_lines.c.action == "print_referral")
        ).all()
    fields = "number,safe_time,who_answers,answers,words"
    assert [line.detail for line in lines] == [f"json,{fields}", f"csv,{fields}"]
    assert "345678" not in str(lines)


def test_a_sheet_asks_for_a_proof_first(desk: Desk, shelter: int) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    ask(dara, ref, shelter)
    desk.minutes_pass(50)
    assert "/prove" in dara.sees(f"/cases/{ref}/sheet/1").location


def test_others_and_what_is_not_there_get_the_same_answer(desk: Desk, shelter: int) -> None:
    dara, sophea, ref = desk.staff("Dara"), desk.staff("Sophea"), taken(desk)
    ask(dara, ref, shelter)
    theirs = taken(desk, number="+85512000004")
    paths = [f"/cases/{ref}/refer", f"/cases/{ref}/refer/{shelter}", f"/cases/{ref}/sheet/1",
             f"/cases/{ref}/sheet/1/json"]  # fmt: skip
    assert {sophea.sees(path).status_code for path in paths} == {404}
    token_of_hers = sophea.sends(f"/cases/{ref}/refer/{shelter}", "/", answer="no")
    assert token_of_hers.status_code == 404
    for path in (f"/cases/{theirs}/sheet/1", f"/cases/{ref}/sheet/2", f"/cases/{ref}/refer/99",
                 f"/cases/{ref}/refer/99999999999999999999", "/cases/AAAAAA/refer"):  # fmt: skip
        assert dara.sees(path).status_code == 404, path
    sent = dara.sends(f"/cases/{theirs}/referrals/1", "/", step="called", version="1")
    assert sent.status_code == 404
    with desk.hotline.transaction() as tx:
        directory.retire(desk.hotline, tx, shelter, 1, 3)
    assert dara.sees(f"/cases/{ref}/refer/{shelter}").status_code == 404


def test_forgetting_the_case_forgets_what_was_written_at_the_handover(
    desk: Desk, shelter: int
) -> None:
    dara, ref = desk.staff("Dara"), taken(desk)
    ask(dara, ref, shelter)
    step(dara, ref, "called", 1, "Sok took it")
    with desk.hotline.transaction() as tx:
        tx.execute(delete(case_keys))
    page = dara.reads(f"/cases/{ref}/refer")
    assert "Sok" not in page
    for path in (f"/cases/{ref}/refer/{shelter}", f"/cases/{ref}/sheet/1"):
        assert dara.sees(path).status_code == 404
    assert step(dara, ref, "agreed", 2).status_code == 404


def test_a_page_asks_few_questions_of_the_database(desk: Desk, shelter: int) -> None:
    for n in range(40):
        put_in(desk, f"Service {n}", "01")
    dara, ref = desk.staff("Dara"), taken(desk)
    with desk.hotline.transaction() as tx:
        change_case(tx, desk.case(ref).id, place="0110")
    for service in range(1, 9):
        ask(dara, ref, service)
        step(dara, ref, "called", 1, number=service)
    for path in ("refer", f"refer/{shelter}", "sheet/1"):
        with questions() as asked:
            assert dara.sees(f"/cases/{ref}/{path}").status_code == 200
        assert 3 < len(asked) <= MOST, f"{path}: " + "\n".join(asked)
