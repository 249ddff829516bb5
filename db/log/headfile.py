"""The head of the chain once more, in a small file beside the store, so that a shortened store is noticed."""

import os
from pathlib import Path

import msgspec

from db import surely


class Head(msgspec.Struct, frozen=True):
    """The last event's number and hash; number 0 and the genesis before the first event."""

    seq: int
    hash: str


def head_path(store: Path) -> Path:
    return store.with_name(store.name + ".head")


def kept_paths(store: Path) -> list[Path]:
    """Head files that were put aside because the store did not hold what they say."""
    return sorted(store.parent.glob(f"{store.name}.head.kept-*"))


def read_head(file: Path) -> Head | None:
    """What a head file says; None when there is none or a crash left it unreadable."""
    try:
        return surely.read(file, Head)
    except (OSError, surely.NotWhole):
        return None


def write_head(store: Path, head: Head) -> bool:
    """Replace the head file in one step, surely on the disk. False if the disk would not."""
    try:
        surely.put(head_path(store), _line(head))
    except OSError:
        return False
    return True


def move_head(store: Path, head: Head) -> bool:
    """Bring the head file forward with a single write inside one disk sector: whole or not at all, and quick.

    A line is never shorter than the one before. False if the disk would not: a head file may lie behind.
    """
    try:
        handle = os.open(f"{store}.head", os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            return os.write(handle, _line(head)) > 0
        finally:
            os.close(handle)
    except OSError:
        return write_head(store, head)


def _line(head: Head) -> bytes:
    return msgspec.json.encode(head) + b"\n"


def keep_aside(store: Path, head: Head) -> Path:
    """Put a head file aside that says more than the store: it is the only witness of what is missing."""
    kept = store.with_name(f"{store.name}.head.kept-{head.seq}-{head.hash[:12]}")
    surely.move(head_path(store), kept)
    return kept
