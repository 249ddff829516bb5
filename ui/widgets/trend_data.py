"""What the trend shows: lanes on one time axis. Times in seconds since the start of infusion, gaps as NaN."""

from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from app.domain.texts import Text, say

Array = npt.NDArray[np.float64]
_NONE: Array = np.empty(0)


class Lane(msgspec.Struct, frozen=True):
    """One stacked plot. `low`..`high` is its least range; `limits` are drawn thin; `hold_s`: how long a value holds."""

    code: str
    name: Text | str
    colour: str
    low: float
    high: float
    limits: tuple[float | None, float | None] = (None, None)
    decimals: int = 0
    kind: Literal["line", "bars", "drip"] = "line"
    hold_s: float = 30.0


class Curve(msgspec.Struct, frozen=True, eq=False):
    """`value` is NaN where nothing was read."""

    t_s: Array = _NONE
    value: Array = _NONE


class Pressure(msgspec.Struct, frozen=True, eq=False):
    """Cuff measurements in mmHg."""

    t_s: Array = _NONE
    sys: Array = _NONE
    dia: Array = _NONE
    mean: Array = _NONE


class Drip(msgspec.Struct, frozen=True, eq=False):
    """Drops/min: the commanded rate as steps (time of each change), the measured points."""

    target: Curve = Curve()
    measured: Curve = Curve()


class Band(msgspec.Struct, frozen=True):
    """A stretch of the protocol; `strong` fills it with the accent's soft colour."""

    from_s: float
    to_s: float
    text: Text | str
    strong: bool = False


class Check(msgspec.Struct, frozen=True):
    """A vital-sign check: hollow = due, filled = done, crossed = missed."""

    t_s: float
    status: Literal["due", "done", "missed"]


class TrendData(msgspec.Struct, frozen=True, eq=False):
    """Everything at `now_s`; `curves` by lane code."""

    now_s: float
    curves: dict[str, Curve] = {}
    pressure: Pressure = Pressure()
    drip: Drip = Drip()
    bands: tuple[Band, ...] = ()
    checks: tuple[Check, ...] = ()


LANES = (
    Lane("hr", say("Heart rate"), "heart", 40, 130, (50, 120)),
    Lane("spo2", say("SpO₂"), "oxygen", 86, 100, (90, None)),
    Lane("bp", say("Blood pressure"), "pressure", 40, 180, (90, 160), kind="bars", hold_s=300),
    Lane("rr", say("Resp. rate"), "breath", 4, 34, (8, 30)),
    Lane("temp", say("Temperature"), "warmth", 34, 39, (35, 38), decimals=1, hold_s=1200),
    Lane("drip", say("Drip"), "drip", 0, 70, kind="drip", hold_s=900),
)
