"""Questions to a record of 4,000 infusions, against one of 1,000. Both are without samples and their seals."""

from pathlib import Path

from .child import said, started
from .places import folder
from .stores import copied
from .timing import Found

_RUNS = 5
_TIMES = 4


def asked(question: str) -> dict[str, Found]:
    """Processor seconds against four times those of the smaller one; kB at the peak of the process against the smaller one's."""
    time_s: Found = []
    peak_kb: Found = []
    with folder() as place:
        homes = Path(place) / "many", Path(place) / "few"
        stores = [copied(kind, home).path for kind, home in zip(("4000_bare", "1000_bare"), homes, strict=True)]
        for _ in range(_RUNS):
            many, few = (_asked(question, store, home) for store, home in zip(stores, homes, strict=True))
            time_s.append((many[0], _TIMES * few[0]))
            peak_kb.append((many[1], few[1]))
    return {f"{question}_time": time_s, f"{question}_memory": peak_kb}


def _asked(question: str, store: Path, home: Path) -> tuple[float, float]:
    with started(("asked", question, str(store)), home) as process:
        took_s, kb = map(float, said(process).split())
    return took_s, kb
