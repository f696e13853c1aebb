"""Stay with the programs until somebody says stop."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from types import FrameType

from launcher.supervisor import Supervisor

Say = Callable[[str], None]
_PAUSE = 0.2


class ToldToStop(BaseException):
    """Ctrl-C or a signal of the system. A BaseException: nothing shall take it for a fault."""


def listen_for_stop() -> None:
    """From now on SIGINT, SIGTERM and SIGHUP raise ToldToStop, once; later ones are ignored."""

    def told(number: int, _frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise ToldToStop(signal.Signals(number).name)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, told)


def watch(supervisor: Supervisor) -> None:
    while True:
        supervisor.look_after()
        time.sleep(_PAUSE)
