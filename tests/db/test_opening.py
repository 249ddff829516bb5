"""Which stores are opened, which are refused, and what is said of a lost end."""

import shutil
import sys
from argparse import Namespace
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from app import settings
from app.cli.options.which_store import which
from app.domain.people.proofs import HeadDoubted
from db import store_errors as errors
from db.engine import driver, open_reader, open_writer, refuse_old_sqlite
from db.log.headfile import Head, head_path, kept_paths, read_head, write_head
from db.queries import StoreReader
from db.recorder import Recorder
from db.space import Space
from tests.ready_store import migrated

from .making import INFUSION, faults, notes, recorder, save, stamp


@pytest.fixture(autouse=True, scope="module")
def ready_stores() -> Iterator[None]:
    """None: each is made as the program makes it."""
    with migrated():
        yield


def execute(path: Path, *statements: str) -> None:
    """What somebody with another SQLite tool does."""
    other = driver.connect(str(path), isolation_level=None)
    for statement in statements:
        other.execute(statement)
    other.close()


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 4), (3, 50, 7), (3, 44, 6), (4, 0, 0)])
def test_a_mended_engine_is_accepted(version: tuple[int, ...]) -> None:
    refuse_old_sqlite(version)


@pytest.mark.parametrize("version", [(3, 51, 2), (3, 50, 6), (3, 45, 0), (3, 40, 1)])
def test_an_engine_that_can_damage_a_record_is_refused(version: tuple[int, ...]) -> None:
    with pytest.raises(errors.OldSqlite, match="Nothing was opened"):
        refuse_old_sqlite(version)


def test_a_new_store_is_safe_by_its_settings(path: Path) -> None:
    writing = recorder(path)
    raw = writing._driver
    asked = ("journal_mode", "synchronous", "temp_store", "foreign_keys", "application_id")
    found = [raw.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
    writing.close()
    assert found == ["wal", 2, 2, 1, 0x42454453]


def test_a_second_instance_is_refused(path: Path) -> None:
    first = recorder(path)
    with pytest.raises(errors.SecondInstance, match="already open"):
        recorder(path)
    assert first.append(notes(1, 1)).result()[0].seq == 1
    first.close()
    recorder(path).close()


def test_a_newer_store_is_refused_and_left_alone(path: Path) -> None:
    save(path, notes(1, 1))
    execute(path, "UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(errors.NewerStore, match="9999"):
        recorder(path)
    with pytest.raises(errors.NewerStore, match="newer version"):
        StoreReader(path)
    assert path.read_bytes() == before


def test_a_file_of_something_else_is_refused_and_left_alone(path: Path) -> None:
    execute(path, "CREATE TABLE patient (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(errors.NotAStore, match="not a Bedside record"):
        recorder(path)
    path.with_name("letter.txt").write_text("Dear colleague, " * 100)
    with pytest.raises(errors.NotAStore, match=r"letter\.txt"):
        recorder(path.with_name("letter.txt"))
    assert path.read_bytes() == before


def test_a_missing_file_cannot_be_read(path: Path) -> None:
    with pytest.raises(errors.CannotOpen, match="cannot be opened"):
        StoreReader(path)
    path.with_name("file").write_text("")
    with pytest.raises(errors.CannotOpen, match="folder exists"):
        recorder(path.with_name("file") / "ward.db")


def test_practice_and_the_wards_record_are_never_mixed(path: Path) -> None:
    recorder(path, practice=True).close()
    with pytest.raises(errors.WrongKind, match="practice record"):
        recorder(path)
    ward = path.with_name("real.db")
    recorder(ward).close()
    with pytest.raises(errors.WrongKind, match="the ward's own"):
        recorder(ward, practice=True)
    with StoreReader(path) as reading:
        assert reading.info().practice


def test_a_reader_cannot_write(path: Path) -> None:
    save(path, notes(1, 1))
    connection = open_reader(path)
    with pytest.raises(Exception, match="readonly"):
        connection.exec_driver_sql("DELETE FROM setting")
    connection.close()


def test_a_reader_sees_what_was_acknowledged_while_the_writer_is_open(path: Path) -> None:
    writing = recorder(path)
    with StoreReader(path) as reading:
        for number in (1, 2):
            writing.append(notes(number, number)).result()
            assert len(reading.entries(INFUSION)) == number
    writing.close()


def test_a_key_makes_a_file_that_shows_nothing_without_it(path: Path) -> None:
    key = bytes(range(32))
    writing = recorder(path, key=key)
    writing.append(notes(1, 1)).result()
    writing.close()
    assert b"note 1" not in path.read_bytes()
    with StoreReader(path, key) as reading:
        assert len(reading.entries(INFUSION)) == 1
    with pytest.raises(errors.NotAStore):
        StoreReader(path)


def test_a_well_ended_store_has_no_notices_and_its_head_file(path: Path) -> None:
    recorded = save(path, notes(1, 3))
    assert read_head(head_path(path)) == Head(3, recorded[-1].hash)
    again = recorder(path)
    assert again.notices == ()
    again.close()


@pytest.mark.parametrize("left", [b"", b"\0" * 80, b'{"seq":1', None])
def test_a_lost_head_file_is_told_and_made_again(path: Path, left: bytes | None) -> None:
    save(path, notes(1, 3))
    head_path(path).unlink()
    if left is not None:
        head_path(path).write_bytes(left)
    again = recorder(path)
    assert "was not there" in str(again.notices)
    assert again.doubts == (HeadDoubted("missing", 3, 0),)
    again.close()
    told = read_head(head_path(path))
    assert told is not None
    assert told.seq == 3


def test_an_older_copy_is_opened_with_a_notice_and_stays_known(path: Path) -> None:
    save(path, notes(1, 2))
    shutil.copy(path, path.with_name("old.db"))
    save(path, notes(3, 4))
    shutil.copy(path.with_name("old.db"), path)
    again = recorder(path)
    assert "number 4" in str(again.notices[0])
    again.append(notes(5, 9)).result()
    again.close()
    assert len(kept_paths(path)) == 1
    (fault,) = faults(path)
    assert fault.startswith("Event 4 is not the one")


def test_a_head_file_that_a_crash_left_a_moment_behind_is_no_doubt(path: Path) -> None:
    first, *_, last = save(path, notes(1, 3))
    write_head(path, Head(1, first.hash))
    again = recorder(path)
    assert (again.notices, again.doubts) == ((), ())
    again.close()
    assert read_head(head_path(path)) == Head(3, last.hash)


def test_a_head_file_of_long_before_is_told(path: Path) -> None:
    """Somebody cut the end off and put back the head file that fitted then, or one of an earlier day."""
    first, *_ = save(path, notes(1, 1))
    later = Recorder(path, lambda: msgspec.structs.replace(stamp(), steady_s=Decimal(900)), space=Space(path, 0, 0))
    later.append(notes(2, 2)).result()
    later.append(notes(3, 3)).result()
    later.close()
    write_head(path, Head(1, first.hash))
    execute(path, "DROP TRIGGER event_no_update", "UPDATE event SET steady_s = '1.0' WHERE seq = 2")
    again = recorder(path)
    assert "older than a crash leaves it" in str(again.notices)
    assert again.doubts == (HeadDoubted("older", 3, 1),)
    again.close()


def test_after_a_missing_last_event_the_gap_stays_visible(path: Path) -> None:
    save(path, notes(1, 3))
    execute(path, "DROP TRIGGER event_no_delete", "DELETE FROM event WHERE seq = 3")
    again = recorder(path)
    (notice,) = again.notices
    assert "does not hold the last event it should hold, number 3" in str(notice)
    assert again.append(notes(4, 4)).result()[0].seq == 4
    again.close()
    assert faults(path)[0] == "Event 3 is missing."


def test_a_head_row_behind_the_events_is_told(path: Path) -> None:
    save(path, notes(1, 3))
    execute(path, "UPDATE chain_head SET seq = 2")
    again = recorder(path)
    assert "added to the record without the program, up to event 3" in str(again.notices[0])
    again.close()


def test_an_open_that_fails_gives_the_lock_back(path: Path) -> None:
    recorder(path, practice=True).close()
    with pytest.raises(errors.WrongKind):
        recorder(path)
    recorder(path, practice=True).close()


def test_a_head_file_that_cannot_be_written_is_no_error(path: Path) -> None:
    head_path(path).mkdir()
    assert not write_head(path, Head(1, "x"))


def test_two_openings_in_turn_migrate_once(path: Path) -> None:
    open_writer(path).close()
    open_writer(path).close()
    with StoreReader(path) as reading:
        assert reading.infusions() == []


@pytest.mark.skipif(sys.platform == "win32", reason="a link takes a right that few users have")
def test_a_record_behind_a_link_is_written_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, home = tmp_path / "disk" / "bedside.db", tmp_path / "home"
    for folder in (real.parent, home):
        folder.mkdir()
    save(real, notes(1, 2))
    (home / "bedside.db").symlink_to(real)
    monkeypatch.setattr(settings, "data_dir", lambda: home)
    for store in (settings.store_path(), which(Namespace(db=home / "bedside.db", recovery_key=None))[0]):
        save(store, notes(3, 4))
    assert faults(real) == []
    assert [file.name for file in home.iterdir()] == ["bedside.db"]
