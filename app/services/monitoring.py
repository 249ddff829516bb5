"""What the monitor of one bed says: newest values, their ages, the trend, and the samples to be saved."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.domain import events as e
from app.domain.protocol import VitalsRules
from app.domain.vitals import NIBP, VITALS, Quality, Reading, chartable, usable
from db.batch import SampleRow
from db.chain import seal
from devices.link import LinkState, LinkStatus

from .trend import Trend

_SECOND = timedelta(seconds=1)
_BESIDE = timedelta(seconds=15)
SEAL_AFTER = timedelta(seconds=65)


class Watched:
    """One infusion's view of its monitor. `link` None: no monitor is connected to this bed."""

    def __init__(self, infusion_id: str, rules: VitalsRules, began_at: datetime, practice: bool = False) -> None:
        self.infusion_id = infusion_id
        self.trend = Trend()
        self.link: LinkStatus | None = None
        self.link_was_live = False
        self._rules, self._began_at, self._practice = rules, began_at, practice
        self._good: dict[str, Reading] = {}
        self._last: dict[str, Reading] = {}
        self._saved_at: dict[str, datetime] = {}
        self._minutes: dict[datetime, list[SampleRow]] = {}

    def take(self, readings: Iterable[Reading]) -> list[SampleRow]:
        """Remember what arrived; give back the samples to save: at most one a second a vital sign, never filled."""
        return [row for reading in readings for row in self._take(reading)]

    def keep(self, rows: Iterable[SampleRow]) -> None:
        """Saved rows wait for the seal of their minute."""
        for row in rows:
            self._minutes.setdefault(row.t.replace(second=0, microsecond=0), []).append(row)

    def _take(self, reading: Reading) -> list[SampleRow]:
        sample = reading.sample
        if sample.vital not in VITALS:
            return []
        before = self._last.get(sample.vital)
        is_good = chartable(sample, self._practice)
        if is_good and self._is_outdated(reading):
            return []
        if before is not None and not is_good and self._is_beside(before, reading):
            return []
        self._last[sample.vital] = reading
        if is_good and sample.value is not None:
            self._good[sample.vital] = reading
            self.trend.add(sample.vital, reading.measured_at, float(sample.value))
            return self._row(reading)
        changed = before is None or before.sample.quality is not sample.quality
        if changed and sample.vital not in NIBP:
            self.trend.break_off(sample.vital, reading.received_at)
        return self._row(reading) if changed else []

    def _is_outdated(self, reading: Reading) -> bool:
        """Whether a newer value is there already: a cuff's pulse comes beside the oximeter's, but later."""
        good = self._good.get(reading.sample.vital)
        return good is not None and reading.measured_at < good.measured_at

    @staticmethod
    def _is_beside(speaking: Reading, reading: Reading) -> bool:
        """Whether only a second source has no value, beside the one that speaks for this vital sign."""
        is_other = speaking.sample.source != reading.sample.source
        return is_other and reading.received_at - speaking.received_at <= _BESIDE

    def _row(self, reading: Reading) -> list[SampleRow]:
        sample, at = reading.sample, reading.received_at
        saved_at = self._saved_at.get(sample.vital)
        if saved_at is not None and at - saved_at < _SECOND:
            return []
        self._saved_at[sample.vital] = at
        value = sample.value if chartable(sample, self._practice) else None
        return [SampleRow(self.infusion_id, sample.vital, at, value, sample.quality.value, sample.source)]

    def seals(self, now: datetime) -> list[e.SamplesSealed]:
        """Bind each minute that is over into the chain, a little later so that nothing arrives in it any more.

        The minute in which watching began may hold rows of before a restart and is left unsealed.
        """
        over = [minute for minute in self._minutes if now >= minute + SEAL_AFTER]
        sealed = [e.SamplesSealed(minute, *seal(self._minutes.pop(minute))) for minute in sorted(over)]
        return [s for s in sealed if s.minute > self._began_at]

    def newest(self, vital: str) -> Reading | None:
        """The newest chartable value, however old."""
        return self._good.get(vital)

    def why_none(self, vital: str) -> Quality | None:
        """What the monitor says now where it gives no chartable value; None where it does or never spoke."""
        last = self._last.get(vital)
        return None if last is None or chartable(last.sample, self._practice) else last.sample.quality

    def for_check(self, now: datetime) -> dict[str, Reading]:
        """The values that a check may use now."""
        return {code: r for code, r in self._good.items() if usable(r, now, self.max_age_s(code), self._practice)}

    def max_age_s(self, vital: str) -> int:
        return self._rules.max_age_nibp_s if vital in NIBP else self._rules.max_age_s

    def link_event(self, status: LinkStatus) -> e.LinkLost | e.LinkFound | None:
        """Take the link's new status; an event when the monitor was lost or came (back)."""
        self.link = status
        live = status.state is LinkState.LIVE
        if live and not self.link_was_live:
            self.link_was_live = True
            return e.LinkFound(status.port, status.protocol, status.simulated)
        if self.link_was_live and status.state in (LinkState.LOST, LinkState.STALE):
            self.link_was_live = False
            for vital in VITALS:
                self.trend.break_off(vital, status.since)
            return e.LinkLost(status.port, status.protocol)
        return None
