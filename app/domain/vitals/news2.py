"""NEWS2, the early warning score (Royal College of Physicians, 2017; both SpO₂ scales). Adults only.

Scale 2 is for patients with a target of 88–92 %, and holds only where it is ordered.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Literal

import msgspec


class Consciousness(StrEnum):
    """ACVPU: alert, new confusion, responds to voice, to pain, unresponsive."""

    ALERT = "A"
    CONFUSED = "C"
    VOICE = "V"
    PAIN = "P"
    UNRESPONSIVE = "U"


class News2(msgspec.Struct, frozen=True):
    """The total 0–20, whether a single parameter scores 3, and the most that one does."""

    total: int
    single_three: bool
    worst: int


Scale = Literal[1, 2]
_Bands = tuple[tuple[Decimal, int], ...]


def _bands(*pairs: tuple[str, int]) -> _Bands:
    return tuple((Decimal(upper), score) for upper, score in pairs)


#: (upper end of the band, score); the last band has no upper end.
_RR = _bands(("8", 3), ("11", 1), ("20", 0), ("24", 2), ("Infinity", 3))
_SPO2 = _bands(("91", 3), ("93", 2), ("95", 1), ("Infinity", 0))
_SPO2_ON_AIR = _bands(("83", 3), ("85", 2), ("87", 1), ("Infinity", 0))
_SPO2_ON_OXYGEN = _bands(("83", 3), ("85", 2), ("87", 1), ("92", 0), ("94", 1), ("96", 2), ("Infinity", 3))
_SYS = _bands(("90", 3), ("100", 2), ("110", 1), ("219", 0), ("Infinity", 3))
_PULSE = _bands(("40", 3), ("50", 1), ("90", 0), ("110", 1), ("130", 2), ("Infinity", 3))
_WHOLE, _TENTH = Decimal(1), Decimal("0.1")
_TEMP = _bands(("35.0", 3), ("36.0", 1), ("38.0", 0), ("39.0", 1), ("Infinity", 2))


def news2(
    values: Mapping[str, Decimal | None], oxygen: bool | None, consciousness: Consciousness | None, scale: Scale = 1
) -> News2 | None:
    """The score, or None as soon as one parameter is missing. Pulse is the heart rate, else the pulse rate."""
    return _total(_parts(*_measured(values), oxygen, consciousness, scale))


@lru_cache(64)
def _total(found: tuple[int | None, ...]) -> News2 | None:
    """Of what is in the order of `PARTS`."""
    known = {name: score for name, score in zip(PARTS, found, strict=True) if score is not None}
    if len(known) < len(PARTS):
        return None
    return News2(sum(known.values()), 3 in known.values(), max(score for name, score in known.items() if name != "oxygen"))


PARTS = ("rr", "spo2", "oxygen", "sys", "pulse", "acvpu", "temp")


def parts(
    values: Mapping[str, Decimal | None], oxygen: bool | None, consciousness: Consciousness | None, scale: Scale = 1
) -> dict[str, int | None]:
    """The score of each parameter by the names of `PARTS`; None where it is missing, or cannot be told without the oxygen."""
    return dict(zip(PARTS, _parts(*_measured(values), oxygen, consciousness, scale), strict=True))


def _measured(values: Mapping[str, Decimal | None]) -> tuple[Decimal | None, ...]:
    """In the order of `PARTS`, without what a person says."""
    pulse = values.get("hr") if values.get("hr") is not None else values.get("pr")
    return values.get("rr"), values.get("spo2"), values.get("nibp_sys"), pulse, values.get("temp")


@lru_cache(64)
def _parts(
    rr: Decimal | None, spo2: Decimal | None, sys: Decimal | None, pulse: Decimal | None, temp: Decimal | None,
    oxygen: bool | None, consciousness: Consciousness | None, scale: Scale,
) -> tuple[int | None, ...]:  # fmt: skip
    """In the order of `PARTS`. Several times a second the same is asked of each bed."""
    return (
        _score(rr, _RR, _WHOLE),
        _saturation(spo2, oxygen, scale),
        None if oxygen is None else 2 * oxygen,
        _score(sys, _SYS, _WHOLE),
        _score(pulse, _PULSE, _WHOLE),
        None if consciousness is None else 0 if consciousness is Consciousness.ALERT else 3,
        _score(temp, _TEMP, _TENTH),
    )


def scores(
    values: Mapping[str, Decimal | None], oxygen: bool | None, consciousness: Consciousness | None, scale: Scale = 1
) -> dict[str, int]:
    """What each parameter that is known scores: vital signs by code, `oxygen` and `consciousness`."""
    pulse = "hr" if values.get("hr") is not None else "pr"
    codes = {"sys": "nibp_sys", "pulse": pulse, "acvpu": "consciousness"}
    found = parts(values, oxygen, consciousness, scale)
    return {codes.get(name, name): score for name, score in found.items() if score is not None}


def _saturation(value: Decimal | None, oxygen: bool | None, scale: Scale) -> int | None:
    if scale == 1:
        return _score(value, _SPO2, _WHOLE)
    on_air, on_oxygen = _score(value, _SPO2_ON_AIR, _WHOLE), _score(value, _SPO2_ON_OXYGEN, _WHOLE)
    if oxygen is None:
        return on_air if on_air == on_oxygen else None
    return on_oxygen if oxygen else on_air


def score_of(values: Mapping[str, Decimal | None], oxygen: bool | None, consciousness: str | None, scale: Scale = 1) -> int | None:
    """The total of a check as recorded, None as soon as one parameter is missing."""
    found = news2(values, oxygen, Consciousness(consciousness) if consciousness else None, scale)
    return found.total if found else None


def _score(value: Decimal | None, bands: _Bands, step: Decimal) -> int | None:
    if value is None:
        return None
    rounded = value.quantize(step, rounding=ROUND_HALF_UP)
    return next(score for upper, score in bands if rounded <= upper)
