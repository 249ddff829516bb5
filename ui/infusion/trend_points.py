"""The trend's data: what arrived or was typed, what was set and measured, what the protocol asks for."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from math import isnan

import numpy as np

from app.domain.infusion import facts as e
from app.domain.infusion.checks import Status, checks, missed_count
from app.domain.infusion.drip_volume import limit_at, stage_due_at
from app.domain.infusion.stages import StageSpan, stages
from app.domain.infusion.state import Infusion
from app.domain.protocol import VitalsRules
from app.domain.vitals.vital_signs import NIBP
from app.services.ward.series import NOTHING_OLD, OldPart, Series, Trend
from ui.kit.trend.chart import TrendChart
from ui.kit.trend.chart_data import LANES, MINUTE_HOLDS_S, CheckMark, Curve, DripCurve, Ends, PressureCurve, ProtocolBand, TrendData

_STATUS = {Status.ON_TIME: "done", Status.LATE: "done", Status.MISSED: "missed"}
_CURVES = ("hr", "pr", "spo2", "rr", "temp")
_NAN = float("nan")
_FOREVER = float("inf")
_HOLD_S = LANES[0].hold_s
_Points = list[tuple[float, float]]


def trend_data(s: Infusion, trend: Trend, now: datetime, old: OldPart = NOTHING_OLD) -> TrendData:
    """Times count from the start of the infusion, before it from the order."""
    zero = (s.started_at or s.ordered_at).timestamp()
    series = {code: _series(trend, code, old) for code in (*_CURVES, *NIBP)}
    curves = {code: _curve(s, series[code], code, zero) for code in _CURVES}
    curves["pr"] = _where_missing(curves["pr"], curves["hr"])
    return TrendData(
        now.timestamp() - zero,
        {code: curve for code, curve in curves.items() if curve.t_s.size},
        _pressure(s, series, zero),
        _drip(s, zero),
        _bands(s, zero, now),
        _checks(s, zero, now),
        limit_lines(s.vitals),
    )


class ShownTrend:
    """Draws one infusion's trend when a person would see another picture: something happened, now stands in another column of
    pixels, or a newest value came or went or stands elsewhere than drawn by more than its symbol hides.
    """

    _HIDDEN_PX = 3.0

    def __init__(self, chart: TrendChart) -> None:
        self._chart = chart
        self.again()

    def again(self) -> None:
        """Whatever it shows is to be drawn anew."""
        self._happened: tuple[object, ...] = ()
        self._heights: dict[str, float] = {}

    def show(
        self, s: Infusion, trend: Trend, now: datetime, old_version: int = 0, old: Callable[[], OldPart] = lambda: NOTHING_OLD
    ) -> bool:
        """Whether it was drawn. `old`: the part that memory has let go of, asked for only to draw it."""
        column = self._chart.column_of(now.timestamp() - (s.started_at or s.ordered_at).timestamp())
        happened = (s.infusion_id, len(s.entries), missed_count(s, now), self._chart.span_s, column, old_version)
        newest = {code: value for code, series in trend.series.items() if (value := series.newest) is not None}
        if happened == self._happened and not self._is_moved(self._chart.heights_of(newest)):
            return False
        self._chart.set_data(trend_data(s, trend, now, old()))
        self._happened, self._heights = happened, self._chart.heights_of(newest)
        return True

    def _is_moved(self, heights: dict[str, float]) -> bool:
        if heights.keys() != self._heights.keys():
            return True
        pairs = ((y, self._heights[code]) for code, y in heights.items())
        return any(isnan(y) is not isnan(drawn) or abs(y - drawn) > self._HIDDEN_PX for y, drawn in pairs)


def limit_lines(rules: VitalsRules) -> dict[str, Ends]:
    """The lower and upper limit of each vital sign."""
    return {of.vital: (_float(of.low), _float(of.high)) for of in rules.limits}


def _float(limit: Decimal | None) -> float | None:
    return None if limit is None else float(limit)


def _series(trend: Trend, code: str, old: OldPart) -> Curve:
    """In Unix seconds: what memory has, as it came, and before it what the store tells."""
    series = trend.series.get(code) or Series()
    t_s, parts = (np.array(series.ms, float) + series.zero_ms) / 1000, np.array(series.parts, float)
    value = np.where(parts == series.gap, _NAN, parts / series.per)
    before_s, before = (np.array(x) for x in old.get(code, ((), ())))
    if not before_s.size:
        return Curve(t_s, value)
    whole_s = float(t_s[0]) if t_s.size else _FOREVER
    end = int(np.searchsorted(before_s, whole_s))
    return Curve(np.concatenate((before_s[:end], t_s)), np.concatenate((before[:end], value)), whole_s)


def _curve(s: Infusion, series: Curve, code: str, zero: float) -> Curve:
    """The monitor's line; what was typed stands in it as points of its own."""
    t_s, value = series.t_s - zero, series.value
    for at, number in _typed(s, code):
        where = int(np.searchsorted(t_s, at - zero))
        t_s = np.insert(t_s, where, [at - zero - 0.01, at - zero, at - zero + 0.01])
        value = np.insert(value, where, [_NAN, number, _NAN])
    return Curve(t_s, value, series.whole_s - zero)


def _where_missing(pulse: Curve, heart: Curve) -> Curve:
    """The pulse rate where no heart rate holds; nothing at all where one always does."""
    if not pulse.t_s.size or not heart.t_s.size:
        return pulse
    before = np.searchsorted(heart.t_s, pulse.t_s, side="right") - 1
    holds_s = np.where(pulse.t_s < heart.whole_s, MINUTE_HOLDS_S, _HOLD_S)
    held = (before >= 0) & (pulse.t_s - heart.t_s[before] <= holds_s) & ~np.isnan(heart.value[before])
    value = np.where(held, _NAN, pulse.value)
    return Curve() if np.isnan(value).all() else Curve(pulse.t_s, value, pulse.whole_s)


def _typed(s: Infusion, code: str) -> _Points:
    found = []
    for entry in s.checks:
        if isinstance(entry.event, e.VitalsRecorded):
            values = (v.value for v in entry.event.values if v.vital == code and v.source == "typed")
            found += [(entry.at.timestamp(), float(value)) for value in values if value is not None]
    return found


def _pressure(s: Infusion, series: Mapping[str, Curve], zero: float) -> PressureCurve:
    """Measurements with both ends, from the cuff or typed; the mean where there is one."""
    tops, floors, means = ({**_measured(series[c]), **dict(_typed(s, c))} for c in NIBP)
    times = sorted(set(tops) & set(floors))
    sys, dia, mean = (np.array([m.get(t, _NAN) for t in times]) for m in (tops, floors, means))
    return PressureCurve(np.array(times) - zero, sys, dia, mean)


def _measured(series: Curve) -> dict[float, float]:
    there = ~np.isnan(series.value)
    return dict(zip(series.t_s[there].tolist(), series.value[there].tolist(), strict=True))


def _drip(s: Infusion, zero: float) -> DripCurve:
    target: _Points = []
    measured: _Points = []
    for entry in s.entries:
        event, t_s = entry.event, entry.at.timestamp() - zero
        if isinstance(event, e.RateGiven):
            target.append((t_s, float(event.rate_gtt_min)))
        elif isinstance(event, e.Paused | e.InfusionEnded | e.InfusionStopped):
            target.append((t_s, 0.0))
        elif isinstance(event, e.RateMeasured):
            measured.append((t_s, float(event.rate_gtt_min)))
    return DripCurve(_points(target), _points(measured))


def _points(pairs: _Points) -> Curve:
    return Curve(np.array([t for t, _ in pairs]), np.array([v for _, v in pairs]))


def _bands(s: Infusion, zero: float, now: datetime) -> tuple[ProtocolBand, ...]:
    """One band a drip stage, those to come as they are planned, up to the longest duration."""
    limit = limit_at(s)
    if limit is None:
        return ()
    rates = [span for span in stages(s) if span.key.startswith("rate_")]
    found, at = [], limit
    for number, span in enumerate(rates):
        began = span.started_at or at
        last = number == len(rates) - 1
        at = span.ended_at or s.ended_at or (max(limit, now) if last else _next_at(s, span, limit, now))
        if at > began:
            found.append(ProtocolBand(began.timestamp() - zero, at.timestamp() - zero, span.label, number == 0))
    return tuple(found)


def _next_at(s: Infusion, span: StageSpan, limit: datetime, now: datetime) -> datetime:
    """When the stage after `span` is planned to begin."""
    if span.started_at is None:
        return limit
    return min(limit, max(now, stage_due_at(s, now) or now))


def _checks(s: Infusion, zero: float, now: datetime) -> tuple[CheckMark, ...]:
    """The checks so far and the next, then those to come before the longest duration."""
    known = checks(s, now)
    found = [CheckMark(k.due_at.timestamp() - zero, _STATUS.get(k.status, "due")) for k in known]  # type: ignore[arg-type]
    limit = limit_at(s)
    if limit is not None and s.ended_at is None and known:
        every = timedelta(minutes=s.protocol.vitals.interval_min)
        at = known[-1].due_at + every
        while at <= limit:
            found.append(CheckMark(at.timestamp() - zero, "due"))
            at += every
    return tuple(found)
