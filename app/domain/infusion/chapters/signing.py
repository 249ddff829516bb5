"""The record is signed: first by the nurse who performed it, then by an investigator who reviewed it."""

from datetime import datetime
from typing import Literal

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.tasks import leftovers
from app.domain.log import Entry
from app.domain.people.roles import Person, Role
from app.domain.texts import say

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings


class Sign(Command, frozen=True):
    title = say("sign")

    meaning: Literal["performed", "reviewed"]


def sign(state: Infusion, command: Sign, by: Person, _now: datetime) -> Events:
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


def _signed(s: Infusion, entry: Entry, ev: e.SignatureGiven) -> None:
    s.signatures[ev.meaning] = entry


RULES: Rules = {Sign: sign}
EFFECTS: Effects = {e.SignatureGiven: _signed}
WORDS: Wordings = {}
