"""Raw bytes of one port as they were read, with both clocks: JSON lines, gzip, a head first."""

import gzip
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from app.domain.errors import Refused
from app.domain.texts import say

SUFFIX = ".raw.gz"


class Head(msgspec.Struct, frozen=True, tag="head"):
    """Which port was read, and as what."""

    port: str
    protocol: str


class Chunk(msgspec.Struct, frozen=True, tag="bytes"):
    """What one read gave, nothing where a connection begins; `wall` is UTC, `steady_s` seconds since the laptop's boot."""

    wall: datetime
    steady_s: float
    data: bytes


_decoder: msgspec.json.Decoder[Head | Chunk] = msgspec.json.Decoder(Head | Chunk)


def packed(records: list[Head | Chunk]) -> bytes:
    """One gzip member, to be appended to a file."""
    return gzip.compress(b"".join(msgspec.json.encode(record) + b"\n" for record in records))


def read(path: Path) -> tuple[Head, Iterator[Chunk]]:
    """The head, and the chunks in order; a torn end is where it ends. Raises `Refused`, `OSError`."""
    records = _records(path)
    head = next(records, None)
    if not isinstance(head, Head):
        raise Refused(say("{file} is not a recording of a monitor's bytes.", file=path.name))
    return head, (record for record in records if isinstance(record, Chunk))


def _records(path: Path) -> Iterator[Head | Chunk]:
    with gzip.open(path) as file:
        try:
            for line in file:
                yield _decoder.decode(line)
        except (EOFError, zlib.error, gzip.BadGzipFile, msgspec.DecodeError):
            return
