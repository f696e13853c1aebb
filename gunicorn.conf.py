"""What `gunicorn wsgi:app` does unless told otherwise on its command line."""

from __future__ import annotations

from typing import Any

from hotline.doorbell import get_ready_to_ring

worker_class = "gthread"
threads = 4  # short turns under one interpreter lock gain nothing from more, and wait longer
limit_request_line = 4094  # what is longer is no page of ours
limit_request_fields = 60
limit_request_field_size = 8190
keepalive = 30  # carriers send turn after turn over one connection
graceful_timeout = 10
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Each worker, before its first caller: after the fork, so that its thread is its own."""
    get_ready_to_ring()
    worker.wsgi.extensions["watchman"].start()
