"""The dock: exactly one primary action, the next thing to do, and what else may be done in this phase."""

from datetime import datetime

from app.domain.infusion.chapters.reaction import acute
from app.domain.infusion.phases import INFUSING, Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import Task, TaskKind
from app.domain.infusion.tasks import most_pressing
from app.domain.texts import say
from app.services.ward.watch import BedNow
from app.services.words.words import Words
from ui.frame.task_words import task_words
from ui.kit.dock import DockAction, DockState

_NO_REACTION = (Phase.ORDERED, Phase.RELEASED, Phase.RECEIVED, Phase.ABANDONED, Phase.SENT)
#: Where a check has a button of its own.
CHECKED = (Phase.HUNG, *INFUSING, Phase.OBSERVATION)
_OTHERS: tuple[tuple[DockAction, tuple[Phase, ...]], ...] = (
    (DockAction(TaskKind.VITALS.value, say("Vitals"), "F2"), CHECKED),
    (DockAction(TaskKind.MEASURE.value, say("Measure drip"), "F3"), (Phase.RUNNING,)),
    (DockAction("change_rate", say("Set rate"), "F4"), (Phase.RUNNING,)),
    (DockAction("pause", say("Pause")), (Phase.RUNNING,)),
    (DockAction(TaskKind.RESUME.value, say("Resume")), (Phase.PAUSED,)),
)


#: what somebody who came by emergency access may do of all that is due
_GUEST_TASKS = (TaskKind.VITALS,)
_GUEST_ACTIONS = (TaskKind.VITALS.value, "pause")


def dock(bed: BedNow, now: datetime, words: Words, timeline: bool = False, is_guest: bool = False) -> DockState:
    """`timeline`: the drawer is open, and its button leads back to the trend. `is_guest`: emergency access offers no more."""
    s = bed.state
    if is_guest:
        return _guest_dock(bed, now, words, timeline)
    primary = _primary(s, bed.next, now, words)
    return DockState(primary, tuple(_others(s, primary, timeline)), may_note_reaction(s, now))


def _guest_dock(bed: BedNow, now: datetime, words: Words, timeline: bool) -> DockState:
    s = bed.state
    task = most_pressing([task for task in bed.tasks if task.kind in _GUEST_TASKS and task.is_open(now)], now)
    primary = _primary(s, task, now, words) if task else DockAction("note", say("Note"), "Enter")
    others = [a for a in _others(s, primary, timeline) if a.key in (*_GUEST_ACTIONS, "timeline", "more")]
    return DockState(primary, tuple(others), may_note_reaction(s, now))


def _primary(s: Infusion, task: Task | None, now: datetime, words: Words) -> DockAction:
    if task is None:
        return DockAction("record", say("Open the record (PDF)"), "Enter")
    is_open = task.is_open(now)
    text = task_words(task, s, now, words)
    return DockAction(task.kind.value, text, "Enter", is_open, "" if is_open else task.why_closed(s))


def _others(s: Infusion, primary: DockAction, timeline: bool) -> list[DockAction]:
    """What the primary button does not already do."""
    done = primary.key if primary.enabled else ""
    found = [action for action in can_be_done(s) if action.key != done]
    drawer = DockAction("timeline", say("Trend") if timeline else say("Timeline"))
    return [*found, drawer, DockAction("more", say("More"))]


def keys(s: Infusion, is_guest: bool = False) -> dict[str, str]:
    """Key → action: they work in their phases whether or not a button shows them."""
    return {a.hint: a.key for a in can_be_done(s) if a.hint and (not is_guest or a.key in _GUEST_ACTIONS)}


def may_note_reaction(s: Infusion, now: datetime) -> bool:
    return s.phase not in _NO_REACTION and acute(s, now)


def can_be_done(s: Infusion) -> list[DockAction]:
    """What stands beside the primary button: where no bag hangs there is no drip to measure."""
    here = [action for action, phases in _OTHERS if s.phase in phases]
    return [action for action in here if action.key != TaskKind.MEASURE or s.hanging is not None]
