"""Make `.venv` hold what the requirement files pin; instant when it does already.

Run by any Python 3.11 or newer before anything is installed: `python3 launcher/venv.py [--dev]`.
Standard library only, and nothing of this project imported.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
RUN, DEV, UV = "requirements.txt", "requirements-dev.txt", "requirements-uv.txt"
_OLDEST = (3, 11)


def main(arguments: list[str]) -> int:
    if sys.version_info < _OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        print(f"Python 3.11 or newer is needed, this is {found}; try `make PYTHON=python3.12 …`")
        return 1
    wanted = DEV if "--dev" in arguments else RUN
    if _holds(wanted):
        return 0
    print(f"setting up .venv from {wanted}", flush=True)
    if not _has_venv() or not _install(wanted):
        return 1
    _note(wanted)
    return 0


def _holds(wanted: str) -> bool:
    return PYTHON.exists() and _stamp().get(wanted) == _mark(wanted)


def _has_venv() -> bool:
    if PYTHON.exists() and _runs([str(PYTHON), "-m", "pip", "--version"], quiet=True):
        return True
    if _runs([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        return True
    print("this Python cannot make a virtual environment; on Debian: apt-get install python3-venv")
    return False


def _install(wanted: str) -> bool:
    """By uv where it can be had, it takes a tenth of the time; by pip otherwise."""
    pinned = ["--require-hashes", "-r", str(ROOT / wanted)]
    uv = _uv()
    if uv and _runs([*uv, "pip", "install", "-q", "--python", str(PYTHON), *pinned]):
        return True
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    if _runs([*pip, *pinned]):
        return True
    print(f"installing {wanted} failed; is a package index within reach?")
    return False


def _uv() -> list[str] | None:
    found = shutil.which("uv")
    if found and _runs([found, "--version"], quiet=True):
        return [found]
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    if _runs([*pip, "--require-hashes", "-r", str(ROOT / UV)], quiet=True):
        return [str(PYTHON), "-m", "uv"]
    return None


def _runs(command: list[str], *, quiet: bool = False) -> bool:
    out = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


def _mark(wanted: str) -> str:
    content = (ROOT / wanted).read_bytes()
    return hashlib.sha256(content).hexdigest()


def _stamp() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def _note(wanted: str) -> None:
    # The development set holds everything the other one does.
    held = {RUN, DEV} if wanted == DEV else {RUN}
    STAMP.write_text(json.dumps({name: _mark(name) for name in sorted(held)}) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
