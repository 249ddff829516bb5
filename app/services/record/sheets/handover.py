"""The hand-over sheet: situation, background, assessment, and what is to be done next (SBAR), on one page."""

from collections.abc import Iterator

from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.checks import infusion_checks, observation_checks
from app.domain.infusion.corrected import current
from app.domain.infusion.deviations import deviations
from app.domain.infusion.drip_volume import limit_at
from app.domain.infusion.given.cells_given import cells_given
from app.domain.infusion.phases import PHASE_NAMES
from app.domain.infusion.tasks import due, observation_due_at
from app.domain.log import Entry
from app.domain.texts import Text, cells, joined, listed, number, say
from app.services.record.answered import told_beyond
from app.services.record.blocks import Block, Cell, ColumnHead, Document, FactsBlock, NoteBlock, Run, Section, TableBlock
from app.services.record.parts.part_checks import VITAL_ROWS, score_cell, vital_cell
from app.services.record.parts.part_first import kept_words, reaction_lines, span, tenths
from app.services.record.telling import DASH, Teller, ml, plain
from app.services.words.rules_told import limits_words

from .one_page import BLANK, sheet_document

Rows = Iterator[tuple[str, Cell]]
_NEWEST, _LABEL = 5, 40


def handover(t: Teller) -> Document:
    parts: tuple[tuple[Text, tuple[Block, ...]], ...] = (
        (say("S · Situation"), (_facts(_situation(t)),)),
        (say("B · Background"), (_facts(_background(t)),)),
        (say("A · Assessment"), (_vitals(t), _facts(_assessment(t)))),
        (say("R · What is to be done"), (*_tasks(t), _facts(_until(t)))),
        (say("Handed over"), (_signing(t),)),
    )
    return sheet_document(t, say("Hand-over sheet (SBAR)"), tuple(Section(t.tr(title), blocks) for title, blocks in parts))


def _facts(rows: Rows) -> FactsBlock:
    return FactsBlock(tuple(rows), label_mm=_LABEL)


def _situation(t: Teller) -> Rows:
    s, tr = t.state, t.tr
    yield tr(say("Subject and bed")), (Run(f"{s.order.subject} · {s.order.bed}", "strong"),)
    yield tr(say("Stage")), (Run(tr(PHASE_NAMES[s.phase]), "strong"),)
    if s.mismatch is not None:
        yield tr(say("Full stop")), (Run(tr(say("patient or bag did not match")), "strong"),)
    if s.started_at is not None:
        yield tr(say("Started")), t.at(s.started_at)
        yield tr(say("Drip rate")), tr(_rate(t))
        yield tr(say("Given")), tr(_given(t))
    if s.ended_at is not None:
        yield tr(say("Ended")), t.at(s.ended_at)
    yield tr(say("Reactions")), "\n".join(reaction_lines(t)) or tr(say("none"))


def _rate(t: Teller) -> Text:
    s = t.state
    if s.pause is not None:
        return say("paused: {cause}", cause=codes.word(s.pause.reason or s.pause.cause))
    flow = s.flows[-1] if s.flows else None
    if flow is None or flow.end is not None or s.ended_at is not None:
        return say("it is not dripping")
    how = say("measured") if flow.basis == "measured" else say("as set")
    return say("{rate} drops/min ({how})", rate=number(flow.rate_gtt_min), how=how)


def _given(t: Teller) -> Text:
    found = cells_given(t.state, t.source.made_at)
    if found.share_pct is None:
        return say("{n} ml", n=tenths(found.ml))
    return say("{ml} ml of {planned} ml: {cells} cells = {pct} % of the dose", ml=tenths(found.ml), planned=ml(t.state.planned_ml),
               cells=span(found.cells), pct=tenths(found.share_pct))  # fmt: skip


def _background(t: Teller) -> Rows:
    s, tr, p = t.state, t.tr, t.state.protocol
    yield tr(say("Product and dose")), tr(_dose(t))
    bags = [f"{b.bag.bag_id} ({tr(_bag_state(t, b.bag.bag_id))})" for b in s.planned_bags]
    yield tr(say("Bags")), ", ".join(bags) or DASH
    yield tr(say("Giving set")), tr(say("{factor} drops/ml", factor=s.drop_factor)) if s.drop_factor else tr(say("not chosen"))
    given = s.premedication
    if given is None:
        yield tr(say("Pre-medication")), tr(say("Not given."))
    else:
        drug = t.words.pick(p.premedication.drug) if given.drug == p.premedication.drug.en else given.drug
        yield tr(say("Pre-medication")), f"{drug} {plain(given.dose_mg)} mg, {t.at(given.given_at)}"
        yield tr(say("Allergies, asked")), tr(codes.word(given.allergies, codes.ALLERGIES))
        yield tr(say("Allergy to DMSO, asked")), tr(say("yes") if given.dmso_allergy else say("no"))
    yield tr(say("Ordered by")), t.prescriber()


def _dose(t: Teller) -> Text:
    s = t.state
    name = t.words.pick(s.protocol.product.name)
    if s.plan is None or s.weight is None:
        return say("{product}; no weight was recorded", product=name)
    return say("{product}, {cells} cells for {kg} kg", product=name, cells=cells(s.plan.dose_cells), kg=s.weight.weight_kg)


def _bag_state(t: Teller, bag_id: str) -> Text:
    bag = t.state.bags[bag_id]
    for at, words in ((bag.taken_down_at, say("taken down")), (bag.emptied_at, say("empty")), (bag.hung_at, say("hung")),
                      (bag.thawed_at, say("thawed"))):  # fmt: skip
        if at is not None:
            return say("{what} {at}", what=words, at=t.at(at))
    return say("not thawed")


def _checked(t: Teller) -> list[tuple[Entry, e.VitalsRecorded]]:
    """The baseline and the newest checks, as they were corrected."""
    kept = t.state.checks if len(t.state.checks) <= _NEWEST else [t.state.checks[0], *t.state.checks[1 - _NEWEST :]]
    events = [(entry, current(t.source.entries, entry)) for entry in kept]
    return [(entry, event) for entry, event in events if isinstance(event, e.VitalsRecorded)]


def _vitals(t: Teller) -> Block:
    """The baseline beside the newest checks."""
    checks = _checked(t)
    if not checks:
        return NoteBlock(t.tr(say("No vital signs were recorded yet.")))
    heads = [ColumnHead(t.tr(say("Vital signs")), "34mm"), *(ColumnHead(t.at(x.at), "1fr", True) for x, _ in checks)]
    rows = [(t.tr(name), *(vital_cell(t, event, wanted, x.at) for x, event in checks)) for name, wanted in VITAL_ROWS]
    scores = [DASH if event.news2 is None else score_cell(t, event.news2, event.scale) for _, event in checks]
    return TableBlock(tuple(heads), (*rows, ("NEWS2", *scores)), grid_mm=4.6)


def _assessment(t: Teller) -> Rows:
    now, tr = t.source.made_at, t.tr
    beyond = [f"{t.at(x.at)} {told.line}" for x, _ in _checked(t) if (told := told_beyond(t, x))]
    if beyond:
        yield tr(say("Beyond the limits")), "\n".join(beyond)
    if t.state.own_limits:
        own = [limits_words(of, far=False) for of in t.state.vitals.limits if of.vital in t.state.own_limits]
        yield tr(say("Limits of this patient")), tr(listed(own))
    checks = _checked(t)
    if checks and checks[-1][1].discomfort:
        yield tr(say("Discomfort")), checks[-1][1].discomfort_text or tr(say("yes"))
    yield tr(say("Checks kept")), tr(kept_words(t))
    missed = [t.words.time(c.due_at) for c in (*infusion_checks(t.state, now), *observation_checks(t.state, now))
              if c.status == "missed"]  # fmt: skip
    if missed:
        yield tr(say("Missed")), ", ".join(missed)
    yield tr(say("Deviations")), "\n".join(tr(d.text) for d in deviations(t.state, now)) or tr(say("none"))


def _tasks(t: Teller) -> Iterator[Block]:
    now = t.source.made_at
    found = due(t.state, now)
    if not found:
        yield NoteBlock(t.tr(say("Nothing is due.")))
        return
    columns = (ColumnHead(t.tr(say("Time")), "34mm"), ColumnHead(t.tr(say("To do")), "1fr"), ColumnHead(t.tr(say("Done")), "40mm"))
    rows = tuple((t.tr(_when(x.due_at, x.is_late(now))), t.tr(x.full_words(t.state)), BLANK) for x in found)
    yield TableBlock(columns, rows, grid_mm=5)


def _when(at: object, is_late: bool) -> Text:
    return say("{at}, late", at=at) if is_late else joined("", [at])


def _until(t: Teller) -> Rows:
    s, tr = t.state, t.tr
    limit = limit_at(s)
    if limit is not None and s.ended_at is None:
        yield tr(say("Done by")), t.at(limit)
    if s.ended_at is not None and s.observation_closed_at is None:
        yield tr(say("Observe until")), t.at(observation_due_at(s))
    steps = " · ".join(t.words.pick(step) for step in s.protocol.reaction.steps)
    yield tr(say("In a reaction")), steps or DASH
    yield tr(say("Remarks")), BLANK


def _signing(t: Teller) -> TableBlock:
    tr = t.tr
    columns = (ColumnHead(tr(say("Who")), "34mm"), ColumnHead(tr(say("Printed name")), "1fr"),
               ColumnHead(tr(say("Time")), "30mm"), ColumnHead(tr(say("Signature")), "50mm"))  # fmt: skip
    rows = ((tr(say("hands over")), BLANK, BLANK, BLANK), (tr(say("takes over")), BLANK, BLANK, BLANK))
    return TableBlock(columns, rows, grid_mm=7)
