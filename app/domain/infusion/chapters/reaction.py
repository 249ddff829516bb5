"""Reactions: noted at once and never refused while it runs, told in full afterwards, closed when over."""

from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

import msgspec

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import People, symptoms
from app.domain.log import Entry
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.texts import Text, joined, listed, parts, say

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings

#: CTCAE: 1 mild, 2 moderate, 3 severe, 4 life-threatening, 5 death. A person chooses; nothing is computed.
GRADES = (1, 2, 3, 4, 5)
#: The protocol's step by which bag and set are kept.
KEEP = "keep"


class NoteReaction(Command, frozen=True):
    title = say("note a reaction")
    is_urgent = True
    in_emergency = True

    onset_at: datetime
    symptoms: tuple[str, ...]
    action: Literal["stop", "slow", "continue"]
    grade: int | None = None
    steps: tuple[str, ...] = ()
    called: str = ""
    text: str = ""
    slower_gtt_min: Decimal | None = None


class UpdateReaction(Command, frozen=True):
    title = say("add to a reaction")
    in_emergency = True

    onset_at: datetime
    symptoms: tuple[str, ...]
    steps: tuple[e.StepDone, ...] = ()
    grade: int | None = None
    called: str = ""
    text: str = ""
    called_at: datetime | None = None
    drugs: tuple[e.DrugGiven, ...] = ()


class ResolveReaction(Command, frozen=True):
    title = say("close a reaction")

    resolved_at: datetime
    text: str = ""
    outcome: e.ReactionOutcome = "recovered"


class FreeBag(Command, frozen=True):
    """The bag need not be kept any more."""

    title = say("let a kept bag go")

    bag_id: str
    reason: str


def acute(state: Infusion, now: datetime) -> bool:
    """Whether a reaction now still counts as one to this infusion: from its end for the protocol's hours."""
    return state.ended_at is None or now <= state.ended_at + timedelta(hours=state.protocol.clocks.acute_reactions_h)


def slower_rate(state: Infusion) -> Decimal | None:
    """Drops/min to slow down to at once: a share of the present rate, a multiple that can be counted; at least that."""
    if state.rate_gtt_min is None:
        return None
    easy = state.protocol.infusion.preferred_rate_multiple_gtt_min
    wanted = state.rate_gtt_min * state.protocol.reaction.slow_to_pct / 100
    return max(Decimal(easy), (wanted / easy).to_integral_value(ROUND_FLOOR) * easy)


def note_reaction(state: Infusion, command: NoteReaction, _by: Person, now: datetime) -> Events:
    """After the signature as long as acute reactions are watched; what comes later is an adverse event."""
    if state.phase is Phase.SIGNED and not acute(state, now):
        hours = state.protocol.clocks.acute_reactions_h
        raise Refused(say("The {hours} h of acute reactions are over: report it as an adverse event.", hours=hours))
    onset_at = min(command.onset_at, now)
    noted: Events = [
        e.ReactionNoted(
            onset_at,
            command.symptoms,
            command.action,
            command.grade,
            command.steps,
            command.called,
            command.text,
        )
    ]
    if state.phase is Phase.RUNNING and command.action == "stop":
        return [*noted, e.Paused("reaction")]
    if state.phase is Phase.RUNNING and command.action == "slow":
        return [*noted, *_slowed(command.slower_gtt_min)]
    return noted


def _slowed(rate: Decimal | None) -> Events:
    """A rate that cannot be is left out rather than holding up the reaction."""
    try:
        return [e.RateSet(allow.possible_rate(rate), "reaction")] if rate is not None else []
    except Refused:
        return []


def update_reaction(state: Infusion, command: UpdateReaction, by: Person, now: datetime) -> Events:
    """What became known since: symptoms, steps with their times, the grade a person gave, who was called."""
    allow.role(by, BEDSIDE)
    if not state.reaction_open:
        raise Refused(say("No reaction is open."))
    if command.grade is not None and command.grade not in GRADES:
        raise Refused(say("The grade is a whole number from 1 to 5."))
    steps = tuple(e.StepDone(step.code, allow.not_future(state, step.done_at, now)) for step in command.steps)
    drugs = tuple(_drug(state, drug, now) for drug in command.drugs)
    called_at = allow.not_future(state, command.called_at, now) if command.called.strip() and command.called_at else None
    updated = e.ReactionUpdated(min(command.onset_at, now), command.symptoms, steps, command.grade, command.called.strip(),
                                command.text.strip(), called_at, drugs)  # fmt: skip
    return [updated, *_kept(state, steps)]


def _drug(state: Infusion, given: e.DrugGiven, now: datetime) -> e.DrugGiven:
    if not given.drug.strip() or not given.dose.strip():
        raise Refused(say("Give every drug its name and its dose."))
    return e.DrugGiven(given.drug.strip(), given.dose.strip(), allow.not_future(state, given.given_at, now))


def _kept(state: Infusion, steps: tuple[e.StepDone, ...]) -> Events:
    """The step “keep bag and set”, done now, keeps the bag that hangs, else the one that hung last."""
    before = {step.code for step in state.reaction.steps} if state.reaction else set()
    hung = [bag for bag in state.bags.values() if bag.hung_at is not None]
    if KEEP not in {step.code for step in steps} - before or not hung:
        return []
    bag = state.hanging or max(hung, key=lambda b: b.hung_at or state.ordered_at)
    return [] if bag.kept or bag.destroyed_ml is not None else [e.BagKept(bag.bag.bag_id)]


def free_bag(state: Infusion, command: FreeBag, by: Person, _now: datetime) -> Events:
    """By an investigator: what was to be examined is examined, or nobody wants it."""
    allow.role(by, {Role.INVESTIGATOR})
    bag = state.bags.get(command.bag_id)
    if bag is None or not bag.kept:
        raise Refused(say("Bag {bag} is not kept.", bag=command.bag_id))
    return [e.BagFreed(command.bag_id, allow.reason(command.reason))]


def resolve_reaction(state: Infusion, command: ResolveReaction, _by: Person, now: datetime) -> Events:
    if not state.reaction_open:
        raise Refused(say("No reaction is open."))
    return [e.ReactionResolved(min(command.resolved_at, now), command.text.strip(), command.outcome)]


def _noted(s: Infusion, entry: Entry, ev: e.ReactionNoted) -> None:
    known = s.reaction if s.reaction_open else None
    s.reaction = _known(ev, known or e.ReactionUpdated(ev.onset_at, ()))
    s.reactions.append(entry)
    s.reaction_open = True
    s.report_signed.clear()
    if s.pause is not None and ev.action == "stop":
        s.pause = msgspec.structs.replace(s.pause, cause="reaction")


def _known(ev: e.ReactionNoted, before: e.ReactionUpdated) -> e.ReactionUpdated:
    """Noted again while it is open: it is the same reaction, and nothing known of it is lost."""
    return e.ReactionUpdated(
        min(before.onset_at, ev.onset_at),
        tuple(dict.fromkeys((*before.symptoms, *ev.symptoms))),
        before.steps,
        ev.grade or before.grade,
        ev.called or before.called,
        ev.text or before.text,
        before.called_at,
        before.drugs,
    )


def _updated(s: Infusion, _entry: Entry, ev: e.ReactionUpdated) -> None:
    s.reaction = ev


def _resolved(s: Infusion, _entry: Entry, _ev: e.ReactionResolved) -> None:
    s.reaction_open = False


def _bag_kept(s: Infusion, _entry: Entry, ev: e.BagKept) -> None:
    s.bags[ev.bag_id].kept = True


def _bag_freed(s: Infusion, _entry: Entry, ev: e.BagFreed) -> None:
    s.bags[ev.bag_id].kept = False


def _noted_words(ev: e.ReactionNoted, s: Infusion, _p: People) -> Text:
    return parts(
        say("Reaction since {at}: {symptoms}", at=ev.onset_at, symptoms=symptoms(ev.symptoms, s.known_protocol)),
        codes.word(ev.action, codes.ACTIONS),
        say("grade {grade}", grade=ev.grade) if ev.grade is not None else None,
        say("done: {steps}", steps=listed([codes.word(s) for s in ev.steps])) if ev.steps else None,
        say("called: {who}", who=ev.called) if ev.called else None,
        ev.text,
    )


def _updated_words(ev: e.ReactionUpdated, s: Infusion, _p: People) -> Text:
    steps = [_step(step, s) for step in ev.steps]
    return parts(
        say("Reaction since {at}: {symptoms}", at=ev.onset_at, symptoms=symptoms(ev.symptoms, s.known_protocol)),
        say("grade {grade}", grade=ev.grade) if ev.grade is not None else None,
        say("done: {steps}", steps=listed(steps)) if steps else None,
        say("given: {drugs}", drugs=listed(map(drug_words, ev.drugs))) if ev.drugs else None,
        called_words(ev),
        ev.text,
    )


def drug_words(given: e.DrugGiven) -> Text:
    return joined(" ", [given.drug, given.dose, given.given_at])


def called_words(ev: e.ReactionUpdated) -> Text | None:
    """Who was called, and when where that is known."""
    if not ev.called:
        return None
    return say("called: {who}", who=joined(" ", [ev.called, ev.called_at]) if ev.called_at else ev.called)


def _resolved_words(ev: e.ReactionResolved, _s: Infusion, _p: People) -> Text:
    outcome = codes.REACTION_OUTCOMES[ev.outcome] if ev.outcome else None
    return parts(say("Reaction over since {resolved_at}", resolved_at=ev.resolved_at), outcome, ev.text)


def _step(done: e.StepDone, s: Infusion) -> Text:
    """The step in the words of the protocol it was done by, and when."""
    steps = s.known_protocol.reaction.steps if s.known_protocol else ()
    named = next((step for step in steps if step.code == done.code), done.code)
    return joined(" ", [named, done.done_at])


RULES: Rules = {
    NoteReaction: note_reaction,
    UpdateReaction: update_reaction,
    ResolveReaction: resolve_reaction,
    FreeBag: free_bag,
}
EFFECTS: Effects = {
    e.ReactionNoted: _noted,
    e.ReactionUpdated: _updated,
    e.ReactionResolved: _resolved,
    e.BagKept: _bag_kept,
    e.BagFreed: _bag_freed,
}
WORDS: Wordings = {
    e.ReactionNoted: _noted_words,
    e.ReactionUpdated: _updated_words,
    e.ReactionResolved: _resolved_words,
}
