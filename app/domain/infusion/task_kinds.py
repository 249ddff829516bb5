"""What a person may have to do: one row a kind, with all that is true of it wherever it is shown, sorted or reminded of.

A new kind is a row here, its finding in `tasks` (or `bench_steps`), and the question it opens in `ui/questions/actions`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

import msgspec

from app.domain.texts import Text, say
from app.domain.watch.priority import Priority

from .checks import Check, Status, check_name
from .state import Infusion
from .task_rows import BenchStep, Reminder

Wording = Callable[["Task", Infusion], Text]


class TaskRow(msgspec.Struct, frozen=True):
    """`name`: the kind without what it is about, for the small file that is all there is before the record is open.

    `short`: for a card, a list, the frame, else `name`; `full`: as the dock's button says it, else as `short`;
    `at_bench`: as the bench's button says it. `is_clocked`: it has a time of its own; the others are simply to be done
    and are never called late. `can_wait`: paperwork and preparations, no patient waits at a running drip.
    `standing`: how long it stands is said with it. `is_aside`: it stands beside the work and is never the one next action.
    """

    name: Text
    short: Wording | None = None
    full: Wording | None = None
    at_bench: Wording | None = None
    step: BenchStep | None = None
    is_clocked: bool = False
    is_urgent: bool = False
    can_wait: bool = False
    reminder: Reminder | None = None
    why_closed: Callable[[Infusion], Text | None] = lambda _state: None
    standing: Text | None = None
    is_aside: bool = False


# --- words that depend on what it is about


def _what_is_over(task: "Task", _state: Infusion) -> Text:
    """As the alarm says it."""
    return task.reminder.text if task.reminder else task.kind.row.name


def _of_bag(template: Text) -> Wording:
    return partial(_with_bag, template)


def _with_bag(template: Text, task: "Task", _state: Infusion) -> Text:
    return Text(template.msgid, {"bag": task.bag_id or ""})


def _always(text: Text) -> Wording:
    return lambda _task, _state: text


def _verify(_task: "Task", state: Infusion) -> Text:
    return say("Verify: second person") if state.identity_checked_by else say("Verify patient, order and bags")


def _clear_mismatch(_task: "Task", state: Infusion) -> Text:
    return say("Verify: second person") if state.identity_checked_by else say("Check patient and bags again")


def _check_bag(task: "Task", state: Infusion) -> Text:
    bag_id = str(task.bag_id)
    by_one = state.bags[bag_id].checked_by
    return say("Check bag {bag}: second person", bag=bag_id) if by_one else say("Check bag {bag}", bag=bag_id)


def _verify_bag(task: "Task", state: Infusion) -> Text:
    bag_id = str(task.bag_id)
    by_one = state.bags[bag_id].verified_by
    return say("Verify unthawed bag {bag}: second person", bag=bag_id) if by_one else say("Verify unthawed bag {bag}", bag=bag_id)


def _resume(_task: "Task", state: Infusion) -> Text:
    return say("Resume: an investigator signs") if state.needs_investigator else say("Resume the infusion")


def _start(_task: "Task", state: Infusion) -> Text:
    return say("Start at {rate} drops/min", rate=state.protocol.infusion.stages[0].rate_gtt_min[0])


def _step_up(_task: "Task", state: Infusion) -> Text:
    low, high = state.protocol.infusion.stages[state.stage + 1].rate_gtt_min
    return say("Step up to {low}–{high}/min", low=low, high=high)


def _end(_task: "Task", state: Infusion) -> Text:
    return say("End infusion: limit {limit} min", limit=state.protocol.infusion.duration_min[1])


def _vitals(task: "Task", _state: Infusion) -> Text:
    if task.check is None:
        return say("Baseline vital signs")
    if task.is_missed:
        return say("Missed: {check}", check=check_name(task.check.period, task.check.slot_min))
    return check_name("infusion", task.check.slot_min)


def _record_vitals(task: "Task", _state: Infusion) -> Text:
    if task.check is None:
        return say("Record baseline vital signs")
    if task.is_missed:
        return say("Take vital signs now · missed: {check}", check=check_name(task.check.period, task.check.slot_min))
    if task.check.slot_min is None:
        return say("Record end vital signs")
    if task.check.period == "observation":
        return say("Record vital signs {minute} min after the end", minute=task.check.slot_min)
    return say("Record {minute}-min vital signs", minute=task.check.slot_min)


# --- why it may not be done yet, where its time alone does not say it


def _thaw_waits(state: Infusion) -> Text | None:
    if state.started_at is not None:
        return None
    n = state.protocol.premedication.thaw_offered_before_end_min
    return say("Thawing begins in the last {n} min before the start.", n=n)


def _start_waits(state: Infusion) -> Text:
    return say("The start comes {n} min after the pre-medication.", n=state.protocol.premedication.lead_min)


def _vitals_wait(state: Infusion) -> Text:
    return say("A check counts from {n} min before its time.", n=state.protocol.vitals.early_min)


# --- the rows


class TaskKind(StrEnum):
    """In the order in which the dock puts first what may be done now."""

    row: TaskRow
    _value_: str

    def __new__(cls, key: str, row: TaskRow) -> "TaskKind":
        made = str.__new__(cls, key)
        made._value_ = key
        made.row = row
        return made

    STOP_DOSE_REACHED = "stop_dose_reached", TaskRow(
        say("Stop: dose reached"), is_clocked=True, is_urgent=True,
        reminder=Reminder(Priority.HIGH, say("Stop: dose reached"), after_s=0, can_pause=False),
    )  # fmt: skip
    CLEAR_MISMATCH = "clear_mismatch", TaskRow(
        say("Check patient and bags again"), full=_clear_mismatch, is_urgent=True,
    )  # fmt: skip
    CONFIRM_ELAPSED = "confirm_elapsed", TaskRow(
        say("Enter what time it is"), is_urgent=True,
        reminder=Reminder(Priority.LOW, say("Elapsed time unknown: enter the time"), after_s=0),
    )  # fmt: skip
    TAKE_DOWN = "take_down_failed", TaskRow(
        say("Take the bag down: its certificate does not pass"), _of_bag(say("Take bag {bag} down: its certificate fails", bag="")),
        is_urgent=True,
    )  # fmt: skip
    READ_REMAINING = "read_remaining", TaskRow(
        say("Read what is left in the bag"),
        reminder=Reminder(Priority.LOW, say("Nobody watched: read what is left in the bag"), after_s=0),
    )  # fmt: skip
    HANG = "hang", TaskRow(say("Hang the next bag"), _of_bag(say("Hang bag {bag}", bag="")))
    CHECK_BAG = "check_bag", TaskRow(say("Check the thawed bag"), _of_bag(say("Check bag {bag}", bag="")), _check_bag)
    VITALS = "vitals", TaskRow(
        say("Vital signs"), _vitals, _record_vitals, is_clocked=True, why_closed=_vitals_wait,
    )  # fmt: skip
    STEP_UP = (
        "step_up",
        TaskRow(say("Step up the drip"), _step_up, is_clocked=True, reminder=Reminder(Priority.LOW, say("Step up overdue"))),
    )
    RESUME = (
        "resume",
        TaskRow(say("Resume the infusion"), full=_resume, standing=say("{task} · paused for {left}", task="", left="")),
    )
    VERIFY_BAG = (
        "verify_bag",
        TaskRow(say("Verify the unthawed bag"), _of_bag(say("Verify unthawed bag {bag}", bag="")), _verify_bag),
    )
    THAW = "thaw", TaskRow(say("Thaw the next bag"), _of_bag(say("Thaw bag {bag}", bag="")), why_closed=_thaw_waits)
    END = "end", TaskRow(
        say("End the infusion"), _end, is_clocked=True, is_urgent=True,
        reminder=Reminder(Priority.LOW, say("The longest duration is reached"), after_s=0),
    )  # fmt: skip
    RATE_OFF = "rate_off", TaskRow(say("Set the drip rate again"))
    MEASURE = "measure", TaskRow(say("Measure drip rate"), is_clocked=True)
    FLUSH = "flush", TaskRow(say("Record the flush of the line"), can_wait=True)
    CLOSE_OBSERVATION = (
        "close_observation",
        TaskRow(say("Close the observation"), is_clocked=True, reminder=Reminder(Priority.LOW, say("Observation to be closed"))),
    )
    DESTROY = (
        "destroy",
        TaskRow(say("Destroy what was left over"), _of_bag(say("Destroy the rest of bag {bag}", bag="")), can_wait=True),
    )
    RELEASE = (
        "release",
        TaskRow(
            say("Dispense and release"), at_bench=_always(say("Release: pharmacist signs")), step=BenchStep.RELEASE, can_wait=True
        ),
    )
    RECEIVE = (
        "receive",
        TaskRow(say("Receive the bags"), at_bench=_always(say("Nurse receives the bags")), step=BenchStep.RECEIPT, can_wait=True),
    )
    VERIFY = "verify", TaskRow(say("Verify patient, order and bags"), _always(say("Verify: two people")), _verify, can_wait=True)
    PREMEDICATE = "premedicate", TaskRow(say("Give pre-medication"), can_wait=True)
    START = "start", TaskRow(say("Start the drip"), _start, why_closed=_start_waits)
    RELEASE_BAG = "release_bag", TaskRow(
        say("Release the replacement bag"), _of_bag(say("Release bag {bag}", bag="")),
        at_bench=_of_bag(say("Release bag {bag}: pharmacist signs", bag="")), step=BenchStep.RELEASE,
    )  # fmt: skip
    REPLACE_BAG = "replace_bag", TaskRow(say("A replacement bag is needed"))
    PREMEDICATION_AGE = (
        "premedication_age",
        TaskRow(say("The pre-medication was too long ago"), _what_is_over, is_aside=True, can_wait=True),
    )
    THAW_AGE = "thaw_age", TaskRow(say("A thawed bag grows old"), _what_is_over, is_aside=True)
    SIGN_ORDER = "sign_order", TaskRow(say("The prescriber signs the order"), is_aside=True, can_wait=True)
    SIGN_PERFORMED = "sign_performed", TaskRow(say("Sign as the nurse"), can_wait=True)
    SIGN_REVIEWED = "sign_reviewed", TaskRow(say("Sign as the investigator"), can_wait=True)

    # at the bench, before the release: `RELEASE` stands for them all on the ward
    WEIGH = "weight", TaskRow(say("Record the weight"), step=BenchStep.WEIGHT)
    CONFIRM_WEIGHT = "confirm", TaskRow(say("Second person confirms the weight"), step=BenchStep.WEIGHT)
    CHOOSE_SET = "set", TaskRow(say("Choose the giving set"), step=BenchStep.SET)
    TAKE_BAG = "bag", TaskRow(say("Take this bag"), step=BenchStep.BAGS)
    CERTIFY = (
        "certificate",
        TaskRow(say("Certificate"), _of_bag(say("Enter the certificate of bag {bag}", bag="")), step=BenchStep.CERTIFICATE),
    )


RANK = {kind: rank for rank, kind in enumerate(TaskKind)}
_GRACE = timedelta(minutes=1)


class Task(msgspec.Struct, frozen=True):
    """Something a person must do. It may be done from `opens_at` and is overdue after `due_at`.

    `blocks` names the kinds that cannot be done before it; `check` or `bag_id` say which one is meant. `reminder`: in place of
    its kind's.
    """

    kind: TaskKind
    due_at: datetime
    opens_at: datetime
    blocks: tuple[TaskKind, ...] = ()
    check: Check | None = None
    bag_id: str | None = None
    reminder: Reminder | None = None

    def late_s(self, now: datetime) -> int:
        return max(0, int((now - self.due_at).total_seconds()))

    def is_late(self, now: datetime) -> bool:
        """Past its time by a minute. What the record calls a late check is decided by the protocol, not here."""
        return self.kind.row.is_clocked and now - self.due_at >= _GRACE

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now

    def left(self, now: datetime) -> timedelta:
        return self.due_at - now

    @property
    def is_missed(self) -> bool:
        """A check whose time is over: somebody looks now, and says why."""
        return self.check is not None and self.check.status is Status.MISSED

    def short_words(self, state: Infusion) -> Text:
        """What is to be done, without its time: for a card, a list, the frame."""
        row = self.kind.row
        return row.short(self, state) if row.short else row.name

    def full_words(self, state: Infusion) -> Text:
        """What is to be done, as the dock's button says it; where somebody in particular is needed, it says who."""
        row = self.kind.row
        return row.full(self, state) if row.full else self.short_words(state)

    def bench_words(self, state: Infusion) -> Text:
        """What is to be done, as the bench's button says it."""
        row = self.kind.row
        return row.at_bench(self, state) if row.at_bench else self.short_words(state)

    def why_closed(self, state: Infusion) -> Text:
        """Why it may not be done yet."""
        return self.kind.row.why_closed(state) or say("Not before {time}.", time=self.opens_at)
