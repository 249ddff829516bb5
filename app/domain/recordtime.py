"""Record time: one line of time that never runs backwards, whatever the laptop's wall clock does."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

STEP_S = 2.0


class Moment(msgspec.Struct, frozen=True):
    """What the laptop's clocks say at once: wall (UTC), steady seconds since boot, and which boot."""

    wall: datetime
    steady_s: float
    boot_id: str


class Resumption(msgspec.Struct, frozen=True):
    """Where record time goes on after a restart. `known` False: how long nobody watched is not known."""

    at: datetime
    known: bool


def resume(last_at: datetime, last: Moment, now: Moment, longest: timedelta | None = None) -> Resumption:
    """Where record time stands now, after the last saved moment of the record.

    Within one boot the boot clock decides; after a reboot the wall clock, if it is ahead of the record by no more than
    `longest` (None: however far) and was not stepped. Otherwise the elapsed time is unknown and record time waits where the
    record ended, until a person says.
    """
    if now.boot_id == last.boot_id and now.steady_s >= last.steady_s:
        return Resumption(last_at + timedelta(seconds=now.steady_s - last.steady_s), True)
    was_stepped = abs((last_at - last.wall).total_seconds()) > STEP_S
    too_far = longest is not None and now.wall - last_at > longest
    if now.wall >= last_at and not was_stepped and not too_far:
        return Resumption(now.wall, True)
    return Resumption(last_at, False)


def wall_step_s(before: Moment, now: Moment) -> float:
    """By how much the wall clock was moved between two moments of one boot; 0 within 2 s."""
    step = (now.wall - before.wall).total_seconds() - (now.steady_s - before.steady_s)
    return step if abs(step) > STEP_S else 0.0


class Watched(NamedTuple):
    """Until when somebody watched: record time, and the laptop's clocks."""

    at: datetime
    moment: Moment


def heartbeat(value: Any) -> Watched | None:
    """None for what is none; times without their zone, or before the boot, could be held against nothing."""
    try:
        fields = {key: value[key] for key in ("wall", "steady_s", "boot_id")}
        mark = Watched(datetime.fromisoformat(value["at"]), msgspec.convert(fields, Moment))
    except (KeyError, TypeError, ValueError, msgspec.ValidationError):
        return None
    return mark if mark.at.tzinfo and mark.moment.wall.tzinfo and mark.moment.steady_s >= 0 else None


#: A practice clock runs at most so many times faster.
_FASTEST = 1200


def is_believed(mark: Watched, last: Watched, now: Moment, practice: bool) -> bool:
    """Whether a heartbeat can be true: no event tells of it, so it must not push record time where nothing else would.

    It lies behind the last event or the wall clock; beyond both the steady clock of the boot that goes on must account for it.
    """
    if mark.at <= max(last.at, now.wall) + timedelta(seconds=STEP_S):
        return True
    passed_s = mark.moment.steady_s - last.moment.steady_s
    is_one_boot = mark.moment.boot_id == last.moment.boot_id == now.boot_id and mark.moment.steady_s <= now.steady_s + STEP_S
    return is_one_boot and (mark.at - last.at).total_seconds() <= passed_s * (_FASTEST if practice else 1) + STEP_S
