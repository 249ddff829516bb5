"""The board as it is drawn: a column a group, a slot a subject with its DLT window, and what the column leads to."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from app.domain.texts import Text, joined, say

from . import board_words as words
from .enrolled import DltStatus, EscalationRule, Judged, Subject, Tally, judged
from .escalation import BoardAnswer, places_of


class BoardPlace(msgspec.Struct, frozen=True):
    """One place of a column; `subject` None: nobody yet. `share`: of the DLT window that is over, 0 to 1."""

    subject: str | None
    standing: DltStatus | None
    words: Text
    share: Decimal = Decimal(0)


class GroupColumn(msgspec.Struct, frozen=True):
    """`said`: what was counted. `is_open`: somebody is in it, or the next subject goes there."""

    group: str
    doses: int
    slots: tuple[BoardPlace, ...]
    said: Text
    is_open: bool


def columns(
    subjects: Iterable[Subject], today: date, rule: EscalationRule, answer: BoardAnswer, doses: Sequence[int]
) -> tuple[GroupColumn, ...]:
    """`doses`: how many each group has, in the rule's order."""
    found = [judged(s, today, rule) for s in subjects if s.cohort == "escalation"]
    tallies = [Tally(group, tuple(s for s in found if s.subject.group == group)) for group in rule.groups]
    return tuple(
        _column(tally, tallies[at + 1 :], today, rule, answer, doses[at], tallies[at - 1].group if at else None)
        for at, tally in enumerate(tallies)
    )


def _column(
    tally: Tally, above: Sequence[Tally], today: date, rule: EscalationRule, answer: BoardAnswer, doses: int, below: str | None
) -> GroupColumn:
    is_open = bool(tally.members) or answer.group == tally.group
    places = places_of(tally, above, rule)
    free = max(0, places - tally.taken)
    is_over = answer.group != tally.group and _is_over(tally, above, rule)
    empty = BoardPlace(None, None, say("free") if is_open and not is_over else say("not open"))
    slots = (*(_slot(s, today, rule) for s in tally.members), *([] if is_over else [empty] * free))
    closed = say("waits for {group}", group=below) if below else say("nobody yet")
    return GroupColumn(tally.group, doses, slots, words.counted(tally) if is_open else closed, is_open)


def _is_over(tally: Tally, above: Sequence[Tally], rule: EscalationRule) -> bool:
    """Stopped, or left behind by the group above."""
    return len(tally.dlts) >= rule.stop_at_dlts or bool(above and above[0].members and not tally.open)


def _slot(s: Judged, today: date, rule: EscalationRule) -> BoardPlace:
    first = s.subject.first_infusion if rule.anchor != "last" else s.subject.last_infusion
    days = (today - first).days if first is not None else 0
    length = rule.window_days
    share = Decimal(min(max(days, 0), length)) / length
    match s.standing:
        case DltStatus.TO_START:
            return BoardPlace(s.subject.subject, s.standing, say("not yet infused"))
        case DltStatus.PENDING:
            return BoardPlace(s.subject.subject, s.standing, say("day {n} of {days}", n=max(days, 0), days=length), share)
        case DltStatus.CLEAR:
            return BoardPlace(s.subject.subject, s.standing, say("{days} d · no DLT", days=length), Decimal(1))
        case DltStatus.DLT:
            assert s.subject.dlt_on is not None
            assert s.subject.first_infusion is not None
            day = (s.subject.dlt_on - s.subject.first_infusion).days
            return BoardPlace(s.subject.subject, s.standing, joined(" ", ("■", say("DLT day {n}", n=day))), Decimal(1))
        case _:
            return BoardPlace(s.subject.subject, s.standing, say("replaced"))


def open_subjects(subjects: Iterable[Subject], today: date, rule: EscalationRule, answer: BoardAnswer) -> tuple[Judged, ...]:
    """Whom the board waits for, in the group where the next subject goes."""
    found = (judged(s, today, rule) for s in subjects if s.cohort == "escalation" and s.group == answer.group)
    return tuple(s for s in found if s.standing in (DltStatus.PENDING, DltStatus.TO_START))
