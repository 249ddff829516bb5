"""How an alarm is told: what it is, and the one thing to do. The same from a live finding and from the log."""

from decimal import Decimal

from app.domain.infusion.task_kinds import TaskKind
from app.domain.texts import Text, say
from app.domain.vitals.vital_signs import VITALS

from .priority import Priority

PRIORITY_NAMES: dict[Priority, Text] = {
    Priority.HIGH: say("High priority"), Priority.MEDIUM: say("Medium priority"), Priority.LOW: say("Low priority"),
}  # fmt: skip

_OF: dict[str, Text] = {
    "news2": say("NEWS2 {score}"),
    "news2_single": say("NEWS2: {score} points in one parameter"),
    "drip": say("The drip is off what is set"),
    "sensor_off": say("{vital}: sensor off or no signal"),
    "stale": say("{vital}: no new value"),
    "link": say("Monitor signal lost"),
    "unsaved": say("Not yet saved: writing to the disk fails"),
    "mismatch": say("Patient or bag does not match: stop"),
    "low_disk": say("Disk nearly full: {score} MB free"),
    "clock_stepped": say("The laptop's clock was moved by {score} s"),
    "battery": say("Battery low: {score} %"),
    "mains": say("The laptop runs on its battery"),
    "sound": say("Alarms are not heard"),
    "sae_due": say("The report of a serious adverse event is due soon"),
    "sae_late": say("The report of a serious adverse event is overdue"),
}
_DO: dict[str, Text] = {
    "news2": say("Look at the patient, call the doctor"),
    "news2_single": say("Look at the patient, tell the doctor"),
    "link": say("Look at cable and monitor"),
    "sensor_off": say("Put the sensor on again"),
    "stale": say("Look at sensor and monitor"),
    "unsaved": say("Go on; write on paper too"),
    "drip": say("Measure the drip, set it again"),
    "mismatch": say("Check patient and bags again"),
    "low_disk": say("Make room on the disk"),
    "clock_stepped": say("Compare with the ward clock"),
    "battery": say("Plug in the charger now"),
    "mains": say("Plug in the charger"),
    "sound": say("Watch the screen, turn the sound on"),
    "sae_due": say("Send the report, then record it"),
    "sae_late": say("Send the report, then record it"),
}
_TASKS = {kind.value: kind for kind in TaskKind}


def what(
    key: str, priority: Priority, value: Decimal | None = None, limit: Decimal | None = None, before: Decimal | None = None
) -> Text:
    """Parameter, direction, value and limit, or what stands undone."""
    kind, _, code = key.partition(":")
    if kind in VITALS:
        return _of_vital(kind, value, limit, before)
    if kind in _OF:
        return Text(_OF[kind].msgid, {"vital": VITALS[code].name if code in VITALS else "", "score": value})
    if kind == TaskKind.VITALS:
        return say("Vital signs overdue") if priority > Priority.LOW else say("Vital signs are due")
    reminder = _TASKS[kind].row.reminder
    return reminder.text if reminder else _TASKS[kind].row.name


def _of_vital(code: str, value: Decimal | None, limit: Decimal | None, before: Decimal | None) -> Text:
    """The value before, where one is known, and now; the limit, or none where it is the change that alarms."""
    vital, mark = VITALS[code], before if limit is None else limit
    is_low = value is not None and mark is not None and value < mark
    if limit is None:
        template = _FELL if is_low else _ROSE
    elif before is None:
        template = _LOW if is_low else _HIGH
    else:
        template = _LOW_FROM if is_low else _HIGH_FROM
    given = {"vital": vital.name, "value": value, "unit": vital.unit_words, "limit": limit, "before": before}
    return Text(template.msgid, {name: x for name, x in given.items() if f"{{{name}}}" in template.msgid})


_LOW = say("{vital} low: {value} {unit} (limit {limit})")
_HIGH = say("{vital} high: {value} {unit} (limit {limit})")
_LOW_FROM = say("{vital} low: {before} → {value} {unit} (limit {limit})")
_HIGH_FROM = say("{vital} high: {before} → {value} {unit} (limit {limit})")
_FELL = say("{vital} fell since the baseline: {before} → {value} {unit}")
_ROSE = say("{vital} rose since the baseline: {before} → {value} {unit}")


def to_do(key: str) -> Text:
    """The one thing to do."""
    kind, _, _ = key.partition(":")
    if kind in VITALS:
        return say("Look at the patient, measure again")
    return _DO[kind] if kind in _DO else _TASKS[kind].row.name
