"""One infusion's samples out of a large store, against a small one."""

from itertools import cycle
from pathlib import Path
from time import process_time

from app.jobs.record_clock import stamp
from db.engine import driver
from db.queries import StoreReader
from db.recorder import Recorder

from .places import folder
from .timing import Found, in_turn

_EACH = 10_000

_FILL = f"""
WITH RECURSIVE second (t) AS (SELECT 0 UNION ALL SELECT t + 1 FROM second WHERE t < {_EACH // 4 - 1})
INSERT INTO sample (infusion, t, vital, value, quality, source)
SELECT i.id, second.t * 1000, v.id, 60 + second.t % 20, 1, 1 FROM infusion i JOIN second JOIN vital v"""


def chart_load() -> dict[str, Found]:
    """The 10,000 samples of one infusion from 10⁷ rows, against the same question to 10⁴."""
    with folder() as place:
        large, small = Path(place) / "large.db", Path(place) / "small.db"
        _fill(large, 1000)
        _fill(small, 1)
        with StoreReader(large) as many, StoreReader(small) as few:
            asked = cycle(range(37, 1000, 149))
            return {"chart_load": in_turn(lambda: _load(many, next(asked)), lambda: _load(few, 0), process_time)}


def _load(store: StoreReader, number: int) -> None:
    assert len(store.samples(f"inf-{number}")) == _EACH


def _fill(path: Path, infusions: int) -> None:
    """Filled by SQL in one go; the tables are the program's own."""
    Recorder(path, stamp, practice=True).close()
    raw = driver.connect(str(path))
    raw.executemany("INSERT INTO infusion (infusion_id) VALUES (?)", [(f"inf-{n}",) for n in range(infusions)])
    raw.executemany("INSERT INTO vital (code) VALUES (?)", [("hr",), ("spo2",), ("rr",), ("temp",)])
    raw.execute("INSERT INTO quality (code) VALUES ('ok')")
    raw.execute("INSERT INTO source (code) VALUES ('ecg')")
    raw.execute(_FILL)
    raw.commit()
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
