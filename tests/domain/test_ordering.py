"""An order names a subject, a bed and a dose that its group has."""

import pytest

from app.domain.errors import Refused
from app.domain.infusion.chapters.ordering import ordered

from .cast import protocol


def test_an_order_is_what_was_typed_without_the_blanks_around_it() -> None:
    order = ordered(" B-001 ", " 12 ", "B", 2, protocol(), "0" * 64, True)
    assert (order.subject, order.bed, order.group, order.dose_number, order.practice) == ("B-001", "12", "B", 2, True)


@pytest.mark.parametrize(
    ("subject", "bed", "dose"), [("", "12", 1), ("  ", "12", 1), ("B-001", " ", 1), ("B-001", "12", 0), ("B-001", "12", 3)]
)
def test_an_order_without_a_subject_a_bed_or_such_a_dose_is_refused(subject: str, bed: str, dose: int) -> None:
    with pytest.raises(Refused):
        ordered(subject, bed, "B", dose, protocol(), "0" * 64, False)
