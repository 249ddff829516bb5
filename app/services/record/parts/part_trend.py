"""The trend of the whole infusion on one time axis, legible in black and white."""

from datetime import datetime, timedelta

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.checks import Check, Status
from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import VITALS
from app.services.record.blocks import NoteBlock, Section
from app.services.record.curves import Piece, pieces, pressures, thinned
from app.services.record.drawing import Drawing
from app.services.record.telling import Teller

from .part_checks import due_checks

_WIDTH, _LEFT, _RIGHT = 180.0, 23.0, 178.0
_STRIP, _TOP, _GAP = 9.0, 12.0, 4.0
_BEFORE, _AFTER, _LONGEST = timedelta(minutes=10), timedelta(minutes=3), timedelta(hours=8)


class Panel(msgspec.Struct, frozen=True):
    """One curve's field: least range shown (value units), height mm, `step` between two lines of the grid."""

    code: str
    low: float
    high: float
    height: float
    step: int


PANELS = (
    Panel("hr", 50, 110, 28, 20),
    Panel("spo2", 90, 100, 20, 5),
    Panel("nibp", 50, 150, 30, 50),
    Panel("rr", 10, 25, 20, 5),
    Panel("temp", 36, 38, 20, 1),
    Panel("drip", 0, 70, 32, 20),
)


class Axis(msgspec.Struct, frozen=True):
    """The common time axis, from `start` for `length_s` seconds."""

    start: datetime
    length_s: float

    def x(self, at_s: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * at_s / self.length_s

    def x_at(self, at: datetime) -> float:
        return self.x((at - self.start).total_seconds())

    @property
    def bucket_s(self) -> float:
        """Seconds to a quarter of a millimetre."""
        return self.length_s / (_RIGHT - _LEFT) / 4


class Scale(msgspec.Struct, frozen=True):
    """One panel's value axis."""

    top: float
    height: float
    low: float
    high: float

    def y(self, value: float) -> float:
        return self.top + self.height * (1 - (value - self.low) / (self.high - self.low))


def trend(t: Teller) -> Section:
    title, s = t.tr(say("Trend")), t.state
    if s.started_at is None:
        return Section(title, (NoteBlock(t.tr(say("Not started: there is no trend."))),))
    alt = t.tr(say("Vital signs and drip rate against time; the numbers stand in the tables of this record."))
    return Section(title, (draw(t).plot(alt), NoteBlock(_legend(t))), new_page=True)


def _legend(t: Teller) -> str:
    return t.tr(
        say("Curves: monitor; a gap is a time without a value. Small rings: values of the checks. Bars: cuff pressure,"
            " systolic to diastolic. Top row: ◆ check on time, ◇ late, × missed. Drip rate: thick measured, thin set,"
            " dashed nobody watching; grey field: ordered rates; white break: paused.")
    )  # fmt: skip


def draw(t: Teller) -> Drawing:
    height = _TOP + sum(p.height + _GAP for p in PANELS) + 5
    d, axis = Drawing(_WIDTH, height), _axis(t)
    bottom = height - _GAP - 5
    _time_axis(t, d, axis, bottom)
    top = _TOP
    for panel in PANELS:
        _panel(t, d, axis, panel, top)
        top += panel.height + _GAP
    _marks(t, d, axis, bottom)
    _checks(t, d, axis, bottom)
    return d


def _axis(t: Teller) -> Axis:
    s, now = t.state, t.source.made_at
    assert s.started_at is not None
    end = s.observation_closed_at or now
    longest = timedelta(minutes=s.protocol.observation.length_min + 30) if s.ended_at else _LONGEST
    last = min(end, (s.ended_at or s.started_at) + longest)
    start = s.started_at - _BEFORE
    return Axis(start, max((last + _AFTER - start).total_seconds(), 1800))


def _panel(t: Teller, d: Drawing, axis: Axis, panel: Panel, top: float) -> None:
    found = _pieces(t, axis, panel.code)
    values = [v for piece in found for _, v in piece] + [v for _, v in _check_values(t, axis, panel.code)]
    scale = _scale(panel, values, top)
    name, unit = _name(t, panel.code)
    d.text((0, top + 2), name, "left", 8, strong=True)
    d.text((0, top + 5.5), unit, "left", 6.5)
    if panel.code == "drip":
        _ordered_rates(t, d, axis, scale)
    _grid(d, panel, scale)
    if panel.code == "drip":
        _drip(t, d, axis, scale)
    elif panel.code == "nibp":
        _bars(t, d, axis, scale)
    for piece in found if panel.code not in ("drip", "nibp") else ():
        d.path([(axis.x(s), scale.y(v)) for s, v in thinned(piece, axis.bucket_s)], 0.25)
    for at_s, value in _check_values(t, axis, panel.code):
        d.disc((axis.x(at_s), scale.y(value)), 0.8, filled=False)


def _pieces(t: Teller, axis: Axis, code: str) -> list[Piece]:
    """Curves of one panel within the axis; a monitor without a heart rate gives its pulse rate."""
    if code == "drip":
        return [[(0.0, float(f.rate_gtt_min))] for f in t.state.flows]
    if code == "nibp":
        return [[(at_s, low), (at_s, high)] for at_s, low, high in _pressures(t, axis)]
    found = pieces(t.source.samples, code, axis.start)
    if not found and code == "hr":
        found = pieces(t.source.samples, "pr", axis.start)
    inside = [[r for r in piece if 0 <= r[0] <= axis.length_s] for piece in found]
    return [piece for piece in inside if piece]


def _pressures(t: Teller, axis: Axis) -> list[tuple[float, float, float]]:
    return [p for p in pressures(t.source.samples, axis.start) if 0 <= p[0] <= axis.length_s]


def _check_values(t: Teller, axis: Axis, code: str) -> list[tuple[float, float]]:
    """What the checks hold for this panel: seconds and value."""
    wanted = {"hr": ("hr", "pr"), "nibp": ("nibp_sys", "nibp_dia")}.get(code, (code,))
    found = []
    for entry in t.state.checks:
        assert isinstance(entry.event, e.VitalsRecorded)
        at_s = (entry.at - axis.start).total_seconds()
        given = {v.vital: v.value for v in entry.event.values if v.value is not None}
        chosen = [c for c in wanted if c in given]
        for vital in chosen if code == "nibp" else chosen[:1]:
            if 0 <= at_s <= axis.length_s:
                found.append((at_s, float(given[vital])))
    return found


def _scale(panel: Panel, values: list[float], top: float) -> Scale:
    """The panel's least range, widened in whole steps until every value lies inside."""
    low, high = panel.low, panel.high
    while values and min(values) < low:
        low -= panel.step
    while values and max(values) > high:
        high += panel.step
    return Scale(top, panel.height, low, high)


def _name(t: Teller, code: str) -> tuple[str, str]:
    if code == "drip":
        return t.tr(say("Drip rate")), t.tr(say("drops/min"))
    if code == "nibp":
        return t.tr(say("BP")), "mmHg"
    return t.tr(VITALS[code].short), t.unit(VITALS[code].unit)


def _grid(d: Drawing, panel: Panel, scale: Scale) -> None:
    value = -(-scale.low // panel.step) * panel.step
    while value <= scale.high:
        y = scale.y(value)
        d.line((_LEFT, y), (_RIGHT, y), 0.1, 75)
        d.text((_LEFT - 1, y), f"{value:g}", "right", 6)
        value += panel.step
    d.box((_LEFT, scale.top), _RIGHT - _LEFT, scale.height, edge=30)


def _bars(t: Teller, d: Drawing, axis: Axis, scale: Scale) -> None:
    for at_s, high, low in _pressures(t, axis):
        x = axis.x(at_s)
        d.line((x, scale.y(high)), (x, scale.y(low)), 0.4)
        for value in (high, low):
            d.line((x - 0.8, scale.y(value)), (x + 0.8, scale.y(value)), 0.4)


def _ordered_rates(t: Teller, d: Drawing, axis: Axis, scale: Scale) -> None:
    """The rates the protocol allows, for as long as each stage ran; a single rate is a narrow field."""
    stages = t.state.protocol.infusion.stages
    ends: dict[int, float] = {}
    for span in t.state.spans:
        low, high = (float(r) for r in stages[span.stage].rate_gtt_min)
        left, right = axis.x_at(span.start), min(axis.x_at(span.end or t.source.made_at), _RIGHT)
        top, bottom = scale.y(high) - 0.5, scale.y(low) + 0.5
        d.box((left, top), max(right - left, 0.2), bottom - top, fill=85)
        ends[span.stage] = right
    for stage, right in ends.items():
        rates = [float(r) for r in stages[stage].rate_gtt_min]
        text = "–".join(dict.fromkeys(f"{rate:g}" for rate in rates))
        d.text((right + 1, scale.y(sum(rates) / 2)), text, size_pt=6)


def _drip(t: Teller, d: Drawing, axis: Axis, scale: Scale) -> None:
    looks = {"measured": (0.6, ""), "set": (0.25, ""), "lost": (0.25, "1 0.8"), "unknown": (0.25, "0.4 0.8")}
    for flow in t.state.flows:
        y = scale.y(float(flow.rate_gtt_min))
        width, dash = looks[flow.basis]
        left, right = axis.x_at(flow.start), axis.x_at(flow.end or t.source.made_at)
        if right > left:
            d.line((left, y), (right, y), width, 0, dash)
    for entry in t.entries(e.RateMeasured):
        assert isinstance(entry.event, e.RateMeasured)
        d.disc((axis.x_at(entry.at), scale.y(float(entry.event.rate_gtt_min))), 0.8)


def _time_axis(t: Teller, d: Drawing, axis: Axis, bottom: float) -> None:
    """A line every quarter of an hour (every hour on a long axis), its local time below."""
    s = t.state
    assert s.started_at is not None
    step = 15 if axis.length_s <= 4 * 3600 else 60
    minute = -step
    while (at := s.started_at + timedelta(minutes=minute)) <= axis.start + timedelta(seconds=axis.length_s):
        if at >= axis.start:
            x = axis.x_at(at)
            d.line((x, _TOP), (x, bottom), 0.1, 75)
            d.text((x, bottom + 2.2), t.words.time(at), "center", 6)
        minute += step


def _marks(t: Teller, d: Drawing, axis: Axis, bottom: float) -> None:
    """Start, step up and end, through all panels."""
    s = t.state
    marks: tuple[tuple[datetime | None, Text], ...] = (
        (s.started_at, say("start")),
        *((s.reached.get(f"stage{n}"), say("step up")) for n in range(1, len(s.protocol.infusion.stages))),
        (s.ended_at, say("end")),
        (s.observation_closed_at, say("observation closed")),
    )
    for at_mark, name in marks:
        if at_mark is not None:
            d.line((axis.x_at(at_mark), _TOP - 2), (axis.x_at(at_mark), bottom), 0.25, 0, "1.2 0.8")
            anchor = "right" if axis.x_at(at_mark) > _RIGHT - 15 else "center"
            d.text((axis.x_at(at_mark), 2), t.tr(name), anchor, 6.5, strong=True)  # type: ignore[arg-type]


def _checks(t: Teller, d: Drawing, axis: Axis, bottom: float) -> None:
    """The row of checks above the panels, each at its due time."""
    d.text((0, 6.5), t.tr(say("Checks")), "left", 8, strong=True)
    for check in due_checks(t):
        at_s = (check.due_at - axis.start).total_seconds()
        if 0 <= at_s <= axis.length_s:
            _check_mark(d, (axis.x(at_s), 6.5), check)
    d.text((0, bottom + 2.2), t.tr(say("Local time")), "left", 6)


def _check_mark(d: Drawing, at: tuple[float, float], check: Check) -> None:
    if check.status is Status.MISSED:
        d.cross(at, 1.1)
    else:
        d.diamond(at, 1.4, filled=check.status is Status.ON_TIME)
