"""Commands that save the line and put it back: docs/backups.md tells when and where to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import click

from hotline import audit, backup_folder
from hotline.backup_crypt import opened_with, private_keys, public_keys, sealed_to
from hotline.backup_fault import BackupFault
from hotline.backup_form import RECORDINGS
from hotline.backup_making import OF_CASE_KEYS, make_backup, missing_sounds
from hotline.backup_restoring import Restored, restore
from hotline.commands.opening import open_before_tables, open_hotline
from hotline.core.local_time import PHNOM_PENH
from hotline.key_ring import KeyRingFault, parse_key_ring, write_key_ring
from hotline.parts import Hotline
from hotline.storage import heartbeat
from hotline.storage.database import DatabaseAway

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except (BackupFault, DatabaseAway, KeyRingFault) as fault:
        raise click.ClickException(str(fault)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'a file'}: {error.strerror}") from None


@click.command("make-backup-key")
@click.argument("file", type=_FILE)
def make_backup_key(file: Path) -> None:
    """Make a pair of keys for backups, NOT on the server. FILE is the private one: print it."""
    from pyrage import x25519  # only backups need it

    pair = x25519.Identity.generate()
    public = str(pair.to_public())
    with _telling():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as lines:
            lines.write(f"# public key: {public}\n{pair}\n")
    click.echo(f"wrote {file}: whoever has it reads every backup; never put it on the server")
    click.echo(f"on the server: HOTLINE_BACKUP_KEY={public}")


@click.command("backup")
@click.argument("file", type=_FILE, required=False)
@click.option("--to-folder", type=_FOLDER, help="A file named by its moment, in this folder.")
@click.option("--keep", default="30d", show_default=True, help="With --to-folder: 14d to 30d.")
def make(file: Path | None, to_folder: Path | None, keep: str) -> None:
    """Save the whole line, sealed to HOTLINE_BACKUP_KEY, while it goes on working."""
    if (file is None) == (to_folder is None):
        raise click.UsageError("name a FILE, or a folder with --to-folder")
    kept = _days(keep)
    hotline = open_hotline()
    with _telling(), closing(hotline.database):
        recipients = public_keys(hotline.settings.backup_keys)
        path = file or _in(to_folder, hotline)
        counted = make_backup(hotline, path, recipients)
        with hotline.transaction() as tx:
            heartbeat.beat(tx, heartbeat.BACKUP, hotline.now())
            audit.note(tx, hotline.now(), "command", "backup", "database")
        missing = missing_sounds(hotline)
        deleted = backup_folder.delete_old(to_folder, hotline.now(), kept) if to_folder else 0
    click.echo(
        f"wrote {path} and {path.name}{OF_CASE_KEYS}: {counted.get('cases', 0)} cases, "
        f"{sum(counted.values())} rows and files"
    )
    if to_folder:
        click.echo(f"{deleted} old files were deleted")
    if missing:
        raise click.ClickException(
            f"the backup is there, but {missing} voice messages are not in it: they are not in "
            f"{hotline.settings.data / RECORDINGS}. Is HOTLINE_DATA the folder of the line?"
        )


def _in(folder: Path | None, hotline: Hotline) -> Path:
    assert folder is not None
    return folder / backup_folder.name_at(hotline.now())


def _days(keep: str) -> timedelta:
    found = re.fullmatch(r"([0-9]{1,3})d", keep)
    least, most = backup_folder.LEAST_KEPT, backup_folder.MOST_KEPT
    if found is None or not least <= int(found[1]) <= most:
        raise click.UsageError(f"--keep is {keep!r}; write {least}d to {most}d")
    return timedelta(days=int(found[1]))


@click.command("backup-keys")
@click.argument("file", type=_FILE)
def save_keys(file: Path) -> None:
    """Save the key ring, sealed to HOTLINE_BACKUP_KEY; keep it apart from every backup."""
    hotline = open_before_tables()
    with _telling():
        recipients = public_keys(hotline.settings.backup_keys)
        with sealed_to(file, recipients) as stream:
            stream.write(hotline.settings.keys.read_bytes())
    click.echo(f"wrote {file}; keep it where no backup is")


@click.command("restore-keys")
@click.argument("file", type=_FILE)
@click.option("--identity", type=_FILE, required=True, help="The private key's file.")
@click.option("--to", "ring", type=_FILE, required=True, help="The key ring file to write.")
def bring_back_keys(file: Path, identity: Path, ring: Path) -> None:
    """Write the key ring that `backup-keys` saved. Never touches a file that is there."""
    with _telling():
        with opened_with(file, private_keys(identity)) as stream:
            content = stream.read()
        write_key_ring(ring, parse_key_ring(content, file))
    click.echo(f"wrote {ring}; HOTLINE_KEYS names it from now on")


@click.command("restore")
@click.argument("file", type=_FILE)
@click.option("--identity", type=_FILE, required=True, help="The private key's file.")
@click.option("--case-keys", type=_FILE, help="Another file of case keys, such as a newer one.")
@click.option("--without-case-keys", is_flag=True, help="What callers told stays unreadable.")
def bring_back(file: Path, identity: Path, case_keys: Path | None, without_case_keys: bool) -> None:
    """Put the line back from a backup, into an empty database. Stop every program before."""
    beside = case_keys or file.with_name(file.name + OF_CASE_KEYS)
    if not without_case_keys and not beside.exists():
        raise click.ClickException(
            f"{beside} is not there: name the file of case keys with --case-keys, or say "
            "--without-case-keys; then what callers told can never be read"
        )
    keys = None if without_case_keys else beside
    hotline = open_before_tables()
    with _telling(), closing(hotline.database):
        restored = restore(hotline, file, keys, private_keys(identity))
        with hotline.reading() as tx:
            broken = audit.first_broken_line(tx)
    _tell(restored, broken)


def _tell(restored: Restored, broken: int | None) -> None:
    taken_at = f"{restored.head.taken_at.astimezone(PHNOM_PENH):%Y-%m-%d %H:%M}"
    for name, number in restored.counted.items():
        if number:
            click.echo(f"{name}\t{number}")
    rearmed = restored.rearmed
    click.echo(f"the line is as it was at {taken_at} (Phnom Penh)")
    click.echo(f"{rearmed.open_cases} open cases are alerted anew")
    click.echo(f"{rearmed.claimed_cases} cases somebody had: ask them what they did since")
    click.echo(f"{rearmed.not_sent} messages to callers may have gone out, and will not go again")
    if rearmed.taken_up:
        click.echo(f"{rearmed.taken_up} calls and texts that had waited were taken up")
    if restored.forgotten:
        click.echo(f"{restored.forgotten} cases have no key: what was told in them is gone")
    chain = "whole" if broken is None else f"BROKEN at line {broken}"
    click.echo(f"the audit chain is {chain}; everybody must sign in anew")
    click.echo(
        f"what was done after {taken_at} is undone: look at People (who was let go, lost phones, "
        "passphrases), at callers who wrote STOP, and at what was to be forgotten"
    )


backup_commands: list[click.Command] = [
    make_backup_key,
    make,
    save_keys,
    bring_back_keys,
    bring_back,
]
