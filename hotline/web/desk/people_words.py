"""The people in words: why something was not done, what is wrong with a phone, when they rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate

VERIFIED, NOT_VERIFIED, LOST = "verified", "not_verified", "lost"
PHONES: Mapping[str, str] = {
    VERIFIED: _("phone verified"),
    NOT_VERIFIED: _("phone not verified"),
    LOST: _("phone lost: shut out"),
}
PROBLEMS: Mapping[str, str] = {
    "name_taken": _("Somebody has, or had, this name. Choose another, such as Dara 2."),
    "phone_taken": _("This phone belongs, or belonged, to somebody else here."),
    "oneself_stays": _(
        "You cannot take away your own role, nor let yourself go. Ask another admin."
    ),
    "last_admin": _("This is the last admin. Make somebody else admin first."),
    "person_changed": _(
        "Somebody changed this person meanwhile. Nothing was lost: what you chose is still here. "
        "Look at what stands above, then send it again."
    ),
    "wrong_code": _("This is not the code of the text message. Look once more."),
    "no_code": _("This code holds no more. Send a new one."),
    "too_many_codes": _("Three codes were sent within the hour. Wait a while, then try again."),
}


def state_of_phone(member: Any) -> str:
    if member.phone_lost_at is not None:
        return LOST
    return VERIFIED if member.phone_verified_at is not None else NOT_VERIFIED


def quiet_hours(member: Any, house: tuple[str, str], language: str) -> str:
    """ "21:00–07:00", with the zone where it is not that of the house."""
    begins, ends = member.quiet_from or house[0], member.quiet_to or house[1]
    if begins == ends:
        return translate(language, "never quiet")
    zone = "" if member.zone == "Asia/Phnom_Penh" else f" {member.zone}"
    return f"{begins}–{ends}{zone}"
