"""The downtime sheet: made at the release, so that the infusion can go on by hand if the program cannot."""

from collections.abc import Iterator

from app.domain.errors import Refused
from app.domain.infusion.phases import Phase
from app.domain.protocol import Limits
from app.domain.texts import Text, cells, say
from app.domain.vitals.vital_signs import VITALS
from app.services.record.blocks import Block, Cell, ColumnHead, Document, FactsBlock, NoteBlock, Run, Section, TableBlock
from app.services.record.telling import DASH, Teller, ml, plain
from app.services.words.rules_told import limits_words, stage_words

from .one_page import BLANK, sheet_document

Rows = Iterator[tuple[str, Cell]]
Row = tuple[Cell, ...]
_COUNTED_S = 15


def downtime(t: Teller) -> Document:
    """Raises `Refused` before the release: until then there is no plan to go by."""
    if t.state.phase is Phase.ORDERED or t.state.plan is None:
        raise Refused(say("The downtime sheet is made from the release on: the bags are not released yet."))
    sections = (
        Section("", (FactsBlock(tuple(_prepared(t)), columns=2, label_mm=30), FactsBlock(tuple(_rules(t)), label_mm=30))),
        Section("", (_steps(t),)),
        Section("", (_checks(t),)),
        Section("", (*_reaction(t), NoteBlock(t.tr(_afterwards())))),
    )
    return sheet_document(t, say("Downtime sheet"), sections)


def _prepared(t: Teller) -> Rows:
    s, tr, plan = t.state, t.tr, t.state.plan
    assert plan is not None
    yield tr(say("Subject")), (Run(s.order.subject, "strong"),)
    yield tr(say("Bed")), s.order.bed
    yield tr(say("Weight")), f"{s.weight.weight_kg} kg" if s.weight else DASH
    yield tr(say("Product")), t.words.pick(s.protocol.product.name)
    yield tr(say("Planned")), tr(say("{cells} cells in {ml} ml", cells=cells(plan.dose_cells), ml=ml(s.planned_ml)))
    yield tr(say("Giving set")), tr(say("{factor} drops/ml", factor=s.drop_factor)) if s.drop_factor else tr(say("not chosen"))
    for draw in plan.draws:
        part = say("give {ml} ml, {left} ml stay in it", ml=ml(draw.volume_ml), left=ml(draw.left_ml))
        yield draw.bag_id, tr(part)
    yield tr(say("Released by")), t.name(s.released_by)


def _rules(t: Teller) -> Rows:
    p, tr = t.state.protocol, t.tr
    yield tr(say("Rates")), " · ".join(tr(stage_words(stage)) for stage in p.infusion.stages)
    low, high = p.infusion.duration_min
    yield tr(say("Duration")), tr(say("{low}–{high} min; then {observed} min of observation", low=low, high=high,
                                      observed=p.observation.length_min))  # fmt: skip
    if p.vitals.limits:
        yield tr(say("Call the doctor")), tr(say("beyond {limits}", limits=_limits(t, p.vitals.limits)))


def _limits(t: Teller, found: tuple[Limits, ...]) -> str:
    """Without the mean pressure and the pulse, which nobody takes by hand."""
    return ", ".join(t.tr(limits_words(x, far=False)) for x in found if x.vital not in ("pr", "nibp_map"))


def _steps(t: Teller) -> TableBlock:
    tr = t.tr
    columns = (
        ColumnHead(tr(say("Step")), "1fr"),
        ColumnHead(tr(say("Time")), "24mm"),
        ColumnHead(tr(say("Who")), "38mm"),
        ColumnHead(tr(say("Second person")), "38mm"),
    )
    return TableBlock(columns, tuple((tr(step), BLANK, BLANK, BLANK if two else DASH) for step, two in _to_do(t)), grid_mm=6)


def _to_do(t: Teller) -> Iterator[tuple[Text, bool]]:
    """What is done in which order; whether two people do it."""
    s, p = t.state, t.state.protocol
    yield say("Patient, order and unthawed bags verified"), True
    yield say("{drug} {dose} mg given, allergies asked", drug=p.premedication.drug, dose=plain(p.premedication.dose_mg)), False
    for bag in s.planned_bags:
        yield say("Bag {bag} thawed", bag=bag.bag.bag_id), False
        yield say("Bag {bag} checked and hung", bag=bag.bag.bag_id), True
    yield say("Started, {lead} min after the pre-medication", lead=p.premedication.lead_min), False
    for _ in p.infusion.stages[1:]:
        yield say("Stepped up"), False
    yield say("Ended, ____ ml left in the bag; line flushed with ____ ml"), False
    yield say("Rest destroyed, ____ ml"), True


def _checks(t: Teller) -> TableBlock:
    tr, p = t.tr, t.state.protocol
    units = {code: f"{tr(VITALS[code].short)} {t.unit(VITALS[code].unit)}" for code in ("hr", "spo2", "rr", "temp")}
    columns = (
        ColumnHead(tr(say("Vital signs")), "30mm"),
        ColumnHead(tr(say("Time")), "15mm"),
        ColumnHead(units["hr"], "14mm"),
        ColumnHead(units["spo2"], "14mm"),
        ColumnHead(f"{tr(say('BP'))} mmHg", "20mm"),
        ColumnHead(units["rr"], "14mm"),
        ColumnHead(units["temp"], "15mm"),
        ColumnHead(tr(say("Discomfort?")), "1fr"),
        ColumnHead(tr(say("Drops in {s} s", s=_COUNTED_S)), "16mm"),
        ColumnHead(tr(say("Who")), "20mm"),
    )
    slots = range(0, int(p.infusion.duration_min[1]) + 1, p.vitals.interval_min)
    rounds = [say("Start + {minute} min", minute=n) for n in slots]
    rounds.append(say("End of infusion"))
    rules = p.observation
    rounds += [say("End + {minute} min", minute=n) for n in (*range(rules.interval_min, rules.length_min, rules.interval_min),
                                                             rules.length_min)]  # fmt: skip
    return TableBlock(columns, tuple((tr(name), *[BLANK] * 9) for name in rounds), grid_mm=6.6)


def _reaction(t: Teller) -> tuple[Block, ...]:
    tr = t.tr
    steps = " · ".join(t.words.pick(step) for step in t.state.protocol.reaction.steps)
    first = tr(say("stop or slow the drip. {steps}", steps=steps))
    columns = (ColumnHead(tr(say("Reaction since")), "24mm"), ColumnHead(tr(say("What happened")), "1fr"),
               ColumnHead(tr(say("What was done")), "1fr"), ColumnHead(tr(say("Who was called")), "30mm"),
               ColumnHead(tr(say("Over since")), "20mm"))  # fmt: skip
    return FactsBlock(((tr(say("In a reaction")), first),), label_mm=30), TableBlock(columns, ((BLANK,) * 5,), grid_mm=9)


def _afterwards() -> Text:
    return say("Afterwards everything on this sheet is recorded in the program, with its true times and this sheet as the reason"
               " for the lateness; the sheet is kept with the record.")  # fmt: skip
