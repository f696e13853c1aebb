"""The sentences of a timeline: what an event of a case is called, and what became of an alert."""

from __future__ import annotations

from hotline.web.desk.languages import mark as _

SENTENCES = {
    "opened": _("The caller asked for help: %(what)s"),
    "asked_again": _("The caller asked again: %(what)s"),
    "raised": _("More urgent now: %(what)s"),
    "lowered": _("%(who)s made it less urgent: %(what)s"),
    "flagged": _("Marked: %(what)s"),
    "nobody_to_page": _("Nobody could be alerted"),
    "no_next_step": _("It had been forgotten; the alerts were started again"),
    "claimed": _("%(who)s took the case"),
    "handed_on": _("%(who)s could not take it"),
    "caller_wrote": _("The caller wrote"),
    "note": _("%(who)s noted"),
    "paged": _("%(who)s was alerted: %(what)s"),
    "attempt_overdue": _("Nobody had called in time: %(who)s was reminded"),
    "break_glass": _("%(who)s opened the case with a reason"),
    "date_set": _("%(who)s set when to look at it next"),
    "described": _("%(who)s wrote down what it is about"),
    "given_away": _("%(who)s gave the case to somebody else"),
    "given_to": _("%(who)s has the case now"),
    "claim_lapsed": _("%(who)s did not call in time: the next person was asked"),
    "given_back": _("%(who)s gave the case back"),
    "taken_back": _("%(who)s cannot be reached any more: others were asked"),
    "supervisor_asked": _("The supervisors were asked to decide"),
    "held_back": _("%(who)s is alerted later, with others or after quiet hours"),
    "digested": _("%(who)s was alerted by text, with other cases"),
    "attempt": _("%(who)s called back: %(what)s"),
    "calling": _("%(who)s rang the caller through the line"),
    "connected": _("%(who)s and the caller were connected"),
    "overridden": _("%(who)s rang in spite of the plan: %(what)s"),
    "referral": _("%(who)s on a referral: %(what)s"),
    "bridge_ended": _("The call through the line came to nothing: %(what)s"),
    "closed": _("%(who)s closed the case: %(what)s"),
    "held": _("%(who)s had the case held: nothing of it is deleted"),
    "hold_lifted": _("%(who)s lifted the hold"),
    "restored": _("The line was put back from a backup: what came after it is lost"),
}
GROUPS = {
    "opened": "reason",
    "asked_again": "reason",
    "raised": "raised",
    "lowered": "priority",
    "flagged": "flag",
    "attempt": "attempt",
    "overridden": "gate",
    "bridge_ended": "bridge",
    "referral": "referral",
    "closed": "outcome",
}
ON_ITS_WAY = _("on its way")
NOT_KEPT = _("what became of it is not kept any more")
PAGE_STATES = {
    "sms": {
        "delivered": _("text arrived"),
        "sent": _("text sent"),
        "failed": _("text did not arrive"),
        "undelivered": _("text did not arrive"),
        "cancelled": _("text not needed any more"),
    },
    "voice": {
        "delivered": _("picked up the phone"),
        "sent": _("the phone rang"),
        "failed": _("could not be rung"),
        "undelivered": _("did not pick up the phone"),
        "cancelled": _("call not needed any more"),
    },
}
