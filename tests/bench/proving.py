"""A record proved: as a whole, and what is new since it was last proved."""

import os
import subprocess
import sys
from pathlib import Path

from .child import all_said, started
from .keys import RECOVERY
from .places import folder
from .stores import copied
from .timing import CannotRun, Found
from .ward_store import infuse_once_more

_RUNS = 5
_BEDSIDE = (sys.executable, "-m", "app")
#: Of a pass that left out what was found whole before.
_SINCE = "Whole since event "


def verify() -> dict[str, Found]:
    """Processor seconds a GB of a record of 40 infusions, against SHA-256 of the same file."""
    with folder() as place:
        ward = copied("40", Path(place))
        gb = ward.path.stat().st_size / 1e9
        with started(("proved", str(ward.path), str(_RUNS)), Path(place)) as process:
            lines = [line.split() for line in all_said(process, 800.0)]
    return {"verify": [(float(ours_s) / gb, float(floor_s) / gb) for ours_s, floor_s in lines]}


def verify_new() -> dict[str, Found]:
    """Processor seconds of `bedside verify --new` after one more infusion, on a record of 40 that was found whole by its backup;
    against the whole pass over a record of that one infusion alone.
    """
    with folder() as place:
        stick = Path(place) / "stick"
        stick.mkdir()
        ward, alone = copied("40", Path(place) / "many"), copied("1", Path(place) / "alone")
        _bedside("backup", "--to", str(stick), *_opening(ward.path))
        infuse_once_more(ward)
        new = ("verify", "--new", "--backups", str(stick), *_opening(ward.path))
        whole = ("verify", *_opening(alone.path))
        return {"verify_new": [(_bedside(*new, says=_SINCE), _bedside(*whole)) for _ in range(_RUNS)]}


def _opening(path: Path) -> tuple[str, ...]:
    return "--db", str(path), "--recovery-key", str(path.with_name(RECOVERY))


def _bedside(*arguments: str, says: str = "") -> float:
    """Processor seconds of the command, as a person gives it."""
    before = _children_s()
    done = subprocess.run((*_BEDSIDE, *arguments), capture_output=True, check=False)
    took_s, said = _children_s() - before, (done.stdout + done.stderr).decode()
    if done.returncode or says not in said:
        raise CannotRun(f"bedside {arguments[0]}: {said}")
    return took_s


def _children_s() -> float:
    """Of processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system
