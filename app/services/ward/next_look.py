"""When the ward is looked at next: at each full second, and before that only for what is due before it."""

from datetime import datetime, timedelta

SECOND = timedelta(seconds=1)
#: Looks for what is due come no denser than that.
_DENSEST = timedelta(seconds=0.1)
#: Real seconds between two looks while time runs fast.
_FAST_S = 0.25


def full_second(now: datetime) -> datetime:
    """The next one."""
    return now.replace(microsecond=0) + SECOND


def wait_s(now: datetime, due_at: datetime | None, speed: float) -> float:
    """Real seconds until the next look. `due_at`: when something is due, as far as anything is before the full second."""
    second = full_second(now)
    at = second if due_at is None else min(second, max(due_at, now + _DENSEST))
    left_s = (at - now).total_seconds() / speed
    return left_s if speed <= 1 else max(_FAST_S, left_s)
