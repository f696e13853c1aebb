"""Streams into and out of age: only who has a private key reads what was written.

age (X25519, ChaCha20-Poly1305) seals piece by piece, so that neither direction needs more memory
for a large file than for a small one, and each piece is proved before it is handed on.
"""

from __future__ import annotations

import contextlib
import io
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from hotline.backup_fault import BackupFault

_PIECE = 1024 * 1024


def public_keys(named: Sequence[str]) -> list[Any]:
    """Raises BackupFault."""
    from pyrage import RecipientError, x25519  # only backups need it

    if not named:
        raise BackupFault(
            "HOTLINE_BACKUP_KEY is missing: make a pair of keys on another machine with `flask "
            "make-backup-key FILE`, keep the file there, and set the public key (age1…) here"
        )
    try:
        return [x25519.Recipient.from_str(name) for name in named]
    except RecipientError:
        raise BackupFault("HOTLINE_BACKUP_KEY is no public key: it begins with age1") from None


def private_keys(file: Path) -> list[Any]:
    """Those in an identity file, as `flask make-backup-key` and age-keygen write it."""
    from pyrage import IdentityError, x25519

    try:
        lines = [line.strip() for line in file.read_text().splitlines()]
        keys = [x25519.Identity.from_str(line) for line in lines if line and line[0] != "#"]
    except OSError as error:
        raise BackupFault(f"{file}: {error.strerror}") from None
    except (IdentityError, ValueError):
        keys = []
    if not keys:
        raise BackupFault(f"{file} holds no private key: a line that begins AGE-SECRET-KEY-1")
    return keys


@contextmanager
def sealed_to(path: Path, recipients: Sequence[Any]) -> Iterator[IO[bytes]]:
    """A stream whose bytes stand sealed in `path` once the block ends without an error.

    The file is there whole or not at all, readable by its owner alone, and is never written over.
    Raises BackupFault.
    """
    beside = path.with_name(path.name + ".part")
    if path.exists():
        raise BackupFault(f"{path} exists and is left as it is: name another file")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BackupFault(
            f"{beside} exists: another backup runs, or one was broken off; then delete it"
        ) from None
    except OSError as error:
        raise BackupFault(f"{beside}: {error.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as file:
            with _encrypting(file, recipients) as stream:
                yield stream
            file.flush()
            os.fsync(file.fileno())
        _give_its_name(beside, path)
    except OSError as error:
        raise BackupFault(f"{path}: {error.strerror or error}; nothing was written") from error
    finally:
        beside.unlink(missing_ok=True)


def _give_its_name(beside: Path, path: Path) -> None:
    try:
        os.link(beside, path)  # refuses where a file came to be there meanwhile
    except FileExistsError:
        raise BackupFault(f"{path} exists and is left as it is: name another file") from None
    except OSError:  # a stick with a file system that knows no links
        beside.rename(path)
    with contextlib.suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class _Beside(threading.Thread):
    """Work at the other end of a pipe; what went wrong there is raised where it is waited for."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            self._work()
        except BaseException as fault:
            self.fault = fault


class _Noting(io.RawIOBase):
    """Writes to a file and keeps what the system said when that failed: age tells only that."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.fault: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        try:
            return _write(self._file, piece)
        except OSError as fault:
            self.fault = fault
            raise


def _write(file: IO[bytes], piece: Any) -> int:
    return file.write(piece)


@contextmanager
def _encrypting(file: IO[bytes], recipients: Sequence[Any]) -> Iterator[IO[bytes]]:
    from pyrage import encrypt_io

    inner, outer = os.pipe()
    noting = _Noting(file)

    def seal() -> None:
        with os.fdopen(inner, "rb") as plain:
            encrypt_io(plain, noting, recipients)

    worker = _Beside(seal)
    worker.start()
    stream = os.fdopen(outer, "wb", _PIECE)
    try:
        yield stream
        stream.close()
    except BrokenPipeError:
        pass  # the other end gave up: it says why
    finally:
        with contextlib.suppress(OSError):
            stream.close()
        worker.join()
    if worker.fault is not None:
        raise noting.fault or worker.fault


@contextmanager
def opened_with(path: Path, identities: Sequence[Any]) -> Iterator[IO[bytes]]:
    """What stands in a sealed file, to be read from its beginning. Raises BackupFault."""
    from pyrage import DecryptError, decrypt_io

    try:
        file = path.open("rb")
    except OSError as error:
        raise BackupFault(f"{path}: {error.strerror}") from None
    inner, outer = os.pipe()

    def unseal() -> None:
        with file, os.fdopen(outer, "wb", _PIECE) as plain:
            decrypt_io(file, plain, identities)

    worker = _Beside(unseal)
    worker.start()
    try:
        with os.fdopen(inner, "rb", _PIECE) as stream:
            yield _Judging(stream, worker, path, DecryptError)  # type: ignore[misc]
    finally:
        worker.join()


class _Judging:
    """Reads what the other end unsealed; where that stopped early, says so instead of ending."""

    def __init__(self, stream: IO[bytes], worker: _Beside, path: Path, refused: type) -> None:
        self._stream, self._worker, self._path, self._refused = stream, worker, path, refused

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        if len(piece) < size or size < 0:
            self._worker.join()
            if self._worker.fault is not None:
                raise BackupFault(self._sentence(str(self._worker.fault)))
        return piece

    def _sentence(self, why: str) -> str:
        if "No matching keys" in why:
            return f"{self._path} was sealed for another key than this one"
        if isinstance(self._worker.fault, self._refused):
            return f"{self._path} is no backup, or damaged at its beginning"
        return f"{self._path} is damaged or cut off: do not use it"
