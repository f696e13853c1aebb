"""What the lines of the audit chain say, in words."""

from __future__ import annotations

from hotline.web.desk.languages import mark as _

ACTORS = {
    "caller": _("Caller"),
    "worker": _("The line itself"),
    "system": _("The line itself"),
    "command": _("Somebody at the server"),
    "operator": _("Somebody at the server"),
    "rehearsal": _("The weekly test"),
}
ACTIONS = {
    "sign_in": _("signed in"),
    "sign_out": _("signed out"),
    "read_case": _("read a case"),
    "show_number": _("saw the number"),
    "hear_voice_message": _("heard a voice message"),
    "claim": _("took the case"),
    "give_back": _("gave the case back"),
    "hand_on": _("could not take the case"),
    "claim_lapsed": _("lost the case: nobody was called in time"),
    "attempt": _("noted a call"),
    "add_note": _("added a note"),
    "close": _("closed the case"),
    "lower": _("made the case less urgent"),
    "raise": _("made the case more urgent"),
    "open_case": _("opened a case"),
    "call_caller": _("rang the caller"),
    "override_gate": _("rang in spite of the plan"),
    "read_audit": _("read this record"),
    "set_rule": _("changed a setting"),
    "forget_rule": _("put a setting back"),
    "set_holiday": _("set a holiday"),
    "forget_holiday": _("took back a holiday"),
    "set_reach": _("changed how somebody is reached"),
    "set_pin": _("set a PIN"),
    "lock_pin": _("locked a PIN"),
    "add_rotation": _("added a rotation"),
    "end_rotation": _("ended a rotation"),
    "swap_asked": _("asked for a swap"),
    "make_calendar_address": _("made a calendar address"),
    "revoke_calendar_address": _("took back a calendar address"),
    "begin_rehearsal": _("began a test of the line"),
    "end_rehearsal": _("ended a test of the line"),
    "set_passphrase": _("set a passphrase"),
    "add_staff": _("took on a person"),
    "retire": _("let a person go"),
    "rotate_keys": _("changed the keys"),
}
