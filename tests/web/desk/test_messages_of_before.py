"""One version follows the other: what callers say to the one before is listed all the same."""

from __future__ import annotations

import sqlalchemy as sa

from hotline.storage import recording
from hotline.storage.caller_message import messages
from hotline.storage.case import find_case
from tests.web.desk.desk import MOTHER, Desk
from tests.web.desk.test_callers_messages import sound_comes, speaks, waiting


def taken_by_the_version_before(desk: Desk) -> None:
    """It knew no list, after the migration had filled it."""
    with desk.hotline.transaction() as tx:
        tx.execute(sa.delete(messages))


def test_a_voice_of_before_is_listed_once_its_sound_is_there(desk: Desk) -> None:
    speaks(desk)
    taken_by_the_version_before(desk)
    assert waiting(desk) == 0
    sound_comes(desk)
    assert waiting(desk) == 1


def test_one_that_was_put_into_a_case_meanwhile_is_listed_with_it(desk: Desk) -> None:
    ref = desk.caller_asks(number=MOTHER)
    speaks(desk)
    taken_by_the_version_before(desk)
    with desk.hotline.transaction() as tx:
        known = recording.find_recording(tx, "simulator", "RE1")
        recording.change_recording(tx, known.id, case_id=find_case(tx, ref).id)
    sound_comes(desk)
    with desk.hotline.reading() as tx:
        listed = tx.execute(sa.select(messages)).one()
        case = find_case(tx, ref)
    assert (listed.case_id, listed.caller_id, listed.size) == (case.id, case.caller_id, 12)


def test_a_touch_of_the_key_is_no_message_of_before_either(desk: Desk) -> None:
    speaks(desk, seconds=0)
    sound_comes(desk)
    assert waiting(desk) == 0
