"""The samples of a store as they lie on the disk: read by numbers alone, put into the words of a seal by the database itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from app.domain.infusion.facts import SamplesSealed
from db.log.canonical import canonical, sha256_hex
from db.log.chain import SealedSample
from db.schema import infusion, quality, source, vital
from db.statements import Driver

_MINUTE_MS = 60_000
_ROWS = "SELECT vital, t, value, quality, source FROM sample WHERE infusion = ? AND t >= ? AND t < ? ORDER BY t, vital"
_MADE_OF = (vital.name, quality.name, source.name)
#: Whether a number is written with all its digits, so that no two are written alike (not by every SQLite: its printf once had 15).
_ALL_DIGITS = "SELECT concat(0.1 + 0.2) = '0.30000000000000004'"


class Stretch(NamedTuple):
    """Of an infusion's samples; None: without an end. `before_ms` does not belong to it."""

    from_ms: int | None
    before_ms: int | None


class SamplesThere:
    """Of one reading of the store."""

    def __init__(self, raw: Driver) -> None:
        self._raw = raw
        self._keys: dict[str, int | None] = {}
        self._codes = {table: dict(raw.execute(f"SELECT id, code FROM {table}").fetchall()) for table in _MADE_OF}
        (is_exact,) = raw.execute(_ALL_DIGITS).fetchone()
        self._ways = _ways(self._codes) if is_exact else ()
        self._good: dict[int, set[int]] = {}
        self._done: dict[int, set[str]] = {}

    def read(self, infusion_id: str, from_ms: int, before_ms: int) -> list[SealedSample]:
        """One infusion's samples in order of time, but for those that belong to no vital sign, quality or source that there is."""
        vitals, qualities, sources = (self._codes[table] for table in _MADE_OF)
        rows = self._raw.execute(_ROWS, (self._key(infusion_id), from_ms, before_ms)).fetchall()
        return [
            (vitals[v], t, value, qualities[q], sources[s])
            for v, t, value, q, s in rows
            if v in vitals and q in qualities and s in sources
        ]

    def is_as_sealed(self, infusion_id: str, minute_ms: int, event: SamplesSealed) -> bool:
        """Whether a minute's samples are surely all those of its one seal. False: somebody must look at them one by one.

        The database writes them down as the seal's hash wants them. Where the hash is the same, so are the words, and they are the
        words of these samples alone: each number with all its digits, each a number, each name by the key that stands for it.
        """
        key = self._key(infusion_id)
        for way in self._ways:
            count, words, most = self._raw.execute(way, (key, minute_ms, minute_ms + _MINUTE_MS)).fetchone()
            if count != event.count or not (most is None or isinstance(most, float)):
                return False
            if sha256_hex(b"[" + (words or b"") + b"]") == event.sha256:
                self._ways = (way, *(other for other in self._ways if other is not way))
                self._good.setdefault(key or 0, set()).add(minute_ms)
                return True
        return False

    def done_with(self, infusion_id: str) -> None:
        """No more is asked of this infusion's samples: what is strange about them is kept, what was seen of each minute is not."""
        key = self._key(infusion_id)
        if key is not None and key not in self._done:
            self._done[key] = self._strange_of(key)
            self._good.pop(key, None)

    def strangers(self, of: Iterable[str] | None = None) -> set[str]:
        """Tables of which a sample's row is not there. `of`: infusions, else all. A minute that is as sealed has none."""
        keys = self._infusions() if of is None else (key for name in of if (key := self._key(name)) is not None)
        return {table for key in keys for table in (self._done[key] if key in self._done else self._strange_of(key))}

    def _strange_of(self, key: int) -> set[str]:
        is_there = self._raw.execute("SELECT 1 FROM infusion WHERE id = ?", (key,)).fetchone() is not None
        found = set() if is_there else {infusion.name}
        for stretch in _rest(sorted(self._good.get(key, ()))):
            found |= self._strange(key, stretch)
        return found

    def _key(self, infusion_id: str) -> int | None:
        """The small key that stands for an infusion."""
        if infusion_id not in self._keys:
            row = self._raw.execute("SELECT id FROM infusion WHERE infusion_id = ?", (infusion_id,)).fetchone()
            self._keys[infusion_id] = None if row is None else int(row[0])
        return self._keys[infusion_id]

    def _infusions(self) -> Iterator[int]:
        """The small keys that there are samples of."""
        (key,) = self._raw.execute("SELECT min(infusion) FROM sample").fetchone()
        while key is not None:
            yield key
            (key,) = self._raw.execute("SELECT min(infusion) FROM sample WHERE infusion > ?", (key,)).fetchone()

    def _strange(self, key: int, stretch: Stretch) -> set[str]:
        ends = ["infusion = ?"], [key]
        for limit, sign in zip(stretch, (">=", "<"), strict=True):
            if limit is not None:
                ends[0].append(f"t {sign} ?")
                ends[1].append(limit)
        counts = ", ".join(f"count({table} NOT IN (SELECT id FROM {table}) OR NULL)" for table in _MADE_OF)
        found = self._raw.execute(f"SELECT {counts} FROM sample WHERE {' AND '.join(ends[0])}", tuple(ends[1])).fetchone()
        return {table for table, n in zip(_MADE_OF, found, strict=True) if n}


def _rest(minutes: Sequence[int]) -> Iterator[Stretch]:
    """What lies before, between and after these minutes."""
    ends = [None, *(end for minute in minutes for end in (minute, minute + _MINUTE_MS)), None]
    for from_ms, before_ms in list(pairwise(ends))[::2]:
        if from_ms is None or from_ms != before_ms:
            yield Stretch(from_ms, before_ms)


def _ways(codes: Mapping[str, Mapping[int, object]]) -> tuple[str, ...]:
    """Statements that write samples down in the order of their keys, and of time and vital sign: one of them is a seal's order."""
    around = zip(_MADE_OF, ("[{},", ",{}", ",{}]"), strict=True)
    vitals, qualities, sources = (_case(table, codes[table], words) for table, words in around)
    if not (vitals and qualities and sources):
        return ()
    words = f"concat({vitals}, t, ',', ifnull(value, 'null'), {qualities}, {sources})"
    there = "FROM sample WHERE infusion = ? AND t >= ? AND t < ?"
    in_order = sorted(codes[vital.name].values(), key=str)
    rank = " ".join(f"WHEN {key} THEN {in_order.index(code)}" for key, code in codes[vital.name].items())
    orders = ("", f" ORDER BY t, CASE vital {rank} END")
    return tuple(f"SELECT count(*), CAST(group_concat({words}{order}) AS BLOB), max(value) {there}" for order in orders)


def _case(table: str, codes: Mapping[int, object], words: str) -> str:
    """What stands for each key, as JSON, with what stands around it; nothing where a key or code is none of ours."""
    try:
        said = {int(key): words.format(canonical(str(code)).decode()).replace("'", "''") for key, code in codes.items()}
    except (msgspec.MsgspecError, ValueError):
        return ""
    return f"CASE {table} " + " ".join(f"WHEN {key} THEN '{code}'" for key, code in said.items()) + " END" if said else ""
