"""Where every infusion stands, by its events alone: what a table beside them says is for people's tools."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import msgspec
from sqlalchemy import case, null, select

from app.domain.infusion import facts as e
from app.domain.infusion.corrected import patch
from app.domain.infusion.phases import TABLE, Phase
from app.domain.log import Event, UnknownKind, stream_of
from app.domain.streams import decode
from db.schema import event

from .canonical import utc_from_text

_AFTER = {(phase, kind.__name__): to for (phase, kind), to in TABLE.items()}
#: Events that lead from one phase to another; a correction opens a signed record again.
_LEADING = {kind.__name__ for (phase, kind), to in TABLE.items() if to is not phase}
_ENDS = {e.InfusionEnded.__name__, e.InfusionStopped.__name__}
_READ = {kind.__name__ for kind in (e.Ordered, e.WeightRecorded, e.Corrected)}
STANDING = (
    select(event.c.event_id, event.c.stream, event.c.at, event.c.type,
           case((event.c.type.in_(_READ), event.c.payload), else_=null()).label("payload"))
    .where(event.c.type.in_(_LEADING | _READ))
    .order_by(event.c.seq)
)  # fmt: skip


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


class _Row(msgspec.Struct, frozen=True):
    event_id: str
    stream: str
    at: str
    type: str
    payload: str | None


def standings(rows: Iterable[tuple[str, str, str, str, str | None]]) -> list[Standing]:
    """Of rows of `STANDING`, the oldest infusion first. What does not begin with an order, or cannot be read, is left out here."""
    found: dict[str, Standing] = {}
    weights: dict[str, tuple[str, e.WeightRecorded]] = {}
    for values in rows:
        row = _Row(*values)
        known, standing = _decoded(row), found.get(row.stream)
        if standing is None:
            if isinstance(known, e.Ordered):
                found[row.stream] = Standing(row.stream, known.subject, known.bed, known.group, known.dose_number, known)
            continue
        if isinstance(known, e.WeightRecorded):
            weights[row.stream] = row.event_id, known
        elif isinstance(known, e.Corrected):
            _correct(weights, row.stream, known)
        if row.type in _ENDS:
            standing.ended_at = utc_from_text(row.at)
        elif row.type == e.Started.__name__:
            standing.started_at = utc_from_text(row.at)
        reached = _AFTER.get((standing.phase, row.type))
        standing.is_whole &= reached is not None and (known is not None or row.type not in _READ)
        standing.phase = reached or standing.phase
    for stream, (_, weight) in weights.items():
        found[stream].weight_kg = weight.weight_kg
    return list(found.values())


def _decoded(row: _Row) -> Event | None:
    try:
        is_infusion = stream_of(row.stream).kind == "infusion"
        return decode("infusion", row.payload) if is_infusion and row.payload else None
    except (UnknownKind, msgspec.MsgspecError):
        return None


def _correct(weights: dict[str, tuple[str, e.WeightRecorded]], stream: str, change: e.Corrected) -> None:
    event_id, weight = weights.get(stream, ("", None))
    if weight is None or event_id != change.event_id:
        return
    changed = patch(weight, change.field, change.new)
    if isinstance(changed, e.WeightRecorded):
        weights[stream] = event_id, changed
