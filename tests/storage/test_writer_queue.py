"""Writers go one at a time, in the order they came, and nobody waits longer than they want to."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from hotline.storage.writer_queue import WriterQueue

spawn = multiprocessing.get_context("spawn")


def soon(seconds: float = 10) -> float:
    return time.monotonic() + seconds


def count_up(lock: Path, counter: Path, times: int) -> None:
    """Read, think, write: loses counts where two do it at once."""
    queue = WriterQueue(lock)
    threads = [threading.Thread(target=_count, args=(queue, counter, times)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _count(queue: WriterQueue, counter: Path, times: int) -> None:
    for _ in range(times):
        assert queue.enter(soon(30))
        number = int(counter.read_text())
        os.sched_yield()
        counter.write_text(str(number + 1))
        queue.leave()


def keep(lock: Path, entered, leave) -> None:
    queue = WriterQueue(lock)
    queue.enter(soon())
    entered.set()
    leave.wait(30)
    queue.leave()


def test_three_threads_in_each_of_two_processes_never_overlap(tmp_path: Path) -> None:
    lock, counter = tmp_path / "lock", tmp_path / "counter"
    counter.write_text("0")
    others = [spawn.Process(target=count_up, args=(lock, counter, 40)) for _ in range(2)]
    for process in others:
        process.start()
    count_up(lock, counter, 40)
    for process in others:
        process.join(60)
    assert counter.read_text() == str(3 * 3 * 40)


def test_threads_go_in_the_order_they_came(tmp_path: Path) -> None:
    queue = WriterQueue(tmp_path / "lock")
    order: list[int] = []
    assert queue.enter(soon())

    def go(number: int) -> None:
        assert queue.enter(soon())
        order.append(number)
        queue.leave()

    threads = [threading.Thread(target=go, args=(number,)) for number in range(10)]
    for number, thread in enumerate(threads):
        thread.start()
        while len(queue._waiting) <= number:
            time.sleep(0.001)
    queue.leave()
    for thread in threads:
        thread.join()
    assert order == list(range(10))


def test_who_gives_up_leaves_no_hole(tmp_path: Path) -> None:
    queue = WriterQueue(tmp_path / "lock")
    assert queue.enter(soon())
    began = time.monotonic()
    given_up = threading.Thread(target=lambda: queue.enter(soon(0.2)))
    given_up.start()
    given_up.join()
    assert 0.15 < time.monotonic() - began < 2
    queue.leave()
    assert queue.enter(soon())
    queue.leave()


def test_another_process_is_waited_for_and_given_up_in_time(tmp_path: Path) -> None:
    entered, leave = spawn.Event(), spawn.Event()
    other = spawn.Process(target=keep, args=(tmp_path / "lock", entered, leave))
    other.start()
    assert entered.wait(30)
    queue = WriterQueue(tmp_path / "lock")
    began = time.monotonic()
    assert not queue.enter(soon(0.3))
    assert time.monotonic() - began < 2
    leave.set()
    assert queue.enter(soon())
    queue.leave()
    other.join(10)


def test_a_killed_process_keeps_nobody_waiting(tmp_path: Path) -> None:
    entered, leave = spawn.Event(), spawn.Event()
    other = spawn.Process(target=keep, args=(tmp_path / "lock", entered, leave))
    other.start()
    assert entered.wait(30)
    assert other.pid is not None
    os.kill(other.pid, signal.SIGKILL)
    queue = WriterQueue(tmp_path / "lock")
    assert queue.enter(soon())
    queue.leave()
    other.join(10)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_forked_child_queues_for_itself(tmp_path: Path) -> None:
    queue = WriterQueue(tmp_path / "lock")
    assert queue.enter(soon())
    child = os.fork()
    if child == 0:
        os._exit(0 if not queue.enter(soon(0.2)) else 1)
    _, status = os.waitpid(child, 0)
    queue.leave()
    assert status == 0


def test_closed_it_leaves_no_thread_and_no_file_and_may_be_entered_anew(tmp_path: Path) -> None:
    queue, lock = WriterQueue(tmp_path / "lock"), str(tmp_path / "lock")
    before = set(threading.enumerate())
    others = [threading.Thread(target=_enter_and_leave, args=(queue,)) for _ in range(4)]
    assert queue.enter(soon())
    for thread in others:
        thread.start()
    queue.close()  # does nothing: they are in it
    queue.leave()
    for thread in others:
        thread.join(10)
    assert lock in opened()
    queue.close()
    queue.close()
    assert lock not in opened()
    assert set(threading.enumerate()) <= before
    assert queue.enter(soon())
    queue.leave()
    queue.close()


def _enter_and_leave(queue: WriterQueue) -> None:
    assert queue.enter(soon())
    queue.leave()


def opened() -> set[str]:
    """The files this process has open."""
    names = set()
    for each in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            names.add(str(each.readlink()))
    return names
