"""The watch for acute reactions ends with a question: how was the patient? Who owes the answer, and what counts as one."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from app.domain.errors import Refused
from app.domain.infusion.chapters import allow
from app.domain.infusion.facts import Ordered
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.log import Entry
from app.domain.people.roles import BEDSIDE, Person
from app.domain.protocol import Protocol
from app.domain.texts import say

from .safety_facts import AcuteChecked, AcuteOutcome, Contact


class AcuteWatch(msgspec.Struct, frozen=True):
    """A signed infusion whose result is to come: all that is kept of it once the infusion itself is at hand no more."""

    infusion_id: str
    subject: str
    bed: str
    dose_number: int
    due_at: datetime
    hours: int


class AnswerAcute(msgspec.Struct, frozen=True):
    """How the patient was; `reason`: why it is answered once more."""

    seen_at: datetime
    contact: Contact
    outcome: AcuteOutcome
    text: str = ""
    reason: str = ""


def acute_watch(state: Infusion) -> AcuteWatch | None:
    """What an infusion owes; nothing before it is signed, and nothing by a protocol that is not at hand."""
    return acute_watch_of(state.infusion_id, state.order, state.phase, state.ended_at, state.known_protocol)


def acute_watch_of(
    infusion_id: str, order: Ordered, phase: Phase, ended_at: datetime | None, protocol: Protocol | None
) -> AcuteWatch | None:
    """The same of no more than its order, its phase and its end."""
    if phase is not Phase.SIGNED or ended_at is None or protocol is None:
        return None
    hours = protocol.clocks.acute_reactions_h
    return AcuteWatch(infusion_id, order.subject, order.bed, order.dose_number, ended_at + timedelta(hours=hours), hours)


def acute_results(entries: Iterable[Entry], infusion_id: str) -> list[Entry]:
    """Every answer of one infusion, in order; the last counts."""
    return [x for x in entries if isinstance(x.event, AcuteChecked) and x.event.infusion_id == infusion_id]


def answer_acute(watch: AcuteWatch, answered: bool, command: AnswerAcute, by: Person, now: datetime) -> AcuteChecked:
    """`answered`: whether there is an answer already. Raises `Refused`."""
    allow.role(by, BEDSIDE)
    if command.seen_at > now:
        raise Refused(say("{at} lies in the future.", at=command.seen_at))
    if command.seen_at < watch.due_at:
        hours, at = watch.hours, watch.due_at
        raise Refused(say("The {hours} h end at {at}: the result is what is seen then or later.", hours=hours, at=at))
    text = command.text.strip()
    if command.outcome != "no_reaction" and not text:
        raise Refused(say("Say what happened, or what was tried."))
    reason = allow.reason(command.reason) if answered else ""
    return AcuteChecked(infusion_id=watch.infusion_id, seen_at=command.seen_at, contact=command.contact,
                        outcome=command.outcome, text=text, reason=reason)  # fmt: skip
