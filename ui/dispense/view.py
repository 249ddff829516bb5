"""Where an order stands at the bench: its step, whose it is, what stops it."""

from datetime import datetime

from app.domain.infusion.bench_steps import given_up_at, next_at_bench, step_of
from app.domain.infusion.phases import BEFORE_START, INFUSING, PHASE_NAMES, Phase
from app.domain.infusion.state import BagState, Infusion
from app.domain.infusion.task_kinds import TaskKind
from app.domain.infusion.task_rows import BenchStep
from app.domain.infusion.wording import group_words
from app.domain.products.certificate import points
from app.domain.products.dose import BagPlan, nominal_bags, plan_bags
from app.domain.texts import Text, say
from app.services.ward.dispensing import Holder
from app.services.words.words import Words
from ui.infusion.notices import StopState
from ui.kit.identity_banner import IdentityFact, IdentityState
from ui.kit.stage_strip import StripStage

#: One for each step but the last, in their order.
_STEPS: tuple[Text, ...] = (
    say("Weight"), say("Dose and set"), say("Bags"), say("Certificate"), say("Release signature"), say("Nurse receipt"),
)  # fmt: skip


def whole_plan(s: Infusion, cells: int) -> BagPlan:
    """The dose from the scanned bags, and from nominal ones for what they lack."""
    missing = plan_bags(cells, s.contents).missing_cells
    nominal = nominal_bags(int(missing), s.protocol) if missing > 0 else ()
    return plan_bags(cells, s.contents + nominal)


def bag_counts(s: Infusion) -> tuple[int, int]:
    """Scanned and usable, and needed in all."""
    scanned = sum(b.usable for b in s.bags.values())
    needed = len(whole_plan(s, s.plan.dose_cells).draws) if s.plan else 0
    return scanned, max(needed, scanned)


# --- the head of the page


def identity(s: Infusion, measured_by: str, at_bench: str, words: Words) -> IdentityState:
    """Subject, bed, group and dose; the weight of today beside the last one, and who measured it when."""
    order = s.order
    facts = [IdentityFact(say("Bed"), order.bed), IdentityFact(say("Group"), group_words(s))]
    if s.weight is not None and s.weight_at is not None:
        kg, last = s.weight.weight_kg, s.weight.previous_kg
        change = f"{last:f} kg ({(kg - last) * 100 / last:+.1f} %)".replace("-", "−") if last is not None else "—"
        facts.append(IdentityFact(say("Weight today"), f"{kg:f} kg"))
        facts.append(IdentityFact(say("Last weight"), change))
        facts.append(IdentityFact(say("Measured by"), f"{measured_by}, {words.time(s.weight_at)}"))
    if s.drop_factor is not None:
        facts.append(IdentityFact(say("Set"), say("{factor} gtt/ml", factor=s.drop_factor)))
    if at_bench:
        facts.append(IdentityFact(say("At the bench"), at_bench))
    return IdentityState(order.subject, tuple(facts))


def strip(s: Infusion, now: datetime, words: Words) -> tuple[StripStage, ...]:
    task, step, notes = next_at_bench(s, now), step_of(s, now), _notes(s, words)
    if s.phase is Phase.ABANDONED:
        step = given_up_at(s)
        notes[step] = PHASE_NAMES[Phase.ABANDONED]
    if task is not None and task.kind is TaskKind.CONFIRM_WEIGHT:
        notes[BenchStep.WEIGHT] = say("second person")
    found = tuple(_stage(BenchStep(at), step, name, notes) for at, name in enumerate(_STEPS))
    if s.sent is None:
        return found
    return *found[:-1], StripStage(say("Sent to {name}", name=s.sent.to_name), "done", words.time(s.reached[Phase.SENT]))


def _stage(at: BenchStep, step: BenchStep, name: Text, notes: dict[BenchStep, Text | str]) -> StripStage:
    note = notes.get(at, "")
    if at is step:
        return StripStage(name, "current", note)
    if at < step:
        return StripStage(name, "done", note)
    return StripStage(name, "next" if at == step + 1 else "later", note)


def _notes(s: Infusion, words: Words) -> dict[BenchStep, Text | str]:
    found: dict[BenchStep, Text | str] = {}
    plan = s.plan
    if plan is None or s.weight is None:
        return found
    found[BenchStep.WEIGHT], found[BenchStep.SET] = f"{s.weight.weight_kg:f} kg", words.cells(plan.dose_cells)
    scanned, total = bag_counts(s)
    found[BenchStep.BAGS] = say("{n} of {total}", n=scanned, total=total)
    if scanned:
        certified = sum(b.certificate is not None for b in s.bags.values() if b.usable)
        found[BenchStep.CERTIFICATE] = say("{n} of {total}", n=certified, total=total)
    for step, phase in ((BenchStep.RELEASE, Phase.RELEASED), (BenchStep.RECEIPT, Phase.RECEIVED)):
        if phase in s.reached:
            found[step] = words.time(s.reached[phase])
    return found


# --- what stops it


def unfit(s: Infusion, now: datetime) -> BagState | None:
    """The first bag not yet thawed that expired or whose certificate does not pass."""
    if s.phase not in (*BEFORE_START, *INFUSING):
        return None
    waiting = (b for b in s.bags.values() if b.usable and b.thawed_at is None)
    return next((b for b in waiting if expired(b, now) or failed(b, s)), None)


def expired(bag: BagState, now: datetime) -> bool:
    return bag.bag.expires_at <= now


def failed(bag: BagState, s: Infusion) -> list[Text | str]:
    """The points of its certificate that do not pass."""
    return [point.name for point in points(bag.certificate, s.protocol.product) if point.passed is False]


def stop(s: Infusion, now: datetime, words: Words) -> StopState | None:
    """The full stop for a bag of this order that must not be used."""
    bag = unfit(s, now)
    if bag is None:
        return None
    bag_id, product = bag.bag.bag_id, s.protocol.product
    if expired(bag, now):
        return _stop(say("STOP: bag {bag} has expired", bag=bag_id), words.tr(say("valid after {now}", now=now)),
                     words.date_time(bag.bag.expires_at))  # fmt: skip
    title = say("STOP: the certificate of bag {bag} does not pass", bag=bag_id)
    wrong = failed(bag, s)
    if bag.certificate is not None and bag.certificate.viability_pct < product.min_viability_pct:
        return _stop(title, f"≥ {product.min_viability_pct:f} %", f"{bag.certificate.viability_pct:f} %", _SLIP)
    more = f" + {len(wrong) - 1}" if len(wrong) > 1 else ""
    return _stop(title, words.tr(say("all passed")), words.tr(say("not passed: {tests}", tests=wrong[0])) + more, _SLIP)


def foreign(bag_id: str, holder: Holder, s: Infusion, words: Words) -> StopState:
    """The full stop for a bag that belongs to another infusion, or once did."""
    if holder.taken_at is None:
        title = say("STOP: bag {bag} belongs to another infusion", bag=bag_id)
        return _stop(title, s.order.subject, holder.subject)
    title = say("STOP: bag {bag} was taken for an infusion before", bag=bag_id)
    return _stop(title, s.order.subject, f"{holder.subject}, {words.date_time(holder.taken_at)}")


_SET_ASIDE = say("Set it aside, mark it, and scan another one.")
_SLIP = say("A slip of the hand? Two people read the certificate again. Else set the bag aside and scan another one.")


def _stop(title: Text, expected: str, found: str, way_out: Text = _SET_ASIDE) -> StopState:
    to_do = (
        say("Do not use this bag."),
        say("Nothing has been thawed of it."),
        way_out,
    )
    return StopState(title, expected, found, to_do, drips=False)
