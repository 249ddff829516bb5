"""`cells.csv`, `checks.csv`, `events.csv`, `samples.csv`, `alarms.csv`: UTF-8 with a byte-order mark, so that Excel reads Chinese.

Every time stands twice: `_utc` (ISO 8601, `Z`) and `_local` (ISO 8601 with its offset from UTC). Columns keep
their names and order; new ones are added at the end. Free text cannot start a formula.

cells.csv, one row a bag in the order in which they hung, and a last one for all of them: infusion, subject, n (empty for
all), bag, lot, label_cells, label_ml, viability_pct, then least and most of what was given: given_…_ml, given_…_cells,
given_…_cells_per_kg, given_…_viable_cells (empty without a certificate), given_…_pct (of the dose in cells).

checks.csv, one row a check that came due or was recorded: infusion, subject, period (infusion, observation, extra),
slot_min (minutes from start or end; empty: at the end or extra), due, recorded, status (on_time, late, missed, open,
unscheduled), late_s, then for each vital sign its value (unit in the name), _source (monitor, typed, none), _age_s and
_missing, then oxygen (0/1), consciousness (A C V P U), news2, discomfort (0/1), discomfort_text, late_reason,
recorded_by (id), recorded_by_name, corrected (0/1: the values are those after a correction).

events.csv, one row an event: infusion, n (from 1), event_id, at, type, by, by_name, co, co_name, words (in the language
of the export), payload (JSON as saved); of a signature also signed_by, printed_name, role, meaning_en, meaning_zh,
signed_sha256 (first 12 digits), signature (valid, void, replaced), void_since_utc, void_since_local, void_by (event_id of
the correction). Its own time is `at`.

samples.csv, one row a sample: infusion, at, vital, value (empty: no value to chart), unit.

alarms.csv, one row an alarm: infusion, subject, key, priority (high, medium, low), words, raised, acknowledged (the first
time), acknowledged_by (id), reset, reset_by (id), cleared, count (how often it came, never a minute apart), value (the worst),
limit, baseline.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from app.domain.infusion import facts as e
from app.domain.infusion.chapters.corrections import corrections_of
from app.domain.infusion.checks import Check, checks
from app.domain.infusion.given.cells_given import BagGiven, Bounds, cells_given
from app.domain.log import Entry, encode
from app.domain.people.signatures import MEANING_NAMES, Signature, signatures
from app.domain.vitals.vital_signs import VITALS
from app.domain.watch.alarm_log import AlarmLine, alarm_list
from app.services.record.source import RecordSource
from app.services.words.catalogue import LANGUAGES
from app.services.words.event_words import describe
from app.services.words.words import Words, utc_iso

_TENTH, _ONE = Decimal("0.1"), Decimal(1)
_UNITS = {"/min": "per_min", "%": "pct", "mmHg": "mmhg", "°C": "celsius"}
_STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")

Row = Sequence[Any]


def checks_csv(source: RecordSource) -> bytes:
    now = source.made_at
    due = [k for k in checks(source.state, now) if k.entry or k.due_at <= now] if source.state.known_protocol else []
    kept = {k.entry.event_id for k in due if k.entry}
    extra = [x for x in source.state.checks if x.event_id not in kept]
    rows = [*(_check_row(source, k) for k in due), *(_extra_row(source, x) for x in extra)]
    return csv_bytes(_check_columns(), rows)


def events_csv(source: RecordSource, words: Words) -> bytes:
    columns = ("infusion", "n", "event_id", *_time_columns("at"), "type", "by", "by_name", "co", "co_name", "words",
               "payload", *_SIGNATURE, *_time_columns("void_since"), "void_by")  # fmt: skip
    given = {s.entry.event_id: s for s in signatures(source.entries)}
    rows = (
        (*_event_row(source, words, n, x), *_signature_cells(source, given.get(x.event_id)))
        for n, x in enumerate(source.entries, start=1)
    )
    return csv_bytes(columns, rows)


def cells_csv(source: RecordSource) -> bytes:
    s = source.state
    if s.known_protocol is None:
        return csv_bytes(_CELLS, [])
    found = cells_given(s, s.ended_at or source.made_at)
    kg = s.weight.weight_kg if s.weight else None
    rows = [_bag_row(source, n, bag, found.planned_cells, kg) for n, bag in enumerate(found.bags, start=1)]
    whole = _given_cells(found.ml, found.cells, found.viable_cells, found.planned_cells, kg)
    return csv_bytes(_CELLS, [*rows, (*_whose(source), *[""] * 6, *whole)])


def samples_csv(source: RecordSource) -> bytes:
    columns = ("infusion", *_time_columns("at"), "vital", "value", "unit")
    infusion = source.state.infusion_id
    rows = (
        (infusion, *_times(at), code, _plain(value), VITALS[code].unit if code in VITALS else "")
        for code, at, value in source.samples
    )
    return csv_bytes(columns, rows)


def alarms_csv(source: RecordSource, words: Words) -> bytes:
    columns = ("infusion", "subject", "key", "priority", "words", *_time_columns("raised"), *_time_columns("acknowledged"),
               "acknowledged_by", *_time_columns("reset"), "reset_by", *_time_columns("cleared"), "count", "value", "limit",
               "baseline")  # fmt: skip
    return csv_bytes(columns, (_alarm_row(source, words, line) for line in alarm_list(source.entries)))


def _alarm_row(source: RecordSource, words: Words, line: AlarmLine) -> Row:
    said = words.tr(line.said)
    first = line.acknowledged[0] if line.acknowledged else None
    reset, cleared = (line.ended_at if line.ended == how else None for how in ("reset", "cleared"))
    return (
        *_whose(source), line.key, line.priority.name.lower(), said, *_times(line.raised_at), *_times(first.at if first else None),
        (first.by if first else None) or "", *_times(reset), line.reset_by or "", *_times(cleared), line.count,
        *(_plain(x) for x in (line.value, line.limit, line.before)),
    )  # fmt: skip


def safe(text: str) -> str:
    """A typed text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{text}" if text.lstrip(" \u3000").startswith(_STARTS_FORMULA) else text


def csv_bytes(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _time_columns(name: str) -> tuple[str, str]:
    return f"{name}_utc", f"{name}_local"


def _times(at: datetime | None) -> tuple[str, str]:
    return ("", "") if at is None else (utc_iso(at), at.astimezone().isoformat(timespec="seconds"))


def _plain(value: Decimal | float | None) -> str:
    return "" if value is None else f"{Decimal(str(value)):f}"


def _flag(value: bool | None) -> str:
    return "" if value is None else str(int(value))


# --- cells

_ENDS = tuple(f"given_{end}_{of}" for of in ("ml", "cells", "cells_per_kg", "viable_cells", "pct") for end in ("least", "most"))
_CELLS = ("infusion", "subject", "n", "bag", "lot", "label_cells", "label_ml", "viability_pct", *_ENDS)
_PER_KG, _PCT = Decimal(1), Decimal(100)


def _bag_row(source: RecordSource, n: int, given: BagGiven, planned: int | None, kg: Decimal | None) -> Row:
    bag = source.state.bags[given.bag_id]
    viability = _plain(bag.certificate.viability_pct) if bag.certificate else ""
    label = (n, given.bag_id, bag.bag.lot, bag.bag.cells, _plain(bag.bag.volume_ml), viability)
    return (*_whose(source), *label, *_given_cells(given.ml, given.cells, given.viable_cells, planned, kg))


def _given_cells(ml: Bounds, cells: Bounds, viable: Bounds | None, planned: int | None, kg: Decimal | None) -> Row:
    """Both ends of each, cells outwards to whole ones, the rest to what a reader can use."""
    per_kg = cells.times(_PER_KG, kg) if kg else None
    share = cells.times(_PCT, Decimal(planned)) if planned else None
    ends = ((ml, _TENTH), (cells, _ONE), (per_kg, _ONE), (viable, _ONE), (share, _TENTH))
    return [cell for found, to in ends for cell in _both(found, to)]


def _both(found: Bounds | None, to: Decimal) -> tuple[str, str]:
    if found is None:
        return "", ""
    return f"{found.least.quantize(to, ROUND_FLOOR):f}", f"{found.most.quantize(to, ROUND_CEILING):f}"


# --- checks


def _check_columns() -> list[str]:
    values = [f"{code}{tail}" for code in VITALS for tail in (f"_{_UNITS[VITALS[code].unit]}", "_source", "_age_s",
                                                               "_missing")]  # fmt: skip
    return [
        "infusion", "subject", "period", "slot_min", *_time_columns("due"), *_time_columns("recorded"), "status",
        "late_s", *values, "oxygen", "consciousness", "news2", "discomfort", "discomfort_text", "late_reason",
        "recorded_by", "recorded_by_name", "corrected",
    ]  # fmt: skip


def _check_row(source: RecordSource, check: Check) -> Row:
    slot = "" if check.slot_min is None else check.slot_min
    head = (*_whose(source), check.period, slot, *_times(check.due_at))
    if check.entry is None:
        return (*head, "", "", check.status.value, check.late_s, *[""] * (4 * len(VITALS) + 9))
    return (*head, *_times(check.entry.at), check.status.value, check.late_s, *_taken(source, check.entry))


def _extra_row(source: RecordSource, entry: Entry) -> Row:
    event = _vitals(entry)
    slot = "" if event.slot_min is None else event.slot_min
    head = (*_whose(source), event.period, slot, "", "", *_times(entry.at), "unscheduled", "")
    return (*head, *_taken(source, entry))


def _whose(source: RecordSource) -> tuple[str, str]:
    return source.state.infusion_id, source.state.order.subject


def _vitals(entry: Entry) -> e.VitalsRecorded:
    assert isinstance(entry.event, e.VitalsRecorded)
    return entry.event


def _taken(source: RecordSource, entry: Entry) -> Row:
    event = _vitals(entry)
    given = {v.vital: v for v in event.values}
    values = [cell for code in VITALS for cell in _value_cells(given.get(code))]
    news2 = "" if event.news2 is None else event.news2
    corrected = bool(corrections_of(entry.event_id, source.state))
    return (
        *values, _flag(event.oxygen), event.consciousness or "", news2, _flag(event.discomfort),
        event.discomfort_text, event.late_reason, *_person(source, entry.by), _flag(corrected),
    )  # fmt: skip


def _value_cells(entry: e.VitalEntry | None) -> Row:
    if entry is None:
        return ("", "", "", "")
    return (_plain(entry.value), entry.source, "" if entry.age_s is None else entry.age_s, entry.missing or "")


def _person(source: RecordSource, person_id: str | None) -> tuple[str, str]:
    return (person_id or "", source.names.get(person_id or "", ""))


# --- events


_SIGNATURE = ("signed_by", "printed_name", "role", "meaning_en", "meaning_zh", "signed_sha256", "signature")


def _signature_cells(source: RecordSource, s: Signature | None) -> Row:
    if s is None:
        return [""] * (len(_SIGNATURE) + 3)
    person, void = source.people.get(s.by or ""), s.void_by
    meaning = (Words(language).tr(MEANING_NAMES[s.meaning]) for language in LANGUAGES)
    return (
        s.by or "", s.printed_name, person.role.value if person else "", *meaning, s.short_sha256, s.status,
        *_times(void.at if void else None), void.event_id if void else "",
    )  # fmt: skip


def _event_row(source: RecordSource, words: Words, n: int, entry: Entry) -> Row:
    said = words.tr(describe(entry, source.state, source.names))
    return (
        source.state.infusion_id, n, entry.event_id, *_times(entry.at), type(entry.event).__name__,
        *_person(source, entry.by), *_person(source, entry.co), said, encode(entry.event).decode(),
    )  # fmt: skip
