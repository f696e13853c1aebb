"""Who was started from this data folder, so that the next start can end what was left behind."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from launcher.program import ask_to_stop, is_alive

_PATIENCE = 5.0


class Leftovers:
    """A file of process numbers and their birth: a number alone may belong to a stranger by now."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def remember(self, pids: list[int]) -> None:
        born = [{"pid": str(pid), "born": birth(pid)} for pid in pids]
        beside = self._path.with_name(self._path.name + ".new")
        beside.write_text(json.dumps(born))
        beside.replace(self._path)

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)

    def stop_all(self) -> int:
        """End every process of the last start that still lives; how many there were."""
        stopped = 0
        for entry in self._read():
            pid, born = int(entry["pid"]), entry["born"]
            if born and is_alive(pid) and birth(pid) == born:
                ask_to_stop(pid, _PATIENCE)
                stopped += 1
        self.forget()
        return stopped

    def _read(self) -> list[dict[str, str]]:
        try:
            return list(json.loads(self._path.read_text()))
        except (FileNotFoundError, ValueError):
            return []


def birth(pid: int) -> str:
    """When this process was born, in the system's own words; empty if it is not there."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return _birth_by_ps(pid)
    return stat.rpartition(")")[2].split()[19]


def _birth_by_ps(pid: int) -> str:
    if Path("/proc/self").exists():
        return ""
    found = subprocess.run(
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.strip()
