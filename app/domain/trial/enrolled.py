"""How an enrolled subject counts in the 3 + 3 on a day: through, pending, with a DLT, or to be replaced."""

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal

import msgspec

from app.domain.protocol import Protocol

from .rules import Anchor, TrialRules

Mtd = Literal["storer", "korn"]


class Subject(msgspec.Struct, frozen=True):
    """One enrolled subject as dates; `last_infusion` is the last one given so far."""

    subject: str
    group: str
    first_infusion: date | None
    last_infusion: date | None
    planned_doses: int
    given_doses: int
    left_on: date | None = None
    dlt_on: date | None = None
    cohort: Literal["escalation", "expansion"] = "escalation"


class EscalationRule(msgspec.Struct, frozen=True):
    """The numbers of the escalation; `mtd` or `anchor` None is a reading that the site has left open."""

    groups: tuple[str, ...]
    cohort: int
    expanded_cohort: int
    stop_at_dlts: int
    most_subjects: int
    expansion: int
    expansion_alert_above_pct: Decimal
    window_days: int
    dose_interval_days: int
    dose_window_days: int
    sentinel_gap_days: int
    mtd: Mtd | None
    anchor: Anchor | None


def rule_of(protocol: Protocol, rules: TrialRules, mtd: Mtd | None = None, anchor: Anchor | None = None) -> EscalationRule:
    """The rule as the protocol and the site set it, or with another reading of either."""
    e, open_ = protocol.escalation, rules.board.undecided
    return EscalationRule(
        tuple(group.code for group in protocol.groups), e.cohort, e.expanded_cohort, e.stop_at_dlts, e.subjects[1], e.expansion,
        rules.board.expansion_alert_above_pct, protocol.clocks.dlt_window_days, protocol.schedule.interval_days,
        protocol.schedule.window_days, rules.board.sentinel_gap_days,
        mtd or (None if "mtd" in open_ else e.rule),
        anchor or (None if "anchor" in open_ else protocol.clocks.dlt_window_from),
    )  # fmt: skip


class DltStatus(StrEnum):
    TO_START = "to_start"
    PENDING = "pending"
    CLEAR = "clear"
    DLT = "dlt"
    REPLACED = "replaced"


class Judged(msgspec.Struct, frozen=True):
    """How a subject counts on a day; `evaluable_on` is the first day on which it is through without a DLT."""

    subject: Subject
    standing: DltStatus
    evaluable_on: date | None


def judged(subject: Subject, today: date, rule: EscalationRule) -> Judged:
    """Day 0 is the infusion that the window runs from; a DLT of day 0 to the last day of the window counts."""
    first, last = subject.first_infusion, subject.last_infusion
    if first is None or last is None or first > today:
        gone = subject.left_on is not None
        return Judged(
            subject, DltStatus.REPLACED if gone else DltStatus.TO_START, first and first + timedelta(days=rule.window_days)
        )
    to_come = _doses_to_come(subject, last, today, rule)
    last_planned = last + timedelta(days=to_come * rule.dose_interval_days)
    clear_on = (last_planned if rule.anchor == "last" else first) + timedelta(days=rule.window_days)
    if subject.dlt_on is not None and first <= subject.dlt_on < clear_on:
        return Judged(subject, DltStatus.DLT, clear_on)
    if subject.given_doses < subject.planned_doses and not to_come:
        return Judged(subject, DltStatus.REPLACED, clear_on)
    if subject.left_on is not None and subject.left_on < clear_on:
        return Judged(subject, DltStatus.REPLACED, clear_on)
    clear_on = max(clear_on, last_planned)
    return Judged(subject, DltStatus.PENDING if today < clear_on or to_come else DltStatus.CLEAR, clear_on)


def _doses_to_come(subject: Subject, last: date, today: date, rule: EscalationRule) -> int:
    """None more for who left or let the window of the next dose pass."""
    closes = last + timedelta(days=rule.dose_interval_days + rule.dose_window_days)
    return subject.planned_doses - subject.given_doses if subject.left_on is None and today <= closes else 0


class Tally(msgspec.Struct, frozen=True):
    """One group's escalation subjects as they stand."""

    group: str
    members: tuple[Judged, ...]

    def standing(self, *kinds: DltStatus) -> tuple[Judged, ...]:
        return tuple(s for s in self.members if s.standing in kinds)

    @property
    def dlts(self) -> tuple[Judged, ...]:
        return self.standing(DltStatus.DLT)

    @property
    def evaluable(self) -> int:
        return len(self.standing(DltStatus.DLT, DltStatus.CLEAR))

    @property
    def open(self) -> tuple[Judged, ...]:
        return self.standing(DltStatus.PENDING, DltStatus.TO_START)

    @property
    def taken(self) -> int:
        """Places that are taken: who is replaced leaves one free."""
        return self.evaluable + len(self.open)
