"""What happens once when a store is opened for writing: the lock, the store's own row, the head of the chain."""

import os
import secrets
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError

from app.domain.people.proofs import Doubt, HeadDoubted
from app.domain.texts import Text, say
from db.log.batch import Stamp
from db.log.canonical import utc_text
from db.log.genesis import OwnRow, new_genesis
from db.log.headfile import Head, head_path, keep_aside, read_head, write_head

from . import store_errors as errors
from .engine import checkpoint, driver_connection, known_error, open_writer
from .schema import chain_head, event, store

#: What a system keeps to itself before it is on the disk: the head file is not waited for at each event.
_CRASH_S = 120.0


class OpenedStore(NamedTuple):
    """`close` gives the connection and the lock back. `notices`: what a person must be told of the chain; `doubts`: the same for
    the record, where its end cannot be proved.
    """

    connection: Connection
    head: Head
    notices: tuple[Text, ...]
    doubts: tuple[HeadDoubted, ...]
    lock: "HeldLock"
    close: ExitStack


def open_store(
    path: Path, stamp: Stamp, practice: bool, key: bytes | None, genesis: str = "", held: "HeldLock | None" = None
) -> OpenedStore:
    """Open or make a store, alone. `genesis`: what a new one's chain hangs on, else its own name. `held`: its lock, where
    the caller has it already and keeps it. Raises `StoreError`.
    """
    with ExitStack() as stack:
        lock = held or HeldLock(path)
        if held is None:
            stack.callback(lock.release)
        connection = open_writer(path, key)
        stack.callback(connection.close)
        try:
            head, notices, doubts = _settled(connection, path, stamp, practice, genesis)
        except DBAPIError as error:
            raise known_error(error) from error
        return OpenedStore(connection, head, notices, doubts, lock, stack.pop_all())


class HeldLock:
    """One program on one store. A lock file that is deleted while it is held is taken anew before the next write."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._file = store.with_name(store.name + ".lock")
        self._name = str(self._file)
        self._take()

    def _take(self) -> None:
        lock = FileLock(self._file, timeout=0, thread_local=False)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
            self._held, self._is = lock, os.stat(self._file)
        except Timeout as error:
            raise errors.second_instance(self._store) from error
        except OSError as error:
            raise errors.cannot_open(self._store) from error

    def look(self) -> None:
        """Raises `SecondInstance` where another program took its place meanwhile."""
        with suppress(OSError):
            if os.path.samestat(os.stat(self._name), self._is):
                return
        before = self._held
        self._take()
        before.release()

    def release(self) -> None:
        self._held.release()


def _settled(
    connection: Connection, path: Path, stamp: Stamp, practice: bool, genesis: str
) -> tuple[Head, tuple[Text, ...], tuple[HeadDoubted, ...]]:
    with connection.begin():
        _make_or_match(connection, stamp, practice, genesis)
        head, notices = _head(connection)
    checkpoint(driver_connection(connection))
    doubt, text = _compare_file(connection, path, head)
    return head, (*notices, *text), doubt


def _make_or_match(connection: Connection, stamp: Stamp, practice: bool, genesis: str) -> None:
    found = connection.execute(select(store.c.practice)).scalar_one_or_none()
    if found is None:
        _make(connection, stamp, practice, genesis)
    elif found is not practice:
        raise errors.wrong_kind(found)


def _make(connection: Connection, stamp: Stamp, practice: bool, genesis: str) -> None:
    row = OwnRow(secrets.token_hex(8), utc_text(stamp.wall_utc), stamp.version, int(practice))
    genesis = genesis or new_genesis(row)
    connection.execute(
        insert(store),
        {
            "store_id": row.store_id,
            "created_at": stamp.wall_utc,
            "app_version": row.app_version,
            "practice": practice,
            "genesis": genesis,
        },
    )
    connection.execute(insert(chain_head), {"seq": 0, "hash": genesis})


def _head(connection: Connection) -> tuple[Head, list[Text]]:
    """Where the chain goes on: after the head row, unless events stand beyond it."""
    head = Head(*connection.execute(select(chain_head)).one())
    last = connection.execute(select(event.c.seq, event.c.hash).order_by(event.c.seq.desc())).first()
    if last is None or tuple(last) == (head.seq, head.hash):
        return head, [] if last or head.seq == 0 else [_lost(head.seq)]
    if last.seq <= head.seq:
        return head, [_lost(head.seq)]
    return Head(last.seq, last.hash), [say("Events were added to the record without the program, up to event "
                                           "{seq}. Have the record examined: bedside verify.",
                                           seq=last.seq)]  # fmt: skip


def _lost(seq: int) -> Text:
    return say("The record does not hold the last event it should hold, number {seq}. It goes on, and what is "
               "missing stays visible. Have the record examined: bedside verify.", seq=seq)  # fmt: skip


def _compare_file(connection: Connection, path: Path, head: Head) -> tuple[tuple[HeadDoubted, ...], tuple[Text, ...]]:
    """The head file may lie behind, after a crash. One that says anything else is kept as a witness."""
    told = read_head(head_path(path))
    doubt, text = _judged(connection, path, head, told)
    if doubt in ("ahead", "other"):
        keep_aside(path, told or head)
    write_head(path, head)
    return ((HeadDoubted(doubt, head.seq, told.seq if told else 0),), (text,)) if doubt and text else ((), ())


def _judged(connection: Connection, path: Path, head: Head, told: Head | None) -> tuple[Doubt | None, Text | None]:
    if told == head or (told is None and head.seq == 0):
        return None, None
    if told is None:
        return "missing", say("The file {file}, by which a missing end of the record is noticed, was not there. Compare the record "
                              "with the newest printed head: bedside verify --head.", file=head_path(path).name)  # fmt: skip
    if not _holds(connection, told):
        return "ahead" if told.seq > head.seq else "other", _lost(told.seq)
    if _is_a_crash(connection, told):
        return None, None
    return "older", say("The file {file} knows event {told} and the record ends with event {last}: it is older than a crash leaves "
                        "it. Compare the record with the newest printed head: bedside verify --head.",
                        file=head_path(path).name, told=told.seq, last=head.seq)  # fmt: skip


def _is_a_crash(connection: Connection, told: Head) -> bool:
    """Whether all that the head file does not know was written within moments before the record ended."""
    found = connection.exec_driver_sql("SELECT steady_s, boot_id FROM event WHERE seq > ? ORDER BY seq", (told.seq,)).fetchall()
    connection.rollback()
    try:
        times_s = [float(steady_s) for steady_s, _ in found]
    except ValueError:
        return False
    return len({boot for _, boot in found}) <= 1 and max(times_s, default=0.0) - min(times_s, default=0.0) <= _CRASH_S


def _holds(connection: Connection, told: Head) -> bool:
    if told.seq == 0:
        genesis = connection.exec_driver_sql("SELECT genesis FROM store").scalar_one()
    else:
        found = connection.exec_driver_sql("SELECT hash FROM event WHERE seq = ?", (told.seq,))
        genesis = found.scalar_one_or_none()
    connection.rollback()
    return bool(genesis == told.hash)
