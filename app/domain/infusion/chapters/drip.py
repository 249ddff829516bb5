"""It drips: started, stepped up, set, measured, read off. Nothing here ever refuses to go slower."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from app.domain.errors import Refused
from app.domain.infusion import code_words as codes
from app.domain.infusion import facts as e
from app.domain.infusion import flows
from app.domain.infusion.checks import baseline_fresh, infusion_checks
from app.domain.infusion.drip_volume import minutes, running_min
from app.domain.infusion.found.dose_order import weighed_on_another_day
from app.domain.infusion.found.gate import gate, passed, why_refused
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion, Pin
from app.domain.infusion.tasks import start_from
from app.domain.infusion.wording import People, leave_words
from app.domain.log import Entry
from app.domain.people.roles import BEDSIDE, Person
from app.domain.texts import Dated, Text, listed, number, parts, revived, say

from . import allow
from .bags import certified, not_expired
from .chapter import Command, Effects, Events, Rules, Wordings


class Start(Command, frozen=True):
    """`authorised_by` and `why_allowed`: an investigator's leave where the gate asks for it. `weight_reason`: why with a weight of
    an earlier day. `latched`: high physiological alarms that stand, put in by the ward. `preflight`: how the laptop was found.
    """

    title = say("start")
    refusal_is_recorded = True

    rate_gtt_min: Decimal
    reason: str = ""
    authorised_by: Person | None = None
    why_allowed: str = ""
    weight_reason: str = ""
    latched: tuple[Text, ...] = ()
    preflight: e.PreflightDone | None = None


class StepUp(Command, frozen=True):
    """`authorised_by`, `why_allowed`, `latched`: as at the start."""

    title = say("step up")
    refusal_is_recorded = True

    rate_gtt_min: Decimal
    reason: str = ""
    authorised_by: Person | None = None
    why_allowed: str = ""
    latched: tuple[Text, ...] = ()


class SetRate(Command, frozen=True):
    title = say("set the rate")

    rate_gtt_min: Decimal
    reason: str = ""


class MeasureRate(Command, frozen=True):
    title = say("measure the rate")

    rate_gtt_min: Decimal
    method: Literal["taps", "count", "scale", "sensor"]
    drops: int
    spread_pct: Decimal | None = None


class ReadRemaining(Command, frozen=True):
    title = say("read what is left")

    left_ml: Decimal


def start(state: Infusion, command: Start, by: Person, now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    allow.no_mismatch(state)
    allow.phase(state, {Phase.HUNG}, say("Hang the first bag before the start."))
    start_at = start_from(state)
    if now < start_at:
        raise Refused(
            say(
                "Too early: the start is possible from {at}, or when an investigator overrides it.",
                at=start_at,
            )
        )
    if not baseline_fresh(state, now):
        raise Refused(say("Record the baseline vital signs first."))
    hanging = state.hanging
    assert hanging is not None
    not_expired(hanging.bag, now)  # what is known of it may have changed since it was hung
    certified(state, hanging)
    rate = rate_of_stage(state, 0, command.rate_gtt_min, command.reason)
    weight_reason = _why_this_weight(state, command, now)
    leave = passed(gate(state, now, command.latched), command.authorised_by, command.why_allowed)
    checked = () if command.preflight is None else (_answered(command.preflight),)
    return [*checked, e.Started(rate, command.reason, leave.by_id, weight_reason, **leave.told())]


def _answered(preflight: e.PreflightDone) -> e.PreflightDone:
    """Amber stops nobody, but somebody says why."""
    if preflight.ambers and not preflight.reason.strip():
        raise Refused(say("The list before the start has amber lines: say why it starts all the same."))
    return preflight


def _why_this_weight(state: Infusion, command: Start, now: datetime) -> str:
    """A weight is of the day of the start; an older one takes a reason."""
    if not weighed_on_another_day(state, now) or state.weight_at is None:
        return ""
    if not command.weight_reason.strip():
        raise Refused(say("The weight was measured at {at}, not today: give a reason to start with it.", at=Dated(state.weight_at)))
    return command.weight_reason.strip()


def rate_of_stage(state: Infusion, stage: int, rate: Decimal, reason: str) -> Decimal:
    """A rate outside its stage's range is accepted with a reason only."""
    allow.possible_rate(rate)
    low, high = state.protocol.infusion.stages[stage].rate_gtt_min
    if not low <= rate <= high and not reason.strip():
        raise Refused(say("{rate} drops/min is outside {low}–{high}: give a reason.", rate=rate, low=low, high=high))
    return rate


def step_up(state: Infusion, command: StepUp, by: Person, now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    allow.phase(state, {Phase.RUNNING}, say("The infusion is not running."))
    if state.is_last_stage:
        raise Refused(say("The last rate stage runs already."))
    why = step_up_waits_for(state, now)
    if why is not None:
        raise Refused(why)
    rate = rate_of_stage(state, state.stage + 1, command.rate_gtt_min, command.reason)
    leave = passed(gate(state, now, command.latched), command.authorised_by, command.why_allowed)
    return [e.SteppedUp(rate, command.reason, leave.by_id, **leave.told())]


def step_up_waits_for(state: Infusion, now: datetime) -> Text | None:
    """What the step up still waits for: running time, vital signs, and what nobody goes on with; None when it may be done.

    What an investigator may let pass is asked for at the gate.
    """
    wanted = state.protocol.infusion.stages[state.stage].running_min or Decimal(0)
    ran = running_min(state, state.stage, now)
    if ran < wanted:
        return say("The starting rate runs {wanted} min; {ran} have passed.", wanted=wanted, ran=_tenth(ran))
    if _check_owed(state, now):
        return say("Record the vital signs that are due first.")
    return why_refused(state)


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding="ROUND_FLOOR")


def _check_owed(state: Infusion, now: datetime) -> bool:
    """Whether a check came due in this stage and none was recorded since that check's window opened."""
    began = next((s.start for s in state.spans if s.stage == state.stage), now)
    owed = [k.due_at for k in infusion_checks(state, now) if began < k.due_at <= now and k.slot_min]
    if not owed:
        return False
    early = state.protocol.vitals.early_min
    return not any(minutes(max(owed) - entry.at) <= early for entry in state.checks)


def set_rate(state: Infusion, command: SetRate, by: Person, _now: datetime) -> Events:
    """Slower is always accepted, from anybody; faster outside the stage's range needs a reason."""
    allow.possible_rate(command.rate_gtt_min)
    slower = state.rate_gtt_min is not None and command.rate_gtt_min <= state.rate_gtt_min
    if not slower:
        allow.role(by, BEDSIDE)
        rate_of_stage(state, state.stage, command.rate_gtt_min, command.reason)
    return [e.RateSet(command.rate_gtt_min, command.reason.strip())]


def measure_rate(state: Infusion, command: MeasureRate, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    allow.possible_rate(command.rate_gtt_min)
    if state.hanging is None:
        raise Refused(say("No bag hangs: there is no drip to measure."))
    return [e.RateMeasured(command.rate_gtt_min, command.method, command.drops, command.spread_pct)]


def read_remaining(state: Infusion, command: ReadRemaining, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    if state.hanging is None:
        raise Refused(say("No bag hangs."))
    return [e.RemainingRead(state.hanging.bag.bag_id, allow.left_in_bag(state, command.left_ml))]


def _preflight_words(ev: e.PreflightDone, _s: Infusion, _p: People) -> Text:
    """What is amber, each by its own words."""
    if not ev.ambers:
        return say("The laptop was looked over before the start: all well")
    amber = listed(revived(item.said) for item in ev.ambers)
    return parts(say("The laptop was looked over before the start: {amber}", amber=amber), codes.word(ev.reason))


def _started_words(ev: e.Started, _s: Infusion, people: People) -> Text:
    line = say("Started at {rate_gtt_min} drops/min", rate_gtt_min=number(ev.rate_gtt_min))
    weight = say("weight of an earlier day: {why}", why=codes.word(ev.weight_reason)) if ev.weight_reason else None
    return parts(line, codes.word(ev.reason), weight, *leave_words(ev, people))


def _stepped_up_words(ev: e.SteppedUp, _s: Infusion, people: People) -> Text:
    line = say("Stepped up to {rate_gtt_min} drops/min", rate_gtt_min=number(ev.rate_gtt_min))
    return parts(line, codes.word(ev.reason), *leave_words(ev, people))


def _started(s: Infusion, entry: Entry, ev: e.Started) -> None:
    s.started_at = entry.at
    s.pins.append(Pin(entry.at, Decimal(0), Decimal(0)))
    flows.run(s, entry.at, ev.rate_gtt_min)


def _stepped_up(s: Infusion, entry: Entry, ev: e.SteppedUp) -> None:
    s.stage += 1
    s.reached.setdefault(f"stage{s.stage}", entry.at)
    flows.stop_drip(s, entry.at)
    flows.run(s, entry.at, ev.rate_gtt_min)


def _rate_set(s: Infusion, entry: Entry, ev: e.RateSet) -> None:
    s.rate_gtt_min, s.rate_set_at = ev.rate_gtt_min, entry.at
    if s.hanging:
        flows.flow(s, entry.at, ev.rate_gtt_min, "set")


def _measured(s: Infusion, entry: Entry, ev: e.RateMeasured) -> None:
    s.measured, s.measured_at = ev, entry.at
    s.measurements.append((entry, s.rate_gtt_min or Decimal(0)))
    flows.flow(s, entry.at, ev.rate_gtt_min, "measured")


def _remaining(s: Infusion, entry: Entry, ev: e.RemainingRead) -> None:
    flows.pin(s, entry.at, ev.left_ml)


def _measured_words(ev: e.RateMeasured, _s: Infusion, _p: People) -> Text:
    line = say("Rate measured {rate} drops/min ({method}, {drops} drops)", rate=number(ev.rate_gtt_min),
               method=codes.word(ev.method, codes.METHODS), drops=ev.drops)  # fmt: skip
    spread = say("spread {pct} %", pct=number(ev.spread_pct)) if ev.spread_pct is not None else None
    return parts(line, spread)


RULES: Rules = {
    Start: start,
    StepUp: step_up,
    SetRate: set_rate,
    MeasureRate: measure_rate,
    ReadRemaining: read_remaining,
}
EFFECTS: Effects = {
    e.Started: _started,
    e.SteppedUp: _stepped_up,
    e.RateSet: _rate_set,
    e.RateMeasured: _measured,
    e.RemainingRead: _remaining,
}
WORDS: Wordings = {
    e.PreflightDone: _preflight_words, e.Started: _started_words, e.SteppedUp: _stepped_up_words, e.RateMeasured: _measured_words,
}  # fmt: skip
