"""python -m simulator: start a phone company and its page."""

from __future__ import annotations

import argparse
import signal
import socket
import sys
import threading
from pathlib import Path

from simulator.clock import Clock
from simulator.company import Company
from simulator.dialect import DIALECTS, Account
from simulator.exchange import Exchange
from simulator.server import NotLoopback, Server


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    add = parser.add_argument
    add("--port", type=int, default=8100, help="0: any free port")
    add("--door", type=int, help="instead of a port: the number of an inherited listening socket")
    add("--host", default="127.0.0.1", help="this machine only, unless --allow-others")
    add("--allow-others", action="store_true", help="let other machines in; there is no password")
    add("--line", default="+85523900900", help="the number that callers dial")
    add("--more-lines", default="", help="further numbers of the hotline, comma separated")
    add("--webhooks", default="http://127.0.0.1:8000", help="base address of the hotline")
    add("--carrier-path", default="simulator", help="<carrier> in /calls/<carrier>/incoming")
    add("--dialect", choices=sorted(DIALECTS), default="twilio")
    add("--account-sid", required=True)
    add("--auth-token", required=True)
    add("--data", type=Path, help="folder for what survives a restart")
    add("--clock-file", type=Path, help="where the offset of the clock is written, in seconds")
    add("--desk-url", default="", help="address of the staff console, for a link")
    add("--prompts", type=Path, default=Path("audio/prompts.yaml"), help="texts for captions")
    add("--intercept-stop", choices=("off", "basic", "advanced"), default="off")
    return parser.parse_args(arguments)


def build(options: argparse.Namespace) -> tuple[Company, Server]:
    """A company with its demo phones, its port bound. NotLoopback, OSError."""
    account = Account(
        sid=options.account_sid,
        token=options.auth_token,
        line=options.line,
        webhooks=options.webhooks.rstrip("/"),
        carrier_path=options.carrier_path,
        dialect=DIALECTS[options.dialect],
        intercepts_stop=options.intercept_stop,
        more_lines=tuple(number for number in options.more_lines.split(",") if number),
    )
    exchange = Exchange(account, clock=Clock(options.clock_file), prompts=options.prompts)
    company = Company(exchange, options.data)
    company.show_demo_phones()
    company.load()
    server = Server(
        company,
        host=options.host,
        port=options.port,
        door=None if options.door is None else socket.socket(fileno=options.door),
        allows_others=options.allow_others,
        desk_url=options.desk_url,
    )
    return company, server


def main(arguments: list[str] | None = None) -> int:
    """Run until told to stop."""
    try:
        company, server = build(read_arguments(arguments))
    except (NotLoopback, OSError) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2
    told_to_stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told_to_stop.set())
    server.start()
    print(f"simulator: {server.address}/", flush=True)
    while not told_to_stop.wait(2.0):
        company.save()
    company.close()
    server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
