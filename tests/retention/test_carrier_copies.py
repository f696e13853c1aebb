"""What a carrier still has of us: deleted there, asked after, and honest where it cannot be."""

from __future__ import annotations

from datetime import timedelta

from hotline import carrier_copies
from hotline.app import create_app
from hotline.carriers.protocol import CarrierRefused, CarrierUnavailable
from tests.retention.house import Company, House
from tests.web.desk.test_callers_messages import sound_comes, speaks


def clear(house: House) -> int:
    return carrier_copies.clear(house.hotline)


def test_copies_are_gone_within_the_hour(house: House) -> None:
    house.someone_tells()
    company = house.company
    assert (len(company.texts), len(company.sounds)) == (2, 1) or company.sounds
    assert clear(house) >= 2
    assert (company.texts, company.sounds) == (set(), set())
    assert house.count("incoming_text", copy_state="gone") == 1
    assert house.count("recording", copy_state="gone") == 1
    asked = company.asked
    house.desk.minutes_pass(60)
    assert clear(house) == 0
    assert company.asked == asked, "what is known to be gone is not asked for again"


def test_a_carrier_that_is_away_is_asked_again_later(house: House) -> None:
    house.someone_writes("hello")
    house.company.trouble = CarrierUnavailable("503")
    assert clear(house) == 0
    assert clear(house) == 0
    house.company.trouble = None
    assert clear(house) == 0, "not at once"
    house.desk.minutes_pass(11)
    assert clear(house) >= 1
    assert house.company.texts == set()


def test_a_copy_that_is_still_there_is_not_believed_gone(house: House, monkeypatch) -> None:
    sid = house.someone_writes("hello")
    monkeypatch.setattr(Company, "has_text", lambda self, asked: asked == sid)
    clear(house)
    assert house.count("incoming_text", copy_state="gone") == 0
    monkeypatch.undo()
    house.desk.minutes_pass(11)
    clear(house)
    assert house.count("incoming_text", copy_state="gone") == 1


def test_one_that_is_refused_does_not_keep_the_others(house: House, monkeypatch) -> None:
    bad, good = house.someone_writes("hello"), house.someone_writes("and again")
    delete = Company.delete_text

    def refuse(self, sid):
        if sid == bad:
            raise CarrierRefused("20009", "config")
        return delete(self, sid)

    monkeypatch.setattr(Company, "delete_text", refuse)
    clear(house)
    assert bad in house.company.texts
    assert good not in house.company.texts


def test_where_the_carrier_cannot_it_is_said_and_nobody_is_asked(house: House) -> None:
    house.someone_tells()
    house.company.capabilities = Company(can_delete=False).capabilities
    clear(house)
    assert house.company.asked == 0
    assert house.count("incoming_text", copy_state="kept") == 1
    assert house.count("recording", copy_state="kept") == 1
    house.desk.app = create_app(house.hotline)
    page = house.desk.staff("Bopha").reads("/retention")
    assert "Simulator cannot delete" in page


def test_the_carriers_own_id_goes_with_our_row(house: House) -> None:
    sid = house.someone_writes("hello", "+85596234567")
    clear(house)
    house.days_pass(33)
    assert house.count("incoming_text", sid=sid) == 0
    assert house.count("outbox_item", provider_sid=None) == house.count("outbox_item")


def test_so_does_that_of_a_voice_that_came_into_no_case(house: House) -> None:
    """The call is forgotten long before the sound."""
    speaks(house.desk, sid="RE1")
    sound_comes(house.desk, sid="RE1")
    clear(house)
    assert house.count("recording", sid="RE1", copy_state="gone") == 1
    house.days_pass(402)
    assert house.count("conversation", sid="CARE1") == 0
    assert house.count("recording", state="dropped") == 1
    assert house.count("recording", sid="RE1") == 0


def test_a_carrier_that_answers_slowly_holds_up_nobody(house: House, monkeypatch) -> None:
    for number in range(6):
        house.someone_writes("សួស្តី", f"+8551234567{number}")
    house.desk.minutes_pass(61)
    slow = house.company.delete_text

    def delete(sid: str) -> bool:
        house.desk.time[0] += timedelta(seconds=3)
        return slow(sid)

    monkeypatch.setattr(house.company, "delete_text", delete)
    gone = [carrier_copies.clear(house.hotline) for _ in range(7)]
    assert gone == [2, 2, 2, 2, 2, 2, 0]  # six texts and the answers to them
