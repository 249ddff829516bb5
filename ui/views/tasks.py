"""Tasks in words, for the dock, the ward's cards and the frame."""

from datetime import datetime

from app.domain.due import Kind, Task
from app.domain.infusion import Infusion
from app.domain.texts import Text, say

_WORDS: dict[Kind, Text] = {
    Kind.CLEAR_MISMATCH: say("Check patient and bags again"),
    Kind.STOP_DOSE_REACHED: say("Stop: dose reached"),
    Kind.CONFIRM_ELAPSED: say("Enter what time it is"),
    Kind.READ_REMAINING: say("Read what is left in the bag"),
    Kind.RESUME: say("Resume the infusion"),
    Kind.END: say("End infusion"),
    Kind.MEASURE: say("Measure drip rate"),
    Kind.FLUSH: say("Record the flush of the line"),
    Kind.CLOSE_OBSERVATION: say("Close the observation"),
    Kind.RELEASE: say("Dispense and release"),
    Kind.RECEIVE: say("Receive the bags"),
    Kind.VERIFY: say("Verify patient, order and bags"),
    Kind.PREMEDICATE: say("Give pre-medication"),
    Kind.SIGN_PERFORMED: say("Sign as the nurse"),
    Kind.SIGN_REVIEWED: say("Sign as the investigator"),
}
_OF_A_BAG: dict[Kind, Text] = {
    Kind.THAW: say("Thaw bag {bag}", bag=""),
    Kind.CHECK_BAG: say("Check bag {bag}", bag=""),
    Kind.HANG: say("Hang bag {bag}", bag=""),
    Kind.DESTROY: say("Destroy the rest of bag {bag}", bag=""),
}


def short_words(task: Task, state: Infusion, _now: datetime) -> Text:
    """What is to be done, without its time."""
    if task.kind is Kind.VITALS:
        return _vitals(task)
    if task.kind in _OF_A_BAG:
        return Text(_OF_A_BAG[task.kind].msgid, {"bag": task.bag_id or ""})
    if task.kind is Kind.START:
        rate = state.protocol.infusion.stages[0].rate_gtt_min[0]
        return say("Start at {rate} drops/min", rate=rate)
    if task.kind is Kind.STEP_UP:
        low, high = state.protocol.infusion.stages[state.stage + 1].rate_gtt_min
        return say("Step up to {low}–{high} drops/min", low=low, high=high)
    return _WORDS[task.kind]


def _vitals(task: Task) -> Text:
    if task.check is None:
        return say("Record baseline vital signs")
    if task.check.slot_min is None:
        return say("Record end vital signs")
    if task.check.period == "observation":
        return say("Record observation vital signs, {minute} min", minute=task.check.slot_min)
    return say("Record {minute}-min vital signs", minute=task.check.slot_min)


def task_words(task: Task, state: Infusion, now: datetime, left: str) -> Text:
    """What is to be done with the time left or late; `left` is that time as mm:ss."""
    words = short_words(task, state, now)
    if not task.is_open(now):
        return say("{task} · in {left}", task=words, left=left)
    if task.late_s(now) >= 60:
        return say("{task} · {left} late", task=words, left=left)
    if task.due_at > now:
        return say("{task} · due in {left}", task=words, left=left)
    return words
