"""A correction in words: which field, what it said, what it says now."""

from datetime import datetime
from typing import Any

import msgspec

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import vital_line
from app.domain.log import Entry
from app.domain.texts import Text, listed, say

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


class Correction(msgspec.Struct, frozen=True):
    """One field before and after."""

    field: Shown
    old: Shown
    new: Shown


def correction(event: e.Corrected) -> Correction:
    """The corrected field in words. Of vital signs only the values that differ are shown."""
    old, new = msgspec.json.decode(event.old), msgspec.json.decode(event.new)
    name: Shown = FIELDS.get(event.field, event.field)
    if event.field == "values":
        return Correction(name, *_changed(old, new))
    return Correction(name, shown(event.field, old), shown(event.field, new))


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


def shown(field: str, value: Any) -> Shown:
    """A field's JSON value in words."""
    if value is None or value in ("", []):
        return "—"
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, list):
        return listed([codes.word(str(item)) for item in value])
    if field.endswith("_at"):
        return f"{datetime.fromisoformat(value).astimezone():%Y-%m-%d %H:%M}"
    if field in _TABLES:
        return codes.word(value, _TABLES[field])
    return codes.word(str(value))
