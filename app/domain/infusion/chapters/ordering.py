"""An infusion is ordered, or given up before it has started."""

from datetime import datetime

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.phases import BEFORE_START
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import People
from app.domain.people.roles import Person
from app.domain.protocol import Protocol, SiteSetting
from app.domain.texts import Text, parts, say

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings


def ordered(
    subject: str, bed: str, group: str, dose_number: int, protocol: Protocol, sha256: str, practice: bool,
    settings: tuple[SiteSetting, ...] = (),
) -> e.Ordered:  # fmt: skip
    """The first event of an infusion. Raises `Refused` for an order that cannot be.

    `sha256`: of the protocol's file; `settings`: what the site set otherwise.
    """
    if not subject.strip() or not bed.strip():
        raise Refused(say("An order needs a subject code and a bed."))
    doses = protocol.doses_in(group)
    if not protocol.groups and dose_number != 1:
        raise Refused(say("The protocol has no dose groups: every order is one dose."))
    if not 1 <= dose_number <= doses:
        raise Refused(say("Group {group} has {doses} doses.", group=group, doses=doses))
    return e.Ordered(subject.strip(), bed.strip(), group, dose_number, protocol.id, protocol.version, sha256, practice, settings)


class Abandon(Command, frozen=True):
    title = say("give up")

    reason: str


def abandon(state: Infusion, command: Abandon, _by: Person, _now: datetime) -> Events:
    allow.phase(state, BEFORE_START, say("It has started: stop it instead."))
    return [e.Abandoned(allow.reason(command.reason))]


def _ordered_words(ev: e.Ordered, _s: Infusion, _p: People) -> Text:
    line = say("Ordered: subject {subject}, bed {bed}", subject=ev.subject, bed=ev.bed)
    if ev.group:
        line = say("Ordered: subject {subject}, bed {bed}, group {group}, dose {dose}",
                   subject=ev.subject, bed=ev.bed, group=ev.group, dose=ev.dose_number)  # fmt: skip
    return parts(line, say("practice") if ev.practice else None)


RULES: Rules = {Abandon: abandon}
EFFECTS: Effects = {}
WORDS: Wordings = {e.Ordered: _ordered_words}
