"""Copies of a store that are proved before they count: opened, examined, chained, described by a manifest."""

import hashlib
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from app.domain.errors import Refused
from app.domain.texts import say
from db.log.headfile import Head, write_head

from .engine import driver, driver_connection, known_error, open_reader
from .examine import GoOn, always, examine
from .store_errors import DiskFailed, given_up, store_error

STORE, KEYS, MANIFEST = "bedside.db", "bedside.db.keys", "manifest.json"
_BESIDE = ("", "-wal", "-shm", "-journal", ".head", ".keys")
_PAGES_A_STEP = 256
_CHUNK = 1 << 20

Progress = Callable[[float], bool]
"""Told the share done, 0 to 1 (1 while the copy is being proved); gives back False to give up."""


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds. Hashes are SHA-256 of the files."""

    store_id: str
    made_at: datetime
    program: str
    events: int
    head: Head
    files: dict[str, str]


def _go_on(_share: float) -> bool:
    return True


def backup(path: Path, to: Path, made_at: datetime, program: str, key: bytes | None = None, progress: Progress = _go_on) -> Path:
    """Copy a store, while it may be in use, into a folder of its own under `to`, and prove the copy.

    Returns that folder. Raises `StoreError` or `Refused`; what is not proved is not left behind.
    """
    folder = _free(to, made_at)
    copied = False
    try:
        folder.mkdir(parents=True)
        _copy(path, folder / STORE, key, progress)
        keys = path.with_name(path.name + ".keys")
        if keys.exists():
            _copy_surely(keys, folder / KEYS)
        _describe(folder, made_at, program, key, lambda: progress(1.0))
        copied = True
    except OSError as error:
        raise store_error(error) or _disk(error) from error
    finally:
        if not copied:
            shutil.rmtree(folder, ignore_errors=True)
    return folder


def _free(to: Path, made_at: datetime) -> Path:
    name, number = f"bedside-{made_at:%Y%m%dT%H%M%SZ}", 1
    while (to / name).exists():
        name, number = f"bedside-{made_at:%Y%m%dT%H%M%SZ}-{number}", number + 1
    return to / name


def _copy(path: Path, target: Path, key: bytes | None, progress: Progress) -> None:
    """With the database's own backup, page by page, from a connection that only reads.

    It reads in one transaction: without it each event saved meanwhile would make the copy begin again.
    """
    connection = open_reader(path, key)
    raw = driver_connection(connection)
    copy = _target(target, key)

    def told(_status: int, remaining: int, total: int) -> None:
        if not progress(1 - remaining / max(1, total)):
            raise given_up()

    try:
        raw.execute("BEGIN")
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
        raw.backup(copy, pages=_PAGES_A_STEP, progress=told)  # type: ignore[attr-defined]
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    except driver.Error as error:
        raise known_error(error) from error
    finally:
        copy.close()
        connection.close()


def _target(path: Path, key: bytes | None) -> "driver.Connection":
    from .engine import PAGE_SIZE

    raw = driver.connect(str(path), isolation_level=None)
    if key is not None:
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        raw.execute(f"PRAGMA cipher_page_size = {PAGE_SIZE}")
    return raw


def _describe(folder: Path, made_at: datetime, program: str, key: bytes | None, go_on: GoOn) -> None:
    """Examine the copy as a stranger would, then write what it is: no manifest, no backup."""
    found = examine(folder / STORE, key=key, go_on=go_on)
    if found.faults:
        raise Refused(say("The copy is not whole: {what} Have the store itself examined.", what=found.faults[0]))
    write_head(folder / STORE, found.head)
    files = {file.name: _sha256(file, go_on) for file in sorted(folder.iterdir())}
    manifest = Manifest(_store_id(folder / STORE, key), made_at, program, found.events, found.head, files)
    new = folder / f"{MANIFEST}.new"
    with new.open("wb") as out:
        out.write(msgspec.json.format(msgspec.json.encode(manifest)))
        out.flush()
        os.fsync(out.fileno())
    new.replace(folder / MANIFEST)


def _store_id(path: Path, key: bytes | None) -> str:
    from .queries import StoreReader

    with StoreReader(path, key) as reading:
        return reading.info().store_id


def _sha256(file: Path, go_on: GoOn) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as data:
        while chunk := data.read(_CHUNK):
            if not go_on():
                raise given_up()
            digest.update(chunk)
    return digest.hexdigest()


def _disk(error: OSError) -> DiskFailed:
    why = error.strerror or str(error)
    return DiskFailed(say("The folder cannot be written: {why}. The store itself is as it was. Choose another.", why=why))


def read_manifest(folder: Path) -> Manifest:
    """Raises `Refused` where there is none, or it is none."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        raise Refused(say("{folder} is not a backup of this program: it has no manifest.", folder=folder.name)) from None


def proved(folder: Path, key: bytes | None = None, go_on: GoOn = always) -> Manifest:
    """A backup whose every file is as it was written, that opens, and whose chain holds. Raises `Refused`, `StoreError`."""
    manifest = read_manifest(folder)
    for name, sha256 in manifest.files.items():
        file = folder / name
        if not file.is_file():
            raise Refused(say("The backup lacks {file}.", file=name))
        if _sha256(file, go_on) != sha256:
            raise Refused(say("{file} of the backup was changed since it was made.", file=name))
    found = examine(folder / STORE, anchor=manifest.head.hash, key=key, go_on=go_on)
    if found.faults:
        raise Refused(found.faults[0])
    return manifest


def restore(folder: Path, to: Path, key: bytes | None = None, go_on: GoOn = always) -> Manifest:
    """Put a proved backup back as a store at `to`, where nothing may stand. Raises `Refused`, `StoreError`."""
    _refuse_taken(to)
    manifest = proved(folder, key, go_on)
    written: list[Path] = []
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        for name in manifest.files:
            written.append(to.with_name(to.name + name.removeprefix(STORE)))
            _copy_surely(folder / name, written[-1])
    except OSError as error:
        for file in written:
            file.unlink(missing_ok=True)
        raise store_error(error) or _disk(error) from error
    return manifest


def _refuse_taken(to: Path) -> None:
    """What an earlier store left behind counts too: a log beside a new store would be played into it."""
    for suffix in _BESIDE:
        file = to.with_name(to.name + suffix)
        if file.exists():
            raise Refused(say("{file} is there already. Restore to a new name; nothing was touched.", file=file.name))


def _copy_surely(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    with target.open("rb+") as data:
        os.fsync(data.fileno())
