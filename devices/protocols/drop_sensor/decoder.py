"""A drop sensor's lines: drops counted by the sensor itself, their rate, and the lines that were lost between.

A lost line loses no drop: the next one bears the count. What falls while the sensor is off, or after it has begun at 0
again, nobody has seen: then the rate is unknown until two more drops.
"""

from collections import deque
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.domain.vitals.vital_signs import Quality, Sample
from devices.protocols.lines import LineDecoder

from .drop_lines import WHOLE, DropLine, opened

DROPS, RATE = "drops", "drip_rate"
DROPS_UNIT, RATE_UNIT = "drops", "gtt/min"
_SOURCE = "drop sensor"
_CLOCK_BEGINS = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE_MS = 60_000
_TENTH = Decimal("0.1")

AVERAGED = 8
"""Intervals between drops that a rate is the mean of, or fewer within `AVERAGED_MS`."""
AVERAGED_MS = 30_000
STOPPED_MS = 30_000
"""So long without a drop and it does not drip: below two a minute nobody sets a clamp."""
_FASTEST = 300
"""More drops a minute are a stream, or a sensor that counts one drop twice."""
_FAR = WHOLE // 2


class DropSensor(LineDecoder):
    """Decoder of one connection: `feed` gives samples in wire order, see `devices.protocols.Decoder`.

    Each line gives the sensor's count and the rate; `lost lines` and `begun again` are counted among what is unread.
    """

    def __init__(self) -> None:
        super().__init__()
        self._fallen: deque[DropLine] = deque(maxlen=AVERAGED + 1)
        """The newest drops; the clock of each is unrolled, so that it only grows."""
        self._last: DropLine | None = None
        self._lost = 0
        self._begun_again = 0

    def _read(self, frame: int, line: bytes, /) -> list[Sample] | None:
        told = opened(line)
        if told is None:
            return None
        now = self._follow(told)
        self._last = now
        at = _CLOCK_BEGINS + timedelta(milliseconds=now.ms)
        rate, quality = self._rate(now.ms)
        return [
            Sample(frame, DROPS, Decimal(told.drops), DROPS_UNIT, Quality.OK, _SOURCE, at, at),
            Sample(frame, RATE, rate, RATE_UNIT, quality, _SOURCE, at, at),
        ]

    def _follow(self, told: DropLine) -> DropLine:
        """What is told, its numbers unrolled, after what was told before."""
        last = self._last
        if last is None:
            return told
        drops, ms = (told.drops - last.drops) % WHOLE, (told.ms - last.ms) % WHOLE
        if drops >= _FAR or ms >= _FAR or (drops and not ms):
            return self._begin_again(told)
        now = DropLine(last.drops + drops, last.ms + ms)
        if drops > 1:
            self._lost += drops - 1
            self.unmapped.note("lost lines", str(self._lost))
        if drops:
            self._fallen.append(now)
        return now

    def _begin_again(self, told: DropLine) -> DropLine:
        """The sensor was off, or another one is on the line."""
        self._begun_again += 1
        self.unmapped.note("begun again", str(self._begun_again))
        self._fallen.clear()
        return told

    def _rate(self, now_ms: int) -> tuple[Decimal | None, Quality]:
        """Drops a minute over the newest intervals; a drop that is overdue makes it less, until it stands still."""
        while len(self._fallen) > 2 and self._fallen[-1].ms - self._fallen[0].ms > AVERAGED_MS:
            self._fallen.popleft()
        if len(self._fallen) < 2:
            return None, Quality.UNAVAILABLE
        first, newest = self._fallen[0], self._fallen[-1]
        waited_ms = now_ms - newest.ms
        if waited_ms >= STOPPED_MS:
            return Decimal(0), Quality.OK
        drops, ms = newest.drops - first.drops, newest.ms - first.ms
        rate = Decimal(drops * _MINUTE_MS) / ms
        if waited_ms * drops > ms:
            rate = Decimal(_MINUTE_MS) / waited_ms
        return rate.quantize(_TENTH), Quality.OK if rate <= _FASTEST else Quality.IMPLAUSIBLE
