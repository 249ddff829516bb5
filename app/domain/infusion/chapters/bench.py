"""At the pharmacy's bench: the giving set, what is drawn off, the release."""

from datetime import datetime
from decimal import Decimal
from math import ceil

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.bench_steps import before_release
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import TaskKind
from app.domain.log import Entry
from app.domain.people.roles import Person, Role
from app.domain.products.drip_rates import feasibility, why_not
from app.domain.texts import say

from . import allow
from .bags import certified, not_expired
from .chapter import Command, Effects, Events, Rules, Wordings


class ChooseSet(Command, frozen=True):
    title = say("choose the giving set")

    drop_factor: int


class DrawSurplus(Command, frozen=True):
    title = say("draw off the surplus")

    bag_id: str
    volume_ml: Decimal
    witness: Person


class Release(Command, frozen=True):
    title = say("release")
    refusal_is_recorded = True


class ReleaseBag(Command, frozen=True):
    title = say("release a bag")

    bag_id: str


def choose_set(state: Infusion, command: ChooseSet, _by: Person, _now: datetime) -> Events:
    known = state.protocol.infusion.drop_factors_gtt_per_ml
    if command.drop_factor not in known:
        sets = ", ".join(map(str, known))
        raise Refused(
            say(
                "No set with {factor} drops/ml is in use. In use: {sets}.",
                factor=command.drop_factor,
                sets=sets,
            )
        )
    _feasible(state, command.drop_factor)
    return [e.SetChosen(command.drop_factor)]


def _feasible(state: Infusion, drop_factor: int) -> None:
    volume_ml = state.planned_ml
    if volume_ml is None:
        raise Refused(say("Record the weight first."))
    found = feasibility(volume_ml, drop_factor, state.protocol.infusion)
    why = why_not(found, volume_ml, state.protocol.infusion)
    if why is not None:
        raise Refused(why)


def draw_surplus(state: Infusion, command: DrawSurplus, by: Person, _now: datetime) -> Events:
    allow.role(by, {Role.PHARMACIST})
    allow.witness(command.witness, by)
    may_draw(state, command.bag_id, command.volume_ml)
    who = command.witness
    return [e.SurplusDrawn(command.bag_id, command.volume_ml, who.person_id, printed_name=who.name)]


def may_draw(state: Infusion, bag_id: str, volume_ml: Decimal) -> None:
    """Refuse where the site draws nothing off, and more than the bag holds."""
    bag = allow.bag(state, bag_id)
    if not state.protocol.dose.surplus_drawn_at_bench:
        raise Refused(say("This site does not draw off the surplus at the bench."))
    if not (volume_ml.is_finite() and 0 < volume_ml < bag.volume_ml):
        raise Refused(say("Less than the bag's {volume} ml can be drawn off.", volume=bag.volume_ml))


def release(state: Infusion, _command: Release, by: Person, now: datetime) -> Events:
    allow.role(by, {Role.PHARMACIST})
    ready_to_release(state, now)
    return [e.Released()]


def ready_to_release(state: Infusion, now: datetime) -> None:
    """Refuse what a pharmacist may not release now."""
    lacking = before_release(state, now).kind
    if lacking is TaskKind.WEIGH and state.weight is None:
        raise Refused(say("Record the weight first."))
    if lacking is TaskKind.WEIGH:
        raise Refused(say("The weight is not of today. Weigh again."))
    if lacking is TaskKind.CONFIRM_WEIGHT:
        raise Refused(say("The weight must be confirmed by a second person."))
    if state.drop_factor is not None:
        _feasible(state, state.drop_factor)
    if lacking is TaskKind.CHOOSE_SET:
        raise Refused(say("Choose the giving set."))
    if lacking is TaskKind.TAKE_BAG:
        raise _too_few_cells(state)
    for bag in state.planned_bags:
        not_expired(bag.bag, now)
        certified(state, bag)


def _too_few_cells(state: Infusion) -> Refused:
    assert state.plan is not None
    missing = ceil(state.plan.missing_cells / 100_000) / 10  # never told as none
    return Refused(say("The bags hold too few cells: {missing} million are missing.", missing=missing))


def release_bag(state: Infusion, command: ReleaseBag, by: Person, now: datetime) -> Events:
    """A bag that came after the release: whatever the others had to pass, it has to."""
    allow.role(by, {Role.PHARMACIST})
    bag = allow.bag(state, command.bag_id)
    if bag.released_by is not None:
        raise Refused(say("Bag {bag} was released already.", bag=command.bag_id))
    not_expired(bag.bag, now)
    certified(state, bag)
    return [e.BagReleased(command.bag_id)]


def _set_chosen(s: Infusion, _entry: Entry, ev: e.SetChosen) -> None:
    s.drop_factor = ev.drop_factor


def _drawn_off(s: Infusion, _entry: Entry, ev: e.SurplusDrawn) -> None:
    s.bags[ev.bag_id].drawn_off_ml += ev.volume_ml


def _released(s: Infusion, entry: Entry, _ev: e.Released) -> None:
    s.released_by = entry.by
    for bag in s.planned_bags:
        bag.released_by = entry.by


def _bag_released(s: Infusion, entry: Entry, ev: e.BagReleased) -> None:
    s.bags[ev.bag_id].released_by = entry.by


RULES: Rules = {
    ChooseSet: choose_set,
    DrawSurplus: draw_surplus,
    Release: release,
    ReleaseBag: release_bag,
}
EFFECTS: Effects = {
    e.SetChosen: _set_chosen,
    e.SurplusDrawn: _drawn_off,
    e.Released: _released,
    e.BagReleased: _bag_released,
}
WORDS: Wordings = {}
