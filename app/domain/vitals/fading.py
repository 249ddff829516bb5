"""How a vital sign that was measured stands on the screen: as it is, faded, or no more."""

from enum import StrEnum

from app.domain.protocol import VitalsRules

from .vital_signs import NIBP


class Fade(StrEnum):
    """`FADED`: its number is still told, as one that is old or whose source fell silent; `GONE`: no number is told."""

    FRESH = "fresh"
    FADED = "faded"
    GONE = "gone"


#: Measured now and then, and holding until it is measured again.
_SPOT = (*NIBP, "temp")


def fade(rules: VitalsRules, code: str, age_s: float, next_check_min: int, is_lost: bool) -> Fade:
    """Of a monitor's value. `is_lost`: its line or sensor fell silent; `next_check_min`: how often checks are due.

    A number whose source fell silent fades at once. It goes when a check may use it no more; a cuff's and a thermometer's fade
    then, and go when the check that renews them is late.
    """
    usable = age_s <= (rules.max_age_nibp_s if code in NIBP else rules.max_age_s)
    if is_lost:
        return Fade.FADED if usable else Fade.GONE
    if usable:
        return Fade.FRESH
    return Fade.FADED if code in _SPOT and age_s <= _late_s(rules, next_check_min) else Fade.GONE


def fade_by_hand(rules: VitalsRules, age_s: float, next_check_min: int) -> Fade:
    """What a person typed fades when the next check is due, and goes when that is late."""
    if age_s <= next_check_min * 60:
        return Fade.FRESH
    return Fade.FADED if age_s <= _late_s(rules, next_check_min) else Fade.GONE


def _late_s(rules: VitalsRules, next_check_min: int) -> float:
    return (next_check_min + float(rules.late_from_min)) * 60
