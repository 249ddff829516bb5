"""Why there is no response: the clause that fails, with its value and moment."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from app.domain.texts import Text, listed, say

from .counts import LINEAGES, Count, Transfusion
from .course import Course, confirming, spoiling
from .sentences import given, span
from .visits import Window

Why = Callable[[str], Text]
Evaluable = Sequence[tuple[Count, bool]]
"""Counts that decide for a kind, in order, and whether each meets it."""

NAMES: dict[str, Text] = {"hb": say("haemoglobin"), "anc": say("neutrophils"), "plt": say("platelets")}
UNITS: dict[str, str] = {"hb": "g/L", "anc": "×10⁹/L", "plt": "×10⁹/L"}
PRODUCTS: dict[str, Text] = {"red_cells": say("red cells"), "platelets": say("platelets"), "whole_blood": say("whole blood")}


def too_late(at: datetime, week: int) -> Text:
    return say("met first on {at}, after week {week}", at=given(at), week=week)


def no_count(window: Window) -> Text:
    return say("no test from {first} to {last}, the days of the visit", first=window[0], last=window[1])


def no_lineage(reasons: Mapping[str, Text | None]) -> Text:
    return say("haemoglobin: {hb}; neutrophils: {anc}; platelets: {plt}", **{x: reasons[x] for x in LINEAGES})


def fails(found: Course, kind: str, count: Count) -> Text:
    """The clauses that a count does not meet."""
    short = [
        say("{what} {value} {unit} on {at}, at least {least} wanted", what=NAMES[lineage], value=value, unit=UNITS[lineage],
            at=given(count.at), least=least)
        for lineage, value, least in found.criteria.short(kind, count)
    ]  # fmt: skip
    return listed(short)


def why_not(found: Course, kind: str, evaluable: Evaluable, until: datetime) -> Text:
    """`until`: how long a second test may still confirm a first one."""
    if not found.counts:
        return say("no test after the first infusion")
    if kind in LINEAGES and found.criteria.risen[kind] is None:
        return say("no baseline value of {what}", what=NAMES[kind])
    if not evaluable:
        return say("no test with all the values that are needed")
    if not any(met for _, met in evaluable):
        nearest = max((count for count, _ in evaluable), key=lambda count: _nearness(found, kind, count))
        return _no_pair(found, fails(found, kind, nearest))
    return _unconfirmed(found, kind, evaluable, until)


def _no_pair(found: Course, why: Text) -> Text:
    hours = found.apart // timedelta(hours=1)
    return say("no two consecutive tests at least {hours} h apart: {why}", hours=hours, why=why)


def _nearness(found: Course, kind: str, count: Count) -> tuple[object, ...]:
    """Fewest clauses open, then least that is wanting in the first of them, then the latest."""
    short = list(found.criteria.short(kind, count))
    _, value, least = short[0]
    return -len(short), value - least, count.at


def _unconfirmed(found: Course, kind: str, evaluable: Evaluable, until: datetime) -> Text:
    last = max(n for n, (_, met) in enumerate(evaluable) if met)
    begins = next(n for n in range(last, -1, -1) if n == 0 or not evaluable[n - 1][1])
    pairs = [
        (first, second)
        for n, (first, _) in enumerate(evaluable)
        for second in [confirming(found, evaluable[n:])]
        if second is not None
    ]
    run = evaluable[begins][0]
    is_open = last == len(evaluable) - 1
    if pairs and (pairs[-1][0].at >= run.at or not is_open):
        return _transfused(found, *pairs[-1])
    if is_open:
        return _no_pair(found, _awaiting(run.at + found.apart, until))
    return _no_pair(found, say("it fell: {why}", why=fails(found, kind, evaluable[last + 1][0])))


def _awaiting(earliest: datetime, until: datetime) -> Text:
    if earliest > until:
        return say("awaiting a second test, not before {earliest}", earliest=given(earliest))
    return say("awaiting a second test until {until}, not before {earliest}", earliest=given(earliest), until=given(until))


def _transfused(found: Course, first: Count, second: Count) -> Text:
    near, test = spoiling(found, first, second), given(first.at)
    if near is None:
        ended = next(t for t in found.transfusions if t.at > second.at)
        return say("transfusion: ended by {product} {at}", product=_product(ended), at=given(ended.at))
    product, at = _product(near), given(near.at)
    if near.at > first.at:
        return say("transfusion: {product} {at}, after the first test of {test}", product=product, at=at, test=test)
    return say(
        "transfusion: {product} {at}, {before} before the first test of {test}",
        product=product, at=at, before=span(first.at - near.at), test=test,
    )  # fmt: skip


def _product(transfusion: Transfusion) -> Text | str:
    return PRODUCTS.get(transfusion.product, transfusion.product)
