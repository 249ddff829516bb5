"""What is due, until when, and what it holds up. A function of the state and the time; nothing ticks."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from .checks import Check, Status, baseline_fresh, checks
from .drip_volume import after_minutes, bag_empty_at, delivered, dose_reached_at, limit_at, stage_due_at
from .state import AFTER_END, INFUSING, BagState, Infusion, Phase

P = Phase


class Kind(StrEnum):
    """In the order in which the dock puts first what may be done now."""

    STOP_DOSE_REACHED = "stop_dose_reached"
    CLEAR_MISMATCH = "clear_mismatch"
    CONFIRM_ELAPSED = "confirm_elapsed"
    READ_REMAINING = "read_remaining"
    HANG = "hang"
    CHECK_BAG = "check_bag"
    VITALS = "vitals"
    STEP_UP = "step_up"
    RESUME = "resume"
    VERIFY_BAG = "verify_bag"
    THAW = "thaw"
    END = "end"
    MEASURE = "measure"
    FLUSH = "flush"
    CLOSE_OBSERVATION = "close_observation"
    DESTROY = "destroy"
    RELEASE = "release"
    RECEIVE = "receive"
    VERIFY = "verify"
    PREMEDICATE = "premedicate"
    START = "start"
    RELEASE_BAG = "release_bag"
    REPLACE_BAG = "replace_bag"
    SIGN_PERFORMED = "sign_performed"
    SIGN_REVIEWED = "sign_reviewed"


_RANK = {kind: rank for rank, kind in enumerate(Kind)}


class Task(msgspec.Struct, frozen=True):
    """Something a person must do. It may be done from `opens_at` and is late after `due_at`.

    `blocks` names the kinds that cannot be done before it; `check` or `bag_id` say which one is meant.
    """

    kind: Kind
    due_at: datetime
    opens_at: datetime
    blocks: tuple[Kind, ...] = ()
    check: Check | None = None
    bag_id: str | None = None
    urgent: bool = False

    def late_s(self, now: datetime) -> int:
        return max(0, int((now - self.due_at).total_seconds()))

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now

    def left(self, now: datetime) -> timedelta:
        return self.due_at - now


def due(state: Infusion, now: datetime) -> list[Task]:
    """All tasks that stand, the soonest due first."""
    return sorted(_tasks(state, now), key=lambda t: (t.due_at, _RANK[t.kind]))


def next_task(state: Infusion, now: datetime) -> Task | None:
    """The one next action: the most pressing that may be done now, else the one that opens soonest."""
    tasks = due(state, now)
    open_now = [t for t in tasks if t.is_open(now)]
    if open_now:
        return min(open_now, key=lambda t: (_rank_now(t, now), t.due_at))
    return min(tasks, key=lambda t: t.opens_at, default=None)


def _rank_now(task: Task, now: datetime) -> int:
    """A check that may be taken early waits behind what is due already."""
    early = task.kind is Kind.VITALS and task.due_at > now
    return _RANK[Kind.MEASURE] if early else _RANK[task.kind]


def _tasks(s: Infusion, now: datetime) -> Iterator[Task]:
    if s.mismatch is not None:
        yield _now(Kind.CLEAR_MISMATCH, s.last_at or now, urgent=True)
    if s.elapsed_unknown:
        yield _now(Kind.CONFIRM_ELAPSED, s.last_at or now, urgent=True)
    if s.phase in _OWING:
        yield from _owed(s, now)
    if s.phase in _BEFORE:
        yield from _BEFORE[s.phase](s, now)
    elif s.phase in INFUSING:
        yield from _infusing(s, now)
    elif s.phase in AFTER_END:
        yield from _after(s, now)


def _now(kind: Kind, at: datetime, **more: Any) -> Task:
    return Task(kind, at, at, **more)


# --- bags that replace others: asked for, released, checked by two people

_OWING = (P.RELEASED, P.RECEIVED, P.VERIFIED, P.PREMEDICATED, P.THAWED, P.HUNG, *INFUSING)


def _owed(s: Infusion, now: datetime) -> Iterator[Task]:
    at = s.last_at or now
    if s.lacks_a_bag:
        yield _now(Kind.REPLACE_BAG, at)
    for bag in s.planned_bags:
        if bag.released_by is None:
            yield _now(Kind.RELEASE_BAG, at, blocks=(Kind.VERIFY_BAG,), bag_id=bag.bag.bag_id)
        elif not bag.ready and s.phase not in (P.RELEASED, P.RECEIVED):
            yield _now(Kind.VERIFY_BAG, at, blocks=(Kind.THAW,), bag_id=bag.bag.bag_id)


# --- before the start


def _ordered(s: Infusion, _now_at: datetime) -> Iterator[Task]:
    yield _now(Kind.RELEASE, s.reached[P.ORDERED])


def _released(s: Infusion, _now_at: datetime) -> Iterator[Task]:
    yield _now(Kind.RECEIVE, s.reached[P.RELEASED])


def _received(s: Infusion, _now_at: datetime) -> Iterator[Task]:
    if s.planned_bags and all(bag.released_by for bag in s.planned_bags):
        yield _now(Kind.VERIFY, s.reached[P.RECEIVED], blocks=(Kind.PREMEDICATE,))


def _verified(s: Infusion, _now_at: datetime) -> Iterator[Task]:
    yield _now(Kind.PREMEDICATE, s.reached[P.VERIFIED], blocks=(Kind.THAW,))


def _premedicated(s: Infusion, now: datetime) -> Iterator[Task]:
    opens_at = thaw_from(s)
    bag = s.next_bag
    if bag is not None and bag.ready:
        yield Task(Kind.THAW, opens_at, opens_at, (Kind.START,), bag_id=bag.bag.bag_id)
    yield from _start(s, now)


def _thawed(s: Infusion, now: datetime) -> Iterator[Task]:
    yield from _prepare(s.next_bag, s.reached[P.THAWED], blocks=(Kind.START,))
    yield from _start(s, now)


def _hung(s: Infusion, now: datetime) -> Iterator[Task]:
    start_at = start_from(s)
    if not baseline_fresh(s, now):
        early = timedelta(minutes=float(s.protocol.vitals.early_min))
        yield Task(Kind.VITALS, start_at, start_at - early, (Kind.START,))
    yield from _start(s, now)


def _start(s: Infusion, _now_at: datetime) -> Iterator[Task]:
    """Nothing can start while there is no bag to hang."""
    if s.hanging is None and (s.next_bag is None or not s.next_bag.ready):
        return
    start_at = start_from(s)
    yield Task(Kind.START, start_at, start_at)


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


def _prepare(bag: BagState | None, at: datetime, blocks: tuple[Kind, ...]) -> Iterator[Task]:
    """Thaw, check by two people, hang: whichever this bag needs next once it may be thawed."""
    if bag is None or not bag.ready:
        return
    bag_id = bag.bag.bag_id
    if bag.thawed_at is None:
        yield Task(Kind.THAW, at, at, blocks, bag_id=bag_id)
    elif len(bag.checked_by) < 2:
        yield Task(Kind.CHECK_BAG, at, at, blocks, bag_id=bag_id)
    else:
        yield Task(Kind.HANG, at, at, blocks, bag_id=bag_id)


# --- while infusing


def _infusing(s: Infusion, now: datetime) -> Iterator[Task]:
    reached_at = dose_reached_at(s, now)
    if reached_at is not None:
        yield _now(Kind.STOP_DOSE_REACHED, reached_at, urgent=True)
    if s.unconfirmed_gap:
        yield _now(Kind.READ_REMAINING, s.last_at or now)
    if s.pause is not None:
        yield _now(Kind.RESUME, s.entries[-1].at if s.last_at is None else s.last_at)
    yield from _check_tasks(s, now)
    yield from _rate_tasks(s, now)
    yield from _bag_tasks(s, now)
    limit = limit_at(s)
    if limit is not None:
        yield Task(Kind.END, limit, limit, urgent=True)


def _check_tasks(s: Infusion, now: datetime) -> Iterator[Task]:
    early = timedelta(minutes=float(s.protocol.vitals.early_min))
    for check in checks(s, now):
        if check.entry is None and check.status in (Status.OPEN, Status.UPCOMING):
            blocks = (Kind.STEP_UP,) if _gates_step(s, check, now) else ()
            yield Task(Kind.VITALS, check.due_at, check.due_at - early, blocks, check)
            return


def _gates_step(s: Infusion, check: Check, now: datetime) -> bool:
    step_at = stage_due_at(s, now)
    return step_at is not None and check.period == "infusion" and check.due_at <= max(step_at, now)


def _rate_tasks(s: Infusion, now: datetime) -> Iterator[Task]:
    step_at = stage_due_at(s, now)
    if step_at is not None:
        yield Task(Kind.STEP_UP, step_at, step_at)
    if s.phase is P.RUNNING and s.hanging and s.rate_set_at is not None:
        yield from _measure(s)


def _measure(s: Infusion) -> Iterator[Task]:
    """Soon after a rate was set or a bag hung, and again with each round."""
    rules = s.protocol.delivery
    assert s.rate_set_at is not None
    flow = s.flows[-1]
    if flow.basis == "measured":
        due_at = after_minutes(flow.start, rules.measure_every_min)
        yield Task(Kind.MEASURE, due_at, due_at)
    else:
        yield Task(Kind.MEASURE, after_minutes(flow.start, rules.measure_within_min), flow.start)


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
        yield task if task.kind is not Kind.HANG else Task(Kind.HANG, empty_at, empty_at, bag_id=task.bag_id)


# --- after the end


def _after(s: Infusion, now: datetime) -> Iterator[Task]:
    assert s.ended_at is not None
    if s.phase is P.OBSERVATION:
        yield from _check_tasks(s, now)
        closes_at = observation_due_at(s)
        yield Task(Kind.CLOSE_OBSERVATION, closes_at, closes_at, (Kind.SIGN_PERFORMED,))
    if s.protocol.infusion.flush_line and s.flushed_ml is None:
        yield _now(Kind.FLUSH, s.ended_at)
    for bag in leftovers(s):
        yield _now(Kind.DESTROY, s.ended_at, bag_id=bag.bag.bag_id)
    if s.phase is P.OBSERVED:
        yield from _signatures(s)


def _signatures(s: Infusion) -> Iterator[Task]:
    at = s.reached[P.OBSERVED]
    if "performed" not in s.signatures:
        yield _now(Kind.SIGN_PERFORMED, at, blocks=(Kind.SIGN_REVIEWED,))
    else:
        yield _now(Kind.SIGN_REVIEWED, s.signatures["performed"].at)


def observation_due_at(s: Infusion) -> datetime:
    assert s.ended_at is not None
    return s.ended_at + timedelta(minutes=s.protocol.observation.length_min)


def leftovers(s: Infusion) -> list[BagState]:
    """Opened bags whose rest has not been destroyed before a witness."""
    opened = (b for b in s.bags.values() if b.thawed_at is not None and b.emptied_at is None)
    return [b for b in opened if b.destroyed_ml is None and leftover_ml(s, b) != 0]


def leftover_ml(s: Infusion, bag: BagState) -> Decimal:
    """What is left in an opened bag (ml): as read by a person, else by the estimate, rounded to 0.1."""
    if bag.left_ml is not None:
        return bag.left_ml
    if bag.hung_at is None:
        return bag.volume_ml
    assert s.ended_at is not None
    before = (b for b in s.bags.values() if b.hung_at and b.hung_at < bag.hung_at)
    given = delivered(s, s.ended_at).likely_ml - sum((b.content.volume_ml for b in before), Decimal(0))
    return round(max(bag.volume_ml - given, Decimal(0)), 1)
