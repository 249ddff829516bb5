"""Whether vital signs that a person typed or looked at can be: judged here alone, for the rules and for the row being filled."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from app.domain.texts import Text, say

from .vital_signs import VITALS, plausible

#: A check needs one of each group; what is missing takes a reason.
REQUIRED: tuple[tuple[str, ...], ...] = (
    ("hr", "pr"),
    ("spo2",),
    ("nibp_sys",),
    ("nibp_dia",),
    ("rr",),
    ("temp",),
)


def impossible(values: Mapping[str, Decimal | None]) -> str | None:
    """The code of the first value that no person could have."""
    given = ((code, value) for code, value in values.items() if value is not None)
    return next((code for code, value in given if not value.is_finite() or not plausible(code, value)), None)


def pressures_clash(values: Mapping[str, Decimal | None]) -> Literal["systolic", "mean"] | None:
    """Which of the pressures given does not fit the others: systolic above mean above diastolic."""
    sys, mean, dia = (values.get(code) for code in ("nibp_sys", "nibp_map", "nibp_dia"))
    if sys is not None and dia is not None and sys <= dia:
        return "systolic"
    if mean is not None and ((sys is not None and mean >= sys) or (dia is not None and mean <= dia)):
        return "mean"
    return None


def why_impossible(values: Mapping[str, Decimal | None]) -> Text | None:
    """Why these values, which stand together in one row, cannot be."""
    wrong = impossible(values)
    if wrong is not None:
        vital = VITALS[wrong]
        return say("{value} {unit} is not possible ({low}–{high}). Measure again.", value=values[wrong],
                   unit=vital.unit_words, low=vital.plausible_low, high=vital.plausible_high)  # fmt: skip
    if pressures_clash(values) is not None:
        return say("Systolic, mean and diastolic pressure do not fit each other. Measure again.")
    return None
