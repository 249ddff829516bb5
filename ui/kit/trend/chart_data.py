"""What the trend shows: lanes on one time axis. Times in seconds since the start of infusion, gaps as NaN."""

from collections.abc import Mapping
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import VITALS

Ends = tuple[float | None, float | None]
Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
_NONE: Array = np.empty(0)
#: Two of one minute lie no further from two of the next.
MINUTE_HOLDS_S = 120.0


class CurveStyle(msgspec.Struct, frozen=True):
    """How one curve is told from the others without its colour: pyqtgraph's name of a symbol, dashes in px."""

    name: Text | str
    symbol: str
    dash: tuple[int, ...] = ()


class Lane(msgspec.Struct, frozen=True):
    """One stacked plot. `low`..`high` is its least range; `limits_of`: the vital sign whose limits are drawn thin, or none;
    `hold_s`: how long a value holds.

    `styles` by code of curve: of several, the first that has a value is the one to name and to read.
    """

    code: str
    colour: str
    low: float
    high: float
    styles: dict[str, CurveStyle]
    limits_of: str = ""
    decimals: int = 0
    kind: Literal["line", "bars", "drip"] = "line"
    hold_s: float = 30.0


class Curve(msgspec.Struct, frozen=True, eq=False):
    """`value` is NaN where nothing was read. Before `whole_s` each minute's lowest and highest stand, and only a NaN is a gap."""

    t_s: Array = _NONE
    value: Array = _NONE
    whole_s: float = float("-inf")

    def hold_s(self, at_s: float, hold_s: float) -> float:
        """How long the value before `at_s` holds."""
        return hold_s if at_s >= self.whole_s else max(hold_s, MINUTE_HOLDS_S)


class PressureCurve(msgspec.Struct, frozen=True, eq=False):
    """Cuff measurements in mmHg."""

    t_s: Array = _NONE
    sys: Array = _NONE
    dia: Array = _NONE
    mean: Array = _NONE


class DripCurve(msgspec.Struct, frozen=True, eq=False):
    """Drops/min: the commanded rate as steps (time of each change), the measured points."""

    target: Curve = Curve()
    measured: Curve = Curve()


class ProtocolBand(msgspec.Struct, frozen=True):
    """A stretch of the protocol; `strong` fills it with the accent's soft colour."""

    from_s: float
    to_s: float
    text: Text | str
    strong: bool = False


class CheckMark(msgspec.Struct, frozen=True):
    """A vital-sign check: hollow = due, filled = done, crossed = missed."""

    t_s: float
    status: Literal["due", "done", "missed"]


class TrendData(msgspec.Struct, frozen=True, eq=False):
    """Everything at `now_s`; `curves` by code of curve, `limits` (lower, upper) by code of vital sign."""

    now_s: float
    curves: dict[str, Curve] = {}
    pressure: PressureCurve = PressureCurve()
    drip: DripCurve = DripCurve()
    bands: tuple[ProtocolBand, ...] = ()
    checks: tuple[CheckMark, ...] = ()
    limits: Mapping[str, Ends] = {}


def _lane(low: float, high: float, *codes: str, hold_s: float = 30.0) -> Lane:
    """A lane of the first vital sign, with those that stand in for it."""
    vital = VITALS[codes[0]]
    styles = {code: CurveStyle(VITALS[code].name, VITALS[code].symbol, VITALS[code].dash) for code in codes}
    return Lane(codes[0], vital.colour, low, high, styles, codes[0], vital.decimals, hold_s=hold_s)


_CUFF = {"bp": CurveStyle(say("Blood pressure"), VITALS["nibp_map"].symbol)}
_DRIP = {"drip": CurveStyle(say("Drip"), "o")}

LANES = (
    _lane(40, 130, "hr", "pr"),
    _lane(86, 100, "spo2"),
    msgspec.structs.replace(_lane(50, 170, "nibp_sys", hold_s=300), code="bp", kind="bars", styles=_CUFF),
    _lane(4, 34, "rr"),
    _lane(34, 39, "temp", hold_s=1200),
    Lane("drip", "drip", 0, 70, _DRIP, kind="drip", hold_s=900),
)
