"""At the pharmacy's bench: weight, set, bags, certificate, release."""

from datetime import datetime
from decimal import Decimal

from app.domain.errors import Refused
from app.domain.infusion import commands as c
from app.domain.infusion import facts as e
from app.domain.infusion.bench_steps import before_release
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import BagState, Infusion
from app.domain.infusion.task_kinds import TaskKind
from app.domain.people.roles import Person, Role
from app.domain.products.certificate import points
from app.domain.products.dose import accepted_weight, is_unusual
from app.domain.products.drip_rates import feasibility, why_not
from app.domain.products.parcel import digest, packed
from app.domain.protocol import Product
from app.domain.texts import Dated, listed, say

from . import allow

_MOST_CELLS = 10**12
_BAGS_ML = (Decimal(1), Decimal(10_000))
Events = list[e.InfusionEvent]


def record_weight(state: Infusion, command: c.RecordWeight, _by: Person, _now: datetime) -> Events:
    rules, weight_kg = state.protocol.weight, command.weight_kg
    for one in (weight_kg, command.previous_kg):
        if one is not None:
            accepted_weight(one, rules)
    unusual = is_unusual(weight_kg, rules)
    if unusual and command.again_kg is None:
        low, high = rules.usual_kg
        raise Refused(
            say("{kg} kg is unusual (outside {low}–{high} kg). Look at the scale and type it a second time.",
                kg=weight_kg, low=low, high=high)
        )  # fmt: skip
    if command.again_kg is not None and command.again_kg != weight_kg:
        raise Refused(say("{again} kg is not {kg} kg. Weigh again.", again=command.again_kg, kg=weight_kg))
    return [e.WeightRecorded(weight_kg, command.previous_kg, unusual)]


def confirm_weight(state: Infusion, _command: c.ConfirmWeight, by: Person, _now: datetime) -> Events:
    if state.weight is None:
        raise Refused(say("Record the weight first."))
    if by.person_id == state.weight_by:
        raise Refused(say("The weight needs a second person, not the one who recorded it."))
    return [e.WeightConfirmed()]


def choose_set(state: Infusion, command: c.ChooseSet, _by: Person, _now: datetime) -> Events:
    known = state.protocol.infusion.drop_factors_gtt_per_ml
    if command.drop_factor not in known:
        sets = ", ".join(map(str, known))
        raise Refused(
            say(
                "No set with {factor} drops/ml is in use. In use: {sets}.",
                factor=command.drop_factor,
                sets=sets,
            )
        )
    _feasible(state, command.drop_factor)
    return [e.SetChosen(command.drop_factor)]


def _feasible(state: Infusion, drop_factor: int) -> None:
    volume_ml = state.planned_ml
    if volume_ml is None:
        raise Refused(say("Record the weight first."))
    found = feasibility(volume_ml, drop_factor, state.protocol.infusion)
    why = why_not(found, volume_ml, state.protocol.infusion)
    if why is not None:
        raise Refused(why)


def scan_bag(state: Infusion, command: c.ScanBag, by: Person, now: datetime) -> Events:
    allow.role(by, {Role.PHARMACIST})
    bag = command.bag
    if bag.bag_id.casefold() in {known.casefold() for known in state.bags}:
        raise Refused(say("Bag {bag} is on this infusion already.", bag=bag.bag_id))
    if not bag.bag_id.strip() or not bag.lot.strip():
        raise Refused(say("A bag needs its number and its lot."))
    if not (0 < bag.cells <= _MOST_CELLS and allow.within(bag.volume_ml, _BAGS_ML)):
        raise Refused(say("A bag needs a count and a volume above zero."))
    if bag.bag_id == state.order.subject:
        raise Refused(say("{subject} is the subject code, not the number of a bag.", subject=bag.bag_id))
    _read_rightly(bag, state.protocol.product)
    not_expired(bag, now)
    return [e.BagScanned(bag)]


def _read_rightly(bag: e.Bag, product: Product) -> None:
    """A slip of the decimal point is refused: it would change the dose tenfold."""
    if not _near(Decimal(bag.cells), Decimal(product.cells_per_bag), product):
        millions = Decimal(bag.cells) / 1_000_000
        raise Refused(
            say("Bag {bag}: {count} million cells cannot be right, {nominal} are usual. Read the label again.",
                bag=bag.bag_id, count=millions, nominal=product.cells_per_bag // 1_000_000)
        )  # fmt: skip
    if not _near(bag.volume_ml, product.volume_per_bag_ml, product):
        raise Refused(
            say("Bag {bag}: {volume} ml cannot be right, {nominal} are usual. Read the label again.",
                bag=bag.bag_id, volume=bag.volume_ml, nominal=product.volume_per_bag_ml)
        )  # fmt: skip


def _near(found: Decimal, nominal: Decimal, product: Product) -> bool:
    factor = product.label_within_factor
    return nominal < found * factor and found < nominal * factor


def not_expired(bag: e.Bag, now: datetime) -> None:
    if bag.expires_at <= now:
        raise Refused(say("Bag {bag} expired on {expiry}. Set it aside.", bag=bag.bag_id, expiry=Dated(bag.expires_at)))


def reject_bag(state: Infusion, command: c.RejectBag, by: Person, _now: datetime) -> Events:
    allow.role(by, {Role.PHARMACIST})
    bag = allow.bag(state, command.bag_id)
    if bag.hung_at is not None:
        raise Refused(say("Bag {bag} hangs already: take it down instead.", bag=command.bag_id))
    return [e.BagRejected(command.bag_id, allow.reason(command.reason))]


def record_certificate(state: Infusion, command: c.RecordCertificate, by: Person, _now: datetime) -> Events:
    allow.role(by, {Role.PHARMACIST})
    allow.bag(state, command.bag_id)
    if not allow.within(command.viability_pct, (Decimal(0), Decimal(100))):
        raise Refused(say("Viability is a percentage from 0 to 100."))
    wanted = set(state.protocol.product.certificate_tests)
    if set(command.tests) != wanted:
        raise Refused(say("Answer every test of the certificate."))
    return [e.CertificateRecorded(command.bag_id, command.viability_pct, command.tests, command.appearance_ok, command.storage_ok)]


def draw_surplus(state: Infusion, command: c.DrawSurplus, by: Person, _now: datetime) -> Events:
    allow.role(by, {Role.PHARMACIST})
    bag = allow.bag(state, command.bag_id)
    if not state.protocol.dose.surplus_drawn_at_bench:
        raise Refused(say("This site does not draw off the surplus at the bench."))
    allow.witness(command.witness, by)
    if not (command.volume_ml.is_finite() and 0 < command.volume_ml < bag.volume_ml):
        raise Refused(say("Less than the bag's {volume} ml can be drawn off.", volume=bag.volume_ml))
    who = command.witness
    return [e.SurplusDrawn(command.bag_id, command.volume_ml, who.person_id, printed_name=who.name)]


def release(state: Infusion, _command: c.Release, by: Person, now: datetime) -> Events:
    allow.role(by, {Role.PHARMACIST})
    ready_to_release(state, now)
    return [e.Released()]


def ready_to_release(state: Infusion, now: datetime) -> None:
    """Refuse what a pharmacist may not release now."""
    lacking = before_release(state, now).kind
    if lacking is TaskKind.WEIGH and state.weight is None:
        raise Refused(say("Record the weight first."))
    if lacking is TaskKind.WEIGH:
        raise Refused(say("The weight is not of today. Weigh again."))
    if lacking is TaskKind.CONFIRM_WEIGHT:
        raise Refused(say("The weight must be confirmed by a second person."))
    if lacking is TaskKind.CHOOSE_SET and state.drop_factor is not None:
        _feasible(state, state.drop_factor)
    if lacking is TaskKind.CHOOSE_SET:
        raise Refused(say("Choose the giving set."))
    if lacking is TaskKind.TAKE_BAG:
        raise _too_few_cells(state)
    for bag in state.planned_bags:
        not_expired(bag.bag, now)
        certified(state, bag)


def _too_few_cells(state: Infusion) -> Refused:
    missing = state.plan.missing_cells if state.plan else Decimal(0)
    return Refused(say("The bags hold too few cells: {missing} million are missing.", missing=round(missing / 1_000_000, 1)))


def send_release(state: Infusion, command: c.SendRelease, by: Person, now: datetime) -> Events:
    """To the ward's laptop, where it goes on; here it is closed."""
    allow.role(by, {Role.PHARMACIST})
    allow.phase(state, {Phase.RELEASED}, say("Only a release that no nurse has received yet can be sent."))
    for bag in loose(state):
        raise Refused(say("Bag {bag} is not released for this dose. Set it aside first.", bag=bag.bag.bag_id))
    ready_to_release(state, now)
    parcel = packed(state.entries, command.sender, command.to, command.people)
    return [e.ReleaseSent(command.to.store_id, command.to.name, digest(parcel))]


def loose(state: Infusion) -> list[BagState]:
    """Bags at hand that are no part of what was released."""
    planned = {bag.bag.bag_id for bag in state.planned_bags if bag.released_by is not None}
    return [bag for bag_id, bag in state.bags.items() if bag.usable and bag_id not in planned]


def release_bag(state: Infusion, command: c.ReleaseBag, by: Person, now: datetime) -> Events:
    """A bag that came after the release: whatever the others had to pass, it has to."""
    allow.role(by, {Role.PHARMACIST})
    bag = allow.bag(state, command.bag_id)
    if bag.released_by is not None:
        raise Refused(say("Bag {bag} was released already.", bag=command.bag_id))
    not_expired(bag.bag, now)
    certified(state, bag)
    return [e.BagReleased(command.bag_id)]


def certified(state: Infusion, bag: BagState) -> None:
    """Refuse a bag whose certificate is missing or does not pass. Exactly the least viability passes."""
    found, product = bag.certificate, state.protocol.product
    bag_id = bag.bag.bag_id
    if found is None:
        raise Refused(say("The certificate of bag {bag} has not been entered.", bag=bag_id))
    if found.viability_pct < product.min_viability_pct:
        raise Refused(
            say("Viability of bag {bag} is {found} %; at least {least} % is needed.",
                bag=bag_id, found=found.viability_pct, least=product.min_viability_pct)
        )  # fmt: skip
    told = points(found, product)
    if missing := [point.name for point in told if point.passed is None]:
        raise Refused(say("The certificate of bag {bag} does not tell: {points}.", bag=bag_id, points=listed(missing)))
    if failed := [point.name for point in told if point.passed is False]:
        raise Refused(
            say("The certificate of bag {bag} does not pass: {points}. Set the bag aside.", bag=bag_id, points=listed(failed))
        )
