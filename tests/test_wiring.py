"""What the parts are wired to: a running program keeps up with its key ring."""

from __future__ import annotations

from pathlib import Path

from hotline.key_ring import add_sealing_key, make_key_ring
from hotline.settings import load_settings
from hotline.vault import open_vault
from hotline.wiring import wire


def test_a_running_hotline_opens_what_a_new_key_sealed(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    make_key_ring(keys)
    hotline = wire(load_settings(_environment(tmp_path, keys), env_file=None))
    add_sealing_key(keys)
    sealed = open_vault(keys).encrypt(b"+85512345678", "caller.number")
    assert hotline.vault.decrypt(sealed, "caller.number") == b"+85512345678"
    assert hotline.vault.is_fresh(hotline.vault.encrypt(b"more", "caller.number"))


def _environment(tmp_path: Path, keys: Path) -> dict[str, str]:
    return {
        "HOTLINE_CARRIER": "twilio",
        "HOTLINE_NUMBER": "+85523900900",
        "HOTLINE_DATA": str(tmp_path / "data"),
        "HOTLINE_KEYS": str(keys),
        "HOTLINE_SECRET_KEY": "k" * 40,
        "HOTLINE_ALLOW_SCRATCH": "1",
        "PUBLIC_BASE_URL": "https://line.example.org",
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "t",
    }
