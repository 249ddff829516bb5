"""Texts and numbers as they are told, and read from a file as they were written, with the texts and times in them."""

from datetime import UTC, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import msgspec
import pytest

from app.domain.texts import Dated, Text, cells, joined, listed, number, parts, revived, say

AT = datetime(2026, 3, 1, 13, 5, tzinfo=UTC)


def test_texts_within_a_text_and_times_come_back() -> None:
    written = say("Bag {bag}, {why}, {at}, {expiry}", bag="2026-03-01", why=say("at {at}", at=AT), at=AT, expiry=Dated(AT))
    assert revived(msgspec.json.decode(msgspec.json.encode(written), type=Text)) == written


def test_one_that_was_never_written_stays_as_it_is() -> None:
    made = say("{why}", why=say("at {at}", at=AT))
    assert revived(made) == made


@pytest.mark.parametrize(
    "text", ["2026-03-01", "2026-03-01T13:05Z", "at 2026-03-01T13:05:00Z", "2026-03-01T13:05:00Z!", "2026-03-01T13:05:00"]
)
def test_a_text_that_only_looks_like_a_time_stays_a_text(text: str) -> None:
    assert revived(Text("{a}", {"a": text})).params == {"a": text}


@pytest.mark.parametrize(
    "text", ["2026-03-01T13:05:00Z", "2026-03-01T13:05:00.000000Z", "2026-03-01T21:05:00+08:00", "2026-03-01T08:05:00.0-05:00"]
)
def test_a_time_is_read_with_its_zone(text: str) -> None:
    assert revived(Text("{a}", {"a": text})).params == {"a": AT}


def test_a_text_without_places_is_read_and_a_table_stays_a_table() -> None:
    assert revived(Text("{a}", {"a": {"msgid": "wait"}, "b": {"purity": True}, "c": 7})) == Text(
        "{a}", {"a": say("wait"), "b": {"purity": True}, "c": 7}
    )


def test_several_texts_as_one() -> None:
    assert str(listed(["A", say("or {b}", b="B"), 3])) == "A, or B, 3"
    assert str(listed([])) == ""
    assert listed(["A"]).params == {"p0": "A", "comma": say(", ")}
    assert str(joined(" – ", ["A", "B"])) == "A – B"
    assert str(parts("A", None, say("B"), "", "C")) == "A · B · C"
    assert str(Dated(AT)) == "2026-03-01 13:05"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("20.0", "20"),
        ("20", "20"),
        ("2.25", "2.3"),
        ("2.24", "2.2"),
        ("0.05", "0.1"),
        ("0.04", "0"),
        ("1E+2", "100"),
        ("99.95", "100"),
    ],
)
def test_a_number_is_told_to_one_decimal(value: str, told: str) -> None:
    assert number(Decimal(value)) == told


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (140_000_000, "1.40 × 10⁸"), (100_500_000, "1.00 × 10⁸"), (101_500_000, "1.02 × 10⁸"), (101_499_999, "1.01 × 10⁸"),
        (99_960_000, "1.00 × 10⁸"),
        (Decimal("0.01236"), "1.24 × 10⁻²"), (Decimal("1234567890E+3"), "1.23 × 10¹²"), (7, "7.00 × 10⁰"),
    ],
)  # fmt: skip
def test_cells_are_told_in_three_digits(count: int | Decimal, told: str) -> None:
    assert cells(count) == told


def test_the_most_that_was_given_is_never_told_as_less() -> None:
    assert (cells(140_100_000, ROUND_CEILING), cells(140_900_000, ROUND_FLOOR)) == ("1.41 × 10⁸", "1.40 × 10⁸")
