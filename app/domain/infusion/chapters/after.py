"""After the end: flush, leftovers, observation, signatures."""

from datetime import datetime
from decimal import Decimal

from app.domain.errors import Refused
from app.domain.infusion import commands as c
from app.domain.infusion import facts as e
from app.domain.infusion.checks import open_check
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import BagState, Infusion
from app.domain.infusion.tasks import leftovers, observation_due_at
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.texts import say

from . import allow

Events = list[e.InfusionEvent]


def flush_line(_state: Infusion, command: c.FlushLine, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    if not allow.within(command.volume_ml, allow.FLUSHES_ML):
        raise Refused(say("Between 0 and {most} ml.", most=allow.FLUSHES_ML[1]))
    return [e.LineFlushed(command.volume_ml)]


def destroy_leftover(state: Infusion, command: c.DestroyLeftover, by: Person, _now: datetime) -> Events:
    bag = state.bags.get(command.bag_id)
    if bag is None or bag.destroyed_ml is not None or bag.place in ("sent", "stayed"):
        raise Refused(say("Nothing of bag {bag} is left to destroy.", bag=command.bag_id))
    allow.witness(command.witness, by)
    if not allow.within(command.volume_ml, (Decimal(0), bag.volume_ml)):
        raise Refused(say("Between 0 and {most} ml.", most=bag.volume_ml))
    who = command.witness
    return [e.LeftoverDestroyed(command.bag_id, command.volume_ml, who.person_id, printed_name=who.name)]


def return_bag(state: Infusion, command: c.ReturnBag, by: Person, _now: datetime) -> Events:
    """To the pharmacy, by who had it; a bag that was thawed is destroyed."""
    allow.role(by, {Role.PHARMACIST})
    if command.bag_id not in {bag.bag.bag_id for bag in unopened(state)}:
        raise Refused(say("Bag {bag} was opened, or its whereabouts are recorded already.", bag=command.bag_id))
    if command.handed_by.person_id == by.person_id:
        raise Refused(say("Who hands the bag over and who takes it back are two people."))
    return [e.BagReturned(command.bag_id, command.handed_by.person_id)]


def unopened(state: Infusion) -> list[BagState]:
    """Bags that were never thawed, and of which nothing is recorded yet."""
    here = (bag for bag in state.bags.values() if bag.place in ("here", "came") and not bag.returned)
    return [bag for bag in here if bag.thawed_at is None and bag.destroyed_ml is None]


def unused(state: Infusion) -> list[BagState]:
    """Unopened bags; of an infusion that was given up also the thawed ones."""
    thawed = (b for b in state.bags.values() if b.thawed_at and b.destroyed_ml is None and state.phase is Phase.ABANDONED)
    return [*unopened(state), *thawed]


def close_observation(state: Infusion, command: c.CloseObservation, by: Person, now: datetime) -> Events:
    """Before its time, or with a reaction still open, only with a reason."""
    allow.role(by, BEDSIDE)
    allow.phase(state, {Phase.OBSERVATION}, say("No observation is open."))
    early = now < observation_due_at(state)
    if (early or command.outcome in ("reaction_ongoing", "transferred")) and not command.reason.strip():
        raise Refused(say("The observation lasts until {at}: give a reason to close it.", at=observation_due_at(state)))
    if not early and open_check(state, now) is not None:
        raise Refused(say("Record the last vital signs of the observation first."))
    if state.reaction_open and command.outcome == "no_reaction":
        raise Refused(say("A reaction was noted: choose another outcome."))
    return [e.ObservationClosed(command.outcome, command.flags, command.reason.strip())]


def sign(state: Infusion, command: c.Sign, by: Person, _now: datetime) -> Events:
    """First the nurse who performed it, then an investigator who reviewed it: two different people."""
    allow.phase(state, {Phase.OBSERVED}, say("The observation must be closed before signing."))
    _everything_done(state)
    performed = state.signatures.get("performed")
    signed: Events = [e.SignatureGiven(command.meaning)]
    if command.meaning == "performed":
        if performed is not None:
            raise Refused(say("This signature stands already."))
        allow.role(by, {Role.NURSE})
        return signed
    allow.role(by, {Role.INVESTIGATOR})
    if performed is None:
        raise Refused(say("The nurse signs first."))
    if performed.by == by.person_id:
        raise Refused(say("The second signature needs another person."))
    return [*signed, e.InfusionSigned()]


def _everything_done(state: Infusion) -> None:
    if state.protocol.infusion.flush_line and state.flushed_ml is None:
        raise Refused(say("Record the flush of the line first."))
    if leftovers(state):
        raise Refused(say("Record what happened to the rest of the bags first."))
