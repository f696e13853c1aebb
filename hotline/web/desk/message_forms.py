"""Forms about a caller's message: how it ends, what case it becomes, what is replied."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField

from hotline.callers_messages import SEEN_TO_AS
from hotline.core.escalation_file import PRIORITIES
from hotline.message_cases import KINDS
from hotline.web.desk.forms import DeskForm, Needed, say
from hotline.web.desk.languages import mark as _
from hotline.web.desk.message_words import ENDINGS, REPLIES
from hotline.web.desk.visit import visit
from hotline.web.desk.words import in_words

_CHOOSE = _("Choose one of these.")


class DoneForm(DeskForm):
    outcome = RadioField(_("What was it?"), [Needed(_CHOOSE)])

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.outcome.choices = [(code, say(ENDINGS[code])) for code in SEEN_TO_AS]


class CaseForm(DeskForm):
    kind = RadioField(_("What is it about?"), [Needed(_CHOOSE)])
    priority = RadioField(_("How urgent is it?"), [Needed(_CHOOSE)])

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        language = visit().language
        self.kind.choices = [(code, in_words(language, "kind", code)) for code in KINDS]
        self.priority.choices = [
            (code, f"{code} {in_words(language, 'priority', code)}") for code in PRIORITIES
        ]


class ReplyForm(DeskForm):
    answer = RadioField(_("Which answer?"), [Needed(_CHOOSE)])

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.answer.choices = [(code, say(words)) for code, words in REPLIES.items()]
