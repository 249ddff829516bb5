"""Where every infusion stands, by its events alone: what a table beside them says is for people's tools."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.corrected import patch
from app.domain.infusion.phases import TABLE, Phase
from app.domain.log import Event, UnknownKind, stream_of
from app.domain.streams import decode

from .canonical import utc_from_text

_AFTER = {(phase, kind.__name__): to for (phase, kind), to in TABLE.items()}
#: Events that lead from one phase to another; a correction opens a signed record again.
_LEADING = {kind.__name__ for (phase, kind), to in TABLE.items() if to is not phase}
_ENDS = {e.InfusionEnded.__name__, e.InfusionStopped.__name__}
_READ = {kind.__name__ for kind in (e.Ordered, e.WeightRecorded, e.Corrected)}


def _names(kinds: Iterable[str]) -> str:
    return ", ".join(f"'{kind}'" for kind in sorted(kinds))


#: One pass over the index `ix_event_leading`, whose condition this is; of an event that is not read itself no payload is fetched.
STANDING = f"""
SELECT event_id, stream, at, type, CASE WHEN type IN ({_names(_READ)}) THEN payload END
FROM event WHERE +type IN ({_names(_LEADING | _READ)}) ORDER BY seq"""
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
