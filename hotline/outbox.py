"""The outbox: put a text or a call, in the transaction that makes it necessary.

A worker sends it afterwards (errands.py). Pages to staff go out at least once, anything to a caller
at most once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hotline.core.delivery import CALLER, PENDING, STAFF
from hotline.core.sms_text import count_segments
from hotline.core.turn import Saying
from hotline.parts import Hotline
from hotline.storage import outbox_item
from hotline.storage.database import Transaction

SMS, VOICE = "sms", "voice"
STAFF_CALL = "V_STAFF_PAGE"
"""The first prompt of a page by voice."""

PHONE_CODE = "STAFF_PHONE_CODE"
"""The only text that goes to a phone that was lost: it shows that it is found."""

CONTEXT = "outbox.body"


def put_page(
    hotline: Hotline,
    tx: Transaction,
    member: Any,
    say: Saying,
    case_id: int | None,
    key: str,
    *,
    ask: Saying | None = None,
    at: datetime | None = None,
) -> bool:
    """Put a text to a staff member; False if one with this idempotency key was put before.

    `ask` is what asks for a reply: it goes along where the carrier can bring one. `at`: not before.
    """
    asked = _words(hotline, ask, member.language, None) if ask is not None else None
    put = _put(
        hotline,
        tx,
        queue="alerts",
        audience=STAFF,
        channel=SMS,
        body=_words(hotline, say, member.language, None),
        ask=asked,
        prompt=say.prompt,
        key=key,
        at=at,
        staff_id=member.id,
        case_id=case_id,
    )
    return put is not None


def put_call(
    hotline: Hotline,
    tx: Transaction,
    prompt: str,
    key: str,
    *,
    staff_id: int | None = None,
    caller_id: int | None = None,
    case_id: int | None = None,
    number: str | None = None,
    at: datetime | None = None,
) -> int | None:
    """Put a call to a staff member or to a caller; its id, None if it was put before.

    `prompt` is the first that will be heard and tells what the call is for. `number` (E.164) rings
    another phone than the one the person is known by; it is sealed. `at`: not before.
    """
    is_staff = staff_id is not None
    return _put(
        hotline,
        tx,
        queue="alerts" if is_staff else "calls",
        audience=STAFF if is_staff else CALLER,
        channel=VOICE,
        body=number or "",
        prompt=prompt,
        key=key,
        at=at,
        staff_id=staff_id,
        caller_id=caller_id,
        case_id=case_id,
    )


def put_reply(
    hotline: Hotline,
    tx: Transaction,
    caller: Any,
    say: Sequence[Saying],
    key: str,
    *,
    language: str,
    script: str | None,
    carrier: str | None = None,
    despite_stop: bool = False,
) -> bool:
    """Put one text to a caller; False if they want none, or if it was put before.

    Several sayings make one text, a line each: two texts could arrive in the wrong order. It goes
    by `carrier` if that one works: the answer should come from the number they wrote to.
    """
    if not say or (caller.stopped_at is not None and not despite_stop):
        return False
    body = "\n".join(_words(hotline, saying, language, script) for saying in say)
    put = _put(
        hotline,
        tx,
        queue="replies",
        audience=CALLER,
        channel=SMS,
        body=body,
        prompt=say[0].prompt,
        key=key,
        caller_id=caller.id,
        carrier=carrier,
    )
    return put is not None


def _words(hotline: Hotline, saying: Saying, language: str, script: str | None) -> str:
    words = hotline.library.text(saying.prompt, language, script)
    for name, value in saying.values:
        words = words.replace("{" + name + "}", value)
    return words


def _put(
    hotline: Hotline,
    tx: Transaction,
    *,
    body: str,
    key: str,
    ask: str | None = None,
    at: datetime | None = None,
    **values: Any,
) -> int | None:
    now, seal = hotline.now(), hotline.vault.encrypt
    return outbox_item.put_item(
        tx,
        body_sealed=seal(body.encode(), CONTEXT),
        ask_sealed=seal(ask.encode(), CONTEXT) if ask else None,
        segments=count_segments(f"{body} {ask}" if ask else body).count,
        idempotency_key=key,
        state=PENDING,
        tries=0,
        next_at=at or now,
        created_at=now,
        updated_at=now,
        **values,
    )
