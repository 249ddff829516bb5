"""A small, name-free file beside an encrypted store: which infusions are open and what is due in them.

It is all the program can show after a restart until somebody has signed in and the store is open. Subject codes, beds,
phases and times stand in it; no name, no value, no event. Never read back as truth: the store decides.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from app.domain.infusion.phases import INFUSING, Phase
from app.domain.infusion.task_kinds import TaskKind
from app.services.ward.watch import BedNow
from db import surely


class DueTask(msgspec.Struct, frozen=True):
    kind: TaskKind
    due_at: datetime


class OpenInfusion(msgspec.Struct, frozen=True):
    """One infusion that is not over. `is_infusing`: it was running, or paused, when this was written."""

    subject: str
    bed: str
    phase: Phase
    is_infusing: bool
    started_at: datetime | None
    due: tuple[DueTask, ...]


class WardStatus(msgspec.Struct, frozen=True):
    open: tuple[OpenInfusion, ...]


def status(beds: Iterable[BedNow]) -> WardStatus:
    """By bed. The same as long as nothing happens and nothing new comes due."""
    found = sorted((bed for bed in beds if bed.is_open), key=lambda bed: (bed.state.order.bed, bed.state.infusion_id))
    return WardStatus(tuple(map(_open, found)))


def _open(bed: BedNow) -> OpenInfusion:
    """Tasks that move with the drip are due to the minute, so that the file is not rewritten for each second."""
    state = bed.state
    tasks = tuple(DueTask(task.kind, task.due_at.replace(second=0, microsecond=0)) for task in bed.tasks)
    return OpenInfusion(state.order.subject, state.order.bed, state.phase, state.phase in INFUSING, state.started_at, tasks)


def beside(store: Path) -> Path:
    """Where the status file of a store lies."""
    return store.with_name(store.name + ".status.json")


def write(path: Path, what: WardStatus) -> bool:
    """Whole or not at all, surely on the disk. False if the disk would not: the file may lie behind."""
    try:
        surely.put(path, msgspec.json.format(msgspec.json.encode(what)) + b"\n")
    except OSError:
        return False
    return True


def read(path: Path) -> WardStatus | None:
    """None where there is none, or it is none."""
    try:
        return surely.read(path, WardStatus)
    except (OSError, surely.NotWhole):
        return None
