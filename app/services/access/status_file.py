"""A small, name-free file beside an encrypted store: which infusions are open and what is due in them.

It is all the program can show after a restart until somebody has signed in and the store is open. Subject codes, beds,
phases and times stand in it; no name, no value, no event. Never read back as truth: the store decides.
"""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from app.domain.infusion.state import CLOSED, INFUSING, Infusion, Phase
from app.domain.infusion.tasks import Kind, due


class Due(msgspec.Struct, frozen=True):
    kind: Kind
    due_at: datetime


class Open(msgspec.Struct, frozen=True):
    """One infusion that is not over. `is_infusing`: it was running, or paused, when this was written."""

    subject: str
    bed: str
    phase: Phase
    is_infusing: bool
    started_at: datetime | None
    due: tuple[Due, ...]


class Status(msgspec.Struct, frozen=True):
    open: tuple[Open, ...]


def status(states: Iterable[Infusion], now: datetime) -> Status:
    """By bed. The same as long as nothing happens and nothing new comes due."""
    found = sorted((s for s in states if s.phase not in CLOSED), key=lambda s: (s.order.bed, s.infusion_id))
    return Status(tuple(_open(state, now) for state in found))


def _open(state: Infusion, now: datetime) -> Open:
    """Tasks that move with the drip are due to the minute, so that the file is not rewritten for each second."""
    tasks = tuple(Due(task.kind, task.due_at.replace(second=0, microsecond=0)) for task in due(state, now))
    return Open(state.order.subject, state.order.bed, state.phase, state.phase in INFUSING, state.started_at, tasks)


def beside(store: Path) -> Path:
    """Where the status file of a store lies."""
    return store.with_name(store.name + ".status.json")


def write(path: Path, what: Status) -> bool:
    """Whole or not at all, surely on the disk. False if the disk would not: the file may lie behind."""
    new = path.with_name(path.name + ".new")
    try:
        with new.open("wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(what)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        return False
    return True


def read(path: Path) -> Status | None:
    """None where there is none, or it is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Status)
    except (OSError, msgspec.DecodeError):
        return None
