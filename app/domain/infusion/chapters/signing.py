"""The record and the report of a reaction are signed: first by the nurse, then by an investigator."""

from datetime import datetime
from typing import Literal

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import People
from app.domain.log import Entry
from app.domain.people.roles import Person, Role
from app.domain.products.leftovers import leftovers
from app.domain.texts import Text, parts, say

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings


class Sign(Command, frozen=True):
    title = say("sign")

    meaning: Literal["performed", "reviewed"]
    reason: str = ""


class SignReaction(Command, frozen=True):
    title = say("sign the reaction report")

    meaning: Literal["performed", "reviewed"]


#: What is done at the bed: whoever recorded one of these took part in the infusion.
_AT_THE_BED = (
    e.IdentityChecked, e.BagVerified, e.PremedicationGiven, e.BagThawed, e.BagChecked, e.BagHung, e.Started, e.SteppedUp,
    e.RateSet, e.RateMeasured, e.Paused, e.PauseExplained, e.Resumed, e.BagEmptied, e.BagTakenDown, e.RemainingRead,
    e.ReactionNoted, e.ReactionUpdated, e.ReactionResolved, e.BagKept, e.VitalsRecorded, e.InfusionEnded, e.InfusionStopped,
    e.LineFlushed, e.LeftoverDestroyed, e.ObservationClosed,
)  # fmt: skip


def took_part(state: Infusion, person_id: str) -> bool:
    """Whether this person recorded anything at the bed of this infusion."""
    return any(x.by == person_id and isinstance(x.event, _AT_THE_BED) for x in state.entries)


def sign(state: Infusion, command: Sign, by: Person, _now: datetime) -> Events:
    """First the nurse who performed it, then an investigator who reviewed it: two different people."""
    allow.phase(state, {Phase.OBSERVED}, say("The observation must be closed before signing."))
    _everything_done(state)
    performed = state.signatures.get("performed")
    if command.meaning == "performed":
        if performed is not None:
            raise Refused(say("This signature stands already."))
        allow.role(by, {Role.NURSE})
        reason = command.reason.strip()
        if not took_part(state, by.person_id) and not reason:
            raise Refused(say("{name} recorded nothing at the bed of this infusion: say why you sign.", name=by.name))
        return [e.SignatureGiven("performed", reason)]
    allow.role(by, {Role.INVESTIGATOR})
    if performed is None:
        raise Refused(say("The nurse signs first."))
    if performed.by == by.person_id:
        raise Refused(say("The second signature needs another person."))
    return [e.SignatureGiven("reviewed"), e.InfusionSigned()]


def _everything_done(state: Infusion) -> None:
    if state.protocol.infusion.flush_line and state.flushed_ml is None:
        raise Refused(say("Record the flush of the line first."))
    if leftovers(state):
        raise Refused(say("Record what happened to the rest of the bags first."))


def unsigned_report(state: Infusion) -> Literal["performed", "reviewed"] | None:
    """Which signature the newest reaction's report waits for; None: it has both, or there is none to sign yet."""
    if state.reaction is None or state.reaction.grade is None or state.reaction_open:
        return None
    return next((meaning for meaning in ("performed", "reviewed") if meaning not in state.report_signed), None)


def sign_reaction(state: Infusion, command: SignReaction, by: Person, _now: datetime) -> Events:
    """First the nurse, then an investigator: two people. What is recorded later is signed for anew."""
    if state.reaction is None:
        raise Refused(say("No reaction was noted."))
    if state.reaction_open:
        raise Refused(say("The reaction is still open: say first since when it is over."))
    if state.reaction.grade is None:
        raise Refused(say("The reaction has no grade yet."))
    if command.meaning in state.report_signed:
        raise Refused(say("This signature stands already."))
    if command.meaning == "performed":
        allow.role(by, {Role.NURSE})
        return [e.ReactionSigned("performed")]
    allow.role(by, {Role.INVESTIGATOR})
    if "performed" not in state.report_signed:
        raise Refused(say("The nurse signs first."))
    return [e.ReactionSigned("reviewed")]


def _report_signed(s: Infusion, entry: Entry, ev: e.ReactionSigned) -> None:
    s.report_signed[ev.meaning] = entry


def _signed(s: Infusion, entry: Entry, ev: e.SignatureGiven) -> None:
    s.signatures[ev.meaning] = entry


def _signed_words(ev: e.SignatureGiven, _s: Infusion, _p: People) -> Text:
    line = say("Signed: {meaning}", meaning=codes.word(ev.meaning, codes.MEANINGS))
    return parts(line, say("took no part: {reason}", reason=codes.word(ev.reason)) if ev.reason else None)


def _report_words(ev: e.ReactionSigned, _s: Infusion, _p: People) -> Text:
    return say("Reaction report signed: {meaning}", meaning=codes.word(ev.meaning, codes.MEANINGS))


RULES: Rules = {Sign: sign, SignReaction: sign_reaction}
EFFECTS: Effects = {e.SignatureGiven: _signed, e.ReactionSigned: _report_signed}
WORDS: Wordings = {e.SignatureGiven: _signed_words, e.ReactionSigned: _report_words}
