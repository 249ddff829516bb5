"""The drip card and the delivery strip: how fast, how much, until when."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from app.domain.infusion.drip_volume import Outlook, delivered, limit_at, minutes, outlook
from app.domain.infusion.drops_seen import DropsSeen
from app.domain.infusion.given.cells_given import cells_given
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import Task, TaskKind
from app.domain.texts import Text, number, say
from app.services.words.words import Words
from ui.infusion.delivery import DeliveryState
from ui.infusion.drip_card import DripState


def drip(s: Infusion, drops: DropsSeen | None, now: datetime, words: Words, tasks: Sequence[Task] = ()) -> DripState:
    """The target with its tempo; a rate measured before the target was set says nothing about it. A drop sensor's is newer."""
    if s.ended_at is not None:
        return DripState(None, "—", say("ended {at}", at=s.ended_at), running=False)
    target = s.rate_gtt_min if s.started_at else s.protocol.infusion.stages[0].rate_gtt_min[0]
    dripping = s.phase is Phase.HUNG or (s.phase is Phase.RUNNING and s.hanging is not None)
    note: Text | str = say("paused, then {rate}", rate=number(target)) if s.phase is Phase.PAUSED and target else ""
    owed = next((task for task in tasks if task.kind is TaskKind.MEASURE and task.is_late(now)), None)
    if owed is not None:
        note = say("▲ count now")
    rate, at = _measured(s)
    age: Text | str = say("measured {age} ago", age=words.age((now - at).total_seconds())) if at else ""
    if dripping and drops is not None and drops.rate_gtt_min is not None:
        rate, age = drops.rate_gtt_min, say("drop sensor: {ml} ml", ml=number(drops.delivered_ml.quantize(Decimal("0.1"))))
    return DripState(
        None if target is None else float(target),
        None if rate is None else number(rate.quantize(Decimal(1))),
        age,
        rate is not None and target is not None and _is_off(s, rate, target),
        dripping,
        note,
    )


def _measured(s: Infusion) -> tuple[Decimal | None, datetime | None]:
    if s.measured is None or s.measured_at is None or (s.rate_set_at and s.measured_at < s.rate_set_at):
        return None, None
    return s.measured.rate_gtt_min, s.measured_at


def _is_off(s: Infusion, rate: Decimal, target: Decimal) -> bool:
    """Further from the target than twice the error of a measurement."""
    return abs(rate - target) > 2 * target * s.protocol.delivery.measured_rate_pct / 100


def delivery(s: Infusion, now: datetime) -> DeliveryState:
    """At least – at most of the plan, the finish with the limit, the rate that would finish in time."""
    planned = float(round(s.planned_ml or Decimal(0), 1))
    limit = say("(limit {limit} min)", limit=s.protocol.infusion.duration_min[1])
    if s.started_at is None:
        return DeliveryState(None, None, planned, say("not started"), limit)
    have, ahead = delivered(s, s.ended_at or now), outlook(s, now)
    least, most = have.least_ml.to_integral_value(ROUND_FLOOR), have.most_ml.to_integral_value(ROUND_CEILING)
    over = _is_over(s, ahead, now)
    finish = _finish(s, s.started_at, ahead)
    return DeliveryState(float(least), float(most), planned, finish, limit, over, _needed(s, ahead), _share(s, now))


def _share(s: Infusion, now: datetime) -> Text | str:
    """Of the dose in cells, both ends outwards: with bags of their own counts it is not that of the ml."""
    share = cells_given(s, now).share_pct
    if share is None:
        return ""
    least, most = share.least.to_integral_value(ROUND_FLOOR), share.most.to_integral_value(ROUND_CEILING)
    return say("{share} % of the dose", share=f"{least}" if least == most else f"{least}–{most}")


def _is_over(s: Infusion, ahead: Outlook, now: datetime) -> bool:
    """Whether the infusion may pass the longest duration, or has."""
    limit = limit_at(s)
    return limit is not None and (ahead.latest_at or s.ended_at or now) > limit


def _finish(s: Infusion, started_at: datetime, ahead: Outlook) -> Text:
    if s.ended_at is not None:
        return say("ended {at} · {n} min", at=s.ended_at, n=_whole(s.ended_at, started_at, ROUND_FLOOR))
    if s.phase is Phase.PAUSED:
        return say("not known while paused")
    if ahead.earliest_at is None or ahead.latest_at is None:
        return say("not known")
    return say(
        "{from_at}–{to_at} · {least}–{most} min",
        from_at=_minute(ahead.earliest_at),
        to_at=_minute(ahead.latest_at),
        least=_whole(ahead.earliest_at, started_at, ROUND_FLOOR),
        most=_whole(ahead.latest_at, started_at, ROUND_CEILING),
    )


def _minute(at: datetime) -> datetime:
    """As it is shown: what nobody sees change is the same."""
    return at.replace(second=0, microsecond=0)


def _whole(at: datetime, since: datetime, rounding: str) -> int:
    return int(minutes(at - since).to_integral_value(rounding))


def _needed(s: Infusion, ahead: Outlook) -> Text | str:
    """Rounded up: a drop a minute less would be too late."""
    if ahead.needed_gtt_min is None:
        return "—"
    rate = ahead.needed_gtt_min.to_integral_value(ROUND_CEILING)
    fastest = s.protocol.infusion.stages[-1].rate_gtt_min[1]
    return say("{rate} drops/min: too fast", rate=rate) if rate > fastest else say("{rate} drops/min", rate=rate)
