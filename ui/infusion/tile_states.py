"""The vital signs as tiles: value, age, source and limits, or why there is none."""

from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.infusion.facts import VitalsRecorded
from app.domain.infusion.phases import AFTER_END
from app.domain.infusion.state import Infusion
from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import NIBP, VITALS, Level, Quality, Reading, level, limits_text
from app.services.ward.bed_watch import BedWatch
from app.services.words.words import Words
from devices.link import LinkState
from ui.frame.bar.alarm_bar import AlarmLook
from ui.infusion.blood_pressure import with_pressure
from ui.infusion.tile import TileState

_LEVELS: dict[Level, AlarmLook] = {Level.OUTSIDE: "medium", Level.FAR_OUTSIDE: "high"}
_PRESSURE = ("nibp_sys", "nibp_dia", "nibp_map")
#: What stands in one tile has one mark.
_TOGETHER: dict[str, set[str]] = {"nibp_sys": set(_PRESSURE)}


class NewestValue(msgspec.Struct, frozen=True):
    """The newest value of one vital sign, whoever gave it."""

    value: Decimal
    at: datetime
    source: Text
    by_hand: bool


def tiles(s: Infusion, watched: BedWatch, now: datetime, words: Words) -> list[TileState]:
    """Heart rate (or pulse), SpO₂, pressure, respiration, temperature: five tiles in their order."""
    heart = _tile(s, watched, _heart(s, watched, now), now, words)
    spo2, rr, temp = (_tile(s, watched, code, now, words) for code in ("spo2", "rr", "temp"))
    return [heart, spo2, _cuff(s, watched, now, words), rr, temp]


def _heart(s: Infusion, watched: BedWatch, now: datetime) -> str:
    """The heart rate, but the pulse rate where only that is fresh."""
    fresh = [c for c in ("hr", "pr") if (x := newest_value(s, watched.newest(c), c)) and not _is_stale(s, watched, c, x, now)]
    known = [c for c in ("hr", "pr") if newest_value(s, watched.newest(c), c)]
    return (fresh or known or ["hr"])[0]


def _cuff(s: Infusion, watched: BedWatch, now: datetime, words: Words) -> TileState:
    found = {code: newest_value(s, watched.newest(code), code) for code in _PRESSURE}
    values = {code: x.value if x else None for code, x in found.items()}
    tile = with_pressure(_tile(s, watched, "nibp_sys", now, words), *values.values())
    tile = msgspec.structs.replace(tile, name=say("Blood pressure"))
    if tile.stale or tile.value is None:
        return tile
    worst = max(((*_edge(s, c, v), c) for c, v in values.items() if v is not None), key=lambda x: _RANK[x[0]])
    return msgspec.structs.replace(tile, alarm=worst[0], high=worst[1])


def _tile(s: Infusion, watched: BedWatch, code: str, now: datetime, words: Words) -> TileState:
    """One vital sign: the newest value with its age and source, or why there is none."""
    vital, newest = VITALS[code], newest_value(s, watched.newest(code), code)
    empty = TileState(vital.name, vital.colour, None, vital.unit_words, limits=_limits(s, code))
    if newest is None:
        return msgspec.structs.replace(empty, missing=_why(watched, code) or say("nothing received"))
    stale = _is_stale(s, watched, code, newest, now)
    alarm, high = (None, True) if stale else _edge(s, code, newest.value)
    return msgspec.structs.replace(
        empty,
        value=f"{round(newest.value, vital.decimals):f}",
        source=(_why(watched, code) if stale and not newest.by_hand else None) or newest.source,
        age=words.age((now - newest.at).total_seconds()),
        stale=stale,
        alarm=alarm,
        high=high,
    )


def _limits(s: Infusion, code: str) -> Text | str:
    """Those in force; what this patient has of their own is marked."""
    shown = limits_text(s.vitals.limits_of(code))
    return say("{limits} own", limits=shown) if s.own_limits.keys() & _TOGETHER.get(code, {code}) else shown


_RANK: dict[AlarmLook | None, int] = {None: 0, "low": 1, "medium": 2, "high": 3}


def _edge(s: Infusion, code: str, value: Decimal) -> tuple[AlarmLook | None, bool]:
    """The alarm that the value is worth, and whether it lies above its limit."""
    shown = round(value, VITALS[code].decimals)
    how_far, limit = level(s.vitals.limits_of(code), shown)
    return _LEVELS.get(how_far), limit is None or shown > limit


def newest_value(s: Infusion, reading: Reading | None, code: str) -> NewestValue | None:
    """The newest value: `reading` from the monitor, or typed into a check since."""
    by_hand = typed(s, code)
    if reading is None or reading.sample.value is None:
        return by_hand
    if by_hand is not None and by_hand.at > reading.measured_at:
        return by_hand
    source = say("simulated") if reading.simulated else say("monitor")
    return NewestValue(reading.sample.value, reading.measured_at, source, by_hand=False)


def typed(s: Infusion, code: str) -> NewestValue | None:
    """The newest value that a person typed."""
    for entry in reversed(s.checks):
        event = entry.event
        if isinstance(event, VitalsRecorded):
            for value in event.values:
                if value.vital == code and value.source == "typed" and value.value is not None:
                    return NewestValue(value.value, entry.at, say("by hand"), by_hand=True)
    return None


def _is_stale(s: Infusion, watched: BedWatch, code: str, newest: NewestValue, now: datetime) -> bool:
    """A monitor's value after its longest age; one typed by hand when the next check is late."""
    limit_s = float(watched.max_age_s(code))
    if newest.by_hand:
        every = s.protocol.observation.interval_min if s.phase in AFTER_END else s.protocol.vitals.interval_min
        limit_s = float(every + s.protocol.vitals.late_from_min) * 60
    return (now - newest.at).total_seconds() > limit_s


_REASONS: dict[Quality, Text] = {
    Quality.SENSOR_OFF: say("sensor off"), Quality.SEARCHING: say("searching"), Quality.MEASURING: say("measuring"),
    Quality.INVALID: say("invalid"), Quality.QUESTIONABLE: say("questionable"),
    Quality.IMPLAUSIBLE: say("not plausible"), Quality.UNAVAILABLE: say("not measured"), Quality.STALE: say("too old"),
    Quality.DEMO: say("demo value"), Quality.TEST: say("test value"),
}  # fmt: skip


def _why(watched: BedWatch, code: str) -> Text | None:
    """Why no value comes now; None where nothing is known to be wrong."""
    link = watched.link
    if link is None:
        return say("no monitor")
    if link.state in (LinkState.LOST, LinkState.STALE):
        return say("monitor lost")
    if link.state is not LinkState.LIVE:
        return say("monitor not yet connected")
    quality = watched.why_none(code)
    if quality is not None:
        return _REASONS[quality]
    return say("not measured yet") if code in NIBP and watched.newest(code) is None else None
