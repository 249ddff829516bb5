"""While it runs. Nothing here ever refuses pause, slow, stop, end or a reaction."""

from datetime import datetime
from decimal import Decimal

from app.domain.errors import Refused
from app.domain.infusion import commands as c
from app.domain.infusion import facts as e
from app.domain.infusion.checks import baseline_fresh, infusion_checks
from app.domain.infusion.drip_volume import minutes, running_min
from app.domain.infusion.phases import INFUSING, Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import needs_investigator
from app.domain.infusion.tasks import start_from
from app.domain.people.roles import BEDSIDE, Person, Role
from app.domain.texts import Text, say

from . import allow
from .dispense import certified, not_expired

Events = list[e.InfusionEvent]


def start(state: Infusion, command: c.Start, by: Person, now: datetime) -> Events:
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
    return [e.Started(_rate(state, 0, command.rate_gtt_min, command.reason), command.reason)]


def _rate(state: Infusion, stage: int, rate: Decimal, reason: str) -> Decimal:
    """A rate outside its stage's range is accepted with a reason only."""
    allow.possible_rate(rate)
    low, high = state.protocol.infusion.stages[stage].rate_gtt_min
    if not low <= rate <= high and not reason.strip():
        raise Refused(say("{rate} drops/min is outside {low}–{high}: give a reason.", rate=rate, low=low, high=high))
    return rate


def step_up(state: Infusion, command: c.StepUp, by: Person, now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    allow.phase(state, {Phase.RUNNING}, say("The infusion is not running."))
    if state.is_last_stage:
        raise Refused(say("The last rate stage runs already."))
    why = step_up_waits_for(state, now)
    if why is not None:
        raise Refused(why)
    return [e.SteppedUp(_rate(state, state.stage + 1, command.rate_gtt_min, command.reason), command.reason)]


def step_up_waits_for(state: Infusion, now: datetime) -> Text | None:
    """What the step up still waits for: running time, vital signs, no discomfort; None when it may be done."""
    wanted = state.protocol.infusion.stages[state.stage].running_min or Decimal(0)
    ran = running_min(state, state.stage, now)
    if ran < wanted:
        return say("The starting rate runs {wanted} min; {ran} have passed.", wanted=wanted, ran=_tenth(ran))
    if _check_owed(state, now):
        return say("Record the vital signs that are due first.")
    if state.reaction_open:
        return say("A reaction is open.")
    last = state.checks[-1].event if state.checks else None
    if isinstance(last, e.VitalsRecorded) and last.discomfort:
        return say("The last check noted discomfort.")
    return None


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


def set_rate(state: Infusion, command: c.SetRate, by: Person, _now: datetime) -> Events:
    """Slower is always accepted, from anybody; faster outside the stage's range needs a reason."""
    allow.possible_rate(command.rate_gtt_min)
    slower = state.rate_gtt_min is not None and command.rate_gtt_min <= state.rate_gtt_min
    if not slower:
        allow.role(by, BEDSIDE)
        _rate(state, state.stage, command.rate_gtt_min, command.reason)
    return [e.RateSet(command.rate_gtt_min, command.reason.strip())]


def measure_rate(state: Infusion, command: c.MeasureRate, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    allow.possible_rate(command.rate_gtt_min)
    if state.hanging is None:
        raise Refused(say("No bag hangs: there is no drip to measure."))
    return [e.RateMeasured(command.rate_gtt_min, command.method, command.drops, command.spread_pct)]


def pause(_state: Infusion, command: c.Pause, _by: Person, _now: datetime) -> Events:
    return [e.Paused("person", command.reason.strip())]


def explain_pause(_state: Infusion, command: c.ExplainPause, _by: Person, _now: datetime) -> Events:
    return [e.PauseExplained(allow.reason(command.reason))]


def resume(state: Infusion, command: c.Resume, by: Person, _now: datetime) -> Events:
    """After a reaction stop only with an investigator's own signature."""
    allow.role(by, BEDSIDE)
    allow.phase(state, {Phase.PAUSED}, say("The infusion is not paused."))
    who = command.authorised_by
    if needs_investigator(state) and (who is None or who.role is not Role.INVESTIGATOR):
        raise Refused(say("After a reaction only an investigator lets the infusion go on."))
    rate = _rate(state, state.stage, command.rate_gtt_min, command.reason)
    reason = command.reason.strip()
    return [e.Resumed(rate, who.person_id, reason, printed_name=who.name) if who else e.Resumed(rate, reason=reason)]


def report_empty(state: Infusion, _command: c.ReportEmpty, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    if state.hanging is None:
        raise Refused(say("No bag hangs."))
    return [e.BagEmptied(state.hanging.bag.bag_id)]


def take_down_bag(state: Infusion, command: c.TakeDownBag, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    if state.hanging is None:
        raise Refused(say("No bag hangs."))
    left_ml = _left(state, command.left_ml)
    return [e.BagTakenDown(state.hanging.bag.bag_id, left_ml, allow.reason(command.reason))]


def _left(state: Infusion, left_ml: Decimal) -> Decimal:
    most = state.hanging.volume_ml if state.hanging else Decimal(0)
    if not allow.within(left_ml, (Decimal(0), most)):
        raise Refused(say("Between 0 and {most} ml can be left in the bag.", most=most))
    return left_ml


def read_remaining(state: Infusion, command: c.ReadRemaining, by: Person, _now: datetime) -> Events:
    allow.role(by, BEDSIDE)
    if state.hanging is None:
        raise Refused(say("No bag hangs."))
    return [e.RemainingRead(state.hanging.bag.bag_id, _left(state, command.left_ml))]


def end(state: Infusion, command: c.End, _by: Person, _now: datetime) -> Events:
    return [e.InfusionEnded(_readable(state, command.left_ml), command.reason.strip())]


def stop(state: Infusion, command: c.Stop, _by: Person, _now: datetime) -> Events:
    return [e.InfusionStopped(_readable(state, command.left_ml), command.reason.strip())]


def _readable(state: Infusion, left_ml: Decimal | None) -> Decimal | None:
    """A reading that the bag cannot hold is left out rather than holding up the end."""
    most = state.hanging.volume_ml if state.hanging and state.phase in INFUSING else None
    readable = left_ml is not None and most is not None and allow.within(left_ml, (Decimal(0), most))
    return left_ml if readable else None
