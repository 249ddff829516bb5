"""What the next stage waits for, in a word or a time."""

from collections.abc import Callable
from datetime import datetime

from app.domain.infusion.chapters.drip import step_up_waits_for
from app.domain.infusion.checks import baseline_fresh
from app.domain.infusion.drip_volume import stage_due_at
from app.domain.infusion.phases import INFUSING
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import TaskKind
from app.domain.infusion.tasks import observation_due_at, start_from
from app.domain.texts import Text, say
from app.services.ward.watch import BedNow


def waits_for(bed: BedNow, key: str, now: datetime) -> Text:
    """For the stage `key` that comes next: “from 13:44”, “waits for vital signs”."""
    if key.startswith("rate_") and bed.state.phase in INFUSING:
        return _faster(bed, now)
    return _OTHERS.get(key, _start)(bed.state, now)


def _on(what: Text) -> Text:
    return say("waits for {what}", what=what)


def _start(s: Infusion, now: datetime) -> Text:
    """The first rate: the pre-medication's time, the bag, the baseline."""
    if s.premedication is not None and (start_at := start_from(s)) > now:
        return say("from {time}", time=start_at)
    if s.hanging is None:
        return _on(say("the bag"))
    return say("ready") if baseline_fresh(s, now) else _on(say("vital signs"))


def _faster(bed: BedNow, now: datetime) -> Text:
    """A faster rate: its time, then the check, then no discomfort."""
    s, step_at = bed.state, stage_due_at(bed.state, now)
    if step_at is None:
        return _on(say("the drip"))
    if step_at > now:
        return say("from {time}", time=step_at)
    if any(TaskKind.STEP_UP in task.blocks and task.is_open(now) for task in bed.tasks):
        return _on(say("vital signs"))
    return say("ready") if step_up_waits_for(s, now) is None else _on(say("no discomfort"))


def _observed(s: Infusion, _now: datetime) -> Text:
    return say("from {time}", time=observation_due_at(s)) if s.ended_at else _on(say("the end"))


_OTHERS: dict[str, Callable[[Infusion, datetime], Text]] = {
    "verified": lambda _s, _now: _on(say("the release")),
    "premedication": lambda _s, _now: _on(say("two people")),
    "thaw": lambda _s, _now: _on(say("pre-medication")),
    "observation": lambda _s, _now: _on(say("the end")),
    "signed": _observed,
}
