"""The clocks of serious adverse events as alarms: at no bed, by the one machine, written on the subject's stream."""

from datetime import datetime

from app.domain.infusion import facts as e
from app.domain.infusion.phases import Phase
from app.domain.log import Stream, stream_text
from app.domain.people.roles import Person
from app.domain.safety.sae_clock import SAE_SOON, SaeClock
from app.domain.watch.active_alarm import ActiveAlarm
from app.domain.watch.bed_seen import BedSeen
from app.services.trial.trial_desk import TrialDesk
from app.services.ward.ports import Done
from app.services.ward.ward_alarms import WardAlarms

from .acute_checks import SubjectLog
from .sae_watch import SaeWatch


class SubjectAlarms:
    """Writes the alarms of one subject, through the desk: nobody signs while one is on its way."""

    def __init__(self, desk: TrialDesk, code: str) -> None:
        self._desk, self._code = desk, code

    def keep(self, events: list[e.InfusionEvent], by: str | None, done: Done) -> None:
        self._desk.keep(self._code, events, by, done)


class SaeAlarms:
    """Runs on the deciding thread alone. A subject's alarms are read when its first running clock is seen."""

    def __init__(self, watch: SaeWatch, log: SubjectLog, desk: TrialDesk) -> None:
        self._watch, self._log, self._desk = watch, log, desk
        self._lines: dict[str, SubjectAlarms] = {}
        self._alarms = WardAlarms(self._lines, desk.now)

    @property
    def news(self) -> int:
        return self._alarms.news

    def look(self) -> list[ActiveAlarm]:
        """All that are not inactive now, each with its subject's stream."""
        now, running = self._desk.now(), dict[str, list[SaeClock]]()
        for clock in self._watch.running:
            running.setdefault(stream_text(Stream("subject", clock.subject)), []).append(clock)
        for stream, clocks in running.items():
            if stream not in self._lines:
                self._lines[stream] = SubjectAlarms(self._desk, clocks[0].subject)
                self._alarms.adopt(stream, self._log.entries(stream))
        for stream, alarms in self._alarms.beds.items():
            alarms.look(BedSeen(self._desk.protocol, Phase.ABANDONED, sae=running.get(stream, ())), now)
        self._alarms.write(self._lines)
        return [ActiveAlarm(stream, alarm) for stream, bed in self._alarms.beds.items() for alarm in bed.standing]

    def due_at(self) -> datetime | None:
        now = self._desk.now()
        ends = (at for clock in self._watch.running for at in (clock.until - SAE_SOON, clock.until))
        return min((at for at in ends if at > now), default=None)

    def acknowledge(self, alarm: ActiveAlarm, by: Person) -> None:
        self._alarms.acknowledge(alarm.infusion_id, alarm.key, by)
