"""3 + 3 on every event: what the rule allows now, where the next subject goes, for whom it waits and until when.

Storer: the group below the one that stopped is the maximum tolerated at once. Korn (1994): it is first treated to the
full expanded cohort. Lower groups are judged first, so that a late DLT below holds what has begun above.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

import msgspec

from app.domain.texts import Text

from . import board_words as words
from .enrolled import DltStatus, EscalationRule, Subject, Tally, judged
from .sentences import sentences


class Decision(StrEnum):
    ENROL = "enrol"
    WAIT = "wait"
    EXPAND_COHORT = "expand_cohort"
    ESCALATE = "escalate"
    STOP = "stop"
    COMPLETE = "complete"


class BoardAnswer(msgspec.Struct, frozen=True):
    """What the rule allows. `group`: where the next subject goes. `earliest`: when the last of those pending is through."""

    decision: Decision
    group: str | None
    mtd: str | None
    reason: Text
    pending: tuple[str, ...] = ()
    earliest: date | None = None


def board(subjects: Iterable[Subject], today: date, rule: EscalationRule) -> BoardAnswer:
    """What the rule allows on this day; subjects of the expansion are no escalation data."""
    everyone = tuple(subjects)
    found = [judged(s, today, rule) for s in everyone if s.cohort == "escalation"]
    tallies = [Tally(group, tuple(s for s in found if s.subject.group == group)) for group in rule.groups]
    if rule.mtd is None or rule.anchor is None:
        return BoardAnswer(Decision.WAIT, None, None, words.left_open(rule.mtd is None, rule.anchor is None))
    answer = _answer(tallies, today, rule)
    if answer.decision in _ENROLLING and len(everyone) >= rule.most_subjects:
        return BoardAnswer(Decision.WAIT, answer.group, None, words.ceiling(len(everyone)))
    return answer


_ENROLLING = (Decision.ENROL, Decision.EXPAND_COHORT, Decision.ESCALATE)


def _answer(tallies: Sequence[Tally], today: date, rule: EscalationRule) -> BoardAnswer:
    for index, tally in enumerate(tallies):
        above = tallies[index + 1 :]
        if len(tally.dlts) >= rule.stop_at_dlts:
            below = tallies[index - 1].group if index else None
            return BoardAnswer(Decision.STOP, None, below, sentences(words.stopped(tally, below, above)))
        places = places_of(tally, above, rule)
        if tally.open or tally.evaluable < places:
            return _fill(tally, places, above, today, rule)
        if above and not above[0].members:
            reason = sentences([words.counted(tally), words.may_begin(above[0].group), *words.asides(tally)])
            return BoardAnswer(Decision.ESCALATE, above[0].group, None, reason)
    top = tallies[-1]
    return BoardAnswer(
        Decision.COMPLETE, None, top.group, sentences([words.counted(top), words.top(top.group), *words.asides(top)])
    )


def places_of(tally: Tally, above: Sequence[Tally], rule: EscalationRule) -> int:
    """How many evaluable subjects the group needs: the full number after one DLT, or below a stopped group under Korn."""
    stopped_above = bool(above) and len(above[0].dlts) >= rule.stop_at_dlts
    expanded = (rule.mtd == "korn" and stopped_above) or (bool(tally.dlts) and tally.evaluable >= rule.cohort)
    return rule.expanded_cohort if expanded else rule.cohort


def _fill(tally: Tally, places: int, above: Sequence[Tally], today: date, rule: EscalationRule) -> BoardAnswer:
    pending = tally.standing(DltStatus.PENDING)
    names = tuple(s.subject.subject for s in pending)
    days = [s.evaluable_on for s in tally.open]
    known = [day for day in days if day is not None]
    earliest = max(known) if known and len(known) == len(days) else None
    rest = [*words.asides(tally), *words.held(above)]
    if not tally.open and tally.evaluable == rule.cohort:
        more = [words.counted(tally), words.more(places - tally.evaluable, tally.group), *rest]
        return BoardAnswer(Decision.EXPAND_COHORT, tally.group, None, sentences(more))
    if tally.taken >= places:
        waiting = [words.counted(tally), words.waits(tally), *rest]
        return BoardAnswer(Decision.WAIT, tally.group, None, sentences(waiting), names, earliest)
    gap_ends = _sentinel_until(tally, rule)
    if gap_ends is not None and today < gap_ends:
        gap = [words.sentinel(tally.members[0].subject.subject, rule.sentinel_gap_days, gap_ends), *rest]
        return BoardAnswer(Decision.WAIT, tally.group, None, sentences(gap), names, gap_ends)
    free = [words.counted(tally), words.free(places - tally.taken, places, tally), *rest]
    return BoardAnswer(Decision.ENROL, tally.group, None, sentences(free), names, earliest)


def _sentinel_until(tally: Tally, rule: EscalationRule) -> date | None:
    """The first subject of a group is watched alone for the site's gap."""
    watched = rule.sentinel_gap_days > 0 and len(tally.members) == 1
    first = tally.members[0].subject.first_infusion if watched else None
    return first and first + timedelta(days=rule.sentinel_gap_days)


class Expansion(msgspec.Struct, frozen=True):
    """The expansion cohort, apart from the escalation: its own DLT rate over those evaluable."""

    subjects: int
    free: int
    evaluable: int
    dlts: int
    pending: tuple[str, ...]
    dlt_pct: Decimal | None
    alert: bool


def expansion(subjects: Iterable[Subject], today: date, rule: EscalationRule) -> Expansion:
    tally = Tally("", tuple(judged(s, today, rule) for s in subjects if s.cohort == "expansion"))
    dlts, evaluable = len(tally.dlts), tally.evaluable
    pct = Decimal(100 * dlts) / evaluable if evaluable else None
    pending = tuple(s.subject.subject for s in tally.standing(DltStatus.PENDING))
    alert = pct is not None and pct > rule.expansion_alert_above_pct
    return Expansion(len(tally.members), max(0, rule.expansion - tally.taken), evaluable, dlts, pending, pct, alert)


class TableRow(msgspec.Struct, frozen=True):
    evaluable: int
    dlts: int
    decision: Decision
    group: str | None


def decision_table(group: str, today: date, rule: EscalationRule) -> tuple[TableRow, ...]:
    """What follows from every number of evaluable subjects and DLTs in a group; asked of the board itself."""
    through = today - timedelta(days=2 * rule.window_days)
    below = [_made(g, n, None, through) for g in rule.groups[: rule.groups.index(group)] for n in range(rule.expanded_cohort)]
    return tuple(
        TableRow(n, dlts, answer.decision, answer.group)
        for n in range(rule.expanded_cohort + 1)
        for dlts in range(min(n, rule.stop_at_dlts) + 1)
        for answer in [
            board([*below, *(_made(group, k, through if k < dlts else None, through) for k in range(n))], today, rule)
        ]
    )  # fmt: skip


def _made(group: str, n: int, dlt_on: date | None, at: date) -> Subject:
    return Subject(f"{group}{n + 1}", group, at, at, 1, 1, None, dlt_on)
