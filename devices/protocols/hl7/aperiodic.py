"""Which measurement is a new one, where every message repeats the last with the time it was made."""

from collections import deque
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from app.domain.vitals.vital_signs import Quality

_REMEMBERED = 32

Values: TypeAlias = tuple[Decimal | None, ...]


class _AperiodicMeasurement(NamedTuple):
    key: str
    at: datetime
    values: Values


class AperiodicMeasurements:
    """One connection's aperiodic measurements: the first sight of one is `ok`, its repeats are `stale`."""

    def __init__(self) -> None:
        self._known: deque[_AperiodicMeasurement] = deque(maxlen=_REMEMBERED)
        self._last: dict[str, Values] = {}

    def judge(self, key: str, values: Values, at: datetime | None, sent_at: datetime | None) -> Quality:
        """`at`: its own time, `sent_at`: the message's, by the same clock. Later than its message it is not believed.

        Where either is missing the age of the first is unknown: it is `questionable`, and one that differs is new.
        """
        is_first = key not in self._last
        is_repeat = self._is_repeat(key, values, at)
        self._last[key] = values
        if is_repeat:
            return Quality.STALE
        if at and sent_at:
            return Quality.IMPLAUSIBLE if at > sent_at else Quality.OK
        return Quality.QUESTIONABLE if is_first else Quality.OK

    def _is_repeat(self, key: str, values: Values, at: datetime | None) -> bool:
        if at is None:
            return self._last.get(key) == values
        this = _AperiodicMeasurement(key, at, values)
        is_known = this in self._known
        if not is_known:
            self._known.append(this)
        return is_known
