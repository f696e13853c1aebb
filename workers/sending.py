"""Sends what is due in a queue: claims a handful and carries them out at one time."""

from __future__ import annotations

import os
import socket
from concurrent.futures import ThreadPoolExecutor

from hotline import errands
from hotline.carrying import carry_out
from hotline.parts import Hotline


def owner_name() -> str:
    """Who holds a lease: this process."""
    return f"{socket.gethostname()[:24]}:{os.getpid()}"


def send_due(hotline: Hotline, queue: str) -> int:
    """Send all that is due now; how many were tried."""
    owner, tried = owner_name(), 0
    while claimed := errands.claim_due(hotline, queue, owner):
        tried += len(claimed)
        if len(claimed) == 1:
            carry_out(hotline, claimed[0], owner)
            continue
        with ThreadPoolExecutor(len(claimed)) as together:
            for done in [together.submit(carry_out, hotline, e, owner) for e in claimed]:
                done.result()
    return tried
