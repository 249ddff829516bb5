"""How much has flowed, as an interval; when it will be done; which rate would be in time."""

from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from app.domain.infusion.flows import flowed_ml, hung_ml
from app.domain.infusion.phases import Phase
from app.domain.protocol import Delivery

from .state import Flow, Infusion, Pin

_US = timedelta(microseconds=1)
_MINUTE_US = Decimal(60_000_000)


def minutes(span: timedelta) -> Decimal:
    """Exact minutes of a span."""
    return Decimal(span // _US) / _MINUTE_US


def after_minutes(at: datetime, span_min: Decimal) -> datetime:
    return at + timedelta(microseconds=int(span_min * _MINUTE_US))


class Delivered(msgspec.Struct, frozen=True):
    """ml that have flowed: at least, at most, and by the rates taken as exact (`likely_ml`, only for planning)."""

    least_ml: Decimal
    likely_ml: Decimal
    most_ml: Decimal


NOTHING = Delivered(Decimal(0), Decimal(0), Decimal(0))


def delivered(state: Infusion, now: datetime) -> Delivered:
    """Integrate measured and set rates since the last moment at which the volume was known."""
    pin = _last_pin(state, now)
    if pin is None or state.drop_factor is None:
        return NOTHING
    least, most = pin.least_ml, pin.most_ml
    likely = (least + most) / 2
    for flow in state.flows:
        drops_ml = _flowed_ml(flow, pin.at, now, state.drop_factor)
        low, high = _shares(flow, state.protocol.delivery)
        least += drops_ml * low
        most += drops_ml * high
        likely += drops_ml if flow.basis != "lost" else drops_ml * (low + high) / 2
    cap = _cap(state, pin, now)
    if any(f.basis == "unknown" and pin.at <= f.start <= now for f in state.flows):
        most = cap
    return Delivered(min(least, cap), min(likely, cap), min(most, cap))


def _last_pin(state: Infusion, now: datetime) -> Pin | None:
    return next((p for p in reversed(state.pins) if p.at <= now), None)


def _flowed_ml(flow: Flow, since: datetime, until: datetime, drop_factor: int) -> Decimal:
    start = max(flow.start, since)
    end = min(flow.end, until) if flow.end else until
    if end <= start:
        return Decimal(0)
    return minutes(end - start) * flow.rate_gtt_min / drop_factor


def _shares(flow: Flow, rules: Delivery) -> tuple[Decimal, Decimal]:
    if flow.basis == "measured":
        return 1 - rules.measured_rate_pct / 100, 1 + rules.measured_rate_pct / 100
    if flow.basis == "set":
        return 1 - rules.set_rate_pct / 100, 1 + rules.set_rate_pct / 100
    return Decimal(0), 1 + rules.lost_watch_pct / 100


def _cap(state: Infusion, pin: Pin, now: datetime) -> Decimal:
    """No more than what was hung by `now` can have flowed."""
    hung = (b for b in state.bags.values() if b.hung_at is not None and b.hung_at <= now)
    known = sum((flowed_ml(state, b)[1] for b in hung), Decimal(0))
    return max(known, pin.most_ml)


def running_min(state: Infusion, stage: int, now: datetime) -> Decimal:
    """Running time of one stage, pauses left out."""
    spans = (s for s in state.spans if s.stage == stage)
    return sum((minutes((s.end or max(now, s.start)) - s.start) for s in spans), Decimal(0))


def stage_due_at(state: Infusion, now: datetime) -> datetime | None:
    """When the present stage will have run its minutes; None while nothing drips or in the last stage."""
    stage = state.protocol.infusion.stages[state.stage]
    if stage.running_min is None or state.phase is not Phase.RUNNING or state.hanging is None:
        return None
    return after_minutes(now, stage.running_min - running_min(state, state.stage, now))


def limit_at(state: Infusion) -> datetime | None:
    """When the infusion must be done: the longest duration, from the start or from the stage that counts."""
    rules = state.protocol.infusion
    from_at = counted_from(state)
    return None if from_at is None else after_minutes(from_at, rules.duration_min[1])


def earliest_end_at(state: Infusion) -> datetime | None:
    rules = state.protocol.infusion
    from_at = counted_from(state)
    return None if from_at is None else after_minutes(from_at, rules.duration_min[0])


def counted_from(state: Infusion) -> datetime | None:
    number = state.protocol.infusion.duration_counts_from_stage
    return state.started_at if number == 1 else state.reached.get(f"stage{number - 1}")


class Outlook(msgspec.Struct, frozen=True):
    """When the planned dose will be in, and the rate that would be in time.

    The present rate goes on to the end of its stage; then the next stages run at their fastest or slowest rate.
    `needed_gtt_min` is None when no time or nothing is left.
    """

    earliest_at: datetime | None
    latest_at: datetime | None
    needed_gtt_min: Decimal | None


def outlook(state: Infusion, now: datetime) -> Outlook:
    planned = state.planned_ml
    if planned is None or state.ended_at or state.drop_factor is None:
        return Outlook(None, None, None)
    have = delivered(state, now)
    needed = needed_rate(state, now)
    rate = state.rate_gtt_min
    if state.phase is not Phase.RUNNING or not rate or state.elapsed_unknown:
        return Outlook(None, None, needed)
    low, high = _shares(state.flows[-1], state.protocol.delivery)
    earliest = _minutes_for(state, (planned - have.most_ml) / high, 1, now)
    latest = None if low == 0 else _minutes_for(state, (planned - have.least_ml) / low, 0, now)
    return Outlook(after_minutes(now, earliest), None if latest is None else after_minutes(now, latest), needed)


def _minutes_for(state: Infusion, left_ml: Decimal, end: int, now: datetime) -> Decimal:
    """Minutes until `left_ml` have flowed, the stages to come at their slow (0) or fast (1) end."""
    stage, *to_come = state.protocol.infusion.stages[state.stage :]
    drops, rate = max(left_ml, _ANY) * (state.drop_factor or 0), _future_rate(state, now)
    took = drops / rate if stage.running_min is None else min(_stage_left_min(state, now), drops / rate)
    drops -= took * rate
    for following in to_come:
        rate = following.rate_gtt_min[end]
        minutes_on = drops / rate if following.running_min is None else min(following.running_min, drops / rate)
        took, drops = took + minutes_on, drops - minutes_on * rate
    return took


def _future_rate(state: Infusion, now: datetime) -> Decimal:
    flow = state.flows[-1] if state.flows else None
    if flow is not None and flow.end is None and flow.start <= now:
        return flow.rate_gtt_min
    return state.rate_gtt_min or Decimal(1)


def needed_rate(state: Infusion, now: datetime) -> Decimal | None:
    """Drops/min from now on that bring the rest in at the limit; while an earlier stage must run on, after it."""
    planned, limit = state.planned_ml, limit_at(state)
    if planned is None or limit is None or state.drop_factor is None:
        return None
    left_drops, left_min = _rest(state, planned, limit, now)
    if left_drops <= 0 or left_min <= 0:
        return None
    return left_drops / left_min


def _rest(state: Infusion, planned_ml: Decimal, until: datetime, now: datetime) -> tuple[Decimal, Decimal]:
    """Drops and minutes that are left after the present stage has run its time at its rate."""
    waiting = _stage_left_min(state, now)
    left_ml = planned_ml - delivered(state, now).likely_ml
    left_drops = left_ml * (state.drop_factor or 0) - waiting * _future_rate(state, now)
    return left_drops, minutes(until - now) - waiting


def _stage_left_min(state: Infusion, now: datetime) -> Decimal:
    stage = state.protocol.infusion.stages[state.stage]
    if stage.running_min is None:
        return Decimal(0)
    return max(Decimal(0), stage.running_min - running_min(state, state.stage, now))


def offered_rates(state: Infusion, stage: int, now: datetime) -> tuple[int, ...]:
    """Whole rates of a stage, those that can be counted in 15 s first.

    Of the last stage only those that finish in time: none when no rate does.
    """
    rules = state.protocol.infusion
    slowest, fastest = low, high = rules.stages[stage].rate_gtt_min
    if rules.stages[stage].running_min is None:
        slowest, fastest = max(low, _slowest(state, now)), min(high, _fastest(state, now))
    rates = [r for r in range(int(low), int(high) + 1) if slowest <= r <= fastest]
    easy = rules.preferred_rate_multiple_gtt_min
    return tuple(sorted(rates, key=lambda r: (r % easy != 0, r)))


_ANY, _NONE = Decimal(0), Decimal("Infinity")


def _slowest(state: Infusion, now: datetime) -> Decimal:
    """The rate that would end exactly at the longest allowed duration; infinite when that time has passed."""
    planned, limit = state.planned_ml, limit_at(state)
    if planned is None or limit is None:
        return _ANY
    left_drops, left_min = _rest(state, planned, limit, now)
    if left_drops <= 0:
        return _ANY
    return left_drops / left_min if left_min > 0 else _NONE


def _fastest(state: Infusion, now: datetime) -> Decimal:
    """The rate that would end exactly at the shortest allowed duration; infinite when that time has passed."""
    planned, earliest = state.planned_ml, earliest_end_at(state)
    if planned is None or earliest is None:
        return _NONE
    left_drops, left_min = _rest(state, planned, earliest, now)
    return left_drops / left_min if left_min > 0 else _NONE


def dose_reached(state: Infusion, now: datetime) -> bool:
    """Whether the most that may have flowed has reached the plan: stop.

    The plan follows the bags in the order in which they hang, so that it is reached in ml exactly where it is in cells.
    """
    planned = state.planned_ml
    return planned is not None and state.started_at is not None and delivered(state, now).most_ml >= planned


def dose_reached_at(state: Infusion, now: datetime) -> datetime | None:
    """Since when the dose may have been reached; None while it is not."""
    planned, pin, factor = state.planned_ml, _last_pin(state, now), state.drop_factor
    if planned is None or pin is None or factor is None or not dose_reached(state, now):
        return None
    left_ml = planned - pin.most_ml
    for flow in state.flows:
        _, high = _shares(flow, state.protocol.delivery)
        flowed_ml = _flowed_ml(flow, pin.at, now, factor) * high
        if left_ml <= flowed_ml:
            return after_minutes(max(flow.start, pin.at), max(left_ml, _ANY) * factor / (flow.rate_gtt_min * high))
        left_ml -= flowed_ml
    return state.last_at


def bag_empty_at(state: Infusion, now: datetime) -> datetime | None:
    """When the hanging bag may be empty at the earliest; None when nothing hangs or flows, or it holds the rest."""
    bag, planned = state.hanging, state.planned_ml
    if bag is None or planned is None or state.phase is not Phase.RUNNING or state.drop_factor is None:
        return None
    content = hung_ml(state)
    if content >= planned:
        return None
    flow = state.flows[-1]
    _, high = _shares(flow, state.protocol.delivery)
    left_ml = (content - delivered(state, now).most_ml) / high
    return after_minutes(now, _minutes_for(state, left_ml, 1, now))
