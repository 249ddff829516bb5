"""Reactions: noted at once and never refused while it runs, told in full afterwards, closed when over."""

from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal

from app.domain.errors import Refused
from app.domain.infusion import commands as c
from app.domain.infusion import facts as e
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import say

from . import allow

Events = list[e.InfusionEvent]

#: CTCAE: 1 mild, 2 moderate, 3 severe, 4 life-threatening, 5 death. A person chooses; nothing is computed.
GRADES = (1, 2, 3, 4, 5)


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


def note_reaction(state: Infusion, command: c.NoteReaction, _by: Person, now: datetime) -> Events:
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


def update_reaction(state: Infusion, command: c.UpdateReaction, by: Person, now: datetime) -> Events:
    """What became known since: symptoms, steps with their times, the grade a person gave, who was called."""
    allow.role(by, BEDSIDE)
    if not state.reaction_open:
        raise Refused(say("No reaction is open."))
    if command.grade is not None and command.grade not in GRADES:
        raise Refused(say("The grade is a whole number from 1 to 5."))
    return [
        e.ReactionUpdated(
            min(command.onset_at, now),
            command.symptoms,
            tuple(e.StepDone(step.code, allow.not_future(step.done_at, now)) for step in command.steps),
            command.grade,
            command.called.strip(),
            command.text.strip(),
        )
    ]


def resolve_reaction(state: Infusion, command: c.ResolveReaction, _by: Person, now: datetime) -> Events:
    if not state.reaction_open:
        raise Refused(say("No reaction is open."))
    return [e.ReactionResolved(min(command.resolved_at, now), command.text.strip())]
