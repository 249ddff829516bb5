"""The script: does the next task as careful people would, types what the monitor cannot give, taps the drip."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count

from app.domain.infusion import facts as e
from app.domain.infusion.bench_steps import before_release
from app.domain.infusion.chapters.bags import RecordCertificate, ScanBag
from app.domain.infusion.chapters.bench import ChooseSet, Release
from app.domain.infusion.chapters.chapter import Command
from app.domain.infusion.chapters.drip import MeasureRate, ReadRemaining, SetRate, Start, StepUp
from app.domain.infusion.chapters.ending import CloseObservation, DestroyLeftover, End, FlushLine
from app.domain.infusion.chapters.exchange import Receive
from app.domain.infusion.chapters.identity import CheckIdentity
from app.domain.infusion.chapters.pause import Resume
from app.domain.infusion.chapters.premedication import GivePremedication
from app.domain.infusion.chapters.signing import Sign
from app.domain.infusion.chapters.thaw import CheckBag, HangBag, ReportEmpty, ThawBag
from app.domain.infusion.chapters.vital_checks import RecordVitals
from app.domain.infusion.chapters.weighing import ConfirmWeight, RecordWeight
from app.domain.infusion.drip_volume import limit_at, needed_rate, offered_rates
from app.domain.infusion.given.taps import tapped
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.task_kinds import Task, TaskKind
from app.domain.people.roles import Person
from app.domain.products.leftovers import leftover_ml
from app.domain.vitals.entered import REQUIRED
from app.domain.vitals.vital_signs import VITALS, Reading
from app.services.access.practice_people import PRACTICE
from app.services.ward.ports import Outcome
from app.services.ward.ward import Bedside

from .gravity_drip import GravityDrip

_HAND_S, _WAIT_FOR_MONITOR = timedelta(seconds=20), timedelta(minutes=2)
BEFORE_MIDNIGHT = "weighed before midnight"  # asked for only where the weight is of the day before
_TYPED = {"hr": "78", "spo2": "97", "nibp_sys": "121", "nibp_dia": "74", "rr": "16", "temp": "36.7"}
_VIABILITY_PCT, _BAG = Decimal("91.2"), "UC-2611-{:03}"

N1, N2, PHARMACIST, INVESTIGATOR = (person for person, _pin in PRACTICE)


class Order:
    """What is to be rehearsed."""

    def __init__(self, weight_kg: Decimal, drop_factor: int, group: str, subject: str, bed: str) -> None:
        self.weight_kg, self.drop_factor, self.group = weight_kg, drop_factor, group
        self.subject, self.bed = subject, bed


class Nurse:
    """Acts on one infusion at a time: one command, then the next once that one is saved.

    `refused` holds what the rules refused, in the order it happened; a script that is refused stops.
    """

    def __init__(self, bedside: Bedside, order: Order, seed: int) -> None:
        self.bedside, self.order = bedside, order
        self.drip = GravityDrip(order.drop_factor, seed)
        self.infusion_id = bedside.order(order.subject, order.bed, order.group, 1, INVESTIGATOR, self._answered)
        self.stopped_by: Outcome | None = None
        self._busy = True
        self._rest_until = bedside.now()
        self._bags = next(n for n in count() if not bedside.past.who_took(_BAG.format(n + 1)))
        self._asked_at: datetime | None = None

    @property
    def state(self) -> Infusion:
        return self.bedside.infusion(self.infusion_id)

    @property
    def is_busy(self) -> bool:
        """Whether what was done last is not saved yet."""
        return self._busy

    @property
    def finished(self) -> bool:
        return not self._busy and self.state.phase in (Phase.SIGNED, Phase.ABANDONED)

    def step(self) -> None:
        """Look, and do the next thing if its time has come."""
        now = self.bedside.now()
        if self._busy or self.stopped_by or now < self._rest_until or self.finished:
            return
        if self._bag_ran_dry(now):
            self._do(ReportEmpty(), N1)
            return
        task = self.bedside.bed(self.infusion_id).next
        if task is not None and task.kind is TaskKind.RELEASE:
            task = before_release(self.state, now)
        if task is None or not task.is_open(now) or (task.kind is TaskKind.VITALS and now < _hand_at(task)):
            return
        act = _ACTS.get(task.kind)
        if act is not None:
            act(self, task, now)

    def _bag_ran_dry(self, now: datetime) -> bool:
        state = self.state
        hanging = state.hanging if state.phase is Phase.RUNNING else None
        return hanging is not None and self.drip.left_ml(now) <= 0

    def _do(self, command: Command, by: Person) -> None:
        self._busy = True
        self._rest_until = self.bedside.now() + _HAND_S
        self.bedside.submit(self.infusion_id, command, by, self._answered)

    def _answered(self, outcome: Outcome) -> None:
        self._busy = False
        if not outcome.ok:
            self.stopped_by = outcome

    # --- one act a kind of task

    def weigh(self, _task: Task, _now: datetime) -> None:
        self._do(RecordWeight(self.order.weight_kg, again_kg=self.order.weight_kg), N1)

    def confirm_weight(self, _task: Task, _now: datetime) -> None:
        self._do(ConfirmWeight(), N2)

    def choose_set(self, _task: Task, _now: datetime) -> None:
        self._do(ChooseSet(self.order.drop_factor), PHARMACIST)

    def take_bag(self, _task: Task, now: datetime) -> None:
        self._do(ScanBag(self._bag(now)), PHARMACIST)

    def certify(self, task: Task, _now: datetime) -> None:
        tests = dict.fromkeys(self.state.protocol.product.certificate_tests, True)
        self._do(RecordCertificate(task.bag_id or "", _VIABILITY_PCT, tests, True, True), PHARMACIST)

    def release(self, _task: Task, _now: datetime) -> None:
        self._do(Release(), PHARMACIST)

    def _bag(self, now: datetime) -> e.Bag:
        self._bags += 1
        product = self.state.protocol.product
        expiry = (now + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
        return e.Bag(_BAG.format(self._bags), "UC2611", product.cells_per_bag, product.volume_per_bag_ml, expiry, "scan")

    def receive(self, _task: Task, _now: datetime) -> None:
        self._do(Receive(), N1)

    def verify(self, _task: Task, _now: datetime) -> None:
        by = N2 if N1.person_id in self.state.identity_checked_by else N1
        plan = self.state.plan
        bags = tuple(d.bag_id for d in plan.draws) if plan else ()
        self._do(CheckIdentity(self.order.subject, bags, "scan"), by)

    def premedicate(self, _task: Task, now: datetime) -> None:
        dose_mg = self.state.protocol.premedication.dose_mg
        self._do(GivePremedication(dose_mg, now, "none", False, "drawn"), N1)

    def thaw(self, task: Task, now: datetime) -> None:
        self._do(ThawBag(task.bag_id or "", now), N1)

    def check_bag(self, task: Task, _now: datetime) -> None:
        bag_id = task.bag_id or ""
        by = N2 if N1.person_id in self.state.bags[bag_id].checked_by else N1
        self._do(CheckBag(bag_id, bag_id, True, "scan", subject=self.order.subject), by)

    def hang(self, task: Task, now: datetime) -> None:
        """The next bag only when the one before has run dry."""
        hanging = self.state.hanging
        if hanging is not None and self.drip.left_ml(now) > 0:
            self._rest_until = now + _HAND_S
            return
        bag = self.state.bags[task.bag_id or ""]
        self.drip.hang(bag.volume_ml, now)
        self._do(HangBag(bag.bag.bag_id), N1)

    def start(self, _task: Task, now: datetime) -> None:
        rate = self.state.protocol.infusion.stages[0].rate_gtt_min[0]
        self._set(rate, now)
        self._do(Start(rate, weight_reason=BEFORE_MIDNIGHT), N1)

    def _set(self, rate: Decimal, now: datetime) -> None:
        self.drip.set_rate(rate, now)

    def step_up(self, _task: Task, now: datetime) -> None:
        rate = self._rate(self.state.stage + 1, now)
        self._set(rate, now)
        self._do(StepUp(rate), N1)

    def _rate(self, stage: int, now: datetime) -> Decimal:
        """A countable rate with some room to spare, else the fastest that is allowed."""
        state = self.state
        needed = needed_rate(state, now) or Decimal(0)
        offered = offered_rates(state, stage, now)
        roomy = [r for r in offered if r >= needed * Decimal("1.05")]
        return Decimal(roomy[0]) if roomy else state.protocol.infusion.stages[stage].rate_gtt_min[1]

    def measure(self, _task: Task, now: datetime) -> None:
        """Tap along; where the drip ran off its target, set the clamp again."""
        state = self.state
        found = tapped(self.drip.taps(now))
        if found is None:
            self._rest_until = now + _HAND_S
            return
        measured = state.measured_at is not None and state.rate_set_at is not None
        settled = measured and state.flows[-1].basis == "measured"
        target = state.rate_gtt_min or found.rate_gtt_min
        if settled and abs(found.rate_gtt_min - target) > 3:
            self._set(target, now)
            self._do(SetRate(target), N1)
            return
        self._do(MeasureRate(found.rate_gtt_min, "taps", found.drops, found.spread_pct), N1)

    def vitals(self, task: Task, now: datetime) -> None:
        """Take what the monitor has; wait a little for what it lacks and has given before; then type it."""
        watched = self.bedside.watched(self.infusion_id)
        fresh = watched.for_check(now)
        lacking = [group for group in REQUIRED if not any(code in fresh for code in group)]
        may_come = any(watched.newest(code) for group in lacking for code in group)
        if may_come and now < task.due_at + _WAIT_FOR_MONITOR:
            return
        typed = [e.VitalEntry(g[0], Decimal(_TYPED[g[0]]), "typed") for g in lacking]
        taken = [_entry(code, fresh[code], now) for code in VITALS if code in fresh]
        self._do(RecordVitals(tuple(taken + typed), False, "A", False), N1)

    def resume(self, _task: Task, now: datetime) -> None:
        rate = self.state.rate_gtt_min or Decimal(0)
        self._set(rate, now)
        self._do(Resume(rate, INVESTIGATOR), N1)

    def read_remaining(self, _task: Task, now: datetime) -> None:
        self._do(ReadRemaining(_whole(self.drip.left_ml(now))), N1)

    def end(self, _task: Task, now: datetime) -> None:
        left = _whole(self.drip.left_ml(now)) if self.state.hanging else None
        self._set(Decimal(0), now)
        self._do(End(left, "" if _in_time(self.state, now) else "the drip ran slower than set"), N1)

    def flush(self, _task: Task, _now: datetime) -> None:
        self._do(FlushLine(Decimal(30)), N1)

    def destroy(self, task: Task, _now: datetime) -> None:
        bag = self.state.bags[task.bag_id or ""]
        self._do(DestroyLeftover(bag.bag.bag_id, leftover_ml(self.state, bag), N2), N1)

    def close_observation(self, _task: Task, _now: datetime) -> None:
        self._do(CloseObservation("reaction_resolved" if self.state.reactions else "no_reaction"), N1)

    def sign_performed(self, _task: Task, _now: datetime) -> None:
        self._do(Sign("performed"), N1)

    def sign_reviewed(self, _task: Task, _now: datetime) -> None:
        self._do(Sign("reviewed"), INVESTIGATOR)


def _hand_at(task: Task) -> datetime:
    """A check is begun at its time, the baseline a little before the start it allows."""
    return task.due_at if task.check else task.opens_at + timedelta(minutes=3)


def _entry(code: str, reading: Reading, now: datetime) -> e.VitalEntry:
    places = Decimal(1).scaleb(-VITALS[code].decimals)
    value = reading.sample.value
    assert value is not None
    return e.VitalEntry(code, value.quantize(places), "monitor", int(reading.age_s(now)))


def _whole(ml: float) -> Decimal:
    return Decimal(round(ml))


def _in_time(state: Infusion, now: datetime) -> bool:
    limit = limit_at(state)
    return limit is None or now <= limit


#: How the script does what it may meet; the other kinds it never causes.
_ACTS: dict[TaskKind, Callable[[Nurse, Task, datetime], None]] = {
    TaskKind.WEIGH: Nurse.weigh,
    TaskKind.CONFIRM_WEIGHT: Nurse.confirm_weight,
    TaskKind.CHOOSE_SET: Nurse.choose_set,
    TaskKind.TAKE_BAG: Nurse.take_bag,
    TaskKind.CERTIFY: Nurse.certify,
    TaskKind.RELEASE: Nurse.release,
    TaskKind.RECEIVE: Nurse.receive,
    TaskKind.VERIFY: Nurse.verify,
    TaskKind.PREMEDICATE: Nurse.premedicate,
    TaskKind.THAW: Nurse.thaw,
    TaskKind.CHECK_BAG: Nurse.check_bag,
    TaskKind.HANG: Nurse.hang,
    TaskKind.START: Nurse.start,
    TaskKind.STEP_UP: Nurse.step_up,
    TaskKind.MEASURE: Nurse.measure,
    TaskKind.VITALS: Nurse.vitals,
    TaskKind.RESUME: Nurse.resume,
    TaskKind.READ_REMAINING: Nurse.read_remaining,
    TaskKind.STOP_DOSE_REACHED: Nurse.end,
    TaskKind.END: Nurse.end,
    TaskKind.FLUSH: Nurse.flush,
    TaskKind.DESTROY: Nurse.destroy,
    TaskKind.CLOSE_OBSERVATION: Nurse.close_observation,
    TaskKind.SIGN_PERFORMED: Nurse.sign_performed,
    TaskKind.SIGN_REVIEWED: Nurse.sign_reviewed,
}
