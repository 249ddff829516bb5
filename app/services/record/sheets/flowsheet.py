"""The flowsheet: one column a check, from the baseline to now; beyond a limit marked, and what was done under it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.corrected import current
from app.domain.infusion.given.cells_given import cells_given
from app.domain.infusion.phases import AFTER_END, BEFORE_START, INFUSING
from app.domain.log import Entry
from app.domain.texts import Text, number, say
from app.domain.vitals.vital_signs import NIBP, VITALS
from app.services.record.answered import told_beyond
from app.services.record.blocks import Cell, ColumnHead, Document, NoteBlock, Run, Section, TableBlock
from app.services.record.parts.part_checks import STATUS, VITAL_ROWS, check_title, due_checks, score_cell, vital_cell
from app.services.record.parts.part_first import tenths
from app.services.record.telling import DASH, Teller

from .one_page import sheet_document

_ACROSS = 11
_LABEL = "31mm"
_LIVE = (*BEFORE_START, *INFUSING, *AFTER_END)


class FlowColumn(msgspec.Struct, frozen=True):
    """`entry` and `event` None: missed, or still to be taken. `event` is as it was corrected."""

    title: str
    at: datetime
    kept: str
    entry: Entry | None
    event: e.VitalsRecorded | None


def flowsheet(t: Teller) -> Document:
    title, columns = say("Flowsheet"), list(_columns(t))
    if not columns:
        none = Section("", (NoteBlock(t.tr(say("No vital signs were recorded yet."))),))
        return sheet_document(t, title, (none,), landscape=True)
    sections = [Section("", (_table(t, part),)) for part in _parts(columns)]
    return sheet_document(t, title, (*sections, Section("", tuple(_done(t, columns)))), landscape=True)


def _columns(t: Teller) -> Iterator[FlowColumn]:
    scheduled = due_checks(t)
    known = {k.entry.event_id for k in scheduled if k.entry}
    found = [_of_entry(t, x, t.tr(say("not scheduled"))) for x in t.state.checks if x.event_id not in known]
    for check in scheduled:
        kept = t.tr(STATUS[check.status])
        title = check_title(t, check.period, check.slot_min)
        found.append(_of_entry(t, check.entry, kept) if check.entry else FlowColumn(title, check.due_at, kept, None, None))
    yield from sorted(found, key=lambda column: column.at)
    yield from _now(t)


def _of_entry(t: Teller, entry: Entry, kept: str) -> FlowColumn:
    event = current(t.source.entries, entry)
    assert isinstance(event, e.VitalsRecorded)
    return FlowColumn(check_title(t, event.period, event.slot_min), entry.at, kept, entry, event)


def _now(t: Teller) -> Iterator[FlowColumn]:
    """What the monitor shows while the infusion goes on; nobody has confirmed it."""
    now, rules = t.source.made_at, t.state.protocol.vitals
    found = {}
    for code, at, value in t.source.samples:
        longest = rules.max_age_nibp_s if code in NIBP else rules.max_age_s
        if value is not None and code in VITALS and 0 <= (now - at).total_seconds() <= longest:
            found[code] = e.VitalEntry(code, Decimal(str(value)), "monitor")
    if found and t.state.phase in _LIVE:
        shown = e.VitalsRecorded("extra", None, tuple(found.values()), None, None, False)
        yield FlowColumn(t.tr(say("Newest")), now, t.tr(say("not confirmed")), None, shown)


def _parts(columns: list[FlowColumn]) -> Iterator[list[FlowColumn]]:
    """So many as stand side by side; the baseline stands first in each."""
    yield columns[:_ACROSS]
    rest = columns[_ACROSS:]
    while rest:
        yield [columns[0], *rest[: _ACROSS - 1]]
        rest = rest[_ACROSS - 1 :]


def _table(t: Teller, columns: list[FlowColumn]) -> TableBlock:
    heads = (ColumnHead(t.tr(say("Check")), _LABEL), *(ColumnHead(c.title, "1fr", True) for c in columns))
    rows = tuple((t.tr(name), *(value(t, c) for c in columns)) for name, value in _ROWS)
    return TableBlock(heads, rows, grid_mm=4.6)


def _vital(wanted: tuple[str, ...]) -> Callable[[Teller, FlowColumn], Cell]:
    return lambda t, column: vital_cell(t, column.event, wanted, column.at) if column.event else DASH


def _at(t: Teller, column: FlowColumn) -> Cell:
    return t.at(column.at) if column.event else t.tr(say("due {at}", at=t.words.time(column.at)))


def _kept(_t: Teller, column: FlowColumn) -> Cell:
    return column.kept


def _consciousness(t: Teller, column: FlowColumn) -> Cell:
    code = column.event.consciousness if column.event else None
    return t.tr(codes.word(code, codes.CONSCIOUSNESS)) if code else DASH


def _oxygen(t: Teller, column: FlowColumn) -> Cell:
    given = column.event.oxygen if column.event else None
    return DASH if given is None else t.tr(say("on oxygen") if given else say("on air"))


def _discomfort(t: Teller, column: FlowColumn) -> Cell:
    if column.event is None or column.entry is None:
        return DASH
    return (Run(column.event.discomfort_text or t.tr(say("yes")), "strong"),) if column.event.discomfort else t.tr(say("none"))


def _news2(t: Teller, column: FlowColumn) -> Cell:
    event = column.event
    return DASH if event is None or event.news2 is None else score_cell(t, event.news2, event.scale)


def _rate(t: Teller, column: FlowColumn) -> Cell:
    flow = next((f for f in t.state.flows if f.start <= column.at and (f.end is None or column.at < f.end)), None)
    return DASH if flow is None else number(flow.rate_gtt_min)


def _given(t: Teller, column: FlowColumn) -> Cell:
    start, end = t.state.started_at, t.state.ended_at
    if start is None or column.at < start:
        return DASH
    return tenths(cells_given(t.state, min(column.at, end or column.at)).ml)


def _by(t: Teller, column: FlowColumn) -> Cell:
    return t.name(column.entry.by) if column.entry else DASH


_KEY = say("▲ above, ▼ below the infusion's own limits, doubled beyond the far ones; ↑ rose, ↓ fell since the baseline.")

_ROWS: tuple[tuple[Text, Callable[[Teller, FlowColumn], Cell]], ...] = (
    (say("Time"), _at),
    (say("Lateness"), _kept),
    *((name, _vital(wanted)) for name, wanted in VITAL_ROWS),
    (say("Consciousness"), _consciousness),
    (say("Oxygen"), _oxygen),
    (say("Discomfort"), _discomfort),
    (say("NEWS2"), _news2),
    (say("Drip rate, drops/min"), _rate),
    (say("Given, ml"), _given),
    (say("Recorded by"), _by),
)


def _done(t: Teller, columns: list[FlowColumn]) -> Iterator[NoteBlock]:
    """Under the table: each check with a value beyond a limit, and what was done."""
    for column in columns:
        if column.entry is not None and (told := told_beyond(t, column.entry)):
            yield NoteBlock(f"{t.at(column.at)} {told.line}")
    yield NoteBlock(t.tr(_KEY))
