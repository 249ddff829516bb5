"""A mistake is mended: one field of an earlier event, with a reason. The first value stays in the record, struck through."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.corrected import current, patch
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import People, symptom, vital_line
from app.domain.log import Entry, Event
from app.domain.people.roles import Person
from app.domain.people.signatures import touches
from app.domain.protocol import Protocol
from app.domain.texts import Text, listed, parts, say
from app.domain.typed_texts import all_typed

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings
from .reaction import GRADES
from .vital_checks import check_values

_NONE = Decimal(0)

#: Names of the fields that can be corrected.
FIELDS: dict[str, Text] = {
    "dose_mg": say("dose (mg)"),
    "given_at": say("time given"),
    "allergies": say("allergies"),
    "baseline_blood": say("baseline blood"),
    "thawed_at": say("time thawed"),
    "rate_gtt_min": say("rate (drops/min)"),
    "reason": say("reason"),
    "onset_at": say("onset"),
    "symptoms": say("symptoms"),
    "grade": say("grade"),
    "called": say("who was called"),
    "text": say("text"),
    "resolved_at": say("time it was over"),
    "values": say("values"),
    "oxygen": say("oxygen"),
    "consciousness": say("consciousness"),
    "discomfort": say("discomfort"),
    "discomfort_text": say("what the discomfort is"),
    "late_reason": say("reason for lateness"),
    "left_ml": say("ml left"),
    "volume_ml": say("volume (ml)"),
    "outcome": say("outcome"),
    "flags": say("to be watched further"),
}

_TABLES: dict[str, dict[str, Text]] = {
    "allergies": codes.ALLERGIES,
    "baseline_blood": codes.BLOOD,
    "outcome": codes.OUTCOMES,
    "consciousness": codes.CONSCIOUSNESS,
}

Shown = Text | str


class Correct(Command, frozen=True):
    title = say("correct an entry")

    event_id: str
    field: str
    new: str
    reason: str


def correct(state: Infusion, command: Correct, _by: Person, now: datetime) -> Events:
    """Mend one field of an earlier event; the first value stays in the record, struck through.

    What was written after both signatures was not signed for: its correction leaves the record signed.
    """
    target = next((x for x in state.entries if x.event_id == command.event_id), None)
    if target is None or command.field not in target.event.correctable:
        raise Refused(say("This entry cannot be corrected."))
    reason = allow.reason(command.reason)
    before = current(state.entries, target)
    patched = all_typed(_patched(before, command))
    old, new = _field_json(before, command.field), _field_json(patched, command.field)
    if old == new:
        raise Refused(say("Nothing has changed."))
    _still_possible(state, patched, command, now)
    corrected: Events = [e.Corrected(command.event_id, command.field, old, new, reason)]
    return [*corrected, e.InfusionSigned()] if _still_signed(state, target) else corrected


def _still_signed(state: Infusion, target: Entry) -> bool:
    is_signed_for = any(touches(state.entries, target.event_id, given) for given in state.signatures.values())
    return state.phase is Phase.SIGNED and not is_signed_for


def _field_json(event: Event, field: str) -> str:
    return msgspec.json.encode(getattr(event, field), order="sorted").decode()


def _patched(before: Event, command: Correct) -> Event:
    try:
        return patch(before, command.field, command.new)
    except (msgspec.ValidationError, msgspec.DecodeError, ValueError, ArithmeticError, TypeError):
        raise _does_not_fit(command) from None


def _does_not_fit(command: Correct) -> Refused:
    return Refused(say("“{new}” does not fit here.", new=command.new))


def _still_possible(state: Infusion, patched: Event, command: Correct, now: datetime) -> None:
    if isinstance(patched, e.VitalsRecorded):
        check_values(patched.values)
    value = getattr(patched, command.field)
    if value == "no_reaction" and state.reactions:
        raise _does_not_fit(command)
    if command.field == "grade" and value is not None and value not in GRADES:
        raise _does_not_fit(command)
    if isinstance(value, datetime) and (value.tzinfo is None or value > now):
        raise _does_not_fit(command)
    if isinstance(value, Decimal) and not allow.within(value, _range(state, patched)):
        raise _does_not_fit(command)


def _range(state: Infusion, event: Event) -> e.Range:
    """What a corrected number may lie between."""
    if isinstance(event, e.Fact) and event.corrected_within is not None:
        return event.corrected_within
    bag = state.bags.get(getattr(event, "bag_id", ""), state.hanging)
    return _NONE, bag.volume_ml if bag else _NONE


def _corrected(s: Infusion, _entry: Entry, ev: e.Corrected) -> None:
    """A signature for what is now corrected stands no longer, and the record is not signed before it is given again."""
    standing = {name: x for name, x in s.signatures.items() if not touches(s.entries, ev.event_id, x)}
    if len(standing) < len(s.signatures):
        s.reached.pop(Phase.SIGNED, None)
    s.signatures = standing


class Correction(msgspec.Struct, frozen=True):
    """One field before and after."""

    field: Shown
    old: Shown
    new: Shown


def correction(event: e.Corrected, protocol: Protocol | None = None) -> Correction:
    """The corrected field in words, symptoms in those of the protocol. Of vital signs only the values that differ are shown."""
    old, new = msgspec.json.decode(event.old), msgspec.json.decode(event.new)
    name: Shown = FIELDS.get(event.field, event.field)
    if event.field == "values":
        return Correction(name, *_changed(old, new))
    return Correction(name, shown(event.field, old, protocol), shown(event.field, new, protocol))


def corrections_of(event_id: str, state: Infusion) -> list[Entry]:
    """All corrections of one event, in order."""
    found = (x for x in state.entries if isinstance(x.event, e.Corrected))
    return [x for x in found if isinstance(x.event, e.Corrected) and x.event.event_id == event_id]


def _changed(old: Any, new: Any) -> tuple[Text, Text]:
    before = {v.vital: v for v in msgspec.convert(old, list[e.VitalEntry])}
    after = {v.vital: v for v in msgspec.convert(new, list[e.VitalEntry])}
    differ = [code for code in {**before, **after} if before.get(code) != after.get(code)]
    return _values(before, differ), _values(after, differ)


def _values(found: dict[str, e.VitalEntry], wanted: list[str]) -> Text:
    return listed([vital_line(found[code]) for code in wanted if code in found] or ["—"])


def shown(field: str, value: Any, protocol: Protocol | None = None) -> Shown:
    """A field's JSON value in words."""
    if value is None or value in ("", []):
        return "—"
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, list):
        words = symptom if field == "symptoms" else _any_word
        return listed([words(str(item), protocol) for item in value])
    if field.endswith("_at"):
        return f"{datetime.fromisoformat(value).astimezone():%Y-%m-%d %H:%M}"
    if field in _TABLES:
        return codes.word(value, _TABLES[field])
    return codes.word(str(value))


def _any_word(code: str, _protocol: Protocol | None) -> Text | str:
    return codes.word(code)


def _corrected_words(ev: e.Corrected, state: Infusion, _p: People) -> Text:
    found = correction(ev, state.known_protocol)
    target = next((x for x in state.entries if x.event_id == ev.event_id), None)
    at = target.at if target else None
    line = say("Correction of {at}: {field} “{old}” is now “{new}”",
               at=at or "—", field=found.field, old=found.old, new=found.new)  # fmt: skip
    return parts(line, codes.word(ev.reason))


RULES: Rules = {Correct: correct}
EFFECTS: Effects = {e.Corrected: _corrected}
WORDS: Wordings = {e.Corrected: _corrected_words}
