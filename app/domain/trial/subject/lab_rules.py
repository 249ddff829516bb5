"""Laboratory values: in the unit they are counted in, collected in the past, and made sure of by a second look."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.domain.errors import Refused
from app.domain.people.roles import CLINICAL, Person
from app.domain.texts import say

from . import subject_facts as f
from .entry_checks import past
from .subject_commands import RecordLab


def laboratory(c: RecordLab, by: Person, now: datetime) -> f.LabRecorded:
    refuse_values(c.values)
    at = past(c.collected_at, now)
    return f.LabRecorded(at, c.values, _made_sure(c, by), c.laboratory.strip())


def refuse_values(values: Sequence[f.LabValue]) -> None:
    if not values:
        raise Refused(say("No value is entered."))
    for value in values:
        if not value.value.is_finite() or value.value < 0:
            raise Refused(say("{value} is not a laboratory value.", value=value.value))
        if value.unit not in TEST_UNITS.get(value.test, (value.unit,)):
            raise Refused(say("{test} is taken in {unit} only; it is never converted.",
                              test=f.TEST_NAMES[value.test], unit=TEST_UNITS[value.test][0]))  # fmt: skip


def _made_sure(c: RecordLab, by: Person) -> Any:
    if c.from_file:
        return "file"
    if c.second is not None:
        if c.second.person_id == by.person_id or c.second.role not in CLINICAL:
            raise Refused(say("The second person must be another one of the ward."))
        return "second"
    if c.again is None:
        raise Refused(say("Type the values twice, or let a second person look at them."))
    differ = [a for a, b in zip(c.values, c.again, strict=False) if a != b]
    if differ or len(c.values) != len(c.again):
        tests = f.TEST_NAMES[differ[0].test] if differ else say("number of values")
        raise Refused(say("The two entries differ: {what}.", what=tests))
    return "twice"


_PER_LITRE = ("10^9/L", "×10⁹/L", "×10^9/L", "x10^9/L", "10*9/L", "10⁹/L", "1e9/L", "10e9/L")
#: Tests that the rules count with: one unit each, in its spellings.
TEST_UNITS: dict[str, Sequence[str]] = {
    "hb": ("g/L",), "anc": _PER_LITRE, "plt": _PER_LITRE, "wbc": _PER_LITRE, "lymphocytes": _PER_LITRE,
}  # fmt: skip
