"""NEWS2, the early warning score (Royal College of Physicians, 2017; SpO₂ scale 1). Adults only."""

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

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


_Bands = tuple[tuple[Decimal, int], ...]


def _bands(*pairs: tuple[str, int]) -> _Bands:
    return tuple((Decimal(upper), score) for upper, score in pairs)


#: (upper end of the band, score); the last band has no upper end.
_RR = _bands(("8", 3), ("11", 1), ("20", 0), ("24", 2), ("Infinity", 3))
_SPO2 = _bands(("91", 3), ("93", 2), ("95", 1), ("Infinity", 0))
_SYS = _bands(("90", 3), ("100", 2), ("110", 1), ("219", 0), ("Infinity", 3))
_PULSE = _bands(("40", 3), ("50", 1), ("90", 0), ("110", 1), ("130", 2), ("Infinity", 3))
_TEMP = _bands(("35.0", 3), ("36.0", 1), ("38.0", 0), ("39.0", 1), ("Infinity", 2))
#: Five vital signs, oxygen and consciousness.
_PARAMETERS = 7


def news2(values: dict[str, Decimal | None], oxygen: bool | None, consciousness: Consciousness | None) -> News2 | None:
    """The score, or None as soon as one parameter is missing. Pulse is the heart rate, else the pulse rate."""
    found = scores(values, oxygen, consciousness)
    if len(found) < _PARAMETERS:
        return None
    return News2(sum(found.values()), 3 in found.values(), max(score for part, score in found.items() if part != "oxygen"))


def scores(values: dict[str, Decimal | None], oxygen: bool | None, consciousness: Consciousness | None) -> dict[str, int]:
    """What each parameter that is known scores: vital signs by code, `oxygen` and `consciousness`."""
    pulse = "hr" if values.get("hr") is not None else "pr"
    banded = (("rr", _RR, "1"), ("spo2", _SPO2, "1"), ("nibp_sys", _SYS, "1"), (pulse, _PULSE, "1"), ("temp", _TEMP, "0.1"))
    found = {code: _score(value, bands, step) for code, bands, step in banded if (value := values.get(code)) is not None}
    if oxygen is not None:
        found["oxygen"] = 2 if oxygen else 0
    if consciousness is not None:
        found["consciousness"] = 0 if consciousness is Consciousness.ALERT else 3
    return found


def score_of(values: dict[str, Decimal | None], oxygen: bool | None, consciousness: str | None) -> int | None:
    """The total of a check as recorded, None as soon as one parameter is missing."""
    found = news2(values, oxygen, Consciousness(consciousness) if consciousness else None)
    return found.total if found else None


def _score(value: Decimal, bands: _Bands, step: str) -> int:
    rounded = value.quantize(Decimal(step), rounding=ROUND_HALF_UP)
    return next(score for upper, score in bands if rounded <= upper)
