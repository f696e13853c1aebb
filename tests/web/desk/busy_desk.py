"""A desk on which something lies behind every page: whatever has a form shows it here."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from hotline import demo_services, retention, rota
from hotline.core.rotation import Rotation
from hotline.core.turn import OpenCase
from hotline.storage import caller_message
from hotline.storage.shift import shifts, shifts_of_staff
from hotline.storage.staff_member import set_reach
from tests.web.desk.desk import NEIGHBOUR, Desk
from tests.web.desk.test_callers_messages import sound_comes, speaks, texts
from tests.web.desk.test_refer import TICKS
from tests.web.desk.test_referrals import NEW as NEW_SERVICE
from tests.web.desk.test_retention import old_case

DARA, SOPHEA, BOPHA = 1, 2, 3
CALM = OpenCase("callback", "P3", "asked_for_call")
STAFF = ("Dara", "Bopha", "Rith", "Vanna", "Maly")


def busy_desk(desk: Desk) -> list[str]:
    """The references of its cases: Dara's, one Dara called about, nobody's, a closed one."""
    _rota(desk)
    refs = _cases(desk)
    _messages(desk)
    _referral(desk, refs[0])
    _people(desk)
    _keeping(desk, refs)
    return refs


def _rota(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        tx.execute(sa.delete(shifts))
        today = desk.hotline.now().date()
        for people, place in (((DARA, SOPHEA), 1), ((BOPHA,), 2)):
            rotation = Rotation(people, "daily", today, place=place)
            assert isinstance(rota.add_rotation(desk.hotline, tx, rotation, "operator"), int)
    with desk.hotline.reading() as tx:
        mine = shifts_of_staff(tx, SOPHEA, desk.hotline.now())[0].id
        theirs = shifts_of_staff(tx, DARA, desk.hotline.now())[1].id
    path = f"/rota/exchange/{mine}"
    assert desk.staff("Sophea").sends(path, path, back=str(theirs)).status_code == 303
    day = {"day": str(date(2026, 12, 10)), "name": "Human rights day"}
    desk.staff("Bopha").sends("/rota/day", "/rota", **day)


def _cases(desk: Desk) -> list[str]:
    mine = desk.caller_asks(notes={"under_18": "yes"})
    desk.caller_speaks(mine, b"RIFF....")
    told = desk.caller_asks(CALM, number=NEIGHBOUR)
    free = desk.caller_asks(number="+85512000003")
    closed = desk.caller_asks(CALM, number="+85512000004")
    for ref in (mine, told, closed):
        desk.takes_by_text("Dara", ref)
    dara = desk.staff("Dara")
    for ref in (told, closed):
        dara.sends(f"/cases/{ref}/attempts", f"/cases/{ref}", outcome="no_answer")
    version = str(desk.case(closed).version)
    end = {"outcome": "not_a_case", "version": version}
    assert dara.sends(f"/cases/{closed}/close", f"/cases/{closed}", **end).status_code == 303
    return [mine, told, free, closed]


def _messages(desk: Desk) -> None:
    """One is Dara's; two are nobody's, one of them a voice without a case."""
    for words in ("srolanh bong teang os knea zzqv", "zzqolla wrx"):
        texts(desk, words, "+85512000007")
        desk.minutes_pass(1)
    speaks(desk)
    sound_comes(desk)
    dara, vanna = desk.staff("Dara"), desk.staff("Vanna")
    with desk.hotline.reading() as tx:
        first = caller_message.not_done(tx, after=None, oldest=False, limit=5)[0].id
    assert dara.sends(f"/messages/{first}/take", f"/messages/{first}").status_code == 303
    spelling = {"topic": "SCHOOL", "spelling": "zzqolla", "used": "alone", "latin": "latn"}
    assert vanna.sends("/texts/2/spelling", "/texts/2", **spelling).status_code == 303
    texts(desk, "brrzk tnnq", "+85512000008")


def _referral(desk: Desk, ref: str) -> None:
    with desk.hotline.transaction() as tx:
        demo_services.seed(desk.hotline, tx)
    bopha, dara = desk.staff("Bopha"), desk.staff("Dara")
    assert bopha.sends("/referrals/new", "/referrals/new", **NEW_SERVICE).status_code == 303
    where = f"/cases/{ref}/refer/1"
    fields = {"answer": "yes", "said_by": "caller", "passed_on": TICKS}
    assert dara.sends(where, where, **fields).status_code == 303


def _people(desk: Desk) -> None:
    with desk.hotline.transaction() as tx:
        set_reach(tx, SOPHEA, phone_verified_at=None)
    assert desk.staff("Rith").sends("/people/2/code", "/people/2").status_code == 303


def _keeping(desk: Desk, refs: list[str]) -> None:
    """A case held, one proposed and one to propose for forgetting, a report, and an export."""
    old_case(desk, "not_a_case", 31, "+85512001001")
    proposed = old_case(desk, "referred", 731, "+85512001002")
    old_case(desk, "referred", 732, "+85512001003")
    retention.keep_tidy(desk.hotline)
    bopha = desk.staff("Bopha")
    until = f"{desk.hotline.now() + timedelta(days=30):%Y-%m-%d}"
    held = {"ref": refs[3], "reason": "the court", "until": until}
    assert bopha.sends("/retention/hold", "/retention", **held).status_code == 303
    assert bopha.sends("/retention/propose", "/retention", ref=proposed).status_code == 303
    asked = {"first": "2026-10", "last": "2026-10", "format": "csv"}
    assert bopha.sends("/exports", "/exports", **asked).status_code == 303
