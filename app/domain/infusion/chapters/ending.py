"""The end, never refused while it runs; then the flush, what becomes of every bag, and the observation."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion import flows
from app.domain.infusion.checks import missed_checks, open_check
from app.domain.infusion.phases import INFUSING, Phase
from app.domain.infusion.state import BagState, Infusion
from app.domain.infusion.tasks import observation_due_at
from app.domain.infusion.wording import People
from app.domain.log import Entry
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.products.drip_rates import round_down, round_up
from app.domain.products.leftovers import is_off, left_between
from app.domain.texts import Text, listed, number, parts, say

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings


class End(Command, frozen=True):
    title = say("end")
    is_urgent = True

    left_ml: Decimal | None
    reason: str = ""


class Stop(Command, frozen=True):
    title = say("stop for good")
    is_urgent = True
    in_emergency = True

    left_ml: Decimal | None
    reason: str


class FlushLine(Command, frozen=True):
    title = say("flush the line")

    volume_ml: Decimal


class DestroyLeftover(Command, frozen=True):
    title = say("destroy what is left")

    bag_id: str
    volume_ml: Decimal
    witness: Person
    reason: str = ""


class ReturnBag(Command, frozen=True):
    title = say("return a bag")

    bag_id: str
    handed_by: Person


class CloseObservation(Command, frozen=True):
    title = say("close the observation")

    outcome: Literal["no_reaction", "reaction_resolved", "reaction_ongoing", "transferred"]
    flags: tuple[str, ...] = ()
    reason: str = ""


def end(state: Infusion, command: End, _by: Person, _now: datetime) -> Events:
    return [e.InfusionEnded(_readable(state, command.left_ml), command.reason.strip())]


def stop(state: Infusion, command: Stop, _by: Person, _now: datetime) -> Events:
    return [e.InfusionStopped(_readable(state, command.left_ml), command.reason.strip())]


def _readable(state: Infusion, left_ml: Decimal | None) -> Decimal | None:
    """A reading that the bag cannot hold is left out rather than holding up the end."""
    most = state.hanging.volume_ml if state.hanging and state.phase in INFUSING else None
    readable = left_ml is not None and most is not None and allow.within(left_ml, (Decimal(0), most))
    return left_ml if readable else None


def flush_line(_state: Infusion, command: FlushLine, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    if not allow.within(command.volume_ml, e.FLUSHES_ML):
        raise Refused(say("Between 0 and {most} ml.", most=e.FLUSHES_ML[1]))
    return [e.LineFlushed(command.volume_ml)]


def destroy_leftover(state: Infusion, command: DestroyLeftover, by: Person, _now: datetime) -> Events:
    allow.witness(command.witness, by)
    reason, who = command.reason.strip(), command.witness
    may_destroy(state, command.bag_id, command.volume_ml, reason)
    return [e.LeftoverDestroyed(command.bag_id, command.volume_ml, who.person_id, reason, printed_name=who.name)]


def may_destroy(state: Infusion, bag_id: str, volume_ml: Decimal, reason: str) -> None:
    """Refuse what cannot be left of the bag, and another volume than was left without a reason."""
    bag = state.bags.get(bag_id)
    if bag is None or bag.destroyed_ml is not None or bag.place in ("sent", "stayed"):
        raise Refused(say("Nothing of bag {bag} is left to destroy.", bag=bag_id))
    if bag.kept:
        raise Refused(say("Bag {bag} is kept for examination: nothing of it is destroyed.", bag=bag_id))
    if not allow.within(volume_ml, (Decimal(0), bag.volume_ml)):
        raise Refused(say("Between 0 and {most} ml.", most=bag.volume_ml))
    if is_off(state, bag, volume_ml) and not reason:
        raise Refused(_not_what_was_left(state, bag))


def _not_what_was_left(state: Infusion, bag: BagState) -> Text:
    least, most = left_between(state, bag)
    if least == most:
        return say("{ml} ml of bag {bag} were left: say why another volume is destroyed.", ml=most, bag=bag.bag.bag_id)
    return say("{least}–{most} ml of bag {bag} were left: say why another volume is destroyed.",
               least=round_down(least), most=round_up(most), bag=bag.bag.bag_id)  # fmt: skip


def return_bag(state: Infusion, command: ReturnBag, by: Person, _now: datetime) -> Events:
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


def close_observation(state: Infusion, command: CloseObservation, by: Person, now: datetime) -> Events:
    """Before its time, with a reaction still open, or with something missed or unsigned, only with a reason."""
    allow.role(by, BEDSIDE)
    allow.phase(state, {Phase.OBSERVATION}, say("No observation is open."))
    early = now < observation_due_at(state)
    if (early or command.outcome in ("reaction_ongoing", "transferred")) and not command.reason.strip():
        raise Refused(say("The observation lasts until {at}: give a reason to close it.", at=observation_due_at(state)))
    if not early and open_check(state, now) is not None:
        raise Refused(say("Record the last vital signs of the observation first."))
    if state.reactions and command.outcome == "no_reaction":
        raise Refused(say("A reaction was noted: choose another outcome."))
    if state.reaction_open and command.outcome == "reaction_resolved":
        raise Refused(say("The reaction is still open: say since when it is over, or choose another outcome."))
    undone = left_undone(state, now)
    if undone and not command.reason.strip():
        raise Refused(say("Left undone: {what}. Do it now, or give a reason.", what=undone_words(undone)))
    return [e.ObservationClosed(command.outcome, command.flags, command.reason.strip(), undone)]


def left_undone(state: Infusion, now: datetime) -> tuple[str, ...]:
    """Codes (`code_words.LEFT_UNDONE`) of what was missed or is unsigned: done now, or the closing gives a reason."""
    found = {
        "checks": bool(missed_checks(state, now)),
        "time": state.elapsed_unknown,
        "gap": state.unconfirmed_gap,
        "reaction": state.reaction_open,
    }
    return tuple(code for code, stands in found.items() if stands)


def undone_words(undone: tuple[str, ...]) -> Text:
    return listed([codes.word(code, codes.LEFT_UNDONE) for code in undone])


def _ended(s: Infusion, entry: Entry, ev: e.InfusionEnded | e.InfusionStopped) -> None:
    s.ended_at, s.end, s.pause = entry.at, ev, None
    if s.hanging and ev.left_ml is not None:
        flows.pin(s, entry.at, ev.left_ml)
        s.hanging.left_ml = ev.left_ml
    flows.stop_drip(s, entry.at)


def _flushed(s: Infusion, _entry: Entry, ev: e.LineFlushed) -> None:
    s.flushed_ml = ev.volume_ml


def _destroyed(s: Infusion, _entry: Entry, ev: e.LeftoverDestroyed) -> None:
    s.bags[ev.bag_id].destroyed_ml = ev.volume_ml


def _returned(s: Infusion, _entry: Entry, ev: e.BagReturned) -> None:
    s.bags[ev.bag_id].returned = True


def _observed(s: Infusion, entry: Entry, ev: e.ObservationClosed) -> None:
    s.observation, s.observation_closed_at = ev, entry.at


def _ended_words(ev: e.InfusionEnded | e.InfusionStopped, _s: Infusion, _p: People) -> Text:
    line = say("Infusion ended") if isinstance(ev, e.InfusionEnded) else say("Infusion stopped for good")
    left = say("{ml} ml left in the bag", ml=number(ev.left_ml)) if ev.left_ml is not None else None
    return parts(line, left or say("what is left was not read"), codes.word(ev.reason))


def _observed_words(ev: e.ObservationClosed, _s: Infusion, _p: People) -> Text:
    line = say("Observation closed: {outcome}", outcome=codes.word(ev.outcome, codes.OUTCOMES))
    flags = listed([codes.word(f) for f in ev.flags]) if ev.flags else None
    undone = say("left undone: {what}", what=undone_words(ev.left_undone)) if ev.left_undone else None
    return parts(line, flags, undone, codes.word(ev.reason))


def _destroyed_words(ev: e.LeftoverDestroyed, _s: Infusion, people: People) -> Text:
    line = say("{volume_ml} ml of bag {bag_id} destroyed, witness {witness}",
               volume_ml=number(ev.volume_ml), bag_id=ev.bag_id, witness=people.get(ev.witness, ev.witness))  # fmt: skip
    return parts(line, codes.word(ev.reason))


RULES: Rules = {
    End: end,
    Stop: stop,
    FlushLine: flush_line,
    DestroyLeftover: destroy_leftover,
    ReturnBag: return_bag,
    CloseObservation: close_observation,
}
EFFECTS: Effects = {
    e.InfusionEnded: _ended,
    e.InfusionStopped: _ended,
    e.LineFlushed: _flushed,
    e.LeftoverDestroyed: _destroyed,
    e.BagReturned: _returned,
    e.ObservationClosed: _observed,
}
WORDS: Wordings = {
    e.InfusionEnded: _ended_words,
    e.InfusionStopped: _ended_words,
    e.LeftoverDestroyed: _destroyed_words,
    e.ObservationClosed: _observed_words,
}
