"""The environment the programs get: the process's own, over `.env`, under what a target decides."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent.parent
CITY = "Asia/Phnom_Penh"


def given(env_file: Path | None = ROOT / ".env") -> dict[str, str]:
    """What the operator set; an empty value counts as not set."""
    lines = dotenv_values(env_file, interpolate=False) if env_file else {}
    both = {**{k: v for k, v in lines.items() if v}, **os.environ}
    return {name: value for name, value in both.items() if value.strip()}


def data_path(environment: dict[str, str]) -> Path:
    return (ROOT / environment.get("HOTLINE_DATA", "data")).resolve()
