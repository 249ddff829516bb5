"""Every vital-sign check that came due, as it was kept, with each value's source and age."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.checks import Check, Status, checks, count
from app.domain.log import Entry
from app.domain.texts import Text, listed, say
from app.domain.vitals.news2 import Scale
from app.domain.vitals.vital_signs import NIBP, VITALS
from app.domain.vitals.worrying import JudgedBy
from app.domain.watch.bed_seen import judged_by
from app.services.record.answered import marked, told_beyond, worry_of
from app.services.record.blocks import Cell, ColumnHead, NoteBlock, Run, Section, TableBlock
from app.services.record.telling import DASH, Teller

STATUS: dict[Status, Text] = {
    Status.UPCOMING: say("to come"),
    Status.OPEN: say("due now"),
    Status.ON_TIME: say("on time"),
    Status.LATE: say("late"),
    Status.MISSED: say("missed"),
}

#: The rows of a table whose columns are checks, with what stands in each.
VITAL_ROWS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (say("HR /min"), ("hr",)),
    (say("SpO₂ %"), ("spo2",)),
    (say("BP mmHg"), NIBP),
    (say("RR /min"), ("rr",)),
    (say("Temp °C"), ("temp",)),
)


def due_checks(t: Teller) -> list[Check]:
    """Those that came due or were recorded; what is still to come is no part of a record."""
    now = t.source.made_at
    return [k for k in checks(t.state, now) if k.entry is not None or k.due_at <= now]


def vital_signs(t: Teller) -> Section:
    tr, found = t.tr, due_checks(t)
    title = tr(say("Vital signs"))
    others = [x for x in t.state.checks if x.event_id not in {k.entry.event_id for k in found if k.entry}]
    if not found and not others:
        return Section(title, (NoteBlock(tr(say("None."))),))
    rows = [row for check in found for row in _rows(t, check)]
    rows += [row for entry in others for row in _other_rows(t, entry)]
    return Section(title, (NoteBlock(_counts(t, found)), TableBlock(_columns(t), tuple(rows)), NoteBlock(_key(t))))


def _counts(t: Teller, found: list[Check]) -> str:
    n = count(found, t.source.made_at)
    return t.tr(say("{due} checks came due: {on_time} on time, {late} late, {missed} missed.",
                    due=n.due, on_time=n.on_time, late=n.late, missed=n.missed))  # fmt: skip


def _key(t: Teller) -> str:
    rules = t.state.protocol.vitals
    return t.tr(
        say("▲ above, ▼ below the infusion's own limits, doubled beyond the far ones; ↑ rose, ↓ fell since the baseline"
            " as its protocol says of a reaction. Under each check: how the patient was, where each value came from and how old"
            " it was when the check was recorded, and what was done. A check is on time from {early} min before to"
            " {late} min after its time, late up to {missed} min after, then missed."
            " NEWS2: Royal College of Physicians 2017, SpO₂ scale 1 unless scale 2 is named.",
            early=rules.early_min, late=rules.late_from_min, missed=rules.missed_from_min)
    )  # fmt: skip


def _columns(t: Teller) -> tuple[ColumnHead, ...]:
    tr = t.tr
    units = {code: t.unit(VITALS[code].unit) for code in ("hr", "spo2", "nibp_sys", "rr", "temp")}
    return (
        ColumnHead(tr(say("Which check")), "1fr"),
        ColumnHead(tr(say("Due")), "auto"),
        ColumnHead(tr(say("Recorded")), "auto"),
        ColumnHead(tr(say("Lateness")), "18mm"),
        ColumnHead(f"{tr(say('HR'))}\n{units['hr']}", "17mm", True),
        ColumnHead(f"{tr(say('SpO₂'))}\n{units['spo2']}", "13mm", True),
        ColumnHead(f"{tr(say('BP'))}\n{units['nibp_sys']}", "28mm", True),
        ColumnHead(f"{tr(say('RR'))}\n{units['rr']}", "12mm", True),
        ColumnHead(f"{tr(say('Temp'))}\n{units['temp']}", "15mm", True),
        ColumnHead("NEWS2", "14mm", True),
    )


def _rows(t: Teller, check: Check) -> Iterator[tuple[Cell, ...]]:
    name = check_title(t, check.period, check.slot_min)
    if check.entry is None:
        status = Run(t.tr(STATUS[check.status]), "strong")
        yield (name, t.at(check.due_at), DASH, (status,), *[DASH] * 6)
        return
    yield (name, t.at(check.due_at), *_taken(t, check.entry, _kept(t, check)))
    yield _comment(t, check.entry)


def check_title(t: Teller, period: str, slot_min: int | None) -> str:
    """What a check is called at the head of its row or column."""
    if period == "extra":
        return t.tr(say("Extra"))
    if period == "observation":
        return t.tr(say("End + {minute} min", minute=slot_min))
    return t.tr(say("Start + {minute} min", minute=slot_min) if slot_min is not None else say("End of infusion"))


def _kept(t: Teller, check: Check) -> Cell:
    status = t.tr(STATUS[check.status])
    if check.status is Status.ON_TIME:
        return status
    return (Run(status, "strong"), Run(f" {t.words.left(timedelta(seconds=check.late_s))}"))


def _other_rows(t: Teller, entry: Entry) -> Iterator[tuple[Cell, ...]]:
    """An extra check, or a baseline for a start that was put off."""
    event = entry.event
    assert isinstance(event, e.VitalsRecorded)
    yield (check_title(t, event.period, event.slot_min), DASH, *_taken(t, entry, t.tr(say("not scheduled"))))
    yield _comment(t, entry)


def _taken(t: Teller, entry: Entry, kept: Cell) -> tuple[Cell, ...]:
    event = entry.event
    assert isinstance(event, e.VitalsRecorded)
    given = {v.vital: v for v in event.values}
    score = DASH if event.news2 is None else score_cell(t, event.news2, event.scale)
    groups = (("hr", "pr"), ("spo2",), ("nibp_sys", "nibp_dia", "nibp_map"), ("rr",), ("temp",))
    by = judged_by(t.state, entry.at)
    return (t.at(entry.at), kept, *(_cell(t, [given[c] for c in g if c in given], by) for g in groups), score)


def _cell(t: Teller, entries: list[e.VitalEntry], by: JudgedBy) -> Cell:
    """One column's values: a pressure is one value of three; a pulse rate stands under the heart rate."""
    if not entries:
        return DASH
    if entries[0].vital.startswith("nibp"):
        return pressure(entries, by)
    return "\n".join(_named(t, entry, by) for entry in entries)


def _named(t: Teller, entry: e.VitalEntry, by: JudgedBy) -> str:
    name = t.tr(VITALS[entry.vital].short) + " " if entry.vital == "pr" else ""
    return name + marked(entry, by)


def pressure(entries: list[e.VitalEntry], by: JudgedBy) -> str:
    """Systolic, diastolic and mean pressure as one value, each with its own mark."""
    shown = {v.vital: marked(v, by) for v in entries}
    mean = f" ({shown['nibp_map']})" if "nibp_map" in shown else ""
    return f"{shown.get('nibp_sys', DASH)}/{shown.get('nibp_dia', DASH)}{mean}"


def score_cell(t: Teller, total: int, scale: Scale) -> str:
    """NEWS2; by scale 2 it says so."""
    return str(total) if scale == 1 else t.tr(say("{total} (scale {n})", total=total, n=scale))


def vital_cell(t: Teller, event: e.VitalsRecorded, wanted: tuple[str, ...], at: datetime) -> Cell:
    """One row's value of one check, taken at that time; strong where it carries a mark."""
    found = [v for v in event.values if v.vital in wanted]
    if not found:
        return DASH
    by = judged_by(t.state, at)
    shown = pressure(found, by) if wanted == NIBP else marked(found[0], by)
    return (Run(shown, "strong"),) if any(worry_of(v, by) for v in found) else shown


def _origins(t: Teller, event: e.VitalsRecorded) -> Iterator[str]:
    """“HR, SpO₂, RR: monitor 4 s”: where the values came from, and how old they were when the check was recorded."""
    named: dict[str, dict[str, None]] = {}
    for value in [v for v in event.values if v.value is not None]:
        source = t.tr(codes.ENTRIES[value.source])
        origin = source if value.age_s is None else f"{source} {t.words.age(value.age_s)}"
        name = t.tr(say("BP")) if value.vital.startswith("nibp") else t.tr(VITALS[value.vital].short)
        named.setdefault(origin, {})[name] = None
    for origin, names in named.items():
        yield f"{t.tr(listed(names))}: {origin}"


def _comment(t: Teller, entry: Entry) -> tuple[Cell, ...]:
    """The row under a check: how the patient was, what is missing and why, who recorded it."""
    event = entry.event
    assert isinstance(event, e.VitalsRecorded)
    said = " · ".join([*_condition(t, event), t.tr(say("recorded by {who}", who=t.name(entry.by)))])
    late = t.tr(say("reason for lateness: {reason}", reason=codes.word(event.late_reason))) if event.late_reason else ""
    missing = [_missing(t, v) for v in event.values if v.value is None]
    text = " · ".join([said, *_origins(t, event), *missing, *([late] if late else [])])
    runs = (Run(text), *((Run(" "), *mended) if (mended := t.mended(entry)) else ()))
    outside = told_beyond(t, entry)
    return ((*runs, *([Run(f"\n{outside.beyond}", "strong"), Run(f" · {outside.done}")] if outside else [])),)


def _condition(t: Teller, event: e.VitalsRecorded) -> Iterator[str]:
    if event.discomfort:
        yield t.tr(say("discomfort: {text}", text=event.discomfort_text))
    else:
        yield t.tr(say("no discomfort"))
    if event.oxygen is not None:
        yield t.tr(say("on oxygen") if event.oxygen else say("on air"))
    if event.consciousness:
        yield t.tr(codes.word(event.consciousness, codes.CONSCIOUSNESS))


def _missing(t: Teller, entry: e.VitalEntry) -> str:
    why = codes.word(entry.missing or "", codes.MISSING) or DASH
    return t.tr(say("{vital} missing: {why}", vital=VITALS[entry.vital].name, why=why))
