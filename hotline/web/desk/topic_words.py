"""The topics of texts in words, and why a spelling is refused."""

from __future__ import annotations

from hotline.core.keyword_overlay import WRITE_AGAIN, Refusal
from hotline.core.keywords import STOP
from hotline.web.desk.languages import mark as _
from hotline.web.desk.languages import translate

TOPICS = {
    "HELP": _("Help, now"),
    "MISSING": _("Somebody is missing"),
    "SAFE": _("Not safe at home (quiet sign)"),
    "GOAWAY": _("May be taken away (quiet sign)"),
    "THAI_HELP": _("In Thailand and needs help"),
    "RIGHTS": _("The rights of children"),
    "JOB": _("Before taking a job"),
    "SCHOOL": _("Staying in school"),
    "TELL": _("Whom to tell"),
    "CALL": _("Asks for a call"),
    "QUIZ": _("The quiz"),
    "THAI": _("Before going to Thailand"),
    "RETURN": _("After coming back"),
    "LABOUR": _("Work and age"),
    "ONLINE": _("Safe on the phone and online"),
    "NEED": _("School things, or help with debt"),
    "CLUB_REPORT": _("A report of a club"),
    "LANG": _("Another language"),
    "MENU": _("The list of all topics"),
    STOP: _("No more texts (STOP)"),
    WRITE_AGAIN: _("Write to me again, after STOP"),
}
HOW = {
    "exact": _("for certain"),
    "alias": _("for certain, found inside or added later"),
    "sound": _("by its sound"),
    "ask": _("not sure"),
    "none": _("not understood"),
}
_REFUSALS = {
    "no_such_topic": _("There is no such topic. Choose one of the list."),
    "no_letters": _("Write the spelling in letters."),
    "digits": _("Letters only: a number means a topic already, or is private."),
    "two_scripts": _("Khmer letters or Latin letters, not both in one spelling."),
    "other_script": _("These are not the letters of the list you chose."),
    "too_short": _("Too short: at least %(other)s letters, or every other text would hit it."),
    "too_long": _("Too long: %(other)s letters at most. Keep only the words that mean the topic."),
    "known": _("This spelling is known for this topic already."),
    "owned": _("This means something else already: %(other)s."),
    "pending": _("It was added already and waits for a second person: %(other)s."),
    "near_danger": _("This is taken for danger now: %(other)s. It must stay so."),
    "everyday": _("This is an everyday word. It may not mean a topic."),
    "common": _("Every word in it is an everyday word. Choose: only as the whole text."),
    "stop_word": _("This word means STOP. It can mean nothing else."),
    "start_word": _("This word means: write to me again. It can mean nothing else."),
    "holds_stop": _("A word of STOP is in it. Leave that word out."),
    "no_effect": _("Written like this it would not be found. Use letters alone."),
    "disturbs": _("With it, the word %(other)s would mean something else than today."),
}
_NAMES_A_TOPIC = ("owned", "pending", "near_danger")


def topic_in_words(language: str, topic: str | None) -> str:
    """A topic of the file may be newer than this table: then its own name."""
    known = TOPICS.get(topic or "")
    return translate(language, known) if known else (topic or "-")


def how_in_words(language: str, how: str) -> str:
    return translate(language, HOW.get(how, how))


def refused(language: str, refusal: Refusal) -> str:
    other = refusal.other
    if refusal.code in _NAMES_A_TOPIC:
        other = topic_in_words(language, other)
    return translate(language, _REFUSALS[refusal.code], other=other)
