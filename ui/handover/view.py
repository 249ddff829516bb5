"""What the next nurse has to know of each bed: done, due, missed, alarms, and what was left half filled in."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import msgspec

from app.domain.infusion import facts as e
from app.domain.infusion.checks import Status, checks, missed_unanswered
from app.domain.infusion.drip_volume import delivered
from app.domain.infusion.phases import PHASE_NAMES, Phase
from app.domain.infusion.state import Infusion
from app.domain.infusion.wording import group_words
from app.domain.log import Entry
from app.domain.texts import Text, joined, number, parts, say
from app.domain.watch.active_alarm import ActiveAlarm
from app.services.ward.ward import Bedside
from app.services.ward.watch import BedNow
from app.services.words.words import Words
from ui.frame.task_words import time_words
from ui.ward.view import open_beds

Lines = tuple[Text | str, ...]
#: Tasks that are named; the others are counted.
_TASKS = 4


class BedToHandOver(msgspec.Struct, frozen=True):
    """`columns`: as many as `COLUMNS`, each one line a thing; an empty one has nothing to tell."""

    key: str
    subject: str
    bed: str
    group: Text | str
    columns: tuple[Lines, ...]


COLUMNS: tuple[Text, ...] = (say("Done"), say("Due"), say("Missed"), say("Alarms"), say("Left half filled"))


def beds_to_hand_over(bedside: Bedside, drafts: Callable[[str], Sequence[Text]], words: Words) -> tuple[BedToHandOver, ...]:
    """All that are not closed, in the Ward page's order. `drafts`: what anybody left half filled in there."""
    now = bedside.now()
    return tuple(_bed(bed, tuple(drafts(bed.state.infusion_id)), now, words) for bed in open_beds(bedside))


def _bed(bed: BedNow, drafts: Lines, now: datetime, words: Words) -> BedToHandOver:
    s = bed.state
    columns = (tuple(_done(s, now, words)), _due(bed, now, words), tuple(_missed(s, now, words)), tuple(map(_alarm, bed.alarms)))
    group = group_words(s) if s.order.group else ""
    return BedToHandOver(s.infusion_id, s.order.subject, s.order.bed, group, (*columns, drafts))


def _done(s: Infusion, now: datetime, words: Words) -> Iterator[Text]:
    """The stage and since when, the drip and what has run in, the newest check."""
    yield say("{what} {at}", what=PHASE_NAMES[s.phase], at=words.time(s.reached.get(s.phase, s.ordered_at)))
    drip = say("{rate} drops/min", rate=number(s.rate_gtt_min)) if s.phase is Phase.RUNNING and s.rate_gtt_min else None
    if s.started_at is not None:
        yield parts(drip, _given(s, now))
    if s.checks:
        yield _check(s.checks[-1], words)


def _given(s: Infusion, now: datetime) -> Text:
    ml = delivered(s, now)
    least, most = f"{ml.least_ml:.0f}", f"{ml.most_ml:.0f}"
    return say("{n} ml", n=least if least == most else f"{least}–{most}")


def _check(entry: Entry, words: Words) -> Text:
    score = entry.event.news2 if isinstance(entry.event, e.VitalsRecorded) else None
    taken = say("{what} {at}", what=say("Vital signs"), at=words.time(entry.at))
    return parts(taken, None if score is None else say("NEWS2 {score}", score=score))


def _due(bed: BedNow, now: datetime, words: Words) -> Lines:
    named = [joined(" · ", (task.short_words(bed.state), time_words(task, now, words))) for task in bed.tasks[:_TASKS]]
    more = len(bed.tasks) - _TASKS
    return (*named, say("and {n} more", n=more)) if more > 0 else tuple(named)


def _missed(s: Infusion, now: datetime, words: Words) -> Iterator[Text | str]:
    missed = [words.time(check.due_at) for check in checks(s, now) if check.status is Status.MISSED]
    if missed:
        yield ", ".join(missed)
    open_ones = [words.time(check.due_at) for check in missed_unanswered(s, now)]
    if open_ones:
        yield say("no reason yet: {times}", times=", ".join(open_ones))


def _alarm(alarm: ActiveAlarm) -> Text:
    """▲: nobody has acknowledged it."""
    return alarm.text if alarm.is_acknowledged else say("▲ {what}", what=alarm.text)


def said_in_one(bed: BedToHandOver) -> Text:
    """One bed in a line, for whoever signs that they take it over."""
    done, due, missed, alarms, _drafts = bed.columns
    due_first = due[0] if due else say("Nothing due")
    not_done = say("✕ {what}", what=joined(" · ", missed)) if missed else None
    heard = parts(done[0], due_first, not_done, say("▲ {n} alarms", n=len(alarms)) if alarms else None)
    return say("{subject} · Bed {bed}: {what}", subject=bed.subject, bed=bed.bed, what=heard)
