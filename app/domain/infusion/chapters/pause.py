"""A pause: never refused while it runs, explained afterwards, and ended by whoever may."""

from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion import flows
from app.domain.infusion.found.gate import gate, passed
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import People, leave_words
from app.domain.log import Entry
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.texts import Text, number, parts, say

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings
from .drip import rate_of_stage


class Pause(Command, frozen=True):
    title = say("pause")
    is_urgent = True
    in_emergency = True

    reason: str = ""


class ExplainPause(Command, frozen=True):
    title = say("say why it was paused")
    in_emergency = True

    reason: str


class Resume(Command, frozen=True):
    title = say("resume")
    refusal_is_recorded = True

    rate_gtt_min: Decimal
    authorised_by: Person | None = None
    reason: str = ""
    why_allowed: str = ""
    latched: tuple[Text, ...] = ()


def pause(_state: Infusion, command: Pause, _by: Person, _now: datetime) -> Events:
    return [e.Paused("person", command.reason.strip())]


def explain_pause(_state: Infusion, command: ExplainPause, _by: Person, _now: datetime) -> Events:
    return [e.PauseExplained(allow.reason(command.reason))]


def resume(state: Infusion, command: Resume, by: Person, now: datetime) -> Events:
    """After a reaction stop only with an investigator's own signature; then through the gate."""
    allow.role(by, BEDSIDE)
    allow.phase(state, {Phase.PAUSED}, say("The infusion is not paused."))
    who = command.authorised_by
    if state.needs_investigator and (who is None or who.role is not Role.INVESTIGATOR):
        raise Refused(say("After a reaction only an investigator lets the infusion go on."))
    rate = rate_of_stage(state, state.stage, command.rate_gtt_min, command.reason)
    leave = passed(gate(state, now, command.latched), who, command.why_allowed)
    told = {**leave.told(), "printed_name": who.name if who else ""}
    return [e.Resumed(rate, who.person_id if who else None, command.reason.strip(), **told)]


def _paused(s: Infusion, entry: Entry, ev: e.Paused) -> None:
    s.pause, s.paused_at = ev, entry.at
    flows.stop_drip(s, entry.at)


def _explained(s: Infusion, _entry: Entry, ev: e.PauseExplained) -> None:
    assert s.pause is not None
    s.pause = msgspec.structs.replace(s.pause, reason=ev.reason)


def _resumed(s: Infusion, entry: Entry, ev: e.Resumed) -> None:
    s.pause = None
    flows.run(s, entry.at, ev.rate_gtt_min)


_PAUSED = {
    "person": say("Paused"),
    "reaction": say("Paused because of a reaction"),
    "bag": say("Paused for the bag"),
}


def _paused_words(ev: e.Paused, _s: Infusion, _p: People) -> Text:
    return parts(_PAUSED[ev.cause], codes.word(ev.reason))


def _resumed_words(ev: e.Resumed, _s: Infusion, people: People) -> Text:
    line = say("Resumed at {rate} drops/min", rate=number(ev.rate_gtt_min))
    allowed, *more = leave_words(ev, people)
    return parts(line, allowed, codes.word(ev.reason), *more)


RULES: Rules = {Pause: pause, ExplainPause: explain_pause, Resume: resume}
EFFECTS: Effects = {e.Paused: _paused, e.PauseExplained: _explained, e.Resumed: _resumed}
WORDS: Wordings = {e.Paused: _paused_words, e.Resumed: _resumed_words}
