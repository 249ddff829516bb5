"""Conditions of what watches the patient: the link, sensors that are off, values that come no more, the drop sensor."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.texts import number, say
from app.domain.vitals.vital_signs import Quality

from .bed_seen import MONITOR_MATTERS, SPOT, BedSeen
from .latch import Finding, Inside, Verdict
from .priority import Priority

#: A monitor that has no value (seconds since the last good one): it searches, or it has none at all.
SILENT_S, NO_VALUE_S = 30, 15
_NO_VALUE = (Quality.UNAVAILABLE, Quality.INVALID)


def link(bed: BedSeen, _now: datetime) -> Iterator[Verdict]:
    if bed.silent and bed.phase in MONITOR_MATTERS:
        yield Finding(key="link", priority=Priority.MEDIUM, since=min(bed.silent.values()))
    elif not bed.silent:
        yield from (Inside("link", at) for at in _given(bed).values())


def sensor_off(bed: BedSeen, now: datetime) -> Iterator[Verdict]:
    """At once where the monitor says so; soon where it says no more than that it has no value. One finger, one alarm."""
    if bed.phase not in MONITOR_MATTERS:
        return
    off = {code: at for code, at in _off_since(bed).items() if at <= now}
    yield from (Inside(f"sensor_off:{code}", at) for code, at in _given(bed).items() if code not in off)
    for code, at in off.items():
        if not (code == "pr" and "spo2" in off) and code not in ("nibp_dia", "nibp_map"):
            yield Finding(key=f"sensor_off:{code}", priority=Priority.MEDIUM, since=at)


def _given(bed: BedSeen) -> dict[str, datetime]:
    """When each value came that a monitor still gives."""
    there = {code: x for code, x in bed.newest.items() if x.port and x.port not in bed.silent and code not in bed.gone}
    return {code: reading.received_at for code, reading in there.items()}


def _off_since(bed: BedSeen) -> dict[str, datetime]:
    """From when each vital sign counts as off that the monitor gives no more."""
    found: dict[str, datetime] = {}
    for code, said in bed.gone.items():
        newest = bed.newest.get(code)
        if said.sample.quality is Quality.SENSOR_OFF:
            found[code] = said.received_at
        elif said.sample.quality in _NO_VALUE and code not in SPOT and newest is not None:
            found[code] = newest.received_at + timedelta(seconds=NO_VALUE_S)
    return found


def stale(bed: BedSeen, now: datetime) -> Iterator[Verdict]:
    """What the monitor repeats every second, but no more. Of a lost link or sensor that is told already."""
    if bed.phase not in MONITOR_MATTERS:
        return
    off = _off_since(bed)
    old: dict[str, datetime] = {}
    for code, reading in bed.newest.items():
        if reading.port == "" or reading.port in bed.silent or code in SPOT or code in off:
            continue
        allowed_s = bed.protocol.vitals.max_age_s if code not in bed.gone else SILENT_S
        if reading.age_s(now) > allowed_s:
            old[code] = reading.measured_at + timedelta(seconds=allowed_s)
    yield from (Inside(f"stale:{code}", at) for code, at in _given(bed).items() if code not in old)
    for code, since in old.items():
        if not (code == "pr" and "spo2" in old):
            yield Finding(key=f"stale:{code}", priority=Priority.MEDIUM, since=since)


def drip(bed: BedSeen, _now: datetime) -> Iterator[Verdict]:
    """By the sensor alone; what somebody counted is told where it was counted."""
    drops, pct, target = bed.drops, bed.protocol.delivery.rate_off_pct, bed.rate_gtt_min
    if drops is None or drops.off_since is None or drops.rate_gtt_min is None or pct is None or target is None:
        return
    text = say("The drip is off by more than {pct} %: {rate} drops/min by the drop sensor, {target} set",
               pct=number(pct), rate=number(drops.rate_gtt_min.quantize(Decimal(1))), target=number(target))  # fmt: skip
    yield Finding(key="drip", priority=Priority.MEDIUM, since=drops.off_since, text=text)
