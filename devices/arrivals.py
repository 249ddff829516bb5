"""When what arrives was so: now, a while ago because this machine was held up, or long ago because it is a memory print."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from msgspec.structs import replace

from app.domain.vitals.vital_signs import Quality, Reading, Sample, stamped

HELD_UP_S = 5.0
"""Nobody looked at the port for so long: what is read then has waited in a buffer."""
_RECORDS = 10
_FASTER = 3
_IN_STEP = 2
_ZERO = timedelta(0)
_frame_of = attrgetter("frame")


class Arrivals:
    """Stamps the samples of one connection. `speed`: how much faster record time runs than the wall.

    A device's clock is trusted for no date, but for how it goes. One that runs more than three times the wall over ten records
    prints what it remembers: `stale` until it is in step again. A step of it is one record, a burst after a short delay is none.
    What waited in a buffer is as old as the device's clock tells, since it was last in step; without such a clock it is `stale`.
    """

    def __init__(self, port: str, protocol: str, simulated: bool, speed: Callable[[], float]) -> None:
        self._port, self._protocol, self._simulated, self._speed = port, protocol, simulated, speed
        self._device_at: datetime | None = None
        self._at: datetime | None = None
        self._gone: deque[tuple[timedelta, timedelta]] = deque(maxlen=_RECORDS)
        """How far the device's clock and the wall went on between the newest records."""
        self._is_history = False
        self._in_step = 0

    def stamped(self, samples: Sequence[Sample], now: datetime, has_waited: bool) -> list[Reading]:
        if samples and samples[0].frame == samples[-1].frame:
            return self._record(samples, now, has_waited)
        records = (list(record) for _frame, record in groupby(samples, key=_frame_of))
        return [reading for record in records for reading in self._record(record, now, has_waited)]

    def _record(self, record: Sequence[Sample], now: datetime, has_waited: bool) -> list[Reading]:
        device_at = record[0].device_time or next((sample.device_time for sample in record if sample.device_time), None)
        return self._waited(record, device_at, now) if has_waited else self._came(record, device_at, now)

    def _came(self, record: Sequence[Sample], device_at: datetime | None, now: datetime) -> list[Reading]:
        if device_at is not None:
            self._follow(device_at, now)
        if self._is_history:
            record = [_stale(sample) for sample in record]
        return [stamped(sample, now, self._port, self._protocol, self._simulated) for sample in record]

    def _waited(self, record: Sequence[Sample], device_at: datetime | None, now: datetime) -> list[Reading]:
        """The device's clock says how long after the last record of before: no longer ago than that one, and not to come."""
        if device_at is None or self._device_at is None or self._at is None or self._is_history:
            return [self._reading(_stale(sample), now) for sample in record]
        at = self._at + (device_at - self._device_at)
        if not self._at <= at <= now + timedelta(seconds=HELD_UP_S):
            return [self._reading(_stale(sample), now) for sample in record]
        self._device_at, self._at = device_at, min(at, now)
        waited_s = (now - self._at).total_seconds()
        return [self._reading(sample, now, waited_s) for sample in record]

    def _reading(self, sample: Sample, now: datetime, waited_s: float = 0.0) -> Reading:
        reading = stamped(sample, now, self._port, self._protocol, self._simulated)
        if not waited_s:
            return reading
        return replace(reading, measured_at=reading.measured_at - timedelta(seconds=waited_s), waited_s=waited_s)

    def _follow(self, device_at: datetime, now: datetime) -> None:
        if self._device_at is not None and self._at is not None:
            went, wall = abs(device_at - self._device_at), now - self._at
            self._gone.append((went, wall))
            self._in_step = self._in_step + 1 if wall and (went <= wall or went <= _FASTER * wall) else 0
            if self._is_history and self._in_step >= _IN_STEP:
                self._is_history = False
                self._gone.clear()
            elif not self._is_history:
                self._is_history = self._runs_ahead()
        self._device_at, self._at = device_at, now

    def _runs_ahead(self) -> bool:
        """Without the longest step, which may be somebody who set it. At high speed the machine's own pauses look like a print."""
        if len(self._gone) < _RECORDS or self._in_step >= _RECORDS:
            return False
        went = [one for one, _wall in self._gone]
        gone, wall = sum(went, _ZERO) - max(went), sum((one for _went, one in self._gone), _ZERO)
        return gone > _FASTER * wall and (gone - wall).total_seconds() > HELD_UP_S * self._speed()


def _stale(sample: Sample) -> Sample:
    return replace(sample, quality=Quality.STALE) if sample.quality is Quality.OK else sample
