"""Ports: the usual one if it is free, else any that is."""

from __future__ import annotations

import socket

HOST = "127.0.0.1"


def free_port(wanted: int) -> int:
    """`wanted` if nobody listens there, else one the system gives."""
    return wanted if is_free(wanted) else _any_port()


def is_free(port: int, host: str = HOST) -> bool:
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((host, port))
        except OSError:
            return False
        return True


def _any_port() -> int:
    with socket.socket() as line:
        line.bind((HOST, 0))
        return int(line.getsockname()[1])
