"""What a day of watching four beds leaves behind."""

from functools import cache
from pathlib import Path

from app.jobs.record_clock import stamp
from db.recorder import Recorder

from . import CannotRun, Pair
from .child import started
from .living import Used, needs_proc, read
from .places import folder
from .replaying import rebuilt, running
from .stores import batch

_BEDS, _HOURS = 4, 24


def memory_day() -> Pair:
    """Resident kB after 24 simulated hours with four infusions, against those after the first."""
    day = _day()
    return day[-1].resident_kb, day[0].resident_kb


def memory_day_handles() -> Pair:
    """The same of open handles."""
    day = _day()
    return day[-1].handles, day[0].handles


@cache
def _day() -> list[Used]:
    needs_proc()
    with folder() as place:
        path = Path(place) / "ward.db"
        beds(path, _BEDS)
        with started(("day", str(path), str(_HOURS)), Path(place)) as process:
            day = [read(process) for _ in range(_HOURS)]
        if process.returncode:
            raise CannotRun("the day ended before its evening")
        return day


def beds(path: Path, count: int) -> None:
    """So many running infusions."""
    recorder, entries = Recorder(path, stamp, practice=True), running()
    for number in range(count):
        recorder.append(batch(entries, rebuilt(entries), f"inf-{number}")).result()
    recorder.close()
