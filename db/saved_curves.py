"""Samples read all together, as curves: each question is one, however many there are."""

import msgspec

from .statements import Driver

SavedCurve = tuple[list[int], list[float | None]]
"""Of one vital sign in order of time: ms since 1970 UTC (record time), value; None: no number was sent."""

_OF_ONE = "infusion = (SELECT id FROM infusion WHERE infusion_id = ?)"
_CURVES = f"""
SELECT (SELECT code FROM vital WHERE id = one.vital), json_group_array(t), json_group_array(value)
FROM (SELECT vital, t, value FROM sample WHERE {_OF_ONE} ORDER BY vital, t) one GROUP BY vital"""
_MINUTES = f"SELECT DISTINCT t / 60000 FROM sample WHERE {_OF_ONE}"
_MINUTE_MS = 60_000

_TIMES, _VALUES = msgspec.json.Decoder(list[int]), msgspec.json.Decoder(list[float | None])


def saved_curves(driver: Driver, infusion_id: str) -> dict[str, SavedCurve]:
    """One infusion's samples, by vital sign."""
    found = driver.execute(_CURVES, (infusion_id,))
    return {vital: (_TIMES.decode(times), _VALUES.decode(values)) for vital, times, values in found}


def sampled_minutes(driver: Driver, infusion_id: str) -> list[int]:
    """The minutes (ms since 1970 UTC) of which there are samples, in order."""
    return sorted(minute * _MINUTE_MS for (minute,) in driver.execute(_MINUTES, (infusion_id,)))
