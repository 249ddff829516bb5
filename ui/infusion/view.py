"""Whose infusion it is and where it stands: identity banner and stage strip."""

from datetime import datetime

from app.domain.infusion.checks import missed_count
from app.domain.infusion.drip_volume import limit_at, stage_due_at
from app.domain.infusion.phases import CLOSED, INFUSING, PHASE_NAMES, Phase
from app.domain.infusion.stages import StageSpan, stages
from app.domain.infusion.state import BagState, Infusion
from app.domain.infusion.tasks import observation_due_at, start_from
from app.domain.infusion.wording import group_words
from app.domain.texts import Text, say
from app.services.ward.watch import BedNow
from app.services.words.words import Words
from ui.infusion.stage_waits import waits_for
from ui.kit.identity_banner import IdentityFact, IdentityState
from ui.kit.stage_strip import StripStage
from ui.ward.ward_card import missed_words

P = Phase


def identity(s: Infusion, now: datetime, words: Words, unsaved: int = 0) -> IdentityState:
    """Subject, bed, group and dose, weight, plan, bags, set; the clock counts from the start or from the end.

    `unsaved` events stand on the screen that are not on the disk yet: said in the place of the clock's name.
    """
    facts = [
        IdentityFact(say("Bed"), s.order.bed),
        IdentityFact(say("Group"), group_words(s)),
        IdentityFact(say("Weight"), f"{s.weight.weight_kg} kg" if s.weight else "—"),
        IdentityFact(say("Planned"), _planned(s, words)),
        *_bags(s, now, words),
        IdentityFact(say("Set"), say("{factor} gtt/ml", factor=s.drop_factor) if s.drop_factor else "—"),
    ]
    missed = missed_count(s, now)
    if missed:
        facts.insert(1, IdentityFact(say("Checks"), missed_words(missed)))
    mark = say("{n} not yet saved", n=unsaved) if unsaved else ""
    clock, name = _clock(s, now, words)
    if mark and not clock:
        facts.append(IdentityFact(say("Record"), mark))
    return IdentityState(s.order.subject, tuple(facts), clock, mark or name, s.order.bed)


def _clock(s: Infusion, now: datetime, words: Words) -> tuple[str, Text | str]:
    from_at = s.ended_at or s.started_at
    if from_at is None or s.phase in CLOSED:
        return "", ""
    span = words.left(now - from_at)
    return f"≥ {span}" if s.elapsed_unknown else span, say("since the end") if s.ended_at else say("since the start")


def _planned(s: Infusion, words: Words) -> Text | str:
    if s.plan is None or s.planned_ml is None:
        return "—"
    return say("{cells} · {ml} ml", cells=words.cells(s.plan.dose_cells), ml=f"{s.planned_ml:.1f}")


def _bags(s: Infusion, now: datetime, words: Words) -> list[IdentityFact]:
    """The bag that hangs or comes next, and another one that is thawed: each with its time since thaw."""
    if s.ended_at is not None:
        return [IdentityFact(say("Bag"), ", ".join(b.bag.bag_id for b in s.bags.values() if b.hung_at))]
    shown = [b for b in (s.hanging, s.next_bag) if b is not None]
    shown = [b for at, b in enumerate(shown) if at == 0 or b.thawed_at is not None]
    if s.plan is None or not shown:
        return [IdentityFact(say("Bag"), "—")]
    ids = [d.bag_id for d in s.plan.draws]
    first, *others = shown
    next_ones = [IdentityFact(say("Next · thawed {age}", age=_thawed(b, now, words)), b.bag.bag_id) for b in others]
    name = say("Bag · thawed {age}", age=_thawed(first, now, words)) if first.thawed_at else say("Bag")
    return [IdentityFact(name, _numbered(first, ids)), *next_ones]


def _thawed(bag: BagState, now: datetime, words: Words) -> str:
    return words.age((now - bag.thawed_at).total_seconds()) if bag.thawed_at else ""


def _numbered(bag: BagState, ids: list[str]) -> Text | str:
    bag_id = bag.bag.bag_id
    return say("{n} of {of} · {bag}", n=ids.index(bag_id) + 1, of=len(ids), bag=bag_id) if bag_id in ids else bag_id


def strip(bed: BedNow, now: datetime, words: Words) -> tuple[StripStage, ...]:
    """Done stages carry their time, the present one its time left, the next one what it waits for."""
    found = stages(bed.state)
    on = next((i for i, x in enumerate(found) if x.started_at and x.ended_at is None), None)
    return tuple(_stage(bed, x, i, on, now, words) for i, x in enumerate(found))


def _stage(bed: BedNow, span: StageSpan, at: int, on: int | None, now: datetime, words: Words) -> StripStage:
    if span.given_up and span.started_at is not None:
        return StripStage(span.label, "current", PHASE_NAMES[P.ABANDONED])
    if span.ended_at is not None:
        return StripStage(span.label, "done", words.time(span.ended_at))
    if at == on:
        return StripStage(span.label, "current", left_words(bed.state, now, words))
    if on is not None and at == on + 1:
        return StripStage(span.label, "next", waits_for(bed, span.key, now))
    return StripStage(span.label, "later")


def phase_clock(s: Infusion, now: datetime) -> tuple[datetime, datetime] | None:
    """From when until when the present phase lasts; None where no clock runs."""
    if s.phase in INFUSING and s.started_at is not None:
        step_at = stage_due_at(s, now)
        began = s.reached.get(f"stage{s.stage}", s.started_at)
        until = step_at or limit_at(s)
        return None if until is None else (began, until)
    if s.phase is P.OBSERVATION and s.ended_at is not None:
        return s.ended_at, observation_due_at(s)
    if s.phase in (P.PREMEDICATED, P.THAWED, P.HUNG) and s.premedication is not None:
        return s.premedication.given_at, start_from(s)
    return None


def left_words(s: Infusion, now: datetime, words: Words) -> Text | str:
    """The time left of the stage that is on, or what is being done in it."""
    if s.phase is P.PAUSED:
        return say("paused")
    clock = phase_clock(s, now)
    if clock is None:
        return _DOING.get(s.phase, "")
    left = words.left(clock[1] - now)
    if clock[1] > now:
        return say("{left} left", left=left)
    if s.phase in (P.PREMEDICATED, P.THAWED, P.HUNG):
        return say("time is up")
    return say("{left} over", left=left)


_DOING: dict[Phase, Text] = {
    P.ORDERED: say("at the pharmacy"),
    P.RELEASED: say("to be received"),
    P.RECEIVED: say("two people"),
    P.VERIFIED: say("to be given"),
    P.OBSERVED: say("two signatures"),
}
