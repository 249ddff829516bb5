"""The dock: exactly one primary action, the next thing to do, and what else may be done in this phase."""

from datetime import datetime

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.ending import unused
from app.domain.infusion.chapters.reaction import acute
from app.domain.infusion.phases import INFUSING, TABLE, Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import Task, TaskKind
from app.domain.log import Event
from app.domain.texts import Text, say
from app.services.ward.watch import BedNow
from app.services.words.words import Words
from ui.frame.task_words import task_words
from ui.kit.dock import DockAction, DockState

_NO_REACTION = (Phase.ORDERED, Phase.RELEASED, Phase.RECEIVED, Phase.ABANDONED, Phase.SENT)
_CHECKED = (Phase.HUNG, *INFUSING, Phase.OBSERVATION)
_OTHERS: tuple[tuple[DockAction, tuple[Phase, ...]], ...] = (
    (DockAction(TaskKind.VITALS.value, say("Vitals"), "F2"), _CHECKED),
    (DockAction(TaskKind.MEASURE.value, say("Measure drip"), "F3"), (Phase.RUNNING,)),
    (DockAction("change_rate", say("Set rate"), "F4"), (Phase.RUNNING,)),
    (DockAction("pause", say("Pause")), (Phase.RUNNING,)),
    (DockAction(TaskKind.RESUME.value, say("Resume")), (Phase.PAUSED,)),
)


def dock(bed: BedNow, now: datetime, words: Words, timeline: bool = False) -> DockState:
    """`timeline`: the drawer is open, and its button leads back to the trend."""
    s = bed.state
    primary = _primary(s, bed.next, now, words)
    return DockState(primary, tuple(_others(s, primary, timeline)), s.phase not in _NO_REACTION and acute(s, now))


def _primary(s: Infusion, task: Task | None, now: datetime, words: Words) -> DockAction:
    if task is None:
        return DockAction("record", say("Open the record (PDF)"), "Enter")
    is_open = task.is_open(now)
    text = task_words(task, s, now, words)
    return DockAction(task.kind.value, text, "Enter", is_open, "" if is_open else task.why_closed(s))


def _others(s: Infusion, primary: DockAction, timeline: bool) -> list[DockAction]:
    """What the primary button does not already do."""
    done = primary.key if primary.enabled else ""
    found = [action for action, phases in _OTHERS if s.phase in phases and action.key != done]
    drawer = DockAction("timeline", say("Trend") if timeline else say("Timeline"))
    return [*found, drawer, DockAction("more", say("More"))]


def keys(s: Infusion) -> dict[str, str]:
    """Key → action: they work in their phases whether or not a button shows them."""
    return {action.hint: action.key for action, phases in _OTHERS if action.hint and s.phase in phases}


def more_actions(s: Infusion) -> tuple[tuple[str, Text], ...]:
    """What stands behind “More”: only what the phase allows."""
    return tuple((key, text) for key, text, event in _MORE if _may(s, key, event))


def _may(s: Infusion, key: str, event: type[Event]) -> bool:
    if key in _NEEDS_BAG and s.hanging is None:
        return False
    if key == "resolve_reaction" and not s.reaction_open:
        return False
    if key == "unused" and not unused(s):
        return False
    if key == "broken" and s.next_bag is None:
        return False
    if key == TaskKind.VITALS and s.phase in _CHECKED:
        return False
    return (s.phase, event) in TABLE


_NEEDS_BAG = ("bag_empty", "take_down", TaskKind.READ_REMAINING.value)
_MORE: tuple[tuple[str, Text, type[Event]], ...] = (
    (TaskKind.VITALS.value, say("Extra vital signs"), e.VitalsRecorded),
    ("resolve_reaction", say("The reaction is over"), e.ReactionResolved),
    (TaskKind.READ_REMAINING.value, say("Read what is left in the bag"), e.RemainingRead),
    ("bag_empty", say("The bag is empty"), e.BagEmptied),
    ("take_down", say("Take the bag down"), e.BagTakenDown),
    ("broken", say("A bag is unusable"), e.BagBroken),
    ("override", say("Start before the waiting time is over"), e.LeadTimeOverridden),
    (TaskKind.END.value, say("End infusion"), e.InfusionEnded),
    ("stop", say("Stop for good"), e.InfusionStopped),
    ("hand_over", say("Hand over to another nurse"), e.HandedOver),
    ("note", say("Note"), e.NoteAdded),
    ("correct", say("Correct an entry"), e.Corrected),
    ("unused", say("A bag was not used"), e.LeftoverDestroyed),
    ("abandon", say("Give up before the start"), e.Abandoned),
)
