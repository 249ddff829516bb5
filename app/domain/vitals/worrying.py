"""What of a vital sign worries: beyond its limits, or moved from the baseline as in a reaction. One judgement for all that show it.

Judged as it is shown; a value equal to a limit lies inside. Limits and changes are the infusion's own. An alarm of a
change waits until it has lasted (`Triggers.hold_s`); what is read or typed at one moment is judged by itself.
"""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from app.domain.protocol import Triggers, VitalsRules
from app.domain.texts import Text, joined, number, say

from .vital_signs import VITALS, Level, level


class Worry(msgspec.Struct, frozen=True):
    """`limit`: the one it crossed, the far one where it crossed both; None where the change from `before` alone worries."""

    code: str
    value: Decimal
    is_low: bool
    is_far: bool = False
    limit: Decimal | None = None
    before: Decimal | None = None

    @property
    def mark(self) -> str:
        """A shape, so that it is seen without colour."""
        if self.limit is None:
            return "↓" if self.is_low else "↑"
        return ("▼" if self.is_low else "▲") * (2 if self.is_far else 1)

    @property
    def word(self) -> Text:
        if self.limit is None:
            return say("fell since the baseline") if self.is_low else say("rose since the baseline")
        if self.is_far:
            return say("far too low") if self.is_low else say("far too high")
        return say("low") if self.is_low else say("high")

    @property
    def words(self) -> Text:
        """“HR 132 ▲ high (limit 120)”, “HR 66 → 103 ↑ rose since the baseline”."""
        vital, shown = VITALS[self.code].short, as_shown(self.code, self.value)
        if self.limit is not None:
            return say("{vital} {value} {mark} {word} (limit {limit})", vital=vital, value=shown, mark=self.mark, word=self.word,
                       limit=number(self.limit))  # fmt: skip
        before = as_shown(self.code, self.before or Decimal(0))
        return joined(" ", [vital, f"{before} → {shown}", self.mark, self.word])


def as_shown(code: str, value: Decimal) -> str:
    return f"{round(value, VITALS[code].decimals):f}"


def arrow(code: str, before: Decimal, value: Decimal) -> str:
    """Where it went since, as it is shown: ↑ ↓ or =."""
    then, now = (round(x, VITALS[code].decimals) for x in (before, value))
    return "=" if now == then else "↑" if now > then else "↓"


class JudgedBy(msgspec.Struct, frozen=True):
    """The limits in force for a patient, the changes that may be a reaction, and the baseline; as far as they are known."""

    rules: VitalsRules
    triggers: Triggers | None = None
    baseline: Mapping[str, Decimal] = {}


def since_baseline(by: JudgedBy, values: Mapping[str, Decimal | None]) -> str:
    """“118/72 → 96/60 ↓”, the arrow by the first; nothing where one of them, now or then, is not known."""
    now = {code: value for code, value in values.items() if value is not None and code in by.baseline}
    if len(now) < len(values):
        return ""
    before, after = ("/".join(as_shown(code, of[code]) for code in now) for of in (by.baseline, now))
    first = next(iter(now))
    return f"{before} → {after} {arrow(first, by.baseline[first], now[first])}"


def worry(by: JudgedBy, code: str, value: Decimal) -> Worry | None:
    """Of one value."""
    shown, before = round(value, VITALS[code].decimals), by.baseline.get(code)
    how_far, limit = level(by.rules.limits_of(code), shown)
    if limit is not None:
        return Worry(code, value, shown < limit, how_far is Level.FAR_OUTSIDE, limit)
    if by.triggers is None or before is None:
        return None
    moved = is_sharp(code, shown, before, by.triggers) or is_by_share(code, shown, before, by.triggers)
    return Worry(code, value, shown < before, before=before) if moved else None


def worries(by: JudgedBy, values: Mapping[str, Decimal | None]) -> dict[str, Worry]:
    """Of several, by code."""
    found = ((code, worry(by, code, value)) for code, value in values.items() if value is not None)
    return {code: one for code, one in found if one is not None}


def is_sharp(code: str, value: Decimal, before: Decimal, rules: Triggers) -> bool:
    """A febrile or a hypotensive reaction: told at once."""
    if code == "temp":
        rise = value - before
        mild = value >= rules.temp_from_c and rise >= rules.temp_rise_c
        return mild or value >= rules.temp_moderate_c or rise >= rules.temp_moderate_rise_c
    return code == "nibp_sys" and value <= rules.sys_down_to_mmhg and before - value >= rules.sys_fall_mmhg


def is_by_share(code: str, value: Decimal, before: Decimal, rules: Triggers) -> bool:
    """A pulse that rose, or a systolic pressure that fell, by more than its share of the baseline."""
    if code == "nibp_sys":
        return (before - value) * 100 > rules.sys_fall_pct * before
    return code in ("hr", "pr") and (value - before) * 100 > rules.pulse_rise_pct * before
