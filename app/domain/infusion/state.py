"""One infusion, rebuilt from its events. Nothing that can be computed from them is stored."""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import msgspec

from app.domain.errors import Broken
from app.domain.log import Entry, Event, encode
from app.domain.people.signatures import touches
from app.domain.products.dose import BagContent, BagPlan, dose_cells, plan_bags
from app.domain.protocol import Protocol
from app.domain.streams import decode
from app.domain.texts import say
from app.domain.vitals.news2 import score_of

from . import facts as e
from .phases import Phase, phase_after


class BagState(msgspec.Struct):
    """What happened to one bag. `place`: gone to the ward's laptop, come from the pharmacy's, or left behind there."""

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
    left_ml: Decimal | None = None
    broken: str | None = None
    destroyed_ml: Decimal | None = None
    returned: bool = False
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
        if self.taken_down_at and self.left_ml is not None:
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


class Infusion(msgspec.Struct):
    """The state after its events. Read it; it never changes, `after` makes the next one."""

    infusion_id: str
    order: e.Ordered
    protocol: Protocol
    ordered_at: datetime
    ordered_by: str | None
    phase: Phase = Phase.ORDERED
    entries: list[Entry] = []
    reached: dict[str, datetime] = {}
    weight: e.WeightRecorded | None = None
    weight_by: str | None = None
    weight_at: datetime | None = None
    weight_confirmed_by: str | None = None
    drop_factor: int | None = None
    bags: dict[str, BagState] = {}
    released_by: str | None = None
    sent: e.ReleaseSent | None = None
    came: e.ReleaseArrived | None = None
    received_by: str | None = None
    identity_checked_by: tuple[str, ...] = ()
    mismatch: e.MismatchFound | None = None
    premedication: e.PremedicationGiven | None = None
    lead_time_overridden_by: str | None = None
    stage: int = 0
    rate_gtt_min: Decimal | None = None
    rate_set_at: datetime | None = None
    measured: e.RateMeasured | None = None
    measured_at: datetime | None = None
    flows: list[Flow] = []
    pins: list[Pin] = []
    spans: list[Span] = []
    pause: e.Paused | None = None
    checks: list[Entry] = []
    reactions: list[Entry] = []
    reaction: e.ReactionUpdated | None = None
    reaction_open: bool = False
    unconfirmed_gap: bool = False
    elapsed_unknown: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    end: e.InfusionEnded | e.InfusionStopped | None = None
    flushed_ml: Decimal | None = None
    observation: e.ObservationClosed | None = None
    observation_closed_at: datetime | None = None
    signatures: dict[str, Entry] = {}
    nurse: str | None = None
    last_at: datetime | None = None

    @property
    def plan(self) -> BagPlan | None:
        """The dose as bags, by their own counts; None without a weight."""
        if self.weight is None:
            return None
        cells = dose_cells(self.weight.weight_kg, self.protocol)
        contents = [b.content for b in self.bags.values() if b.usable]
        return plan_bags(cells, tuple(c for c in contents if c.cells > 0))

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
    def hanging(self) -> BagState | None:
        return next((b for b in self.bags.values() if b.hanging), None)

    @property
    def next_bag(self) -> BagState | None:
        """The next planned bag that has not been hung."""
        return next((b for b in self.planned_bags if b.hung_at is None), None)

    @property
    def is_last_stage(self) -> bool:
        return self.stage == len(self.protocol.infusion.stages) - 1


def replay(infusion_id: str, entries: Iterable[Entry], protocol: Protocol) -> Infusion:
    """Rebuild an infusion. Corrections are laid over the events they correct before anything is computed."""
    ordered = list(entries)
    corrected = as_corrected(ordered)
    if not corrected or not isinstance(corrected[0].event, e.Ordered):
        raise Broken(say("The record of {infusion} does not begin with an order.", infusion=infusion_id))
    first = corrected[0]
    assert isinstance(first.event, e.Ordered)
    state = Infusion(infusion_id, first.event, protocol, first.at, first.by)
    state.entries.append(ordered[0])
    state.reached[Phase.ORDERED] = first.at
    for entry, original in zip(corrected[1:], ordered[1:], strict=True):
        _take(state, entry)
        state.entries[-1] = original
    return state


def as_corrected(entries: list[Entry]) -> list[Entry]:
    """The entries with every correction laid over the one it corrects."""
    changes: dict[str, list[e.Corrected]] = {}
    for entry in entries:
        if isinstance(entry.event, e.Corrected):
            changes.setdefault(entry.event.event_id, []).append(entry.event)
    if not changes:
        return entries
    return [_patched(entry, changes.get(entry.event_id, [])) for entry in entries]


def _patched(entry: Entry, changes: list[e.Corrected]) -> Entry:
    for change in changes:
        entry = msgspec.structs.replace(entry, event=patch(entry.event, change.field, change.new))
    return entry


def patch(event: Event, field: str, new_json: str) -> Event:
    """The event with one field replaced by a JSON value. Raises `msgspec.ValidationError` where it does not fit."""
    fields = msgspec.json.decode(encode(event))
    fields[field] = msgspec.json.decode(new_json)
    patched = decode("infusion", msgspec.json.encode(fields))
    return msgspec.structs.replace(patched, news2=_score(patched)) if isinstance(patched, e.VitalsRecorded) else patched


def _score(check: e.VitalsRecorded) -> int | None:
    return score_of({v.vital: v.value for v in check.values}, check.oxygen, check.consciousness)


def after(state: Infusion, entries: Sequence[Entry]) -> Infusion:
    """The state with further saved events; the one given stays as it is.

    An event that the table does not allow is our own fault. A correction is laid over what came before it.
    """
    if any(isinstance(entry.event, e.Corrected) for entry in entries):
        return replay(state.infusion_id, [*state.entries, *entries], state.protocol)
    further = _copy(state)
    for entry in entries:
        _take(further, entry)
    return further


def _copy(state: Infusion) -> Infusion:
    """Shares with the original only what no handler changes."""
    return msgspec.structs.replace(
        state,
        entries=state.entries.copy(),
        reached=state.reached.copy(),
        bags={bag_id: copy(bag) for bag_id, bag in state.bags.items()},
        flows=[copy(flow) for flow in state.flows],
        pins=state.pins.copy(),
        spans=[copy(span) for span in state.spans],
        checks=state.checks.copy(),
        reactions=state.reactions.copy(),
        signatures=state.signatures.copy(),
    )


def _take(state: Infusion, entry: Entry) -> None:
    after = phase_after(state.phase, entry.event)
    if after is None:
        name = type(entry.event).__name__
        raise Broken(say("{event} is not possible while {phase}.", event=name, phase=state.phase.value))
    handler = _HANDLERS.get(type(entry.event))
    if handler:
        handler(state, entry, entry.event)
    if after is not state.phase:
        _enter(state, after, entry.at)
    state.entries.append(entry)
    state.last_at = entry.at


def _enter(state: Infusion, after: Phase, at: datetime) -> None:
    state.phase = after
    state.reached.setdefault(after, at)


# --- what each event changes


def _weight(s: Infusion, entry: Entry, ev: e.WeightRecorded) -> None:
    s.weight, s.weight_by, s.weight_at, s.weight_confirmed_by = ev, entry.by, entry.at, None


def _weight_confirmed(s: Infusion, entry: Entry, _ev: e.WeightConfirmed) -> None:
    s.weight_confirmed_by = entry.by


def _set_chosen(s: Infusion, _entry: Entry, ev: e.SetChosen) -> None:
    s.drop_factor = ev.drop_factor


def _bag_scanned(s: Infusion, entry: Entry, ev: e.BagScanned) -> None:
    s.bags[ev.bag.bag_id] = BagState(ev.bag, entry.by)
    s.identity_checked_by = ()


def _bag_rejected(s: Infusion, _entry: Entry, ev: e.BagRejected) -> None:
    s.bags[ev.bag_id].rejected = ev.reason
    _set_aside(s, ev.bag_id)


def _set_aside(s: Infusion, bag_id: str) -> None:
    """The bags have changed: whoever had looked at them looks again; a mismatch goes with its bag."""
    s.identity_checked_by = ()
    if s.mismatch is not None and s.mismatch.what == "bag" and s.mismatch.expected_bag == bag_id:
        s.mismatch = None


def _certificate(s: Infusion, _entry: Entry, ev: e.CertificateRecorded) -> None:
    s.bags[ev.bag_id].certificate = ev


def _surplus(s: Infusion, _entry: Entry, ev: e.SurplusDrawn) -> None:
    s.bags[ev.bag_id].drawn_off_ml += ev.volume_ml


def _released(s: Infusion, entry: Entry, _ev: e.Released) -> None:
    s.released_by = entry.by
    for bag in s.planned_bags:
        bag.released_by = entry.by


def _bag_released(s: Infusion, entry: Entry, ev: e.BagReleased) -> None:
    s.bags[ev.bag_id].released_by = entry.by


def _sent(s: Infusion, _entry: Entry, ev: e.ReleaseSent) -> None:
    s.sent = ev
    for bag in s.bags.values():
        bag.place = "sent" if bag.usable else "here"


def _came(s: Infusion, _entry: Entry, ev: e.ReleaseArrived) -> None:
    s.came = ev
    for bag in s.bags.values():
        bag.place = "came" if bag.usable else "stayed"


def _received(s: Infusion, entry: Entry, _ev: e.Received) -> None:
    s.received_by = s.nurse = entry.by


def _identity_checked(s: Infusion, entry: Entry, _ev: e.IdentityChecked) -> None:
    s.identity_checked_by += (entry.by or "",)
    s.mismatch = None


def _identity_verified(s: Infusion, _entry: Entry, _ev: e.IdentityVerified) -> None:
    for bag in s.planned_bags:
        bag.verified_by = s.identity_checked_by


def _bag_verified(s: Infusion, entry: Entry, ev: e.BagVerified) -> None:
    s.bags[ev.bag_id].verified_by += (entry.by or "",)
    s.mismatch = None


def _mismatch(s: Infusion, _entry: Entry, ev: e.MismatchFound) -> None:
    s.mismatch = ev
    s.identity_checked_by = ()
    for bag in s.bags.values():
        if bag.hung_at is None:
            bag.checked_by = ()
        if not bag.ready:
            bag.verified_by = ()


def _premedicated(s: Infusion, _entry: Entry, ev: e.PremedicationGiven) -> None:
    s.premedication = ev


def _lead_overridden(s: Infusion, entry: Entry, _ev: e.LeadTimeOverridden) -> None:
    s.lead_time_overridden_by = entry.by


def _thawed(s: Infusion, _entry: Entry, ev: e.BagThawed) -> None:
    s.bags[ev.bag_id].thawed_at = ev.thawed_at


def _bag_checked(s: Infusion, entry: Entry, ev: e.BagChecked) -> None:
    s.bags[ev.bag_id].checked_by += (entry.by or "",)
    s.mismatch = None


def _hung(s: Infusion, entry: Entry, ev: e.BagHung) -> None:
    s.bags[ev.bag_id].hung_at = entry.at
    if s.phase is Phase.RUNNING and s.rate_gtt_min is not None:
        _drip(s, entry.at, s.rate_gtt_min)


def _started(s: Infusion, entry: Entry, ev: e.Started) -> None:
    s.started_at = entry.at
    s.pins.append(Pin(entry.at, Decimal(0), Decimal(0)))
    _run(s, entry.at, ev.rate_gtt_min)


def _stepped_up(s: Infusion, entry: Entry, ev: e.SteppedUp) -> None:
    s.stage += 1
    s.reached.setdefault(f"stage{s.stage}", entry.at)
    _stop_drip(s, entry.at)
    _run(s, entry.at, ev.rate_gtt_min)


def _rate_set(s: Infusion, entry: Entry, ev: e.RateSet) -> None:
    s.rate_gtt_min, s.rate_set_at = ev.rate_gtt_min, entry.at
    if s.hanging:
        _flow(s, entry.at, ev.rate_gtt_min, "set")


def _rate_measured(s: Infusion, entry: Entry, ev: e.RateMeasured) -> None:
    s.measured, s.measured_at = ev, entry.at
    _flow(s, entry.at, ev.rate_gtt_min, "measured")


def _paused(s: Infusion, entry: Entry, ev: e.Paused) -> None:
    s.pause = ev
    _stop_drip(s, entry.at)


def _pause_explained(s: Infusion, _entry: Entry, ev: e.PauseExplained) -> None:
    assert s.pause is not None
    s.pause = msgspec.structs.replace(s.pause, reason=ev.reason)


def _resumed(s: Infusion, entry: Entry, ev: e.Resumed) -> None:
    s.pause = None
    _run(s, entry.at, ev.rate_gtt_min)


def _emptied(s: Infusion, entry: Entry, ev: e.BagEmptied) -> None:
    s.bags[ev.bag_id].emptied_at = entry.at
    _pin(s, entry.at, hung_ml(s))
    _stop_drip(s, entry.at)


def _taken_down(s: Infusion, entry: Entry, ev: e.BagTakenDown) -> None:
    bag = s.bags[ev.bag_id]
    if s.started_at is not None:
        _pin(s, entry.at, hung_ml(s) - ev.left_ml)
    bag.taken_down_at, bag.left_ml = entry.at, ev.left_ml
    _stop_drip(s, entry.at)


def _bag_broken(s: Infusion, _entry: Entry, ev: e.BagBroken) -> None:
    s.bags[ev.bag_id].broken = ev.reason
    _set_aside(s, ev.bag_id)


def _remaining(s: Infusion, entry: Entry, ev: e.RemainingRead) -> None:
    _pin(s, entry.at, hung_ml(s) - ev.left_ml)


def _reaction(s: Infusion, entry: Entry, ev: e.ReactionNoted) -> None:
    known = s.reaction if s.reaction_open else None
    s.reaction = _known(ev, known or e.ReactionUpdated(ev.onset_at, ()))
    s.reactions.append(entry)
    s.reaction_open = True
    if s.pause is not None and ev.action == "stop":
        s.pause = msgspec.structs.replace(s.pause, cause="reaction")


def _known(ev: e.ReactionNoted, before: e.ReactionUpdated) -> e.ReactionUpdated:
    """Noted again while it is open: it is the same reaction, and nothing known of it is lost."""
    return e.ReactionUpdated(
        min(before.onset_at, ev.onset_at),
        tuple(dict.fromkeys((*before.symptoms, *ev.symptoms))),
        before.steps,
        ev.grade or before.grade,
        ev.called or before.called,
        ev.text or before.text,
    )


def _reaction_updated(s: Infusion, _entry: Entry, ev: e.ReactionUpdated) -> None:
    s.reaction = ev


def _reaction_resolved(s: Infusion, _entry: Entry, _ev: e.ReactionResolved) -> None:
    s.reaction_open = False


def _vitals(s: Infusion, entry: Entry, _ev: e.VitalsRecorded) -> None:
    s.checks.append(entry)


def _ended(s: Infusion, entry: Entry, ev: e.InfusionEnded | e.InfusionStopped) -> None:
    s.ended_at, s.end, s.pause = entry.at, ev, None
    if s.hanging and ev.left_ml is not None:
        _pin(s, entry.at, hung_ml(s) - ev.left_ml)
        s.hanging.left_ml = ev.left_ml
    _stop_drip(s, entry.at)


def _flushed(s: Infusion, _entry: Entry, ev: e.LineFlushed) -> None:
    s.flushed_ml = ev.volume_ml


def _destroyed(s: Infusion, _entry: Entry, ev: e.LeftoverDestroyed) -> None:
    s.bags[ev.bag_id].destroyed_ml = ev.volume_ml


def _bag_returned(s: Infusion, _entry: Entry, ev: e.BagReturned) -> None:
    s.bags[ev.bag_id].returned = True


def _observed(s: Infusion, entry: Entry, ev: e.ObservationClosed) -> None:
    s.observation, s.observation_closed_at = ev, entry.at


def _signature(s: Infusion, entry: Entry, ev: e.SignatureGiven) -> None:
    s.signatures[ev.meaning] = entry


def _handed_over(s: Infusion, _entry: Entry, ev: e.HandedOver) -> None:
    s.nurse = ev.to


def _watch_lost(s: Infusion, entry: Entry, ev: e.WatchLost) -> None:
    s.elapsed_unknown = s.elapsed_unknown or ev.unknown
    flow = s.flows[-1] if s.flows else None
    if flow is None or flow.end is not None:
        return
    s.unconfirmed_gap = True
    rate = flow.rate_gtt_min
    _flow(s, max(ev.from_at, flow.start), rate, "unknown" if ev.unknown else "lost")
    _flow(s, entry.at, rate, "set")


def _elapsed_confirmed(s: Infusion, entry: Entry, ev: e.ElapsedConfirmed) -> None:
    """What was unknown becomes a gap of known length, though the drip was paused or set meanwhile.

    After the end it stays unknown: the gap cannot be put back before it. A reading since then covers it.
    """
    s.elapsed_unknown = False
    if s.ended_at is not None:
        return
    gap_from = entry.at - timedelta(seconds=ev.gap_s)
    drips = s.rate_gtt_min if s.flows and s.flows[-1].end is None else None
    _stop_flow(s, gap_from)
    for flow in [f for f in s.flows if f.basis == "unknown"]:
        flow.basis = "lost"
        if s.pins[-1].at <= flow.start:
            s.flows.append(Flow(max(gap_from, flow.start), flow.rate_gtt_min, "lost", entry.at))
    if drips is not None:
        _flow(s, entry.at, drips, "set")


def _correction(s: Infusion, _entry: Entry, ev: e.Corrected) -> None:
    """A signature for what is now corrected stands no longer, and the record is not signed before it is given again."""
    standing = {name: x for name, x in s.signatures.items() if not touches(s.entries, ev.event_id, x)}
    if len(standing) < len(s.signatures):
        s.reached.pop(Phase.SIGNED, None)
    s.signatures = standing


_HANDLERS: dict[type[Event], Callable[[Infusion, Entry, Any], None]] = {
    e.WeightRecorded: _weight,
    e.WeightConfirmed: _weight_confirmed,
    e.SetChosen: _set_chosen,
    e.BagScanned: _bag_scanned,
    e.BagRejected: _bag_rejected,
    e.CertificateRecorded: _certificate,
    e.SurplusDrawn: _surplus,
    e.Released: _released,
    e.ReleaseSent: _sent,
    e.ReleaseArrived: _came,
    e.Received: _received,
    e.BagReleased: _bag_released,
    e.IdentityChecked: _identity_checked,
    e.IdentityVerified: _identity_verified,
    e.BagVerified: _bag_verified,
    e.MismatchFound: _mismatch,
    e.PremedicationGiven: _premedicated,
    e.LeadTimeOverridden: _lead_overridden,
    e.BagThawed: _thawed,
    e.BagChecked: _bag_checked,
    e.BagHung: _hung,
    e.Started: _started,
    e.SteppedUp: _stepped_up,
    e.RateSet: _rate_set,
    e.RateMeasured: _rate_measured,
    e.Paused: _paused,
    e.PauseExplained: _pause_explained,
    e.Resumed: _resumed,
    e.BagEmptied: _emptied,
    e.BagTakenDown: _taken_down,
    e.BagBroken: _bag_broken,
    e.RemainingRead: _remaining,
    e.ReactionNoted: _reaction,
    e.ReactionUpdated: _reaction_updated,
    e.ReactionResolved: _reaction_resolved,
    e.VitalsRecorded: _vitals,
    e.InfusionEnded: _ended,
    e.InfusionStopped: _ended,
    e.LineFlushed: _flushed,
    e.LeftoverDestroyed: _destroyed,
    e.BagReturned: _bag_returned,
    e.ObservationClosed: _observed,
    e.SignatureGiven: _signature,
    e.HandedOver: _handed_over,
    e.WatchLost: _watch_lost,
    e.ElapsedConfirmed: _elapsed_confirmed,
    e.Corrected: _correction,
}


# --- flow


def hung_ml(state: Infusion) -> Decimal:
    """What can have flowed at most: everything in the bags hung so far, less what was read to be left in them."""
    return sum((b.content.volume_ml for b in state.bags.values() if b.hung_at is not None), Decimal(0))


def _run(s: Infusion, at: datetime, rate_gtt_min: Decimal) -> None:
    s.rate_gtt_min, s.rate_set_at = rate_gtt_min, at
    if s.hanging:
        _drip(s, at, rate_gtt_min)


def _drip(s: Infusion, at: datetime, rate_gtt_min: Decimal) -> None:
    s.spans.append(Span(s.stage, at))
    _flow(s, at, rate_gtt_min, "set")


def _stop_drip(s: Infusion, at: datetime) -> None:
    """Nothing drips: neither volume nor the stage's running time goes on."""
    _stop_flow(s, at)
    _stop_span(s, at)


def _flow(s: Infusion, at: datetime, rate_gtt_min: Decimal, basis: Basis) -> None:
    _stop_flow(s, at)
    s.flows.append(Flow(at, rate_gtt_min, basis))


def _stop_flow(s: Infusion, at: datetime) -> None:
    if s.flows and s.flows[-1].end is None:
        s.flows[-1].end = max(at, s.flows[-1].start)


def _stop_span(s: Infusion, at: datetime) -> None:
    if s.spans and s.spans[-1].end is None:
        s.spans[-1].end = at


def _pin(s: Infusion, at: datetime, given_ml: Decimal) -> None:
    given_ml = max(Decimal(0), given_ml)
    s.pins.append(Pin(at, given_ml, given_ml))
    s.unconfirmed_gap = False
