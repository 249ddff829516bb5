"""When a task is due, in words, for the dock, the ward's cards and the frame. What is to be done says the task itself."""

from datetime import datetime

from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import Task
from app.domain.texts import Text, say
from app.services.words.words import Words


def task_words(task: Task, state: Infusion, now: datetime, words: Words) -> Text:
    """“Record 45-min vital signs · due in 01:30”: what, and when or how late."""
    if not task.is_open(now):
        return say("{task} · from {time}", task=task.short_words(state), time=task.opens_at)
    what, left = task.full_words(state), words.left(task.left(now))
    if task.due_at > now:
        return say("{task} · due in {left}", task=what, left=left)
    if task.is_late(now):
        return say("{task} · {left} late", task=what, left=left)
    standing = task.kind.row.standing
    return Text(standing.msgid, {"task": what, "left": left}) if standing else what


def time_words(task: Task, now: datetime, words: Words) -> Text:
    """“in 01:30”, “to do now”, “02:10 late”."""
    left = words.left(task.left(now))
    if task.due_at > now:
        return say("in {left}", left=left)
    return say("{left} late", left=left) if task.is_late(now) else say("to do now")
