"""From samples to what can be drawn: pieces without gaps, thinned to what the paper can show."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median

from .source import SampleRow

#: Seconds since some start, and the value there.
Reading = tuple[float, float]
Piece = list[Reading]

_LEAST_GAP_S = 20.0


def pieces(samples: Iterable[SampleRow], vital: str, start: datetime) -> list[Piece]:
    """One vital sign's readings, cut where no value came: a gap stays a gap."""
    found: list[Piece] = [[]]
    last_s = None
    rows = [(at, value) for code, at, value in samples if code == vital]
    limit_s = _gap_limit_s([at for at, value in rows if value is not None])
    for at, value in rows:
        at_s = (at - start).total_seconds()
        if value is None or not math.isfinite(value) or (last_s is not None and at_s - last_s > limit_s):
            found.append([])
        if value is not None and math.isfinite(value):
            found[-1].append((at_s, float(value)))
            last_s = at_s
    return [piece for piece in found if piece]


def _gap_limit_s(times: Sequence[datetime]) -> float:
    """Three times the usual distance of two readings, at least 20 s."""
    steps = [(b - a).total_seconds() for a, b in pairwise(times)]
    return max(_LEAST_GAP_S, 3 * median(steps)) if steps else _LEAST_GAP_S


def thinned(piece: Piece, bucket_s: float) -> Piece:
    """At most the lowest and the highest reading of each `bucket_s` seconds, in order of time."""
    buckets: dict[int, Piece] = {}
    for reading in piece:
        buckets.setdefault(int(reading[0] // bucket_s), []).append(reading)
    kept: Piece = []
    for readings in buckets.values():
        ends = {min(readings, key=lambda r: r[1]), max(readings, key=lambda r: r[1])}
        kept += sorted(ends)
    return kept


def pressures(samples: Iterable[SampleRow], start: datetime) -> list[tuple[float, float, float]]:
    """Each cuff pressure once: seconds, systolic, diastolic. The same pair repeated is the same measurement."""
    pairs: dict[datetime, dict[str, float]] = {}
    for code, at, value in samples:
        if code in ("nibp_sys", "nibp_dia") and value is not None:
            pairs.setdefault(at, {})[code] = float(value)
    found: list[tuple[float, float, float]] = []
    for at, pair in sorted(pairs.items()):
        if len(pair) == 2 and (not found or found[-1][1:] != (pair["nibp_sys"], pair["nibp_dia"])):
            found.append(((at - start).total_seconds(), pair["nibp_sys"], pair["nibp_dia"]))
    return found
