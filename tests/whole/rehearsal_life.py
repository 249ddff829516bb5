"""A rehearsal in a process that is going to be killed: `python -m tests.whole.rehearsal_life FOLDER FAULT@MINUTE…`.

A line on stdout a turn, once its writes are saved: the alarms that stand, and how many events of alarms are saved by then.
Somebody acknowledges every other alarm and resets what latched a while ago.
"""

import json
import sys
from decimal import Decimal
from pathlib import Path

from app.domain.infusion.state import Infusion
from app.domain.watch.alarm_log import AlarmEvent
from app.domain.watch.latch import Alarm
from app.practice.nurse import N1
from app.practice.rehearsal import Plan, rehearse
from app.program.open_record import OpenRecord
from app.services.protocol_files import load

#: Turns of a second after which what latched is reset.
_RESET_AFTER = 90


def shown(alarms: list[Alarm]) -> list[list[str | None]]:
    """Key, priority, signal, by whom it is acknowledged."""
    return sorted([a.key, a.priority.name, a.signal.value, a.acknowledged_by] for a in alarms)


class Someone:
    """Watches a rehearsal, tells what stands, and answers some of it."""

    def __init__(self) -> None:
        self._seen: list[str] = []
        self._latched_for: dict[str, int] = {}

    def look(self, record: OpenRecord, state: Infusion) -> None:
        alarms, infusion_id = record.bedside.alarms, state.infusion_id
        standing = alarms.beds[infusion_id].standing
        written = sum(isinstance(x.event, AlarmEvent) for x in state.entries)
        print(json.dumps({"infusion": infusion_id, "standing": shown(standing), "written": written}), flush=True)
        for alarm in standing:
            if alarm.key not in self._seen:
                self._seen.append(alarm.key)
                if len(self._seen) % 2:
                    alarms.acknowledge(infusion_id, alarm.key, N1)
            self._latched_for[alarm.key] = self._latched_for.get(alarm.key, 0) + 1 if alarm.is_gone else 0
            if self._latched_for[alarm.key] > _RESET_AFTER:
                alarms.reset(infusion_id, alarm.key, N1)


def main() -> None:
    faults = tuple((name, float(minute)) for name, _, minute in (word.partition("@") for word in sys.argv[2:]))
    plan = Plan(Decimal(70), 20, "B", 1200, Path(sys.argv[1]), "datex-s5", faults, 1)
    rehearse(plan, load(), lambda _said: None, Someone().look)


if __name__ == "__main__":
    main()
