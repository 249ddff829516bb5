"""A subject's blood counts and transfusions, and what the response criteria ask of one count."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from app.domain.protocol import BloodCounts

LINEAGES = ("hb", "anc", "plt")
#: What a count is judged for: a complete response, a partial one, and each lineage by itself.
JUDGED = ("cr", "pr", *LINEAGES)


class Count(msgspec.Struct, frozen=True):
    """One blood count by its collection time (aware); None where a value is missing."""

    at: datetime
    hb_g_l: Decimal | None
    anc_1e9_l: Decimal | None
    plt_1e9_l: Decimal | None

    def value(self, lineage: str) -> Decimal | None:
        return {"hb": self.hb_g_l, "anc": self.anc_1e9_l, "plt": self.plt_1e9_l}[lineage]


class Transfusion(msgspec.Struct, frozen=True):
    at: datetime
    product: str


def by_lineage(counts: BloodCounts) -> dict[str, Decimal]:
    return {"hb": counts.hb_g_l, "anc": counts.anc_1e9_l, "plt": counts.plt_1e9_l}


def in_order(counts: Iterable[Count]) -> tuple[Count, ...]:
    """By collection time; of two in one minute the lower values count, at the time of the first."""
    found: dict[datetime, Count] = {}
    for count in sorted(counts, key=lambda c: c.at):
        minute = count.at.astimezone(UTC).replace(second=0, microsecond=0)
        found[minute] = _lower(found[minute], count) if minute in found else count
    return tuple(found.values())


def _lower(one: Count, other: Count) -> Count:
    values = [[v for v in (one.value(x), other.value(x)) if v is not None] for x in LINEAGES]
    return Count(one.at, *(min(v, default=None) for v in values))


class Criteria(msgspec.Struct, frozen=True):
    """What a count must reach for each lineage, complete and by its rise over the baseline (None where that is unknown)."""

    complete: Mapping[str, Decimal]
    risen: Mapping[str, Decimal | None]

    def wanted(self, kind: str) -> dict[str, Decimal | None]:
        """The least value of each lineage that a kind needs: `cr` all, `pr` any, or one lineage."""
        if kind in LINEAGES:
            return {kind: self.risen[kind]}
        return dict(self.complete if kind == "cr" else self.risen)

    def met(self, kind: str, count: Count) -> bool | None:
        """None where a value that decides is missing: the count is passed over, it neither holds nor fails."""
        clauses = [
            None if value is None or least is None else value >= least
            for lineage, least in self.wanted(kind).items()
            for value in [count.value(lineage)]
        ]
        if kind == "pr":
            return True if True in clauses else None if None in clauses else False
        return None if None in clauses else all(clauses)

    def short(self, kind: str, count: Count) -> Iterator[tuple[str, Decimal, Decimal]]:
        """The clauses that fail: lineage, value, and the least that is wanted."""
        for lineage, least in self.wanted(kind).items():
            value = count.value(lineage)
            if value is not None and least is not None and value < least:
                yield lineage, value, least


def criteria(complete: BloodCounts, rise: BloodCounts, baseline: Count | None) -> Criteria:
    """Decimal throughout: from 0.2 to 0.7 is a rise of 0.5."""
    rises = by_lineage(rise)
    values = {x: baseline.value(x) if baseline else None for x in LINEAGES}
    return Criteria(by_lineage(complete), {x: None if (v := values[x]) is None else v + rises[x] for x in LINEAGES})
