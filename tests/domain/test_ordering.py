"""An order names a subject, a bed and a dose that its group has."""

import pytest

from app.domain.errors import Refused
from app.domain.infusion.chapters.ordering import ordered
from app.domain.infusion.story import WORDS
from app.domain.infusion.wording import group_words
from app.domain.protocol_check import parse

from .cast import ROOT, protocol, read_toml
from .play import Play
from .seeing import plain


def test_an_order_is_what_was_typed_without_the_blanks_around_it() -> None:
    order = ordered(" B-001 ", " 12 ", "B", 2, protocol(), "0" * 64, True)
    assert (order.subject, order.bed, order.group, order.dose_number, order.practice) == ("B-001", "12", "B", 2, True)


@pytest.mark.parametrize(
    ("subject", "bed", "dose"), [("", "12", 1), ("  ", "12", 1), ("B-001", " ", 1), ("B-001", "12", 0), ("B-001", "12", 3)]
)
def test_an_order_without_a_subject_a_bed_or_such_a_dose_is_refused(subject: str, bed: str, dose: int) -> None:
    with pytest.raises(Refused):
        ordered(subject, bed, "B", dose, protocol(), "0" * 64, False)


def test_without_dose_groups_every_order_is_one_dose() -> None:
    alone = parse(read_toml(ROOT / "tests" / "protocols" / "invented.toml"))
    assert alone.groups == ()
    order = ordered("B-001", "12", "", 1, alone, "0" * 64, False)
    state = Play(alone, order=order).state
    assert (order.dose_number, group_words(state)) == (1, "—")
    assert plain(WORDS[type(order)](order, state, {})) == "Ordered: subject B-001, bed 12"
    with pytest.raises(Refused, match="no dose groups"):
        ordered("B-001", "12", "", 2, alone, "0" * 64, False)


def test_the_dose_stands_among_those_of_its_group() -> None:
    order = ordered("B-001", "12", "B", 2, protocol(), "0" * 64, False)
    state = Play(order=order).state
    assert plain(group_words(state)) == "B · 2 of 2"
    assert plain(WORDS[type(order)](order, state, {})) == "Ordered: subject B-001, bed 12, group B, dose 2"
