"""Where every infusion stands, by its events alone: what a table beside them says is for people's tools."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.corrected import patch
from app.domain.infusion.phases import CLOSED, TABLE, Phase
from app.domain.log import Event, UnknownKind, stream_of
from app.domain.streams import decode
from db.statements import Driver

from .canonical import utc_from_text, utc_text

_AFTER = {(phase, kind.__name__): to for (phase, kind), to in TABLE.items()}
#: Events that lead from one phase to another; a correction opens a signed record again.
_LEADING = {kind.__name__ for (phase, kind), to in TABLE.items() if to is not phase}
_ENDS = {e.InfusionEnded.__name__, e.InfusionStopped.__name__}
_OVER = [phase for phase in CLOSED if phase is not Phase.SENT]
_READ = {kind.__name__ for kind in (e.Ordered, e.WeightRecorded, e.Corrected)}


def _names(kinds: Iterable[str]) -> str:
    return ", ".join(f"'{kind}'" for kind in sorted(kinds))


#: One pass over the index `ix_event_leading`, whose condition this is; of an event that is not read itself no payload is fetched.
STANDING = f"""
SELECT event_id, stream, at, type, CASE WHEN type IN ({_names(_READ)}) THEN payload END
FROM event WHERE +type IN ({_names(_LEADING | _READ)}) ORDER BY seq"""
_OF_THOSE = f"""
SELECT event_id, stream, at, type, CASE WHEN type IN ({_names(_READ)}) THEN payload END
FROM event WHERE stream IN (SELECT value FROM json_each(?)) AND +type IN ({_names(_LEADING | _READ)}) ORDER BY seq"""
#: By the table of infusions; and by the newest events, whatever the table says. Two questions: as one they have no quick way.
_BY_TABLE = f"""
SELECT infusion_id, phase = '{Phase.SENT}' FROM infusion
WHERE phase IS NULL OR phase NOT IN ({_names(_OVER)}) OR ended_at >= ? ORDER BY id"""
_BY_EVENTS = f"""
SELECT stream FROM event WHERE +type IN ({_names(_LEADING | _READ)}) AND seq > (SELECT max(seq) FROM event) - ?"""
_MORE_THAN = "SELECT id FROM infusion LIMIT 1 OFFSET ?"
#: All streams, the oldest first: from one stream to the next, however many events each of them has.
STREAMS = """
WITH RECURSIVE one(stream) AS (
    SELECT min(stream) FROM event
    UNION ALL SELECT (SELECT min(stream) FROM event WHERE stream > one.stream) FROM one WHERE one.stream IS NOT NULL
) SELECT stream FROM one WHERE stream IS NOT NULL ORDER BY (SELECT min(seq) FROM event WHERE event.stream = one.stream)"""


class Standing(msgspec.Struct):
    """`grp`: the dose group. `order`: as it was given; `is_whole`: whether all that was read of it fits together."""

    infusion_id: str
    subject: str
    bed: str
    grp: str
    dose_number: int
    order: e.Ordered
    phase: Phase = Phase.ORDERED
    weight_kg: Decimal | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    is_whole: bool = True


class AtHandOnly(NamedTuple):
    """Which infusions a ward begins with, of a record of more than a `few`: those that may be open, that `ended_since` a moment,
    so many of those that were `sent` last, and whatever the `newest_events` belong to.
    """

    ended_since: datetime
    sent: int
    few: int
    newest_events: int


def standings(rows: Iterable[tuple[str, str, str, str, str | None]]) -> list[Standing]:
    """Of rows of `STANDING`, the oldest infusion first. What does not begin with an order, or cannot be read, is left out here."""
    found: dict[str, Standing] = {}
    weights: dict[str, tuple[str, e.WeightRecorded]] = {}
    for event_id, stream, at, kind, payload in rows:
        known, standing = None if payload is None else _decoded(stream, payload), found.get(stream)
        if standing is None:
            if isinstance(known, e.Ordered):
                found[stream] = Standing(stream, known.subject, known.bed, known.group, known.dose_number, known)
            continue
        if isinstance(known, e.WeightRecorded):
            weights[stream] = event_id, known
        elif isinstance(known, e.Corrected):
            standing.is_whole &= _correct(weights, stream, known)
        if kind in _ENDS:
            standing.ended_at = utc_from_text(at)
        elif kind == e.Started.__name__:
            standing.started_at = utc_from_text(at)
        reached = _AFTER.get((standing.phase, kind))
        standing.is_whole &= reached is not None and (known is not None or kind not in _READ)
        standing.phase = reached or standing.phase
    for stream, (_, weight) in weights.items():
        found[stream].weight_kg = weight.weight_kg
    return list(found.values())


def standing_at_hand(raw: Driver, wanted: AtHandOnly) -> list[Standing] | None:
    """As their events tell them. None in a record of few infusions."""
    if raw.execute(_MORE_THAN, (wanted.few,)).fetchone() is None:
        return None
    by_table = list(raw.execute(_BY_TABLE, (utc_text(wanted.ended_since),)))
    found = {infusion_id for infusion_id, is_sent in by_table if not is_sent}
    found.update([infusion_id for infusion_id, is_sent in by_table if is_sent][-wanted.sent :])
    found.update(stream for (stream,) in raw.execute(_BY_EVENTS, (wanted.newest_events,)))
    return standings(raw.execute(_OF_THOSE, (msgspec.json.encode(list(found)).decode(),)))


def _decoded(stream: str, payload: str) -> Event | None:
    try:
        return decode("infusion", payload) if stream_of(stream).kind == "infusion" else None
    except (UnknownKind, msgspec.MsgspecError):
        return None


def _correct(weights: dict[str, tuple[str, e.WeightRecorded]], stream: str, change: e.Corrected) -> bool:
    """Whether it fits the weight, if it corrects one."""
    known = weights.get(stream)
    if known is None or known[0] != change.event_id:
        return True
    try:
        changed = patch(known[1], change.field, change.new)
    except msgspec.MsgspecError:
        return False
    if isinstance(changed, e.WeightRecorded):
        weights[stream] = change.event_id, changed
    return True
