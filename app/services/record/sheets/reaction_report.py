"""The report of the newest reaction on one page: what happened, what was done, how it ended, signed by two people."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.chapters.reaction import called_words, drug_words
from app.domain.infusion.corrected import current
from app.domain.infusion.wording import symptoms
from app.domain.log import Entry
from app.domain.people.signatures import Signature, signatures
from app.domain.texts import Text, joined, listed, say
from app.domain.vitals.vital_signs import VITALS
from app.services.record.blocks import Block, Cell, ColumnHead, Document, FactsBlock, NoteBlock, Run, Section, TableBlock
from app.services.record.parts.part_checks import VITAL_ROWS, score_cell, vital_cell
from app.services.record.parts.part_reactions import at_the_onset
from app.services.record.telling import DASH, Teller

from .one_page import BLANK, sheet_document

Rows = Iterator[tuple[str, Cell]]
#: How far back the monitor's values are told, and how close together. What the report shows, no rule.
_BEFORE, _STEP = timedelta(minutes=15), timedelta(minutes=3)
_MONITORED = ("hr", "pr", "spo2", "rr", "nibp_sys", "nibp_dia", "temp")
_LABEL, _CHECKS = 44, 3


def reaction_report(t: Teller) -> Document:
    known = _known(t)
    sections = (
        Section(
            t.tr(say("What happened")), (FactsBlock((*_happened(t, known), *at_the_onset(t, known.onset_at)), label_mm=_LABEL),)
        ),
        Section(t.tr(say("The 15 min before, and the checks since")), (*_before(t, known.onset_at), *_since(t, known.onset_at))),
        Section(t.tr(say("What was done")), (_steps(t, known), FactsBlock(tuple(_done(t, known)), label_mm=_LABEL))),
        Section(t.tr(say("Signatures")), (_signed(t),)),
    )
    return sheet_document(t, say("Reaction report"), sections)


def _known(t: Teller) -> e.ReactionUpdated:
    """All that is known of the newest one by now, as it was corrected."""
    assert t.state.reaction is not None
    return t.state.reaction


def _over(t: Teller) -> tuple[Entry, e.ReactionResolved] | None:
    if t.state.reaction_open:
        return None
    found = t.entries(e.ReactionResolved)
    event = current(t.source.entries, found[-1]) if found else None
    return (found[-1], event) if isinstance(event, e.ReactionResolved) else None


def _happened(t: Teller, known: e.ReactionUpdated) -> Rows:
    tr = t.tr
    first = t.state.reactions[-1].event
    assert isinstance(first, e.ReactionNoted)
    yield tr(say("Symptoms")), (Run(tr(symptoms(known.symptoms, t.state.known_protocol)), "strong"),)
    yield tr(say("The infusion")), tr(codes.ACTIONS[first.action])
    yield tr(say("Grade")), tr(_grade(known.grade))


def _grade(grade: int | None) -> Text:
    return say("not yet given") if grade is None else say("{grade} · {words}", grade=grade, words=codes.GRADES[grade])


def _before(t: Teller, onset_at: datetime) -> Iterator[Block]:
    """What the monitor gave, the newest of every few minutes before the onset."""
    moments = [onset_at - _BEFORE + n * _STEP for n in range(1, _BEFORE // _STEP + 1)]
    rows: list[tuple[Cell, ...]] = []
    for code in _MONITORED:
        values = [_newest(t, code, at - _STEP, at) for at in moments]
        if any(value is not None for value in values):
            vital = VITALS[code]
            shown = (DASH if value is None else f"{round(value, vital.decimals):f}" for value in values)
            rows.append((t.tr(joined(" ", [vital.short, vital.unit_words])), *shown))
    if not rows:
        yield NoteBlock(t.tr(say("No monitor gave values in the 15 min before.")))
        return
    heads = (ColumnHead(t.tr(say("Monitor, until")), "34mm"), *(ColumnHead(t.at(at), "1fr", True) for at in moments))
    yield TableBlock(heads, tuple(rows), grid_mm=4.2)


def _newest(t: Teller, code: str, after: datetime, until: datetime) -> Decimal | None:
    found = [value for vital, at, value in t.source.samples if vital == code and value is not None and after < at <= until]
    return Decimal(str(found[-1])) if found else None


def _since(t: Teller, onset_at: datetime) -> Iterator[Block]:
    """The last check before the onset, and those after it."""
    entries = t.state.checks
    later = [x for x in entries if x.at > onset_at][:_CHECKS]
    shown = [*[x for x in entries if x.at <= onset_at][-1:], *later]
    events = [(x, current(t.source.entries, x)) for x in shown]
    checks = [(x, ev) for x, ev in events if isinstance(ev, e.VitalsRecorded)]
    if not later:
        yield NoteBlock(t.tr(say("No vital signs were recorded since the onset.")))
    if checks:
        heads = (ColumnHead(t.tr(say("Vital signs")), "34mm"), *(ColumnHead(t.at(x.at), "1fr", True) for x, _ in checks))
        rows = [(t.tr(name), *(vital_cell(t, ev, wanted, x.at) for x, ev in checks)) for name, wanted in VITAL_ROWS]
        scores = [DASH if ev.news2 is None else score_cell(t, ev.news2, ev.scale) for _, ev in checks]
        yield TableBlock(heads, (*rows, ("NEWS2", *scores)), grid_mm=4.2)


def _steps(t: Teller, known: e.ReactionUpdated) -> Block:
    done = {step.code: step.done_at for step in known.steps}
    heads = (ColumnHead(t.tr(say("Immediate steps")), "1fr"), ColumnHead(t.tr(say("Done")), "30mm", True))
    rows = tuple((t.words.pick(step), t.at(done[step.code]) if step.code in done else DASH)
                 for step in t.state.protocol.reaction.steps)  # fmt: skip
    return TableBlock(heads, rows)


def _done(t: Teller, known: e.ReactionUpdated) -> Rows:
    tr, over = t.tr, _over(t)
    yield tr(say("Drugs given")), tr(listed(map(drug_words, known.drugs))) if known.drugs else DASH
    called = called_words(known)
    yield tr(say("Called")), tr(called) if called else DASH
    yield tr(say("Bag and set")), _kept(t)
    resumed = [x for x in t.entries(e.Resumed) if x.at > known.onset_at]
    yield tr(say("Went on")), "\n".join(t.line(x) for x in resumed) or DASH
    yield tr(say("More to say")), known.text or DASH
    if over is None:
        yield tr(say("Outcome")), tr(say("still open"))
    else:
        yield tr(say("Outcome")), t.line(over[0])


def _kept(t: Teller) -> str:
    lines = [t.line(x) + f", {t.at(x.at)}" for x in t.entries(e.BagKept, e.BagFreed)]
    return "\n".join(lines) or DASH


def _signed(t: Teller) -> Block:
    """The two under this report as it stands; a line to write on where one is missing."""
    tr = t.tr
    heads = (ColumnHead(tr(say("Meaning")), "34mm"), ColumnHead(tr(say("Printed name")), "1fr"),
             ColumnHead(tr(say("Time")), "40mm"), ColumnHead(tr(say("Signed contents")), "34mm"))  # fmt: skip
    given = {s.entry.event_id: s for s in signatures(list(t.source.entries))}
    rows = tuple(_row(t, meaning, given) for meaning in ("performed", "reviewed"))
    return TableBlock(heads, rows, grid_mm=7)


def _row(t: Teller, meaning: str, given: dict[str, Signature]) -> tuple[Cell, ...]:
    entry = t.state.report_signed.get(meaning)
    word = t.tr(codes.MEANINGS[meaning])
    if entry is None:
        return (word, BLANK, BLANK, BLANK)
    found = given[entry.event_id]
    shown = (Run(found.short_sha256, "old" if found.status == "void" else "mono"),)
    return (word, found.printed_name, t.stamp(entry.at), shown)
