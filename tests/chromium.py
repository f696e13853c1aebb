"""Find a Chromium for the browser tests; `python3 tests/chromium.py` installs one where it may."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
_APT = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]


def find_chromium() -> str | None:
    """The program, from CHROMIUM, the PATH, or what playwright has downloaded."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    if _MAC.exists():
        return str(_MAC)
    downloads = Path.home() / ".cache" / "ms-playwright"
    return next((str(path) for path in sorted(downloads.glob("chromium-*/chrome-*/chrome"))), None)


def main() -> int:
    if find_chromium() or (_install() and find_chromium()):
        return 0
    print("the browser tests need a Chromium; type one of")
    print("    sudo apt-get install chromium")
    print("    .venv/bin/python -m playwright install --with-deps chromium")
    return 1


def _install() -> bool:
    if not shutil.which("apt-get"):
        return False
    may = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if may and not shutil.which("sudo"):
        return False
    print("installing Chromium for the browser tests", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return any(
        subprocess.run([*may, *command], env=environment, stdin=subprocess.DEVNULL).returncode == 0
        for command in (_APT, ["sh", "-c", "apt-get update -q && " + " ".join(_APT)])
    )


if __name__ == "__main__":
    sys.exit(main())
