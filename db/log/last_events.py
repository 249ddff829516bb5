"""The newest events of a log, with the laptop's clocks when they were saved."""

from contextlib import closing
from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.log import UnknownKind, stream_of
from db.statements import Driver

from .batch import Stamp
from .canonical import utc_from_text

_NEWEST_FIRST = """
SELECT seq, hash, stream, at, wall_utc, utc_offset_min, steady_s, boot_id, laptop, version FROM event ORDER BY seq DESC"""


class LastEvent(msgspec.Struct, frozen=True):
    """An event that nothing follows, with the laptop's clocks when it was saved."""

    seq: int
    hash: str
    at: datetime
    stamp: Stamp


def last_event(raw: Driver) -> LastEvent | None:
    row = raw.execute(f"{_NEWEST_FIRST} LIMIT 1").fetchone()
    return None if row is None else _last(*row)


def last_watched(raw: Driver) -> LastEvent | None:
    """The newest of an infusion.

    What happened to anything else does not count: it is also written while nobody watches.
    """
    with closing(raw.execute(_NEWEST_FIRST)) as newest_first:
        row = next((row for row in newest_first if _is_infusion(row[2])), None)
    return None if row is None else _last(*row)


def _is_infusion(stream: str) -> bool:
    try:
        return stream_of(stream).kind == "infusion"
    except UnknownKind:
        return False


def _last(
    seq: int, hash_: str, _: str, at: str, wall_utc: str, offset_min: int, steady_s: str, boot_id: str, laptop: str, version: str
) -> LastEvent:
    """Of a row of `_NEWEST_FIRST`."""
    stamp = Stamp(utc_from_text(wall_utc), offset_min, Decimal(steady_s), boot_id, laptop, version)
    return LastEvent(seq, hash_, utc_from_text(at), stamp)
