"""The trend's data: what arrived, what was set and measured, what the protocol asks for."""

from datetime import datetime

import numpy as np

from app.domain import events as e
from app.domain.checks import Status, checks
from app.domain.infusion import Infusion
from app.domain.stages import stages
from app.services.trend import Series, Trend
from ui.widgets.trend_data import Band, Check, Curve, Drip, Pressure, TrendData

_STATUS = {Status.ON_TIME: "done", Status.LATE: "done", Status.MISSED: "missed"}


def trend_data(s: Infusion, trend: Trend, now: datetime) -> TrendData:
    """Times count from the start of the infusion, before it from the order."""
    zero = (s.started_at or s.ordered_at).timestamp()
    shown = ("hr", "spo2", "rr", "temp")
    curves: dict[str, Curve] = {c: _curve(trend.series[c], zero) for c in shown if c in trend.series}
    if "hr" not in curves and "pr" in trend.series:
        curves["hr"] = _curve(trend.series["pr"], zero)
    return TrendData(
        now.timestamp() - zero,
        curves,
        _pressure(trend, zero),
        _drip(s, zero),
        _bands(s, zero, now),
        _checks(s, zero, now),
    )


def _curve(series: Series, zero: float) -> Curve:
    return Curve(np.array(series.t_s) - zero, np.array(series.values))


def _pressure(trend: Trend, zero: float) -> Pressure:
    """Only measurements that have all three."""
    found = [trend.series.get(code) for code in ("nibp_sys", "nibp_dia", "nibp_map")]
    if any(series is None for series in found):
        return Pressure()
    maps = [dict(zip(x.t_s, x.values, strict=True)) for x in found if x is not None]
    times = sorted(set(maps[0]) & set(maps[1]) & set(maps[2]))
    sys, dia, mean = (np.array([m[t] for t in times]) for m in maps)
    return Pressure(np.array(times) - zero, sys, dia, mean)


def _drip(s: Infusion, zero: float) -> Drip:
    target: list[tuple[float, float]] = []
    measured: list[tuple[float, float]] = []
    for entry in s.entries:
        event, t_s = entry.event, entry.at.timestamp() - zero
        if isinstance(event, e.Started | e.SteppedUp | e.RateSet | e.Resumed):
            target.append((t_s, float(event.rate_gtt_min)))
        elif isinstance(event, e.Paused | e.InfusionEnded | e.InfusionStopped):
            target.append((t_s, 0.0))
        elif isinstance(event, e.RateMeasured):
            measured.append((t_s, float(event.rate_gtt_min)))
    return Drip(_points(target), _points(measured))


def _points(pairs: list[tuple[float, float]]) -> Curve:
    return Curve(np.array([t for t, _ in pairs]), np.array([v for _, v in pairs]))


def _bands(s: Infusion, zero: float, now: datetime) -> tuple[Band, ...]:
    """One band a drip stage; the last up to the longest duration while it runs."""
    if s.started_at is None:
        return ()
    limit_s = float(s.protocol.infusion.duration_min[1]) * 60
    found = []
    for span in stages(s):
        if span.key.startswith("rate_") and span.started_at:
            until = span.ended_at.timestamp() - zero if span.ended_at else max(limit_s, now.timestamp() - zero)
            found.append(Band(span.started_at.timestamp() - zero, until, span.label, span.key == "rate_1"))
    return tuple(found)


def _checks(s: Infusion, zero: float, now: datetime) -> tuple[Check, ...]:
    return tuple(
        Check(k.due_at.timestamp() - zero, _STATUS.get(k.status, "due"))  # type: ignore[arg-type]
        for k in checks(s, now)
    )
