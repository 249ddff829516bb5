"""Two beds that start close together leave one nurse unable to be in time at both: told at the start, never refused."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from app.domain.infusion.drip_volume import after_minutes
from app.domain.infusion.state import Infusion


class NearStart(msgspec.Struct, frozen=True):
    """The newest start at another bed, and from when a start here lies far enough from it."""

    bed: str
    started_at: datetime
    clear_at: datetime


Starts = Iterable[tuple[str, str, datetime | None]]
"""Of each infusion its id, its bed, and when it started."""


def near_start(state: Infusion, starts: Starts, now: datetime) -> NearStart | None:
    """None where the protocol sets no distance, or a start now is far enough from all the others."""
    apart_min = state.protocol.ward.starts_apart_min if state.protocol.ward else None
    if apart_min is None:
        return None
    others = ((at, bed) for infusion_id, bed, at in starts if infusion_id != state.infusion_id and at is not None)
    newest = max(others, default=None)
    if newest is None:
        return None
    started_at, bed = newest
    clear_at = after_minutes(started_at, apart_min)
    return NearStart(bed, started_at, clear_at) if now < clear_at else None
