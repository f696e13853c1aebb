"""Who uses the line in a whole run, and what personal things they say, key, write and type."""

from __future__ import annotations

import io
import json
import random
import re
import sqlite3
import wave
from contextlib import closing

import requests

from hotline.demo import PASSPHRASE
from tests.journeys.phones_over_http import eventually
from tests.journeys.searching import Secret, number, sound, words
from tests.journeys.traces import Run, cases_listed
from tests.stories.line import BOPHA, DARA, SOPHEA
from tests.web.desk.desk import ONCE, TOKEN

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


def secrets_of(run: Run) -> tuple[Secret, ...]:
    """All of them, and the voice message as staff hear it: it is kept so, but for the seal."""
    return (*SECRETS, *run.secrets, sound("the voice message as it is kept", run.voice))


def people_use_the_line(run: Run) -> None:
    phones = run.phones
    dara = phones.phone(DARA)
    phones.phone(SOPHEA)
    a_mother_calls(run)
    dara.receives(1)
    somebody_leaves_a_voice_message(run)  # a calm case: its page waits for the next digest
    a_child_texts(run)
    dara.receives(2)
    a_stranger_texts(run)
    dara.texts(WRITTEN["a text of staff"])
    dara.texts("1")
    dara.receives(4)
    the_world_is_unkind(run)
    the_database_is_locked(run)
    dara_works_at_the_desk(run)
    run.phones.post("clock", seconds=600)
    dara.declines()
    eventually(lambda: len(phones.phone(SOPHEA).received()) >= 1, "a page to Sophea")


def a_mother_calls(run: Run, phone: str = "077 345 612") -> None:
    mother = run.phones.phone(phone, NAMES[0])
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
    """Wrong signatures, other paths, too much, nonsense; each with a number or words in it."""
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


def the_database_is_locked(run: Run) -> None:
    """What comes meanwhile waits in a file outside it."""
    spool = run.folder / "spool"
    with closing(sqlite3.connect(run.folder / "hotline.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        run.phones.phone(CHILD).texts(WRITTEN["words in Latin"])
        eventually(lambda: bool(list(spool.glob("*.waiting"))), "a file in the spool")
        run.sources["the spool"] = b"".join(file.read_bytes() for file in spool.glob("*.waiting"))
        other.rollback()
    eventually(lambda: not list(spool.iterdir()), "the replay")


def dara_works_at_the_desk(run: Run) -> None:
    base = f"http://{run.demo.desk()}/desk"
    with requests.Session() as visitor:

        def sends(path: str, seen_at: str, **fields: str) -> str:
            page = visitor.get(base + seen_at, timeout=10).text
            token, once = TOKEN.search(page), ONCE.search(page)
            assert token, seen_at
            hidden = {"form_token": token[1], **({"once": once[1]} if once else {})}
            answer = visitor.post(base + path, {**hidden, **fields}, timeout=10)
            return answer.text

        slip = WRITTEN["a passphrase in the wrong field"]
        sends("/sign-in", "/sign-in", name=slip, passphrase="")
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
