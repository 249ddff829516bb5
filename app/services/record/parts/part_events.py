"""Deviations, lost watch, and everything that happened, in order of time."""

from collections.abc import Sequence

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.deviations import deviations
from app.domain.log import Entry
from app.domain.texts import say
from app.services.record.blocks import Cell, ColumnHead, NoteBlock, Run, Section, TableBlock
from app.services.record.telling import DASH, Teller


def interruptions(t: Teller) -> Section:
    """Lost watch, clock steps, and every gap of the connection to a monitor."""
    found = t.entries(e.WatchLost, e.ElapsedConfirmed, e.ClockStepped, e.LinkLost, e.LinkFound)
    title = t.tr(say("Lost watch, clock and monitor connection"))
    return Section(title, (event_table(t, found) if found else NoteBlock(t.tr(say("None."))),))


def event_table(t: Teller, found: Sequence[Entry]) -> TableBlock:
    """Entries in order of time: when, what, who."""
    tr = t.tr
    columns = (ColumnHead(tr(say("Time")), "auto"), ColumnHead(tr(say("What")), "1fr"), ColumnHead(tr(say("Who")), "32mm"))
    return TableBlock(columns, tuple(_row(t, x) for x in found))


def _row(t: Teller, entry: Entry) -> tuple[Cell, ...]:
    who = t.name(entry.by) if entry.by else t.tr(say("program"))
    if entry.co:
        who = f"{who}, {t.name(entry.co)}"
    return (t.at(entry.at), _what(t, entry), who)


def _what(t: Teller, entry: Entry) -> Cell:
    mended = t.mended(entry)
    return (Run(f"{t.line(entry)} "), *mended) if mended else t.line(entry)


def deviation_list(t: Teller) -> Section:
    tr = t.tr
    found = deviations(t.state, t.source.made_at)
    title = tr(say("Deviations from the protocol"))
    if not found:
        return Section(title, (NoteBlock(tr(say("None."))),))
    columns = (ColumnHead(tr(say("Time")), "auto"), ColumnHead(tr(say("Deviation")), "1fr"),
               ColumnHead(tr(say("Reason given")), "1fr"))  # fmt: skip
    rows = tuple((t.at(d.at), tr(d.text), tr(codes.word(d.reason)) or DASH) for d in found)
    return Section(title, (TableBlock(columns, rows),))


def events(t: Teller) -> Section:
    note = say("† marks an entry corrected later: the first value struck through, the new one, why, by whom and when."
               " {n} seals of samples are left out here; each one stands in record.json.",
               n=len(t.entries(e.SamplesSealed)))  # fmt: skip
    title = t.tr(say("All events"))
    told = [x for x in t.source.entries if not x.event.is_quiet]
    return Section(title, (NoteBlock(t.tr(note)), event_table(t, told)))
