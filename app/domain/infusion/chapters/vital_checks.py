"""Vital signs are recorded: the check that is due, or one more."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Literal

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.checks import check_name, is_late, open_check
from app.domain.infusion.phases import BEFORE_START
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import People, vital_line, vital_value
from app.domain.log import Entry
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import Text, listed, parts, say
from app.domain.vitals.entered import REQUIRED, impossible, pressures_clash
from app.domain.vitals.news2 import Consciousness, score_of
from app.domain.vitals.vital_signs import VITALS

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings


class RecordVitals(Command, frozen=True):
    title = say("record vital signs")
    in_emergency = True

    values: tuple[e.VitalEntry, ...]
    oxygen: bool | None
    consciousness: str | None
    discomfort: bool
    discomfort_text: str = ""
    late_reason: str = ""


def record_vitals(state: Infusion, command: RecordVitals, by: Person, now: datetime) -> Events:
    """The check that is open now, the baseline before the start, or else an extra one."""
    allow.role(by, BEDSIDE)
    check_values(command.values)
    if command.discomfort and not command.discomfort_text.strip():
        raise Refused(say("Write what the discomfort is."))
    check_consciousness(command.consciousness)
    period, slot_min = _which(state, now, command)
    score = score_of({v.vital: v.value for v in command.values}, command.oxygen, command.consciousness, state.scale)
    return [
        e.VitalsRecorded(
            period, slot_min, command.values, command.oxygen, command.consciousness, command.discomfort,
            command.discomfort_text.strip(), score, command.late_reason.strip(), state.scale,
        )
    ]  # fmt: skip


def check_consciousness(level: str | None) -> None:
    if level and level not in tuple(Consciousness):
        raise Refused(say("Consciousness is one of {levels}.", levels=", ".join(Consciousness)))


def _which(state: Infusion, now: datetime, command: RecordVitals) -> tuple[Literal["infusion", "observation", "extra"], int | None]:
    if state.phase in BEFORE_START:
        return "infusion", 0
    check = open_check(state, now)
    if check is None:
        return "extra", None
    if is_late(state.protocol.vitals, check.due_at, now) and not command.late_reason.strip():
        raise Refused(say("This check is late: say why."))
    return check.period, check.slot_min


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


def _recorded(s: Infusion, entry: Entry, _ev: e.VitalsRecorded) -> None:
    s.checks.append(entry)


def _check_words(ev: e.VitalsRecorded, _s: Infusion, _p: People) -> Text:
    line = say("{check}: {values}", check=check_name(ev.period, ev.slot_min), values=listed(_values(ev)))
    discomfort = say("discomfort: {text}", text=ev.discomfort_text) if ev.discomfort else say("no discomfort")
    score = say("NEWS2 {score}", score=ev.news2) if ev.news2 is not None else None
    scale = say("SpO₂ scale {n}", n=ev.scale) if ev.news2 is not None and ev.scale != 1 else None
    return parts(line, score, scale, discomfort, codes.word(ev.late_reason))


def _values(ev: e.VitalsRecorded) -> Iterable[Text | str]:
    given = {v.vital: v for v in ev.values}
    for code in ("hr", "pr", "spo2"):
        if code in given:
            yield vital_line(given[code])
    pressures = [vital_value(given[c]) for c in ("nibp_sys", "nibp_dia") if c in given]
    if pressures:
        yield "/".join(pressures)
    for code in ("rr", "temp"):
        if code in given:
            yield vital_line(given[code])


RULES: Rules = {RecordVitals: record_vitals}
EFFECTS: Effects = {e.VitalsRecorded: _recorded}
WORDS: Wordings = {e.VitalsRecorded: _check_words}
