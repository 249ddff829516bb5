"""The alarms of a recorded infusion, played again from its stored samples, what was typed and what people did.

With the limits that were in force this gives back the alarms of the log; with others, those that it would have raised. What
the program alone knew (a write that failed, the laptop's power, disk and sound) is not played.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.phases import CLOSED
from app.domain.infusion.state import Infusion
from app.domain.infusion.story import after, replay
from app.domain.infusion.task_kinds import Task
from app.domain.infusion.tasks import due
from app.domain.log import Entry
from app.domain.protocol import Protocol
from app.domain.vitals.vital_signs import Quality

from .alarm_log import AlarmLine, alarm_list
from .bed_seen import VALUES_MATTER, seen
from .played_bed import MONITOR, PlayedBed

_SECOND = timedelta(seconds=1)
#: What is due is found out so often; when it was due is exact.
_TASKS_EVERY = timedelta(seconds=1)
_WRITTEN = (e.AlarmRaised, e.AlarmCleared, e.SoundPaused, e.SamplesSealed)


class SavedSample(msgspec.Struct, frozen=True):
    """As it was stored; `value` None: there was none to chart."""

    code: str
    at: datetime
    value: Decimal | None
    quality: Quality


class ReplayedAlarms(msgspec.Struct, frozen=True):
    """`watched_h`: how long the bed's values mattered, without the time in which the program did not run."""

    lines: list[AlarmLine]
    watched_h: float


class _Replay:
    """One infusion on its way through time."""

    def __init__(self, infusion_id: str, entries: Sequence[Entry], protocol: Protocol, of_patient: bool) -> None:
        self._of_patient = of_patient
        self.bed = PlayedBed(infusion_id)
        self.state: Infusion = replay(infusion_id, entries[:1], protocol)
        self.watched = timedelta(0)
        self._tasks: list[Task] = []
        self._tasks_at: datetime | None = None
        self._looked_at = entries[0].at

    def look(self, now: datetime) -> None:
        if self.state.phase in VALUES_MATTER:
            self.watched += now - self._looked_at
        self._looked_at = now
        if self.state.phase in CLOSED:
            self.bed.close(now)
            return
        if self._of_patient and self.state.phase not in VALUES_MATTER:
            return
        if not self._of_patient and (self._tasks_at is None or now - self._tasks_at >= _TASKS_EVERY):
            self._tasks, self._tasks_at = due(self.state, now), now
        bed = seen(self.state, self._tasks, now, self.bed.newest, self.bed.gone, self.bed.silent)
        self.bed.look(bed, now, self._of_patient)

    def take(self, entry: Entry) -> None:
        event, now = entry.event, entry.at
        if isinstance(event, e.AlarmAcknowledged):
            self.bed.acknowledge(event.key, entry.by or "", now)
        elif isinstance(event, e.AlarmReset):
            self.bed.reset(event.key, entry.by or "", now)
        elif not isinstance(event, _WRITTEN):
            self._happened(entry)
            self._tasks_at = None

    def _happened(self, entry: Entry) -> None:
        event = entry.event
        self.state = after(self.state, [entry])
        if isinstance(event, e.LinkLost):
            self.bed.silent[MONITOR] = entry.at
        elif isinstance(event, e.LinkFound):
            self.bed.silent.clear()
        elif isinstance(event, e.WatchLost):
            self._looked_at = entry.at
            if event.cause != "slept":
                self.bed.restart()
                self.bed.newest.clear()
                self.bed.gone.clear()


def replayed(
    infusion_id: str, entries: Sequence[Entry], samples: Sequence[SavedSample], protocol: Protocol, of_patient: bool = False
) -> ReplayedAlarms:
    """The alarms under the limits of `protocol`; entries and samples in order of time. `of_patient`: those alone that are the
    patient's, and not what is due, the monitor's or the program's.
    """
    run = _Replay(infusion_id, entries, protocol, of_patient)
    for now, happened, heard in _moments(entries, samples):
        for entry in happened:
            if not isinstance(entry.event, e.WatchLost):  # until then nobody looked
                run.look(now)
            run.take(entry)
            run.look(now)
        for sample in heard:
            run.bed.hear(sample.code, sample.value, sample.quality, sample.at)
        run.look(now)
    return ReplayedAlarms(alarm_list(run.bed.entries), run.watched.total_seconds() / 3600)


Moment = tuple[datetime, list[Entry], list[SavedSample]]


def _moments(entries: Sequence[Entry], samples: Sequence[SavedSample]) -> Iterator[Moment]:
    """Every second in which somebody watched, and every time at which something happened or was heard."""
    told: dict[datetime, Moment] = {}
    for entry in entries[1:]:
        told.setdefault(entry.at, (entry.at, [], []))[1].append(entry)
    for at, heard in groupby(samples, key=lambda sample: sample.at):
        told.setdefault(at, (at, [], []))[2].extend(heard)
    gaps = [(x.event.from_at, x.at) for x in entries if isinstance(x.event, e.WatchLost)]
    last = entries[0].at
    for at in sorted(told):
        second = last + _SECOND
        while second < at:
            if not any(begin < second < end for begin, end in gaps):
                yield second, [], []
            second += _SECOND
        yield told[at]
        last = at
