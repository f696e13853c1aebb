"""The form with which an editor says what a spelling means from now on."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField, StringField

from hotline.core.keyword_overlay import ALONE, INSIDE, LONGEST, WRITE_AGAIN, Addition
from hotline.web.desk.forms import DeskForm, Needed, at_most, say, tidied
from hotline.web.desk.languages import mark as _
from hotline.web.desk.topic_words import topic_in_words
from hotline.web.desk.visit import visit

_CHOOSE = _("Choose a topic")
_LATIN = {"latn": _("Khmer words"), "en": _("English words")}
_USED = {ALONE: _("only as the whole text"), INSIDE: _("inside longer texts too")}
_KHMER = "\u1780", "\u17ff"


def _one_line(typed: str | None) -> str:
    return " ".join(tidied(typed).split())


class SpellingForm(DeskForm):
    topic = SelectField(_("Topic"), [Needed(_("Choose one of these."))])
    spelling = StringField(
        _("The spelling, without what is private"),
        [Needed(), at_most(2 * LONGEST)],
        filters=(_one_line,),
    )
    latin = RadioField(_("If in Latin letters, it is"), default="latn")
    used = RadioField(_("It counts"), default=ALONE)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        here = visit()
        topics = [*here.hotline.keywords.topics, WRITE_AGAIN]
        named = [(topic, topic_in_words(here.language, topic)) for topic in topics]
        self.topic.choices = [("", say(_CHOOSE)), *named]
        self.latin.choices = [(code, say(words)) for code, words in _LATIN.items()]
        self.used.choices = [(code, say(words)) for code, words in _USED.items()]

    def addition(self) -> Addition:
        """Khmer letters go into the Khmer list, whatever was chosen for Latin ones."""
        spelling = self.spelling.data or ""
        in_khmer = any(_KHMER[0] <= letter <= _KHMER[1] for letter in spelling)
        language = "km" if in_khmer else self.latin.data
        return Addition(self.topic.data, language, spelling, self.used.data)
