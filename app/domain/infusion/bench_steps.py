"""Where an order stands at the bench: the one next step, for the page, for the rules and for the rehearsal."""

from datetime import datetime, timedelta

from app.domain.infusion.phases import BEFORE_START, INFUSING, Phase
from app.domain.products.dose import is_unusual, needs_second_person
from app.domain.products.drip_rates import feasible_drop_factors

from .state import BagState, Infusion
from .task_kinds import Task, TaskKind
from .task_rows import BenchStep

_DAY = timedelta(hours=24)


def next_at_bench(s: Infusion, now: datetime) -> Task | None:
    """The next thing to do for this order, or for the bag that is to replace another; None: nothing is left at the bench."""
    if s.phase is Phase.ORDERED:
        return before_release(s, now)
    if s.phase not in (*BEFORE_START, *INFUSING):
        return None
    if s.lacks_a_bag:
        return _task(s, now, TaskKind.TAKE_BAG)
    if bags := unreleased(s):
        missing = uncertified(s)
        return _task(s, now, TaskKind.CERTIFY, missing[0]) if missing else _task(s, now, TaskKind.RELEASE_BAG, bags[0])
    return _task(s, now, TaskKind.RECEIVE) if s.phase is Phase.RELEASED else None


def before_release(s: Infusion, now: datetime) -> Task:
    """What is still to be done before the order may be released, and then the release itself."""
    if not weighed_today(s, now):
        return _task(s, now, TaskKind.WEIGH)
    if weight_needs_confirmation(s):
        return _task(s, now, TaskKind.CONFIRM_WEIGHT)
    if s.drop_factor not in sets_that_fit(s):
        return _task(s, now, TaskKind.CHOOSE_SET)
    if s.plan is None or not s.plan.complete:
        return _task(s, now, TaskKind.TAKE_BAG)
    missing = uncertified(s)
    return _task(s, now, TaskKind.CERTIFY, missing[0]) if missing else _task(s, now, TaskKind.RELEASE)


def _task(s: Infusion, now: datetime, kind: TaskKind, bag: BagState | None = None) -> Task:
    at = s.last_at or now
    return Task(kind, at, at, bag_id=bag.bag.bag_id if bag else None)


def step_of(s: Infusion, now: datetime) -> BenchStep:
    """The place of the next step on the strip."""
    return _place(next_at_bench(s, now))


def _place(task: Task | None) -> BenchStep:
    step = task.kind.row.step if task else None
    return BenchStep.DONE if step is None else step


def given_up_at(s: Infusion) -> BenchStep:
    """The step at which the order was given up; DONE: after the bench."""
    if Phase.RECEIVED in s.reached:
        return BenchStep.DONE
    if Phase.RELEASED in s.reached:
        return BenchStep.RECEIPT
    return _place(before_release(s, s.reached[Phase.ABANDONED]))


def unreleased(s: Infusion) -> list[BagState]:
    return [bag for bag in s.planned_bags if bag.released_by is None]


def uncertified(s: Infusion) -> list[BagState]:
    """The bags to be released whose certificate nobody has entered."""
    return [bag for bag in unreleased(s) if bag.certificate is None]


def weighed_today(state: Infusion, now: datetime) -> bool:
    return state.weight_at is not None and now - state.weight_at <= _DAY


def weight_needs_confirmation(state: Infusion) -> bool:
    """Whether a second person must still agree: much changed, no last weight to compare with, or unusual and typed once."""
    weight, rules = state.weight, state.protocol.weight
    if weight is None or state.weight_confirmed_by:
        return False
    if is_unusual(weight.weight_kg, rules) and not weight.typed_twice:
        return True
    if weight.previous_kg is None:
        return state.order.dose_number > 1
    return needs_second_person(weight.weight_kg, weight.previous_kg, rules)


def sets_that_fit(state: Infusion) -> tuple[int, ...]:
    """The giving sets that can bring this dose in on time."""
    volume_ml = state.planned_ml
    return () if volume_ml is None else feasible_drop_factors(volume_ml, state.protocol.infusion)
