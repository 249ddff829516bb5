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
_VERIFY = (sys.executable, "-m", "app", "verify")


def verify() -> dict[str, Found]:
    """Processor seconds a GB of a record of 40 infusions, against SHA-256 of the same file."""
    with folder() as place:
        ward = copied("40", Path(place))
        gb = ward.path.stat().st_size / 1e9
        with started(("proved", str(ward.path), str(_RUNS)), Path(place)) as process:
            lines = [line.split() for line in all_said(process, 800.0)]
    return {"verify": [(float(ours_s) / gb, float(floor_s) / gb) for ours_s, floor_s in lines]}


def verify_new() -> dict[str, Found]:
    """Processor seconds of `bedside verify --new` after one more infusion, on a record of 40 that was proved before; against
    the whole pass over a record of that one infusion alone.
    """
    if b"--new" not in subprocess.run([*_VERIFY, "--help"], capture_output=True, check=True).stdout:
        raise CannotRun("there is no bedside verify --new")
    found = []
    for _ in range(_RUNS):
        with folder() as place:
            ward, alone = copied("40", Path(place) / "many"), copied("1", Path(place) / "alone")
            _proved_s(ward.path, "--new")
            infuse_once_more(ward)
            found.append((_proved_s(ward.path, "--new"), _proved_s(alone.path)))
    return {"verify_new": found}


def _proved_s(path: Path, *options: str) -> float:
    """Processor seconds of the command, as a person gives it."""
    before = _children_s()
    command = [*_VERIFY, *options, "--db", str(path), "--recovery-key", str(path.with_name(RECOVERY))]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise CannotRun(f"bedside verify {' '.join(options)}: {(done.stdout + done.stderr).decode()}")
    return _children_s() - before


def _children_s() -> float:
    """Of processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system
