"""What goes on in the ward, for whoever is not signed in: subject code, bed, phase, what is due."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.domain.infusion.checks import missed_count
from app.domain.infusion.phases import PHASE_NAMES, Phase
from app.domain.texts import Text, parts, say
from app.services.access.status_file import OpenInfusion, WardStatus
from app.services.ward.watch import BedNow
from app.services.words.words import Words
from ui.entrance.ward_now import WardNowLine
from ui.frame.bar.alarm_bar import PRIORITIES
from ui.frame.task_words import time_words
from ui.infusion.view import left_words, phase_clock
from ui.ward.ward_card import missed_words


def of_beds(beds: Iterable[BedNow], now: datetime, words: Words) -> tuple[WardNowLine, ...]:
    """By bed, each with its next task and its most pressing alarm, acknowledged or not."""
    found = sorted((bed for bed in beds if bed.is_open), key=lambda bed: bed.state.order.bed)
    return tuple(_line_of(bed, now, words) for bed in found)


def _line_of(bed: BedNow, now: datetime, words: Words) -> WardNowLine:
    state, task = bed.state, bed.next
    what = task.short_words(state) if task else say("Nothing due")
    left: Text | str = time_words(task, now, words) if task else ""
    missed = missed_count(state, now)
    if missed:
        left = parts(left, missed_words(missed))
    return WardNowLine(state.order.bed, _who(state.order.subject, state.order.bed), _phase(bed, now, words), what, left,
                        task is not None and task.is_late(now),
                        PRIORITIES[bed.alarms[0].priority] if bed.alarms else None)  # fmt: skip


def _phase(bed: BedNow, now: datetime, words: Words) -> Text:
    """“reaction open · Observation · 01:20:00 left”."""
    reaction = say("reaction open") if bed.state.reaction_open else None
    clock = phase_clock(bed.state, now)
    left = left_words(bed.state, now, words) if clock is not None and bed.state.phase is not Phase.PAUSED else None
    return parts(reaction, PHASE_NAMES[bed.state.phase], left)


def of_file(status: WardStatus | None, now: datetime, words: Words) -> tuple[WardNowLine, ...]:
    """From the small file beside a record that is not open. A running infusion is said to run unwatched."""
    return tuple(_line_from(one, now, words) for one in status.open) if status else ()


def _line_from(one: OpenInfusion, now: datetime, words: Words) -> WardNowLine:
    due = min(one.due, key=lambda d: d.due_at, default=None)
    phase = say("{phase}, not watched", phase=PHASE_NAMES[one.phase]) if one.is_infusing else PHASE_NAMES[one.phase]
    if due is None:
        return WardNowLine(one.bed, _who(one.subject, one.bed), phase, say("Nothing due"), "", False)
    late = now - due.due_at
    left = say("{time}, {left} ago", time=words.time(due.due_at), left=words.left(late))
    if late < timedelta(0):
        left = say("{time}, in {left}", time=words.time(due.due_at), left=words.left(-late))
    return WardNowLine(one.bed, _who(one.subject, one.bed), phase, due.kind.row.name, left, late > timedelta(0))


def _who(subject: str, bed: str) -> Text:
    return say("{subject} · Bed {bed}", subject=subject, bed=bed)
