"""One process of load over loopback: as fast as answers come, or at a fixed rate.

At a fixed rate the time of a request counts from the moment it was due, so a server that falls
behind cannot hide it by answering fewer.
"""

from __future__ import annotations

import select
import socket
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from benchmarks.calling import Job
from benchmarks.processes import HOST, Server, cpu_seconds, family

_WARM = 0.3

J = TypeVar("J", bound=Job)


class Source(Protocol[J]):
    """Where requests come from; `done` gives the job back after its answer."""

    def next(self) -> J: ...

    def done(self, job: J, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Measured:
    """Times in milliseconds; `bad` counts answers that were not the right one."""

    rate: float
    p50: float
    p99: float
    bad: int
    answers: int
    cpu_ms: float
    codes: dict[int, int]


@dataclass(slots=True)
class _Seen:
    took: list[float] = field(default_factory=list)
    bad: int = 0
    codes: Counter[int] = field(default_factory=Counter)


class _Line(Generic[J]):
    """One kept-alive connection with at most one request under way.

    Opened with its first request: a thread of the server waits on a connection that is silent.
    """

    __slots__ = ("_buffer", "_needs", "began", "job", "socket")

    def __init__(self) -> None:
        self.socket: socket.socket | None = None
        self.job: J | None = None

    def open(self, port: int) -> int:
        self.socket = socket.create_connection((HOST, port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        return self.socket.fileno()

    def send(self, job: J, began: float) -> None:
        assert self.socket is not None, "not open"
        self.job, self.began = job, began
        self._buffer, self._needs = b"", -1
        self.socket.send(job.request())

    def read(self) -> tuple[int, bytes] | None:
        """The whole answer as (status, body), or None while some of it is missing."""
        assert self.socket is not None, "not open"
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise ConnectionError("the server closed a connection in the middle of a measurement")
        self._buffer += piece
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return None
        status = int(self._buffer[9:12])
        if self._needs < 0:
            self._needs = head + 4 + _length(self._buffer[:head].lower(), status)
        if len(self._buffer) < self._needs:
            return None
        return status, self._buffer[head + 4 :]


def _length(head: bytes, status: int) -> int:
    at = head.find(b"content-length:")
    if at < 0:
        assert status in (204, 304), "an answer without a length"
        return 0
    return int(head[at + 15 :].split(b"\r", 1)[0])


class Load(Generic[J]):
    """`rate` in requests a second; 0: the next one as soon as an answer is there."""

    def __init__(
        self, server: Server, source: Source[J], connections: int, rate: float = 0
    ) -> None:
        self._server, self._source, self._rate = server, source, rate
        self._lines: list[_Line[J]] = [_Line() for _ in range(connections)]
        self._by_handle: dict[int, _Line[J]] = {}
        self._free = list(self._lines)
        self._due: deque[float] = deque()
        self._poll = select.epoll()

    def run(self, seconds: float) -> Measured:
        try:
            self._go_on(time.perf_counter() + _WARM)
            pids = family(self._server.pid)
            cpu, began = cpu_seconds(pids), time.perf_counter()
            seen = self._go_on(began + seconds)
            lasted, cpu = time.perf_counter() - began, cpu_seconds(pids) - cpu
            self._finish()
        finally:
            self._close()
        return _measured(seen, lasted, cpu)

    def _go_on(self, until: float) -> _Seen:
        seen, now = _Seen(), time.perf_counter()
        next_due = now
        while now < until:
            if self._rate:
                while next_due <= now:
                    self._due.append(next_due)
                    next_due += 1 / self._rate
            self._send_what_is_due(now)
            self._hear(self._patience(next_due - now), seen)
            now = time.perf_counter()
        return seen

    def _patience(self, left: float) -> float:
        if not self._rate:
            return 0.05
        return max(0.0, min(left, 0.05)) if left > 0.001 else 0.0

    def _send_what_is_due(self, now: float) -> None:
        while self._free and (self._due or not self._rate):
            began = self._due.popleft() if self._rate else time.perf_counter()
            line = self._free.pop()
            if line.socket is None:
                handle = line.open(self._server.port)
                self._by_handle[handle] = line
                self._poll.register(handle, select.EPOLLIN)
            line.send(self._source.next(), began)

    def _hear(self, patience: float, seen: _Seen) -> None:
        for handle, _ in self._poll.poll(patience, 256):
            line = self._by_handle[handle]
            answer = line.read()
            if answer is None:
                continue
            job, line.job = line.job, None
            assert job is not None, "an answer to nothing"
            seen.took.append(time.perf_counter() - line.began)
            seen.bad += not job.heard(*answer)
            seen.codes[answer[0]] += 1
            self._source.done(job)
            self._free.append(line)

    def _finish(self) -> None:
        """Take the last answers: their calls go on in the next round."""
        deadline, unused = time.perf_counter() + 10, _Seen()
        while len(self._free) < len(self._lines) and time.perf_counter() < deadline:
            self._hear(0.05, unused)

    def _close(self) -> None:
        for line in self._by_handle.values():
            assert line.socket is not None
            line.socket.close()
        self._poll.close()


def _measured(seen: _Seen, lasted: float, cpu: float) -> Measured:
    took, answers = sorted(seen.took), len(seen.took)
    assert answers, "the server answered nothing at all"
    return Measured(
        rate=answers / lasted,
        p50=quantile(took, 0.50) * 1000,
        p99=quantile(took, 0.99) * 1000,
        bad=seen.bad,
        answers=answers,
        cpu_ms=cpu / answers * 1000,
        codes=dict(seen.codes),
    )


def quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
