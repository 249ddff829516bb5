"""What is due, until when, and what it holds up. A function of the state and the time; nothing ticks.

The kinds stand in `task_kinds`; what is to be done at the bench before a release in `bench_steps`.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from app.domain.infusion.phases import AFTER_END, CLOSED, INFUSING, Phase
from app.domain.products.leftovers import leftovers

from .checks import Check, Status, baseline_fresh, checks
from .drip_volume import after_minutes, bag_empty_at, dose_reached_at, limit_at, stage_due_at
from .found.in_time import Over, over
from .state import BagState, Infusion
from .task_kinds import RANK, Task, TaskKind

P = Phase


def due(state: Infusion, now: datetime) -> list[Task]:
    """All tasks that stand, the soonest due first."""
    stands = [one for one in over(state, now) if one.stands] if state.phase not in CLOSED else []
    return sorted(_with_over(_tasks(state, now), stands), key=lambda t: (t.due_at, RANK[t.kind]))


def _with_over(tasks: Iterator[Task], stands: list[Over]) -> Iterator[Task]:
    """What is over its time is a task; where it is one already, that one is reminded of so."""
    told = {(one.kind, one.bag_id): one for one in stands}
    for task in tasks:
        one = told.pop((task.kind, task.bag_id), None)
        yield task if one is None else replace(task, reminder=one.reminder)
    for one in told.values():
        yield Task(one.kind, one.since, one.since, bag_id=one.bag_id, reminder=one.reminder)


def most_pressing(tasks: Sequence[Task], now: datetime) -> Task | None:
    """The one next action of what is due: the most pressing that may be done now, else the one that opens soonest."""
    work = [t for t in tasks if not t.kind.row.is_aside] or tasks
    open_now = [t for t in work if t.is_open(now)]
    if open_now:
        return min(open_now, key=lambda t: (_rank_now(t, now), t.due_at))
    return min(work, key=lambda t: t.opens_at, default=None)


def _rank_now(task: Task, now: datetime) -> int:
    """A check that may be taken early waits behind what is due already."""
    early = task.kind is TaskKind.VITALS and task.due_at > now
    return RANK[TaskKind.MEASURE] if early else RANK[task.kind]


def _tasks(s: Infusion, now: datetime) -> Iterator[Task]:
    if s.mismatch is not None and s.phase in _OWING:
        yield _now(TaskKind.CLEAR_MISMATCH, s.mismatch_at or now)
    if s.elapsed_unknown and s.phase not in CLOSED:
        yield _now(TaskKind.CONFIRM_ELAPSED, s.watch_lost_at or now)
    if is_unsigned(s) and s.phase not in CLOSED:
        yield _now(TaskKind.SIGN_ORDER, s.ordered_at)
    if s.phase in _OWING:
        yield from _owed(s, now)
    if s.phase in _BEFORE:
        yield from _BEFORE[s.phase](s, now)
    elif s.phase in INFUSING:
        yield from _infusing(s, now)
    elif s.phase in AFTER_END:
        yield from _after(s, now)


def is_unsigned(s: Infusion) -> bool:
    """Whether the order names a prescriber who has not signed it."""
    return s.order.prescriber is not None and s.order_signed_at is None


def _now(kind: TaskKind, at: datetime, **more: Any) -> Task:
    return Task(kind, at, at, **more)


# --- bags that replace others: asked for, released, checked by two people

_OWING = (P.RELEASED, P.RECEIVED, P.VERIFIED, P.PREMEDICATED, P.THAWED, P.HUNG, *INFUSING)


def _owed(s: Infusion, now: datetime) -> Iterator[Task]:
    at = s.last_at or now
    if s.lacks_a_bag:
        yield _now(TaskKind.REPLACE_BAG, at)
    for bag in s.planned_bags:
        if bag.released_by is None:
            yield _now(TaskKind.RELEASE_BAG, at, blocks=(TaskKind.VERIFY_BAG,), bag_id=bag.bag.bag_id)
        elif not bag.ready and s.phase not in (P.RELEASED, P.RECEIVED):
            yield _now(TaskKind.VERIFY_BAG, at, blocks=(TaskKind.THAW,), bag_id=bag.bag.bag_id)


# --- before the start


def _ordered(s: Infusion, _now_at: datetime) -> Iterator[Task]:
    yield _now(TaskKind.RELEASE, s.reached[P.ORDERED])


def _released(s: Infusion, _now_at: datetime) -> Iterator[Task]:
    yield _now(TaskKind.RECEIVE, s.reached[P.RELEASED])


def _received(s: Infusion, _now_at: datetime) -> Iterator[Task]:
    if s.planned_bags and all(bag.released_by for bag in s.planned_bags):
        yield _now(TaskKind.VERIFY, s.reached[P.RECEIVED], blocks=(TaskKind.PREMEDICATE,))


def _verified(s: Infusion, _now_at: datetime) -> Iterator[Task]:
    yield _now(TaskKind.PREMEDICATE, s.reached[P.VERIFIED], blocks=(TaskKind.THAW,))


def _premedicated(s: Infusion, now: datetime) -> Iterator[Task]:
    opens_at = thaw_from(s)
    bag = s.next_bag
    if bag is not None and bag.ready:
        yield Task(TaskKind.THAW, opens_at, opens_at, (TaskKind.START,), bag_id=bag.bag.bag_id)
    yield from _start(s, now)


def _thawed(s: Infusion, now: datetime) -> Iterator[Task]:
    yield from _prepare(s.next_bag, s.reached[P.THAWED], blocks=(TaskKind.START,))
    yield from _start(s, now)


def _hung(s: Infusion, now: datetime) -> Iterator[Task]:
    start_at = start_from(s)
    if not baseline_fresh(s, now):
        early = timedelta(minutes=float(s.protocol.vitals.early_min))
        yield Task(TaskKind.VITALS, start_at, start_at - early, (TaskKind.START,))
    yield from _start(s, now)


def _start(s: Infusion, _now_at: datetime) -> Iterator[Task]:
    """Nothing can start while there is no bag to hang."""
    if s.hanging is None and (s.next_bag is None or not s.next_bag.ready):
        return
    start_at = start_from(s)
    yield Task(TaskKind.START, start_at, start_at)


_BEFORE: dict[Phase, Callable[[Infusion, datetime], Iterator[Task]]] = {
    P.ORDERED: _ordered,
    P.RELEASED: _released,
    P.RECEIVED: _received,
    P.VERIFIED: _verified,
    P.PREMEDICATED: _premedicated,
    P.THAWED: _thawed,
    P.HUNG: _hung,
}


def start_from(s: Infusion) -> datetime:
    """From when the pre-medication allows the start; at once where an investigator overrode it."""
    assert s.premedication is not None
    if s.lead_time_overridden_by:
        return s.premedication.given_at
    return after_minutes(s.premedication.given_at, s.protocol.premedication.lead_min)


def thaw_from(s: Infusion) -> datetime:
    """From when thawing is offered: the last minutes of the pre-medication's time."""
    assert s.premedication is not None
    if s.lead_time_overridden_by:
        return s.premedication.given_at
    rules = s.protocol.premedication
    return after_minutes(s.premedication.given_at, rules.lead_min - rules.thaw_offered_before_end_min)


def _prepare(bag: BagState | None, at: datetime, blocks: tuple[TaskKind, ...]) -> Iterator[Task]:
    """Thaw, check by two people, hang: whichever this bag needs next once it may be thawed."""
    if bag is None or not bag.ready:
        return
    bag_id = bag.bag.bag_id
    if bag.thawed_at is None:
        yield Task(TaskKind.THAW, at, at, blocks, bag_id=bag_id)
    elif len(bag.checked_by) < 2:
        yield Task(TaskKind.CHECK_BAG, at, at, blocks, bag_id=bag_id)
    else:
        yield Task(TaskKind.HANG, at, at, blocks, bag_id=bag_id)


# --- while infusing


def _infusing(s: Infusion, now: datetime) -> Iterator[Task]:
    reached_at = dose_reached_at(s, now)
    if reached_at is not None:
        yield _now(TaskKind.STOP_DOSE_REACHED, reached_at)
    if s.unconfirmed_gap:
        yield _now(TaskKind.READ_REMAINING, s.watch_lost_at or now)
    if s.pause is not None:
        yield _now(TaskKind.RESUME, s.paused_at or now)
    yield from _check_tasks(s, now)
    yield from _rate_tasks(s, now)
    yield from _bag_tasks(s, now)
    limit = limit_at(s)
    if limit is not None:
        yield Task(TaskKind.END, limit, limit)


def _check_tasks(s: Infusion, now: datetime) -> Iterator[Task]:
    early = timedelta(minutes=float(s.protocol.vitals.early_min))
    for check in checks(s, now):
        if check.entry is None and check.status in (Status.OPEN, Status.UPCOMING):
            yield Task(TaskKind.VITALS, check.due_at, check.due_at - early, tuple(_held_up(s, check, now)), check)
            return


def _held_up(s: Infusion, check: Check, now: datetime) -> Iterator[TaskKind]:
    """The step up waits for the checks that come due before it, the close of the observation for its last one."""
    step_at = stage_due_at(s, now)
    if step_at is not None and check.period == "infusion" and check.due_at <= max(step_at, now):
        yield TaskKind.STEP_UP
    if s.phase is P.OBSERVATION and check.due_at == observation_due_at(s):
        yield TaskKind.CLOSE_OBSERVATION


def _rate_tasks(s: Infusion, now: datetime) -> Iterator[Task]:
    step_at = stage_due_at(s, now)
    if step_at is not None:
        yield Task(TaskKind.STEP_UP, step_at, step_at)
    if s.phase is P.RUNNING and s.hanging and s.rate_set_at is not None:
        yield from _measure(s)


def _measure(s: Infusion) -> Iterator[Task]:
    """Soon after a rate was set or a bag hung, and again with each round."""
    rules = s.protocol.delivery
    assert s.rate_set_at is not None
    flow = s.flows[-1]
    if flow.basis == "measured":
        due_at = after_minutes(flow.start, rules.measure_every_min)
        yield Task(TaskKind.MEASURE, due_at, due_at)
    else:
        yield Task(TaskKind.MEASURE, after_minutes(flow.start, rules.measure_within_min), flow.start)


def _bag_tasks(s: Infusion, now: datetime) -> Iterator[Task]:
    bag = s.next_bag
    if bag is None:
        return
    if s.hanging is None:
        yield from _prepare(bag, s.last_at or now, ())
        return
    empty_at = bag_empty_at(s, now)
    if empty_at is None:
        return
    ready_at = after_minutes(empty_at, -s.protocol.thaw.next_bag_when_left_min)
    for task in _prepare(bag, ready_at, ()):
        yield task if task.kind is not TaskKind.HANG else Task(TaskKind.HANG, empty_at, empty_at, bag_id=task.bag_id)


# --- after the end


def _after(s: Infusion, now: datetime) -> Iterator[Task]:
    assert s.ended_at is not None
    if s.phase is P.OBSERVATION:
        yield from _check_tasks(s, now)
        closes_at = observation_due_at(s)
        yield Task(TaskKind.CLOSE_OBSERVATION, closes_at, closes_at, (TaskKind.SIGN_PERFORMED,))
    if s.protocol.infusion.flush_line and s.flushed_ml is None:
        yield _now(TaskKind.FLUSH, s.ended_at)
    for bag in leftovers(s):
        yield _now(TaskKind.DESTROY, s.ended_at, bag_id=bag.bag.bag_id)
    if s.phase is P.OBSERVED and is_accounted_for(s):
        yield from _signatures(s)


def is_accounted_for(s: Infusion) -> bool:
    """Whether the flush and what became of every opened bag are recorded: before that nobody signs."""
    return (s.flushed_ml is not None or not s.protocol.infusion.flush_line) and not leftovers(s)


def _signatures(s: Infusion) -> Iterator[Task]:
    at = s.reached[P.OBSERVED]
    if "performed" not in s.signatures:
        yield _now(TaskKind.SIGN_PERFORMED, at, blocks=(TaskKind.SIGN_REVIEWED,))
    else:
        yield _now(TaskKind.SIGN_REVIEWED, s.signatures["performed"].at)


def observation_due_at(s: Infusion) -> datetime:
    assert s.ended_at is not None
    return s.ended_at + timedelta(minutes=s.protocol.observation.length_min)
