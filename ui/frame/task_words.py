"""Tasks in words, for the dock, the ward's cards and the frame."""

from datetime import datetime, timedelta

from app.domain.infusion.state import Infusion
from app.domain.infusion.tasks import Kind, Task
from app.domain.texts import Text, say
from app.services.words.phrases import check_name
from app.services.words.words import Words

_WORDS: dict[Kind, Text] = {
    Kind.CLEAR_MISMATCH: say("Check patient and bags again"),
    Kind.STOP_DOSE_REACHED: say("Stop: dose reached"),
    Kind.CONFIRM_ELAPSED: say("Enter what time it is"),
    Kind.READ_REMAINING: say("Read what is left in the bag"),
    Kind.RESUME: say("Resume the infusion"),
    Kind.MEASURE: say("Measure drip rate"),
    Kind.FLUSH: say("Record the flush of the line"),
    Kind.CLOSE_OBSERVATION: say("Close the observation"),
    Kind.RELEASE: say("Dispense and release"),
    Kind.RECEIVE: say("Receive the bags"),
    Kind.VERIFY: say("Verify patient, order and bags"),
    Kind.REPLACE_BAG: say("A replacement bag is needed"),
    Kind.PREMEDICATE: say("Give pre-medication"),
    Kind.SIGN_PERFORMED: say("Sign as the nurse"),
    Kind.SIGN_REVIEWED: say("Sign as the investigator"),
}
#: Every kind without what it is about, for the small file that is all there is before the record is open.
KIND_WORDS: dict[Kind, Text] = _WORDS | {
    Kind.VITALS: say("Vital signs"),
    Kind.STEP_UP: say("Step up the drip"),
    Kind.START: say("Start the drip"),
    Kind.END: say("End the infusion"),
    Kind.HANG: say("Hang the next bag"),
    Kind.THAW: say("Thaw the next bag"),
    Kind.CHECK_BAG: say("Check the thawed bag"),
    Kind.VERIFY_BAG: say("Verify the unthawed bag"),
    Kind.RELEASE_BAG: say("Release the replacement bag"),
    Kind.DESTROY: say("Destroy what was left over"),
}
_OF_A_BAG: dict[Kind, Text] = {
    Kind.RELEASE_BAG: say("Release bag {bag}", bag=""),
    Kind.VERIFY_BAG: say("Verify unthawed bag {bag}", bag=""),
    Kind.THAW: say("Thaw bag {bag}", bag=""),
    Kind.CHECK_BAG: say("Check bag {bag}", bag=""),
    Kind.HANG: say("Hang bag {bag}", bag=""),
    Kind.DESTROY: say("Destroy the rest of bag {bag}", bag=""),
}
#: Tasks with a clock of their own; the others are simply to be done and are never called late.
_CLOCKED = (Kind.VITALS, Kind.STEP_UP, Kind.MEASURE, Kind.END, Kind.STOP_DOSE_REACHED, Kind.CLOSE_OBSERVATION)
#: Paperwork and preparations: no patient waits at a running drip.
_CAN_WAIT = (
    Kind.RELEASE, Kind.RECEIVE, Kind.VERIFY, Kind.PREMEDICATE, Kind.FLUSH, Kind.DESTROY,
    Kind.SIGN_PERFORMED, Kind.SIGN_REVIEWED,
)  # fmt: skip
_GRACE = timedelta(minutes=1)


def short_words(task: Task, state: Infusion) -> Text:
    """What is to be done, without its time: for a card, a list, the frame."""
    if task.kind is Kind.VITALS and task.check is None:
        return say("Baseline vital signs")
    if task.kind is Kind.VITALS and task.check is not None:
        return check_name("infusion", task.check.slot_min)
    if task.kind is Kind.VERIFY:
        return say("Verify: two people")
    return _words(task, state)


def _words(task: Task, state: Infusion) -> Text:
    if task.kind in _OF_A_BAG:
        return Text(_OF_A_BAG[task.kind].msgid, {"bag": task.bag_id or ""})
    if task.kind is Kind.END:
        return say("End infusion: limit {limit} min", limit=state.protocol.infusion.duration_min[1])
    if task.kind is Kind.START:
        return say("Start at {rate} drops/min", rate=state.protocol.infusion.stages[0].rate_gtt_min[0])
    if task.kind is Kind.STEP_UP:
        low, high = state.protocol.infusion.stages[state.stage + 1].rate_gtt_min
        return say("Step up to {low}–{high}/min", low=low, high=high)
    return _WORDS[task.kind]


def full_words(task: Task, state: Infusion) -> Text:
    """What is to be done, as the dock's button says it."""
    if task.kind is not Kind.VITALS:
        return _person(task, state) or _words(task, state)
    if task.check is None:
        return say("Record baseline vital signs")
    if task.check.slot_min is None:
        return say("Record end vital signs")
    if task.check.period == "observation":
        return say("Record vital signs {minute} min after the end", minute=task.check.slot_min)
    return say("Record {minute}-min vital signs", minute=task.check.slot_min)


def _person(task: Task, state: Infusion) -> Text | None:
    """Where somebody in particular is needed, the button says who."""
    if task.kind is Kind.RESUME and needs_investigator(state):
        return say("Resume: an investigator signs")
    bag = state.bags.get(task.bag_id or "")
    if task.kind is Kind.CHECK_BAG and bag is not None and bag.checked_by:
        return say("Check bag {bag}: second person", bag=bag.bag.bag_id)
    if task.kind is Kind.VERIFY_BAG and bag is not None and bag.verified_by:
        return say("Verify unthawed bag {bag}: second person", bag=bag.bag.bag_id)
    if task.kind in (Kind.VERIFY, Kind.CLEAR_MISMATCH) and state.identity_checked_by:
        return say("Verify: second person")
    return None


def needs_investigator(state: Infusion) -> bool:
    """Whether a reaction stopped the infusion."""
    return state.reaction_open or (state.pause is not None and state.pause.cause == "reaction")


def task_words(task: Task, state: Infusion, now: datetime, words: Words) -> Text:
    """“Record 45-min vital signs · due in 01:30”: what, and when or how late."""
    if not task.is_open(now):
        return say("{task} · from {time}", task=short_words(task, state), time=task.opens_at)
    what, left = full_words(task, state), words.left(task.left(now))
    if task.due_at > now:
        return say("{task} · due in {left}", task=what, left=left)
    if is_late(task, now):
        return say("{task} · {left} late", task=what, left=left)
    if task.kind is Kind.RESUME:
        return say("{task} · paused for {left}", task=what, left=left)
    return what


def time_words(task: Task, now: datetime, words: Words) -> Text:
    """“in 01:30”, “to do now”, “02:10 late”."""
    left = words.left(task.left(now))
    if task.due_at > now:
        return say("in {left}", left=left)
    return say("{left} late", left=left) if is_late(task, now) else say("to do now")


def is_late(task: Task, now: datetime) -> bool:
    """Past its time by a minute. What the record calls a late check is decided by the protocol, not here."""
    return task.kind in _CLOCKED and now - task.due_at >= _GRACE


def place(task: Task, now: datetime) -> tuple[int, datetime]:
    """The order of beds and tasks: urgent ones, those with a time, those that can wait."""
    if task.urgent and task.is_open(now):
        return 0, task.due_at
    return 2 if task.kind in _CAN_WAIT else 1, task.due_at


def why_closed(task: Task, state: Infusion) -> Text:
    """Why a task may not be done yet."""
    rules = state.protocol
    if task.kind is Kind.THAW and state.started_at is None:
        return say("Thawing begins in the last {n} min before the start.", n=rules.premedication.thaw_offered_before_end_min)
    if task.kind is Kind.START:
        return say("The start comes {n} min after the pre-medication.", n=rules.premedication.lead_min)
    if task.kind is Kind.VITALS:
        return say("A check counts from {n} min before its time.", n=rules.vitals.early_min)
    return say("Not before {time}.", time=task.opens_at)
