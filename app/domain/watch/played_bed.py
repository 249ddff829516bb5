"""A bed whose alarms are played, of a story or of what was recorded: conditions, machine and log are the ward's own."""

from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.log import Entry
from app.domain.vitals.sources import WAITS
from app.domain.vitals.vital_signs import VITALS, Quality, Reading, Sample

from .alarm_log import Book, Entered, ended, entered, restored
from .bed_seen import BedSeen
from .conditions import verdicts
from .latch import Alarms, Stepped, acknowledged, closed, looked, reset

MONITOR = "monitor"
_ONE_CUFF = timedelta(seconds=5)


class PlayedBed:
    """`newest`, `gone`, `silent` as in `BedSeen`; `entries`: what the log of its alarms would hold; `news`: how many new ones."""

    def __init__(self, stream: str) -> None:
        self.newest: dict[str, Reading] = {}
        self.gone: dict[str, Reading] = {}
        self.silent: dict[str, datetime] = {}
        self.entries: list[Entry] = []
        self.alarms = Alarms()
        self.news = 0
        self._stream = stream
        self._book: Book = {}

    def hear(self, code: str, value: Decimal | None, quality: Quality, at: datetime) -> None:
        """What the monitor says of one vital sign."""
        reading = Reading(Sample(0, code, value, VITALS[code].unit, quality, ""), at, at, MONITOR, "", simulated=False)
        if quality is Quality.OK and value is not None:
            self.newest[code] = reading
            self.gone.pop(code, None)
            self._forget_other_mean(reading)
        elif quality not in WAITS:
            self.gone[code] = reading

    def _forget_other_mean(self, reading: Reading) -> None:
        mean = self.newest.get("nibp_map")
        if reading.sample.vital == "nibp_sys" and mean is not None and mean.measured_at < reading.measured_at - _ONE_CUFF:
            del self.newest["nibp_map"]

    def look(self, bed: BedSeen, now: datetime, of_patient: bool = False) -> None:
        self._take(looked(self.alarms, verdicts(bed, now, of_patient), now), now)

    def acknowledge(self, key: str, by: str, now: datetime) -> None:
        self._take(acknowledged(self.alarms, key, by, now), now)

    def reset(self, key: str, by: str, now: datetime) -> None:
        self._take(reset(self.alarms, key, by, now), now)

    def close(self, now: datetime) -> None:
        """Nobody watches it any more."""
        self._take(closed(self.alarms, now), now)
        self._write(ended(self._book, now), now)
        self._book = {}

    def restart(self) -> None:
        """The program ends without a farewell and begins anew from what it wrote."""
        self.alarms, self._book = restored(self.entries)

    def _take(self, stepped: Stepped, now: datetime) -> None:
        self.alarms, changes = stepped
        self.news += sum(change.is_news for change in changes)
        self._book, events = entered(self._book, self.alarms, changes, now)
        self._write(events, now)

    def _write(self, events: list[Entered], now: datetime) -> None:
        self.entries += [Entry("", self._stream, now, by, event) for event, by in events]
