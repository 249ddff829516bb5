"""Every released form of a store opens, upgrades and verifies; a new store has the form the program expects."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import inspect

from db import schema
from db.engine import open_writer
from db.migrations.run import known
from db.queries import StoreReader
from tests.ready_store import migrated

from .making import INFUSION, faults, found, notes, recorder
from .saving_a_store import PROTOCOL, load

SAVED = sorted((Path(__file__).parents[1] / "databases").glob("*.sql"))


@pytest.fixture(autouse=True, scope="module")
def ready_stores() -> Iterator[None]:
    """None: each is made as the program makes it."""
    with migrated():
        yield


def test_there_is_a_saved_store_of_every_form() -> None:
    assert {file.stem for file in SAVED} == known()
    assert max(known()) == schema.HEAD_REVISION


@pytest.mark.parametrize("saved", SAVED, ids=lambda file: file.stem)
def test_a_saved_store_opens_goes_on_and_verifies(saved: Path, path: Path) -> None:
    load(saved.read_text(encoding="utf-8"), path)
    writing = recorder(path)
    assert writing.notices == ()
    assert writing.append(notes(6, 6)).result()[0].seq == 6
    writing.close()
    assert faults(path) == []
    assert found(path).sealed == 1
    with StoreReader(path) as reading:
        assert [e.event_id for e in reading.entries(INFUSION)] == ["e1", "e2", "e3", "e4", "e5", "e6"]
        assert len(reading.samples(INFUSION)) == 60
        assert reading.people()[0].person.name == "Anna 安娜"
        assert reading.protocol_file(sha256(PROTOCOL).hexdigest()) == (PROTOCOL if saved.stem >= "0003" else None)
        assert reading.setting("limits") == {"hr": [50, 120]}


def test_the_migrations_make_what_the_program_expects(path: Path) -> None:
    connection = open_writer(path)
    there = inspect(connection)
    for table in schema.metadata.tables.values():
        columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in there.get_columns(table.name)}
        compiled = {c.name: (c.type.compile(connection.dialect), c.nullable) for c in table.columns}
        primary = [c.name for c in table.primary_key.columns]
        assert there.get_pk_constraint(table.name)["constrained_columns"] == primary
        assert columns == compiled
    connection.close()


def test_a_table_explains_itself_to_any_tool(path: Path) -> None:
    recorder(path).close()
    with StoreReader(path) as reading:
        found = reading._connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'vital_check'")
        assert "-- minute from the start" in found.scalar_one()
