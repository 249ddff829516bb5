"""What an infusion is at one moment, rebuilt from its events (`story`). Nothing that can be computed from them is stored."""

from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from app.domain.errors import Refused
from app.domain.log import Entry
from app.domain.products.dose import BagContent, BagPlan, dose_cells, plan_bags
from app.domain.protocol import Protocol, VitalsRules
from app.domain.sealed_entries import whole
from app.domain.texts import Text, say
from app.domain.vitals.news2 import Scale
from app.domain.vitals.own_limits import OwnLimits, rules_with

from . import facts as e
from .phases import Phase


class BagState(msgspec.Struct):
    """What happened to one bag. `place`: gone to the ward's laptop, come from the pharmacy's, or left behind there.

    `nothing_given`: it was taken down before the start.
    """

    bag: e.Bag
    scanned_by: str | None
    certificate: e.CertificateRecorded | None = None
    rejected: str | None = None
    drawn_off_ml: Decimal = Decimal(0)
    released_by: str | None = None
    verified_by: tuple[str, ...] = ()
    thawed_at: datetime | None = None
    checked_by: tuple[str, ...] = ()
    hung_at: datetime | None = None
    emptied_at: datetime | None = None
    taken_down_at: datetime | None = None
    nothing_given: bool = False
    left_ml: Decimal | None = None
    broken: str | None = None
    destroyed_ml: Decimal | None = None
    returned: bool = False
    kept: bool = False
    place: Literal["here", "sent", "came", "stayed"] = "here"

    @property
    def usable(self) -> bool:
        return self.rejected is None and self.broken is None

    @property
    def ready(self) -> bool:
        """Released by a pharmacist and checked unthawed by two people: it may be thawed."""
        return self.released_by is not None and len(self.verified_by) > 1

    @property
    def hanging(self) -> bool:
        return self.hung_at is not None and self.emptied_at is None and self.taken_down_at is None

    @property
    def volume_ml(self) -> Decimal:
        """What can flow from it: the labelled volume less what was drawn off at the bench."""
        return self.bag.volume_ml - self.drawn_off_ml

    @property
    def content(self) -> BagContent:
        """What the plan may count on; of a bag taken down only what was given."""
        volume_ml = self.volume_ml
        if self.nothing_given:
            volume_ml = Decimal(0)
        elif self.taken_down_at and self.left_ml is not None:
            volume_ml -= self.left_ml
        cells = int(self.bag.cells * volume_ml / self.bag.volume_ml)
        viability = self.certificate.viability_pct if self.certificate else None
        return BagContent(self.bag.bag_id, cells, volume_ml, viability)


Basis = Literal["set", "measured", "lost", "unknown"]


class Flow(msgspec.Struct):
    """From `start` to `end` (None: still) it drips at `rate_gtt_min`, known as well as `basis` says."""

    start: datetime
    rate_gtt_min: Decimal
    basis: Basis
    end: datetime | None = None


class Pin(msgspec.Struct, frozen=True):
    """A moment at which the delivered volume is known better than by counting drops."""

    at: datetime
    least_ml: Decimal
    most_ml: Decimal


class Span(msgspec.Struct):
    """Running time of one drip stage."""

    stage: int
    start: datetime
    end: datetime | None = None


def no_file(order: e.Ordered) -> Text:
    """Why an infusion is only shown as recorded."""
    return say("The protocol file of this infusion is not at hand ({id} {version}, SHA-256 {hash}). It is shown as recorded, and "
               "nothing of it is computed.", id=order.protocol_id, version=order.protocol_version,
               hash=order.protocol_sha256[:12])  # fmt: skip


class Infusion(msgspec.Struct):
    """The state after its events. Read it; it never changes, `after` makes the next one.

    `known_protocol`: of the file it was ordered by; None where that file is not at hand (`story.as_recorded`).
    `entries`: what happened; the seals of its samples stand packed in `seals`, and among the others in `log`.
    `changes`: how many did more than being kept; states that share their `bags` and count the same differ in what was kept alone.
    `last_at`: of the event that was taken last; `newest_at`: the latest time that any event tells.
    `measurements`: each measured rate with the gtt/min that were set then. `certificates`: all, those that another replaced too.
    """

    infusion_id: str
    order: e.Ordered
    known_protocol: Protocol | None
    ordered_at: datetime
    ordered_by: str | None
    order_signed_at: datetime | None = None
    phase: Phase = Phase.ORDERED
    entries: list[Entry] = []
    reached: dict[str, datetime] = {}
    weight: e.WeightRecorded | None = None
    weight_by: str | None = None
    weight_at: datetime | None = None
    weight_confirmed_by: str | None = None
    drop_factor: int | None = None
    bags: dict[str, BagState] = {}
    certificates: list[Entry] = []
    hung_order: tuple[str, ...] = ()
    chosen_next: tuple[str, ...] = ()
    released_by: str | None = None
    sent: e.ReleaseSent | None = None
    came: e.ReleaseArrived | None = None
    received_by: str | None = None
    identity_checked_by: tuple[str, ...] = ()
    mismatch: e.MismatchFound | None = None
    mismatch_at: datetime | None = None
    premedication: e.PremedicationGiven | None = None
    lead_time_overridden_by: str | None = None
    stage: int = 0
    rate_gtt_min: Decimal | None = None
    rate_set_at: datetime | None = None
    measured: e.RateMeasured | None = None
    measured_at: datetime | None = None
    measurements: list[tuple[Entry, Decimal]] = []
    flows: list[Flow] = []
    pins: list[Pin] = []
    spans: list[Span] = []
    pause: e.Paused | None = None
    paused_at: datetime | None = None
    checks: list[Entry] = []
    own_limits: dict[str, OwnLimits] = {}
    scale: Scale = 1
    reactions: list[Entry] = []
    reaction: e.ReactionUpdated | None = None
    reaction_open: bool = False
    report_signed: dict[str, Entry] = {}
    unconfirmed_gap: bool = False
    elapsed_unknown: bool = False
    watch_lost_at: datetime | None = None
    clock_stepped: tuple[datetime, Decimal] | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    end: e.InfusionEnded | e.InfusionStopped | None = None
    flushed_ml: Decimal | None = None
    observation: e.ObservationClosed | None = None
    observation_closed_at: datetime | None = None
    signatures: dict[str, Entry] = {}
    nurse: str | None = None
    last_at: datetime | None = None
    newest_at: datetime | None = None
    seals: bytes = b""
    changes: int = 0

    @property
    def log(self) -> list[Entry]:
        """Every entry, in order."""
        return list(whole(self.entries, self.seals, self.infusion_id))

    @property
    def protocol(self) -> Protocol:
        """What it was ordered by. Raises `Refused` where the file is not at hand: nothing is computed then."""
        if self.known_protocol is None:
            raise Refused(no_file(self.order))
        return self.known_protocol

    @property
    def vitals(self) -> VitalsRules:
        """The protocol's rules of vital signs, with the limits that this patient has of their own."""
        return rules_with(self.protocol.vitals, self.own_limits)

    def vitals_at(self, at: datetime) -> VitalsRules:
        """The same as it was at that moment: a value is judged by the limits of its own time."""
        changes = (x.event for x in self.entries if isinstance(x.event, e.LimitsChanged) and x.at <= at)
        return rules_with(self.protocol.vitals, {own.vital: own for event in changes for own in event.limits})

    @property
    def plan(self) -> BagPlan | None:
        """The dose as bags, by their own counts, in the order in which they are given; None without a weight."""
        for asked in _newest:
            if asked.bags is self.bags and asked.changes == self.changes:
                return asked.found
        found = None if self.weight is None else plan_bags(dose_cells(self.weight.weight_kg, self.protocol), self.contents)
        _newest[:] = [_PlanAsked(self.bags, self.changes, found)]
        return found

    @property
    def bags_in_order(self) -> list[BagState]:
        """As they were hung, then those that two people chose to come next, then as they were taken in."""
        ahead = dict.fromkeys((*self.hung_order, *self.chosen_next))
        return [self.bags[bag_id] for bag_id in {**ahead, **self.bags}]

    @property
    def contents(self) -> tuple[BagContent, ...]:
        """What the plan may count on, in the order in which it is given."""
        found = (bag.content for bag in self.bags_in_order if bag.usable)
        return tuple(content for content in found if content.cells > 0)

    @property
    def planned_ml(self) -> Decimal | None:
        """The ml that hold the dose (`BagPlan.needed_ml`); None without a weight."""
        plan = self.plan
        return None if plan is None else plan.needed_ml(self.protocol.product)

    @property
    def planned_bags(self) -> list[BagState]:
        """The bags that the dose opens, in order."""
        return [self.bags[d.bag_id] for d in self.plan.draws] if self.plan else []

    @property
    def lacks_a_bag(self) -> bool:
        """Whether the bags hold less of the dose than the tolerance leaves out."""
        plan = self.plan
        return plan is not None and plan.missing_cells * 100 > self.protocol.dose.tolerance_pct * plan.dose_cells

    @property
    def needs_investigator(self) -> bool:
        """Whether a reaction stopped the infusion: only an investigator lets it go on."""
        return self.reaction_open or (self.pause is not None and self.pause.cause == "reaction")

    @property
    def hanging(self) -> BagState | None:
        return next((b for b in self.bags.values() if b.hanging), None)

    @property
    def next_bag(self) -> BagState | None:
        """The next planned bag that has not been hung."""
        return next((b for b in self.planned_bags if b.hung_at is None), None)

    @property
    def is_last_stage(self) -> bool:
        return self.stage == len(self.protocol.infusion.stages) - 1


class _PlanAsked(NamedTuple):
    bags: dict[str, BagState]
    changes: int
    found: BagPlan | None


#: The newest plan. One command, and one look at a bed, asks for it up to ten times, and most events change nothing of it.
_newest: list[_PlanAsked] = []
