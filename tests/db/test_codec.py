"""What goes to the disk comes back the same."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select

from db.codec import ExactNumber, JsonText, UtcDateTime
from db.log.canonical import canonical, utc_from_ms, utc_from_text, utc_ms, utc_text

Stored: TypeAlias = Callable[[str, object], object]
CHINA = timezone(timedelta(hours=8))
table = Table("t", MetaData(), Column("at", UtcDateTime), Column("n", ExactNumber), Column("j", JsonText))


@pytest.fixture(scope="module")
def stored() -> Iterator[Stored]:
    """Store one value in one column of a real table and read it back."""
    engine = create_engine("sqlite://")
    connection = engine.connect()
    table.create(connection)

    def there_and_back(name: str, value: object) -> object:
        connection.execute(table.delete())
        connection.execute(insert(table), {name: value})
        return connection.execute(select(table.c[name])).scalar_one()

    yield there_and_back
    connection.close()
    engine.dispose()


def test_a_time_is_utc_text_with_microseconds() -> None:
    at = datetime(2026, 3, 1, 16, 0, 0, 5, tzinfo=CHINA)
    assert utc_text(at) == "2026-03-01T08:00:00.000005Z"
    assert utc_from_text(utc_text(at)) == at
    assert utc_from_ms(utc_ms(at)) == datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_a_time_without_its_zone_is_refused(stored: Stored) -> None:
    with pytest.raises(Exception, match="without its zone"):
        stored("at", datetime(2026, 3, 1))
    with pytest.raises(TypeError):
        utc_ms(datetime(2026, 3, 1))


@given(st.datetimes(timezones=st.just(CHINA), min_value=datetime(1970, 1, 2)))
def test_any_time_comes_back(stored: Stored, at: datetime) -> None:
    assert stored("at", at) == at


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 6))
def test_any_decimal_of_fifteen_digits_comes_back_exactly(stored: Stored, digits: int, places: int) -> None:
    value = Decimal(digits).scaleb(-places)
    assert stored("n", value) == value


@given(st.dictionaries(st.text(max_size=3), st.none() | st.integers(-(2**50), 2**50) | st.text(max_size=3)))
def test_json_has_one_form_only(stored: Stored, value: dict[str, object]) -> None:
    assert stored("j", value) == value
    assert canonical(value) == canonical(dict(reversed(value.items())))


@pytest.mark.parametrize("name", ["at", "n", "j"])
def test_nothing_stays_nothing(stored: Stored, name: str) -> None:
    assert stored(name, None) is None
