"""Files that are whole or not there, and surely on the disk: first what is in them, then their name."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")
#: No file of ours is larger.
_MOST_BYTES = 1 << 20
#: For this person alone, from the first byte.
_PRIVATE = 0o600


class NotWhole(Exception):
    """What lies in a file is not what was put there."""


def read(path: Path, kind: type[T]) -> T:
    """A small JSON file as `kind`. Raises `NotWhole`, `OSError`."""
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES + 1)
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotWhole(path.name) from error


def put(path: Path, data: bytes, part: Path | None = None) -> None:
    """Replace a file in one step; what stood there stands until then. `part`: where it is written first. Raises `OSError`."""
    new = part or path.with_name(path.name + ".new")
    try:
        with suppress(FileNotFoundError):
            new.unlink()
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _PRIVATE), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        move(new, path)
    except OSError:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise


def move(new: Path, path: Path) -> None:
    """Give a file that is on the disk its name, surely. Raises `OSError`."""
    os.replace(new, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """A name is on the disk only when its folder is; Windows sees to that itself. Raises `OSError`."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
