"""A bag is taken in with its label and certificate, or set aside for good; whatever opens it later looks here once more."""

from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.state import BagState, Infusion
from app.domain.infusion.wording import People
from app.domain.log import Entry
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.products.certificate import points
from app.domain.protocol import Product
from app.domain.texts import Dated, Text, cells, listed, number, parts, say
from app.domain.typed_texts import lot_number

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings

_MOST_CELLS = 10**12
_BAGS_ML = (Decimal(1), Decimal(10_000))


class ScanBag(Command, frozen=True):
    title = say("scan a bag")
    refusal_is_recorded = True

    bag: e.Bag


class RejectBag(Command, frozen=True):
    title = say("reject a bag")

    bag_id: str
    reason: str


class RecordCertificate(Command, frozen=True):
    title = say("enter a certificate")

    bag_id: str
    viability_pct: Decimal
    tests: dict[str, bool]
    appearance_ok: bool
    storage_ok: bool
    second: Person | None = None


class ReportBroken(Command, frozen=True):
    title = say("report a bag unusable")

    bag_id: str
    reason: str


def scan_bag(state: Infusion, command: ScanBag, by: Person, now: datetime) -> Events:
    allow.role(by, {Role.PHARMACIST})
    bag = command.bag
    if bag.bag_id.casefold() in {known.casefold() for known in state.bags}:
        raise Refused(say("Bag {bag} is on this infusion already.", bag=bag.bag_id))
    if not bag.bag_id.strip() or not bag.lot.strip():
        raise Refused(say("A bag needs its number and its lot."))
    bag = replace(bag, lot=lot_number(bag.lot, state.protocol.labels))
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


def reject_bag(state: Infusion, command: RejectBag, by: Person, _now: datetime) -> Events:
    allow.role(by, {Role.PHARMACIST})
    bag = allow.bag(state, command.bag_id)
    if bag.hung_at is not None:
        raise Refused(say("Bag {bag} hangs already: take it down instead.", bag=command.bag_id))
    return [e.BagRejected(command.bag_id, allow.reason(command.reason))]


def record_certificate(state: Infusion, command: RecordCertificate, by: Person, _now: datetime) -> Events:
    allow.role(by, {Role.PHARMACIST})
    allow.bag(state, command.bag_id)
    second = command.second
    if second is not None:
        allow.witness(second, by)
    if not allow.within(command.viability_pct, (Decimal(0), Decimal(100))):
        raise Refused(say("Viability is a percentage from 0 to 100."))
    wanted = set(state.protocol.product.certificate_tests)
    if set(command.tests) != wanted:
        raise Refused(say("Answer every test of the certificate."))
    who = second.person_id if second else None
    return [
        e.CertificateRecorded(command.bag_id, command.viability_pct, command.tests, command.appearance_ok, command.storage_ok, who)
    ]


def report_broken(state: Infusion, command: ReportBroken, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE | {Role.PHARMACIST})
    bag = allow.bag(state, command.bag_id)
    if bag.hung_at is not None:
        raise Refused(say("Bag {bag} hangs already: take it down instead.", bag=command.bag_id))
    return [e.BagBroken(command.bag_id, allow.reason(command.reason))]


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


def _scanned(s: Infusion, entry: Entry, ev: e.BagScanned) -> None:
    s.bags[ev.bag.bag_id] = BagState(ev.bag, entry.by)
    s.identity_checked_by = ()


def _certificate_recorded(s: Infusion, entry: Entry, ev: e.CertificateRecorded) -> None:
    s.bags[ev.bag_id].certificate = ev
    s.certificates.append(entry)


def _rejected(s: Infusion, _entry: Entry, ev: e.BagRejected) -> None:
    s.bags[ev.bag_id].rejected = ev.reason
    _set_aside(s, ev.bag_id)


def _broken(s: Infusion, _entry: Entry, ev: e.BagBroken) -> None:
    s.bags[ev.bag_id].broken = ev.reason
    _set_aside(s, ev.bag_id)


def _set_aside(s: Infusion, bag_id: str) -> None:
    """The bags have changed: whoever had looked at them looks again; a mismatch goes with its bag."""
    s.identity_checked_by = ()
    if s.mismatch is not None and s.mismatch.what == "bag" and s.mismatch.expected_bag == bag_id:
        s.mismatch = None


def _label_words(ev: e.BagScanned, _s: Infusion, _p: People) -> Text:
    bag = ev.bag
    return parts(
        say("Bag {bag}, lot {lot}", bag=bag.bag_id, lot=bag.lot),
        say("{cells} cells in {volume} ml", cells=cells(bag.cells), volume=number(bag.volume_ml)),
        say("expires {date}", date=Dated(bag.expires_at)),
        codes.word(bag.entry, codes.ENTRIES),
        codes.word(bag.reason, codes.UNREADABLE),
    )


def _certificate_words(ev: e.CertificateRecorded, _s: Infusion, people: People) -> Text:
    results = {**ev.tests, "appearance": ev.appearance_ok, "storage": ev.storage_ok}
    failed = [codes.word(name, codes.TESTS) for name, passed in results.items() if not passed]
    line = say("Certificate of bag {bag}: viability {viability} %", bag=ev.bag_id, viability=number(ev.viability_pct))
    verdict = say("not passed: {tests}", tests=listed(failed)) if failed else say("all tests passed")
    again = say("read again with {who}", who=people.get(ev.second, ev.second)) if ev.second else None
    return parts(line, verdict, again)


RULES: Rules = {
    ScanBag: scan_bag,
    RejectBag: reject_bag,
    RecordCertificate: record_certificate,
    ReportBroken: report_broken,
}
EFFECTS: Effects = {
    e.BagScanned: _scanned,
    e.BagRejected: _rejected,
    e.CertificateRecorded: _certificate_recorded,
    e.BagBroken: _broken,
}
WORDS: Wordings = {e.BagScanned: _label_words, e.CertificateRecorded: _certificate_words}
