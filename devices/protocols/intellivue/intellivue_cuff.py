"""When a cuff's value is new: an IntelliVue repeats it in every answer, with the time of its measurement."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.vitals.vital_signs import Quality

_AHEAD = timedelta(seconds=2)
"""Both times are whole seconds, so a value just measured may seem to lie a little ahead."""


class IntelliVueCuff:
    """One connection's last measurement: its first sight is `ok`, its repeats are `stale`."""

    def __init__(self) -> None:
        self._last: object = None
        self._new_expected = False

    def measuring(self) -> None:
        """A measurement is going on: the next value is new even if it looks like the last."""
        self._new_expected = True

    def judge(self, values: Sequence[Decimal | None], measured_at: datetime | None, device_time: datetime | None) -> Quality:
        """Quality of a whole and unflagged value. Without a time of both, a value already there at first is old."""
        this, before = measured_at or tuple(values), self._last
        expected, self._new_expected = self._new_expected, False
        self._last = this
        if measured_at and device_time and measured_at - device_time > _AHEAD:
            return Quality.IMPLAUSIBLE
        if this == before:
            return Quality.OK if expected and not measured_at else Quality.STALE
        has_age = measured_at is not None and device_time is not None
        return Quality.OK if has_age or expected or before is not None else Quality.STALE
