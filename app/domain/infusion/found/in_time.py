"""What runs over its time, or off what was set: one function a rule, from which task, alarm and deviation all come.

| rule | from the protocol | over when | stands (task, alarm) until | deviation |
|---|---|---|---|---|
| pre-medication | `premedication.latest_min` | longer ago than this, and not started | the start | started after it |
| thawed, to be hung | `thaw.warn_min` | longer ago than this | it drips | – |
| thawed, to be started | `thaw.start_within_min` | longer ago than this, and does not drip | it drips | it dripped after it |
| thawed, to be finished | `thaw.end_within_min` | it still hangs | empty, taken down or ended | it ran in after it |
| stage | `infusion.stage_over_min` | its running time is over by more than this | the step up, the end | it ran longer |
| rate | `delivery.rate_off_pct` | the newest measured rate is off the set one by more | set or measured anew | each such one |
| certificate | its points | the hanging bag's does not pass | it is down or empty | it failed while it hung |
| observation | `observation.length_min` | – | – | closed before it |

Exactly at a limit is in time. Where the file sets no number (None) there is no rule; certificate and observation, which have no
number of their own, are judged where the file has a `gate`, so that a record of a former file keeps its meaning. Once the
maker's limit for a thawed bag is entered (`thaw.limit_min`) it stands in place of the three. What is destroyed is judged where it
is (`chapters/ending.py`).
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.drip_volume import after_minutes, minutes, running_min, stage_due_at
from app.domain.infusion.phases import INFUSING, Phase
from app.domain.infusion.state import BagState, Infusion
from app.domain.infusion.task_kinds import TaskKind
from app.domain.infusion.task_rows import Reminder
from app.domain.products.certificate import points
from app.domain.texts import Text, listed, number, say
from app.domain.watch.priority import Priority


class Over(msgspec.Struct, frozen=True):
    """One thing that is over. `since`: from when. `text`: as the alarm says it.

    `stands`: somebody still has to do something about it (`kind`). `deviation`: as the record says it, None where it is none
    (yet), with the `reason` that was given, at `at`.
    """

    kind: TaskKind
    since: datetime
    text: Text
    priority: Priority
    stands: bool = False
    deviation: Text | None = None
    at: datetime | None = None
    reason: str = ""
    bag_id: str | None = None

    @property
    def reminder(self) -> Reminder:
        return Reminder(self.priority, self.text, after_s=0)


def over(state: Infusion, now: datetime) -> list[Over]:
    """Everything that is, or was, over its time or off what was set."""
    return [
        *_premedication(state, now),
        *(one for bag in state.bags.values() for one in _thawed(state, bag, now)),
        *_stages(state, now),
        *_rates(state),
        *_certificates(state),
        *_observation(state),
    ]


def _is_judged(s: Infusion) -> bool:
    """Whether the file is one by which what was found counts."""
    return s.protocol.gate is not None


def _premedication(s: Infusion, now: datetime) -> Iterator[Over]:
    given, latest = s.premedication, s.protocol.premedication.latest_min
    if given is None or latest is None or s.phase is Phase.ABANDONED:
        return
    took = minutes((s.started_at or now) - given.given_at)
    if took > latest:
        text = say("Pre-medication was more than {limit} min ago", limit=latest)
        deviation = say("Started {took} min after the pre-medication, after {latest}.", took=_up(took), latest=latest)
        yield Over(TaskKind.PREMEDICATION_AGE, after_minutes(given.given_at, latest), text, Priority.MEDIUM,
                   s.started_at is None, deviation if s.started_at else None, s.started_at)  # fmt: skip


# --- a thawed bag


class _Ages(msgspec.Struct, frozen=True):
    warn_min: Decimal | None
    start_min: Decimal | None
    end_min: Decimal | None


def _ages(s: Infusion) -> _Ages:
    rules = s.protocol.thaw
    if rules.limit_min is None or rules.end_within_min is None:
        return _Ages(rules.warn_min, rules.start_within_min, rules.end_within_min)
    return _Ages(None, rules.limit_min, rules.limit_min)


def _thawed(s: Infusion, bag: BagState, now: datetime) -> Iterator[Over]:
    if bag.thawed_at is None:
        return
    began = _dripped_at(s, bag)
    yield from _to_start(s, bag, bag.thawed_at, began, now)
    end_min = _ages(s).end_min
    if began is None or end_min is None:
        return
    ended = bag.emptied_at or bag.taken_down_at or s.ended_at
    took = minutes((ended or now) - bag.thawed_at)
    if took > end_min:
        told = {"bag": bag.bag.bag_id, "took": _up(took), "limit": end_min}
        text = say("Bag {bag}: thawed more than {limit} min ago, and it still runs", **told)
        deviation = say("Bag {bag} ran in {took} min after its thaw, after {limit}.", **told)
        yield Over(TaskKind.THAW_AGE, after_minutes(bag.thawed_at, end_min), text, Priority.MEDIUM,
                   ended is None, deviation, ended or now, bag_id=bag.bag.bag_id)  # fmt: skip


def _dripped_at(s: Infusion, bag: BagState) -> datetime | None:
    """Since when something of it has flowed; None for a bag that never dripped."""
    if bag.hung_at is None or s.started_at is None or (bag.taken_down_at is not None and bag.taken_down_at <= s.started_at):
        return None
    return max(bag.hung_at, s.started_at)


def _to_start(s: Infusion, bag: BagState, thawed_at: datetime, began: datetime | None, now: datetime) -> Iterator[Over]:
    """Warned of while it waits. What started the infusion too late passed the gate, which tells of it."""
    ages, bag_id = _ages(s), bag.bag.bag_id
    took = minutes((began or now) - thawed_at)
    waits = began is None and bag.usable and bag.taken_down_at is None and s.phase in _WAITING
    if ages.start_min is not None and took > ages.start_min:
        told = {"bag": bag_id, "took": _up(took), "limit": ages.start_min}
        text = say("Bag {bag}: thawed more than {limit} min ago, and not started", **told)
        deviation = say("Bag {bag} began {took} min after its thaw, after {limit}.", **told)
        late = began is not None and began != s.started_at
        yield Over(TaskKind.THAW_AGE, after_minutes(thawed_at, ages.start_min), text, Priority.MEDIUM,
                   waits, deviation if late else None, began, bag_id=bag_id)  # fmt: skip
    elif ages.warn_min is not None and took > ages.warn_min and waits:
        text = say("Bag {bag}: thawed more than {limit} min ago", bag=bag_id, limit=ages.warn_min)
        yield Over(TaskKind.THAW_AGE, after_minutes(thawed_at, ages.warn_min), text, Priority.LOW, True, bag_id=bag_id)


_WAITING = (Phase.THAWED, Phase.HUNG, *INFUSING)


def thawed_too_long(state: Infusion, at: datetime) -> Iterator[Text]:
    """Of the bag that hangs, as the gate says it at the start."""
    bag, limit = state.hanging, _ages(state).start_min
    if bag is None or bag.thawed_at is None or limit is None:
        return
    age = minutes(at - bag.thawed_at)
    if age > limit:
        yield say("bag {bag} was thawed {age} min ago, more than {limit}", bag=bag.bag.bag_id, age=_up(age), limit=limit)


# --- the drip


def _stages(s: Infusion, now: datetime) -> Iterator[Over]:
    extra = s.protocol.infusion.stage_over_min
    if extra is None:
        return
    until = s.ended_at or now
    for number_, stage in enumerate(s.protocol.infusion.stages[: s.stage + 1]):
        ran = running_min(s, number_, until)
        if stage.running_min is None or ran <= stage.running_min + extra:
            continue
        left_at = s.reached.get(f"stage{number_ + 1}")
        runs = number_ == s.stage and stage_due_at(s, now) is not None
        since = after_minutes(left_at or until, stage.running_min + extra - ran)
        text = say("The rate of this stage runs more than {limit} min too long", limit=extra)
        deviation = say("Stage {n} ran {ran} min; {wanted} are planned and {limit} more allowed.", n=number_ + 1, ran=_up(ran),
                        wanted=stage.running_min, limit=extra)  # fmt: skip
        yield Over(TaskKind.STEP_UP, since, text, Priority.MEDIUM, runs, deviation, left_at or until)


def _rates(s: Infusion) -> Iterator[Over]:
    pct = s.protocol.delivery.rate_off_pct
    if pct is None:
        return
    for entry, wanted in s.measurements:
        event = entry.event
        assert isinstance(event, e.RateMeasured)
        if abs(event.rate_gtt_min - wanted) * 100 > pct * wanted:
            told = {"rate": number(event.rate_gtt_min), "wanted": number(wanted), "pct": pct}
            text = say("Drip rate {rate} drops/min, set {wanted}: more than {pct} % off", **told)
            deviation = say("Measured {rate} drops/min, more than {pct} % off the {wanted} set.", **told)
            stands = entry.at == s.measured_at and s.phase is Phase.RUNNING and s.flows[-1].basis == "measured"
            yield Over(TaskKind.RATE_OFF, entry.at, text, Priority.LOW, stands, deviation, entry.at)


# --- bags and observation


def _certificates(s: Infusion) -> Iterator[Over]:
    if not _is_judged(s):
        return
    for entry in s.certificates:
        event = entry.event
        assert isinstance(event, e.CertificateRecorded)
        bag = s.bags[event.bag_id]
        failed = [point.name for point in points(event, s.protocol.product) if point.passed is False]
        down = bag.emptied_at or bag.taken_down_at or s.ended_at
        if failed and bag.hung_at is not None and bag.hung_at <= entry.at and (down is None or entry.at < down):
            told = {"bag": event.bag_id, "points": listed(failed)}
            text = say("Bag {bag} hangs and its certificate does not pass: {points}", **told)
            stands = bag.hanging and bag.certificate == event and s.phase in (Phase.HUNG, *INFUSING)
            yield Over(TaskKind.TAKE_DOWN, entry.at, text, Priority.HIGH, stands,
                       say("The certificate of bag {bag} did not pass while it hung: {points}.", **told), entry.at,
                       bag_id=event.bag_id)  # fmt: skip


def _observation(s: Infusion) -> Iterator[Over]:
    """Nothing is left to be done of it: closed is closed."""
    if not _is_judged(s) or s.observation is None or s.ended_at is None or s.observation_closed_at is None:
        return
    lasted, wanted = minutes(s.observation_closed_at - s.ended_at), s.protocol.observation.length_min
    if lasted < wanted:
        deviation = say("Observation closed after {took} of {wanted} min.", took=_down(lasted), wanted=wanted)
        yield Over(TaskKind.CLOSE_OBSERVATION, s.observation_closed_at, deviation, Priority.LOW, False, deviation,
                   s.observation_closed_at, s.observation.reason)  # fmt: skip


def _up(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding="ROUND_CEILING")


def _down(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding="ROUND_FLOOR")
