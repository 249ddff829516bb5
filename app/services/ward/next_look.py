"""When the ward is looked at next: at each full second, and before that only for what is due before it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

SECOND = timedelta(seconds=1)
#: Looks for what is due come no denser than that.
_DENSEST = timedelta(seconds=0.1)
#: Real seconds between two looks while time runs fast.
_FAST_S = 0.25


def full_second(now: datetime) -> datetime:
    """The next one."""
    return now.replace(microsecond=0) + SECOND


def wait_s(now: datetime, due: Iterable[datetime | None], speed: float) -> float:
    """Real seconds until the next look. `due`: when something is, as far as anything is before the full second."""
    at = min([full_second(now), *(max(at, now + _DENSEST) for at in due if at is not None)])
    left_s = (at - now).total_seconds() / speed
    return left_s if speed <= 1 else max(_FAST_S, left_s)
