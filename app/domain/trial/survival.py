"""Kaplan–Meier medians in exact arithmetic: product limit, Greenwood's variance, log-log limits.

Where the curve stands at exactly one half the median is the midpoint of that step, as R and SAS give it (Brookmeyer and
Crowley 1982 for the limits; Greenwood 1926; log-log after Kalbfleisch and Prentice).
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import msgspec

from app.domain.texts import Text, say

HALF = Fraction(1, 2)
#: The 97.5 % point of the standard normal distribution.
Z_95 = Decimal("1.959963984540054")


class Followed(msgspec.Struct, frozen=True):
    """One subject: days until the event, or until it was last known without (`event` False)."""

    days: Decimal
    event: bool


class CurveStep(msgspec.Struct, frozen=True):
    """The curve from this day on, and the part of Greenwood's sum up to it; None once the curve is at zero."""

    days: Decimal
    survival: Fraction
    greenwood: Fraction | None


class Median(msgspec.Struct, frozen=True):
    """Days, or None where the curve, or its limit, does not come down to one half."""

    n: int
    events: int
    median: Decimal | None
    low: Decimal | None
    high: Decimal | None
    method: Text


def curve(followed: Sequence[Followed]) -> tuple[CurveStep, ...]:
    """One step a day with an event; who is censored on that day is still at risk on it."""
    steps: list[CurveStep] = []
    survival, greenwood = Fraction(1), Fraction(0)
    for day in sorted({f.days for f in followed if f.event}):
        at_risk = sum(f.days >= day for f in followed)
        events = sum(f.event and f.days == day for f in followed)
        survival *= Fraction(at_risk - events, at_risk)
        if survival:
            greenwood += Fraction(events, at_risk * (at_risk - events))
        steps.append(CurveStep(day, survival, greenwood if survival else None))
    return tuple(steps)


def median(followed: Sequence[Followed]) -> Median:
    steps = curve(followed)
    limits = [(step.days, *_limits(step)) for step in steps]
    low = next((days for days, lower, _ in limits if lower <= HALF), None)
    high = next((days for days, _, upper in limits if upper <= HALF), None)
    method = say("Kaplan–Meier; midpoint where the curve stands at exactly 0.5; 95 % limits log-log, variance after Greenwood")
    return Median(len(followed), sum(f.event for f in followed), _half_way(steps), low, high, method)


def _half_way(steps: Sequence[CurveStep]) -> Decimal | None:
    for step, after in zip(steps, (*steps[1:], None), strict=False):
        if step.survival <= HALF:
            return (step.days + after.days) / 2 if step.survival == HALF and after else step.days
    return None


def _limits(step: CurveStep) -> tuple[Decimal, Decimal]:
    """S to the power exp(± z σ / |ln S|); at zero the curve has no variance left and both limits are zero."""
    if step.greenwood is None:
        return Decimal(0), Decimal(0)
    log = _decimal(step.survival).ln()
    spread = (Z_95 * _decimal(step.greenwood).sqrt() / -log).exp()
    return (log * spread).exp(), (log / spread).exp()


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator
