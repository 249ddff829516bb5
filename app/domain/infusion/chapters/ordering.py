"""An infusion is ordered, or given up before it has started."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion.found.dose_order import IRREGULAR, Irregular
from app.domain.infusion.phases import BEFORE_START
from app.domain.infusion.state import Infusion
from app.domain.infusion.tasks import is_unsigned
from app.domain.infusion.wording import People
from app.domain.log import Entry
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.protocol import Protocol, SiteSetting
from app.domain.texts import Text, joined, parts, say
from app.domain.typed_texts import bed_name, folded, subject_code

from . import allow
from .chapter import Command, Effects, Events, Rules, Wordings


class Wanted(msgspec.Struct, frozen=True):
    """What is ordered. `prescriber`: the investigator who orders it, and who has just signed where `is_signed`; else it is
    written down by a nurse on their order, and they sign later. `reason`: why a dose that something speaks against.
    `is_known`: the subject code stands in the record already, however it is written.
    """

    subject: str
    bed: str
    group: str
    dose_number: int
    prescriber: Person | None = None
    is_signed: bool = False
    reason: str = ""
    is_known: bool = False


class OrderedBy(msgspec.Struct, frozen=True):
    """The protocol, the SHA-256 of its file, whether it is practice, and what the site set otherwise than the file."""

    protocol: Protocol
    sha256: str
    practice: bool
    settings: tuple[SiteSetting, ...] = ()


def prescribed(wanted: Wanted, by: Person, against: tuple[Irregular, ...], rules: OrderedBy) -> Events:
    """The first events of an infusion. `against`: what speaks against this dose. Raises `Refused`.

    An investigator orders for themselves; a nurse on the order of a named one. Against the rule only with the signature of
    the prescriber and their reason, now.
    """
    allow.role(by, BEDSIDE)
    who = by if by.role is Role.INVESTIGATOR and wanted.prescriber is None else wanted.prescriber
    if who is None or who.role is not Role.INVESTIGATOR:
        raise Refused(say("Name the investigator who orders it."))
    signed = wanted.is_signed or who.person_id == by.person_id
    _named(wanted.subject, wanted.bed)
    labels = rules.protocol.labels
    subject = folded(wanted.subject) if wanted.is_known else subject_code(wanted.subject, labels)
    bed = bed_name(wanted.bed, labels)
    order = ordered(
        subject, bed, wanted.group, wanted.dose_number, rules.protocol, rules.sha256, rules.practice, rules.settings
    )  # fmt: skip
    reason = wanted.reason.strip()
    if against and not (signed and reason):
        raise Refused(
            say("{against} Only with the prescriber's signature and reason.", against=against_words(against, rules.protocol))
        )
    order = replace(order, prescriber=who.person_id, irregular=against, reason=reason if against else "")
    return [order, e.OrderSigned(printed_name=who.name)] if signed else [order]


def against_words(against: tuple[Irregular, ...], protocol: Protocol) -> Text:
    days = protocol.dosing
    told = {"interval": days.interval_days, "window": days.window_days} if days else {}
    return joined(" ", [Text(IRREGULAR[code].msgid, told) for code in against])


class SignOrder(Command, frozen=True):
    title = say("sign the order")


def sign_order(state: Infusion, _command: SignOrder, by: Person, _now: datetime) -> Events:
    """By the prescriber whom the order names. An order that came from another laptop may be signed by another investigator here."""
    allow.role(by, {Role.INVESTIGATOR})
    if not is_unsigned(state):
        raise Refused(say("This order does not wait for a signature."))
    if by.person_id != state.order.prescriber and state.came is None:
        raise Refused(say("The prescriber who is named signs this order."))
    return [e.OrderSigned()]


def _order_signed(s: Infusion, entry: Entry, _ev: e.OrderSigned) -> None:
    s.order_signed_at = entry.at


def ordered(
    subject: str, bed: str, group: str, dose_number: int, protocol: Protocol, sha256: str, practice: bool,
    settings: tuple[SiteSetting, ...] = (),
) -> e.Ordered:  # fmt: skip
    """The first event of an infusion. Raises `Refused` for an order that cannot be.

    `sha256`: of the protocol's file; `settings`: what the site set otherwise.
    """
    _named(subject, bed)
    doses = protocol.doses_in(group)
    if not protocol.groups and dose_number != 1:
        raise Refused(say("The protocol has no dose groups: every order is one dose."))
    if not 1 <= dose_number <= doses:
        raise Refused(say("Group {group} has {doses} doses.", group=group, doses=doses))
    return e.Ordered(subject.strip(), bed.strip(), group, dose_number, protocol.id, protocol.version, sha256, practice,
                     site_settings=settings)  # fmt: skip


def _named(subject: str, bed: str) -> None:
    if not subject.strip() or not bed.strip():
        raise Refused(say("An order needs a subject code and a bed."))


class Abandon(Command, frozen=True):
    title = say("give up")

    reason: str


def abandon(state: Infusion, command: Abandon, _by: Person, _now: datetime) -> Events:
    allow.phase(state, BEFORE_START, say("It has started: stop it instead."))
    return [e.Abandoned(allow.reason(command.reason))]


def _ordered_words(ev: e.Ordered, _s: Infusion, people: People) -> Text:
    line = say("Ordered: subject {subject}, bed {bed}", subject=ev.subject, bed=ev.bed)
    if ev.group:
        line = say("Ordered: subject {subject}, bed {bed}, group {group}, dose {dose}",
                   subject=ev.subject, bed=ev.bed, group=ev.group, dose=ev.dose_number)  # fmt: skip
    who = ev.prescriber
    by = say("on the order of {who}", who=people.get(who, who)) if who else None
    return parts(line, by, codes.word(ev.reason), say("practice") if ev.practice else None)


RULES: Rules = {Abandon: abandon, SignOrder: sign_order}
EFFECTS: Effects = {e.OrderSigned: _order_signed}
WORDS: Wordings = {e.Ordered: _ordered_words}
