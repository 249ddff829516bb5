"""What the trend says at one time: a reading a lane."""

import msgspec
import numpy as np

from app.domain.texts import Text

from .chart_data import Array, Curve, Lane, TrendData

_NONE = float("nan")


class CursorReading(msgspec.Struct, frozen=True):
    """`value` is where the cursor's mark stands in the lane, NaN where nothing holds; `text` says “—” then."""

    code: str
    name: Text | str
    colour: str
    symbol: str
    value: float
    text: str


def reading(lane: Lane, data: TrendData, at_s: float) -> CursorReading:
    """The value that holds at a time in s since the start."""
    if lane.kind == "bars":
        return _cuff(lane, data, at_s)
    curves = {lane.code: data.drip.measured} if lane.kind == "drip" else data.curves
    found = {code: _held(curves.get(code, Curve()), at_s, lane) for code in lane.styles}
    code = next((code for code, value in found.items() if np.isfinite(value)), lane.code)
    return _reading(lane, code, found[code], f"{found[code]:.{lane.decimals}f}")


def _held(curve: Curve, at_s: float, lane: Lane) -> float:
    return value_at(curve.t_s, curve.value, at_s, curve.hold_s(at_s, lane.hold_s))


def _cuff(lane: Lane, data: TrendData, at_s: float) -> CursorReading:
    cuff = data.pressure
    sys, dia, mean = (value_at(cuff.t_s, values, at_s, lane.hold_s) for values in (cuff.sys, cuff.dia, cuff.mean))
    middle = (sys + dia) / 2 if np.isnan(mean) else mean
    return _reading(lane, lane.code, middle, f"{sys:.0f}/{dia:.0f}")


def _reading(lane: Lane, code: str, value: float, text: str) -> CursorReading:
    style = lane.styles[code]
    return CursorReading(code, style.name, lane.colour, style.symbol, value, "—" if np.isnan(value) else text)


def value_at(t_s: Array, value: Array, at_s: float, hold_s: float) -> float:
    """The value standing at a time, NaN if the last one before it is older than `hold_s`."""
    index = int(np.searchsorted(t_s, at_s, side="right")) - 1
    if index < 0 or at_s - t_s[index] > hold_s:
        return _NONE
    return float(value[index])
