"""A bag at the bed: thawed, looked at by two people, put before another, hung, and empty or taken down."""

from datetime import datetime
from decimal import Decimal

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion import flows
from app.domain.infusion.phases import INFUSING, Phase
from app.domain.infusion.state import BagState, Infusion
from app.domain.infusion.tasks import thaw_from
from app.domain.infusion.wording import People, how_entered
from app.domain.log import Entry
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import Text, parts, say

from . import allow
from .bags import certified, not_expired
from .chapter import Command, Effects, Events, Rules, Wordings
from .identity import CodeRead, must_be_released, must_verify, why_typed, wrong_label, wrong_patient


class ThawBag(Command, frozen=True):
    title = say("thaw a bag")
    refusal_is_recorded = True

    bag_id: str
    thawed_at: datetime


class CheckBag(Command, frozen=True):
    """`subject`: as read off the wristband, to which the bag is about to be hung; None where it is not asked."""

    title = say("check a bag")
    refusal_is_recorded = True

    bag_id: str
    found_id: str
    appearance_ok: bool
    entry: e.Entered = None
    reason: str = ""
    label: CodeRead | None = None
    subject: str | None = None


class ChooseNextBag(Command, frozen=True):
    """`is_mix_up`: this bag was thawed by mistake; the thaw recorded of the next one was its thaw."""

    title = say("let another bag come next")
    refusal_is_recorded = True

    bag_id: str
    reason: str
    witness: Person
    is_mix_up: bool = False


class HangBag(Command, frozen=True):
    title = say("hang a bag")
    refusal_is_recorded = True

    bag_id: str


class ReportEmpty(Command, frozen=True):
    title = say("report a bag empty")


class TakeDownBag(Command, frozen=True):
    title = say("take down a bag")

    left_ml: Decimal
    reason: str


def thaw_bag(state: Infusion, command: ThawBag, by: Person, now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    bag = allow.bag(state, command.bag_id)
    allow.no_mismatch(state)
    if state.premedication is None:
        raise Refused(say("Pre-medication has not been given."))
    if now < thaw_from(state):
        raise Refused(say("Too early to thaw: thaw from {at}.", at=thaw_from(state)))
    if bag.thawed_at is not None:
        raise Refused(say("Bag {bag} was thawed already.", bag=command.bag_id))
    must_be_released(bag)
    if not bag.ready:
        raise Refused(say("Two people check patient and unthawed bag {bag} first.", bag=command.bag_id))
    not_expired(bag.bag, now)
    certified(state, bag)
    return [e.BagThawed(command.bag_id, allow.not_future(state, command.thawed_at, now))]


def check_bag(state: Infusion, command: CheckBag, by: Person, now: datetime) -> Events:
    """One of two people reads wristband and thawed bag, and looks at it. One that does not look right is set aside for good."""
    must_verify(state, by)
    bag = allow.bag(state, command.bag_id)
    if bag.thawed_at is None:
        raise Refused(say("Bag {bag} has not been thawed.", bag=command.bag_id))
    if bag.hung_at is not None:
        raise Refused(say("Bag {bag} was hung already.", bag=command.bag_id))
    if by.person_id in bag.checked_by:
        raise Refused(say("The second check needs another person."))
    if command.subject is not None and (wrong := wrong_patient(state, command.subject, command.entry)):
        return [wrong]
    found_id = command.found_id.strip()
    if found_id != command.bag_id:
        return [e.MismatchFound("bag", command.bag_id, found_id, command.entry)]
    if wrong := wrong_label(bag.bag, command.label, command.entry, now):
        return [wrong]
    why, subject = why_typed(command.entry, command.reason), command.subject and command.subject.strip()
    checked = e.BagChecked(command.bag_id, found_id, command.appearance_ok, command.entry, why, subject)
    if command.appearance_ok:
        return [checked]
    return [checked, e.BagBroken(command.bag_id, "appearance")]


def others_to_hang(state: Infusion) -> list[BagState]:
    """Bags that two people may let come next: released and checked unthawed, not hung, and not the next one already."""
    next_bag = state.next_bag
    if next_bag is None:
        return []
    return [bag for bag in state.bags_in_order if bag.usable and bag.ready and bag.hung_at is None and bag is not next_bag]


def mixed_up(state: Infusion) -> BagState | None:
    """The bag that was found where the next one was to be: it may have been thawed by mistake."""
    wrong, next_bag = state.mismatch, state.next_bag
    if wrong is None or wrong.what == "patient" or next_bag is None or next_bag.thawed_at is None:
        return None
    at_hand = {bag.bag.bag_id: bag for bag in others_to_hang(state)}
    return at_hand.get(wrong.found) if wrong.expected == next_bag.bag.bag_id else None


def choose_next_bag(state: Infusion, command: ChooseNextBag, by: Person, now: datetime) -> Events:
    """Two people let another bag come next, or go on with one that was thawed by mistake. It is still looked at by two."""
    allow.role(by, BEDSIDE)
    bag, next_bag, who = allow.bag(state, command.bag_id), state.next_bag, command.witness
    if who.person_id == by.person_id:
        raise Refused(say("The second check needs another person."))
    must_verify(state, who)
    if next_bag is None:
        raise Refused(say("No other bag is needed."))
    if bag is next_bag:
        raise Refused(say("Bag {bag} comes next already.", bag=command.bag_id))
    if bag.hung_at is not None:
        raise Refused(say("Bag {bag} was hung already.", bag=command.bag_id))
    must_be_released(bag)
    if not bag.ready:
        raise Refused(say("Two people check patient and unthawed bag {bag} first.", bag=command.bag_id))
    not_expired(bag.bag, now)
    certified(state, bag)
    instead_of = next_bag.bag.bag_id
    if command.is_mix_up and (bag.thawed_at is not None or next_bag.thawed_at is None):
        raise Refused(say("No thaw is recorded of bag {bag} that could be another bag's.", bag=instead_of))
    reason = allow.reason(command.reason)
    return [e.NextBagChosen(command.bag_id, instead_of, who.person_id, reason, command.is_mix_up, printed_name=who.name)]


def hang_bag(state: Infusion, command: HangBag, by: Person, now: datetime) -> Events:
    """Hang a checked bag; a bag still hanging is thereby reported empty."""
    allow.role(by, BEDSIDE)
    bag = allow.bag(state, command.bag_id)
    allow.no_mismatch(state)
    _may_hang(state, bag, now)
    _comes_next(state, bag)
    hanging = state.hanging
    if hanging is None:
        return [e.BagHung(command.bag_id)]
    if state.phase not in INFUSING:
        raise Refused(say("Another bag hangs already."))
    return [e.BagEmptied(hanging.bag.bag_id), e.BagHung(command.bag_id)]


def _comes_next(state: Infusion, bag: BagState) -> None:
    """The plan counts on its order: another one gives another dose."""
    next_bag = state.next_bag
    if next_bag is not None and next_bag is not bag:
        raise Refused(
            say("Bag {next} comes next, not bag {bag}. Two people may change that.",
                next=next_bag.bag.bag_id, bag=bag.bag.bag_id)
        )  # fmt: skip


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


def report_empty(state: Infusion, _command: ReportEmpty, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    if state.hanging is None:
        raise Refused(say("No bag hangs."))
    return [e.BagEmptied(state.hanging.bag.bag_id)]


def take_down_bag(state: Infusion, command: TakeDownBag, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    if state.hanging is None:
        raise Refused(say("No bag hangs."))
    left_ml = allow.left_in_bag(state, command.left_ml)
    return [e.BagTakenDown(state.hanging.bag.bag_id, left_ml, allow.reason(command.reason))]


def _thawed(s: Infusion, _entry: Entry, ev: e.BagThawed) -> None:
    s.bags[ev.bag_id].thawed_at = ev.thawed_at


def _checked(s: Infusion, entry: Entry, ev: e.BagChecked) -> None:
    s.bags[ev.bag_id].checked_by += (entry.by or "",)
    s.mismatch = None


def _chosen(s: Infusion, _entry: Entry, ev: e.NextBagChosen) -> None:
    s.chosen_next = (ev.bag_id, *s.chosen_next)
    bag, other = s.bags[ev.bag_id], s.bags[ev.instead_of]
    if ev.is_mix_up:
        bag.thawed_at, other.thawed_at, other.checked_by = other.thawed_at, None, ()
    if s.mismatch is not None and (s.mismatch.expected, s.mismatch.found) == (ev.instead_of, ev.bag_id):
        s.mismatch = None


def _hung(s: Infusion, entry: Entry, ev: e.BagHung) -> None:
    s.bags[ev.bag_id].hung_at = entry.at
    s.hung_order += (ev.bag_id,)
    if s.phase is Phase.RUNNING and s.rate_gtt_min is not None:
        flows.drip(s, entry.at, s.rate_gtt_min)


def _emptied(s: Infusion, entry: Entry, ev: e.BagEmptied) -> None:
    s.bags[ev.bag_id].emptied_at = entry.at
    flows.pin(s, entry.at)
    flows.stop_drip(s, entry.at)


def _taken_down(s: Infusion, entry: Entry, ev: e.BagTakenDown) -> None:
    bag = s.bags[ev.bag_id]
    bag.taken_down_at, bag.left_ml, bag.nothing_given = entry.at, ev.left_ml, s.started_at is None
    if s.started_at is not None:
        flows.pin(s, entry.at)
    flows.stop_drip(s, entry.at)


def _checked_words(ev: e.BagChecked, _s: Infusion, _p: People) -> Text:
    line = say("Bag {bag} checked before hanging: does not look right", bag=ev.bag_id)
    if ev.appearance_ok:
        line = say("Bag {bag} checked before hanging: looks right", bag=ev.bag_id)
    read = say("wristband {subject}", subject=ev.subject) if ev.subject else None
    return parts(line, read, codes.word(ev.reason), how_entered(ev.entry))


def _chosen_words(ev: e.NextBagChosen, _s: Infusion, people: People) -> Text:
    line = say("Bag {bag} comes next, instead of bag {other}", bag=ev.bag_id, other=ev.instead_of)
    if ev.is_mix_up:
        line = say("Bag {bag} was thawed by mistake for bag {other}, and comes next", bag=ev.bag_id, other=ev.instead_of)
    return parts(line, codes.word(ev.reason), say("second person {name}", name=people.get(ev.witness, ev.witness)))


RULES: Rules = {
    ThawBag: thaw_bag,
    CheckBag: check_bag,
    ChooseNextBag: choose_next_bag,
    HangBag: hang_bag,
    ReportEmpty: report_empty,
    TakeDownBag: take_down_bag,
}
EFFECTS: Effects = {
    e.BagThawed: _thawed,
    e.BagChecked: _checked,
    e.NextBagChosen: _chosen,
    e.BagHung: _hung,
    e.BagEmptied: _emptied,
    e.BagTakenDown: _taken_down,
}
WORDS: Wordings = {e.BagChecked: _checked_words, e.NextBagChosen: _chosen_words}
