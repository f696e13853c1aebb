"""Ports of this machine: the usual one if it is free, else any that is."""

from __future__ import annotations

import socket

HOST = "127.0.0.1"


def open_door(wanted: int) -> socket.socket:
    """A socket that listens at `wanted` if nobody does, else at a number the system gives.

    It is handed to the program that will answer there: between asking which number is free and
    the program's own start, another demo would find the same one.
    """
    try:
        return socket.create_server((HOST, wanted))
    except OSError:
        return socket.create_server((HOST, 0))


def number_of(door: socket.socket) -> int:
    return int(door.getsockname()[1])


def is_free(port: int, host: str = HOST) -> bool:
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((host, port))
        except OSError:
            return False
        return True
