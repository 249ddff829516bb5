"""What can be asked for in many phases: vital signs, notes, corrections, hand-over, giving up."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from app.domain.errors import Refused
from app.domain.infusion import commands as c
from app.domain.infusion import facts as e
from app.domain.infusion.checks import open_check
from app.domain.infusion.phases import BEFORE_START, Phase
from app.domain.infusion.state import Infusion, patch
from app.domain.log import Entry, Event
from app.domain.people.roles import BEDSIDE, Person
from app.domain.people.signatures import touches
from app.domain.texts import say
from app.domain.vitals.entered import REQUIRED, impossible, pressures_clash
from app.domain.vitals.news2 import Consciousness, score_of
from app.domain.vitals.vital_signs import VITALS

from . import allow
from .reacting import GRADES

Events = list[e.InfusionEvent]
_MOST_GAP_S = 7 * 24 * 3600
_NONE = Decimal(0)


def record_vitals(state: Infusion, command: c.RecordVitals, by: Person, now: datetime) -> Events:
    """The check that is open now, the baseline before the start, or else an extra one."""
    allow.role(by, BEDSIDE)
    check_values(command.values)
    if command.discomfort and not command.discomfort_text.strip():
        raise Refused(say("Write what the discomfort is."))
    check_consciousness(command.consciousness)
    period, slot_min = _which(state, now)
    score = score_of({v.vital: v.value for v in command.values}, command.oxygen, command.consciousness)
    return [
        e.VitalsRecorded(
            period, slot_min, command.values, command.oxygen, command.consciousness, command.discomfort,
            command.discomfort_text.strip(), score, command.late_reason.strip(),
        )
    ]  # fmt: skip


def check_consciousness(level: str | None) -> None:
    if level and level not in tuple(Consciousness):
        raise Refused(say("Consciousness is one of {levels}.", levels=", ".join(Consciousness)))


def _which(state: Infusion, now: datetime) -> tuple[Literal["infusion", "observation", "extra"], int | None]:
    if state.phase in BEFORE_START:
        return "infusion", 0
    check = open_check(state, now)
    return (check.period, check.slot_min) if check else ("extra", None)


def check_values(values: tuple[e.VitalEntry, ...]) -> None:
    """Refuse impossible values and gaps without a reason. Raises `Refused` naming the vital sign."""
    given = {v.vital: v for v in values}
    if len(given) != len(values) or not set(given) <= set(VITALS):
        raise Refused(say("Each vital sign once."))
    numbers = {v.vital: v.value for v in values}
    wrong = impossible(numbers)
    if wrong is not None:
        raise _impossible(wrong, numbers[wrong])
    clash = pressures_clash(numbers)
    if clash is not None:
        raise Refused(_CLASHES[clash])
    for group in REQUIRED:
        entries = [given[code] for code in group if code in given]
        if not any(v.value is not None or (v.missing or "").strip() for v in entries):
            raise Refused(say("{vital}: measure it, or say why it is missing.", vital=VITALS[group[0]].name))


def _impossible(code: str, value: Decimal | None) -> Refused:
    vital = VITALS[code]
    return Refused(
        say("{vital} {value} {unit} is not possible ({low}–{high}). Measure again.",
            vital=vital.name, value=value, unit=vital.unit_words, low=vital.plausible_low, high=vital.plausible_high)
    )  # fmt: skip


_CLASHES = {
    "systolic": say("Systolic must lie above diastolic pressure."),
    "mean": say("Mean pressure must lie between diastolic and systolic."),
}


def abandon(state: Infusion, command: c.Abandon, _by: Person, _now: datetime) -> Events:
    allow.phase(state, BEFORE_START, say("It has started: stop it instead."))
    return [e.Abandoned(allow.reason(command.reason))]


def hand_over(_state: Infusion, command: c.HandOver, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    allow.role(command.to, BEDSIDE)
    if command.to.person_id == by.person_id:
        raise Refused(say("Hand over to another person."))
    return [e.HandedOver(command.to.person_id)]


def add_note(_state: Infusion, command: c.AddNote, _by: Person, _now: datetime) -> Events:
    if not command.text.strip():
        raise Refused(say("The note is empty."))
    return [e.NoteAdded(command.text.strip())]


def correct(state: Infusion, command: c.Correct, _by: Person, now: datetime) -> Events:
    """Mend one field of an earlier event; the first value stays in the record, struck through.

    What was written after both signatures was not signed for: its correction leaves the record signed.
    """
    target = next((x for x in state.entries if x.event_id == command.event_id), None)
    if target is None or command.field not in target.event.correctable:
        raise Refused(say("This entry cannot be corrected."))
    reason = allow.reason(command.reason)
    current = _current(state, target)
    patched = _patched(current, command)
    old, new = _field_json(current, command.field), _field_json(patched, command.field)
    if old == new:
        raise Refused(say("Nothing has changed."))
    _still_possible(state, patched, command, now)
    corrected: Events = [e.Corrected(command.event_id, command.field, old, new, reason)]
    return [*corrected, e.InfusionSigned()] if _still_signed(state, target) else corrected


def _still_signed(state: Infusion, target: Entry) -> bool:
    is_signed_for = any(touches(state.entries, target.event_id, given) for given in state.signatures.values())
    return state.phase is Phase.SIGNED and not is_signed_for


def _current(state: Infusion, target: Entry) -> Event:
    event = target.event
    for entry in state.entries:
        if isinstance(entry.event, e.Corrected) and entry.event.event_id == target.event_id:
            event = patch(event, entry.event.field, entry.event.new)
    return event


def _field_json(event: Event, field: str) -> str:
    return msgspec.json.encode(getattr(event, field), order="sorted").decode()


def _patched(current: Event, command: c.Correct) -> Event:
    try:
        return patch(current, command.field, command.new)
    except (msgspec.ValidationError, msgspec.DecodeError, ValueError):
        raise _does_not_fit(command) from None


def _does_not_fit(command: c.Correct) -> Refused:
    return Refused(say("“{new}” does not fit here.", new=command.new))


def _still_possible(state: Infusion, patched: Event, command: c.Correct, now: datetime) -> None:
    if isinstance(patched, e.VitalsRecorded):
        check_values(patched.values)
    value = getattr(patched, command.field)
    if command.field == "grade" and value is not None and value not in GRADES:
        raise _does_not_fit(command)
    if isinstance(value, datetime) and (value.tzinfo is None or value > now):
        raise _does_not_fit(command)
    if isinstance(value, Decimal) and not allow.within(value, _range(state, patched)):
        raise _does_not_fit(command)


def _range(state: Infusion, event: Event) -> allow.Range:
    """What a corrected number may lie between."""
    if isinstance(event, e.RateSet | e.RateMeasured):
        return allow.RATES_GTT_MIN
    if isinstance(event, e.PremedicationGiven):
        return allow.DOSES_MG
    if isinstance(event, e.RemainingRead | e.LeftoverDestroyed):
        return _NONE, state.bags[event.bag_id].volume_ml
    if isinstance(event, e.InfusionEnded | e.InfusionStopped):
        return _NONE, state.hanging.volume_ml if state.hanging else _NONE
    return allow.FLUSHES_ML


def confirm_elapsed(state: Infusion, command: c.ConfirmElapsed, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    if not state.elapsed_unknown:
        raise Refused(say("The elapsed time is known."))
    if command.gap_s < 0:
        raise Refused(say("Time does not run backwards."))
    if command.gap_s > _MOST_GAP_S:
        raise Refused(say("An infusion does not wait that long. Check the date."))
    return [e.ElapsedConfirmed(command.gap_s)]
