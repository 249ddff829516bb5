"""What days of watching four beds leave behind."""

from pathlib import Path

from .child import started
from .living import Used, needs_proc, read
from .places import folder
from .timing import Found

_HOURS, _LAST = 25, 5


def memory_day() -> dict[str, Found]:
    """Resident kB of the last five hours of a day with four infusions at 1 Hz, against those after its first; the same of open
    handles; and what is left one hour after the last signature.
    """
    day = _days(1)
    first, evening = day[0], day[_HOURS - 1 - _LAST : _HOURS - 1]
    return {
        "memory_day": [(used.resident_kb, first.resident_kb) for used in evening],
        "memory_day_after": [(day[_HOURS - 1].resident_kb, first.resident_kb)],
        "memory_day_handles": [(used.handles, first.handles) for used in evening],
    }


def memory_week() -> dict[str, Found]:
    """The same of the last five hours of the seventh such day."""
    week = _days(7)
    return {"memory_week": [(used.resident_kb, week[0].resident_kb) for used in week[-1 - _LAST : -1]]}


def _days(days: int) -> list[Used]:
    needs_proc()
    with folder() as place, started(("day", str(Path(place) / "ward.db"), str(days)), Path(place)) as process:
        return [read(process) for _ in range(_HOURS * days)]
