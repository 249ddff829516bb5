"""What a scenario expects to see, read off the state as short plain words."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.reaction import slower_rate
from app.domain.infusion.checks import Check, checks
from app.domain.infusion.deviations import deviations, within_tolerance
from app.domain.infusion.drip_volume import delivered, needed_rate, offered_rates, outlook
from app.domain.infusion.found.in_time import Over, over
from app.domain.infusion.given.cells_given import MILLION, cells_given
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import Task
from app.domain.infusion.tasks import due, most_pressing
from app.domain.products.drip_rates import round_down, round_up
from app.domain.protocol import Coded
from app.domain.texts import Text
from app.domain.watch.active_alarm import alarm_text
from app.domain.watch.bed_seen import seen
from app.domain.watch.conditions import verdicts
from app.domain.watch.latch import Alarm, Finding

from .cast import BY_NAME

_NAMES = {p.person_id: name for name, p in BY_NAME.items()}


def plain(value: object) -> str:
    """A text as English, times as the ward's clock shows them."""
    if isinstance(value, Coded):
        return value.en
    if isinstance(value, Text):
        return value.msgid.format(**{k: plain(v) for k, v in value.params.items()})
    return time(value) if isinstance(value, datetime) else str(value)


def time(at: datetime) -> str:
    return at.strftime("%H:%M:%S" if at.second else "%H:%M")


def _alarms(s: Infusion, now: datetime) -> list[str]:
    """What is worth an alarm, the most pressing first; the checks that are due have a line of their own (`due`)."""
    found = [x for x in verdicts(seen(s, due(s, now), now), now) if isinstance(x, Finding) and x.key != "vitals"]
    shown = sorted((Alarm(x, x.since) for x in found), key=lambda a: (-a.priority, a.since))
    return [f"{a.priority.name.lower()}: {plain(alarm_text(a))}" for a in shown]


def see(what: str, state: Infusion, now: datetime) -> Any:
    return _SEEN[what](state, now)


def _delivered(s: Infusion, now: datetime) -> list[str]:
    found = delivered(s, now)
    return [str(round_down(found.least_ml)), str(round_up(found.most_ml))]


def _cells(s: Infusion, now: datetime) -> list[str]:
    found = cells_given(s, now)
    return [found.cells.times(Decimal(1), MILLION).spread, f"{found.share_pct.spread} %" if found.share_pct else "—"]


def _rates(s: Infusion, now: datetime) -> list[int]:
    last = len(s.protocol.infusion.stages) - 1
    return list(offered_rates(s, s.stage if s.pause else min(s.stage + 1, last), now))


def _finish(s: Infusion, now: datetime) -> list[str]:
    found = outlook(s, now)
    return [time(at) for at in (found.earliest_at, found.latest_at) if at]


def _needed(s: Infusion, now: datetime) -> str:
    rate = needed_rate(s, now)
    return "none" if rate is None else str(round_up(rate))


def _reaction(s: Infusion, _now: datetime) -> str:
    known = s.reaction
    assert known is not None
    since = f"since {time(known.onset_at)}" + (f": {', '.join(known.symptoms)}" if known.symptoms else "")
    steps = ", ".join(f"{step.code} {time(step.done_at)}" for step in known.steps)
    grade = f"grade {known.grade}" if known.grade else ""
    return "; ".join(filter(None, (since, steps, grade, known.called, known.text)))


def _check(check: Check) -> str:
    period = "observation " if check.period == "observation" else ""
    slot = "end" if check.slot_min is None else str(check.slot_min)
    return f"{period}{slot} {check.status.value.replace('_', ' ')}"


def _task(task: Task, now: datetime) -> str:
    words = task.kind.value.replace("_", " ") + (f" {task.bag_id}" if task.bag_id else "")
    minutes, seconds = divmod(task.late_s(now), 60)
    late = f", late {minutes}:{seconds:02}" if task.late_s(now) else ""
    blocks = "".join(f", blocks {kind.value.replace('_', ' ')}" for kind in task.blocks)
    return f"{words} {time(task.due_at)}{late}{blocks}"


def _next(s: Infusion, now: datetime) -> str:
    task = most_pressing(due(s, now), now)
    if task is None:
        return "nothing"
    return task.kind.value.replace("_", " ") + (f" {task.bag_id}" if task.bag_id else "")


def _news2(s: Infusion, _now: datetime) -> str:
    event = s.checks[-1].event
    assert isinstance(event, e.VitalsRecorded)
    return "none" if event.news2 is None else str(event.news2)


def _observation(s: Infusion, _now: datetime) -> str:
    return s.observation.outcome if s.observation else "open"


def _ml(value: Decimal | None) -> str:
    return "none" if value is None else str(round(value, 1))


def _standing(s: Infusion, now: datetime) -> list[Over]:
    """What is over and to be dealt with, as it is also a task."""
    found = [x for x in over(s, now) if x.stands]
    assert {(x.kind, x.bag_id) for x in found} <= {(t.kind, t.bag_id) for t in due(s, now)}
    return sorted(found, key=lambda x: x.since)


_SEEN: dict[str, Callable[[Infusion, datetime], Any]] = {
    "phase": lambda s, _now: s.phase.value,
    "next": _next,
    "due": lambda s, now: [_task(t, now) for t in due(s, now)],
    "delivered": _delivered,
    "cells": _cells,
    "planned": lambda s, _now: _ml(s.planned_ml),
    "bags": lambda s, _now: [f"{d.bag_id} {_ml(d.volume_ml)} ml" for d in (s.plan.draws if s.plan else ())],
    "rates": _rates,
    "needed": _needed,
    "finish": _finish,
    "checks": lambda s, now: [_check(k) for k in checks(s, now)],
    "deviations": lambda s, now: [plain(d.text) for d in deviations(s, now)],
    "reasons": lambda s, now: [d.reason for d in deviations(s, now)],
    "in_tolerance": lambda s, _now: within_tolerance(s),
    "nurse": lambda s, _now: _NAMES[s.nurse or ""],
    "signed_by": lambda s, _now: [_NAMES[x.by or ""] for x in s.signatures.values()],
    "observation": _observation,
    "news2": _news2,
    "reaction": _reaction,
    "slower": lambda s, _now: str(slower_rate(s) or "none"),
    "pause": lambda s, _now: s.pause.reason if s.pause else "none",
    "alarms": _alarms,
    "over": lambda s, now: [f"{x.priority.name.lower()}: {plain(x.text)}" for x in _standing(s, now)],
    "over_deviations": lambda s, now: [plain(x.deviation) for x in over(s, now) if x.deviation],
    "clock": lambda _s, now: time(now),
}
