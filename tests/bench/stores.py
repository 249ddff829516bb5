"""The records that are measured on. Each is made once and kept in build/bench, under the hash of what made it.

`python -m tests.bench.stores KIND FILE` makes one where it is not there.
"""

import hashlib
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import msgspec
from filelock import FileLock

from app.services.clock import steady_s

from .running import answer
from .timing import CannotRun, Found
from .ward_store import Ward, begin_today, make, run_for_two_hours, ward_at

_ROOT = Path(__file__).parents[2]
_KEPT = Path("build") / "bench"
#: Where the program looks for it in a folder of user data.
STORE = Path("bedside") / "bedside.db"
#: What a store's bytes come from.
_MADE_OF = (
    "tests/bench/played.py", "tests/bench/ward_store.py", "tests/domain/play.py", "tests/domain/cast.py", "db/schema.py",
    "db/samples.py", "db/migrations/versions/*.py", "db/log/*.py", "app/domain/infusion/**/*.py", "app/domain/people/*.py",
    "app/domain/safety/safety_facts.py", "app/domain/trial/subject/subject_facts.py", "app/services/ward/sealing.py",
    "resources/protocols/*.toml",
)  # fmt: skip


class Kind(NamedTuple):
    """So many infusions, of which so many have 36,000 samples with seals: four vital signs at 1 Hz for 2.5 h; the others four."""

    infusions: int
    sampled: int


KINDS = {
    "1": Kind(1, 1),
    "10": Kind(10, 10),
    "40": Kind(40, 40),
    "1000": Kind(1000, 1000),
    "1000_bare": Kind(1000, 0),
    "4000_bare": Kind(4000, 0),
    "10000_bare": Kind(10_000, 0),
}


class Made(msgspec.Struct, frozen=True):
    seconds: float
    bytes: int


def kept(kind: str) -> Path:
    """The folder of user data with this record; it is never written to again."""
    place = _KEPT / f"{kind}-{_hash()}"
    _KEPT.mkdir(parents=True, exist_ok=True)
    with FileLock(_KEPT / "lock"):
        if not (place / "made.json").exists():
            _make(kind, place)
    return place


def _make(kind: str, place: Path) -> None:
    """In place of one of before."""
    for old in _KEPT.glob(f"{kind}-*"):
        shutil.rmtree(old)
    began = steady_s()
    ward = make(place / STORE, *KINDS[kind])
    made = Made(round(steady_s() - began, 1), ward.path.stat().st_size)
    (place / "made.json").write_bytes(msgspec.json.encode(made))
    print(f"# record {kind}: {made.bytes / 1e6:.1f} MB, made in {made.seconds:.0f} s", file=sys.stderr)


def _hash() -> str:
    sha256 = hashlib.sha256()
    for pattern in _MADE_OF:
        for file in sorted(_ROOT.glob(pattern)):
            sha256.update(file.read_bytes())
    return sha256.hexdigest()[:12]


def copied(kind: str, home: Path) -> Ward:
    """A copy that may be written to."""
    shutil.copytree(kept(kind), home, dirs_exist_ok=True)
    return ward_at(home / STORE)


def calm(kind: str, home: Path) -> Ward:
    """With one infusion that is just ordered."""
    ward = copied(kind, home)
    begin_today(ward)
    return ward


def busy(kind: str, home: Path, port: str) -> Ward:
    """With one infusion that runs, read from this port."""
    ward = copied(kind, home)
    run_for_two_hours(ward, port)
    return ward


def _made(kind: str) -> dict[str, Found]:
    if kind not in KINDS:
        raise CannotRun(f"there is no record {kind}")
    kept(kind)
    return {}


if __name__ == "__main__":
    answer(lambda: _made(sys.argv[1]), Path(sys.argv[2]))
