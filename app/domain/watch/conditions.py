"""What is worth an alarm: a function of one bed at one moment, one row a condition in `CONDITIONS`.

The app reminds and alerts; it does not replace the monitor's own alarms. A value equal to a limit is no alarm. What becomes
of a condition that holds, ends or is no longer known is the machine's (`latch`); how it is told, `alarm_words`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from app.domain.infusion.task_kinds import TaskKind
from app.domain.infusion.task_rows import Reminder
from app.domain.safety.sae_clock import SAE_SOON, SaeClock
from app.domain.texts import Text, say
from app.domain.vitals.news2 import Consciousness, News2, news2, parts
from app.domain.vitals.worrying import is_by_share, is_sharp

from .bed_seen import VALUES_MATTER, BedSeen
from .laptop_conditions import battery, clock_stepped, low_disk, mains, sound
from .latch import Finding, Inside, Verdict
from .monitor_conditions import drip, link, sensor_off, stale
from .priority import Priority


class Condition(msgspec.Struct, frozen=True):
    """`can_pause`: a pause of the sound silences it; `latches` and `of_patient` as in `Finding`. `find` yields what holds, and
    what is known to be well; of the rest it says nothing. `of_monitor`: after a restart it stays until the monitor speaks.
    """

    key: str
    find: Callable[[BedSeen, datetime], Iterator[Verdict]]
    can_pause: bool = True
    latches: bool = False
    of_patient: bool = False
    of_monitor: bool = False


def verdicts(bed: BedSeen, now: datetime, of_patient: bool = False) -> list[Verdict]:
    """What all conditions say of a bed. `of_patient`: those alone that are the patient's."""
    rows = [row for row in CONDITIONS if row.of_patient or not of_patient]
    return [of_row(row, verdict) for row in rows for verdict in row.find(bed, now)]


def of_row(row: Condition, verdict: Verdict) -> Verdict:
    """A verdict with what its condition says of it."""
    if isinstance(verdict, Inside):
        return verdict
    can_pause = row.can_pause and verdict.can_pause
    return msgspec.structs.replace(verdict, can_pause=can_pause, latches=row.latches, of_patient=row.of_patient)


# --- the patient


def _values(bed: BedSeen, now: datetime) -> Iterator[Verdict]:
    if bed.phase not in VALUES_MATTER:
        return
    changed = {x.key: x for x in _changes(bed, now)}
    for code, reading in bed.newest.items():
        value = bed.rounded(code, now)
        if value is None:
            continue
        found = list(_beyond(code, value, bed, reading.received_at))
        found += [changed[code]] if code in changed else []
        if found:
            yield from found
        else:
            yield Inside(code, reading.received_at)


def _beyond(code: str, value: Decimal, bed: BedSeen, at: datetime) -> Iterator[Finding]:
    """Beyond the near limit, and beyond the far one too."""
    limits = bed.limits_of(code)
    for priority, low, high in (
        (Priority.MEDIUM, limits.low, limits.high),
        (Priority.HIGH, limits.very_low, limits.very_high),
    ):
        for limit, is_beyond in ((low, low is not None and value < low), (high, high is not None and value > high)):
            if is_beyond:
                yield Finding(
                    key=code, priority=priority, since=at, value=value, limit=limit, before=bed.baseline.get(code),
                    reason=f"limit {limit}", hold_s=limits.delay_s,
                )  # fmt: skip


def _changes(bed: BedSeen, now: datetime) -> Iterator[Finding]:
    """What moved away from the baseline as in a reaction."""
    rules = bed.protocol.triggers
    if rules is None:
        return
    known = {code: moved for code in ("hr", "pr", "nibp_sys", "temp") if (moved := _moved(bed, code, now)) is not None}
    shares = [code for code, moved in known.items() if is_by_share(code, *moved, rules)]
    together = "nibp_sys" in shares and len(shares) > 1
    if bed.value("hr", now) is not None:
        shares = [code for code in shares if code != "pr"]
    for code, (value, before) in known.items():
        sharp = is_sharp(code, value, before, rules)
        if sharp or code in shares:
            hold_s = 0 if sharp or together else rules.hold_s
            yield Finding(
                key=code, priority=Priority.MEDIUM, since=bed.newest[code].received_at, value=value,
                before=before, reason="baseline", hold_s=hold_s,
            )  # fmt: skip


def _moved(bed: BedSeen, code: str, now: datetime) -> tuple[Decimal, Decimal] | None:
    """The value now and that of the baseline, where both are known."""
    value, before = bed.rounded(code, now), bed.baseline.get(code)
    return None if value is None or before is None else (value, before)


_SCORED = ("rr", "spo2", "nibp_sys", "hr", "pr", "temp")


def score_now(bed: BedSeen, now: datetime) -> News2 | None:
    """NEWS2 from a full set of seven, each within its age; None of less."""
    known = {code: bed.value(code, now) for code in _SCORED}
    return news2(known, bed.oxygen, _level(bed), bed.scale)


def _level(bed: BedSeen) -> Consciousness | None:
    return Consciousness(bed.consciousness) if bed.consciousness else None


def _news2(bed: BedSeen, now: datetime) -> Iterator[Verdict]:
    rules, score = bed.protocol.news2, score_now(bed, now)
    if rules is None or score is None or bed.phase not in VALUES_MATTER:
        return
    total = Decimal(score.total)
    high = score.total >= rules.high_from
    if score.total >= rules.medium_from:
        limit = Decimal(rules.high_from if high else rules.medium_from)
        yield Finding(
            key="news2", priority=Priority.HIGH if high else Priority.MEDIUM, since=_scored_at(bed), value=total, limit=limit
        )
    else:
        yield Inside("news2", _scored_at(bed))


def _news2_single(bed: BedSeen, now: datetime) -> Iterator[Verdict]:
    """One parameter alone; what the total or its own limit tells already is not told twice."""
    rules, score = bed.protocol.news2, score_now(bed, now)
    if rules is None or score is None or bed.phase not in VALUES_MATTER:
        return
    known = {code: bed.value(code, now) for code in _SCORED}
    scores = parts(known, bed.oxygen, _level(bed), bed.scale)
    counts = score.total < rules.medium_from
    alone = {name: n for name, n in scores.items() if counts and n is not None and n >= rules.single_from}
    told = {_PART_OF.get(x.key) for x in _values(bed, now) if isinstance(x, Finding)} if alone else set()
    worst = max((n for name, n in alone.items() if name not in told), default=0)
    if worst:
        limit = Decimal(rules.single_from)
        yield Finding(key="news2_single", priority=Priority.MEDIUM, since=_scored_at(bed), value=Decimal(worst), limit=limit)
    else:
        yield Inside("news2_single", _scored_at(bed))


_PART_OF = {"rr": "rr", "spo2": "spo2", "nibp_sys": "sys", "hr": "pulse", "pr": "pulse", "temp": "temp"}


def _scored_at(bed: BedSeen) -> datetime:
    return max(bed.newest[code].received_at for code in _SCORED if code in bed.newest)


# --- the program and the protocol


def _unsaved(bed: BedSeen, _now: datetime) -> Iterator[Verdict]:
    if bed.unsaved_since is not None:
        yield Finding(key="unsaved", priority=Priority.HIGH, since=bed.unsaved_since)


def _mismatch(bed: BedSeen, _now: datetime) -> Iterator[Verdict]:
    for task in bed.tasks:
        if task.kind is TaskKind.CLEAR_MISMATCH:
            yield Finding(key="mismatch", priority=Priority.HIGH, since=task.due_at)


def _check_due(bed: BedSeen, now: datetime) -> Iterator[Verdict]:
    """One line, however many checks nobody answered."""
    since = bed.unchecked_since
    if since is None:
        return
    louder_at = since + timedelta(minutes=float(bed.protocol.vitals.told_after_min or 0))
    priority, at = (Priority.MEDIUM, louder_at) if now >= louder_at else (Priority.LOW, since)
    yield Finding(key=TaskKind.VITALS.value, priority=priority, since=at)


def _reminders(bed: BedSeen, now: datetime) -> Iterator[Verdict]:
    for task in bed.tasks:
        reminder = task.reminder or task.kind.row.reminder
        if reminder and task.is_open(now) and task.due_at <= now and task.late_s(now) >= _after_s(bed, reminder):
            key = f"{task.kind.value}:{task.bag_id}" if task.reminder and task.bag_id else task.kind.value
            text = reminder.text if task.reminder else None
            yield Finding(key=key, priority=reminder.priority, since=task.due_at, text=text, can_pause=reminder.can_pause)


def _after_s(bed: BedSeen, reminder: Reminder) -> float:
    after_min = bed.protocol.vitals.told_after_min
    return float(reminder.after_s if reminder.after_s is not None else (after_min or 0) * 60)


def _sae_due(bed: BedSeen, now: datetime) -> Iterator[Verdict]:
    for clock in bed.sae:
        since = clock.until - SAE_SOON
        if since <= now and not clock.is_overdue(now):
            yield _of_sae("sae_due", clock, since, _SAE_DUE)


def _sae_late(bed: BedSeen, now: datetime) -> Iterator[Verdict]:
    """An alarm of its own: what was acknowledged before its time was over is told anew."""
    for clock in bed.sae:
        if clock.is_overdue(now):
            yield _of_sae("sae_late", clock, clock.until, _SAE_LATE)


_SAE_DUE = say("SAE of {subject}: {term}, the report is due soon")
_SAE_LATE = say("SAE of {subject}: {term}, the report is overdue")


def _of_sae(key: str, clock: SaeClock, since: datetime, text: Text) -> Finding:
    said = Text(text.msgid, {"subject": clock.subject, "term": clock.term})
    return Finding(key=f"{key}:{clock.event_id}", priority=Priority.LOW, since=since, text=said)


CONDITIONS = (
    Condition("value", _values, latches=True, of_patient=True),
    Condition("news2", _news2, latches=True, of_patient=True),
    Condition("news2_single", _news2_single, latches=True, of_patient=True),
    Condition("sensor_off", sensor_off, of_monitor=True),
    Condition("stale", stale, of_monitor=True),
    Condition("link", link, of_monitor=True),
    Condition("unsaved", _unsaved, can_pause=False),
    Condition("mismatch", _mismatch, can_pause=False),
    Condition("check", _check_due),
    Condition("task", _reminders),
    Condition("drip", drip),
    Condition("low_disk", low_disk),
    Condition("clock_stepped", clock_stepped),
    Condition("battery", battery),
    Condition("mains", mains),
    Condition("sound", sound),
    Condition("sae_due", _sae_due),
    Condition("sae_late", _sae_late),
)
