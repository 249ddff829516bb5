"""When a cuff pressure of an S/5 is new: its records repeat the last one and give it no time of its own."""

from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from app.domain.vitals.vital_signs import Quality, plausible_pressure

MEASURING = 1 << 5
CALIBRATING = 1 << 7
OLDER_THAN_60_S = 1 << 8

Triple: TypeAlias = tuple[Decimal | None, Decimal | None, Decimal | None]
"""Systolic, diastolic, mean in mmHg."""


class S5Cuff:
    """One connection's last triple: the first whole one after a measurement is `ok`, its repeats are `stale`."""

    def __init__(self) -> None:
        self._last: Triple | None = None
        self._measured_at: datetime | None = None
        self._new_expected = False

    def judge(self, label: int, triple: Triple, at: datetime) -> tuple[Quality, datetime | None]:
        """Quality of the triple in a record of the device's time `at`, and when it was measured, if known."""
        if label & MEASURING:
            self._new_expected = True
            return Quality.MEASURING, self._measured_at if triple == self._last else None
        if not any(triple):
            return Quality.UNAVAILABLE, None
        if label & CALIBRATING or None in triple:
            return Quality.QUESTIONABLE, None
        if not _possible(triple):
            return Quality.IMPLAUSIBLE, None
        return self._whole(bool(label & OLDER_THAN_60_S), triple, at)

    def _whole(self, is_old: bool, triple: Triple, at: datetime) -> tuple[Quality, datetime | None]:
        """A triple once called old cannot become young again, so a young one after it is new."""
        has_changed = triple != self._last
        is_new = not is_old and (has_changed or self._new_expected)
        self._last, self._new_expected = triple, is_old
        if is_new:
            self._measured_at = at
        elif has_changed:
            self._measured_at = None
        return (Quality.OK if is_new else Quality.STALE), self._measured_at


def _possible(triple: Triple) -> bool:
    sys, dia, mean = triple
    return sys is not None and dia is not None and plausible_pressure(sys, dia, mean)
