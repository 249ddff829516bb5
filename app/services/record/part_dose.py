"""Who the infusion is for, and the dose in plain arithmetic."""

from collections.abc import Iterator
from decimal import Decimal

from app.domain.infusion import code_words as codes
from app.domain.infusion.given.plans import PlanChange, plan_changes
from app.domain.infusion.phases import PHASE_NAMES
from app.domain.products.dose import BagPlan
from app.domain.products.drip_rates import feasibility, why_not
from app.domain.protocol import Stage
from app.domain.texts import Text, say

from .blocks import Cell, FactsBlock, NoteBlock, Run, Section
from .telling import DASH, Teller, ml, plain, whole

Rows = Iterator[tuple[str, Cell]]


def identity(t: Teller) -> Section:
    order, protocol, tr = t.state.order, t.state.protocol, t.tr
    doses = protocol.doses_in(order.group)
    protocol_words = say("{id} version {version} ({registry})", id=order.protocol_id,
                         version=order.protocol_version, registry=protocol.registry)  # fmt: skip
    rows: tuple[tuple[str, Cell], ...] = (
        (tr(say("Subject")), order.subject),
        (tr(say("Bed")), order.bed),
        (tr(say("Group and dose")),
         tr(say("group {group}, dose {dose} of {doses}", group=order.group, dose=order.dose_number, doses=doses))),
        (tr(say("Product")), t.words.pick(protocol.product.name)),
        (tr(say("Protocol")), tr(protocol_words)),
        (tr(say("Protocol file SHA-256")), (Run(order.protocol_sha256, "mono"),)),
        (tr(say("Infusion number")), t.state.infusion_id),
        (tr(say("Data store")), t.source.store_id),
        (tr(say("Ordered")), f"{t.stamp(t.state.ordered_at)}, {t.name(t.state.ordered_by)}"),
        (tr(say("Ordered by")), _prescriber(t)),
        (tr(say("State of this record")), tr(PHASE_NAMES[t.state.phase])),
    )  # fmt: skip
    return Section(tr(say("Identity")), (FactsBlock(rows),))


def _prescriber(t: Teller) -> str:
    """Who orders it, and when they signed; an older record names only who wrote it."""
    who, signed_at = t.state.order.prescriber, t.state.order_signed_at
    if who is None:
        return t.name(t.state.ordered_by)
    if signed_at is None:
        return t.tr(say("{name}, not signed yet", name=t.name(who)))
    return t.tr(say("{name}, signed {at}", name=t.name(who), at=t.at(signed_at)))


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
                   given=whole(draw.cells), count=whole(content.cells), volume=plain(content.volume_ml),
                   ml=ml(draw.volume_ml), left=ml(draw.left_ml))  # fmt: skip
        yield tr(say("From bag {bag}", bag=draw.bag_id)), tr(part)
    if not plan.complete:
        missing = say("{cells} cells; counted below at the nominal concentration", cells=whole(plan.missing_cells))
        yield tr(say("Still without a bag")), tr(missing)
    yield tr(say("Planned volume")), _sum(t, plan)
    for change in plan_changes(t.state):
        yield tr(say("Plan before the change")), _changed(t, change)
    yield tr(say("Left over in all")), t.volume(plan.leftover_ml)
    yield tr(say("Viable cells in the dose")), _viable(t, plan)


def _sum(t: Teller, plan: BagPlan) -> str:
    total = t.volume(t.state.planned_ml)
    if len(plan.draws) < 2:
        return total
    return " + ".join(ml(d.volume_ml) for d in plan.draws) + " = " + total


def _changed(t: Teller, change: PlanChange) -> str:
    """The plan that stood until two people let another bag come next, and who they were."""
    draws = " + ".join(f"{d.bag_id} {ml(d.volume_ml)}" for d in change.before.draws)
    until = say("until {at} ({who}, {witness}): {why}", at=t.at(change.at), who=t.name(change.by),
                witness=t.name(change.event.witness), why=codes.word(change.event.reason))  # fmt: skip
    return f"{draws} = {t.volume(change.before.volume_ml)}, {t.tr(until)}"


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
    chain = say("{ml} ml × {factor} drops/ml = {drops} drops", ml=ml(volume_ml), factor=factor, drops=plain(found.drops))
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
