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


def test_greenwoods_sum_up_to_each_step() -> None:
    """Events over those at risk times those left, added up; where the curve is at zero there is none."""
    five = curve(followed(*[(day, 1) for day in (7, 14, 21, 28, 35)]))
    assert [step.greenwood for step in five] == [Fraction(1, 20), Fraction(2, 15), Fraction(3, 10), Fraction(4, 5), None]
    two_on_a_day = curve(followed((10, 1), (10, 1), (10, 0), (20, 1), (30, 0)))
    assert [(s.survival, s.greenwood) for s in two_on_a_day] == [
        (Fraction(3, 5), Fraction(2, 15)),
        (Fraction(3, 10), Fraction(19, 30)),
    ]
    assert [s.days for s in two_on_a_day] == [10, 20]


#: Remission of acute leukaemia in weeks (Freireich 1963, as in Gehan 1965): 6-mercaptopurine, and placebo.
MERCAPTOPURINE = [
    (6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0), (19, 0), (20, 0),
    (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0),
]  # fmt: skip
ON_PLACEBO = [(week, 1) for week in (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)]


def test_the_published_curves_of_remission() -> None:
    """Survival and its standard error as printed with the data, and the medians with their log-log limits as SAS gives them."""
    steps = [(s.days, s.survival, s.survival * Fraction(float(s.greenwood or 0) ** 0.5)) for s in curve(followed(*MERCAPTOPURINE))]
    assert [(int(days), f"{float(share):.3f}", f"{float(error):.4f}") for days, share, error in steps] == [
        (6, "0.857", "0.0764"), (7, "0.807", "0.0869"), (10, "0.753", "0.0963"), (13, "0.690", "0.1068"), (16, "0.627", "0.1141"),
        (22, "0.538", "0.1282"), (23, "0.448", "0.1346"),
    ]  # fmt: skip
    assert found(*MERCAPTOPURINE) == (21, 9, 23, 13, None)
    assert found(*ON_PLACEBO) == (21, 21, 8, 4, 11)


def test_of_one_subject_its_own_day_is_everything() -> None:
    assert found((9, 1)) == (1, 1, 9, 9, 9)


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
