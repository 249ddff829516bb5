"""Every page opened, on a large record and on a small one."""

from pathlib import Path

from ui.frame.pages import PAGES

from .child import all_said, started
from .places import folder
from .stores import calm
from .timing import Found, Pair

_RUNS = 5
OPENINGS = ("first", "second")
NAMES = [f"page_open_{row.key}_{opening}" for row in PAGES for opening in OPENINGS]
_LIMIT_S = 60.0


def page_open() -> dict[str, Found]:
    """Processor seconds of the first and of the second opening, 1,000 infusions against 10."""
    found: dict[str, Found] = {name: [] for name in NAMES}
    with folder() as place:
        many, few = Path(place) / "many", Path(place) / "few"
        calm("1000", many)
        calm("10", few)
        for _ in range(_RUNS):
            for name, pair in _both(many, few).items():
                found[name].append(pair)
    return found


def _both(many: Path, few: Path) -> dict[str, Pair]:
    ours, floor = _openings(many), _openings(few)
    return {name: (ours[name], floor[name]) for name in NAMES}


def _openings(home: Path) -> dict[str, float]:
    with started(("pages",), home) as process:
        lines = [line.split() for line in all_said(process, _LIMIT_S)]
    return {f"page_open_{key}_{name}": float(s) for key, *both in lines for name, s in zip(OPENINGS, both, strict=True)}
