"""Services and referrals in words: what they do, how far away, what came of it, what is wrong."""

from __future__ import annotations

from hotline.web.desk.languages import mark as _

SERVICE_CATEGORIES = {
    "child_protection": _("Child protection"),
    "police": _("Police"),
    "health": _("Health"),
    "legal": _("Legal help"),
    "shelter": _("A safe place to stay"),
    "psychosocial": _("Someone to talk to, help for the mind"),
    "support": _("School and support for the family"),
    "migration": _("Migrants, embassies"),
    "return": _("Coming home and beginning anew"),
}
SERVES = {"all": _("Everybody"), "children": _("Children"), "women": _("Women")}
NEAR = {
    "commune": _("In the same commune"),
    "district": _("In the same district"),
    "province": _("In the same province"),
    "country": _("For the whole country"),
}
STATES = {
    "asked": _("begun, the service has not agreed yet"),
    "agreed": _("the service agreed"),
    "handed_over": _("handed over, no word yet that they met"),
    "confirmed": _("the service has reached the caller"),
    "refused": _("the caller does not want it"),
    "failed": _("the service could not help"),
}
STEPS = {
    "called": _("I called the service"),
    "agreed": _("The service agrees to help"),
    "told": _("I told the caller who will help, and how"),
    "handed_over": _("Handed over: the service knows what it needs"),
    "confirmed": _("The service says it reached the caller"),
    "refused": _("The caller does not want it any more"),
    "failed": _("The service cannot help"),
}
STEPS_DONE = {
    "called": _("called the service"),
    "agreed": _("wrote down that the service agreed"),
    "told": _("told the caller"),
    "handed_over": _("handed over"),
    "confirmed": _("heard that the service reached the caller"),
    "refused": _("wrote down that the caller does not want it any more"),
    "failed": _("wrote down that the service cannot help"),
}
REFERRAL_ANSWERS = {
    "yes": _("Yes. They may be told what is ticked above, and nothing else."),
    "alone": _("They want to ring there themselves. Nothing is passed on."),
    "no": _("No. They do not want this service."),
    "must": _("They were not asked, or said no, but a child is in danger now."),
}
ANSWERS_DONE = {
    "yes": _("agreed"),
    "alone": _("rings there themselves; nothing is passed on"),
    "no": _("said no"),
    "must": _("passed on without their yes: a child is in danger"),
}
WHO_SAID = {
    "caller": _("The caller, who is an adult"),
    "child": _("The child, in their own words"),
    "both": _("The caller and the child"),
}
PASSED_ON = {
    "number": _("Phone number"),
    "safe_time": _("When it is safe to call"),
    "who_answers": _("If somebody else answers"),
    "language": _("Language"),
    "age": _("Age"),
    "place": _("Where the caller is"),
    "kind": _("What it is about"),
    "answers": _("What was keyed on the phone"),
    "words": _("A few words of mine"),
}
BEGIN_FAULTS = {
    "choose_answer": ("answer", _("Choose what the caller said.")),
    "was_refused": ("answer", _("The caller refused this service before. Choose another one.")),
    "who_said": ("said_by", _("Choose who said yes.")),
    "tick_something": ("passed_on", _("Tick what they may be told.")),
    "write_words": ("words", _("Write the words, or take away the tick.")),
    "reason": ("reason", _("Write why this cannot wait for a yes.")),
    "duty_is_off": ("answer", _("In this house nothing is passed on without a yes.")),
    "not_in_danger": (
        "answer",
        _("The case is not urgent (P0 or P1). Without a yes, only danger now allows this."),
    ),
    "does_not_protect": (
        "answer",
        _("Without a yes, only child protection, police and health services may be told."),
    ),
    "case_closed": ("answer", _("The case is closed.")),
    "out_of_use": ("answer", _("This service is no longer in use. Choose another one.")),
    "under_way": ("answer", _("There is a referral to this service already. Go on with that one.")),
}
FILE_FAULTS = {
    "encoding": _("This is no text file in UTF-8. In the spreadsheet choose: CSV UTF-8."),
    "too_many_rows": _("There are more than 1,000 lines. Split the file."),
    "too_wide": _("A line has too many cells."),
    "not_csv": _("From here on this is no CSV file."),
    "empty": _("There is no service in the file."),
    "column_missing": _("This column is missing: %(column)s"),
    "column_unknown": _("Nobody knows this column: %(column)s"),
    "column_twice": _("This column is there twice: %(column)s"),
    "too_many_cells": _("There are more cells than columns."),
    "no_name": _("The name is missing."),
    "too_long": _("Too long: %(column)s"),
    "unknown_place": _(
        "Nobody knows this place, or there are several. Write commune, district, province."
    ),
    "unknown_category": _("Choose from: %(codes)s"),
    "unknown_serves": _("Write all, children or women."),
    "no_phone": _("This is no phone number: %(column)s"),
    "yes_or_no": _("Write yes or no: %(column)s"),
    "no_day": _("Write the day like 2026-11-22: %(column)s"),
    "day_to_come": _("This day has not come yet: %(column)s"),
    "known_already": _("This service is in the list already, or twice in the file."),
    "no_file": _("Choose a file."),
}
AGES_KEYED = {"child": _("under 18"), "adult": _("adult")}
PLACE_LEVELS = {
    "province": _("Province"),
    "district": _("District"),
    "commune": _("Commune"),
}
GROUPS = {
    "place_level": PLACE_LEVELS,
    "age_keyed": AGES_KEYED,
    "service_category": SERVICE_CATEGORIES,
    "serves": SERVES,
    "near": NEAR,
    "referral": STATES,
    "referral_step": STEPS,
    "referral_step_done": STEPS_DONE,
    "referral_answer": REFERRAL_ANSWERS,
    "referral_answer_done": ANSWERS_DONE,
    "who_said": WHO_SAID,
    "passed_on": PASSED_ON,
}
