"""Kaplan–Meier medians against the published way of R and SAS."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.domain.trial.survival import Followed, curve, median

from .vectors import vectors


def followed(*pairs: tuple[Any, int]) -> list[Followed]:
    return [Followed(Decimal(str(days)), bool(event)) for days, event in pairs]


def found(*pairs: tuple[Any, int]) -> tuple[Any, ...]:
    m = median(followed(*pairs))
    return m.n, m.events, m.median, m.low, m.high


def test_five_events() -> None:
    pairs = [(7, 1), (14, 1), (21, 1), (28, 1), (35, 1)]
    assert found(*pairs) == (5, 5, 21, 7, 35)
    assert [step.survival for step in curve(followed(*pairs))] == [Fraction(n, 5) for n in (4, 3, 2, 1, 0)]


def test_at_exactly_one_half_the_midpoint_of_the_step() -> None:
    assert found((7, 1), (14, 1), (21, 1), (28, 1))[2] == Decimal("17.5")
    assert found((7, 1), (14, 1), (21, 0), (28, 0)) == (4, 2, 14, 7, None)
    thirds = [(n, 1) for n in range(1, 7)]
    assert found(*thirds)[2] == Decimal("3.5")


def test_nobody_had_the_event_or_nobody_is_there() -> None:
    assert found((56, 0), (56, 0), (56, 0)) == (3, 0, None, None, None)
    assert found() == (0, 0, None, None, None)


def test_censored_on_the_day_of_an_event_is_at_risk_on_it() -> None:
    pairs = [(10, 1), (10, 0), (20, 1), (30, 0), (40, 1), (56, 0)]
    assert found(*pairs) == (6, 3, 40, 10, None)
    assert [step.survival for step in curve(followed(*pairs))] == [Fraction(5, 6), Fraction(5, 8), Fraction(5, 16)]


def test_days_may_have_parts_and_come_in_any_order() -> None:
    assert found(("3.5", 1), ("0.25", 1), ("2", 1))[2] == Decimal(2)


def test_the_method_is_named() -> None:
    assert "log-log" in str(median([]).method)


def test_the_vectors() -> None:
    for case in vectors("kaplan_meier.json"):
        pairs = [(days, event) for days, event in case["days_event"]]
        _, _, middle, low, high = found(*pairs)
        assert [middle, [low, high]] == [case["median_midpoint"], case["ci95_loglog"]], case["title"]
        steps = [(step.days, round(float(step.survival), 6)) for step in curve(followed(*pairs))]
        assert steps == [(days, share) for days, share in case["survival"]], case["title"]
