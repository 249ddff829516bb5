"""Copies of a store that are proved before they count: opened, examined, chained, described by a manifest."""

import hashlib
import hmac
import os
import shutil
from collections.abc import Callable, Container, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from app.domain.errors import Refused
from app.domain.texts import say
from db import surely
from db.engine import driver, driver_connection, known_error, open_reader
from db.examine import GoOn, always, examine
from db.log.headfile import Head, write_head
from db.proof.beside_the_log import ByFiles
from db.proof.examined import Examined, Since
from db.proof.verified import Verified
from db.statements import Driver
from db.store_errors import DiskFailed, StoreError, given_up, store_error

from .byte_copy import copy_bytes
from .encrypting import new_copy

STORE, HEAD, KEYS, MANIFEST = "bedside.db", "bedside.db.head", "bedside.db.keys", "manifest.json"
_BESIDE = ("", "-wal", "-shm", "-journal", ".head", ".keys")
_PAGES_A_STEP = 256
#: From so many bytes on, what a copy costs is the cipher, twice for each page.
LARGE = 64 << 20
_CHUNK = 1 << 20

Progress = Callable[[float], bool]
"""Told the share done, 0 to 1 (1 while the copy is being proved); gives back False to give up."""


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds. Hashes are SHA-256 of the files; `seal`: HMAC-SHA-256 of all else by the store's key, "" of a plain
    store and of backups by versions before.
    """

    store_id: str
    made_at: datetime
    program: str
    events: int
    head: Head
    files: dict[str, str]
    seal: str = ""

    def sealed(self, key: bytes | None) -> "Manifest":
        """The same, bound to the store's key; of a plain store there is none."""
        return msgspec.structs.replace(self, seal=self._seal(key) if key else "")

    def is_sealed_with(self, key: bytes) -> bool:
        return hmac.compare_digest(self.seal, self._seal(key))

    def _seal(self, key: bytes) -> str:
        said = msgspec.json.encode(msgspec.structs.replace(self, seal=""), order="sorted")
        return hmac.digest(key, b"bedside manifest " + said, "sha256").hex()


class Proving(NamedTuple):
    """How a copy is proved: see `examine`. `since`: what was verified before, and is believed of the copy too, each page of which
    bears a code of its own that is looked at. None: all of it is read, as always for a store without encryption.
    """

    shipped: Container[str] = ()
    put_together: ByFiles | None = None
    since: Verified | None = None


WHOLE = Proving()


class Proved(NamedTuple):
    """A backup, and what was found in it."""

    folder: Path
    found: Examined


def _go_on(_share: float) -> bool:
    return True


def backup(path: Path, to: Path, made_at: datetime, program: str, key: bytes | None = None, progress: Progress = _go_on) -> Path:
    """The folder of a `proved_copy` that was read as a whole."""
    return proved_copy(path, to, made_at, program, key, progress).folder


def proved_copy(
    path: Path, to: Path, made_at: datetime, program: str, key: bytes | None, progress: Progress, proving: Proving = WHOLE
) -> Proved:
    """Copy a store, while it may be in use, into a folder of its own under `to`, and prove the copy.

    Raises `StoreError` or `Refused`; what is not proved is not left behind.
    """
    folder = _free(to, made_at)
    copied = False
    try:
        folder.mkdir(parents=True)
        _copy(path, folder / STORE, key, progress)
        keys = path.with_name(path.name + ".keys")
        if keys.exists():
            _copy_surely(keys, folder / KEYS)
        found = _examined(folder / STORE, key, proving, lambda: progress(1.0))
        described = Manifest(_store_id(folder / STORE, key), made_at, program, found.events, found.head, {})
        _describe(folder, described, key, lambda: progress(1.0))
        copied = True
    except OSError as error:
        raise store_error(error) or _disk(error) from error
    finally:
        if not copied:
            shutil.rmtree(folder, ignore_errors=True)
    return Proved(folder, found)


def _free(to: Path, made_at: datetime) -> Path:
    name, number = f"bedside-{made_at:%Y%m%dT%H%M%SZ}", 1
    while (to / name).exists():
        name, number = f"bedside-{made_at:%Y%m%dT%H%M%SZ}-{number}", number + 1
    return to / name


def _copy(path: Path, target: Path, key: bytes | None, progress: Progress) -> None:
    """A large store byte for byte, any other with the database's own backup, page by page, from a connection that only reads.

    It reads in one transaction: without it each event saved meanwhile would make the copy begin again.
    """
    connection = open_reader(path, key)
    raw = driver_connection(connection)
    try:
        raw.execute("BEGIN")
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if path.stat().st_size < LARGE or not _by_bytes(path, target, key, progress):
            _by_pages(raw, target, key, progress)
    except driver.Error as error:
        raise known_error(error) from error
    finally:
        connection.close()


def _by_bytes(path: Path, target: Path, key: bytes | None, progress: Progress) -> bool:
    """False: a system that lets nobody read what the database has locked, or a full disk, which the other way says too."""
    try:
        copy_bytes(path, target, key, progress)
    except OSError:
        _take_away([target, target.with_name(target.name + "-wal")])
        return False
    return True


def _by_pages(raw: Driver, target: Path, key: bytes | None, progress: Progress) -> None:
    copy = new_copy(target, key)

    def told(_status: int, remaining: int, total: int) -> None:
        if not progress(1 - remaining / max(1, total)):
            raise given_up()

    try:
        raw.backup(copy, pages=_PAGES_A_STEP, progress=told)  # type: ignore[attr-defined]
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    finally:
        copy.close()


def _examined(copy: Path, key: bytes | None, proving: Proving, go_on: GoOn) -> Examined:
    """As a stranger would. Raises `Refused` where it is not whole."""
    since = None if proving.since is None or key is None else Since(proving.since, every_page=True)
    found = examine(copy, "", key, go_on, proving.shipped, proving.put_together, since=since)
    if found.faults:
        raise Refused(say("The copy is not whole: {what} Have the store itself examined.", what=found.faults[0]))
    return found


def _describe(folder: Path, described: Manifest, key: bytes | None, go_on: GoOn) -> None:
    """Write what the copy is: no manifest, no backup."""
    write_head(folder / STORE, described.head)
    files = {file.name: _sha256(file, go_on) for file in sorted(folder.iterdir())}
    manifest = msgspec.structs.replace(described, files=files).sealed(key)
    surely.put(folder / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))


def _store_id(path: Path, key: bytes | None) -> str:
    from db.queries import StoreReader

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
    """Raises `Refused` where there is none, or it is none, or it names files that no backup has."""
    try:
        manifest = surely.read(folder / MANIFEST, Manifest)
    except (OSError, surely.NotWhole):
        raise Refused(say("{folder} is not a backup of this program: it has no manifest.", folder=folder.name)) from None
    if STORE not in manifest.files or not set(manifest.files) <= {STORE, HEAD, KEYS}:
        raise Refused(say("The manifest of {folder} names files that no backup of this program has. Nothing was touched.",
                          folder=folder.name))  # fmt: skip
    return manifest


def proved(folder: Path, key: bytes | None = None, go_on: GoOn = always) -> Manifest:
    """A backup whose every file is as it was written, that opens, and whose chain holds. Raises `Refused`, `StoreError`."""
    try:
        manifest = read_manifest(folder)
        for name, sha256 in manifest.files.items():
            _refuse_other(folder / name, sha256, go_on)
        found = examine(folder / STORE, anchor=manifest.head.hash, key=key, go_on=go_on)
        store_id = _store_id(folder / STORE, key)
    except OSError as error:
        raise _unreadable(folder, error) from error
    if found.faults:
        raise Refused(found.faults[0])
    sealed = not (key and manifest.seal) or manifest.is_sealed_with(key)
    if not sealed or (manifest.store_id, manifest.events, manifest.head) != (store_id, found.events, found.head):
        raise Refused(
            say("The manifest of {folder} does not describe this backup: one of the two was changed.", folder=folder.name)
        )
    return manifest


def _refuse_other(file: Path, sha256: str, go_on: GoOn) -> None:
    if not file.is_file():
        raise Refused(say("The backup lacks {file}.", file=file.name))
    if _sha256(file, go_on) != sha256:
        raise Refused(say("{file} of the backup was changed since it was made.", file=file.name))


def restore(folder: Path, to: Path, key: bytes | None = None, go_on: GoOn = always) -> Manifest:
    """Put a proved backup back as a store at `to`, where nothing may stand. Raises `Refused`, `StoreError`.

    Whole or not at all: what was written is read back before it counts, and goes again where that fails.
    """
    _refuse_taken(to)
    manifest = proved(folder, key, go_on)
    written: list[Path] = []
    done = False
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        for name, sha256 in manifest.files.items():
            written.append(to.with_name(to.name + name.removeprefix(STORE)))
            _copy_surely(folder / name, written[-1])
            _refuse_other(written[-1], sha256, go_on)
        surely.sync_folder(to.parent)
        done = True
    except OSError as error:
        raise store_error(error) or _disk(error) from error
    finally:
        if not done:
            _take_away(written)
    return manifest


def _take_away(files: Iterable[Path]) -> None:
    for file in files:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def _unreadable(folder: Path, error: OSError) -> StoreError:
    why = error.strerror or str(error)
    return DiskFailed(say("The backup {folder} cannot be read: {why}. Nothing was touched. Check that the stick is plugged in.",
                          folder=folder.name, why=why))  # fmt: skip


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
