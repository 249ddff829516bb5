"""The one machine for every alarm, in the words of IEC 60601-1-8: inactive, active, acknowledged, latched; audio paused.

A physiological alarm ends by a newer good value inside its limits, or by the reset of a named person; never by silence.
Nothing here reads a clock or knows what a condition is about.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal

import msgspec
from msgspec.structs import replace

from app.domain.texts import Text

from .priority import Priority

#: The sound may be paused for so long.
LONGEST_PAUSE = timedelta(seconds=120)


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A reason for which a condition holds now. `key` is that of its alarm and stays the same while it lasts.

    `value`, `limit`: what was found and what it passed; `before`: the baseline it is compared with. `text`: its own words,
    where the key does not say enough. A `reason` must have held for `hold_s` before it alarms. `latches`: when it is no longer
    known whether it holds, the alarm stays. `can_pause`: a pause of the sound silences it. `of_patient`: it is the patient's,
    not the protocol's or the program's.
    """

    key: str
    priority: Priority
    since: datetime
    value: Decimal | None = None
    limit: Decimal | None = None
    before: Decimal | None = None
    text: Text | None = None
    reason: str = ""
    hold_s: int = 0
    latches: bool = False
    can_pause: bool = True
    of_patient: bool = False


class Inside(msgspec.Struct, frozen=True):
    """What is known to be well, and since when it is known: a good value inside its limits."""

    key: str
    since: datetime


Verdict = Finding | Inside


class Signal(StrEnum):
    """`latched`: its value is gone; whether it may be heard then is another matter (`Alarm.is_silenced`)."""

    ACTIVE = "active"
    ACKNOWLEDGED = "acknowledged"
    LATCHED = "latched"


class Alarm(msgspec.Struct, frozen=True):
    """One alarm that is not inactive. `since`: of its present priority. `acknowledged_by`: by whom it is silent, until it grows."""

    finding: Finding
    since: datetime
    is_gone: bool = False
    acknowledged_by: str | None = None

    @property
    def key(self) -> str:
        return self.finding.key

    @property
    def priority(self) -> Priority:
        return self.finding.priority

    @property
    def is_silenced(self) -> bool:
        return self.acknowledged_by is not None

    @property
    def signal(self) -> Signal:
        if self.is_gone:
            return Signal.LATCHED
        return Signal.ACKNOWLEDGED if self.is_silenced else Signal.ACTIVE

    def is_heard(self, paused: bool) -> bool:
        return not self.is_silenced and not (paused and self.finding.can_pause)


Became = Literal["raised", "grew", "sank", "cleared", "acknowledged", "reset"]


class AlarmChange(msgspec.Struct, frozen=True):
    """What became of an alarm: of one that ended, as it was."""

    became: Became
    alarm: Alarm
    at: datetime
    by: str | None = None

    @property
    def is_news(self) -> bool:
        """New or higher: it breaks through a pause, at whatever bed."""
        return self.became in ("raised", "grew")


class Alarms(msgspec.Struct, frozen=True):
    """Those of one bed that are not inactive, by key. `held`: since when each reason holds that must hold for a while."""

    standing: Mapping[str, Alarm] = {}
    held: Mapping[tuple[str, str], datetime] = {}


Stepped = tuple[Alarms, tuple[AlarmChange, ...]]


def looked(before: Alarms, verdicts: Iterable[Verdict], now: datetime) -> Stepped:
    """The alarms after one look at the bed. A key that no verdict names is not known: what latches stays, the rest ends."""
    found: dict[str, list[Finding]] = {}
    inside: dict[str, datetime] = {}
    for verdict in verdicts:
        if isinstance(verdict, Inside):
            inside[verdict.key] = verdict.since
        else:
            found.setdefault(verdict.key, []).append(verdict)
    held = {(x.key, x.reason): before.held.get((x.key, x.reason), x.since) for of in found.values() for x in of if x.hold_s}
    standing, changes = dict(before.standing), []
    for key, findings in found.items():
        worst = _worst(findings, before.standing.get(key), held, now)
        if worst is not None:
            changes += _held(standing, worst)
    for key in [key for key in standing if key not in found]:
        changes += _not_found(standing, key, inside.get(key), now)
    return Alarms(standing, held), tuple(changes)


def _worst(
    findings: Sequence[Finding], alarm: Alarm | None, held: Mapping[tuple[str, str], datetime], now: datetime
) -> Finding | None:
    """The most pressing reason whose time has come. One that stands needs no time to stay, only to grow."""

    def is_ripe(x: Finding) -> bool:
        stays = alarm is not None and x.priority <= alarm.priority
        return stays or not x.hold_s or now - held[x.key, x.reason] >= timedelta(seconds=x.hold_s)

    ripe = [_since_ripe(x, held) for x in findings if is_ripe(x)]
    return max(ripe, key=lambda x: x.priority, default=None)


def _since_ripe(x: Finding, held: Mapping[tuple[str, str], datetime]) -> Finding:
    """What had to hold for a while is told since it had."""
    return replace(x, since=held[x.key, x.reason] + timedelta(seconds=x.hold_s)) if x.hold_s else x


def _held(standing: dict[str, Alarm], found: Finding) -> list[AlarmChange]:
    alarm = standing.get(found.key)
    if alarm is None:
        standing[found.key] = Alarm(found, found.since)
        return [AlarmChange("raised", standing[found.key], found.since)]
    if found.priority > alarm.priority:
        standing[found.key] = Alarm(found, found.since)
        return [AlarmChange("grew", standing[found.key], found.since)]
    sank = found.priority < alarm.priority
    after = Alarm(found, found.since if sank else alarm.since, acknowledged_by=alarm.acknowledged_by)
    standing[found.key] = after
    return [AlarmChange("sank", after, found.since)] if sank else []


def _not_found(standing: dict[str, Alarm], key: str, well_since: datetime | None, now: datetime) -> list[AlarmChange]:
    """What is known to be well ends it, unless the good value is older than the bad one: that tells nothing of its end."""
    alarm = standing[key]
    ended_at = None if well_since is None or well_since < alarm.finding.since else well_since
    if alarm.finding.latches and ended_at is None:
        standing[key] = replace(alarm, is_gone=True)
        return []
    return [AlarmChange("cleared", standing.pop(key), ended_at or now)]


def acknowledged(before: Alarms, key: str, by: str, now: datetime) -> Stepped:
    """Silent until it clears or grows. No other alarm is touched; what is acknowledged already stays that person's."""
    alarm = before.standing.get(key)
    if alarm is None or alarm.is_silenced:
        return before, ()
    after = replace(alarm, acknowledged_by=by)
    return replace(before, standing={**before.standing, key: after}), (AlarmChange("acknowledged", after, now, by),)


def reset(before: Alarms, key: str, by: str, now: datetime) -> Stepped:
    """Ends an alarm whose value is gone; while what it tells of still holds, nothing happens."""
    alarm = before.standing.get(key)
    if alarm is None or not alarm.is_gone:
        return before, ()
    left = {k: v for k, v in before.standing.items() if k != key}
    return replace(before, standing=left), (AlarmChange("reset", alarm, now, by),)


def closed(before: Alarms, now: datetime) -> Stepped:
    """Nobody watches this bed any more: all that stands ends."""
    return Alarms(), tuple(AlarmChange("cleared", alarm, now) for alarm in before.standing.values())


def heard(alarms: Iterable[Alarm], paused: bool) -> Priority | None:
    """The priority that sounds, None for silence."""
    return max((a.priority for a in alarms if a.is_heard(paused)), default=None)


def rank(alarm: Alarm) -> tuple[bool, int, bool, bool, datetime]:
    """The order in which alarms are shown: within a priority the patient's above the protocol's, then those that are heard.

    Acknowledged reminders come last; a patient's alarm ranks above reminders when it is acknowledged too.
    """
    of_patient = alarm.finding.of_patient
    return alarm.is_silenced and not of_patient, -alarm.priority, not of_patient, alarm.is_silenced, alarm.since
