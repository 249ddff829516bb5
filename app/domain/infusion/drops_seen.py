"""What a drop sensor on the drip chamber says, drop by drop and beside the counted drops; never by itself a command."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from .drip_volume import minutes
from .phases import Phase
from .state import Infusion


class Dripped(msgspec.Struct, frozen=True):
    """One line of the sensor, in record time: all drops that fell since the first line, and the rate, None where it knows none."""

    at: datetime
    drops: int
    rate_gtt_min: Decimal | None


class DropsSeen(msgspec.Struct, frozen=True):
    """`rate_gtt_min` is that of now. `counted` drops fell within the newest minute, at `counted_gtt_min`; None: too few.

    `delivered_ml` since `from_at`: since the bag hangs, or since the sensor counts without a gap. `off_since`: since when
    every rate was further from the set one than the trial allows; None while that is no minute yet.
    """

    at: datetime
    rate_gtt_min: Decimal | None
    from_at: datetime
    delivered_ml: Decimal
    counted: int = 0
    counted_gtt_min: Decimal | None = None
    off_since: datetime | None = None


def drops_seen(state: Infusion, lines: Sequence[Dripped], now: datetime) -> DropsSeen | None:
    """Of the lines of one sensor in order of time, none lost; None without a bag that hangs, or where the newest is not of now."""
    hanging = state.hanging
    if hanging is None or hanging.hung_at is None or state.drop_factor is None or not lines:
        return None
    newest, recent = lines[-1], timedelta(seconds=state.protocol.vitals.max_age_s)
    if now - newest.at > recent:
        return None
    begun = lines[max(0, bisect_right(lines, hanging.hung_at, key=_at) - 1)]
    near = lines[bisect_left(lines, newest.at - recent, key=_at)]
    fell = newest.drops - near.drops
    off_since = _off_since(state, lines)
    return DropsSeen(
        newest.at,
        newest.rate_gtt_min,
        begun.at,
        Decimal(newest.drops - begun.drops) / state.drop_factor,
        fell,
        Decimal(fell) / minutes(newest.at - near.at) if fell else None,
        off_since if off_since and newest.at - off_since >= recent else None,
    )


def _at(line: Dripped) -> datetime:
    return line.at


def _off_since(state: Infusion, lines: Sequence[Dripped]) -> datetime | None:
    """Back to when the clamp was last set, or to the last rate that was right."""
    pct, target, set_at = state.protocol.delivery.rate_off_pct, state.rate_gtt_min, state.rate_set_at
    if state.phase is not Phase.RUNNING or pct is None or target is None or set_at is None:
        return None
    since = None
    for line in reversed(lines):
        rate = line.rate_gtt_min
        if line.at < set_at or rate is None or abs(rate - target) * 100 <= pct * target:
            break
        since = line.at
    return since
