"""The patient is weighed; a weight that changed much needs a second person."""

from datetime import datetime
from decimal import Decimal

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import People
from app.domain.log import Entry
from app.domain.people.roles import Person
from app.domain.products.dose import accepted_weight, is_unusual
from app.domain.texts import Text, parts, say

from .chapter import Command, Effects, Events, Rules, Wordings


class RecordWeight(Command, frozen=True):
    """`again_kg`: an unusual weight typed a second time."""

    title = say("record the weight")

    weight_kg: Decimal
    previous_kg: Decimal | None = None
    again_kg: Decimal | None = None


class ConfirmWeight(Command, frozen=True):
    title = say("confirm the weight")


def record_weight(state: Infusion, command: RecordWeight, _by: Person, _now: datetime) -> Events:
    rules, weight_kg = state.protocol.weight, command.weight_kg
    for one in (weight_kg, command.previous_kg):
        if one is not None:
            accepted_weight(one, rules)
    unusual = is_unusual(weight_kg, rules)
    if unusual and command.again_kg is None:
        low, high = rules.usual_kg
        raise Refused(
            say("{kg} kg is unusual (outside {low}–{high} kg). Look at the scale and type it a second time.",
                kg=weight_kg, low=low, high=high)
        )  # fmt: skip
    if command.again_kg is not None and command.again_kg != weight_kg:
        raise Refused(say("{again} kg is not {kg} kg. Weigh again.", again=command.again_kg, kg=weight_kg))
    return [e.WeightRecorded(weight_kg, command.previous_kg, unusual)]


def confirm_weight(state: Infusion, _command: ConfirmWeight, by: Person, _now: datetime) -> Events:
    if state.weight is None:
        raise Refused(say("Record the weight first."))
    if by.person_id == state.weight_by:
        raise Refused(say("The weight needs a second person, not the one who recorded it."))
    return [e.WeightConfirmed()]


def _weighed(s: Infusion, entry: Entry, ev: e.WeightRecorded) -> None:
    s.weight, s.weight_by, s.weight_at, s.weight_confirmed_by = ev, entry.by, entry.at, None


def _confirmed(s: Infusion, entry: Entry, _ev: e.WeightConfirmed) -> None:
    s.weight_confirmed_by = entry.by


def _weight_words(ev: e.WeightRecorded, _s: Infusion, _p: People) -> Text:
    before = say("last time {kg} kg", kg=ev.previous_kg) if ev.previous_kg is not None else None
    twice = say("unusual, typed twice") if ev.typed_twice else None
    return parts(say("Weight {kg} kg", kg=ev.weight_kg), before, twice)


RULES: Rules = {RecordWeight: record_weight, ConfirmWeight: confirm_weight}
EFFECTS: Effects = {e.WeightRecorded: _weighed, e.WeightConfirmed: _confirmed}
WORDS: Wordings = {e.WeightRecorded: _weight_words}
