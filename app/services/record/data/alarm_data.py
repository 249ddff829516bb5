"""The alarm list as data: for `record.json`, the answers of the command line, and `alarms.csv`."""

from datetime import datetime
from typing import Any

from app.domain.watch.alarm_log import AlarmLine
from app.services.words.words import utc_iso


def alarm_data(line: AlarmLine) -> dict[str, Any]:
    """One line. `acknowledged`: the first time, null where nobody did. `reset`, `cleared`: how it ended, both null while it
    stands.
    """
    first = line.acknowledged[0] if line.acknowledged else None
    return {
        "key": line.key,
        "priority": line.priority.name.lower(),
        "raised": utc_iso(line.raised_at),
        "acknowledged": _iso(first.at if first else None),
        "acknowledged_by": first.by if first else None,
        "reset": _iso(line.ended_at if line.ended == "reset" else None),
        "reset_by": line.reset_by,
        "cleared": _iso(line.ended_at if line.ended == "cleared" else None),
        "count": line.count,
        "value": None if line.value is None else str(line.value),
        "limit": None if line.limit is None else str(line.limit),
        "baseline": None if line.before is None else str(line.before),
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else utc_iso(at)
