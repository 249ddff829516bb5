"""Entries that only bind samples into the chain, one a minute for hours: kept as 72 bytes each, made again when asked for."""

import re
import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from .infusion.facts import SamplesSealed
from .log import Entry

#: Before which of the other entries it stands, its time and its minute (µs since 1970), how many, its id and their SHA-256.
_ROW = struct.Struct("<IqqI16s32s")
_ID, _SHA256 = re.compile("[0-9a-f]{32}"), re.compile("[0-9a-f]{64}")
_BEGAN, _US = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_FORM = 2
_MOST = 1 << 32


def packed(entry: Entry, place: int) -> bytes:
    """`place`: how many other entries stand before it. Empty for whatever would not be made again as it is."""
    event = entry.event
    if not isinstance(event, SamplesSealed) or not (_ID.fullmatch(entry.event_id) and _SHA256.fullmatch(event.sha256)):
        return b""
    if not 0 <= event.count < _MOST or not (entry.at.tzinfo is event.minute.tzinfo is UTC):
        return b""
    event_id, sha256 = bytes.fromhex(entry.event_id), bytes.fromhex(event.sha256)
    row = _ROW.pack(place, _us(entry.at), _us(event.minute), event.count, event_id, sha256)
    return row if _unpacked(row, entry.stream)[1] == entry else b""


def _us(at: datetime) -> int:
    return (at - _BEGAN) // _US


def _unpacked(row: bytes, stream: str) -> tuple[int, Entry]:
    place, at, minute, count, event_id, sha256 = _ROW.unpack(row)
    sealed = SamplesSealed(_BEGAN + minute * _US, count, sha256.hex(), (), _FORM)
    return place, Entry(event_id.hex(), stream, _BEGAN + at * _US, None, sealed)


def whole(entries: Sequence[Entry], rows: bytes, stream: str) -> Iterator[Entry]:
    """All entries in order: the seals among the others."""
    stands = 0
    for at in range(0, len(rows), _ROW.size):
        place, seal = _unpacked(rows[at : at + _ROW.size], stream)
        yield from entries[stands:place]
        yield seal
        stands = place
    yield from entries[stands:]
