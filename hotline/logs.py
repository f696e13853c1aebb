"""Log lines: one JSON object a line, and nothing about a caller in any of them."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_ABOUT_PEOPLE = frozenset(
    {
        "body", "caller", "caller_name", "digits", "from", "from_", "from_number", "name", "note",
        "notes", "number", "phone", "plan", "recording_url", "speech", "text", "to", "to_number",
        "token", "transcript", "url", "words",
    }
)  # fmt: skip
_TALKATIVE = frozenset(
    {"alembic", "httpx", "redis", "requests", "rq", "sqlalchemy", "twilio", "urllib3", "werkzeug"}
)
_OUT = "left out"


def set_up_logs(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Send our lines and every library's through the same sieve to `stream`; None: stderr."""
    ours: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_the_error_only,
        leave_people_out,
    ]
    structlog.configure(
        processors=[*ours, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=ours,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    handler.addFilter(_is_not_a_detail)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def leave_people_out(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Overwrite what may be about a person, however it got here. The last line of defence."""
    for key in event.keys() & _ABOUT_PEOPLE:
        event[key] = _OUT
    return event


def name_the_error_only(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Turn exc_info into the error's type and where it was raised.

    The message of an error from a library may quote what it was given: a number, a body, a row.
    """
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[1] is not None:
        event["error"] = type(info[1]).__name__
        event["where"] = _places(info[1])
    return event


def _places(error: BaseException) -> list[str]:
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-8:]


def _is_not_a_detail(record: logging.LogRecord) -> bool:
    # At INFO libraries write addresses, arguments and bodies; some set their own level at will.
    return record.levelno >= logging.WARNING or record.name.split(".")[0] not in _TALKATIVE
