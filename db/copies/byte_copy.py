"""A large store copied byte for byte while it is in use: its pages stay encrypted as they are, none is opened and closed anew.

The caller holds a read transaction until it is done. While one is held, the database moves nothing from the write-ahead log
into the file but what was saved before it, and begins that log anew only where all of it is in the file. So the file, and after it
the log, copied in this order, are together the record as of the beginning of the transaction or of a later moment. A page that
was being written into the file stands in the log too, from where it is taken when the copy is first opened. A log that begins anew
while it is copied is copied from its beginning: the old one's first part would take pages back to what they were before.
"""

import os
from collections.abc import Callable
from contextlib import closing
from functools import partial
from io import FileIO
from pathlib import Path

from db.store_errors import given_up

from .encrypting import new_copy

_CHUNK = 1 << 20
#: Of the write-ahead log; it is written before the first frame.
_HEADER = 32
#: By device and file number. Closing one descriptor of a file takes all of a process's locks on it away, also those by which
#: the database keeps other programs from its log; so none is closed while the program runs. Windows keeps locks by descriptor.
_OPEN: dict[tuple[int, int], int] = {}
_KEEPS_OPEN = os.name == "posix"


def copy_bytes(path: Path, target: Path, key: bytes | None, progress: Callable[[float], bool]) -> None:
    """Copy a store to where nothing stands, as one file. Raises `OSError`, `driver.Error`, `StoreError` where it is given up."""
    path = path.resolve()  # beside the file itself lies the log, not beside a link to it
    log = path.with_name(path.name + "-wal")
    total = max(1, path.stat().st_size)
    descriptor = _descriptor(path)
    try:
        _copy(partial(_read_at, descriptor), target, lambda done: progress(min(1.0, done / total)))
    finally:
        if not _KEEPS_OPEN:
            os.close(descriptor)
    if log.exists():
        _copy_log(log, target.with_name(target.name + "-wal"), lambda _done: progress(1.0))
    _settle(target, key)


def _copy_log(log: Path, beside: Path, go_on: Callable[[int], bool]) -> None:
    """Again where it began anew meanwhile, which its header tells."""
    with log.open("rb", buffering=0) as source:  # no lock is kept on it
        begins = None
        while begins != (begins := _beginning(source)):
            beside.unlink(missing_ok=True)
            source.seek(0)
            end = os.fstat(source.fileno()).st_size  # what is saved from now on is not run after
            _copy(partial(_read_until, source, end), beside, go_on)


def _beginning(log: FileIO) -> bytes:
    log.seek(0)
    return log.read(_HEADER)


def _read_until(log: FileIO, end: int, at: int) -> bytes:
    return log.read(min(_CHUNK, end - at))


def _descriptor(path: Path) -> int:
    if not _KEEPS_OPEN:
        return os.open(path, os.O_RDONLY | os.O_BINARY)  # type: ignore[attr-defined,unused-ignore]
    there = path.stat()
    known = there.st_dev, there.st_ino
    if known not in _OPEN:
        _OPEN[known] = os.open(path, os.O_RDONLY)
    return _OPEN[known]


def _read_at(descriptor: int, at: int) -> bytes:
    """Several copies may be made at once of one descriptor; where each has its own, it goes on by itself."""
    return os.pread(descriptor, _CHUNK, at) if _KEEPS_OPEN else os.read(descriptor, _CHUNK)


def _copy(read: Callable[[int], bytes], target: Path, go_on: Callable[[int], bool]) -> None:
    """From its beginning to its end, surely on the disk."""
    done = 0
    with target.open("xb") as copy:
        while chunk := read(done):
            copy.write(chunk)
            done += len(chunk)
            if not go_on(done):
                raise given_up()
        copy.flush()
        os.fsync(copy.fileno())


def _settle(target: Path, key: bytes | None) -> None:
    """What stands in the log beside it goes into the file; then there is one file."""
    with closing(new_copy(target, key)) as copy:
        copy.execute("PRAGMA locking_mode = EXCLUSIVE")  # a log without memory that is shared, which not every stick has
        copy.execute("SELECT count(*) FROM sqlite_master").fetchone()
        copy.execute("PRAGMA journal_mode = DELETE")
