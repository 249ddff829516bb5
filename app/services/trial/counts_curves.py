"""What the plot of one subject's counts shows: on the screen, as SVG and in the report the same."""

from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from app.domain.trial.counts import Count, Criteria
from app.domain.trial.subject.subject_state import SubjectState
from app.domain.trial.trial_data import course_of

from .trial_desk import DeskLook


class CountsCurves(msgspec.Struct, frozen=True):
    """`counts` with the baseline first; `transfusions`: those that the response counts. `begin`, `end`: what is shown of time."""

    counts: tuple[Count, ...]
    criteria: Criteria
    doses: tuple[datetime, ...]
    transfusions: tuple[datetime, ...]
    begin: datetime
    end: datetime

    def points(self, lineage: str) -> list[tuple[datetime, Decimal]]:
        return [(c.at, value) for c in self.counts if (value := c.value(lineage)) is not None]

    def wanted(self, lineage: str) -> dict[str, Decimal]:
        """The least that a response needs, by its name."""
        risen = self.criteria.risen[lineage]
        return {"CR": self.criteria.complete[lineage]} | ({"PR": risen} if risen is not None else {})

    def top(self, lineage: str) -> Decimal:
        """A little above the highest of what is shown."""
        return max([*self.wanted(lineage).values(), *(v for _, v in self.points(lineage))]) * Decimal("1.05")


def counts_curves(look: DeskLook, s: SubjectState) -> CountsCurves | None:
    """None before the first dose."""
    found = course_of(look.data, s, look.protocol, look.rules)
    if found is None:
        return None
    counts = (*([found.baseline] if found.baseline else []), *found.counts)
    last = max([found.last_infusion, *(c.at for c in counts)])
    return CountsCurves(
        counts, found.criteria, tuple(dose.started_at for dose in look.data.doses.get(s.code, ())),
        tuple(t.given_at for t in s.transfusions if t.product in look.rules.response.counted_products),
        found.first_infusion - timedelta(days=7), last + timedelta(days=7),
    )  # fmt: skip


def months(begin: datetime, end: datetime) -> list[datetime]:
    """The first of each month between."""
    year, month = begin.year, begin.month
    found: list[datetime] = []
    while True:
        month += 1
        year, month = (year, month) if month <= 12 else (year + 1, 1)
        at = datetime(year, month, 1, tzinfo=begin.tzinfo)
        if at > end:
            return found
        found.append(at)
