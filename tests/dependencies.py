"""Ask the advisory service after every package the hotline runs on: `make audit`.

pip-audit says "no known vulnerabilities found", with exit code 0, also where it looked nothing up.
So its report is counted here, and what was not looked up is never called audited.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".venv" / "audit"
AUDITED, VULNERABLE, NOT_AUDITED = 0, 1, 3


def verdict(report: dict[str, Any]) -> tuple[int, str]:
    """What a report of pip-audit says, as an exit code and in words."""
    packages = report.get("dependencies", [])
    known = [p for p in packages if p.get("vulns")]
    skipped = [p["name"] for p in packages if "skip_reason" in p]
    if known:
        found = "".join(
            f"\n  {p['name']} {p['version']}: {', '.join(v['id'] for v in p['vulns'])}"
            for p in known
        )
        return VULNERABLE, f"KNOWN FAULTS in {len(known)} packages:{found}"
    if skipped or not packages:
        return NOT_AUDITED, f"NOT AUDITED: nothing could be looked up of {_which(skipped)}"
    return AUDITED, f"audited: no known fault in {len(packages)} packages"


def _which(skipped: list[str]) -> str:
    return f"{len(skipped)} packages, {skipped[0]} for one" if skipped else "any package"


def look_up() -> dict[str, Any]:
    """The report; empty where pip-audit itself could not be had or did not answer."""
    python = TOOLS / "bin" / "python"
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
        install = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r"]
        subprocess.run(
            [python, *install, str(ROOT / "requirements-audit.txt")],
            check=True,
            timeout=300,
            capture_output=True,
        )
        options = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner"]
        done = subprocess.run(
            [python, "-m", "pip_audit", *options, "off", "-r", str(ROOT / "requirements.txt")],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        report: dict[str, Any] = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return {}
    return report


def main(arguments: list[str]) -> int:
    """`--if-reachable`: where nothing can be looked up, say so loudly and go on."""
    code, words = verdict(look_up())
    frame = "*" * 72
    sys.stdout.write(f"{words}\n" if code == AUDITED else f"{frame}\n{words}\n{frame}\n")
    return 0 if code == NOT_AUDITED and "--if-reachable" in arguments else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
