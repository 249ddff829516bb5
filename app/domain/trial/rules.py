"""What the trial desk needs beside the protocol, as frozen, validated data from a file of its own."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

import msgspec

from app.domain.protocol import Decided, Protocol
from app.domain.protocol_check import Rule, checked, ranged, reasoned
from app.domain.protocol_ranges import DESK_RANGES
from app.domain.texts import say

Anchor = Literal["first", "last"]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Board(_Table, frozen=True):
    """`undecided`: readings that the site has not chosen yet; the board then decides nothing and says so."""

    undecided: tuple[Literal["mtd", "anchor"], ...]
    sentinel_gap_days: int
    expansion_alert_above_pct: Decimal


class Visits(_Table, frozen=True):
    """`followup_weeks` after the last infusion; contraception is followed up for months after that."""

    window_days: int
    sample_window_days: int
    sample_tubes: int
    followup_weeks: int
    contraception_months_women: int
    contraception_months_men: int


class ResponseReading(_Table, frozen=True):
    """How the response criteria are read: weeks, the products that count, and the switches of the sensitivity view.

    `looked_for_until_week` counts from the last infusion, `duration_until_week` from the first. `falls_to_end`: how many
    tests in a row below the criterion end a response.
    """

    visit_window_days: int
    looked_for_until_week: int
    duration_until_week: int
    counted_products: tuple[str, ...]
    other_products: tuple[str, ...]
    transfusion_free_through: Literal["first", "second"]
    dated_by: Literal["first", "second"]
    falls_to_end: int
    transfusion_ends: bool

    @property
    def products(self) -> tuple[str, ...]:
        return self.counted_products + self.other_products


class EntryLimits(_Table, frozen=True):
    """Thresholds of eligibility that the protocol's own table does not hold."""

    transfusion_warning_days: int
    nyha_excluded_from_class: int
    acute_gvhd_excluded_from_grade: int


class Tables(_Table, frozen=True):
    """`shift_starts_h`: the hours at which the nurses' shifts begin, by which deviations are counted."""

    shift_starts_h: tuple[int, ...]


class TrialRules(_Table, frozen=True):
    id: str
    protocol: str
    board: Board
    visits: Visits
    response: ResponseReading
    eligibility: EntryLimits
    tables: Tables
    decided: tuple[Decided, ...]


def parse_rules(data: dict[str, Any], protocol: Protocol) -> TrialRules:
    """The desk's settings for one protocol. Raises `Refused` naming the key, the value and what is allowed."""
    return checked(data, TrialRules, lambda rules: _rules(rules, protocol))


def _rules(r: TrialRules, protocol: Protocol) -> Iterator[Rule]:
    yield from ranged(r, DESK_RANGES)
    yield from reasoned(r, r.decided)
    yield "protocol", r.protocol, r.protocol == protocol.id, protocol.id
    products = r.response.products
    yield "response.counted_products", list(products), len(set(products)) == len(products), say("different products")
    starts = r.tables.shift_starts_h
    yield "tables.shift_starts_h", list(starts), list(starts) == sorted({*starts}), say("hours of a day, the earliest first")
    week, weeks = r.response.looked_for_until_week, protocol.response.assessed_weeks
    yield "response.looked_for_until_week", week, week >= max(weeks), say("at least the last week assessed")
