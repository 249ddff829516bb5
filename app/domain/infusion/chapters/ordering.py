"""An infusion is ordered, or given up before it has started."""

from datetime import datetime

from app.domain.infusion import facts as e
from app.domain.infusion.phases import BEFORE_START
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import People
from app.domain.people.roles import Person
from app.domain.texts import Text, parts, say

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings


class Abandon(Command, frozen=True):
    title = say("give up")

    reason: str


def abandon(state: Infusion, command: Abandon, _by: Person, _now: datetime) -> Events:
    allow.phase(state, BEFORE_START, say("It has started: stop it instead."))
    return [e.Abandoned(allow.reason(command.reason))]


def _ordered_words(ev: e.Ordered, _s: Infusion, _p: People) -> Text:
    line = say("Ordered: subject {subject}, bed {bed}, group {group}, dose {dose}",
               subject=ev.subject, bed=ev.bed, group=ev.group, dose=ev.dose_number)  # fmt: skip
    return parts(line, say("practice") if ev.practice else None)


RULES: Rules = {Abandon: abandon}
EFFECTS: Effects = {}
WORDS: Wordings = {e.Ordered: _ordered_words}
