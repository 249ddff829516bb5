"""A drop sensor's lines: drops counted by the sensor itself, their rate, and the lines that were lost between.

A lost line loses no drop: the next one bears the count. What falls while the sensor is off, or after it has begun at 0
again, nobody has seen: then the rate is unknown until two more drops.
"""

from collections import deque
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from app.domain.vitals.vital_signs import Quality, Sample
from devices.protocols.lines import LineDecoder

from .drop_lines import WHOLE, opened

DROPS, RATE = "drops", "drip_rate"
DROPS_UNIT, RATE_UNIT = "drops", "gtt/min"
_SOURCE = "drop sensor"
_OK = Quality.OK  # Python 3.11 takes ten times as long to look it up in its class
_MINUTE_MS = 60_000

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
        self._fallen: deque[tuple[int, int]] = deque(maxlen=AVERAGED + 1)
        """The newest drops, each with the clock when it fell; both are unrolled, so that they only grow."""
        self._last: tuple[int, int] | None = None
        self._lost = 0
        self._begun_again = 0

    def _read(self, frame: int, line: bytes, /) -> list[Sample] | None:
        told = opened(line)
        if told is None:
            return None
        self._last = self._follow(*told)
        now_ms = self._last[1]
        at = datetime.fromtimestamp(now_ms / 1000, UTC)
        rate, quality = self._rate(now_ms)
        return [
            Sample(frame, DROPS, Decimal(told[0]), DROPS_UNIT, _OK, _SOURCE, at, at),
            Sample(frame, RATE, rate, RATE_UNIT, quality, _SOURCE, at, at),
        ]

    def _follow(self, told_drops: int, told_ms: int) -> tuple[int, int]:
        """What is told, its numbers unrolled, after what was told before."""
        if self._last is None:
            return told_drops, told_ms
        last_drops, last_ms = self._last
        drops, ms = (told_drops - last_drops) % WHOLE, (told_ms - last_ms) % WHOLE
        if drops >= _FAR or ms >= _FAR or (drops and not ms):
            self._begin_again()
            return told_drops, told_ms
        now = last_drops + drops, last_ms + ms
        if drops > 1:
            self._lost += drops - 1
            self.unmapped.note("lost lines", str(self._lost))
        if drops:
            self._fallen.append(now)
        return now

    def _begin_again(self) -> None:
        """The sensor was off, or another one is on the line."""
        self._begun_again += 1
        self.unmapped.note("begun again", str(self._begun_again))
        self._fallen.clear()

    def _rate(self, now_ms: int) -> tuple[Decimal | None, Quality]:
        """Drops a minute over the newest intervals; a drop that is overdue makes it less, until it stands still."""
        fallen = self._fallen
        if len(fallen) < 2:
            return None, Quality.UNAVAILABLE
        newest, newest_ms = fallen[-1]
        while len(fallen) > 2 and newest_ms - fallen[0][1] > AVERAGED_MS:
            fallen.popleft()
        waited_ms = now_ms - newest_ms
        if waited_ms >= STOPPED_MS:
            return Decimal(0), _OK
        first, first_ms = fallen[0]
        drops, ms = newest - first, newest_ms - first_ms
        if waited_ms * drops > ms:
            drops, ms = 1, waited_ms
        quality = _OK if drops * _MINUTE_MS <= _FASTEST * ms else Quality.IMPLAUSIBLE
        return _tenths(_rounded(10 * drops * _MINUTE_MS, ms)), quality


def _rounded(number: int, by: int) -> int:
    """Their quotient; a half goes to the even one, as `Decimal` rounds."""
    whole, rest = divmod(number, by)
    return whole + (2 * rest > by or (2 * rest == by and whole % 2 == 1))


@lru_cache(4096)
def _tenths(number: int) -> Decimal:
    return Decimal(number).scaleb(-1)
