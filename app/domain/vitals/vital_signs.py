"""The one table of vital signs, and what a monitor said of one of them."""

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

import msgspec

from app.domain.protocol import Limits
from app.domain.texts import Text, say


class Quality(StrEnum):
    """What the wire said of a value; `OK` alone may be charted."""

    OK = "ok"
    QUESTIONABLE = "questionable"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"
    DEMO = "demo"
    TEST = "test"
    SEARCHING = "searching"
    SENSOR_OFF = "sensor_off"
    MEASURING = "measuring"
    STALE = "stale"
    IMPLAUSIBLE = "implausible"


class Vital(msgspec.Struct, frozen=True):
    """One vital sign. Plausible range in `unit`; `dash` tells curves apart without colour. Its limits are the protocol's."""

    code: str
    name: Text
    short: Text
    unit: str
    decimals: int
    plausible_low: Decimal
    plausible_high: Decimal
    colour: str
    symbol: str
    dash: tuple[int, ...] = ()

    @property
    def unit_words(self) -> Text:
        """The unit as it is shown; `unit` is what is stored."""
        return UNITS[self.unit]


UNITS: dict[str, Text] = {unit.msgid: unit for unit in (say("/min"), say("%"), say("mmHg"), say("°C"))}


def _vital(
    code: str,
    name: Text,
    short: Text,
    unit: str,
    decimals: int,
    plausible: tuple[str, str],
    look: tuple[str, str, tuple[int, ...]],
) -> Vital:
    return Vital(code, name, short, unit, decimals, Decimal(plausible[0]), Decimal(plausible[1]), *look)


VITALS: dict[str, Vital] = {
    v.code: v
    for v in (
        _vital("hr", say("Heart rate"), say("HR"), "/min", 0, ("20", "300"), ("heart", "o", ())),
        _vital("pr", say("Pulse rate"), say("PR"), "/min", 0, ("20", "300"), ("heart", "t", (4, 2))),
        _vital("spo2", say("SpO₂"), say("SpO₂"), "%", 0, ("30", "100"), ("oxygen", "s", ())),
        _vital("nibp_sys", say("Systolic pressure"), say("Sys"), "mmHg", 0, ("40", "280"), ("pressure", "t1", ())),
        _vital("nibp_dia", say("Diastolic pressure"), say("Dia"), "mmHg", 0, ("20", "200"), ("pressure", "t", (4, 2))),
        _vital("nibp_map", say("Mean pressure"), say("Mean"), "mmHg", 0, ("25", "230"), ("pressure", "d", (1, 2))),
        _vital("rr", say("Respiratory rate"), say("RR"), "/min", 0, ("3", "80"), ("breath", "d", ())),
        _vital("temp", say("Temperature"), say("Temp"), "°C", 1, ("28", "43"), ("warmth", "x", ())),
    )
}

NIBP = ("nibp_sys", "nibp_dia", "nibp_map")


class Sample(msgspec.Struct, frozen=True, gc=False):
    """One value as a decoder read it from the wire, before it is stamped.

    `frame` counts delimited frames or lines from 0, bad ones too. `value` is None unless a number was sent;
    `device_time` and `measured_at` are the device's own clock (UTC), None where the wire has none. `original` is
    what was sent, with its unit, where that is not `value` in `unit`: converted, or refused. `age_s`: how old the device
    says the value is, where it tells an age and no clock.
    """

    frame: int
    vital: str
    value: Decimal | None
    unit: str
    quality: Quality
    source: str
    device_time: datetime | None = None
    measured_at: datetime | None = None
    original: str | msgspec.UnsetType = msgspec.UNSET
    age_s: int | msgspec.UnsetType = msgspec.UNSET


class Reading(msgspec.Struct, frozen=True, gc=False):
    """A sample stamped on arrival. `measured_at` is on the laptop's record time: only the device's *age* is used.

    `waited_s`: so long it lay in a buffer of this machine before it was read; `measured_at` is so much earlier.
    """

    sample: Sample
    received_at: datetime
    measured_at: datetime
    port: str
    protocol: str
    simulated: bool
    waited_s: float = 0.0

    def age_s(self, now: datetime) -> float:
        return (now - self.measured_at).total_seconds()


def stamped(sample: Sample, received_at: datetime, port: str, protocol: str, simulated: bool) -> Reading:
    """Stamp a sample; a device clock is never trusted for a date, only for how old its own value is."""
    measured_at = received_at - timedelta(seconds=sample.age_s) if sample.age_s else received_at
    if sample.device_time and sample.measured_at:
        measured_at = received_at - max(timedelta(0), sample.device_time - sample.measured_at)
    return Reading(sample, received_at, measured_at, port, protocol, simulated)


def plausible(code: str, value: Decimal) -> bool:
    """Whether a person could have this value at all; what no one could have is kept apart from what is worrying."""
    vital = VITALS[code]
    return vital.plausible_low <= value <= vital.plausible_high


def plausible_pressure(sys: Decimal, dia: Decimal, mean: Decimal | None) -> bool:
    """Systolic above mean above diastolic, each possible by itself."""
    if not (plausible("nibp_sys", sys) and plausible("nibp_dia", dia) and sys > dia):
        return False
    return mean is None or (plausible("nibp_map", mean) and sys > mean > dia)


def usable(reading: Reading, now: datetime, max_age_s: int) -> bool:
    """Whether a check may use this value: `ok`, and not older than `max_age_s` (that age included)."""
    fresh = 0 <= reading.age_s(now) <= max_age_s
    return fresh and reading.sample.quality is Quality.OK and reading.sample.value is not None


class Level(StrEnum):
    """How far outside its limits a value lies; a value equal to a limit lies inside."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    FAR_OUTSIDE = "far_outside"


def level(limits: Limits | None, value: Decimal) -> tuple[Level, Decimal | None]:
    """The level of a value and the limit it crossed. `limits`: of the protocol, None where it states none."""
    if limits is None:
        return Level.INSIDE, None
    if limits.very_low is not None and value < limits.very_low:
        return Level.FAR_OUTSIDE, limits.very_low
    if limits.very_high is not None and value > limits.very_high:
        return Level.FAR_OUTSIDE, limits.very_high
    if limits.low is not None and value < limits.low:
        return Level.OUTSIDE, limits.low
    if limits.high is not None and value > limits.high:
        return Level.OUTSIDE, limits.high
    return Level.INSIDE, None


def limits_text(of: Limits | None) -> str:
    """“50–120”, “≥ 90”; nothing where the protocol states none."""
    low, high = (None if end is None else f"{end.normalize():f}" for end in ((of.low, of.high) if of else (None, None)))
    if low is None or high is None:
        return f"≥ {low}" if low else f"≤ {high}" if high else ""
    return f"{low}–{high}"
