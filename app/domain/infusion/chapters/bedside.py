"""At the bed before the start: receipt, two-person checks, pre-medication, thaw, hanging."""

from datetime import datetime

from app.domain.errors import Refused
from app.domain.infusion import commands as c
from app.domain.infusion import facts as e
from app.domain.infusion.phases import INFUSING, Phase
from app.domain.infusion.state import BagState, Infusion
from app.domain.infusion.tasks import thaw_from
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.texts import say

from . import allow
from .bed_label import wrong_label
from .dispense import certified, not_expired

Events = list[e.InfusionEvent]


def receive(state: Infusion, _command: c.Receive, by: Person, _now: datetime) -> Events:
    allow.role(by, {Role.NURSE})
    allow.phase(state, {Phase.RELEASED}, say("Nothing has been released to receive."))
    return [e.Received()]


def verifiers(state: Infusion) -> frozenset[Role]:
    """Whose role may be one of the two at the bed."""
    return BEDSIDE if state.protocol.verification.pharmacists == "none" else BEDSIDE | {Role.PHARMACIST}


def releasing(state: Infusion) -> frozenset[str]:
    """Pharmacists of this infusion who may not check what they released themselves."""
    if state.protocol.verification.pharmacists == "all":
        return frozenset()
    return frozenset(who for who in (state.released_by, *(bag.released_by for bag in state.bags.values())) if who)


def _verifies(state: Infusion, by: Person) -> None:
    allow.role(by, verifiers(state))
    if by.person_id in releasing(state):
        raise Refused(say("Whoever released the bags does not check them at the bed."))


def check_identity(state: Infusion, command: c.CheckIdentity, by: Person, now: datetime) -> Events:
    """One of two independent checks of patient, order and unthawed bags. A mismatch is a full stop, recorded."""
    _verifies(state, by)
    allow.phase(state, {Phase.RECEIVED}, say("Receive the bags from the pharmacy first."))
    if by.person_id in state.identity_checked_by:
        raise Refused(say("The second check needs another person."))
    _all_released(state)
    wrong = _identity_mismatch(state, command, now)
    if wrong:
        return [wrong]
    checked: Events = [e.IdentityChecked(command.subject, command.bag_ids, command.entry, _why_typed(command))]
    return [*checked, e.IdentityVerified()] if state.identity_checked_by else checked


def _why_typed(command: c.CheckIdentity | c.VerifyBag | c.CheckBag) -> str:
    """A code that was typed and not scanned needs a reason; a wrong one is a mismatch with or without."""
    reason = command.reason.strip()
    if command.entry in ("typed", "mixed") and not reason:
        raise Refused(say("Say why a code was typed and not scanned."))
    return reason


def _all_released(state: Infusion) -> None:
    if not state.planned_bags:
        raise Refused(say("No bag is left for this infusion: ask the pharmacy for another one."))
    for bag in state.planned_bags:
        _released(bag)


def _released(bag: BagState) -> None:
    if bag.released_by is None:
        raise Refused(say("Bag {bag} has not been released by a pharmacist.", bag=bag.bag.bag_id))


def _identity_mismatch(state: Infusion, command: c.CheckIdentity, now: datetime) -> e.MismatchFound | None:
    if wrong := _wrong_patient(state, command):
        return wrong
    planned = {bag.bag.bag_id for bag in state.planned_bags}
    if set(command.bag_ids) != planned:
        return e.MismatchFound("bag", ", ".join(sorted(planned)), ", ".join(command.bag_ids), command.entry)
    read = {label.number: label for label in command.labels}
    found = (wrong_label(bag.bag, read.get(bag.bag.bag_id), command.entry, now) for bag in state.planned_bags)
    return next(filter(None, found), None)


def _wrong_patient(state: Infusion, command: c.CheckIdentity | c.VerifyBag) -> e.MismatchFound | None:
    expected, read = state.order.subject, command.subject.strip()
    return None if read == expected else e.MismatchFound("patient", expected, read, command.entry)


def verify_bag(state: Infusion, command: c.VerifyBag, by: Person, now: datetime) -> Events:
    """One of two independent checks of patient and unthawed bag, for a bag that came after the first check."""
    _verifies(state, by)
    bag = allow.bag(state, command.bag_id)
    _released(bag)
    if bag.ready:
        raise Refused(say("Bag {bag} was checked by two people already.", bag=command.bag_id))
    if by.person_id in bag.verified_by:
        raise Refused(say("The second check needs another person."))
    if wrong := _wrong_patient(state, command):
        return [wrong]
    found_id = command.found_id.strip()
    if found_id != command.bag_id:
        return [e.MismatchFound("bag", command.bag_id, found_id, command.entry)]
    if wrong := wrong_label(bag.bag, command.label, command.entry, now):
        return [wrong]
    return [e.BagVerified(command.bag_id, command.subject.strip(), found_id, command.entry, _why_typed(command))]


def give_premedication(state: Infusion, command: c.GivePremedication, by: Person, now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    allow.phase(state, {Phase.VERIFIED}, say("Two people verify patient, order and bags first."))
    allow.no_mismatch(state)
    if command.dmso_allergy:
        raise Refused(say("An allergy to DMSO is stated: do not go on. Call the investigator."))
    if not command.allergies.strip():
        raise Refused(say("Ask about allergies and write the answer, or “none”."))
    if not allow.within(command.dose_mg, allow.DOSES_MG):
        raise Refused(say("{dose} mg is not a possible dose.", dose=command.dose_mg))
    given_at = _not_before(state.reached[Phase.VERIFIED], allow.not_future(command.given_at, now))
    drug = state.protocol.premedication.drug.en
    return [
        e.PremedicationGiven(
            drug,
            command.dose_mg,
            given_at,
            command.allergies.strip(),
            command.dmso_allergy,
            command.baseline_blood,
        )
    ]


def _not_before(verified_at: datetime, given_at: datetime) -> datetime:
    """A time typed to the minute may seem to lie before the check that came first; a real one is kept."""
    return verified_at if verified_at - allow.CLOCK_SLACK <= given_at <= verified_at else given_at


def override_lead_time(state: Infusion, command: c.OverrideLeadTime, by: Person, _now: datetime) -> Events:
    allow.role(by, {Role.INVESTIGATOR})
    if state.premedication is None:
        raise Refused(say("Pre-medication has not been given."))
    return [e.LeadTimeOverridden(allow.reason(command.reason))]


def thaw_bag(state: Infusion, command: c.ThawBag, by: Person, now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    bag = allow.bag(state, command.bag_id)
    allow.no_mismatch(state)
    if state.premedication is None:
        raise Refused(say("Pre-medication has not been given."))
    if now < thaw_from(state):
        raise Refused(say("Too early to thaw: thaw from {at}.", at=thaw_from(state)))
    if bag.thawed_at is not None:
        raise Refused(say("Bag {bag} was thawed already.", bag=command.bag_id))
    _released(bag)
    if not bag.ready:
        raise Refused(say("Two people check patient and unthawed bag {bag} first.", bag=command.bag_id))
    not_expired(bag.bag, now)
    certified(state, bag)
    return [e.BagThawed(command.bag_id, allow.not_future(command.thawed_at, now))]


def check_bag(state: Infusion, command: c.CheckBag, by: Person, now: datetime) -> Events:
    """One of two people looks at a thawed bag. A bag that does not look right is set aside for good."""
    _verifies(state, by)
    bag = allow.bag(state, command.bag_id)
    if bag.thawed_at is None:
        raise Refused(say("Bag {bag} has not been thawed.", bag=command.bag_id))
    if by.person_id in bag.checked_by:
        raise Refused(say("The second check needs another person."))
    found_id = command.found_id.strip()
    if found_id != command.bag_id:
        return [e.MismatchFound("bag", command.bag_id, found_id, command.entry)]
    if wrong := wrong_label(bag.bag, command.label, command.entry, now):
        return [wrong]
    checked = e.BagChecked(command.bag_id, found_id, command.appearance_ok, command.entry, _why_typed(command))
    if command.appearance_ok:
        return [checked]
    return [checked, e.BagBroken(command.bag_id, "appearance")]


def hang_bag(state: Infusion, command: c.HangBag, by: Person, now: datetime) -> Events:
    """Hang a checked bag; a bag still hanging is thereby reported empty."""
    allow.role(by, BEDSIDE)
    bag = allow.bag(state, command.bag_id)
    allow.no_mismatch(state)
    _may_hang(state, bag, now)
    hanging = state.hanging
    if hanging is None:
        return [e.BagHung(command.bag_id)]
    if state.phase not in INFUSING:
        raise Refused(say("Another bag hangs already."))
    return [e.BagEmptied(hanging.bag.bag_id), e.BagHung(command.bag_id)]


def _may_hang(state: Infusion, bag: BagState, now: datetime) -> None:
    bag_id = bag.bag.bag_id
    if bag.hung_at is not None:
        raise Refused(say("Bag {bag} was hung already.", bag=bag_id))
    if len(bag.checked_by) < 2:
        raise Refused(say("Two people check bag {bag} before it is hung.", bag=bag_id))
    not_expired(bag.bag, now)
    certified(state, bag)
    limit_min = state.protocol.thaw.limit_min
    thawed_at = bag.thawed_at
    assert thawed_at is not None
    if limit_min is not None and (now - thawed_at).total_seconds() > limit_min * 60:
        raise Refused(say("Bag {bag} was thawed more than {limit} min ago.", bag=bag_id, limit=limit_min))


def report_broken(state: Infusion, command: c.ReportBroken, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE | {Role.PHARMACIST})
    bag = allow.bag(state, command.bag_id)
    if bag.hung_at is not None:
        raise Refused(say("Bag {bag} hangs already: take it down instead.", bag=command.bag_id))
    return [e.BagBroken(command.bag_id, allow.reason(command.reason))]
