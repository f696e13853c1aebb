"""The people at the desk: seen, added, changed, let go; phones verified, and phones lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from hotline import outbox, staffing
from hotline.storage.audit_line import audit_lines
from hotline.storage.outbox_item import outbox as items
from hotline.storage.shift import add_shift, staff_on_call
from hotline.storage.staff_member import find_staff_by_name, get_staff, set_language, set_reach
from tests.web.desk.desk import Desk, Visitor

DARA, SOPHEA, BOPHA, ADMIN = 1, 2, 3, 4
NEW = {"name": "Chan", "role": "duty", "phone": "012 777 888", "language": "en"}


@pytest.fixture
def admin(desk: Desk) -> Visitor:
    with desk.hotline.transaction() as tx:
        set_language(tx, ADMIN, "en")
        set_reach(tx, SOPHEA, phone_verified_at=None)
    return desk.staff("Rith")


def member(desk: Desk, who: int):
    with desk.hotline.reading() as tx:
        return get_staff(tx, who)


def texts_to(desk: Desk, who: int) -> list[str]:
    """What was put for this person and not taken back, oldest first."""
    with desk.hotline.reading() as tx:
        rows = tx.execute(
            items.select()
            .where(items.c.staff_id == who, items.c.state == "pending")
            .order_by(items.c.id)
        ).all()
    opened = (desk.hotline.vault.decrypt(row.body_sealed, outbox.CONTEXT) for row in rows)
    return [words.decode() for words in opened]


def code_of(desk: Desk, who: int) -> str:
    found = re.findall(r"\b\d{6}\b", texts_to(desk, who)[-1])
    assert len(found) == 1
    return found[0]


def changes(who: int, desk: Desk, **more: str) -> dict[str, str]:
    row = member(desk, who)
    kept = {"name": row.name, "role": row.role, "phone": "", "language": row.language}
    return {**kept, "version": str(row.version), **more}


# ---------------------------------------------------------------- seen


def test_the_list_tells_of_everybody_and_of_no_number(desk: Desk, admin: Visitor) -> None:
    page = admin.reads("/people")
    for words in (
        "Dara",
        "duty worker",
        "on call now",
        "phone verified",
        "Quiet hours: 21:00–07:00",
    ):
        assert words in page
    assert "••01" in page
    source = admin.source("/people")
    assert "10111001" not in source
    assert "phone not verified" in page  # Sophea's


def test_a_supervisor_sees_the_people_and_changes_none(desk: Desk, admin: Visitor) -> None:
    bopha = desk.staff("Bopha")
    page = bopha.reads("/people/1")
    assert "The phone is lost" in page
    assert "Change name" not in page
    for path in ("/people/new", "/people/1/change", "/people/1/reach", "/people/1/invite"):
        assert bopha.sends(path, "/people/1").status_code == 403
    assert bopha.sends("/people/1/leaves", "/people/1").status_code == 403


@pytest.mark.parametrize("who", ["99", "0", "99999999999", "1x", "-1"])
def test_nobody_is_found_under_a_number_that_is_nobodys(admin: Visitor, who: str) -> None:
    assert admin.sees(f"/people/{who}").status_code == 404
    assert admin.sees(f"/people/{who}/lost").status_code == 404
    assert admin.sends(f"/people/{who}/change", "/people", **NEW).status_code == 404
    assert admin.sends(f"/people/{who}/leaves", "/people").status_code == 404


def test_sixty_people_are_a_few_questions(desk: Desk, admin: Visitor) -> None:
    with desk.hotline.transaction() as tx:
        for number in range(56):
            staffing.take_on(desk.hotline, tx, f"Helper {number}", f"+855978{number:05}", "duty")
    asked = count_statements(desk, lambda: admin.sees("/people"))
    assert asked <= 15, asked
    assert count_statements(desk, lambda: admin.sees("/people/1")) <= 15


def count_statements(desk: Desk, look) -> int:
    """How many statements opening a page makes, once it was opened before."""
    look()
    seen: list[str] = []

    def hear(connection, cursor, statement, *_rest) -> None:
        seen.append(statement)

    sa.event.listen(Engine, "before_cursor_execute", hear)
    try:
        assert look().status_code == 200
    finally:
        sa.event.remove(Engine, "before_cursor_execute", hear)
    words = (line.split()[0].upper() for line in seen)
    return sum(word in ("SELECT", "UPDATE", "INSERT", "DELETE") for word in words)


# ---------------------------------------------------------------- taken on


def test_who_is_taken_on_signs_in_with_what_is_shown_once(desk: Desk, admin: Visitor) -> None:
    answer = admin.sends("/people/new", "/people/new", **NEW)
    assert answer.status_code == 200
    shown = re.search(r"\d{4}(?:-\d{4}){4}", admin.text_of(answer))
    assert shown is not None
    assert "012 777 888" not in answer.text
    chan = desk.visitor()
    assert chan.sign_in("Chan", shown[0]).status_code == 303
    assert shown[0] not in admin.reads("/people/7")
    assert ("staff:4", "add_person", "staff:7") in desk.audit()
    assert "your code is" in texts_to(desk, 7)[-1]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "Fill this in."),
        ({"name": "\x00\x01"}, "Fill this in."),
        ({"name": "x" * 81}, "This is too long: 80 letters at most."),
        ({"name": "Dara"}, "Somebody has, or had, this name."),
        ({"name": "ក" * 10_000}, "This is too long: 80 letters at most."),
        ({"role": "owner"}, "Choose one of these."),
        ({"role": ""}, "Fill this in."),
        ({"phone": ""}, "Fill this in."),
        ({"phone": "soon"}, "Write the phone like 012 345 678."),
        ({"phone": "<script>alert(1)</script>"}, "Write the phone like 012 345 678."),
        ({"phone": "010 111 001"}, "This phone belongs, or belonged, to somebody else here."),
        ({"language": "xx"}, "Choose one of these."),
    ],
)
def test_who_cannot_be_taken_on(desk: Desk, admin: Visitor, wrong: dict, told: str) -> None:
    answer = admin.sends("/people/new", "/people/new", **{**NEW, **wrong})
    assert answer.status_code == 422
    assert told in admin.text_of(answer)
    assert "<script>alert" not in answer.text
    if "phone" not in wrong:
        assert "012 777 888" in answer.text  # what was typed is kept


def test_a_name_may_be_anything_people_are_called(desk: Desk, admin: Visitor) -> None:
    names = ("ចន្ថា\u200b ២", "شاهين", "O'Neil <b>& Söhne</b>", "🌱 Lin\u202e")
    for number, name in enumerate(names):
        sent = {**NEW, "name": name, "phone": f"012 777 88{number}"}
        assert admin.sends("/people/new", "/people/new", **sent).status_code == 200
    page = admin.sees("/people").text
    assert "ចន្ថា ២" in page
    assert "<b>&" not in page
    assert "\u202e" not in page
    surrogate = admin.client.post(
        "/desk/people/new",
        data=b"form_token=%b&name=%%ED%%A0%%80Z&role=duty&phone=012777999&language=km"
        % token_of(admin).encode(),
        content_type="application/x-www-form-urlencoded",
    )
    assert surrogate.status_code in (200, 422)


def token_of(visitor: Visitor) -> str:
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', visitor.sees("/people/new").text)
    assert found is not None
    return found[1]


# ---------------------------------------------------------------- changed


def test_a_new_phone_must_be_verified_anew(desk: Desk, admin: Visitor) -> None:
    sent = changes(DARA, desk, phone="012 999 000", name="Dara Sok")
    assert admin.sends("/people/1/change", "/people/1", **sent).status_code == 303
    row = member(desk, DARA)
    assert row.name == "Dara Sok"
    assert row.phone_verified_at is None
    assert staffing.phone_of(desk.hotline, row) == "+85512999000"
    with desk.hotline.reading() as tx:
        assert staffing.roster(tx, desk.time[0]).on_call[0] == DARA  # paged all the same
    assert "phone not verified" in admin.reads("/people")
    with desk.hotline.reading() as tx:
        line = tx.execute(audit_lines.select().where(audit_lines.c.action == "change_person")).one()
    assert line.detail == "name phone"


def test_two_admins_change_one_person_and_nothing_is_lost(desk: Desk, admin: Visitor) -> None:
    seen = changes(DARA, desk, name="Dara One")
    assert admin.sends("/people/1/change", "/people/1", **seen).status_code == 303
    answer = admin.sends("/people/1/change", "/people/1", **{**seen, "name": "Dara Two"})
    assert answer.status_code == 422
    assert "Somebody changed this person meanwhile" in admin.text_of(answer)
    assert "Dara Two" in answer.text  # what was typed is still there
    assert member(desk, DARA).name == "Dara One"


def test_nobody_takes_away_their_own_role_or_the_last_admin(desk: Desk, admin: Visitor) -> None:
    answer = admin.sends("/people/4/change", "/people/4", **changes(ADMIN, desk, role="duty"))
    assert answer.status_code == 422
    assert "You cannot take away your own role" in admin.text_of(answer)
    assert admin.sends("/people/4/leaves", "/people/4").status_code == 422
    assert member(desk, ADMIN).active
    with desk.hotline.transaction() as tx:
        second = staffing.take_on(desk.hotline, tx, "Chan", "+85510111015", "admin")
    gone = admin.sends(f"/people/{second}/leaves", "/people")
    assert gone.status_code == 303
    assert admin.sees(f"/people/{second}").status_code == 404


def test_who_becomes_an_editor_has_neither_shifts_nor_cases(desk: Desk, admin: Visitor) -> None:
    ref = desk.caller_asks()
    desk.takes_by_text("Dara", ref)
    sent = changes(DARA, desk, role="editor")
    assert admin.sends("/people/1/change", "/people/1", **sent).status_code == 303
    assert desk.case(ref).claimed_by is None
    with desk.hotline.reading() as tx:
        assert staff_on_call(tx, desk.time[0]) == [SOPHEA]


def test_how_somebody_is_reached(desk: Desk, admin: Visitor) -> None:
    good = {
        "by_sms": "y", "quiet": "own", "quiet_from": "22:00", "quiet_to": "05:30",
        "zone": "Asia/Bangkok", "version": str(member(desk, DARA).version),
    }  # fmt: skip
    assert admin.sends("/people/1/reach", "/people/1", **good).status_code == 303
    row = member(desk, DARA)
    assert (row.by_sms, row.by_voice, row.quiet_from, row.zone) == (
        True, False, "22:00", "Asia/Bangkok",
    )  # fmt: skip
    assert "22:00–05:30 Asia/Bangkok" in admin.reads("/people")
    good["version"] = str(row.version)
    for wrong, told in (
        ({"quiet_to": "soon"}, "Write both times like 22:00."),
        ({"quiet_to": "22:00"}, "end at another time"),
        ({"quiet_to": "21:00"}, "More than 14 quiet hours"),
        ({"by_sms": ""}, "Leave one way open"),
        ({"zone": "../../etc/passwd"}, "Write it like Asia/Phnom_Penh."),
        ({"quiet": "never"}, "Choose one of these."),
        ({"version": "1"}, "Somebody changed this person meanwhile"),
    ):
        sent = {**good, **wrong}
        if wrong.get("by_sms") == "":
            del sent["by_sms"]
        sent = {**sent, "quiet_from": "22:30" if "version" in wrong else sent["quiet_from"]}
        answer = admin.sends("/people/1/reach", "/people/1", **sent)
        assert answer.status_code == 422, wrong
        assert told in admin.text_of(answer), wrong


# ---------------------------------------------------------------- verified


def unverify(desk: Desk, who: int) -> None:
    with desk.hotline.transaction() as tx:
        set_reach(tx, who, phone_verified_at=None)


def test_the_owner_types_the_code_of_the_text(desk: Desk) -> None:
    unverify(desk, DARA)
    dara = desk.staff("Dara")
    assert "You have not shown yet that this phone is yours" in dara.reads("/phone")
    assert dara.sends("/phone/code", "/phone").status_code == 303
    code = code_of(desk, DARA)
    wrong = "000000" if code != "000000" else "111111"
    answer = dara.sends("/phone/verify", "/phone", code=wrong)
    assert answer.status_code == 422
    assert "This is not the code" in dara.text_of(answer)
    khmer = code.translate(str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩"))
    typed = f" {khmer[:3]} {khmer[3:]} "
    assert dara.sends("/phone/verify", "/phone", code=typed).status_code == 303
    assert member(desk, DARA).phone_verified_at == desk.time[0]
    assert "Verified" in dara.reads("/phone")
    assert ("staff:1", "verify_phone", "staff:1") in desk.audit()


def test_a_code_is_good_for_ten_minutes_and_five_tries(desk: Desk) -> None:
    unverify(desk, DARA)
    dara = desk.staff("Dara")
    dara.sends("/phone/code", "/phone")
    code = code_of(desk, DARA)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        dara.sends("/phone/verify", "/phone", code=wrong)
    answer = dara.sends("/phone/verify", "/phone", code=code)
    assert "This code holds no more" in dara.text_of(answer)
    dara.sends("/phone/code", "/phone")
    code = code_of(desk, DARA)
    desk.minutes_pass(10)
    assert dara.sends("/phone/verify", "/phone", code=code).status_code == 422
    assert member(desk, DARA).phone_verified_at is None


def test_three_codes_an_hour_are_enough(desk: Desk) -> None:
    unverify(desk, DARA)
    dara = desk.staff("Dara")
    sent = [dara.sends("/phone/code", "/phone").status_code for _ in range(4)]
    assert sent == [303, 303, 303, 422]
    assert len(texts_to(desk, DARA)) == 3
    desk.minutes_pass(59)
    dara.reads("/phone")
    desk.minutes_pass(2)
    assert dara.sends("/phone/code", "/phone").status_code == 303


@pytest.mark.parametrize("code", ["", "x" * 10_000, "<b>", "12 34", "\x00", "١٢٣"])
def test_what_is_no_code(desk: Desk, code: str) -> None:
    unverify(desk, DARA)
    dara = desk.staff("Dara")
    dara.sends("/phone/code", "/phone")
    answer = dara.sends("/phone/verify", "/phone", code=code)
    assert answer.status_code == 422
    assert "<b>" not in answer.text.replace("&lt;b&gt;", "")


def test_the_code_of_one_phone_verifies_no_other(desk: Desk, admin: Visitor) -> None:
    unverify(desk, DARA)
    dara = desk.staff("Dara")
    dara.sends("/phone/code", "/phone")
    code = code_of(desk, DARA)
    admin.sends("/people/1/change", "/people/1", **changes(DARA, desk, phone="012 999 000"))
    assert dara.sends("/phone/verify", "/phone", code=code).status_code == 422
    sophea = desk.staff("Sophea")
    unverify(desk, SOPHEA)
    assert sophea.sends("/phone/verify", "/phone", code=code).status_code == 422


# ---------------------------------------------------------------- lost


def test_what_will_happen_is_told_before_it_does(desk: Desk) -> None:
    ref = desk.caller_asks()
    desk.takes_by_text("Dara", ref)
    page = desk.staff("Bopha").reads("/people/1/lost")
    for words in (ref, "Signed out everywhere", "They are on call now.", "are free: 1."):
        assert words in page


def test_a_lost_phone_opens_nothing_any_more(desk: Desk) -> None:
    """Everything in one request: session, PIN, codes, shifts, case, calendar."""
    ref = desk.caller_asks()
    desk.takes_by_text("Dara", ref)
    other = desk.caller_asks(number="+85596234567")
    dara, bopha = desk.staff("Dara"), desk.staff("Bopha")
    address = re.search(
        r"http://localhost(/calendar/[\w-]{43}\.ics)",
        dara.text_of(dara.sends("/rota/calendar", "/rota", act="make")),
    )
    assert address is not None
    assert bopha.sends("/people/1/lost", "/people/1/lost").status_code == 303
    assert dara.sees("/rota").status_code == 303  # signed out
    assert desk.visitor().sign_in("Dara").status_code != 303
    assert desk.app.test_client().get(address[1]).status_code == 404
    row = member(desk, DARA)
    assert row.pin_hash is None
    assert row.phone_verified_at is None
    assert desk.case(ref).claimed_by is None
    with desk.hotline.reading() as tx:
        assert staff_on_call(tx, desk.time[0]) == [SOPHEA]
        assert DARA not in staffing.roster(tx, desk.time[0]).everyone
        assert staffing.whose_phone(desk.hotline, tx, "+85510111001") is None
        assert staffing.is_phone_of_staff(desk.hotline, tx, "+85510111001")
    assert texts_to(desk, DARA) == []
    assert any(ref in words for words in texts_to(desk, SOPHEA))
    done = [line for line in desk.audit() if line[0] == "staff:3"]
    for action in ("revoke_phone", "free_shifts", "take_back", "revoke_calendar_address"):
        assert action in [line[1] for line in done]
    desk.takes_by_text("Sophea", ref)
    assert "Dara cannot be reached any more" in desk.staff("Sophea").reads(f"/cases/{ref}")
    assert desk.case(other).state == "open"


def test_a_gap_that_a_lost_phone_leaves_is_told_at_once(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        tx.execute(sa.text("DELETE FROM shift"))
        add_shift(tx, DARA, desk.time[0] - timedelta(hours=1), desk.time[0] + timedelta(hours=5))
    desk.staff("Rith").sends("/people/1/lost", "/people/1/lost")
    told = texts_to(desk, BOPHA)
    assert any("nobody is on call" in words for words in told)
    assert any("no. 1 was reported lost" in words for words in told)
    assert "NOBODY IS ON CALL" in desk.staff("Bopha").reads("/rota")


def test_a_lost_phone_is_back_once_it_is_verified(desk: Desk, admin: Visitor) -> None:
    admin.sends("/people/1/lost", "/people/1/lost")
    assert "phone lost: shut out" in admin.reads("/people")
    admin.sends("/people/1/change", "/people/1", **changes(DARA, desk, phone="012 999 000"))
    assert member(desk, DARA).phone_lost_at is not None  # a new number alone is no proof
    answer = admin.sends("/people/1/verify", "/people/1", code=code_of(desk, DARA))
    assert answer.status_code == 303
    row = member(desk, DARA)
    assert row.phone_lost_at is None
    assert row.phone_verified_at is not None
    with desk.hotline.reading() as tx:
        assert staffing.whose_phone(desk.hotline, tx, "+85512999000").id == DARA
    assert desk.visitor().sign_in("Dara").status_code != 303  # a new passphrase is needed too


def test_who_is_let_go_leaves_nothing_behind(desk: Desk, admin: Visitor) -> None:
    ref = desk.caller_asks()
    desk.takes_by_text("Sophea", ref)
    sophea = desk.staff("Sophea")
    assert admin.sends("/people/2/leaves", "/people/2/leaves").status_code == 303
    assert sophea.sees("/rota").status_code == 303
    assert desk.case(ref).claimed_by is None
    assert admin.sees("/people/2").status_code == 404
    with desk.hotline.reading() as tx:
        assert find_staff_by_name(tx, "Sophea") is None
    assert admin.sends("/people/2/leaves", "/people").status_code == 404


def test_people_in_khmer(desk: Desk, admin: Visitor) -> None:
    admin.sends("/language", language="km", back="people")
    page = admin.reads("/people")
    assert "បុគ្គលិក" in page
    assert "phone" not in page
