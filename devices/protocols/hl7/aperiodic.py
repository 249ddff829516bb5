"""Which measurement is a new one, where every message repeats the last with the time it was made."""

from collections import deque
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from app.domain.vitals.vital_signs import Quality

_REMEMBERED = 32
AHEAD = timedelta(seconds=5)
"""So much later than its message a measurement may be: monitors round the one up and cut the other off."""

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
        """`at`: its own time, `sent_at`: the message's, by the same clock. Much later than its message it is not believed,
        and not remembered: the same one is new when its time has come.

        Where either is missing the age of the first is unknown: it is `questionable`, and one that differs is new.
        """
        if self._is_repeat(key, values, at):
            return Quality.STALE
        if at and sent_at and at > sent_at + AHEAD:
            return Quality.IMPLAUSIBLE
        is_first = key not in self._last
        self._last[key] = values
        if at:
            self._known.append(_AperiodicMeasurement(key, at, values))
        if at and sent_at:
            return Quality.OK
        return Quality.QUESTIONABLE if is_first else Quality.OK

    def _is_repeat(self, key: str, values: Values, at: datetime | None) -> bool:
        return self._last.get(key) == values if at is None else _AperiodicMeasurement(key, at, values) in self._known
