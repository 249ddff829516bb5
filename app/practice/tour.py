"""The practice tour: cable out, sensor off, SpO₂ falls, a check is missed, a reaction. It goes on by what really happened.

It plays at a bed of its own, which is running when the tour begins, and can be left at any time and begun again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol
from uuid import uuid4

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.drip import MeasureRate
from app.domain.infusion.chapters.ending import Stop
from app.domain.infusion.checks import missed_unanswered
from app.domain.infusion.phases import INFUSING
from app.domain.log import Entry
from app.domain.texts import Text, say
from app.domain.watch.active_alarm import ActiveAlarm
from app.services.protocol_files import Trial
from app.services.ward.watch import BedNow
from devices.link import LinkState

from .played_infusion import N1, PlayedInfusion
from .usual import usual_group

#: The first check is nearly due when the tour begins; nothing is late yet.
_BEFORE_CHECK_MIN = 4
_HURRIED = 60.0
_LATELY = timedelta(seconds=3)

State = Literal["starting", "breaking", "acting", "over"]


class Breakable(Protocol):
    """What the tour may do to the simulated monitor of its bed."""

    def break_one(self, infusion_id: str | None, fault: str, /) -> None: ...

    def mend_one(self, infusion_id: str, /) -> None: ...


class Pace(Protocol):
    hurried: float


class TourStep(msgspec.Struct, frozen=True):
    """`alarm`: how the key of the alarm begins that is to be seen and acknowledged; "" where it is not an alarm.

    `fault`: what is done to the monitor; "" for nothing. `hurries`: time runs fast until it has come about.
    """

    title: Text
    see: Text
    do: Text
    fault: str = ""
    alarm: str = ""
    hurries: bool = False


CABLE, SENSOR, SATURATION, MISSED, REACTION = STEPS = (
    TourStep(
        say("The cable is out"),
        say("The monitor's dot turns hollow, the numbers fade, the alarm bar says that its signal is lost."),
        say("Nothing is made up: watch the monitor itself. Press Acknowledge; the cable is then put back in."),
        "unplug",
        "link",
    ),
    TourStep(
        say("The sensor is off"),
        say("The bar says that the SpO₂ sensor is off; its tile fades, then shows “—”. The other vital signs go on."),
        say("Put the sensor on again at the bed. Press Acknowledge; it is then on again."),
        "sensor-off",
        "sensor_off:",
    ),
    TourStep(
        say("SpO₂ falls"),
        say("The tile and the alarm bar show the value and its limit. High priority is red and sounds until it is acknowledged."),
        say("Look at the patient first. Press Acknowledge; the value then comes back."),
        "low-spo2",
        "spo2",
    ),
    TourStep(
        say("A check is missed"),
        say("Time runs fast and nobody looks: vital signs are due, late, then missed. That stays on page, card and lock."),
        say("Press Enter or F2, take the vital signs, and write why one was missed."),
        hurries=True,
    ),
    TourStep(
        say("The patient reacts"),
        say("The patient shivers and is short of breath. The red button stands in the same corner in every phase."),
        say("Press F8, then Enter: the drip stops. Fill in the rest afterwards, then save."),
        "reaction",
    ),
)


class Tour:
    """`look` it with the ward. `state`: the monitor gets ready, something is broken, it is the person's turn, or over."""

    def __init__(self, infusion_id: str, monitors: Breakable, pace: Pace) -> None:
        self.infusion_id = infusion_id
        self._monitors, self._pace = monitors, pace
        self.at = 0
        self.state: State = "starting"
        self._well_since: datetime | None = None

    @property
    def step(self) -> TourStep:
        return STEPS[min(self.at, len(STEPS) - 1)]

    def look(self, bed: BedNow, now: datetime) -> None:
        """Go on where what was to happen has happened."""
        if self.state == "starting" and self._is_well(bed, now):
            self._break()
        elif self.state == "breaking" and self._has_come(bed, now):
            self._pace.hurried = 0.0
            self.state = "acting"
        elif self.state == "acting" and self._is_done(bed, now):
            self.next()

    def next(self) -> None:
        """The step after this one, also where the person would not wait."""
        self._monitors.mend_one(self.infusion_id)
        self._pace.hurried = 0.0
        self.at += 1
        self.state = "over" if self.at >= len(STEPS) else "starting"
        self._well_since = None

    def leave(self) -> None:
        self._monitors.mend_one(self.infusion_id)
        self._pace.hurried = 0.0
        self.state = "over"

    def _break(self) -> None:
        self.state = "breaking"
        if self.step.fault:
            self._monitors.break_one(self.infusion_id, self.step.fault)
        self._pace.hurried = _HURRIED if self.step.hurries else 0.0

    def _is_well(self, bed: BedNow, now: datetime) -> bool:
        """The monitor is live and its saturation is there, for a moment."""
        well = (
            bed.link is not None and bed.link.state is LinkState.LIVE and "spo2" in bed.values and not _alarms(bed, "sensor_off:")
        )
        if not well:
            self._well_since = None
        elif self._well_since is None:
            self._well_since = now
        return self._well_since is not None and now - self._well_since >= _LATELY

    def _has_come(self, bed: BedNow, now: datetime) -> bool:
        step = self.step
        if step.alarm:
            return bool(_alarms(bed, step.alarm))
        return bool(missed_unanswered(bed.state, now)) if step is MISSED else True

    def _is_done(self, bed: BedNow, now: datetime) -> bool:
        step = self.step
        if step.alarm:
            return all(found.is_acknowledged for found in _alarms(bed, step.alarm))
        return not missed_unanswered(bed.state, now) if step is MISSED else bool(bed.state.reactions)


def _alarms(bed: BedNow, key: str) -> list[ActiveAlarm]:
    return [alarm for alarm in bed.alarms if alarm.key.startswith(key)]


def running_infusion(trial: Trial, bed: str, now: datetime) -> list[Entry]:
    """One at a bed of its own that dripped up to now by the book. Raises `Refused` where the protocol does not allow it."""
    p = trial.protocol
    infusion_id = uuid4().hex
    before = float(p.vitals.interval_min) - _BEFORE_CHECK_MIN
    order = e.Ordered(f"T-{infusion_id[:4].upper()}", bed, usual_group(p), 1, p.id, p.version, trial.sha256, True,
                      site_settings=trial.settings)  # fmt: skip
    started = now - timedelta(minutes=before)
    played = PlayedInfusion(infusion_id, order, Decimal(50), started, trial, until_min=0)
    played.do(1, MeasureRate(p.infusion.stages[0].rate_gtt_min[0], "taps", 6, Decimal(4)), N1)
    return played.entries


def stopped(bed: BedNow, why: str, submit: Callable[[Stop], object]) -> None:
    """The drip of a tour that is over runs no more."""
    if bed.state.phase in INFUSING:
        submit(Stop(None, why))
