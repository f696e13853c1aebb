"""Carries out the effects of a turn that leave a mark, in the transaction of the turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hotline import cases, outbox, recordings
from hotline.core.turn import (
    AddToCase,
    ChooseLanguage,
    DropVoice,
    Effect,
    FlagCase,
    KeepVoice,
    OpenCase,
    Saying,
    SendText,
)
from hotline.parts import Hotline
from hotline.storage import rehearsal
from hotline.storage.caller import get_caller, remember_language
from hotline.storage.database import Transaction


@dataclass(slots=True)
class Talk:
    """Whose turn it is and what came of it so far; lives as long as one transaction."""

    carrier: str
    channel: str
    key: str  # begins the idempotency keys of what this turn sends
    caller_id: int | None
    flow: str
    case_id: int | None = None
    rings: set[str] = field(default_factory=set)


def carry_out(hotline: Hotline, tx: Transaction, talk: Talk, effects: Sequence[Effect]) -> None:
    """Write down what follows from a turn; `talk` learns the case and which queues to ring."""
    for place, effect in enumerate(effects):
        match effect:
            case OpenCase():
                _open_case(hotline, tx, talk, effect)
            case AddToCase() | FlagCase():
                _add_to_case(hotline, tx, talk, effect)
            case KeepVoice() | DropVoice():
                _keep_or_drop(hotline, tx, talk, effect)
            case SendText(saying):
                _send_text(hotline, tx, talk, saying, place)
            case ChooseLanguage(language, script):
                remember_language(tx, talk.caller_id, language, script)


def _open_case(hotline: Hotline, tx: Transaction, talk: Talk, request: OpenCase) -> None:
    flow = hotline.library.flows.get(talk.flow)
    talk.case_id = cases.open_case(
        hotline,
        tx,
        _as_it_is(tx, talk, request),
        channel=talk.channel,
        caller_id=talk.caller_id,
        chi=flow.about.get("chi") if flow is not None else None,
        current=talk.case_id,
    )
    talk.rings.add("alerts")


def _as_it_is(tx: Transaction, talk: Talk, request: OpenCase) -> OpenCase:
    """In a rehearsal nobody waits for help: the case says so, and is paged like an urgent one."""
    sid = talk.key.removeprefix(f"call:{talk.carrier}:").rpartition(":")[0]
    if talk.channel == "voice" and rehearsal.is_rehearsal(tx, talk.carrier, sid):
        return OpenCase(rehearsal.KIND, "P1", "rehearsal")
    return request


def _add_to_case(
    hotline: Hotline, tx: Transaction, talk: Talk, effect: AddToCase | FlagCase
) -> None:
    if talk.case_id is None:
        return
    if isinstance(effect, FlagCase):
        cases.flag(hotline, tx, talk.case_id, effect.flag)
    else:
        cases.add_answers(hotline, tx, talk.case_id, plan=effect.plan, notes=effect.notes)


def _keep_or_drop(
    hotline: Hotline, tx: Transaction, talk: Talk, effect: KeepVoice | DropVoice
) -> None:
    if isinstance(effect, KeepVoice):
        recordings.attach(tx, talk.carrier, effect.recording, talk.case_id)
    else:
        recordings.drop(hotline, tx, talk.carrier, effect.recording)
    talk.rings.add("chores")


def _send_text(hotline: Hotline, tx: Transaction, talk: Talk, saying: Saying, place: int) -> None:
    caller = get_caller(tx, talk.caller_id) if talk.caller_id is not None else None
    if caller is None or not caller.agreed_to_texts:
        return
    put = outbox.put_reply(
        hotline,
        tx,
        caller,
        (saying,),
        f"{talk.key}:{place}",
        language=caller.language or "km",
        script=caller.script,
        carrier=talk.carrier,
    )
    if put:
        talk.rings.add("replies")
