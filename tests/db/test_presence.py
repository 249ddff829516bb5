"""The file under the writer: once it is not the one at its path, nothing is acknowledged, and all of it is saved elsewhere."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.infusion.facts import NoteAdded
from db import store_errors as errors
from db.examine import examine
from db.queries import StoreReader
from db.recorder import Recorder

from .making import INFUSION, Told, entry, faults, heart_rates, notes, recorder, save

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file be deleted")
KEY = bytes(range(32))


def deleted(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    shutil.copyfile(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


def cut(path: Path) -> None:
    os.truncate(path, 1024)


def log_deleted(path: Path) -> None:
    path.with_name(path.name + "-wal").unlink()


def log_cut(path: Path) -> None:
    log = path.with_name(path.name + "-wal")
    os.truncate(log, log.stat().st_size // 2)


def log_emptied(path: Path) -> None:
    os.truncate(path.with_name(path.name + "-wal"), 0)


def log_zeroed(path: Path) -> None:
    """As long as it was."""
    _zero(path, 0.0)


def log_half_zeroed(path: Path) -> None:
    _zero(path, 0.5)


def _zero(path: Path, share: float) -> None:
    log = path.with_name(path.name + "-wal")
    end = log.stat().st_size
    with log.open("r+b") as file:
        file.seek(int(end * share))
        file.write(bytes(end - int(end * share)))


def folder_renamed(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


WAYS = [deleted, replaced, cut, log_deleted, log_cut, log_emptied, folder_renamed]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "ward").mkdir()
    return tmp_path / "ward" / "ward.db"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("key", [None, KEY])
def test_nothing_is_acknowledged_any_more_and_all_is_saved_elsewhere(way: Callable[[Path], None], key: bytes | None, path: Path,
                                                                     tmp_path: Path) -> None:  # fmt: skip
    told = Told()
    writing = recorder(path, key=key, watcher=told)
    writing.append(notes(1, 40)).result()
    writing.add_samples(heart_rates(30))
    writing.flush().result()
    head = writing._ledger.acknowledged
    way(path)
    with pytest.raises(errors.FileGone, match=r"ward\.db was deleted, moved, replaced or cut"):
        writing.append(notes(41, 42)).result()
    writing.add_samples(heart_rates(30, from_minute=1))
    assert isinstance(writing.flush().exception(), errors.FileGone)
    assert any(isinstance(error, errors.FileGone) for error in told.troubles)
    to = tmp_path / "stick" / "saved.db"
    known = [entry(number) for number in range(1, 43)]
    assert writing.rescue(to, known).result() == to
    assert len(writing.append(notes(43, 43)).result()) == 1
    writing.flush().result()
    assert told.recoveries == 1
    writing.close()
    found = examine(to, anchor=head.hash, key=key)
    assert found.faults == []
    with StoreReader(to, key) as reading:
        assert [e.event_id for e in reading.entries(INFUSION)] == [f"e{n}" for n in range(1, 44)]
        assert len(reading.samples(INFUSION)) >= 30


class OwnHand:
    """Signs all that is given to it."""

    who, public_key = "n1", bytes(32)

    def sign(self, message: bytes, /) -> bytes:
        return message[-8:]


@pytest.mark.parametrize("is_cut", [False, True])
def test_what_is_written_at_the_new_place_is_signed_there(is_cut: bool, path: Path, tmp_path: Path) -> None:
    """What was signed before keeps its signature where it could be copied; else whoever is at hand signs it anew."""
    writing = recorder(path)
    writing.sign_with = lambda _entry: (OwnHand(),)
    writing._driver.execute("PRAGMA cache_size = 10")
    writing.append(notes(1, 400)).result()
    if is_cut:
        log_cut(path)
    else:
        deleted(path)
    assert isinstance(writing.append(notes(401, 401)).exception(), errors.FileGone)
    writing.rescue(tmp_path / "saved.db", [entry(number) for number in range(1, 402)]).result()
    signed = writing._driver.execute("SELECT event_id FROM signature JOIN event USING (seq) ORDER BY seq").fetchall()
    writing.close()
    assert {f"e{number}" for number in range(1, 402)} == {event_id for (event_id,) in signed}


def test_a_log_that_was_cut_between_two_events_and_grew_again_is_noticed(path: Path) -> None:
    writing = recorder(path)
    writing.append(notes(1, 40)).result()
    log = path.with_name(path.name + "-wal")
    size = log.stat().st_size
    os.truncate(log, size // 2)
    os.truncate(log, size)
    assert isinstance(writing.append(notes(41, 41)).exception(), errors.FileGone)
    writing.close()


@pytest.mark.parametrize("way", [log_deleted, log_cut, log_emptied, log_zeroed, log_half_zeroed])
@pytest.mark.parametrize("key", [None, KEY])
def test_what_the_file_itself_holds_outlives_its_log(way: Callable[[Path], None], key: bytes | None, path: Path) -> None:
    """Whatever is tried afterwards, and when it is closed."""
    writing = recorder(path, key=key)
    writing.append(notes(1, 400)).result()
    writing._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    for number in range(401, 441):
        writing.append(notes(number, number)).result()
    way(path)
    for _ in range(3):
        writing.add_samples(heart_rates(5))
        assert isinstance(writing.append(notes(441, 441)).exception(), errors.FileGone)
    writing.close()
    assert 400 <= len(stored(path, key)) <= 440
    assert all("the end is missing" in str(fault) for fault in examine(path, key=key).faults)


def stored(path: Path, key: bytes | None) -> list[str]:
    with StoreReader(path, key) as reading:
        return [e.event_id for e in reading.entries(INFUSION)]


@pytest.mark.parametrize("key", [None, KEY])
def test_what_cannot_be_read_any_more_is_gone_on_with_from_the_last_hash(key: bytes | None, path: Path, tmp_path: Path) -> None:
    writing = recorder(path, key=key)
    writing._driver.execute("PRAGMA cache_size = 10")
    writing.append(notes(1, 400)).result()
    head = writing._ledger.acknowledged
    log_cut(path)
    assert isinstance(writing.append(notes(401, 401)).exception(), errors.FileGone)
    to = tmp_path / "saved.db"
    writing.rescue(to, [entry(number) for number in range(390, 402)]).result()
    writing.append(notes(402, 402)).result()
    writing.close()
    assert examine(to, anchor=head.hash, key=key).faults == []
    with StoreReader(to, key) as reading:
        assert reading.info().genesis == head.hash
        assert [e.event_id for e in reading.entries(INFUSION)] == [f"e{n}" for n in range(390, 403)]
        (said,) = reading.each_entry("trial")
        assert isinstance(said.event, NoteAdded)
        assert f"after its event {head.seq} with the hash {head.hash}" in said.event.text


def test_a_place_where_something_stands_is_refused_and_another_is_taken(path: Path, tmp_path: Path) -> None:
    writing = recorder(path)
    writing.append(notes(1, 4)).result()
    path.unlink()
    taken = tmp_path / "taken.db"
    taken.write_bytes(b"somebody else's")
    assert isinstance(writing.rescue(taken, []).exception(), errors.CannotOpen)
    assert taken.read_bytes() == b"somebody else's"
    nowhere = tmp_path / "taken.db" / "ward.db"
    assert isinstance(writing.rescue(nowhere, []).exception(), errors.StoreError)
    writing.rescue(path, []).result()
    writing.append(notes(5, 5)).result()
    writing.close()
    assert faults(path) == []
    assert [p.name for p in path.parent.iterdir() if p.suffix == ".db"] == ["ward.db"]


def test_it_is_noticed_without_an_event(path: Path) -> None:
    told = Told()
    writing = recorder(path, watcher=told, beat_s=0.001)
    path.unlink()
    while not told.troubles:
        writing.flush().exception()
    writing.close()
    assert isinstance(told.troubles[0], errors.FileGone)


def test_a_long_life_of_checkpoints_is_no_trouble(path: Path) -> None:
    told = Told()
    writing = recorder(path, watcher=told)
    with StoreReader(path):
        for first in range(1, 4000, 200):
            writing.append(notes(first, first + 199)).result()
    for first in range(4000, 9000, 500):
        writing.append(notes(first, first + 499)).result()
    writing.close()
    assert told.troubles == []
    save(path, notes(9000, 9001))
    assert faults(path) == []


def test_a_lock_file_that_was_deleted_is_taken_again(path: Path) -> None:
    writing = recorder(path)
    path.with_name("ward.db.lock").unlink()
    writing.append(notes(1, 1)).result()
    with pytest.raises(errors.SecondInstance):
        recorder(path)
    writing.close()
    recorder(path).close()


def test_who_took_the_place_of_a_deleted_lock_writes_alone(path: Path) -> None:
    first = recorder(path)
    first.append(notes(1, 1)).result()
    path.with_name("ward.db.lock").unlink()
    second: Recorder = recorder(path)
    assert isinstance(first.append(notes(2, 2)).exception(), errors.SecondInstance)
    second.append(notes(3, 3)).result()
    first.close()
    second.close()
    assert faults(path) == []
