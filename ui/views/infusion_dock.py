"""The dock: exactly one primary action, the next thing to do, and what else may be done in this phase."""

from datetime import datetime

from app.domain import events as e
from app.domain.due import Kind, Task, next_task
from app.domain.infusion import INFUSING, TABLE, Infusion, Phase
from app.domain.texts import Text, say
from app.services.words import Words
from ui.views.tasks import task_words, why_closed
from ui.widgets.dock import Action, DockState

_NO_REACTION = (Phase.ORDERED, Phase.RELEASED, Phase.RECEIVED, Phase.SIGNED, Phase.ABANDONED)
_WATCHED = (Phase.HUNG, *INFUSING, Phase.OBSERVATION)


def dock(s: Infusion, now: datetime, words: Words, timeline: bool = False) -> DockState:
    """`timeline`: the drawer is open, and its button leads back to the trend."""
    task = next_task(s, now)
    return DockState(_primary(s, task, now, words), tuple(_others(s, task, timeline)), s.phase not in _NO_REACTION)


def _primary(s: Infusion, task: Task | None, now: datetime, words: Words) -> Action:
    if task is None:
        return Action("record", say("Open the record (PDF)"), "Enter")
    is_open = task.is_open(now)
    text = task_words(task, s, now, words)
    return Action(task.kind.value, text, "Enter", is_open, "" if is_open else why_closed(task, s))


def _others(s: Infusion, task: Task | None, timeline: bool) -> list[Action]:
    found = []
    if can_check(s) and not (task and task.kind is Kind.VITALS):
        found.append(Action(Kind.VITALS.value, say("Vitals"), "F2"))
    if s.phase is Phase.RUNNING:
        found.append(Action(Kind.MEASURE.value, say("Measure drip"), "F3"))
        found.append(Action("change_rate", say("Set rate"), "F4"))
        found.append(Action("pause", say("Pause")))
    if s.phase is Phase.PAUSED:
        found.append(Action(Kind.RESUME.value, say("Resume")))
    found.append(Action("timeline", say("Trend") if timeline else say("Timeline")))
    found.append(Action("more", say("More")))
    return found


def can_check(s: Infusion) -> bool:
    """Whether vital signs are asked for in this phase."""
    return s.phase in _WATCHED


def more(s: Infusion) -> tuple[tuple[str, Text], ...]:
    """What stands behind “More”: only what the phase allows."""
    return tuple((key, text) for key, text, event in _MORE if _may(s, key, event))


def _may(s: Infusion, key: str, event: type[e.Event]) -> bool:
    if key in _NEEDS_BAG and s.hanging is None:
        return False
    if key == "resolve_reaction" and not s.reaction_open:
        return False
    if key == "broken" and s.next_bag is None:
        return False
    if key == Kind.VITALS and can_check(s):
        return False
    return (s.phase, event) in TABLE


_NEEDS_BAG = ("bag_empty", "take_down", Kind.READ_REMAINING.value)
_MORE: tuple[tuple[str, Text, type[e.Event]], ...] = (
    (Kind.VITALS.value, say("Extra vital signs"), e.VitalsRecorded),
    ("resolve_reaction", say("The reaction is over"), e.ReactionResolved),
    (Kind.READ_REMAINING.value, say("Read what is left in the bag"), e.RemainingRead),
    ("bag_empty", say("The bag is empty"), e.BagEmptied),
    ("take_down", say("Take the bag down"), e.BagTakenDown),
    ("broken", say("A bag is unusable"), e.BagBroken),
    ("override", say("Start before the waiting time is over"), e.LeadTimeOverridden),
    (Kind.END.value, say("End infusion"), e.InfusionEnded),
    ("stop", say("Stop for good"), e.InfusionStopped),
    ("hand_over", say("Hand over to another nurse"), e.HandedOver),
    ("note", say("Note"), e.NoteAdded),
    ("correct", say("Correct an entry"), e.Corrected),
    ("abandon", say("Give up before the start"), e.Abandoned),
)
