"""Where an infusion left the protocol. Computed from what happened; nothing is hidden by being accepted."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.infusion.corrected import as_corrected
from app.domain.infusion.phases import Phase
from app.domain.log import Entry
from app.domain.products.leftovers import is_off, left_between
from app.domain.texts import Dated, Text, listed, say

from . import code_words as codes
from . import facts as e
from .checks import Status, checks
from .drip_volume import after_minutes, counted_from, minutes, running_min
from .found.dose_order import IRREGULAR, weighed_on_another_day
from .found.gate import passed_with_findings
from .found.in_time import over
from .given.cells_given import MILLION, cells_given
from .state import Infusion


class Deviation(msgspec.Struct, frozen=True):
    at: datetime
    text: Text
    reason: str = ""


def deviations(state: Infusion, now: datetime) -> list[Deviation]:
    """All deviations so far, in order of time."""
    found = [
        *_rates(state),
        *_before_start(state),
        *_duration(state, now),
        *_given(state),
        *_destroyed(state),
        *_kept(state, now),
        *_gated(state),
        *_weight_of_another_day(state),
        *_order(state),
        *(Deviation(x.at, x.deviation, x.reason) for x in over(state, now) if x.deviation and x.at),
        *_closed(state),
    ]
    return sorted(found, key=lambda d: d.at)


def _before_start(s: Infusion) -> Iterator[Deviation]:
    for entry in s.entries:
        if isinstance(entry.event, e.LeadTimeOverridden):
            text = say("The time after pre-medication was cut short by an investigator.")
            yield Deviation(entry.at, text, entry.event.reason)
    if s.premedication is not None:
        yield from _premedication(s, s.premedication, s.reached[Phase.PREMEDICATED])


def _premedication(s: Infusion, given: e.PremedicationGiven, at: datetime) -> Iterator[Deviation]:
    rules = s.protocol.premedication
    if given.baseline_blood == "not_drawn":
        yield Deviation(at, say("Baseline blood was not drawn before the pre-medication."))
    if given.dose_mg != rules.dose_mg:
        yield Deviation(at, say("Pre-medication {dose} mg, not {planned} mg.", dose=given.dose_mg, planned=rules.dose_mg))
    if given.given_at < s.reached[Phase.VERIFIED]:
        yield Deviation(at, say("Pre-medication was given before two people had verified patient, order and bags."))
    if s.started_at and s.started_at < after_minutes(given.given_at, rules.lead_min) and not s.lead_time_overridden_by:
        took = _down(minutes(s.started_at - given.given_at))
        text = say("Started {took} min after the pre-medication, before {lead}.", took=took, lead=rules.lead_min)
        yield Deviation(s.started_at, text)


def _rates(s: Infusion) -> Iterator[Deviation]:
    stage = 0
    for entry in as_corrected(s.entries):
        event = entry.event
        if isinstance(event, e.SteppedUp):
            yield from _early_step(s, stage, entry, event)
            stage += 1
        if isinstance(event, e.RateGiven):
            low, high = s.protocol.infusion.stages[stage].rate_gtt_min
            if not low <= event.rate_gtt_min <= high:
                text = say("Rate {rate} drops/min outside {low}–{high}.", rate=event.rate_gtt_min, low=low, high=high)
                yield Deviation(entry.at, text, event.reason)


def _early_step(s: Infusion, stage: int, entry: Entry, event: e.SteppedUp) -> Iterator[Deviation]:
    wanted = s.protocol.infusion.stages[stage].running_min
    ran = running_min(s, stage, entry.at)
    if wanted is not None and ran < wanted:
        text = say("Stepped up after {ran} of {wanted} min.", ran=_down(ran), wanted=wanted)
        yield Deviation(entry.at, text, event.reason)


def _duration(s: Infusion, now: datetime) -> Iterator[Deviation]:
    from_at = counted_from(s)
    if from_at is None:
        return
    took = minutes((s.ended_at or now) - from_at)
    low, high = s.protocol.infusion.duration_min
    if took > high:
        text = say("Ran {took} min; {limit} are allowed.", took=_up(took), limit=high)
        yield Deviation(s.ended_at or now, text, _why_ended(s))
    if s.ended_at and took < low:
        yield Deviation(s.ended_at, say("Ended after {took} min, before {limit}.", took=_down(took), limit=low), _why_ended(s))


def _why_ended(s: Infusion) -> str:
    return s.end.reason if s.end else ""


def _gated(s: Infusion) -> Iterator[Deviation]:
    for one in passed_with_findings(s):
        text = _IN_SPITE[type(one.event)]
        yield Deviation(one.at, Text(text.msgid, {"found": listed(one.found)}), one.event.why_allowed)


_IN_SPITE: dict[type[e.Gated], Text] = {
    e.Started: say("Started in spite of: {found}.", found=""),
    e.SteppedUp: say("Stepped up in spite of: {found}.", found=""),
    e.Resumed: say("Resumed in spite of: {found}.", found=""),
}


def _weight_of_another_day(s: Infusion) -> Iterator[Deviation]:
    if s.started_at is not None and s.weight_at is not None and weighed_on_another_day(s, s.started_at):
        started = next(x.event for x in s.entries if isinstance(x.event, e.Started))
        assert isinstance(started, e.Started)
        yield Deviation(s.started_at, say("The weight was measured at {at}, not on this day.", at=Dated(s.weight_at)),
                        started.weight_reason)  # fmt: skip


def _order(s: Infusion) -> Iterator[Deviation]:
    days = s.protocol.dosing
    told = {"interval": days.interval_days, "window": days.window_days} if days else {}
    for code in s.order.irregular:
        text = Text(IRREGULAR[code].msgid, told)
        yield Deviation(s.ordered_at, text, s.order.reason)
    if s.order.prescriber is not None and s.started_at and (s.order_signed_at is None or s.order_signed_at > s.started_at):
        yield Deviation(s.started_at, say("Started before the prescriber had signed the order."))


def _up(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding="ROUND_CEILING")


def _down(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding="ROUND_FLOOR")


def within_tolerance(s: Infusion) -> bool | None:
    """Whether all of the cells that were given lie within the tolerance of the plan; None before the end."""
    return None if s.ended_at is None else cells_given(s, s.ended_at).within(s.protocol.dose.tolerance_pct)


def _given(s: Infusion) -> Iterator[Deviation]:
    if s.ended_at and within_tolerance(s) is False:
        found = cells_given(s, s.ended_at)
        assert found.planned_cells is not None
        assert found.share_pct is not None
        text = say(
            "Given {cells} of {planned} million cells ({share} %, {ml} ml): not surely within ±{tolerance} %.",
            cells=found.cells.times(Decimal(1), MILLION).spread, planned=_up(found.planned_cells / MILLION),
            share=found.share_pct.spread, ml=found.ml.spread, tolerance=s.protocol.dose.tolerance_pct,
        )  # fmt: skip
        yield Deviation(s.ended_at, text, _why_ended(s))


def _destroyed(s: Infusion) -> Iterator[Deviation]:
    """What was given and what was destroyed of a bag are not what it held."""
    for entry in as_corrected(s.entries):
        event = entry.event
        if isinstance(event, e.LeftoverDestroyed) and is_off(s, s.bags[event.bag_id], event.volume_ml):
            least, most = left_between(s, s.bags[event.bag_id])
            left = say("{ml} ml", ml=most) if least == most else say("{least}–{most} ml", least=_down(least), most=_up(most))
            text = say("Bag {bag}: {ml} ml destroyed, {left} were left.", bag=event.bag_id, ml=event.volume_ml, left=left)
            yield Deviation(entry.at, text, event.reason)


def _closed(s: Infusion) -> Iterator[Deviation]:
    if s.observation is not None and s.observation_closed_at is not None and s.observation.left_undone:
        what = listed([codes.word(code, codes.LEFT_UNDONE) for code in s.observation.left_undone])
        yield Deviation(s.observation_closed_at, say("Closed with this left undone: {what}.", what=what), s.observation.reason)


def _kept(s: Infusion, now: datetime) -> Iterator[Deviation]:
    for check in checks(s, now):
        if check.status is Status.MISSED:
            text = say("Vital signs of {due} missed.", due=check.due_at)
            yield Deviation(check.due_at, text)
        elif check.status is Status.LATE and check.entry:
            taken = check.entry.event
            assert isinstance(taken, e.VitalsRecorded)
            text = say("Vital signs of {due} taken {late} min late.", due=check.due_at, late=-(-check.late_s // 60))
            yield Deviation(check.entry.at, text, taken.late_reason)
