"""Laboratory values: in the unit they are counted in, collected in the past, and made sure of by a second look."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from app.domain.errors import Refused
from app.domain.people.roles import CLINICAL, Person
from app.domain.texts import say

from . import subject_facts as f
from .entry_checks import past, refuse_numbers
from .subject_commands import RecordLab

How = Literal["twice", "second", "file"]


def laboratory(c: RecordLab, by: Person, now: datetime) -> f.LabRecorded:
    refuse_values(c.values)
    at = past(c.collected_at, now)
    how: How = "file" if c.from_file else made_sure(c.values, c.again, c.second, by)
    return f.LabRecorded(at, c.values, how, c.laboratory.strip())


def refuse_values(values: Sequence[f.LabValue]) -> None:
    if not values:
        raise Refused(say("No value is entered."))
    for value in values:
        refuse_numbers(value.value, value.lln, value.uln)
        if value.unit not in TEST_UNITS.get(value.test, (value.unit,)):
            raise Refused(say("{test} is taken in {unit} only; it is never converted.",
                              test=f.TEST_NAMES[value.test], unit=TEST_UNITS[value.test][0]))  # fmt: skip


def made_sure(values: Sequence[f.LabValue], again: Sequence[f.LabValue] | None, second: Person | None, by: Person) -> How:
    """How it was made sure that values are those of the laboratory. Raises `Refused` where it was not."""
    if second is not None:
        if second.person_id == by.person_id or second.role not in CLINICAL:
            raise Refused(say("The second person must be another one of the ward."))
        return "second"
    if again is None:
        raise Refused(say("Type the values twice, or let a second person look at them."))
    differ = [a for a, b in zip(values, again, strict=False) if a != b]
    if differ or len(values) != len(again):
        tests = f.TEST_NAMES[differ[0].test] if differ else say("number of values")
        raise Refused(say("The two entries differ: {what}.", what=tests))
    return "twice"


_PER_LITRE = ("10^9/L", "×10⁹/L", "×10^9/L", "x10^9/L", "10*9/L", "10⁹/L", "1e9/L", "10e9/L")
#: Tests that the rules count with: one unit each, in its spellings.
TEST_UNITS: dict[str, Sequence[str]] = {
    "hb": ("g/L",), "anc": _PER_LITRE, "plt": _PER_LITRE, "wbc": _PER_LITRE, "lymphocytes": _PER_LITRE,
}  # fmt: skip
