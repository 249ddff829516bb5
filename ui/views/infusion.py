"""One infusion as the Infusion page's widgets show it."""

from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.delivered import delivered, limit_at, minutes, outlook, stage_due_at
from app.domain.due import next_task, observation_due_at, start_from
from app.domain.events import VitalsRecorded
from app.domain.infusion import INFUSING, Infusion, Phase
from app.domain.stages import StageSpan, stages
from app.domain.texts import Text, say
from app.domain.vitals import VITALS, Level, Reading, level
from app.services.monitoring import Watched
from app.services.words import Words
from ui.views.tasks import short_words, task_words
from ui.widgets.bp import pressure
from ui.widgets.delivery import DeliveryState
from ui.widgets.dock import Action, DockState
from ui.widgets.drip_card import DripState
from ui.widgets.identity import Fact, IdentityState
from ui.widgets.stage_strip import Stage
from ui.widgets.tile import TileState

_LEVELS = {Level.OUTSIDE: "medium", Level.FAR_OUTSIDE: "high"}


def identity(s: Infusion, now: datetime, words: Words) -> IdentityState:
    """Subject, bed, group and dose, weight, plan, bag, set; the clock counts from the start or from the end."""
    doses = s.protocol.doses_in(s.order.group)
    plan = s.plan
    facts = [
        Fact(say("Bed"), s.order.bed),
        Fact(say("Group"), say("{group} · {dose} of {doses}", group=s.order.group, dose=s.order.dose_number, doses=doses)),
        Fact(say("Weight"), f"{s.weight.weight_kg} kg" if s.weight else "—"),
        Fact(say("Planned"), _planned(s, words)),
        Fact(say("Bag"), _bag(s)),
        Fact(say("Set"), f"{s.drop_factor} gtt/ml" if s.drop_factor else "—"),
    ]
    from_at = s.ended_at or s.started_at
    clock = words.left(now - from_at) if from_at and plan else ""
    name: Text | str = say("since the end") if s.ended_at else say("since the start")
    return IdentityState(s.order.subject, tuple(facts), clock, name if clock else "")


def _planned(s: Infusion, words: Words) -> str:
    if s.plan is None or s.planned_ml is None:
        return "—"
    return f"{words.cells(s.plan.dose_cells)} · {s.planned_ml:.1f} ml"


def _bag(s: Infusion) -> str | Text:
    plan = s.plan
    hanging = s.hanging or s.next_bag
    if plan is None or hanging is None:
        return "—"
    ids = [d.bag_id for d in plan.draws]
    number = ids.index(hanging.bag.bag_id) + 1 if hanging.bag.bag_id in ids else len(ids)
    return say("{n} of {of} · {bag}", n=number, of=len(ids), bag=hanging.bag.bag_id)


def strip(s: Infusion, now: datetime, words: Words) -> tuple[Stage, ...]:
    found = stages(s)
    on = next((i for i, x in enumerate(found) if x.started_at and x.ended_at is None), None)
    return tuple(_stage(s, x, i, on, now, words) for i, x in enumerate(found))


def _stage(s: Infusion, span: StageSpan, at: int, on: int | None, now: datetime, words: Words) -> Stage:
    if span.ended_at is not None:
        return Stage(span.label, "done", words.time(span.ended_at))
    if at == on:
        return Stage(span.label, "current", _left(s, now, words))
    if on is not None and at == on + 1:
        task = next_task(s, now)
        return Stage(span.label, "next", short_words(task, s, now) if task and not s.ended_at else "")
    return Stage(span.label, "later")


def _left(s: Infusion, now: datetime, words: Words) -> Text | str:
    """The time left of the stage that is on."""
    until = stage_due_at(s, now)
    if s.phase is Phase.PAUSED:
        return say("paused")
    if s.phase in INFUSING and until is None:
        until = limit_at(s)
    if s.phase is Phase.OBSERVATION:
        until = observation_due_at(s)
    if s.phase in (Phase.PREMEDICATED, Phase.THAWED, Phase.HUNG):
        until = start_from(s)
    if until is None:
        return ""
    left = words.left(until - now)
    return say("{left} left", left=left) if until > now else say("{left} over", left=left)


_TILES = (("spo2", "oxygen"), ("rr", "breath"), ("temp", "warmth"))


def tiles(s: Infusion, watched: Watched, now: datetime, words: Words) -> list[TileState]:
    """Heart rate (or pulse), SpO₂, pressure, respiration, temperature: five tiles in their order."""
    rate = "pr" if watched.newest("hr") is None and watched.newest("pr") is not None else "hr"
    spo2, rr, temp = (tile(s, watched, code, colour, now, words) for code, colour in _TILES)
    heart = tile(s, watched, rate, "heart", now, words)
    sys = tile(s, watched, "nibp_sys", "pressure", now, words)
    values = [_value(s, watched, code) for code in ("nibp_sys", "nibp_dia", "nibp_map")]
    bp = pressure(sys, *values)
    return [heart, spo2, _named(bp), rr, temp]


def _named(state: TileState) -> TileState:
    return msgspec.structs.replace(state, name=say("Blood pressure"))


def _value(s: Infusion, watched: Watched, code: str) -> Decimal | None:
    newest = watched.newest(code)
    by_hand = typed(s, code)
    if by_hand and (newest is None or by_hand[1] > newest.measured_at):
        return by_hand[0]
    return newest.sample.value if newest else None


def typed(s: Infusion, code: str) -> tuple[Decimal, datetime] | None:
    """The newest value that a person typed, and when."""
    for entry in reversed(s.checks):
        event = entry.event
        if isinstance(event, VitalsRecorded):
            for value in event.values:
                if value.vital == code and value.source == "typed" and value.value is not None:
                    return value.value, entry.at
    return None


def tile(s: Infusion, watched: Watched, code: str, colour: str, now: datetime, words: Words) -> TileState:
    """One vital sign: the newest value with its age and source, or why there is none."""
    vital = VITALS[code]
    value, at, source = _newest(s, watched, code)
    limits = f"{_short(vital.low)}–{_short(vital.high)}" if vital.high is not None else f"≥ {_short(vital.low)}"
    if value is None or at is None:
        return TileState(vital.name, colour, None, vital.unit, limits=limits, missing=_why(watched, code))
    age_s = (now - at).total_seconds()
    how_far, limit = level(vital, value)
    stale = age_s > watched.max_age_s(code)
    return TileState(
        name=vital.name,
        colour=colour,
        value=f"{value:.{vital.decimals}f}",
        unit=vital.unit,
        limits=limits,
        source=source,
        age=words.age(age_s),
        stale=stale,
        alarm=None if stale else _LEVELS.get(how_far),  # type: ignore[arg-type]
        high=limit is not None and value > limit,
    )


def _newest(s: Infusion, watched: Watched, code: str) -> tuple[Decimal | None, datetime | None, Text]:
    reading: Reading | None = watched.newest(code)
    by_hand = typed(s, code)
    if by_hand and (reading is None or by_hand[1] > reading.measured_at):
        return by_hand[0], by_hand[1], say("by hand")
    if reading is None:
        return None, None, say("monitor")
    return reading.sample.value, reading.measured_at, say("simulated") if reading.simulated else say("monitor")


def _short(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


_REASONS = {
    "sensor_off": say("sensor off"), "searching": say("searching"), "measuring": say("measuring"),
    "invalid": say("invalid"), "questionable": say("questionable"), "implausible": say("not plausible"),
    "unavailable": say("not measured"), "stale": say("too old"), "demo": say("demo value"), "test": say("test value"),
}  # fmt: skip


def _why(watched: Watched, code: str) -> Text:
    quality = watched.why_none(code)
    if quality is not None:
        return _REASONS[quality.value]
    return say("no monitor") if watched.link is None else say("nothing received")


def drip(s: Infusion, now: datetime, words: Words) -> DripState:
    measured = s.flows[-1].basis == "measured" if s.flows else False
    rate = s.measured.rate_gtt_min if s.measured else None
    age = say("measured {age} ago", age=words.age((now - s.measured_at).total_seconds())) if s.measured_at else ""
    target = float(s.rate_gtt_min) if s.rate_gtt_min is not None else None
    off = bool(measured and rate and target and abs(float(rate) - target) > target * 0.1)
    running = s.phase is Phase.RUNNING and s.hanging is not None
    return DripState(target, f"{rate:.0f}" if rate is not None else None, age, off, running)


def delivery(s: Infusion, now: datetime) -> DeliveryState:
    """At least – at most of the plan, the finish with the limit, the rate that would finish in time."""
    planned = float(s.planned_ml or 0)
    if s.started_at is None:
        return DeliveryState(None, None, planned)
    have, ahead, limit = delivered(s, s.ended_at or now), outlook(s, now), limit_at(s)
    finish: Text | str = ""
    over = False
    if ahead.earliest_at and ahead.latest_at:
        over = limit is not None and ahead.latest_at > limit
        finish = say(
            "{from_at}–{to_at} · {least}–{most} min",
            from_at=ahead.earliest_at, to_at=ahead.latest_at,
            least=int(minutes(ahead.earliest_at - s.started_at)), most=int(minutes(ahead.latest_at - s.started_at)) + 1,
        )  # fmt: skip
    rules = s.protocol.infusion.duration_min
    needed = say("{rate} drops/min", rate=f"{ahead.needed_gtt_min:.0f}") if ahead.needed_gtt_min else ""
    return DeliveryState(
        float(have.least_ml),
        float(have.most_ml),
        planned,
        finish,
        say("limit {limit} min", limit=rules[1]),
        over,
        needed,
    )


def dock(s: Infusion, now: datetime, words: Words) -> DockState:
    """Exactly one primary action, the next thing to do, and what else may be done in this phase."""
    task = next_task(s, now)
    infusing = s.phase in INFUSING
    others: list[Action] = []
    if s.phase is Phase.RUNNING:
        others += [Action("measure", say("Drip"), "F3"), Action("change_rate", say("Rate"), "F4")]
        others += [Action("pause", say("Pause"))]
    if infusing or s.phase is Phase.OBSERVATION:
        others.insert(0, Action("vitals", say("Vitals"), "F2"))
    others += [Action("more", say("More")), Action("timeline", say("Timeline"))]
    reaction = s.phase not in (Phase.SIGNED, Phase.ABANDONED, Phase.ORDERED, Phase.RELEASED, Phase.RECEIVED)
    if task is None:
        primary = Action("record", say("Open the record (PDF)"), "Enter")
        return DockState(primary, tuple(others), reaction)
    left = words.left(task.left(now))
    text = task_words(task, s, now, left)
    primary = Action(task.kind.value, text, "Enter", task.is_open(now), "")
    return DockState(primary, tuple(others), reaction)
