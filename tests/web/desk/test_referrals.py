"""The list of services: found by place and name, checked every three months, in a file."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from sqlalchemy import select

from hotline import directory
from hotline.core.listed_service import ALL, Entrusted, Service
from hotline.core.local_time import day_at
from hotline.core.service_csv import PUBLIC
from hotline.storage.audit_line import audit_lines
from hotline.storage.directory import services
from hotline.storage.sealed import sealed_columns
from tests.web.desk.desk import TOKEN, Desk
from tests.web.desk.questions import MOST, questions

NEW = {
    "name_km": "មណ្ឌលសុខភាព",
    "name_en": "Health centre",
    "categories": "health",
    "phones": "012 000 900",
    "hours": "08:00-17:00",
    "place": "Nimit, Poipet",
    "serves": "all",
    "contact_name": "Sok Chan",
    "contact_phone": "012 777 888",
    "agreed_by": "Director Chea",
    "notes": "ask after lunch",
}
HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7*7 }} </textarea></form>",
    "\u202eevil\u202c שלום",
    "👧🏽‍🦱 ☎️",
    "\x00 \ufffd",
    "' OR 1=1 --",
    "%_%",
]


def put_in(desk: Desk, name: str = "Shelter", place: str = "01", **other) -> int:
    values = {
        "name_km": "", "name_en": name, "place": place, "categories": ("shelter",), "serves": ALL,
        "hours": "", "phones": "012 000 010", "is_authority": False,
    }  # fmt: skip
    service = Service(**{**values, **other})
    with desk.hotline.transaction() as tx:
        return directory.put_in(desk.hotline, tx, service, None)


def today(desk: Desk):
    return day_at(desk.hotline.now())


def test_a_supervisor_puts_in_a_service_and_everybody_finds_it(desk: Desk) -> None:
    bopha, dara = desk.staff("Bopha"), desk.staff("Dara")
    assert bopha.sends("/referrals/new", "/referrals/new", **NEW).status_code == 303
    assert "No service was found" in dara.sends("/referrals/find", "/referrals", q="school").text
    for typed in ("health", "helth", "មណ្ឌល", "012000900"):
        page = dara.sends("/referrals/find", "/referrals", q=typed).text
        assert "Health centre" in page, typed
    for asked in ("province=01", "province=01&district=0110&commune=011001", "category=health"):
        page = dara.reads(f"/referrals?{asked}")
        assert "Health centre" in page, asked
    assert "Nimit, Paoy Paet, Banteay Meanchey" in page
    assert "data.mef.gov.kh" in page
    assert "Nobody has checked it yet" in page
    assert "Health centre" not in dara.reads("/referrals?province=17")
    assert "Health centre" not in dara.reads("/referrals?category=police")


def test_who_we_know_there_is_sealed_shown_and_never_in_a_list_or_file(desk: Desk) -> None:
    bopha, dara = desk.staff("Bopha"), desk.staff("Dara")
    bopha.sends("/referrals/new", "/referrals/new", **NEW)
    page = dara.reads("/referrals/1")
    assert "Sok Chan" in page
    assert "012 777 888" in page
    assert ("staff:1", "read_service", "service:1") in desk.audit()
    for where in ("/referrals", "/referrals.csv"):
        for secret in ("Sok Chan", "777 888", "Director Chea", "after lunch"):
            assert secret not in bopha.source(where)
    with desk.hotline.reading() as tx:
        assert "Sok" not in str(tx.execute(select(services)).all())
        assert "Sok" not in str(tx.execute(select(audit_lines)).all())
    assert ("service", "entrusted_sealed") in sealed_columns()


def test_an_unsure_place_is_asked_again_and_nothing_typed_is_lost(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    answer = bopha.sends("/referrals/new", "/referrals/new", **{**NEW, "place": "siem reab"})
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert "Which of these is meant?" in page
    assert 'value="Sok Chan"' in page
    assert re.search(r'name="place_code" value="1710"> [^<]*Siem Reab, Siemreap \(District\)', page)
    again = {**NEW, "place": "siem reab", "place_code": "1710"}
    assert bopha.sends("/referrals/new", "/referrals/new", **again).status_code == 303
    assert "Siem Reab, Siemreap" in bopha.reads("/referrals/1")
    assert "Siem Reab, Siemreap" in bopha.sees("/referrals/1/edit").text
    nowhere = bopha.sends("/referrals/new", "/referrals/new", **{**NEW, "place": "Atlantis"})
    assert "Nobody knows this place." in nowhere.text


def test_a_service_of_a_town_can_be_put_in_its_province(desk: Desk) -> None:
    bopha, number = desk.staff("Bopha"), put_in(desk, place="0203")
    where = f"/referrals/{number}/edit"
    assert 'name="place_known" value="0203"' in bopha.sees(where).text
    typed = {**NEW, "place": "Battambang", "place_known": "0203", "version": "1"}
    assert bopha.sends(where, where, **typed).status_code == 303
    with desk.hotline.reading() as tx:
        assert tx.execute(select(services.c.place).where(services.c.id == number)).scalar() == "02"


def test_a_place_that_was_chosen_stays_while_the_rest_is_mended(desk: Desk) -> None:
    bopha, where = desk.staff("Bopha"), "/referrals/new"
    typed = {**NEW, "place": "siem reab", "place_code": "1710", "phones": ""}
    page = bopha.sends(where, where, **typed).text
    assert 'name="place_known" value="1710"' in page
    mended = {**NEW, "place": "Siem Reab, Siemreap", "place_known": "1710"}
    assert 'value="Siem Reab, Siemreap"' in page
    assert bopha.sends(where, where, **mended).status_code == 303


def test_two_change_one_service_and_both_are_told(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    desk.take_on("Chan", "+85510111009", "supervisor")
    chan = desk.staff("Chan")
    number = put_in(desk)
    where, typed = f"/referrals/{number}/edit", {**NEW, "version": "1"}
    assert bopha.sends(where, where, **typed).status_code == 303
    answer = chan.sends(where, where, **{**typed, "name_en": "Mine"})
    assert answer.status_code == 409
    assert "Somebody changed this service meanwhile" in answer.text
    assert 'value="Mine"' in answer.text
    assert 'name="version" value="2"' in answer.text
    assert (
        chan.sends(where, where, **{**typed, "name_en": "Mine", "version": "2"}).status_code == 303
    )
    assert ("staff:3", "change_service", f"service:{number}") in desk.audit()


def test_who_was_slower_can_look_at_what_the_other_wrote(desk: Desk) -> None:
    bopha, number = desk.staff("Bopha"), put_in(desk)
    where, typed = f"/referrals/{number}/edit", {**NEW, "version": "1"}
    bopha.sends(where, where, **typed)
    page = bopha.sends(where, where, **typed).text
    assert f'href="/desk/referrals/{number}" target="_blank"' in page


def test_whoever_opens_the_form_has_read_of_the_people_there(desk: Desk) -> None:
    bopha, number = desk.staff("Bopha"), put_in(desk)
    bopha.sees(f"/referrals/{number}/edit")
    assert desk.audit()[-1] == ("staff:3", "read_service", f"service:{number}")


def test_what_a_service_does_is_told_when_it_changes(desk: Desk) -> None:
    bopha, number = desk.staff("Bopha"), put_in(desk, "Health centre", "011001")
    bopha.sends(f"/referrals/{number}/edit", "/referrals", **NEW, version="1")
    with desk.hotline.reading() as tx:
        told = tx.execute(
            select(audit_lines.c.detail).where(audit_lines.c.action == "change_service")
        ).scalar_one()
    assert "categories" in told.split(",")


def test_what_is_searched_for_is_in_no_address(desk: Desk) -> None:
    dara = desk.staff("Dara")
    page = dara.source("/referrals")
    assert not re.search(r'<form method="get"[^>]*>(?:(?!</form>).)*name="q"', page, re.DOTALL)
    assert "012345678" not in dara.source("/referrals?q=012345678")


def test_the_second_page_of_those_out_of_use_has_no_other(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    with desk.hotline.transaction() as tx:
        for name in range(60):
            kept = {"name_km": "", "name_en": f"Gone {name:02}", "place": "", "hours": ""}
            service = Service(
                **kept, categories=("legal",), serves=ALL, phones="117", is_authority=False
            )
            number = directory.put_in(desk.hotline, tx, service, None)
            directory.retire(desk.hotline, tx, number, 1, 3)
    put_in(desk, "Still here")
    page = bopha.sends("/referrals/find", "/referrals", gone="yes").text
    assert "Gone 00" in page
    (further,) = re.findall(
        r'<form method="post" action="(/desk/referrals/find\?page=2)".*?</form>', page, re.DOTALL
    )
    assert '<input type="hidden" name="gone" value="yes">' in page
    page = bopha.sends(further.removeprefix("/desk"), "/referrals", gone="yes").text
    assert "Gone 59" in page
    assert "Still here" not in page


def test_of_two_who_set_the_duty_to_report_the_second_is_told(desk: Desk) -> None:
    bopha = desk.staff("Bopha")
    for version in ("0", "0", "many"):
        answer = bopha.sends("/referrals/duty", "/referrals", when="never", version=version)
        again = bopha.sends("/referrals/duty", "/referrals", when="danger", version=version)
        assert again.status_code == 409
        assert "Somebody changed this meanwhile" in again.text
        assert re.search(r'value="danger" checked', again.text)
        assert 'name="version" value="1"' in again.text
    assert answer.status_code == 409


@pytest.mark.parametrize("phones", ["012 000 010/012 000 011", "023 999.111; +855 (12) 100-200"])
def test_every_number_is_dialled_as_one(desk: Desk, phones: str) -> None:
    number = put_in(desk, phones=phones)
    for page in ("/referrals", f"/referrals/{number}"):
        links = re.findall(r'href="tel:([^"]*)"', desk.staff("Dara").source(page))
        assert len(links) == 2
        assert all(re.fullmatch(r"\+?\d+", one) for one in links), links


def test_a_check_lasts_three_months_and_then_it_is_red(desk: Desk) -> None:
    number = put_in(desk)
    bopha = desk.staff("Bopha")
    assert "1 services are to be checked" in bopha.reads("/referrals")
    where = f"/referrals/{number}"
    assert bopha.sends(where + "/checked", where, spoken_to="").status_code == 422
    assert bopha.sends(where + "/checked", where, spoken_to="Sok at the desk").status_code == 303
    page = bopha.reads(where)
    assert "Sok at the desk" in page
    assert "22/02/2027" in page
    assert "To be checked" not in bopha.reads("/referrals")
    desk.minutes_pass(60 * 24 * 93)
    assert "To be checked" in desk.staff("Bopha").reads("/referrals")


def test_what_is_overdue_comes_first_for_who_can_change_that(desk: Desk) -> None:
    put_in(desk, "A fresh one", checked_on=today(desk))
    put_in(desk, "B forgotten", checked_on=today(desk).replace(month=1))
    order = re.findall(
        r"<bdi>(A fresh one|B forgotten)</bdi>", desk.staff("Bopha").sees("/referrals").text
    )
    assert order == ["B forgotten", "A fresh one"]
    order = re.findall(
        r"<bdi>(A fresh one|B forgotten)</bdi>", desk.staff("Dara").sees("/referrals").text
    )
    assert order == ["A fresh one", "B forgotten"]


def test_a_service_out_of_use_is_found_no_more_until_it_is_used_again(desk: Desk) -> None:
    number, bopha = put_in(desk), desk.staff("Bopha")
    where = f"/referrals/{number}"
    assert bopha.sends(where + "/use", where, version="9", act="retire").status_code == 409
    assert bopha.sends(where + "/use", where, version="1", act="retire").status_code == 303
    assert "Shelter" not in bopha.reads("/referrals")
    assert "Shelter" in bopha.reads("/referrals?gone=yes")
    assert bopha.sends(where + "/use", where, version="2", act="restore").status_code == 303
    assert "Shelter" in bopha.reads("/referrals")


@pytest.mark.parametrize(
    "field", ["name_km", "name_en", "hours", "contact_name", "agreed_by", "notes"]
)
def test_every_field_survives_what_people_type(desk: Desk, field: str) -> None:
    bopha = desk.staff("Bopha")
    for words in HOSTILE:
        answer = bopha.sends("/referrals/new", "/referrals/new", **{**NEW, field: words})
        assert answer.status_code == 303, words
        page = bopha.sees(answer.location.removeprefix("/desk")).text
        assert "<script>alert" not in page
        assert "evil\u202c" not in page
    answer = bopha.sends("/referrals/new", "/referrals/new", **{**NEW, field: "ក" * 10_000})
    assert answer.status_code == 422
    assert "This is too long" in answer.text
    assert "ក" * 10_000 in answer.text


@pytest.mark.parametrize(
    ("field", "words", "sentence"),
    [
        ("phones", "call me", "Write phone numbers like"),
        ("phones", "", "Fill this in."),
        ("phones", "012 345 678," * 9, "Write phone numbers like"),
        ("contact_phone", "<b>", "Write phone numbers like"),
        ("categories", "sorcery", "Choose at least one."),
        ("serves", "dogs", "Choose one of these."),
        ("agreed_on", "yesterday", "Choose a day."),
        ("agreed_on", "2999-01-01", "This day has not come yet."),
        ("place", "ក" * 10_000, "This is too long"),
        ("place", "<script>", "Nobody knows this place."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    desk: Desk, field: str, words: str, sentence: str
) -> None:
    answer = desk.staff("Bopha").sends("/referrals/new", "/referrals/new", **{**NEW, field: words})
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    assert "<script>" not in answer.text.split("</head>")[1]
    assert 'value="Sok Chan"' in answer.text


def test_nonsense_in_the_address_narrows_nothing_and_breaks_nothing(desk: Desk) -> None:
    put_in(desk)
    dara = desk.staff("Dara")
    for asked in ("province=<b>", "province=99", "district=0110&province=17", "category=x",
                  "page=x",
                  "q=" + "x" * 5000, "q=%ED%A0%80%00", "commune=' OR 1=1"):  # fmt: skip
        assert dara.sees(f"/referrals?{asked}").status_code == 200, asked
    for path in ("/referrals/999", "/referrals/99999999999999999999", "/referrals/0"):
        assert dara.sees(path).status_code == 404


# ---------------------------------------------------------------- files


def bring(desk: Desk, data: bytes, name: str = "list.csv"):
    bopha = desk.staff("Bopha")
    token = TOKEN.search(bopha.sees("/referrals/file").text)[1]
    sent = {"form_token": token, "file": (io.BytesIO(data), name)}
    return bopha.client.post("/desk/referrals/file", data=sent)


HEAD = "name_km,name_en,place,categories,serves,phones,authority,checked_on,contact_name\n"
GOOD = HEAD + (
    'មណ្ឌល,Centre,"Nimit, Poipet",health police,all,012 000 001,no,2026-11-01,Sok\n'
    "ផ្ទះ,House,17,shelter,women,012 000 002,,,\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_a_file_puts_in_many(desk: Desk, encoding: str, comma: str) -> None:
    words = GOOD if comma == "," else GOOD.replace('"Nimit, Poipet"', "011001").replace(",", comma)
    assert bring(desk, words.encode(encoding)).status_code == 303
    page = desk.staff("Bopha").reads("/referrals")
    assert "Centre" in page
    assert "House" in page
    assert ("staff:3", "import_services", "services") in desk.audit()


def test_with_one_fault_nothing_is_put_in_and_every_fault_has_its_line(desk: Desk) -> None:
    bad = GOOD + (
        "x,,Atlantis,health,all,012 000 003,no,,\n"
        ",,17,sorcery,dogs,none,perhaps,2999-01-01,\n"
        'ផ្ទះ,"House\nof lines",17,shelter,all,012 000 004,no,,,,,\n'
        "x,,Poipet,health,all,012,no,never,\n"
    )
    answer = bring(desk, bad.encode())
    assert answer.status_code == 422
    page = desk.staff("Bopha").text_of(answer)
    for told in ("Line 4: Nobody knows this place", "Line 5: The name is missing",
                 "Line 5: Choose from: child_protection", "Line 5: Write all, children or women",
                 "Line 5: This is no phone number", "Line 5: Write yes or no",
                 "Line 5: This day has not come yet", "Line 6: There are more cells than columns",
                 "Line 8: Write the day like"):  # fmt: skip
        assert told in page, told
    assert "Centre" not in desk.staff("Bopha").reads("/referrals")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "There is no service in the file."),
        (b"\xff\xfe\x00", "no text file in UTF-8"),
        ("ស្រុក".encode("utf-16-le"), "no text file in UTF-8"),
        ("name_km,caf\xe9".encode("latin-1"), "no text file in UTF-8"),
        (b"name_km,place\x00,phones,categories\nx,1,2,3\n", "no text file in UTF-8"),
        (b"PK\x03\x04" + bytes(range(128, 256)), "no text file in UTF-8"),
        (HEAD.encode(), "There is no service in the file."),
        (b"name_km,place,phones\nx,17,117\n", "This column is missing: categories"),
        (HEAD.replace("serves", "secret").encode(), "Nobody knows this column: secret"),
        (HEAD.replace("serves", "place").encode(), "This column is there twice: place"),
        ((HEAD + "x,x,17,health,all,117,no,,\n" * 1_500).encode(), "more than 1,000 lines"),
        ((HEAD + "," * 5_000 + "\n").encode(), "too many cells"),
        ((HEAD + '"' + "x" * 140_000).encode(), "no CSV file"),
        ((HEAD + "x" * 5_000 + ",x,17,health,all,117,no,,\n").encode(), "Too long: name_km"),
        ((HEAD + "a,,17,health,all,117,no,,\na,,17,health,all,117,no,,\n").encode(),
         "Line 3: This service is in the list already"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_with_a_sentence(
    desk: Desk, data: bytes, sentence: str
) -> None:
    answer = bring(desk, data)
    assert answer.status_code == 422
    assert sentence in desk.staff("Bopha").text_of(answer)
    with desk.hotline.reading() as tx:
        assert tx.execute(select(services)).all() == []


def test_a_bomb_is_turned_away_at_the_door(desk: Desk) -> None:
    assert bring(desk, b"x" * 400_000).status_code == 413


def test_no_cell_of_the_saved_list_is_a_formula_and_it_can_be_read_again(desk: Desk) -> None:
    put_in(desk, "=cmd|' /C calc'!A1", name_km="+855", hours="@SUM(1)", phones="+855 12 000 001")
    put_in(desk, "  -2+3", place="")
    data = desk.staff("Bopha").sees("/referrals.csv").data
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert list(rows[0]) == list(PUBLIC)
    assert all(
        not cell.lstrip().startswith(("=", "+", "-", "@")) for row in rows for cell in row.values()
    )
    assert rows[0]["name_en"] == "'=cmd|' /C calc'!A1"
    assert rows[1]["place"] == "all"
    with desk.hotline.transaction() as tx:
        for row in tx.execute(select(services)).all():
            directory.retire(desk.hotline, tx, row.id, row.version, 3)
    assert bring(desk, data).status_code == 303
    with desk.hotline.reading() as tx:
        again = tx.execute(select(services).where(services.c.id == 3)).one()
    assert (again.name_en, again.phones) == ("=cmd|' /C calc'!A1", "+855 12 000 001")


# ---------------------------------------------------------------- readiness and speed


def test_without_a_checked_service_there_is_no_launch(desk: Desk) -> None:
    hotline = desk.hotline

    def lacks() -> bool:
        with hotline.reading() as tx:
            return directory.lacks_checked_service(hotline, tx)

    assert lacks()
    with hotline.transaction() as tx:
        assert directory.seed_national(hotline, tx) == len(directory.NATIONAL)
        assert directory.seed_national(hotline, tx) == 0
    assert lacks(), "found on a page is not dialled"
    put_in(desk, place="0110", checked_on=today(desk))
    assert not lacks()
    put_in(desk, place="", checked_on=today(desk).replace(month=7))
    assert not lacks()
    desk.minutes_pass(60 * 24 * 100)
    assert lacks()


def test_the_verified_numbers_come_with_the_house_and_stay_out_when_taken_out(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        directory.seed_national(desk.hotline, tx)
        row = tx.execute(select(services).where(services.c.known_as == "1280")).one()
        directory.retire(desk.hotline, tx, row.id, row.version, 3)
    with desk.hotline.transaction() as tx:
        assert directory.seed_national(desk.hotline, tx) == 0
    page = desk.staff("Dara").reads("/referrals")
    assert "117" in page
    assert "Child Helpline Cambodia 1280" not in page


def test_two_thousand_services_ask_no_more_of_the_database(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        for n in range(2_000):
            place = f"{n % 25 + 1:02}"
            service = Service(
                "សេវា", f"Service {n}", place, ("health",), ALL, "", "117", False,
                entrusted=Entrusted(),
            )  # fmt: skip
            directory.put_in(desk.hotline, tx, service, None)
    bopha = desk.staff("Bopha")
    for path in ("/referrals", "/referrals?page=39", "/referrals?q=Service+17&province=05"):
        with questions() as asked:
            page = bopha.sees(path)
        assert page.status_code == 200
        assert len(page.data) < 120_000
        assert 3 < len(asked) <= MOST, asked
    assert page.text.count('class="service"') > 1
