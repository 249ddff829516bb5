"""A record whose file is gone from under the writer, saved at another place.

What is still open can still be read: all of it is copied, event by event as it was. Where that fails (a stick that was pulled, a
log that was cut) a new record is begun whose chain hangs on the last hash that was acknowledged, with what the program knows of
the open infusions.
"""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from app.domain.infusion.facts import NoteAdded
from app.domain.log import TRIAL, Entry, stream_text
from db import store_errors as errors
from db.engine import checkpoint, driver, driver_connection
from db.log.batch import Stamp
from db.log.chain import Row
from db.log.eventlog import NOBODY, SignedBy, append_events, event_row, read_head_row
from db.log.headfile import Head
from db.opening import HeldLock, OpenedStore, open_store
from db.statements import Driver

from .encrypting import new_copy

_BESIDE = ("", "-wal", "-shm", ".head")


class Lost(NamedTuple):
    """The record whose file is gone: still open, locked, acknowledged up to `head`."""

    path: Path
    raw: Driver
    lock: HeldLock
    head: Head


def rescue(
    lost: Lost,
    to: Path,
    stamp: Stamp,
    practice: bool,
    key: bytes | None,
    known: Sequence[Row],
    signed_by: SignedBy = NOBODY,
) -> OpenedStore:
    """The record at its new place, open and on the disk, where nothing may stand. `known`: events of the open infusions, some of
    them perhaps not saved yet; those that are written now are signed by whoever signs them and is at hand. Raises `StoreError`;
    then nothing is left there.
    """
    again = to == lost.path
    if to.exists() or (not again and any(to.with_name(to.name + suffix).exists() for suffix in _BESIDE)):
        raise errors.place_taken(to)
    try:
        _clear(to)  # the log of before would be played into the new file
        whole = _copied(lost.raw, to, key, lost.head)
        genesis, lock = "" if whole else lost.head.hash, lost.lock if again else None
        opened = open_store(to, stamp, practice, key, genesis, lock)
        return opened._replace(head=_append(opened, known if whole else [_continued(stamp, lost.head), *known], signed_by))
    except BaseException:
        _clear(to)
        raise


def _continued(stamp: Stamp, head: Head) -> Row:
    """Why its chain does not begin at a beginning."""
    said = (
        f"This record goes on where another one was lost, after its event {head.seq} with the hash {head.hash}. / "
        f"本记录接续一份已丢失的记录：自其第 {head.seq} 个事件之后，该事件的哈希为 {head.hash}。"
    )
    return event_row(Entry(uuid.uuid4().hex, stream_text(TRIAL), stamp.wall_utc, None, NoteAdded(said)), stamp)


def _append(opened: OpenedStore, known: Sequence[Row], signed_by: SignedBy) -> Head:
    """The new head; those that are there already are acknowledged."""
    connection = driver_connection(opened.connection)
    try:
        connection.execute("BEGIN IMMEDIATE")
        head, _ = append_events(connection, read_head_row(connection), known, signed_by)
        connection.execute("COMMIT")
        checkpoint(connection)
    except BaseException:
        opened.close.close()
        raise
    return head


def _copied(raw: Driver, to: Path, key: bytes | None, head: Head) -> bool:
    """Whether the copy holds all that was acknowledged; what is left of one that does not is taken away."""
    source: Any = raw
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        copy = new_copy(to, key)
        try:
            source.backup(copy)
            found = copy.execute("SELECT hash FROM event WHERE seq = ?", (head.seq,)).fetchone()
            (damage,) = copy.execute("PRAGMA quick_check(1)").fetchone()
            if damage == "ok" and (head.seq == 0 or (found and found[0] == head.hash)):
                return True
        finally:
            copy.close()
    except (driver.Error, OSError):
        pass
    _clear(to)
    return False


def _clear(to: Path) -> None:
    for suffix in _BESIDE:
        with suppress(OSError):
            to.with_name(to.name + suffix).unlink(missing_ok=True)
