"""The rota in words: weekdays, and why something was not done."""

from __future__ import annotations

from collections.abc import Mapping

from hotline.web.desk.languages import mark as _

WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
_PAST = _("That time is over. Choose a later one.")
PROBLEMS: Mapping[str, str] = {
    "no_time": _("Choose a day and a time for the beginning and for the end."),
    "nobody": _("Choose somebody from the list."),
    "no_name": _("Write what the holiday is called, in at most 80 letters."),
    "no_day": _("Choose a day from today on."),
    "not_paged": _("Only duty workers and supervisors can be on call."),
    "ends_before_start": _("The end must be later than the beginning."),
    "in_the_past": _PAST,
    "over": _PAST,
    "too_long": _("This is longer than 31 days."),
    "not_yours": _("This shift is not yours any more. Look at the rota."),
    "oneself": _("Choose somebody else than yourself."),
    "asked_already": _("You have asked somebody for this shift. Take that back first."),
    "overlaps": _("Another rotation has this place at some of these times. End it first."),
    "not_theirs": _("That shift is not theirs any more. Look at the rota."),
    "same_time": _("Both shifts are in one place at the same time: nothing would be exchanged."),
    "nothing_chosen": _("Choose a shift that you take in return."),
    "changed": _("The shift is in other hands meanwhile. Nothing was changed."),
}
CHANGED_MEANWHILE = _(
    "%(who)s changed this time at %(at)s. Nothing was lost: look at the rota above, then send it "
    "again if you still want it."
)
