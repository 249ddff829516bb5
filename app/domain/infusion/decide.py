"""A command by a person at a moment becomes events, or is refused with a reason."""

from datetime import datetime

from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.people.roles import CLINICAL, ROLE_NAMES, Person, Role
from app.domain.people.signatures import signed
from app.domain.sealed_entries import whole
from app.domain.texts import say
from app.domain.typed_texts import all_typed

from .chapters.chapter import Command, Events
from .phases import PHASE_NAMES, TABLE
from .state import Infusion
from .story import RULES


def _acting(command: Command, by: Person) -> Person:
    """In an emergency whoever stands at the bed acts as a nurse; who only reads or keeps accounts acts in nothing."""
    if by.role is Role.EMERGENCY and command.in_emergency:
        return replace(by, role=Role.NURSE)
    if by.role not in CLINICAL:
        raise Refused(say("The role “{role}” does not act on an infusion.", role=ROLE_NAMES[by.role]))
    return by


def decide(state: Infusion, command: Command, by: Person, now: datetime) -> Events:
    """The events that a command leads to; a signature is the first of them and signs for all that came before.

    Raises `Refused` with the reason; the state is never touched.
    """
    typed = all_typed(command, command.is_urgent)
    events = RULES[type(command)](state, typed, _acting(command, by), now)
    phase = state.phase
    for event in events:
        after_it = TABLE.get((phase, type(event)))
        if after_it is None:
            raise Refused(say("This is not possible now: the infusion is at “{phase}”.", phase=PHASE_NAMES[phase]))
        phase = after_it
    return [*(signed(whole(state.entries, state.seals, state.infusion_id), event, by) for event in events[:1]), *events[1:]]
