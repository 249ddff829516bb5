"""Samples as the database writes them down for a seal's hash: believed where it is the same, read one by one where it is not."""

import math
import shutil
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.infusion.facts import SamplesSealed
from db.engine import driver, driver_connection, open_reader
from db.examine import TOUCHED
from db.log.batch import Batch, SampleRow
from db.log.canonical import utc_ms
from db.log.chain import seal
from db.proof.rows_anew import NAMES, OF_INFUSION
from db.proof.samples_there import SamplesThere
from db.statements import Driver

from .making import INFUSION, at, entry, faults, recorder
from .test_verify import tamper

MINUTE_MS = utc_ms(at())
#: In the order in which they are met, which is not that of their names.
VITALS = ("spo2", "hr", "temp", "rr")
T = MINUTE_MS + 7000


def rows() -> list[SampleRow]:
    """A read of several vital signs a second, at one moment; some without a number, from a source with an odd name."""
    found = [
        SampleRow(
            INFUSION, vital, at(second / 60), None if second % 9 == 0 else round(36.1 + second / 7, 1), "ok", 'it\'s "COM3" 监护仪'
        )
        for second in range(60)
        for vital in VITALS
    ]
    return [*found, SampleRow(INFUSION, "pr", at(0.5), 0.125, "questionable", "ecg")]


def event() -> SamplesSealed:
    return SamplesSealed(at(), *seal(rows()), (), 2)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "ward.db"
    writing = recorder(path)
    for vital in VITALS:
        writing.add_samples(row for row in rows() if row.vital == vital)
        writing.flush().result()
    writing.add_samples(rows())
    writing.append(Batch((entry(1, event()),))).result()
    writing.close()
    return path


@pytest.fixture
def minute(made: Path, path: Path) -> Path:
    for file in made.parent.glob("ward.db*"):
        shutil.copy(file, path.parent)
    return path


@pytest.fixture
def there(minute: Path) -> Iterator[SamplesThere]:
    with closing(open_reader(minute)) as connection:
        yield SamplesThere(driver_connection(connection))


def test_a_minute_is_as_sealed_also_when_its_keys_are_in_another_order_than_its_names(there: SamplesThere) -> None:
    assert there.is_as_sealed(INFUSION, MINUTE_MS, event())
    assert there.strangers() == set()
    assert not there.is_as_sealed(INFUSION, MINUTE_MS + 60_000, event())
    assert not there.is_as_sealed("other", MINUTE_MS, event())


def test_new_vital_signs_are_numbered_in_the_order_of_their_names(path: Path) -> None:
    writing = recorder(path)
    writing.add_samples(rows())
    writing.close()
    with closing(open_reader(path)) as connection:
        found = driver_connection(connection).execute("SELECT code FROM vital ORDER BY id").fetchall()
    assert [code for (code,) in found] == sorted({*VITALS, "pr"})


def test_a_monitor_that_sends_minus_nothing_breaks_no_minute(path: Path) -> None:
    writing = recorder(path)
    row = SampleRow(INFUSION, "temp", at(), Decimal("-0.0"), "ok", "ecg")
    writing.add_samples([row])
    writing.append(Batch((entry(1, SamplesSealed(at(), *seal([row]), (), 2)),))).result()
    writing.close()
    assert faults(path) == []


def test_one_by_one_they_are_the_same(there: SamplesThere) -> None:
    read = there.read(INFUSION, MINUTE_MS, MINUTE_MS + 60_000)
    assert (len(read), {s[0] for s in read}) == (event().count, {*VITALS, "pr"})
    assert there.read("other", MINUTE_MS, MINUTE_MS + 60_000) == []


@pytest.mark.parametrize(
    "change",
    [
        "value = NULL", "value = 1e99", f"value = {math.nextafter(37.1, 99)!r}", "value = CAST('37.1' AS BLOB)", "value = 'x'",
        "value = -value", "t = t + 0.5", "t = t + 1", "t = CAST(CAST(t AS TEXT) AS BLOB)", "t = t - 60000", "vital = 99",
        "vital = (SELECT id FROM vital WHERE code = 'pr')", "quality = 2", "source = 2", "source = 99", "quality = '1x'",
        "infusion = 99",
    ],
)  # fmt: skip
def test_a_changed_sample_is_named(minute: Path, change: str) -> None:
    assert faults(minute) == []
    tamper(minute, f"UPDATE sample SET {change} WHERE t = {T} AND vital = 2")
    assert faults(minute)


def test_a_sample_that_is_put_in_is_named(minute: Path) -> None:
    tamper(minute, f"INSERT INTO sample VALUES (1, {T + 1}, 2, 80.0, 1, 1)")
    assert faults(minute)


@pytest.mark.parametrize("table", ["vital", "quality", "source"])
def test_a_code_that_stands_for_another_is_named(minute: Path, table: str) -> None:
    tamper(minute, f"UPDATE {table} SET code = code || 'x' WHERE id = 1")
    assert faults(minute)


def test_rows_that_belong_to_nothing_are_found_wherever_they_are(minute: Path) -> None:
    tamper(minute, "INSERT INTO sample VALUES (1, -1, 99, 1, 1, 1)", "INSERT INTO sample VALUES (1, x'41', 1, 1, 99, 1)",
           "INSERT INTO sample VALUES (77, 1, 1, 1, 1, 99)")  # fmt: skip
    with closing(open_reader(minute)) as connection:
        there = SamplesThere(driver_connection(connection))
        assert there.is_as_sealed(INFUSION, MINUTE_MS, event())
        assert there.strangers() == {"vital", "quality", "source", "infusion"}
        assert there.strangers([INFUSION, "other"]) == {"vital", "quality"}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_database_writes_a_number_with_all_its_digits(value: float) -> None:
    """On this rests that the same words are the same numbers."""
    with closing(driver.connect(":memory:")) as memory:
        (text,) = memory.execute("SELECT concat(?)", (value,)).fetchone()
    assert float(text) == value


class Rounding:
    """A reading by an engine as it was until 2026: fifteen digits."""

    def __init__(self, raw: Driver) -> None:
        self._raw = raw
        self.executemany, self.rollback, self.set_progress_handler = raw.executemany, raw.rollback, raw.set_progress_handler

    def execute(self, sql: str, parameters: object = (), /) -> object:
        return self._raw.execute("SELECT 0" if "0.1 + 0.2" in sql else sql, parameters)


def test_a_database_that_does_not_is_not_believed(minute: Path) -> None:
    with closing(open_reader(minute)) as connection:
        assert not SamplesThere(Rounding(driver_connection(connection))).is_as_sealed(INFUSION, MINUTE_MS, event())


@pytest.mark.parametrize("sql", [TOUCHED, NAMES, *OF_INFUSION.values()])
def test_what_came_since_is_found_without_going_through_a_table(minute: Path, sql: str) -> None:
    """The plan of the database for a question of which the answer is small."""
    with closing(open_reader(minute)) as connection:
        parameters = {"seq": 1} if ":seq" in sql else (1,)
        plan = driver_connection(connection).execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()
    assert not [step for *_, step in plan if step.startswith("SCAN")]
