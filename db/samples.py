"""Vital-sign samples: written inside a transaction of the writer, and read as curves of each minute's lowest and highest."""

from array import array
from collections.abc import Sequence

from app.domain.vitals.vital_signs import NIBP
from db.log.batch import SampleLine

from .statements import Driver

_INTO = "INSERT OR IGNORE INTO sample (infusion, t, vital, value, quality, source) VALUES "
_ROW = "(?, ?, ?, ?, ?, ?)"
_WIDTH = _ROW.count("?")
#: Many with one statement take two thirds of the time of as many by themselves, and let go of the interpreter once.
_INSERTS = {count: _INTO + ", ".join([_ROW] * count) for count in (64, 16, 4, 1)}
#: Those of one infusion in order of time.
SAMPLES = """
SELECT v.code, s.t, s.value, q.code, o.code
FROM sample s
JOIN vital v ON v.id = s.vital JOIN quality q ON q.id = s.quality JOIN source o ON o.id = s.source
WHERE s.infusion = (SELECT id FROM infusion WHERE infusion_id = ?) AND s.t >= ? AND s.t < ?
ORDER BY s.t, s.vital"""
_NAN = float("nan")
#: So many are remembered, then they are looked up anew: an infusion has about twenty.
_MOST_NAMES = 1000


class Keys:
    """The small numbers that stand for names in other tables; made when a name is first met."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}
        self._together: dict[tuple[str, str, str, str], tuple[int, int, int, int]] = {}

    def infusion(self, driver: Driver, infusion_id: str) -> int:
        return self._of(driver, "infusion", infusion_id, "infusion_id")

    def _of(self, driver: Driver, table: str, name: str, column: str = "code") -> int:
        key = self._known.get((table, name))
        if key is None:
            key = self._known[table, name] = _key(driver, table, column, name)
        return key

    def values(self, driver: Driver, lines: Sequence[SampleLine]) -> list[int | float | None]:
        """Samples as they lie in their table, the values of one behind those of the other."""
        known = self._together
        found: list[int | float | None] = []
        for infusion_id, vital, t, value, quality, source in lines:
            keys = known.get((infusion_id, vital, quality, source))
            if keys is None:
                self._meet(driver, lines)
                keys = known[infusion_id, vital, quality, source]
            found += (keys[0], t, keys[1], value, keys[2], keys[3])
        return found

    def _meet(self, driver: Driver, lines: Sequence[SampleLine]) -> None:
        """New vital signs get their keys in the order of their names, which is that of seals: so they need no sorting."""
        if len(self._together) >= _MOST_NAMES:
            self.forget()
        for vital in sorted({line[1] for line in lines}):
            self._of(driver, "vital", vital)
        for infusion_id, vital, _t, _value, quality, source in lines:
            if (infusion_id, vital, quality, source) not in self._together:
                codes = self._of(driver, "vital", vital), self._of(driver, "quality", quality), self._of(driver, "source", source)
                self._together[infusion_id, vital, quality, source] = (self.infusion(driver, infusion_id), *codes)

    def forget(self) -> None:
        """After a rollback: what was made in it is gone."""
        self._known.clear()
        self._together.clear()


def _key(driver: Driver, table: str, column: str, name: str) -> int:
    driver.execute(f"INSERT OR IGNORE INTO {table} ({column}) VALUES (?)", (name,))
    (key,) = driver.execute(f"SELECT id FROM {table} WHERE {column} = ?", (name,)).fetchone()
    return int(key)


def insert_samples(driver: Driver, keys: Keys, lines: Sequence[SampleLine]) -> None:
    """Store samples; one of the same infusion, vital sign and millisecond is left as it is."""
    values, at = keys.values(driver, lines), 0
    for count, insert in _INSERTS.items():
        each = count * _WIDTH
        while len(values) - at >= each:
            driver.execute(insert, values[at : at + each])
            at += each


_EXTREMES = """
SELECT v.code, s.t, {which}(s.value) FROM sample s JOIN vital v ON v.id = s.vital
WHERE s.infusion = (SELECT id FROM infusion WHERE infusion_id = ?) AND s.t >= ? AND s.t < ? AND s.value IS NOT NULL
GROUP BY s.vital, s.t / 60000"""
_BREAKS = """
SELECT v.code, s.t, s.value, s.before_t, s.before FROM (
    SELECT vital, t, value, lag(t) OVER one AS before_t, lag(value) OVER one AS before FROM sample
    WHERE infusion = (SELECT id FROM infusion WHERE infusion_id = ?) AND t >= ? AND t < ?
    WINDOW one AS (PARTITION BY vital ORDER BY t)
) s JOIN vital v ON v.id = s.vital
WHERE s.value IS NULL OR s.t - s.before_t > 30000"""

Minutes = dict[str, tuple["array[float]", "array[float]"]]
"""By vital sign: Unix seconds in order, and values; NaN where the line breaks off."""


def minutes(driver: Driver, infusion_id: str, from_ms: int, before_ms: int) -> Minutes:
    """The samples that are the lowest and the highest of their minute, and those at both ends of a gap, each at its own time.

    A gap is as a curve has it: more than 30 s without a row, or a row without a value, but for a cuff's.
    """
    points: dict[str, dict[int, float]] = {}
    asked = infusion_id, from_ms, before_ms
    for vital, t, value, before_t, before in driver.execute(_BREAKS, asked):
        found = points.setdefault(vital, {})
        if before is not None:
            found[before_t] = before
        if value is not None:
            found[t], found[before_t + 1000] = value, _NAN
        elif vital not in NIBP:
            found[t] = _NAN
    for which in ("min", "max"):
        for vital, t, value in driver.execute(_EXTREMES.format(which=which), asked):
            points.setdefault(vital, {})[t] = value
    ordered = {vital: sorted(found.items()) for vital, found in points.items()}
    return {v: (array("d", (t / 1000 for t, _ in pairs)), array("d", (x for _, x in pairs))) for v, pairs in ordered.items()}
