"""Counting: over processes and threads, across restarts, and in words Prometheus reads."""

from __future__ import annotations

import os
import threading
from collections import Counter

from prometheus_client.parser import text_string_to_metric_families

from hotline.web.metrics import Counters, write_metrics

TURNS = "hotline_turns_total"


def turns(counters):
    return counters.totals().get((TURNS, (("carrier", "twilio"),)), 0)


def test_nothing_was_counted_yet(tmp_path):
    assert Counters(tmp_path / "counts").totals() == {}


def test_threads_do_not_lose_a_count(tmp_path):
    counters = Counters(tmp_path)

    def count():
        for _ in range(500):
            counters.count(TURNS, carrier="twilio")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert turns(counters) == 2000


def in_a_process(work):
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def test_every_process_counts_and_any_can_tell_the_sum(tmp_path):
    counters = Counters(tmp_path)
    counters.count(TURNS, carrier="twilio")
    for _ in range(3):
        in_a_process(lambda: counters.count(TURNS, carrier="twilio"))
    assert turns(counters) == 4


def test_what_ended_processes_counted_is_kept_in_one_file(tmp_path):
    for _ in range(5):
        in_a_process(lambda: Counters(tmp_path).count(TURNS, carrier="twilio"))
    newcomer = Counters(tmp_path)
    newcomer.count(TURNS, carrier="twilio")
    assert turns(newcomer) == 6
    assert len(list(tmp_path.glob("*.counts"))) == 2


def test_a_full_file_drops_new_names_and_keeps_the_old(tmp_path):
    counters = Counters(tmp_path)
    for n in range(300):
        counters.count(TURNS, carrier=str(n))
    counters.count(TURNS, carrier="0")
    totals = counters.totals()
    assert len(totals) == 256
    assert totals[TURNS, (("carrier", "0"),)] == 2


def test_where_nothing_can_be_written_counting_goes_on_unseen(tmp_path):
    (tmp_path / "counts").write_text("a file where the folder should be")
    counters = Counters(tmp_path / "counts")
    counters.count(TURNS, carrier="twilio")
    assert counters.totals() == {}


def test_prometheus_can_read_it():
    totals = Counter({(TURNS, (("carrier", "twilio"),)): 3})
    gauges = {"hotline_open_cases": {'{priority="P1"}': 2.0}, "hotline_database_up": {"": 1.0}}
    samples = {
        (sample.name, tuple(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(write_metrics(totals, gauges))
        for sample in family.samples
    }
    assert samples[TURNS, (("carrier", "twilio"),)] == 3
    assert samples["hotline_open_cases", (("priority", "P1"),)] == 2
    assert samples["hotline_database_up", ()] == 1
