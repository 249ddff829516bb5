"""The course of one subject's counts, and the responses in it: two consecutive counts far enough apart, free of transfusions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from app.domain.errors import Refused
from app.domain.protocol import Protocol
from app.domain.texts import say

from .counts import JUDGED, Count, Criteria, Transfusion, criteria, in_order
from .rules import Anchor, ResponseReading, TrialRules
from .sentences import given
from .visits import Window, around


class Course(msgspec.Struct, frozen=True):
    """One subject's counts after the first infusion, in order, with all that their judgement needs.

    `evaluable`: by kind the counts that decide for it, and whether each meets it; worked out once, whatever the reading.
    """

    counts: tuple[Count, ...]
    evaluable: Mapping[str, tuple[tuple[Count, bool], ...]]
    baseline: Count | None
    criteria: Criteria
    transfusions: tuple[Transfusion, ...]
    first_infusion: datetime
    last_infusion: datetime
    apart: timedelta
    transfusion_free: timedelta
    weeks: tuple[int, ...]
    anchor: Anchor
    reading: ResponseReading

    def start(self, anchor: Anchor) -> datetime:
        return self.first_infusion if anchor == "first" else self.last_infusion

    @property
    def looked_until(self) -> Window:
        return self.window("last", self.reading.looked_for_until_week)

    def window(self, anchor: Anchor, week: int) -> Window:
        """The days of a visit, by the calendar of the infusion it is counted from."""
        return around(self.start(anchor).date() + timedelta(weeks=week), self.reading.visit_window_days)

    def day_ends(self, window: Window) -> datetime:
        """The moment at which a window is over."""
        closes = window[1] + timedelta(days=1)
        return datetime(closes.year, closes.month, closes.day, tzinfo=self.last_infusion.tzinfo)

    @property
    def duration_ends(self) -> datetime:
        return self.first_infusion + timedelta(weeks=self.reading.duration_until_week)


def course(
    counts: Iterable[Count], transfusions: Iterable[Transfusion], first_infusion: datetime, last_infusion: datetime,
    protocol: Protocol, rules: TrialRules, baseline_at: datetime | None = None,
) -> Course:  # fmt: skip
    """The baseline is the last count before the first infusion, or the one collected at `baseline_at`. Raises `Refused`."""
    if last_infusion < first_infusion:
        raise Refused(say("The last infusion is before the first."))
    ordered, found = in_order(counts), protocol.response
    baseline = _baseline(ordered, first_infusion, baseline_at)
    since, needed = tuple(c for c in ordered if c.at > first_infusion), criteria(found.complete, found.partial_rise, baseline)
    return Course(
        since, {kind: _evaluable(since, needed, kind) for kind in JUDGED}, baseline, needed,
        tuple(sorted((t for t in transfusions if t.product in rules.response.counted_products), key=lambda t: t.at)),
        first_infusion, last_infusion, timedelta(hours=found.min_hours_between_tests),
        timedelta(days=found.transfusion_free_days), found.assessed_weeks, found.assessed_from, rules.response,
    )  # fmt: skip


def _evaluable(counts: Iterable[Count], needed: Criteria, kind: str) -> tuple[tuple[Count, bool], ...]:
    return tuple((count, met) for count in counts if (met := needed.met(kind, count)) is not None)


def _baseline(ordered: Sequence[Count], first_infusion: datetime, at: datetime | None) -> Count | None:
    if at is None:
        return next((c for c in reversed(ordered) if c.at < first_infusion), None)
    chosen = next((c for c in ordered if c.at == at), None)
    if chosen is None:
        raise Refused(say("No count was collected at {at}: it cannot be the baseline.", at=given(at)))
    return chosen


class Episode(msgspec.Struct, frozen=True):
    """One response: its two counts, and when it was lost, if it was."""

    first: Count
    second: Count
    lost_at: datetime | None


def episodes(found: Course, kind: str) -> Iterator[Episode]:
    """Every response of a kind in order; the next may begin only after the one before is lost."""
    evaluable = found.evaluable[kind]
    after: datetime | None = None
    for index, (first, _) in enumerate(evaluable):
        second = confirming(found, evaluable[index:])
        if second is None or spoiling(found, first, second) or (after is not None and first.at < after):
            continue
        lost_at = lost_after(found, kind, second)
        yield Episode(first, second, lost_at)
        if lost_at is None:
            return
        after = lost_at


def confirming(found: Course, run: Sequence[tuple[Count, bool]]) -> Count | None:
    """The first count far enough after the first of the run, with no failing one up to it."""
    for count, met in run:
        if not met:
            return None
        if count.at - run[0][0].at >= found.apart:
            return count
    return None


def spoiling(found: Course, first: Count, second: Count) -> Transfusion | None:
    """The last transfusion too near; one given exactly the free days before the first count is far enough."""
    reading = found.reading
    through_second = reading.transfusion_free_through == "second" or reading.transfusion_ends
    until = second.at if through_second else first.at
    near = [t for t in found.transfusions if first.at - found.transfusion_free < t.at <= until]
    return near[-1] if near else None


def lost_after(found: Course, kind: str, second: Count) -> datetime | None:
    """The first of as many failing counts in a row as the site's reading asks for, or a transfusion where that ends it."""
    falls: list[datetime] = []
    fell: datetime | None = None
    for count, met in found.evaluable[kind]:
        if count.at > second.at and fell is None:
            falls = [] if met else [*falls, count.at]
            fell = falls[0] if len(falls) >= found.reading.falls_to_end else None
    ends = [t.at for t in found.transfusions if t.at > second.at] if found.reading.transfusion_ends else []
    return min([*([fell] if fell else []), *ends], default=None)
