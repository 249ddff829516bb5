"""Whether a dose may be ordered for a subject today: once, in its sequence, in its window. Days are the site's calendar days."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Literal

import msgspec

from app.domain.infusion.state import Infusion
from app.domain.protocol import Dosing
from app.domain.texts import Text, say

Irregular = Literal["second", "sequence", "window", "unenrolled", "group", "left"]
"""The last three come from the trial desk."""

#: What speaks against a dose, as the question and the record say it.
IRREGULAR: dict[Irregular, Text] = {
    "second": say("This dose of this subject was ordered before."),
    "sequence": say("This dose does not follow the one before it: that was not given, or a later or another group's dose was."),
    "unenrolled": say("This subject is not enrolled in this record."),
    "group": say("This subject is enrolled in another group."),
    "left": say("This subject has left the trial."),
    "window": say("The order is outside the window of {interval} ± {window} days after the dose before.", interval="", window=""),
}


class DoseBefore(msgspec.Struct, frozen=True):
    """Another order of the same subject that was not given up. `on`: the day it started, None when it has not."""

    group: str
    dose_number: int
    on: date | None


def irregular(
    group: str, dose_number: int, today: date, before: Iterable[DoseBefore], dosing: Dosing | None
) -> tuple[Irregular, ...]:
    """What speaks against ordering this dose today."""
    return tuple(_irregular(group, dose_number, today, tuple(before), dosing))


def _irregular(
    group: str, dose_number: int, today: date, before: tuple[DoseBefore, ...], dosing: Dosing | None
) -> Iterator[Irregular]:
    if any((d.group, d.dose_number) == (group, dose_number) for d in before):
        yield "second"
    if dosing is None:
        return
    given = {d.dose_number: d.on for d in before if d.group == group and d.on is not None}
    last = given.get(dose_number - 1)
    follows = dose_number == 1 or last is not None
    if not follows or any(d.group != group or d.dose_number > dose_number for d in before):
        yield "sequence"
    if last is not None and abs((today - last).days - dosing.interval_days) > dosing.window_days:
        yield "window"


def local_day(at: datetime) -> date:
    """The site's calendar day of a moment: that of the laptop's zone."""
    return at.astimezone().date()


def weighed_on_another_day(state: Infusion, at: datetime) -> bool:
    """Whether the weight is not of the day of `at`; a protocol without a gate does not ask."""
    return state.protocol.gate is not None and state.weight_at is not None and local_day(state.weight_at) != local_day(at)
