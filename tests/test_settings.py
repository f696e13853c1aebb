"""Settings: the start stops once, with every fault named."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.settings import CarrierAccount, Settings, SettingsFaults, load_settings

ENOUGH = {
    "HOTLINE_CARRIER": "twilio",
    "HOTLINE_NUMBER": "+85523900900",
    "HOTLINE_KEYS": "/secret/keys",
    "HOTLINE_SECRET_KEY": "s" * 40,
    "PUBLIC_BASE_URL": "https://line.example.org/",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "t0ken",
}


def load(**changes: str) -> Settings:
    return load_settings({**ENOUGH, **changes}, env_file=None)


def faults(**changes: str) -> tuple[str, ...]:
    with pytest.raises(SettingsFaults) as caught:
        load(**changes)
    return caught.value.faults


def test_enough_is_enough_and_the_rest_has_good_defaults() -> None:
    settings = load()
    assert settings.carriers == ("twilio",)
    assert settings.accounts == {"twilio": CarrierAccount("AC1", "t0ken", None)}
    assert settings.public_base_url == "https://line.example.org"
    assert settings.data == Path("data").absolute()
    assert settings.database_url == f"sqlite:///{settings.data}/hotline.db"
    assert settings.redis_url == f"unix://{settings.data}/redis.sock"
    assert settings.allow_scratch is False
    assert settings.sweep_seconds == 15
    assert settings.clock_file is None


def test_nothing_set_names_everything_that_is_missing_at_once() -> None:
    with pytest.raises(SettingsFaults) as caught:
        load_settings({}, env_file=None)
    missing = [fault.split()[0] for fault in caught.value.faults]
    assert missing == [
        "HOTLINE_CARRIER",
        "HOTLINE_NUMBER",
        "PUBLIC_BASE_URL",
        "HOTLINE_KEYS",
        "HOTLINE_SECRET_KEY",
    ]
    assert all(fault in str(caught.value) for fault in caught.value.faults)


def test_an_unknown_name_is_refused_with_the_nearest_known_one() -> None:
    assert faults(HOTLINE_CARIER="twilio") == (
        "HOTLINE_CARIER is not a setting of the hotline; did you mean HOTLINE_CARRIER?",
    )


def test_other_programs_names_are_left_alone() -> None:
    assert load(PATH="/bin", TWILIO_SOMETHING="x").number == "+85523900900"


def test_an_empty_value_counts_as_not_set() -> None:
    assert load(HOTLINE_DATA="", REDIS_URL="  ").data == Path("data").absolute()


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("HOTLINE_CARRIER", "nokia", "twilio, somleng, simulator"),
        ("HOTLINE_CARRIER", "twilio,twilio", "each carrier once"),
        ("HOTLINE_CARRIER", ",", "each carrier once"),
        ("HOTLINE_NUMBER", "012 345 678", "+85523900900"),
        ("HOTLINE_ALLOW_SCRATCH", "true", "1 (yes) or 0 (no)"),
        ("HOTLINE_SECRET_KEY", "short", "32 or more"),
        ("HOTLINE_SWEEP_SECONDS", "soon", "between 0.1 and 3600"),
        ("HOTLINE_SWEEP_SECONDS", "0", "between 0.1 and 3600"),
        ("HOTLINE_SWEEP_SECONDS", "nan", "between 0.1 and 3600"),
        ("PUBLIC_BASE_URL", "line.example.org", "https://host"),
        ("PUBLIC_BASE_URL", "https://line.example.org/?a=1", "https://host"),
        ("DATABASE_URL", "mysql://x", "sqlite:/// or postgresql://"),
        ("REDIS_URL", "localhost:6379", "redis://"),
        ("TWILIO_API_URL", "ftp://x", "https://host"),
        ("TWILIO_NUMBER", "012 345 678", "+85523900900"),
        ("TWILIO_TEXTS", "both", "two-way, one-way or none"),
        ("HOTLINE_CLOCK_FILE", "/tmp/clock", "simulator only"),
        ("HOTLINE_REHEARSAL", "wednesday", "such as wed 10:00, or off"),
        ("HOTLINE_MORNING_TEXT", "7 o'clock", "a time like 07:30, or off"),
    ],
)
def test_a_bad_value_is_named_with_what_would_be_right(name: str, value: str, right: str) -> None:
    (fault,) = faults(**{name: value})
    assert fault.startswith(name)
    assert right in fault


def test_all_faults_are_named_at_once() -> None:
    found = faults(HOTLINE_NUMBER="x", HOTLINE_NONSENSE="1", REDIS_URL="x", HOTLINE_CARRIER="x")
    assert len(found) == 4


def test_a_named_carrier_needs_its_account() -> None:
    assert [fault.split()[0] for fault in faults(HOTLINE_CARRIER="twilio,somleng,simulator")] == [
        "SOMLENG_ACCOUNT_SID",
        "SOMLENG_AUTH_TOKEN",
        "SIMULATOR_ACCOUNT_SID",
        "SIMULATOR_AUTH_TOKEN",
        "SIMULATOR_API_URL",
    ]


def test_carriers_keep_their_order_of_preference() -> None:
    settings = load(
        HOTLINE_CARRIER="somleng, twilio",
        SOMLENG_ACCOUNT_SID="S1",
        SOMLENG_AUTH_TOKEN="x",
        SOMLENG_API_URL="https://api.example.org/",
    )
    assert settings.carriers == ("somleng", "twilio")
    assert settings.accounts["somleng"].api_url == "https://api.example.org"


def test_a_carrier_may_have_a_number_of_its_own_and_texts_that_nobody_can_answer() -> None:
    account = load(TWILIO_NUMBER="+12025550100", TWILIO_TEXTS="one-way").accounts["twilio"]
    assert (account.number, account.texts) == ("+12025550100", "one-way")
    plain = load().accounts["twilio"]
    assert (plain.number, plain.texts) == (None, "two-way")


def test_the_simulator_may_have_a_clock_that_can_be_moved() -> None:
    settings = load(
        HOTLINE_CARRIER="simulator",
        SIMULATOR_ACCOUNT_SID="S1",
        SIMULATOR_AUTH_TOKEN="x",
        SIMULATOR_API_URL="http://127.0.0.1:8100",
        HOTLINE_CLOCK_FILE="/tmp/clock",
    )
    assert settings.clock_file == Path("/tmp/clock")


def test_no_secret_shows_when_settings_are_printed() -> None:
    shown = repr(load(DATABASE_URL="postgresql://u:pw@h/d", REDIS_URL="redis://:pw@h"))
    assert "t0ken" not in shown
    assert "s" * 40 not in shown
    assert "pw" not in shown


def test_no_secret_shows_in_a_fault() -> None:
    found = faults(HOTLINE_SECRET_KEY="hunter2", DATABASE_URL="bad:pw", REDIS_URL="bad:pw")
    assert "hunter2" not in str(found)
    assert "pw" not in str(found)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# a comment\nHOTLINE_NUMBER=1280\nHOTLINE_ALLOW_SCRATCH='1'\n")
    settings = load_settings(ENOUGH, env_file=file)
    assert settings.number == "+85523900900"
    assert settings.allow_scratch is True
    without = {name: value for name, value in ENOUGH.items() if name != "HOTLINE_NUMBER"}
    assert load_settings(without, env_file=file).number == "1280"


def test_settings_cannot_be_changed() -> None:
    settings = load()
    with pytest.raises(AttributeError):
        settings.number = "117"  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.accounts["x"] = settings.accounts["twilio"]  # type: ignore[index]


def test_numbers_for_missed_calls_and_the_hours_in_which_nobody_is_rung_back() -> None:
    settings = load(HOTLINE_MISSED_CALL_NUMBERS="+85523900901, 1294,")
    assert settings.missed_call_numbers == ("+85523900901", "1294")
    assert (load().missed_call_numbers, load().quiet_hours) == ((), "21:00-07:00")
    wrong = faults(HOTLINE_MISSED_CALL_NUMBERS="me", HOTLINE_QUIET_HOURS="9 to 5")
    assert len(wrong) == 2


def test_the_line_is_rehearsed_on_wednesdays_but_never_beside_the_simulator() -> None:
    assert load().rehearsal == "wed 10:00"
    assert load(HOTLINE_REHEARSAL="Fri 8:30").rehearsal == "fri 8:30"
    assert load(HOTLINE_REHEARSAL="off").rehearsal == "off"
    demo = {"HOTLINE_CARRIER": "simulator", "SIMULATOR_ACCOUNT_SID": "AC1"}
    demo |= {"SIMULATOR_AUTH_TOKEN": "t", "SIMULATOR_API_URL": "http://127.0.0.1:8100"}
    assert load(**demo).rehearsal == "off"


def test_a_second_factor_is_required_unless_it_is_a_demo() -> None:
    assert load().second_factor == "required"
    assert load(HOTLINE_SECOND_FACTOR="offered").second_factor == "offered"
    demo = {f"SIMULATOR_{name}": "x" for name in ("ACCOUNT_SID", "AUTH_TOKEN")}
    demo["SIMULATOR_API_URL"] = "http://127.0.0.1:8100"
    assert load(HOTLINE_CARRIER="simulator", **demo).second_factor == "offered"
    assert load(HOTLINE_CARRIER="simulator,twilio", **demo).second_factor == "required"
    both = load(HOTLINE_CARRIER="simulator,twilio", **demo)
    assert both.is_demo is False
    assert (both.rehearsal, both.morning_text) == ("wed 10:00", "07:30")


def test_the_door_of_the_desk() -> None:
    settings = load(HOTLINE_DESK_IDLE_MINUTES="15", HOTLINE_PROXIES="1")
    assert (settings.desk_idle_minutes, settings.proxies) == (15, 1)
    assert (load().desk_idle_minutes, load().proxies) == (60, 0)


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("HOTLINE_SECOND_FACTOR", "no", "required or offered"),
        ("HOTLINE_DESK_IDLE_MINUTES", "61", "from 5 to 60"),
        ("HOTLINE_DESK_IDLE_MINUTES", "4", "from 5 to 60"),
        ("HOTLINE_DESK_IDLE_MINUTES", "១៥", "from 5 to 60"),
        ("HOTLINE_PROXIES", "-1", "from 0 to 5"),
        ("HOTLINE_PROXIES", "many", "from 0 to 5"),
    ],
)
def test_the_door_is_set_wrongly(name: str, value: str, right: str) -> None:
    assert [fault for fault in faults(**{name: value}) if fault.startswith(name) and right in fault]


def test_supervisors_get_their_morning_text_but_not_in_a_demo() -> None:
    assert load().morning_text == "07:30"
    assert load(HOTLINE_MORNING_TEXT="06:45").morning_text == "06:45"
    assert load(HOTLINE_MORNING_TEXT="off").morning_text == "off"
