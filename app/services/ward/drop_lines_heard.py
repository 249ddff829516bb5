"""The lines of a drop sensor at one bed, since its count last began; nothing of it is stored."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from app.domain.infusion.drops_seen import Dripped, DropsSeen, drops_seen
from app.domain.infusion.state import Infusion
from app.domain.vitals.vital_signs import Quality, Reading

_DROPS, _RATE = "drops", "drip_rate"
_KEPT = 20_000
_STREAM = 1000
"""More drops between two lines are no drops: another sensor, or one that has begun again."""


class DropLinesHeard:
    """Of the sensor that spoke last. One that begins again, or another one, begins anew: nobody counted what fell meanwhile."""

    def __init__(self) -> None:
        self._lines: list[Dripped] = []
        self._port, self._count = "", 0

    def take(self, readings: Sequence[Reading]) -> None:
        counts = {r.sample.frame: r for r in readings if r.sample.vital == _DROPS and r.sample.quality is Quality.OK}
        if not counts:
            return
        for reading in readings:
            counted = counts.get(reading.sample.frame)
            if reading.sample.vital == _RATE and counted is not None and counted.sample.value is not None:
                is_good = reading.sample.quality is Quality.OK
                self._add(counted, int(counted.sample.value), reading.sample.value if is_good else None)

    def _add(self, reading: Reading, count: int, rate: Decimal | None) -> None:
        fell = count - self._count
        if reading.port != self._port or not 0 <= fell <= _STREAM:
            self._lines.clear()
        drops = self._lines[-1].drops + fell if self._lines else 0
        self._lines.append(Dripped(reading.measured_at, drops, rate))
        self._port, self._count = reading.port, count
        if len(self._lines) > _KEPT:
            del self._lines[: _KEPT // 2]

    def seen(self, state: Infusion, now: datetime) -> DropsSeen | None:
        return drops_seen(state, self._lines, now)
