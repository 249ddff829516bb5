"""What the monitors of one bed say: newest values, their ages, the trend, and the samples to be saved."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from app.domain.infusion import facts as e
from app.domain.protocol import VitalsRules
from app.domain.vitals.sources import WAITS, Sources, group
from app.domain.vitals.vital_signs import NIBP, VITALS, Quality, Reading, usable
from db.log.batch import SampleRow
from devices.link import LinkState, LinkStatus

from .drop_lines_heard import DropLinesHeard
from .series import Trend

_SYSTOLIC, _, _MEAN = NIBP
_ONE_CUFF = timedelta(seconds=5)
"""The pressures of one measurement may be stamped so far apart, those of two never lie so near."""
_SECOND_S = 1.0
_SECOND = timedelta(seconds=_SECOND_S)
#: The worst first: one silent monitor of several is told.
_WORST = (
    LinkState.LOST, LinkState.STALE, LinkState.ABSENT, LinkState.OPENING, LinkState.NEGOTIATING, LinkState.LISTENING,
    LinkState.LIVE,
)  # fmt: skip
_SILENT = (LinkState.LOST, LinkState.STALE)
_OK = Quality.OK  # looked up once: it is asked for with every value
_PLAYED = (Quality.DEMO, Quality.TEST)
_STAYS = (_OK, *WAITS)
_BESIDE = timedelta(seconds=15)
_UNDRAWN_AT_MOST = 500


class LastHeard(msgspec.Struct, frozen=True):
    """What a bed's monitors said last: enough to show its tiles, however old."""

    good: dict[str, Reading]
    last: dict[str, Reading]
    links: dict[str, LinkStatus]
    silent: dict[str, datetime]


class BedWatch:
    """One infusion's view of its monitors. `link` None: no monitor is connected to this bed.

    `heard` counts up whenever a reading came or a link changed, `news` when a value is another one, or gone, or a drop fell;
    `other` are the vital signs of which that was so in what was taken last.
    """

    def __init__(self, infusion_id: str, rules: VitalsRules) -> None:
        self.infusion_id = infusion_id
        self._trend, self._undrawn = Trend(), list[Reading]()
        self.heard = self.news = 0
        self.other: list[str] = []
        self.drops = DropLinesHeard()
        self.sources = Sources(rules)
        self._links: dict[str, LinkStatus] = {}
        self._was_live: set[str] = set()
        self._found: set[str] = set()
        self._silent: dict[str, datetime] = {}
        self.rules = rules
        self._good: dict[str, Reading] = {}
        self._last: dict[str, Reading] = {}
        self._saved_at: dict[str, datetime] = {}

    def take(self, readings: Sequence[Reading]) -> list[SampleRow]:
        """Remember what arrived; give back the samples to save: at most one a second a vital sign, never filled."""
        self.heard += 1
        self.other = []
        if len(self._undrawn) > _UNDRAWN_AT_MOST:
            self._draw()
        rows: list[SampleRow] = []
        is_all = True
        for reading in readings:
            if reading.sample.vital in VITALS:
                self._take(reading, rows)
            else:
                is_all = False
        if not is_all:
            self.drops.take(readings)
        self.news += len(self.other) + (not is_all)
        return rows

    def restore(self, curves: Mapping[str, tuple[Sequence[int], Sequence[float | None]]]) -> None:
        """The curves of before a restart as they are saved: by vital sign, ms since 1970 and values in order of time.

        Of each the last two hours. Tiles and checks wait for the monitor.
        """
        for vital, (times_ms, values) in curves.items():
            self.trend.restore(vital, times_ms, values, breaks=vital not in NIBP)

    def last_heard(self) -> LastHeard:
        return LastHeard(self._good, self._last, self._links, self._silent)

    def recall(self, before: LastHeard) -> None:
        """What was heard before the infusion left memory."""
        self._good, self._last, self._links, self._silent = before.good, before.last, before.links, before.silent

    def _take(self, reading: Reading, rows: list[SampleRow]) -> None:
        sample = reading.sample
        vital, value, quality = sample.vital, sample.value, sample.quality
        before = self._last.get(vital)
        is_good = quality is _OK and value is not None
        if is_good:
            good = self._good.get(vital)
            if good is not None and reading.measured_at < good.measured_at:
                return  # a newer one is there: a cuff's pulse comes beside the oximeter's, but later
        elif _is_beside(before, reading):
            return
        if not self.sources.takes(reading):
            return
        self._last[vital] = reading
        changed = before is None or before.sample.quality is not quality
        if changed or before is None or before.sample.value != value:
            self.other.append(vital)
        if not is_good and not changed:
            return
        if is_good:
            self._good[vital] = reading
            if vital == _SYSTOLIC:
                self._forget_other_mean(reading)
        if is_good or vital not in NIBP:
            self._undrawn.append(reading)
        self._keep(reading, rows)

    @property
    def trend(self) -> Trend:
        """The curves. What came is drawn into them when somebody looks, so that it does not keep the tiles waiting."""
        self._draw()
        return self._trend

    @trend.setter
    def trend(self, saved: Trend) -> None:
        self._trend = saved

    def _draw(self) -> None:
        undrawn, self._undrawn = self._undrawn, []
        for reading in undrawn:
            sample = reading.sample
            if sample.quality is _OK and sample.value is not None:
                self._trend.add(sample.vital, reading.measured_at.timestamp(), float(sample.value))
            else:
                self._trend.break_off(sample.vital, reading.received_at.timestamp())

    def _forget_other_mean(self, reading: Reading) -> None:
        """A monitor may give a cuff pressure without a mean: the mean of the one before does not stand beside it."""
        mean = self._good.get(_MEAN)
        if mean and mean.measured_at < reading.measured_at - _ONE_CUFF:
            del self._good[_MEAN]

    def _keep(self, reading: Reading, rows: list[SampleRow]) -> None:
        sample, at = reading.sample, reading.received_at
        if reading.waited_s >= _SECOND_S:
            return  # its own second is over, and may be sealed; a row of now would say that it is so now
        saved_at = self._saved_at.get(sample.vital)
        if saved_at is not None and at - saved_at < _SECOND:
            return
        self._saved_at[sample.vital] = at
        chartable = sample.quality is _OK
        value = sample.value if chartable else None
        rows.append(SampleRow(self.infusion_id, sample.vital, at, value, sample.quality.value, sample.source))

    def newest(self, vital: str) -> Reading | None:
        """The newest chartable value, however old."""
        return self._good.get(vital)

    def why_none(self, vital: str) -> Quality | None:
        """What the monitor says now where it gives no chartable value; None where it does or never spoke."""
        last = self._last.get(vital)
        return None if last is None or last.sample.quality is Quality.OK else last.sample.quality

    def stands(self, vital: str) -> Reading | None:
        """The newest chartable value, None where the monitor says something else instead."""
        good, last = self._good.get(vital), self._last.get(vital)
        return None if last is None or _is_gone(last) else good

    @property
    def gone(self) -> dict[str, Reading]:
        """What the monitor says instead of the values that it gave and gives no more. A cuff that rests or works is not gone."""
        last = ((code, self._last[code]) for code in self._good)
        return {code: said for code, said in last if _is_gone(said)}

    def for_check(self, now: datetime) -> dict[str, Reading]:
        """The values that a check may use now."""
        return {code: r for code, r in self._good.items() if usable(r, now, self.max_age_s(code))}

    def max_age_s(self, vital: str) -> int:
        return self.rules.max_age_nibp_s if vital in NIBP else self.rules.max_age_s

    @property
    def link(self) -> LinkStatus | None:
        """The worst of the bed's monitors."""
        return min(self._links.values(), key=lambda status: _WORST.index(status.state), default=None)

    def arrange(self, ports: Sequence[str], preferred: Mapping[str, str]) -> None:
        """The ports of this bed from now on."""
        self.heard += 1
        self.sources.arrange(ports, preferred)
        self._links = {port: status for port, status in self._links.items() if port in ports}
        self._was_live &= set(ports)
        self._found &= set(ports)
        self._silent = {port: since for port, since in self._silent.items() if port in ports}

    def link_event(self, status: LinkStatus, is_kept: bool = True) -> e.LinkLost | e.LinkFound | None:
        """Take a link's new status; an event when that monitor was lost or came (back).

        `is_kept`: whether the record takes such events yet. What is live by then is found then, so that losses and finds pair.
        """
        self.heard += 1
        self._links[status.port] = status
        if status.state is LinkState.LIVE:
            self._was_live.add(status.port)
            self._silent.pop(status.port, None)
        elif status.state in _SILENT:
            self._fell_silent(status)
        return self._paired(status) if is_kept else None

    def _fell_silent(self, status: LinkStatus) -> None:
        self._silent.setdefault(status.port, status.since)
        if status.port in self._was_live:
            self._was_live.discard(status.port)
            self._break_off(status)

    @property
    def silent(self) -> Mapping[str, datetime]:
        """Since when the monitors that spoke are silent, by port: until one speaks again, not until its cable is back."""
        return self._silent

    @property
    def good(self) -> dict[str, Reading]:
        """The newest chartable values, however old."""
        return {code: self._good[code] for code in VITALS if code in self._good}

    def _paired(self, status: LinkStatus) -> e.LinkLost | e.LinkFound | None:
        port, was_found = status.port, status.port in self._found
        if port in self._was_live and not was_found:
            self._found.add(port)
            return e.LinkFound(port, status.protocol, status.simulated)
        if was_found and port not in self._was_live:
            self._found.discard(port)
            return e.LinkLost(port, status.protocol)
        return None

    def _break_off(self, status: LinkStatus) -> None:
        gone = self.sources.forget(status.port)
        for vital in VITALS:
            if group(vital) in gone:
                self.trend.break_off(vital, status.since.timestamp())


def practised(readings: list[Reading]) -> list[Reading]:
    """In practice what a monitor marks as demo or test is the patient."""
    return [_as_ok(reading) if reading.sample.quality in _PLAYED else reading for reading in readings]


def _as_ok(reading: Reading) -> Reading:
    return replace(reading, sample=replace(reading.sample, quality=Quality.OK))


def _is_gone(said: Reading) -> bool:
    return said.sample.quality not in _STAYS


def _is_beside(before: Reading | None, reading: Reading) -> bool:
    """Whether only a second source has no value, beside the one that speaks for this vital sign."""
    if before is None or before.sample.source == reading.sample.source:
        return False
    return reading.received_at - before.received_at <= _BESIDE
