"""What a person reads off a label: the bag's number and its expiry."""

from datetime import datetime

import pytest

from app.domain.errors import Refused
from app.domain.infusion import facts as e
from app.domain.log import encode
from app.domain.products.label_text import read_bag_number, read_expiry
from app.domain.streams import decode

from .cast import protocol

END_OF_DAY = protocol().product
START_OF_DAY = protocol("three-stage").product


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("2026-11-24 18:00", datetime(2026, 11, 24, 18, 0)),
        ("2026-11-24T18:00", datetime(2026, 11, 24, 18, 0)),
        (" 2026-11-24  8:05 ", datetime(2026, 11, 24, 8, 5)),
        ("2026/11/24", datetime(2026, 11, 24, 23, 59)),
        ("2026年11月24日 18：00", datetime(2026, 11, 24, 18, 0)),
        ("２０２６－１１－２４", datetime(2026, 11, 24, 23, 59)),
    ],
)
def test_an_expiry_is_read_as_it_stands_on_the_label(typed: str, at: datetime) -> None:
    """Without a time it is the end of that day: the site's setting."""
    assert read_expiry(typed, END_OF_DAY) == at


def test_a_site_may_take_a_date_alone_as_its_beginning() -> None:
    assert read_expiry("2026-11-24", START_OF_DAY) == datetime(2026, 11, 24, 0, 0)
    assert read_expiry("2026-11-24 18:00", START_OF_DAY) == datetime(2026, 11, 24, 18, 0)


@pytest.mark.parametrize("typed", ["", "2", "24-11-2026", "26-11-24", "2026-11", "2026-11-24 6 pm", "20261124", "18:00"])
def test_what_is_no_whole_date_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="year first"):
        read_expiry(typed, END_OF_DAY)


@pytest.mark.parametrize("typed", ["2026-02-30", "2026-13-01", "2026-11-24 24:00", "2026-11-24 18:60"])
def test_an_impossible_date_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match=f"“{typed}” is not a date"):
        read_expiry(typed, END_OF_DAY)


def test_a_bag_number_stands_as_it_was_read() -> None:
    assert read_bag_number(" UC-2611-001 ") == "UC-2611-001"
    assert read_bag_number("ＵＣ-2611-001") == "UC-2611-001"
    assert read_bag_number("U" * 64) == "U" * 64


@pytest.mark.parametrize(
    ("typed", "why"),
    [("", "type the bag's number"), ("   ", "type the bag's number"), ("UC-1|LOT|2026", r"“UC-1\|LOT\|2026” is not a bag number"),
     ("UC\x1d10", "the number alone"), ("U" * 65, "the number alone")],
)  # fmt: skip
def test_what_cannot_be_a_bag_number_is_refused(typed: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read_bag_number(typed)


def test_a_record_of_before_does_not_say_how_a_code_was_entered() -> None:
    checked = decode("infusion", '{"type":"IdentityChecked","subject":"B-001","bag_ids":["U1"]}')
    assert checked == e.IdentityChecked("B-001", ("U1",), None)
    assert decode("infusion", encode(e.IdentityChecked("B-001", ("U1",), "mixed"))) == e.IdentityChecked("B-001", ("U1",), "mixed")
