"""One launcher a folder; a demo never touches real data, and real work no demo's."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.data_folder import DataFolder, FolderTaken, NoDemoFolder
from launcher.demo import demo_settings
from launcher.preparing import NotReady
from launcher.production import refuse_demo_secrets


def test_a_second_launcher_is_told_where_the_first_one_answers(tmp_path: Path) -> None:
    first = DataFolder(tmp_path)
    first.take()
    first.say_where("http://127.0.0.1:8100/")
    with pytest.raises(FolderTaken, match="http://127.0.0.1:8100/"):
        DataFolder(tmp_path).take()
    first.leave()
    second = DataFolder(tmp_path)
    second.take()
    second.leave()


def test_the_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert DataFolder(tmp_path / "data").path.stat().st_mode & 0o777 == 0o700


def test_a_demo_keeps_its_secrets_over_restarts(tmp_path: Path) -> None:
    secrets = DataFolder(tmp_path).demo_secrets()
    assert DataFolder(tmp_path).demo_secrets() == secrets
    assert (tmp_path / "demo-secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_demo_keeps_away_from_real_data(tmp_path: Path) -> None:
    (tmp_path / "hotline.db").write_text("real")
    with pytest.raises(NoDemoFolder, match="no demo made"):
        DataFolder(tmp_path).demo_secrets()
    with pytest.raises(NoDemoFolder, match="nothing was removed"):
        DataFolder(tmp_path).empty()
    assert (tmp_path / "hotline.db").read_text() == "real"


def test_a_reset_empties_a_demo(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.demo_secrets()
    folder.take()
    (tmp_path / "hotline.db").write_text("made up")
    (tmp_path / "redis").mkdir()
    folder.empty()
    assert [path.name for path in tmp_path.iterdir()] == ["launcher.lock"]
    folder.leave()


def test_a_demo_takes_no_hotline_setting_from_outside(tmp_path: Path) -> None:
    secrets = DataFolder(tmp_path).demo_secrets()
    outside = {"HOTLINE_CARRIER": "twilio", "HOTLINE_NUMBER": "+1", "PATH": "/bin"}
    settings = demo_settings(tmp_path, secrets, 8001, 8101, outside)
    assert settings["HOTLINE_CARRIER"] == "simulator"
    assert settings["PATH"] == "/bin"
    assert settings["PUBLIC_BASE_URL"] == "http://127.0.0.1:8001"
    assert settings["DATABASE_URL"] == f"sqlite:///{tmp_path}/hotline.db"


def test_real_work_refuses_everything_a_demo_made(tmp_path: Path) -> None:
    demo = DataFolder(tmp_path / "demo")
    secrets = demo.demo_secrets()
    environment = {
        "HOTLINE_SECRET_KEY": secrets.secret_key,
        "SIMULATOR_AUTH_TOKEN": secrets.auth_token,
        "HOTLINE_KEYS": str(demo.path / "keys"),
    }
    with pytest.raises(NotReady) as caught:
        refuse_demo_secrets(demo, environment)
    for name in ("HOTLINE_DATA", "HOTLINE_SECRET_KEY", "SIMULATOR_AUTH_TOKEN", "HOTLINE_KEYS"):
        assert name in str(caught.value)
    assert secrets.secret_key not in str(caught.value)


def test_real_work_with_its_own_secrets_may_begin(tmp_path: Path) -> None:
    own = {"HOTLINE_SECRET_KEY": "x" * 40, "HOTLINE_KEYS": str(tmp_path / "keys")}
    before = dict(own)
    refuse_demo_secrets(DataFolder(tmp_path / "data"), own)
    assert own == before
