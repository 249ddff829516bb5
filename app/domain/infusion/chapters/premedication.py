"""The pre-medication is given, and its time waited for or cut short by an investigator."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import People
from app.domain.log import Entry
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.texts import Text, number, parts, say

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings


class GivePremedication(Command, frozen=True):
    title = say("give the pre-medication")

    dose_mg: Decimal
    given_at: datetime
    allergies: str
    dmso_allergy: bool
    baseline_blood: Literal["drawn", "not_due", "not_drawn"]


class OverrideLeadTime(Command, frozen=True):
    title = say("start before the pre-medication's time is over")

    reason: str


def give_premedication(state: Infusion, command: GivePremedication, by: Person, now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    allow.phase(state, {Phase.VERIFIED}, say("Two people verify patient, order and bags first."))
    allow.no_mismatch(state)
    if command.dmso_allergy:
        raise Refused(say("An allergy to DMSO is stated: do not go on. Call the investigator."))
    if not command.allergies.strip():
        raise Refused(say("Ask about allergies and write the answer, or “none”."))
    if not allow.within(command.dose_mg, e.DOSES_MG):
        raise Refused(say("{dose} mg is not a possible dose.", dose=command.dose_mg))
    given_at = _not_before(state, state.reached[Phase.VERIFIED], allow.not_future(state, command.given_at, now))
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


def _not_before(state: Infusion, verified_at: datetime, given_at: datetime) -> datetime:
    """A time typed to the minute may seem to lie before the check that came first; a real one is kept."""
    return verified_at if verified_at - allow.clock_slack(state) <= given_at <= verified_at else given_at


def override_lead_time(state: Infusion, command: OverrideLeadTime, by: Person, _now: datetime) -> Events:
    allow.role(by, {Role.INVESTIGATOR})
    if state.premedication is None:
        raise Refused(say("Pre-medication has not been given."))
    return [e.LeadTimeOverridden(allow.reason(command.reason))]


def _given(s: Infusion, _entry: Entry, ev: e.PremedicationGiven) -> None:
    s.premedication = ev


def _overridden(s: Infusion, entry: Entry, _ev: e.LeadTimeOverridden) -> None:
    s.lead_time_overridden_by = entry.by


def _given_words(ev: e.PremedicationGiven, _s: Infusion, _p: People) -> Text:
    return parts(
        say("{drug} {dose} mg given at {at}", drug=codes.word(ev.drug, codes.DRUGS), dose=number(ev.dose_mg),
            at=ev.given_at),
        say("allergies: {allergies}", allergies=codes.word(ev.allergies, codes.ALLERGIES)),
        say("allergy to DMSO") if ev.dmso_allergy else say("no allergy to DMSO"),
        say("baseline blood {state}", state=codes.word(ev.baseline_blood, codes.BLOOD)),
    )  # fmt: skip


RULES: Rules = {GivePremedication: give_premedication, OverrideLeadTime: override_lead_time}
EFFECTS: Effects = {e.PremedicationGiven: _given, e.LeadTimeOverridden: _overridden}
WORDS: Wordings = {e.PremedicationGiven: _given_words}
