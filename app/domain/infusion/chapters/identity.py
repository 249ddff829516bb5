"""Two people check patient, order and unthawed bags, each alone; a mismatch is a full stop."""

import unicodedata
from datetime import datetime

import msgspec

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import BagState, Infusion
from app.domain.infusion.wording import People, how_entered
from app.domain.log import Entry
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.texts import Dated, Text, parts, say
from app.domain.typed_texts import folded

from . import allow
from .bags import not_expired
from .chapter import Command, Effects, Events, Rules, Wordings


class CodeRead(msgspec.Struct, frozen=True):
    """What one code at the bed says: the number of a bag, or a subject; of a bag's whole label its lot and expiry too.

    `expires`: the first and the last moment that the label can mean. "" and None: it does not say.
    """

    number: str
    lot: str = ""
    expires: tuple[datetime, datetime] | None = None


class CheckIdentity(Command, frozen=True):
    title = say("check the identity")
    refusal_is_recorded = True

    subject: str
    bag_ids: tuple[str, ...]
    entry: e.Entered = None
    reason: str = ""
    labels: tuple[CodeRead, ...] = ()


class VerifyBag(Command, frozen=True):
    title = say("check an unthawed bag")
    refusal_is_recorded = True

    bag_id: str
    subject: str
    found_id: str
    entry: e.Entered = None
    reason: str = ""
    label: CodeRead | None = None


def verifiers(state: Infusion) -> frozenset[Role]:
    """Whose role may be one of the two at the bed."""
    return BEDSIDE if state.protocol.verification.pharmacists == "none" else BEDSIDE | {Role.PHARMACIST}


def releasing(state: Infusion) -> frozenset[str]:
    """Pharmacists of this infusion who may not check what they released themselves."""
    if state.protocol.verification.pharmacists == "all":
        return frozenset()
    return frozenset(who for who in (state.released_by, *(bag.released_by for bag in state.bags.values())) if who)


def must_verify(state: Infusion, by: Person) -> None:
    allow.role(by, verifiers(state))
    if by.person_id in releasing(state):
        raise Refused(say("Whoever released the bags does not check them at the bed."))


def check_identity(state: Infusion, command: CheckIdentity, by: Person, now: datetime) -> Events:
    """One of two independent checks of patient, order and unthawed bags. A mismatch is a full stop, recorded."""
    must_verify(state, by)
    allow.phase(state, {Phase.RECEIVED}, say("Receive the bags from the pharmacy first."))
    if by.person_id in state.identity_checked_by:
        raise Refused(say("The second check needs another person."))
    _all_released(state)
    wrong = _identity_mismatch(state, command, now)
    if wrong:
        return [wrong]
    checked: Events = [e.IdentityChecked(command.subject, command.bag_ids, command.entry, why_typed(command.entry, command.reason))]
    return [*checked, e.IdentityVerified()] if state.identity_checked_by else checked


def why_typed(entry: e.Entered, reason: str) -> str:
    """A code that was typed and not scanned needs a reason; a wrong one is a mismatch with or without."""
    reason = reason.strip()
    if entry in ("typed", "mixed") and not reason:
        raise Refused(say("Say why a code was typed and not scanned."))
    return reason


def _all_released(state: Infusion) -> None:
    if not state.planned_bags:
        raise Refused(say("No bag is left for this infusion: ask the pharmacy for another one."))
    for bag in state.planned_bags:
        must_be_released(bag)


def must_be_released(bag: BagState) -> None:
    if bag.released_by is None:
        raise Refused(say("Bag {bag} has not been released by a pharmacist.", bag=bag.bag.bag_id))


def _identity_mismatch(state: Infusion, command: CheckIdentity, now: datetime) -> e.MismatchFound | None:
    if wrong := wrong_patient(state, command.subject, command.entry):
        return wrong
    planned = {bag.bag.bag_id for bag in state.planned_bags}
    if set(command.bag_ids) != planned:
        return e.MismatchFound("bag", ", ".join(sorted(planned)), ", ".join(command.bag_ids), command.entry)
    read = {label.number: label for label in command.labels}
    found = (wrong_label(bag.bag, read.get(bag.bag.bag_id), command.entry, now) for bag in state.planned_bags)
    return next(filter(None, found), None)


def wrong_patient(state: Infusion, subject: str, entry: e.Entered) -> e.MismatchFound | None:
    """What was read off the wristband against the order."""
    expected, read = state.order.subject, subject.strip()
    return None if expected in (read, folded(read)) else e.MismatchFound("patient", expected, read, entry)


def verify_bag(state: Infusion, command: VerifyBag, by: Person, now: datetime) -> Events:
    """One of two independent checks of patient and unthawed bag, for a bag that came after the first check."""
    must_verify(state, by)
    bag = allow.bag(state, command.bag_id)
    must_be_released(bag)
    if bag.ready:
        raise Refused(say("Bag {bag} was checked by two people already.", bag=command.bag_id))
    if by.person_id in bag.verified_by:
        raise Refused(say("The second check needs another person."))
    if wrong := wrong_patient(state, command.subject, command.entry):
        return [wrong]
    found_id = command.found_id.strip()
    if found_id != command.bag_id:
        return [e.MismatchFound("bag", command.bag_id, found_id, command.entry)]
    if wrong := wrong_label(bag.bag, command.label, command.entry, now):
        return [wrong]
    why = why_typed(command.entry, command.reason)
    return [e.BagVerified(command.bag_id, command.subject.strip(), found_id, command.entry, why)]


def wrong_label(bag: e.Bag, read: CodeRead | None, entry: e.Entered, now: datetime) -> e.MismatchFound | None:
    """Another lot or expiry is a full stop, as another bag is. Refuses an expiry that is past."""
    if read is None:
        return None
    if read.lot and _plain(read.lot) != _plain(bag.lot):
        return e.MismatchFound("bag", bag.lot, read.lot, entry, "lot", bag.bag_id)
    if read.expires is not None:
        first, last = read.expires
        if not first <= bag.expires_at <= last:
            return e.MismatchFound("bag", bag.expires_at.isoformat(), last.isoformat(), entry, "expiry", bag.bag_id)
        not_expired(bag, now)
    return None


def _plain(lot: str) -> str:
    """A lot typed at the bench from what the eye reads: neither case nor blanks make it another one."""
    return "".join(unicodedata.normalize("NFKC", lot).casefold().split())


def _checked(s: Infusion, entry: Entry, _ev: e.IdentityChecked) -> None:
    s.identity_checked_by += (entry.by or "",)
    s.mismatch = None


def _verified(s: Infusion, _entry: Entry, _ev: e.IdentityVerified) -> None:
    for bag in s.planned_bags:
        bag.verified_by = s.identity_checked_by


def _bag_verified(s: Infusion, entry: Entry, ev: e.BagVerified) -> None:
    s.bags[ev.bag_id].verified_by += (entry.by or "",)
    s.mismatch = None


def _mismatched(s: Infusion, entry: Entry, ev: e.MismatchFound) -> None:
    s.mismatch, s.mismatch_at = ev, entry.at
    s.identity_checked_by = ()
    for bag in s.bags.values():
        if bag.hung_at is None:
            bag.checked_by = ()
        if not bag.ready:
            bag.verified_by = ()


def _mismatch_words(ev: e.MismatchFound, _s: Infusion, _p: People) -> Text:
    line = say("Wrong bag: expected {expected}, found {found}. Full stop.", expected=ev.expected, found=ev.found)
    if ev.what == "patient":
        line = say("Wrong patient: expected {expected}, found {found}. Full stop.", expected=ev.expected, found=ev.found)
    elif ev.differs != "number":
        expected, found = mismatch_values(ev)
        line = say("Bag {bag}: dispensed with {expected}, its label says {found}. Full stop.",
                   bag=ev.bag_id, expected=expected, found=found)  # fmt: skip
    return parts(line, how_entered(ev.entry))


def mismatch_values(ev: e.MismatchFound) -> tuple[Text | str, Text | str]:
    """What was expected and what was found, as a person reads it."""
    if ev.differs == "lot":
        return say("lot {lot}", lot=ev.expected), say("lot {lot}", lot=ev.found)
    if ev.differs == "expiry":
        return _expiry(ev.expected), _expiry(ev.found)
    return ev.expected, ev.found or "—"


def _expiry(iso: str) -> Text:
    return say("expiry {date}", date=Dated(datetime.fromisoformat(iso)))


RULES: Rules = {CheckIdentity: check_identity, VerifyBag: verify_bag}
EFFECTS: Effects = {
    e.IdentityChecked: _checked,
    e.IdentityVerified: _verified,
    e.BagVerified: _bag_verified,
    e.MismatchFound: _mismatched,
}
WORDS: Wordings = {e.MismatchFound: _mismatch_words}
