"""What the conditions are judged by: one bed at one moment."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.checks import checks
from app.domain.infusion.drops_seen import DropsSeen
from app.domain.infusion.phases import AFTER_END, INFUSING, Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import Task, TaskKind
from app.domain.log import Entry
from app.domain.protocol import Limits, Protocol, VitalsRules
from app.domain.safety.sae_clock import SaeClock
from app.domain.vitals.news2 import Scale
from app.domain.vitals.own_limits import OwnLimits, with_own
from app.domain.vitals.vital_signs import NIBP, VITALS, Quality, Reading, Sample, usable
from app.domain.vitals.worrying import JudgedBy

from .laptop_seen import NOTHING_READ, LaptopSeen

#: From here on there is a patient at the bed whose values matter, and in these a monitor that is silent.
VALUES_MATTER = (Phase.RECEIVED, Phase.VERIFIED, Phase.PREMEDICATED, Phase.THAWED, Phase.HUNG, *INFUSING, *AFTER_END)
MONITOR_MATTERS = (*INFUSING, Phase.OBSERVATION)
#: What a cuff or a thermometer finds holds longer than what a monitor repeats every second.
SPOT = (*NIBP, "temp")

Known = dict[str, tuple[Decimal | None, Decimal | None]]


class BedSeen(msgspec.Struct, frozen=True):
    """`newest`: the newest chartable values, however old, from a monitor or typed (`port` ""). `gone`: what the monitor
    says instead of those that it gives no more. `silent`: ports whose monitor spoke and is silent, since when.
    `unsaved_since`: since when its writes fail. `oxygen`, `consciousness`: of the last check. `unchecked_since`: when the
    first check was due that nobody answered. `drops`: what a drop sensor says now, beside the rate that is set. `own_limits`:
    what this patient was given of their own, by vital sign. `laptop`: what it says of itself; `clock_stepped`: when its clock
    was moved last, and by how many seconds. `sae`: clocks of serious adverse events that run, of a subject watched at no bed.
    `kept`: its values at a moment that was asked for.
    """

    protocol: Protocol
    phase: Phase
    newest: Mapping[str, Reading] = {}
    gone: Mapping[str, Reading] = {}
    baseline: Mapping[str, Decimal] = {}
    oxygen: bool | None = None
    consciousness: str | None = None
    scale: Scale = 1
    tasks: Sequence[Task] = ()
    unchecked_since: datetime | None = None
    silent: Mapping[str, datetime] = {}
    unsaved_since: datetime | None = None
    drops: DropsSeen | None = None
    rate_gtt_min: Decimal | None = None
    laptop: LaptopSeen = NOTHING_READ
    clock_stepped: tuple[datetime, Decimal] | None = None
    own_limits: Mapping[str, OwnLimits] = {}
    sae: Sequence[SaeClock] = ()
    kept: dict[datetime, Known] = {}

    def limits_of(self, code: str) -> Limits:
        """The limits of one vital sign, where the patient has their own those; none where nothing states them."""
        return with_own(limits_of(self.protocol, code), self.own_limits.get(code))

    def value(self, code: str, now: datetime) -> Decimal | None:
        """What is known of a vital sign now: a good value, young enough, whose monitor is there; None where nothing is."""
        return self._known(now)[code][0] if code in self.newest else None

    def rounded(self, code: str, now: datetime) -> Decimal | None:
        """As it is shown."""
        return self._known(now)[code][1] if code in self.newest else None

    def _known(self, now: datetime) -> Known:
        """All values, as they are and as they are shown: worked out once, however many conditions ask."""
        if now not in self.kept:
            found = {code: self._value(code, now) for code in self.newest}
            self.kept[now] = {
                code: (value, None if value is None else round(value, VITALS[code].decimals)) for code, value in found.items()
            }
        return self.kept[now]

    def _value(self, code: str, now: datetime) -> Decimal | None:
        reading = self.newest.get(code)
        if reading is None or not usable(reading, now, max_age_s(self.protocol.vitals, code)):
            return None
        is_lost = reading.port in self.silent or (reading.port != "" and code in self.gone)
        return None if is_lost else reading.sample.value


def max_age_s(rules: VitalsRules, code: str) -> int:
    return rules.max_age_nibp_s if code in SPOT else rules.max_age_s


def limits_of(protocol: Protocol, code: str) -> Limits:
    """The limits of one vital sign; none where the protocol states none."""
    return protocol.vitals.limits_of(code) or Limits(code)


def side(limits: Limits, value: Decimal) -> int:
    """On which side of its limits a value lies: 0 inside, ±1 beyond the near one, ±2 beyond the far one."""
    below = sum(limit is not None and value < limit for limit in (limits.low, limits.very_low))
    above = sum(limit is not None and value > limit for limit in (limits.high, limits.very_high))
    return above - below


def seen(
    state: Infusion,
    tasks: Sequence[Task],
    now: datetime,
    heard: Mapping[str, Reading] | None = None,
    gone: Mapping[str, Reading] | None = None,
    silent: Mapping[str, datetime] | None = None,
    unsaved_since: datetime | None = None,
    drops: DropsSeen | None = None,
    laptop: LaptopSeen = NOTHING_READ,
) -> BedSeen:
    """One infusion. `heard`: what its monitors gave."""
    oxygen, consciousness = last_asked(state)
    return BedSeen(
        state.protocol,
        state.phase,
        newest_of(state, heard or {}),
        gone or {},
        baseline_of(state),
        oxygen,
        consciousness,
        state.scale,
        tasks=tasks,
        unchecked_since=unchecked_since(state, tasks, now),
        silent=silent or {},
        unsaved_since=unsaved_since,
        drops=drops,
        rate_gtt_min=state.rate_gtt_min,
        laptop=laptop,
        clock_stepped=state.clock_stepped,
        own_limits=state.own_limits,
    )


def last_asked(state: Infusion) -> tuple[bool | None, str | None]:
    """Oxygen and consciousness of the last check: no monitor tells them."""
    last = state.checks[-1].event if state.checks else None
    return (last.oxygen, last.consciousness) if isinstance(last, e.VitalsRecorded) else (None, None)


def newest_of(state: Infusion, heard: Mapping[str, Reading]) -> dict[str, Reading]:
    """Of each vital sign the newest value, whoever gave it."""
    found = dict(heard)
    for entry in state.checks:
        for reading in typed_in(entry):
            code = reading.sample.vital
            if code not in found or found[code].measured_at < reading.measured_at:
                found[code] = reading
    return found


def typed_in(entry: Entry) -> list[Reading]:
    """What a person typed into a check, as values of that moment."""
    event = entry.event
    assert isinstance(event, e.VitalsRecorded)
    return [by_hand(v.vital, v.value, entry.at) for v in event.values if v.source == "typed" and v.value is not None]


def by_hand(code: str, value: Decimal, at: datetime) -> Reading:
    return Reading(Sample(0, code, value, VITALS[code].unit, Quality.OK, "typed"), at, at, "", "", simulated=False)


def baseline_of(state: Infusion) -> dict[str, Decimal]:
    """The values of the newest check before the start."""
    for entry in reversed(state.checks):
        event = entry.event
        is_before = state.started_at is None or entry.at <= state.started_at
        if isinstance(event, e.VitalsRecorded) and event.period == "infusion" and event.slot_min == 0 and is_before:
            return {v.vital: v.value for v in event.values if v.value is not None}
    return {}


def judged_by(state: Infusion, at: datetime, rules: VitalsRules | None = None) -> JudgedBy:
    """What a value of this moment is judged by; there is no baseline until the start. `rules`: where they are at hand."""
    is_after = state.started_at is not None and at > state.started_at
    return JudgedBy(rules or state.vitals_at(at), state.protocol.triggers, baseline_of(state) if is_after else {})


def unchecked_since(state: Infusion, tasks: Sequence[Task], now: datetime) -> datetime | None:
    """When the first check was due after which none was recorded. A missed one counts until the next answers it."""
    if state.phase in MONITOR_MATTERS:
        last_at = state.checks[-1].at if state.checks else None
        waiting = (c.due_at for c in checks(state, now) if c.entry is None and c.due_at <= now)
        return min((at for at in waiting if last_at is None or at > last_at), default=None)
    return min((t.due_at for t in tasks if t.kind is TaskKind.VITALS and t.due_at <= now), default=None)
