"""The alarm limits of one patient: nearer or further than the protocol's, never off, and never beyond its far ones.

| end | lies between |
|---|---|
| where the protocol has a far limit | inside it, by at least one step of the vital sign |
| where it has a near limit alone | the near one: it may only be drawn closer |
| where it has neither | what a person can have at all |

The offer from the baseline goes by the patient monitors' automatic limits (Mindray): a suggestion, which a person confirms.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from app.domain.errors import Refused
from app.domain.protocol import Limits, VitalsRules
from app.domain.texts import say

from .vital_signs import VITALS

Ends = tuple[Decimal, Decimal]


class OwnLimits(msgspec.Struct, frozen=True):
    """The near limits of one vital sign; None: the protocol has none at that end, and neither has the patient."""

    vital: str
    low: Decimal | None = None
    high: Decimal | None = None


def near(of: Limits) -> OwnLimits:
    """The near limits that are in force."""
    return OwnLimits(of.vital, of.low, of.high)


def with_own(of: Limits, own: OwnLimits | None) -> Limits:
    return of if own is None else msgspec.structs.replace(of, low=own.low, high=own.high)


def rules_with(rules: VitalsRules, own: Mapping[str, OwnLimits]) -> VitalsRules:
    """The protocol's rules of vital signs with the limits that a patient has of their own."""
    if not own:
        return rules
    return msgspec.structs.replace(rules, limits=tuple(with_own(of, own.get(of.vital)) for of in rules.limits))


def room(of: Limits) -> Ends:
    """Between which a patient's own near limits may lie, both ends included. `of`: the protocol's."""
    vital, step = VITALS[of.vital], _step(of.vital)
    low = of.very_low + step if of.very_low is not None else of.low if of.low is not None else vital.plausible_low
    high = of.very_high - step if of.very_high is not None else of.high if of.high is not None else vital.plausible_high
    return low, high


def _step(code: str) -> Decimal:
    """The least by which two values differ as they are shown."""
    return Decimal(1).scaleb(-VITALS[code].decimals)


def checked(of: Limits, own: OwnLimits) -> OwnLimits:
    """The limits as they may stand. Raises `Refused` for an end that is off, or lies where the protocol has no room."""
    vital, (least, most) = VITALS[of.vital], room(of)
    ends = [end for end in (own.low, own.high) if end is not None]
    if (of.low is not None and own.low is None) or (of.high is not None and own.high is None):
        raise Refused(say("{vital}: a limit is never switched off.", vital=vital.name))
    if any(not end.is_finite() or not least <= end <= most for end in ends) or ends != sorted(set(ends)):
        raise Refused(say("{vital}: limits from {least} to {most} {unit}, the lower one first.",
                          vital=vital.name, least=least, most=most, unit=vital.unit_words))  # fmt: skip
    return own


def _systolic(value: Decimal) -> Ends:
    return Decimal("0.68") * value + 10, Decimal("0.86") * value + 38


def _diastolic(value: Decimal) -> Ends:
    return Decimal("0.68") * value + 6, Decimal("0.86") * value + 32


def _pulse(value: Decimal) -> Ends:
    return max(Decimal("0.8") * value, Decimal(40)), min(Decimal("1.25") * value, Decimal(240))


def _breath(value: Decimal) -> Ends:
    return max(Decimal("0.5") * value, Decimal(6)), min(Decimal("1.5") * value, Decimal(30))


#: Of what is not here (SpO₂, temperature, mean pressure) the limits stay.
_OFFERS: dict[str, Callable[[Decimal], Ends]] = {
    "hr": _pulse, "pr": _pulse, "rr": _breath, "nibp_sys": _systolic, "nibp_dia": _diastolic,
}  # fmt: skip

#: A pulse is the heart's, whichever was measured.
_ALIKE = {"hr": "pr", "pr": "hr"}


def by_baseline(rules: VitalsRules, baseline: Mapping[str, Decimal]) -> dict[str, OwnLimits]:
    """What the baseline suggests, within the room that the protocol leaves; nothing of what it does not tell of."""
    found: dict[str, OwnLimits] = {}
    for of in rules.limits:
        value = baseline.get(of.vital, baseline.get(_ALIKE.get(of.vital, of.vital)))
        if of.vital in _OFFERS and value is not None and of.low is not None and of.high is not None:
            low, high = (_within(end, of) for end in _OFFERS[of.vital](value))
            if low < high:
                found[of.vital] = OwnLimits(of.vital, low, high)
    return found


def _within(end: Decimal, of: Limits) -> Decimal:
    least, most = room(of)
    return min(max(end.quantize(_step(of.vital), ROUND_HALF_UP), least), most)
