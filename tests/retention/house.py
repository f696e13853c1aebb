"""A house for stories of forgetting: its callers tell something, its days pass, it is searched."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from hotline import cases, retention, texting
from hotline.carriers.protocol import Capabilities
from hotline.core.events import TextEvent
from hotline.key_rotation import SEALED
from hotline.parts import Hotline
from hotline.storage.caller_message import note_heard_in_case
from hotline.storage.case import find_case
from hotline.storage.recording import recordings_of
from hotline.storage.retention_run import current_run, last_runs
from hotline.storage.schema import all_tables
from hotline.storage.staff_member import find_staff_by_name
from hotline.vault import SealBroken, is_of_the_ring
from tests.web.desk.desk import MOTHER, Desk
from workers.fetching import fetch_due

SECRET = "Sokha sleeps at the brick kiln behind the pagoda"
NOTE = "She hides behind the market in Thmei"
SOUND = b"ID3 a small voice"
CASE_CONTEXTS = (
    "plan", "notes", "event", "attempt", "facts", "hold",
    "referral.words", "referral.reason", "referral.step",
)  # fmt: skip


class Company:
    """A carrier that keeps copies of texts and voice messages until they are deleted."""

    name, line = "simulator", "+85523900900"

    def __init__(self, *, can_delete: bool = True) -> None:
        self.capabilities = Capabilities(
            True, True, False, can_delete, True, can_delete_texts=can_delete
        )
        self.texts: set[str] = set()
        self.sounds: set[str] = set()
        self.trouble: Exception | None = None
        self.asked = 0

    def delete_text(self, sid: str) -> bool:
        return self._delete(self.texts, sid)

    def has_text(self, sid: str) -> bool:
        return sid in self.texts

    def delete_recording(self, sid: str) -> bool:
        return self._delete(self.sounds, sid)

    def has_recording(self, sid: str) -> bool:
        return sid in self.sounds

    def _delete(self, kept: set[str], sid: str) -> bool:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        kept.discard(sid)
        return self.capabilities.can_delete_texts


class House:
    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self.folder, self.company = desk, folder, Company()
        carriers: Any = {"simulator": self.company}
        schedule = desk.hotline.schedule
        calm = replace(schedule, guard=replace(schedule.guard, jump=timedelta(days=25)))
        desk.hotline = replace(desk.hotline, carriers=carriers, schedule=calm)

    @property
    def hotline(self) -> Hotline:
        return self.desk.hotline

    # ------------------------------------------------------------ what happens

    def someone_asks(self, number: str | None = MOTHER, **more: Any) -> str:
        return self.desk.caller_asks(number=number, **more)

    def someone_tells(self, number: str = MOTHER, outcome: str = "helped") -> str:
        """A case with words, a note, an attempt, a voice message and a text; it was closed."""
        ref = self.someone_asks(number, notes={"caller_age": "child"})
        self.someone_writes(SECRET, number)
        self.desk.caller_speaks(ref, SOUND)
        self.somebody_hears(ref)
        self.company.sounds.add("RE" + ref)
        self.close(ref, outcome)
        return ref

    def somebody_hears(self, ref: str) -> None:
        with self.hotline.transaction() as tx:
            case = find_case(tx, ref)
            for sound in recordings_of(tx, case.id):
                more = {"recording_id": sound.id}
                note_heard_in_case(tx, case.id, self.member("Dara"), self.hotline.now(), **more)

    def someone_writes(self, words: str, number: str = MOTHER) -> str:
        sid = f"SM{len(self.company.texts)}{os.urandom(4).hex()}"
        self.company.texts.add(sid)
        with self.hotline.transaction() as tx:
            texting.take_text(
                self.hotline, tx, TextEvent("simulator", sid, number, self.company.line, words)
            )
        self.replies_go_out()
        return sid

    def replies_go_out(self) -> None:
        """By a carrier that tells at once that they arrived."""
        rows, now = all_tables().tables["outbox_item"], self.hotline.now()
        with self.hotline.transaction() as tx:
            waiting = sa.select(rows.c.id).where(rows.c.state == "pending")
            for item in tx.execute(waiting).scalars().all():
                sid = f"SMout{item}"
                self.company.texts.add(sid)
                values = {"carrier": "simulator", "provider_sid": sid, "sent_at": now}
                sent = sa.update(rows).where(rows.c.id == item)
                tx.execute(sent.values(state="delivered", next_at=None, **values))

    def close(self, ref: str, outcome: str = "helped") -> None:
        hotline = self.hotline
        with hotline.transaction() as tx:
            dara, case = find_staff_by_name(tx, "Dara"), find_case(tx, ref)
            cases.note_attempt(hotline, tx, case, dara.id, "reached", NOTE)
            cases.add_note(hotline, tx, case, dara.id, NOTE)
            case = find_case(tx, ref)
            done = cases.close(hotline, tx, case, dara.id, outcome, case.version)
        assert done == cases.Closing.CLOSED

    def days_pass(self, days: float) -> None:
        """The workers sweep all the time; now and then is enough to tell the story."""
        while days > 0:
            span = 20 if days > 30 else min(days, 1)
            self.desk.minutes_pass(span * 24 * 60 + 1)
            days -= span
            self.sweep()

    def sweep(self) -> None:
        """As often as it takes until there is nothing left to do at this hour."""
        for _ in range(60):
            retention.keep_tidy(self.hotline)
            run = self.run()
            if run is None or run.state != "running":
                break
        fetch_due(self.hotline)

    def time_jumps(self, **span: float) -> None:
        self.desk.time[0] += timedelta(**span)

    # ------------------------------------------------------------ what is seen

    def case(self, ref: str) -> Any:
        return self.desk.case(ref)

    def run(self) -> Any:
        with self.hotline.reading() as tx:
            return current_run(tx)

    def runs(self) -> list[Any]:
        with self.hotline.reading() as tx:
            return list(last_runs(tx, 20))

    def is_forgotten(self, ref: str) -> bool:
        return self.case(ref).forgotten_at is not None

    def sounds(self) -> int:
        """How many voice messages lie on the disk."""
        return len(list((self.folder / "data" / "recordings").iterdir()))

    def member(self, name: str) -> int:
        with self.hotline.reading() as tx:
            return int(find_staff_by_name(tx, name).id)

    def count(self, table: str, **values: Any) -> int:
        found = all_tables().tables[table]
        query = sa.select(sa.func.count()).select_from(found)
        for name, value in values.items():
            query = query.where(found.c[name] == value)
        with self.hotline.reading() as tx:
            return int(tx.execute(query).scalar_one())

    def everything_readable(self) -> str:
        """Every value of every table, opened with every key there is, and every file."""
        return "\n".join((*self._in_the_database(), *self._in_files()))

    def _in_the_database(self) -> Iterator[str]:
        with self.hotline.reading() as tx:
            boxes = [
                self.hotline.vault.case_box(row.wrapped)
                for name in ("case_key", "recording")
                for row in tx.execute(sa.select(all_tables().tables[name].c.wrapped))
                if row.wrapped is not None
            ]
            for table in all_tables().sorted_tables:
                for row in tx.execute(sa.select(table)).mappings():
                    for column, value in row.items():
                        yield from self._opened(table.name, column, dict(row), value, boxes)

    def _opened(
        self, table: str, column: str, row: dict[str, Any], value: Any, boxes: list[Any]
    ) -> Iterator[str]:
        if not isinstance(value, bytes):
            yield json.dumps(value, default=str, ensure_ascii=False)
            return
        yield value.decode(errors="ignore")
        if (table, column) in SEALED and value and is_of_the_ring(value):
            opened = self.hotline.vault.decrypt(value, SEALED[table, column](row))
            yield opened.decode(errors="ignore")
        for box in boxes:
            for context in CASE_CONTEXTS:
                try:
                    yield box.decrypt(value, context).decode()
                except SealBroken:
                    continue

    def _in_files(self) -> Iterator[str]:
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and "hotline.db" not in path.name:
                yield path.read_bytes().decode(errors="ignore")

    def sealed_bytes(self) -> list[bytes]:
        """All that is sealed now: to be looked for in raw files later."""
        found = []
        with self.hotline.reading() as tx:
            for name, column in (
                ("caller", "number_sealed"),
                ("caller", "number_index"),
                ("cases", "number_index"),
                ("cases", "plan_sealed"),
                ("case_key", "wrapped"),
                ("case_event", "text_sealed"),
                ("attempt", "note_sealed"),
                ("incoming_text", "body_sealed"),
                ("recording", "wrapped"),
            ):
                found += tx.execute(sa.select(all_tables().tables[name].c[column])).scalars()
        sounds = (self.folder / "data" / "recordings").glob("*")
        return [one for one in found if one] + [path.read_bytes() for path in sounds]

    def raw_bytes(self) -> bytes:
        """The files of a SQLite database and of the data folder, as they lie on the disk."""
        database = sa.make_url(self.hotline.database.url).database
        files = list(Path(str(database)).parent.glob("hotline.db*")) if database else []
        files += [path for path in (self.folder / "data").rglob("*") if path.is_file()]
        return b"".join(path.read_bytes() for path in files)

    def audit(self) -> list[tuple[str, str, str]]:
        return self.desk.audit()
