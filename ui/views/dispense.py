"""Where an order stands at the bench: its step, its bags, and what stops it."""

from datetime import datetime, timedelta
from enum import IntEnum

import msgspec

from app.domain.dose import BagPlan, nominal_bags, plan_bags
from app.domain.drip import feasibility
from app.domain.errors import Refused
from app.domain.infusion import BagState, Infusion, Phase
from app.domain.rules.dispense import certified, weight_needs_confirmation
from app.domain.texts import Text, say
from app.services.words import Words

_DAY = timedelta(hours=24)
WAITING = (Phase.ORDERED, Phase.RELEASED)


class Step(IntEnum):
    """In the order in which they are done; the value is the place on the strip."""

    WEIGHT = 0
    SET = 2
    BAGS = 3
    CERTIFICATE = 4
    RELEASE = 5
    RECEIPT = 6
    DONE = 7


class Stop(msgspec.Struct, frozen=True):
    """A bag that must not go on. `ours`: it is on this order and can be rejected."""

    bag_id: str
    happened: Text
    to_do: Text
    ours: bool = True


def step_of(state: Infusion, now: datetime) -> Step:
    """The next thing to do for this order."""
    if state.phase is not Phase.ORDERED:
        return Step.RECEIPT if state.phase is Phase.RELEASED else Step.DONE
    if not weight_holds(state, now) or weight_needs_confirmation(state):
        return Step.WEIGHT
    if not set_fits(state):
        return Step.SET
    plan = state.plan
    if plan is None or not plan.complete:
        return Step.BAGS
    return Step.CERTIFICATE if uncertified(state) else Step.RELEASE


def weight_holds(state: Infusion, now: datetime) -> bool:
    """Whether there is a weight of today."""
    return state.weight_at is not None and now - state.weight_at <= _DAY


def set_fits(state: Infusion) -> bool:
    """Whether a set is chosen that can give the volume as the bags' own counts now make it."""
    volume_ml = state.planned_ml
    if state.drop_factor is None or volume_ml is None:
        return False
    return feasibility(volume_ml, state.drop_factor, state.protocol.infusion).possible


def planned_bags(state: Infusion) -> list[BagState]:
    """The bags that the dose opens, in order."""
    plan = state.plan
    return [state.bags[d.bag_id] for d in plan.draws] if plan else []


def uncertified(state: Infusion) -> list[BagState]:
    return [bag for bag in planned_bags(state) if bag.certificate is None]


def whole_plan(state: Infusion, weight_cells: int) -> BagPlan:
    """The dose from the scanned bags, and from nominal ones for what they lack."""
    contents = tuple(b.content for b in state.bags.values() if b.usable and b.content.cells > 0)
    missing = plan_bags(weight_cells, contents).missing_cells
    nominal = nominal_bags(int(missing), state.protocol) if missing > 0 else ()
    return plan_bags(weight_cells, contents + nominal)


def bag_counts(state: Infusion) -> tuple[int, int]:
    """Scanned and usable, and needed in all."""
    plan = state.plan
    scanned = sum(b.usable for b in state.bags.values())
    needed = len(whole_plan(state, plan.dose_cells).draws) if plan else 0
    return scanned, max(needed, scanned)


def stop_of(state: Infusion, now: datetime, words: Words) -> Stop | None:
    """The first bag of this order that expired or whose certificate does not pass."""
    if state.phase is not Phase.ORDERED:
        return None
    for bag in (b for b in state.bags.values() if b.usable):
        why = _why_not(state, bag, now, words)
        if why is not None:
            to_do = say("Do not use this bag. Set it aside, mark it, and scan another one.")
            return Stop(bag.bag.bag_id, why, to_do)
    return None


def _why_not(state: Infusion, bag: BagState, now: datetime, words: Words) -> Text | None:
    if bag.bag.expires_at <= now:
        expiry = words.date_time(bag.bag.expires_at)
        return say("Bag {bag} expired on {expiry}.", bag=bag.bag.bag_id, expiry=expiry)
    if bag.certificate is None:
        return None
    try:
        certified(state, bag)
    except Refused as refusal:
        return refusal.text
    return None
