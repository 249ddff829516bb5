"""The disk will not: a clear error, nothing lost, nothing twice, and saving goes on when it can."""

import subprocess
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

import db.recorder
from db import store_errors as errors
from db.engine import driver, driver_connection
from db.log.headfile import Head, head_path, move_head, read_head
from db.queries import StoreReader
from db.recorder import Recorder
from db.space import Space
from db.statements import Driver

from .making import INFUSION, Told, at, entry, faults, heart_rates, notes, recorder, save


def ask(writing: Recorder, sql: str) -> Any:
    """Run a statement on the writer's own connection."""
    return writing._writer.submit(lambda raw: raw.execute(sql).fetchone()).result()


def fill_disk(writing: Recorder) -> None:
    (pages,) = ask(writing, "PRAGMA page_count")
    ask(writing, f"PRAGMA max_page_count = {pages}")


def make_room(writing: Recorder) -> None:
    writing._driver.execute("PRAGMA max_page_count = 100000")


def stored(path: Path) -> list[str]:
    with StoreReader(path) as reading:
        return [e.event_id for e in reading.entries(INFUSION)]


def test_a_full_disk_is_named_and_the_same_batch_is_saved_once_there_is_room(path: Path) -> None:
    told = Told()
    writing = recorder(path, watcher=told)
    writing.append(notes(1, 3)).result()
    fill_disk(writing)
    batch = notes(4, 200)
    writing.add_samples(heart_rates(60))
    with pytest.raises(errors.DiskFull, match="disk is full"):
        writing.append(batch).result()
    assert stored(path) == ["e1", "e2", "e3"]
    assert isinstance(writing.flush().exception(), errors.DiskFull)
    make_room(writing)
    assert [r.seq for r in writing.append(batch).result()] == list(range(4, 201))
    assert told.recoveries == 1
    assert len(told.troubles) == 2
    writing.close()
    with StoreReader(path) as reading:
        assert len(reading.samples(INFUSION)) == 60
    assert faults(path) == []


def test_on_a_full_disk_an_event_goes_before_the_samples(path: Path) -> None:
    writing = recorder(path)
    writing.append(notes(1, 1)).result()
    ask(writing, "CREATE TABLE filler (data BLOB)")
    ask(writing, "INSERT INTO filler VALUES (zeroblob(4000))")
    fill_disk(writing)
    ask(writing, "DELETE FROM filler")  # four pages for what is small
    writing.add_samples(heart_rates(1000))
    assert writing.append(notes(2, 2)).result()[0].seq == 2
    assert isinstance(writing.flush().exception(), errors.DiskFull)
    make_room(writing)
    writing.flush().result()
    writing.close()
    with StoreReader(path) as reading:
        assert len(reading.samples(INFUSION)) == 1000


class Ballast(Space):
    """A ballast whose giving up makes room in a store that may not grow."""

    raw: Driver

    def give_up(self) -> bool:
        self.raw.execute("PRAGMA max_page_count = 100000")
        return super().give_up()


def test_the_ballast_is_given_up_so_that_a_running_infusion_is_saved(path: Path) -> None:
    space, told = Ballast(path, ballast_bytes=1 << 16, low_bytes=0), Told()
    writing = recorder(path, space=space, watcher=told)
    space.raw = writing._driver
    writing.append(notes(1, 1)).result()
    ballast = path.with_name("ward.db.ballast")
    assert ballast.stat().st_size == 1 << 16
    fill_disk(writing)
    assert len(writing.append(notes(2, 200)).result()) == 199
    assert not ballast.exists()
    assert told.troubles == []
    writing.close()


def test_little_room_is_told_once(path: Path) -> None:
    told = Told()
    writing = recorder(path, space=Space(path, ballast_bytes=0, low_bytes=1 << 60), watcher=told, beat_s=0.001)
    for number in range(3):
        writing.append(notes(number, number)).result()
    writing.close()
    assert len(told.free_bytes) == 1


class Unsure:
    """A disk that saves and then says that it could not."""

    def __init__(self, raw: Driver) -> None:
        self._raw, self.lie = raw, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def execute(self, sql: str, *parameters: Any) -> Any:
        answer = self._raw.execute(sql, *parameters)
        if self.lie and sql == "COMMIT":
            self.lie = False
            raise _io_error()
        return answer


def _io_error() -> Exception:
    error: Any = driver.OperationalError("disk I/O error")
    error.sqlite_errorcode = 10
    return error  # type: ignore[no-any-return]


@pytest.fixture
def unsure(monkeypatch: pytest.MonkeyPatch) -> list[Unsure]:
    made: list[Unsure] = []
    real = driver_connection

    def lying(connection: Any) -> Any:
        made.append(Unsure(real(connection)))
        return made[-1]

    monkeypatch.setattr(db.recorder, "driver_connection", lying)
    return made


def test_a_commit_that_raised_but_was_saved_is_not_saved_twice(path: Path, unsure: list[Unsure]) -> None:
    writing = recorder(path)
    writing.append(notes(1, 2)).result()
    unsure[0].lie = True
    with pytest.raises(errors.DiskFailed, match="not certain"):
        writing.append(notes(3, 4)).result()
    assert [r.seq for r in writing.append(notes(3, 5)).result()] == [3, 4, 5]
    writing.close()
    assert stored(path) == ["e1", "e2", "e3", "e4", "e5"]
    assert faults(path) == []


def test_a_store_held_by_another_program_is_named_and_tried_again(writing: Recorder, path: Path) -> None:
    ask(writing, "PRAGMA busy_timeout = 0")
    other = driver.connect(str(path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(errors.Busy, match="Another program"):
        writing.append(notes(1, 1)).result()
    other.close()
    assert writing.append(notes(1, 1)).result()[0].seq == 1


def test_a_store_that_became_read_only_is_named(writing: Recorder) -> None:
    ask(writing, "PRAGMA query_only = ON")
    with pytest.raises(errors.ReadOnly, match="only be read"):
        writing.append(notes(1, 1)).result()


def test_after_the_end_nothing_waits_for_ever(path: Path) -> None:
    writing = recorder(path)
    writing.close()
    writing.close()
    with pytest.raises(errors.Closed, match="Saving has ended"):
        writing.append(notes(1, 1)).result(timeout=60)


def _fault_of_ours(_: Driver) -> None:
    raise KeyError("no such thing")


def test_a_fault_of_ours_ends_the_writer_and_everybody_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reported = []
    monkeypatch.setattr(threading, "excepthook", lambda args: reported.append(args.exc_type))
    writing = recorder(path)
    with pytest.raises(errors.Closed):
        writing._writer.submit(_fault_of_ours).result(timeout=60)
    with pytest.raises(errors.Closed):
        writing.append(notes(1, 1)).result(timeout=60)
    writing.close()
    assert reported == [KeyError]


def test_the_head_file_follows_and_may_lie_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: SimpleQueue[bool] = SimpleQueue()

    def told_when_moved(store: Path, head: Head) -> bool:
        moved.put(move_head(store, head))
        return True

    monkeypatch.setattr(db.recorder, "move_head", told_when_moved)
    writing = recorder(path)
    first = writing.append(notes(1, 1)).result()[0]
    assert moved.get()
    told = read_head(head_path(path))
    assert told is not None
    assert (told.seq, told.hash) == (1, first.hash)
    monkeypatch.setattr(db.recorder, "move_head", lambda *_: False)
    writing.append(notes(2, 2)).result()
    assert faults(path) == []
    writing.close()


def test_the_head_file_follows_events_without_a_pause_at_the_end(path: Path) -> None:
    writing = recorder(path)
    for number in range(1, 30):
        last = writing.append(notes(number, number))
    writing.close()
    told = read_head(head_path(path))
    assert told is not None
    assert (told.seq, told.hash) == (29, last.result()[0].hash)


_LIMITED = """
import resource, sys
from pathlib import Path
from tests.db.making import notes, recorder
path = Path(sys.argv[1])
writing = recorder(path)
writing.append(notes(1, 1)).result()
grown = path.with_name(path.name + "-wal").stat().st_size + 2000
resource.setrlimit(resource.RLIMIT_FSIZE, (grown, resource.RLIM_INFINITY))
error = writing.append(notes(2, 50)).exception()
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(type(error).__name__, writing.append(notes(2, 50)).result()[-1].seq)
writing.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on a file's size there")
def test_a_disk_that_fails_while_writing_is_named_and_the_batch_is_saved_later(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _LIMITED, path], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["DiskFailed", "50"]
    assert stored(path) == [f"e{n}" for n in range(1, 51)]
    assert faults(path) == []


def test_events_are_not_held_up_by_samples_of_an_unknown_infusion(writing: Recorder) -> None:
    writing.add_samples(heart_rates(2, infusion="never ordered"))
    assert writing.append(notes(1, 1)).result()[0].seq == 1


def test_what_waits_is_saved_at_the_end(path: Path) -> None:
    writing = recorder(path, beat_s=60.0)
    writing.add_samples(heart_rates(4))
    writing.close()
    save(path, notes(1, 1))
    with StoreReader(path) as reading:
        assert len(reading.samples(INFUSION)) == 4
        assert reading.entries(INFUSION) == [entry(1)]
        assert reading.entries(INFUSION)[0].at == at(1)


class Counting:
    """A connection that counts the samples it was given."""

    def __init__(self, raw: Driver) -> None:
        self._raw, self.samples = raw, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def execute(self, sql: str, values: Any = ()) -> Any:
        if "INTO sample " in sql:
            self.samples += len(values) // 6
        return self._raw.execute(sql, values)


def test_a_full_disk_is_not_given_hours_of_samples_with_every_event(path: Path) -> None:
    writing = recorder(path, beat_s=60)
    writing.append(notes(1, 1)).result()
    fill_disk(writing)
    writing._writer._connection = counting = Counting(writing._driver)
    writing.add_samples(heart_rates(20_000))
    for number in range(2, 50):
        assert isinstance(writing.append(notes(number, 200)).exception(), errors.DiskFull)
    assert counting.samples <= 20_000
    for _ in range(5):
        writing.flush().exception()
    assert counting.samples <= 20_000 + 5 * 1000
    assert writing.held_back() == at(0)
    make_room(writing)
    writing.flush().result()
    writing.flush().result()
    assert writing.held_back() is None
    writing.close()
    with StoreReader(path) as reading:
        assert len(reading.samples(INFUSION)) == 20_000
