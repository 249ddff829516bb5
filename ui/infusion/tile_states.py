"""The vital signs as tiles: value, age, source and limits, or why there is none."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.infusion.facts import VitalsRecorded
from app.domain.infusion.phases import AFTER_END
from app.domain.infusion.state import Infusion
from app.domain.texts import Text, say
from app.domain.vitals.fading import Fade, fade, fade_by_hand
from app.domain.vitals.vital_signs import NIBP, VITALS, Quality, Reading, limits_text
from app.domain.vitals.worrying import JudgedBy, arrow, as_shown, worry
from app.domain.watch.active_alarm import ActiveAlarm
from app.domain.watch.bed_seen import judged_by
from app.services.ward.bed_watch import BedWatch
from app.services.words.words import Words
from devices.link import LinkState
from ui.frame.bar.alarm_bar import PRIORITIES, AlarmLook
from ui.infusion.blood_pressure import with_pressure
from ui.infusion.tile import TileState

_PRESSURE = ("nibp_sys", "nibp_dia", "nibp_map")
#: What stands in one tile has one mark.
_TOGETHER: dict[str, set[str]] = {"nibp_sys": set(_PRESSURE)}


class NewestValue(msgspec.Struct, frozen=True):
    """The newest value of one vital sign, whoever gave it."""

    value: Decimal
    at: datetime
    source: Text
    by_hand: bool


def tiles(s: Infusion, watched: BedWatch, now: datetime, words: Words, alarms: Sequence[ActiveAlarm] = ()) -> list[TileState]:
    """Heart rate (or pulse), SpO₂, pressure, respiration, temperature: five tiles in their order. `alarms`: what stands there."""
    of = _Of(s, watched, now, words, {alarm.key: alarm for alarm in alarms}, judged_by(s, now, s.vitals))
    return [_tile(of, _heart(of)), _tile(of, "spo2"), _cuff(of), _tile(of, "rr"), _tile(of, "temp")]


class _Of(msgspec.Struct, frozen=True):
    """One bed at one moment."""

    state: Infusion
    watched: BedWatch
    now: datetime
    words: Words
    alarms: Mapping[str, ActiveAlarm]
    by: JudgedBy

    def newest(self, code: str) -> NewestValue | None:
        return newest_value(self.state, self.watched.newest(code), code)

    def written(self, code: str, newest: NewestValue) -> str:
        """Its number; a systolic pressure over its diastolic one."""
        below = self.newest("nibp_dia") if code == "nibp_sys" else None
        return as_shown(code, newest.value) + (f"/{as_shown('nibp_dia', below.value)}" if below else "")

    def fade(self, code: str, newest: NewestValue) -> Fade:
        s, age_s = self.state, (self.now - newest.at).total_seconds()
        every_min = s.protocol.observation.interval_min if s.phase in AFTER_END else s.protocol.vitals.interval_min
        if newest.by_hand:
            return fade_by_hand(s.protocol.vitals, age_s, every_min)
        reading = self.watched.newest(code)
        is_lost = code in self.watched.gone or (reading is not None and reading.port in self.watched.silent)
        return fade(s.protocol.vitals, code, age_s, every_min, is_lost)


def _heart(of: _Of) -> str:
    """The heart rate, but the pulse rate where that stands better."""
    known = {code: x for code in ("hr", "pr") if (x := of.newest(code)) is not None}
    return min(known, key=lambda code: [*Fade].index(of.fade(code, known[code])), default="hr")


def _cuff(of: _Of) -> TileState:
    """Systolic over diastolic, the mean in brackets; edged as the worst of them."""
    found = {code: x for code in _PRESSURE if (x := of.newest(code)) is not None}
    tile = msgspec.structs.replace(_tile(of, "nibp_sys"), name=say("Blood pressure"))
    if not found:
        return tile
    worst = max((_edge(of, code, x) for code, x in found.items()), key=lambda edge: _RANK[edge[0]])
    tile = msgspec.structs.replace(tile, alarm=worst[0], high=worst[1])
    return tile if tile.value is None else with_pressure(tile, *(found[c].value if c in found else None for c in _PRESSURE))


def _tile(of: _Of, code: str) -> TileState:
    """One vital sign: the newest value with its age and source, or why there is none."""
    vital, newest = VITALS[code], of.newest(code)
    empty = TileState(vital.name, vital.colour, None, vital.unit_words, limits=limits_text(of.state.vitals.limits_of(code)),
                      own=bool(of.state.own_limits.keys() & _TOGETHER.get(code, {code})))  # fmt: skip
    if newest is None:
        return msgspec.structs.replace(empty, missing=_why(of.watched, code) or say("nothing received"))
    how, (alarm, high) = of.fade(code, newest), _edge(of, code, newest)
    age = of.words.age((of.now - newest.at).total_seconds())
    why = None if newest.by_hand or how is Fade.FRESH else _why(of.watched, code)
    tile = msgspec.structs.replace(empty, age=age, alarm=alarm, high=high)
    if how is Fade.GONE:
        last = say("last {value}", value=of.written(code, newest))
        return msgspec.structs.replace(tile, missing=why or say("too old"), source=last)
    tile = msgspec.structs.replace(tile, value=as_shown(code, newest.value), source=why or newest.source)
    return msgspec.structs.replace(tile, stale=True) if how is Fade.FADED else _against(of, code, newest.value, tile)


def _against(of: _Of, code: str, value: Decimal, tile: TileState) -> TileState:
    """With its baseline and where it went since; a pressure by its systolic value."""
    before = of.by.baseline.get(code)
    if before is None:
        return tile
    found = worry(of.by, code, value)
    text = as_shown(code, before)
    if code == "nibp_sys" and "nibp_dia" in of.by.baseline:
        text = f"{text}/{as_shown('nibp_dia', of.by.baseline['nibp_dia'])}"
    is_moved = found is not None and found.limit is None
    return msgspec.structs.replace(tile, before=text, moved=arrow(code, before, value), worrying=is_moved)


_RANK: dict[AlarmLook | None, int] = {None: 0, "low": 1, "medium": 2, "high": 3}


def _edge(of: _Of, code: str, newest: NewestValue) -> tuple[AlarmLook | None, bool]:
    """The alarm that stands of it or, while it is fresh, that its limits make it worth; whether it is high. A change from the
    baseline is edged once it alarms: until it has lasted it is only marked.
    """
    found, alarm = worry(of.by, code, newest.value), of.alarms.get(code)
    told = None if alarm is None else PRIORITIES[alarm.priority]
    is_low = found.is_low if found is not None else newest.value < of.by.baseline.get(code, newest.value)
    if found is None or found.limit is None or of.fade(code, newest) is not Fade.FRESH:
        return told, not is_low
    worth: AlarmLook = "high" if found.is_far else "medium"
    return max(worth, told, key=_RANK.__getitem__), not is_low


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
