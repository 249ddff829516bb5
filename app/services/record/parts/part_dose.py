"""The dose in plain arithmetic."""

from collections.abc import Iterator
from decimal import Decimal

from app.domain.products.dose import BagPlan
from app.domain.products.drip_rates import feasibility, why_not
from app.domain.protocol import Stage
from app.domain.texts import Text, number, say
from app.services.record.blocks import Cell, FactsBlock, NoteBlock, Section
from app.services.record.telling import DASH, Teller, ml, plain, whole

Rows = Iterator[tuple[str, Cell]]


def dose(t: Teller) -> Section:
    plan = t.state.plan
    title = t.tr(say("Dose"))
    if plan is None:
        return Section(title, (NoteBlock(t.tr(say("No weight was recorded: there is no dose."))),))
    return Section(title, (FactsBlock((*_weight(t), *_cells(t, plan), *_drops(t))),))


def _weight(t: Teller) -> Rows:
    weight, tr = t.state.weight, t.tr
    assert weight is not None
    measured = say("{kg} kg, recorded {at} by {who}", kg=weight.weight_kg, at=t.at(t.state.weight_at),
                   who=t.name(t.state.weight_by))  # fmt: skip
    yield tr(say("Weight")), tr(measured)
    if weight.previous_kg is not None:
        yield tr(say("Weight at the last infusion")), f"{weight.previous_kg} kg"
    if t.state.weight_confirmed_by:
        yield tr(say("Weight confirmed by")), t.name(t.state.weight_confirmed_by)


def _cells(t: Teller, plan: BagPlan) -> Rows:
    tr, per_kg = t.tr, t.state.protocol.dose.cells_per_kg
    assert t.state.weight is not None
    chain = say("{kg} kg × {per_kg} cells/kg = {cells} cells ({short})", kg=t.state.weight.weight_kg,
                per_kg=whole(per_kg), cells=whole(plan.dose_cells), short=t.words.cells(plan.dose_cells))  # fmt: skip
    yield tr(say("Dose")), tr(chain)
    for draw in plan.draws:
        bag = t.state.bags[draw.bag_id]
        content = bag.content
        part = say("{given} ÷ {count} cells × {volume} ml = {ml} ml given, {left} ml left over",
                   given=whole(draw.cells), count=whole(content.cells), volume=number(content.volume_ml),
                   ml=ml(draw.volume_ml), left=ml(draw.left_ml))  # fmt: skip
        yield tr(say("From bag {bag}", bag=draw.bag_id)), tr(part)
    if not plan.complete:
        missing = say("{cells} cells; counted below at the nominal concentration", cells=whole(plan.missing_cells))
        yield tr(say("Still without a bag")), tr(missing)
    yield tr(say("Planned volume")), _sum(t, plan)
    yield tr(say("Left over in all")), t.volume(plan.leftover_ml)
    yield tr(say("Viable cells in the dose")), _viable(t, plan)


def _sum(t: Teller, plan: BagPlan) -> str:
    total = t.volume(t.state.planned_ml)
    if len(plan.draws) < 2:
        return total
    return " + ".join(ml(d.volume_ml) for d in plan.draws) + " = " + total


def _viable(t: Teller, plan: BagPlan) -> str:
    if plan.viable_cells is None:
        return DASH
    return t.tr(say("{cells}, at the viability of the certificates", cells=t.words.cells(plan.viable_cells)))


def _drops(t: Teller) -> Rows:
    tr, factor, volume_ml, rules = t.tr, t.state.drop_factor, t.state.planned_ml, t.state.protocol.infusion
    if factor is None or volume_ml is None:
        yield tr(say("Giving set")), tr(say("not chosen"))
        return
    found = feasibility(volume_ml, factor, rules)
    yield tr(say("Giving set")), tr(say("{factor} drops/ml", factor=factor))
    chain = say("{ml} ml × {factor} drops/ml = {drops} drops", ml=ml(volume_ml), factor=factor, drops=number(found.drops))
    yield tr(say("Drops")), tr(chain)
    yield tr(say("Rates ordered")), tr(say(", then ")).join(_stage(t, stage) for stage in rules.stages)
    low, high = rules.duration_min
    lasts = say("{shortest}–{longest} min at these rates; {low}–{high} min are allowed",
                shortest=ml(found.shortest_min), longest=ml(found.longest_min), low=low, high=high)  # fmt: skip
    yield tr(say("Duration")), tr(lasts)
    why = why_not(found, volume_ml, rules)
    yield tr(say("Possible")), tr(why) if why else tr(_last_rates(found.rate_min_gtt_min, found.rate_max_gtt_min))


def _stage(t: Teller, stage: Stage) -> str:
    rates = "–".join(dict.fromkeys(plain(r) for r in stage.rate_gtt_min))
    if stage.running_min is None:
        return t.tr(say("{rates} drops/min to the end", rates=rates))
    drops = "–".join(dict.fromkeys(plain(r * stage.running_min) for r in stage.rate_gtt_min))
    return t.tr(say("{minutes} min × {rates} drops/min = {drops} drops", minutes=stage.running_min, rates=rates,
                    drops=drops))  # fmt: skip


def _last_rates(low: Decimal | None, high: Decimal | None) -> Text:
    if low is None or high is None:
        return say("yes")
    return say("yes, at {low} to {high} drops/min in the last stage", low=plain(low), high=plain(high))
