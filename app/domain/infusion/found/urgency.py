"""What stands at a bed, and the one order of beds and tasks wherever they are listed: page, card, pill, lock."""

from datetime import datetime

from app.domain.infusion.checks import missed_unanswered
from app.domain.infusion.phases import INFUSING, Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import Task, TaskKind
from app.domain.infusion.tasks import due

_CHECKED = (*INFUSING, Phase.OBSERVATION)


def standing(state: Infusion, now: datetime) -> list[Task]:
    """All that is due; a check that was missed stands in the place of the next one, until somebody looks and says why."""
    tasks = due(state, now)
    missed = missed_unanswered(state, now)[:1] if state.phase in _CHECKED else []
    if not missed:
        return tasks
    others = [task for task in tasks if task.kind is not TaskKind.VITALS]
    found = [Task(TaskKind.VITALS, check.due_at, check.due_at, check=check) for check in missed]
    return sorted([*found, *others], key=lambda task: task.due_at)


def place(task: Task, now: datetime) -> tuple[int, datetime]:
    """The patient, a limit passed, missed, late, what has a time, what can wait; within each what is due first."""
    return _rank(task, now), task.due_at


def _rank(task: Task, now: datetime) -> int:
    row = task.kind.row
    if row.is_urgent and not row.is_clocked and task.is_open(now):
        return 0
    if task.reminder is not None or (row.is_urgent and task.due_at <= now):
        return 1
    if task.is_missed:
        return 2
    if task.is_late(now):
        return 3
    return 5 if row.can_wait else 4
