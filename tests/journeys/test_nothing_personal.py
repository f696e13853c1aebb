"""After a whole run nothing personal lies anywhere: no number, no name, no word, no voice.

The simulator's own folder is left out: it is the phone company, which knows who rang. That the
search can find anything is proven on that folder, and on copies in which something was planted.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import wave
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis
import requests

from hotline.demo import PASSPHRASE
from tests.journeys.phones_over_http import Phones, eventually
from tests.journeys.searching import Secret, number, search, sound, words
from tests.launcher.test_demo import ROOT, Demo
from tests.stories.line import BOPHA, DARA, SOPHEA
from tests.web.desk.desk import TOKEN

MOTHER, SPEAKER, CHILD, STRANGER = "+85577345612", "+85569812377", "+85592468135", "+85561572938"
KEYED = "0887654321"
NAMES = ("Sokhaphak Chanthoeurn", "សុភ័ក្រ ចាន់ធឿន", "Sreyneang Kimhoung", "ស្រីនាង គឹមហួង")
WRITTEN = {
    "a cry for help": "ជួយផង",
    "words in Khmer": "ខ្ញុំឈ្មោះ ស្រីនាង គឹមហួង នៅភូមិប្រាសាទថ្មី ជិតវត្តពោធិ៍",
    "words in Latin": "khnhom chhmuos Sreyneang Kimhoung phteah nov Prasatthmey",
    "a number in a text": "092 468 135 tel mk 092-468-135 rir +855 92 468 135",
    "words of a stranger": "blorptang Sokhaphak qwrmzz Chanthoeurn",
    "a note": "ម្តាយឈ្មោះ សុភ័ក្រ ចាន់ធឿន រស់នៅក្បែរ Wattpothivoan",
    "a note on a call": "Talked with Sokhaphak, ring again at 088 765 4321 after Pchumbenday",
    "a last note": "Reunited at Banteaychhmar, told Chanthoeurn",
    "a passphrase in the wrong field": "correct-horse-Kampongchhnang",
    "a text of staff": "sahav Dara tov phteah Sokhaphak",
}


def a_voice() -> bytes:
    """Three seconds that are like nothing else."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(random.Random(117).randbytes(48_000))
    return made.getvalue()


VOICE = a_voice()
SECRETS: tuple[Secret, ...] = (
    number("the mother's number", MOTHER),
    number("the speaker's number", SPEAKER),
    number("the child's number", CHILD),
    number("the stranger's number", STRANGER),
    number("the keyed number", "+855" + KEYED[1:]),
    *(number(f"the number of staff {phone[-1]}", phone) for phone in (DARA, SOPHEA, BOPHA)),
    *(words(f"the name {name}", name) for name in NAMES),
    *(words(name, text) for name, text in WRITTEN.items()),
    sound("the voice message", VOICE),
)


class Listener:
    """Hears every command that reaches Redis, however short-lived what it wrote."""

    def __init__(self, where: str) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(where)
        self._line.sendall(b"MONITOR\r\n")
        self._pieces: list[bytes] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while piece := self._line.recv(65536):
            self._pieces.append(piece)

    def heard(self) -> dict[str, bytes]:
        raw = b"".join(self._pieces)
        meant = raw.decode("unicode_escape", "replace").encode("latin-1", "replace")
        return {"the commands to Redis": raw, "the commands to Redis, unescaped": meant}

    def close(self) -> None:
        self._line.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._line.close()


@dataclass
class Run:
    """A demo that was used, and where its traces may be."""

    demo: Demo
    phones: Phones
    listener: Listener
    sources: dict[str, bytes] = field(default_factory=dict)
    voice: bytes = b""  # as staff hear it: that is how it is kept, but for the seal

    @property
    def secrets(self) -> tuple[Secret, ...]:
        return (*SECRETS, sound("the voice message as it is kept", self.voice))

    @property
    def folder(self) -> Path:
        return self.demo.folder

    def setting(self, name: str) -> str:
        found = re.search(rf"^{name}=(.*)$", (self.folder / "demo.env").read_text(), re.MULTILINE)
        assert found
        return found[1]

    def ask(self, path: str) -> bytes:
        return requests.get(f"http://{self.demo.desk()}{path}", timeout=5).content


@pytest.fixture(scope="module")
def run(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    env = (demo.folder / "demo.env").read_text()
    where = re.search(r"^REDIS_URL=unix://(.*)$", env, re.MULTILINE)
    assert where
    run = Run(demo, Phones(f"http://{demo.phones()}"), Listener(where[1]))
    try:
        people_use_the_line(run)
        run.sources |= traces_while_running(run)
        run.listener.close()
        copy = tmp_path_factory.mktemp("traces")
        shutil.copytree(demo.folder, copy / "running", ignore=shutil.ignore_patterns("*.sock"))
        assert demo.stop(signal.SIGINT) == 0
        shutil.copytree(demo.folder, copy / "stopped", ignore=shutil.ignore_patterns("*.sock"))
        run.sources |= files_under(copy)
        run.sources["what the launcher said"] = demo.said().encode()
        yield run
    finally:
        demo.end()


# ---------------------------------------------------------------- what people do


def people_use_the_line(run: Run) -> None:
    phones = run.phones
    dara = phones.phone(DARA)
    phones.phone(SOPHEA)
    a_mother_calls(run)
    dara.receives(1)
    somebody_leaves_a_voice_message(run)
    dara.receives(2)
    a_child_texts(run)
    a_stranger_texts(run)
    dara.texts(WRITTEN["a text of staff"])
    dara.texts("1")
    dara.receives(5)
    the_world_is_unkind(run)
    dara_works_at_the_desk(run)
    run.phones.post("clock", seconds=600)
    eventually(lambda: len(phones.phone(SOPHEA).received()) >= 1, "a page to Sophea")


def a_mother_calls(run: Run) -> None:
    mother = run.phones.phone("077 345 612", NAMES[0])
    mother.dials()
    mother.presses("1", hearing="V_WELCOME")
    mother.presses("1", hearing="V_FIRST_FACT")
    mother.presses("1", hearing="V_URGENT_MENU")
    mother.presses("1", hearing="V_MISSING_1")
    mother.presses("1", hearing="V_CB_CONSENT")
    mother.presses("2", hearing="V_CB_NUMBER_CHOICE")
    mother.presses(KEYED, hearing="V_CB_ENTER_NUMBER")
    mother.presses("1", hearing="V_CB_CONFIRM_PRE")
    mother.presses("1", hearing="V_CB_WHO_ANSWERS")
    mother.hangs_up()


def somebody_leaves_a_voice_message(run: Run) -> None:
    speaker = run.phones.phone("855 69 812 377", NAMES[1])
    speaker.dials()
    speaker.presses("1", hearing="V_WELCOME")
    speaker.presses("4", hearing="V_FIRST_FACT")
    speaker.presses("3", hearing="V_HELP_MENU")
    speaker.speaks(VOICE, hearing="V_RECORD_PROMPT")
    speaker.presses("1", hearing="V_RECORD_REVIEW")
    speaker.hangs_up()
    recordings = run.folder / "recordings"
    eventually(lambda: any(file.is_file() for file in recordings.rglob("*")), "the voice message")


def a_child_texts(run: Run) -> None:
    child = run.phones.phone("+855 92-468-135", NAMES[3])
    for place, name in enumerate(("a cry for help", "words in Khmer"), start=1):
        child.texts(WRITTEN[name])
        child.receives(place)
    for name in ("words in Latin", "a number in a text"):
        child.texts(WRITTEN[name])


def a_stranger_texts(run: Run) -> None:
    """Twice delivered, and the answer refused by the carrier, which says why and to whom."""
    run.phones.post("faults", kind="duplicate", place="text")
    run.phones.post("faults", kind="refuse", place="messages", code="21211")
    stranger = run.phones.phone(STRANGER)
    stranger.texts(WRITTEN["words of a stranger"])
    eventually(lambda: b"refuse" not in faults_armed(run), "the refused answer")


def faults_armed(run: Run) -> bytes:
    return json.dumps(run.phones.state()["faults"]).encode()


def the_world_is_unkind(run: Run) -> None:
    """Wrong signatures, other paths, too much, nonsense: each carries somebody's number or words."""
    run.phones.post("faults", kind="bad_signature", place="text")
    run.phones.phone(STRANGER).texts(WRITTEN["words of a stranger"])
    base = f"http://{run.demo.desk()}"
    said = {"From": MOTHER, "Body": WRITTEN["words in Latin"], "CallSid": "CA1"}
    for path in ("/calls/simulator/incoming", "/calls/nobody/turn", "/texts/simulator/incoming"):
        requests.get(base + path, said, timeout=5)
        requests.post(base + path, said, params=said, timeout=5)
        requests.post(base + path, said, headers={"X-Twilio-Signature": "no"}, timeout=5)
        requests.post(base + path, json=said, headers={"X-Twilio-Signature": "no"}, timeout=5)
        requests.post(base + path, {"Body": NAMES[0] * 4000}, timeout=5)
    for path in (f"/audio/km/{MOTHER}.mp3", f"/desk/cases/{MOTHER}", f"/{NAMES[2]}?{MOTHER}"):
        requests.get(base + path, timeout=5)


def dara_works_at_the_desk(run: Run) -> None:
    base = f"http://{run.demo.desk()}/desk"
    with requests.Session() as visitor:

        def sends(path: str, seen_at: str, **fields: str) -> str:
            token = TOKEN.search(visitor.get(base + seen_at, timeout=10).text)
            assert token, seen_at
            answer = visitor.post(base + path, {"form_token": token[1], **fields}, timeout=10)
            return answer.text

        sends(
            "/sign-in", "/sign-in", name=WRITTEN["a passphrase in the wrong field"], passphrase=""
        )
        sends("/sign-in", "/sign-in", name=NAMES[0], passphrase=NAMES[1])
        assert "Dara" in sends("/sign-in", "/sign-in", name="Dara", passphrase=PASSPHRASE)
        by_kind = {case["kind"]: case["ref"] for case in cases_listed(run)}
        mine = f"/cases/{by_kind['missing_child']}"
        assert KEYED[1:] in sends(f"{mine}/number", mine)
        sends(f"{mine}/notes", mine, note=WRITTEN["a note"])
        sends(f"{mine}/attempts", mine, outcome="reached", note=WRITTEN["a note on a call"])
        page = visitor.get(base + mine, timeout=10).text
        assert NAMES[1].split()[0] in page
        version = re.search(r'name="version" value="(\d+)"', page)
        assert version
        end = {"outcome": "helped", "version": version[1], "note": WRITTEN["a last note"]}
        assert "Banteaychhmar" in sends(f"{mine}/close", mine, **end)
        voice = f"/cases/{by_kind['voice_message']}"
        sends(f"{voice}/claim", voice)
        answer = visitor.get(f"{base}{voice}/voice/1", timeout=10)
        assert answer.ok
        run.voice = answer.content


def cases_listed(run: Run) -> list[dict[str, str]]:
    return json.loads(flask(run, "list-cases", "--json"))


# ---------------------------------------------------------------- where traces may be


def traces_while_running(run: Run) -> dict[str, bytes]:
    found = {f"the answer of {path}": run.ask(path) for path in ("/metrics", "/readyz", "/healthz")}
    found |= run.listener.heard() | everything_in_redis(run) | every_row(run.folder)
    for command in (["list-outbox"], ["list-cases"], ["list-cases", "--closed"]):
        found[f"flask {' '.join(command)}"] = flask(run, *command, "--json")
    log = run.phones.state()["log"]
    found["the addresses the carrier asked"] = "\n".join(entry["url"] for entry in log).encode()
    texts = [text for who in (DARA, SOPHEA) for text in run.phones.phone(who).received()]
    found["the texts to staff"] = "\n".join(texts).encode()
    assert run.demo.process is not None
    for pid in family_of(run.demo.process.pid):
        found[f"the command line of {pid}"] = Path(f"/proc/{pid}/cmdline").read_bytes()
        found[f"the environment of {pid}"] = Path(f"/proc/{pid}/environ").read_bytes()
    return found


def flask(run: Run, *command: str) -> bytes:
    lines = (run.folder / "demo.env").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if "=" in line)
    done = subprocess.run(
        [sys.executable, "-m", "flask", *command],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def everything_in_redis(run: Run) -> dict[str, bytes]:
    read: dict[bytes, Callable[[redis.Redis, bytes], object]] = {
        b"string": lambda server, key: server.get(key),
        b"hash": lambda server, key: server.hgetall(key),
        b"list": lambda server, key: server.lrange(key, 0, -1),
        b"set": lambda server, key: server.smembers(key),
        b"zset": lambda server, key: server.zrange(key, 0, -1),
        b"stream": lambda server, key: server.xrange(key),
    }
    found = {}
    with redis.Redis.from_url(run.setting("REDIS_URL")) as server:
        for key in server.scan_iter():
            value = read[server.type(key)](server, key)
            found[f"{key.decode()} in Redis"] = key + b"\n" + flat(value)
    return found


def flat(value: object) -> bytes:
    """Every piece of bytes in it, one after the other."""
    if isinstance(value, dict):
        return b"\n".join(flat(part) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple | set):
        return b"\n".join(flat(part) for part in value)
    return value if isinstance(value, bytes) else str(value).encode()


def every_row(folder: Path) -> dict[str, bytes]:
    """What the database says when asked: a value that a page of the file splits is whole here."""
    found = {}
    line = sqlite3.connect(f"file:{folder}/hotline.db?mode=ro", uri=True)
    try:
        tables = [
            row[0] for row in line.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        for table in tables:
            rows = line.execute(f'SELECT * FROM "{table}"').fetchall()
            found[f"the table {table}"] = flat(rows)
    finally:
        line.close()
    return found


def files_under(folder: Path) -> dict[str, bytes]:
    """Every file of the data folder, and its name; the phone company's own are left out."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    ours = [file for file in files if file.relative_to(folder).parts[1] != "simulator"]
    named = {str(file.relative_to(folder)): file for file in ours}
    return {name: name.encode() + b"\n" + file.read_bytes() for name, file in named.items()}


def family_of(pid: int) -> list[int]:
    """The process and all its children's children."""
    family = [pid]
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            family += family_of(int(entry.name))
    return family


# ---------------------------------------------------------------- the search


@pytest.mark.timeout(240)
def test_nothing_personal_is_left_anywhere(run: Run) -> None:
    assert search(run.sources, run.secrets) == []


@pytest.mark.timeout(240)
def test_the_search_looked_everywhere(run: Run) -> None:
    names = list(run.sources)
    for part in (
        "running/hotline.db",
        "running/hotline.db-wal",
        "stopped/hotline.db",
        "running/recordings/",
        "running/logs/web.log",
        "running/logs/workers.log",
        "running/logs/redis.log",
        "running/redis/",
        "the table cases",
        "the table outbox_item",
        "rq:",
    ):
        assert any(part in name for name in names), part
    assert len([name for name in names if name.startswith("the command line of")]) >= 5
    assert b"rq:queue:alerts" in run.sources["the commands to Redis"]
    assert b"workers.sweeps.alerts" in run.sources["the commands to Redis, unescaped"]
    assert b"hotline_turns_total" in run.sources["the answer of /metrics"]
    assert len(run.sources["the table case_event"]) > 500
    assert run.sources["flask list-outbox"].count(b'"id"') >= 8
    kept = next(raw for name, raw in run.sources.items() if "running/recordings/" in name)
    assert 1000 < len(run.voice) < len(kept)  # the file is there, whole, and with its seal
    assert search({"the voice": run.voice}, run.secrets) != []
    assert run.sources["the addresses the carrier asked"].count(b"/calls/simulator/turn?n=") >= 8


@pytest.mark.timeout(240)
def test_the_phone_company_knows_them_all_and_the_search_sees_it(run: Run) -> None:
    kept = {
        str(file): file.read_bytes()
        for file in (run.folder / "simulator").rglob("*")
        if file.is_file()
    }
    found = " ".join(search(kept, SECRETS))
    for who in ("the mother's number", "the child's number", "words in Khmer", "words in Latin"):
        assert who in found


@pytest.mark.parametrize(
    "planted",
    [
        b"... 077 345 612 ...",
        b"+855-77-345-612",
        b"tel=85577345612",
        "077345612".encode("utf-16-le"),
        "077345612".encode("utf-16-be"),
        MOTHER.encode().hex().upper().encode(),
        b64encode(b"From=" + MOTHER.encode() + b"&To="),
        b64encode(b"To=1&From=" + MOTHER.encode()),
        zlib.compress(b'["' + MOTHER.encode() + b'"]'),
        b"%2B85577345612",
        NAMES[0].upper().encode(),
        NAMES[3].encode("utf-16-le"),
        json.dumps(NAMES[3]).encode(),
        b64encode(WRITTEN["a note"].encode()),
        VOICE[20_000:22_400],
    ],
    ids=str,
)
def test_the_search_finds_what_is_planted(planted: bytes) -> None:
    around = random.Random(1280).randbytes(4096)
    assert search({"a file": around + around}, SECRETS) == []
    assert search({"a file": around + planted + around}, SECRETS) != []


@pytest.mark.timeout(240)
def test_a_number_planted_in_a_copy_of_the_database_is_found(run: Run, tmp_path: Path) -> None:
    for path in run.folder.glob("hotline.db*"):
        shutil.copy(path, tmp_path)
    line = sqlite3.connect(tmp_path / "hotline.db")
    line.execute("UPDATE cases SET reason = ? WHERE id = 1", (f"asked by {MOTHER}",))
    line.commit()
    line.close()
    found = search({"the copy": (tmp_path / "hotline.db").read_bytes()}, SECRETS)
    assert found == ["the mother's number in the copy"]
    assert search(every_row(tmp_path), SECRETS) == ["the mother's number in the table cases"]
