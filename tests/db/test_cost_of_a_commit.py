"""What one acknowledged event costs, counted: nothing of it may grow with the record, or come back unseen."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from db.queries import StoreReader
from db.space import LOG_BYTES, Space

from .making import Told, faults, notes, recorder, save

#: One transaction: the row, its place in the chain, and nothing that was written before.
STATEMENTS = ["BEGIN IMMEDIATE", "INSERT INTO event", "UPDATE chain_head", "COMMIT"]


@pytest.mark.parametrize("events", [1, 400])
def test_an_event_is_four_statements_a_glance_before_and_a_look_after(
    events: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told()
    writing = recorder(path, watcher=told, beat_s=60.0)
    writing.append(notes(1, events)).result()
    asked: list[str] = []
    looked: list[str] = []
    real = os.stat

    def seen(name: Any, *how: Any, **more: Any) -> os.stat_result:
        looked.append(str(name))
        return real(name, *how, **more)

    raw: Any = writing._driver
    raw.set_trace_callback(asked.append)
    monkeypatch.setattr(os, "stat", seen)
    writing.append(notes(events + 1, events + 1)).result()
    monkeypatch.undo()
    raw.set_trace_callback(None)
    writing.close()
    statements = dict.fromkeys(sql for sql in asked if not sql.startswith("PRAGMA"))  # one with a trigger is told twice
    assert [sql.startswith(wanted) for sql, wanted in zip(statements, STATEMENTS, strict=True)] == [True] * 4
    assert asked.count("PRAGMA wal_checkpoint(NOOP)") == 1
    store, log = str(path), f"{path}-wal"
    assert [name for name in looked if name.startswith(store)] == [store, log, f"{path}.lock", store, log]
    assert told.troubles == []


def test_the_log_has_its_room_from_the_beginning_and_no_commit_makes_it_longer(path: Path) -> None:
    writing = recorder(path, space=Space(path, ballast_bytes=1 << 16, low_bytes=0))
    log = path.with_name("ward.db-wal")
    sizes = set()
    for number in range(1, 40):
        writing.append(notes(number, number)).result()
        sizes.add(log.stat().st_size)
    assert sizes == {LOG_BYTES}
    left = path.with_name("left.db")  # what a pulled plug leaves
    shutil.copyfile(path, left)
    shutil.copyfile(log, left.with_name("left.db-wal"))
    writing.close()
    for store in (path, left):
        recorder(store).close()
        assert faults(store) == []
        with StoreReader(store) as reading:
            assert len(list(reading.each_entry("infusion"))) == 39


def test_where_no_event_was_written_yet_the_room_is_no_log(path: Path) -> None:
    recorder(path, space=Space(path, ballast_bytes=0, low_bytes=0)).close()
    path.with_name("ward.db-wal").write_bytes(bytes(LOG_BYTES))
    save(path, notes(1, 3))
    assert faults(path) == []


def test_on_a_disk_with_little_room_the_log_grows_as_it_is_written(path: Path) -> None:
    writing = recorder(path, space=Space(path, ballast_bytes=1 << 16, low_bytes=1 << 60))
    writing.append(notes(1, 3)).result()
    assert 0 < path.with_name("ward.db-wal").stat().st_size < LOG_BYTES
    writing.close()


@pytest.mark.skipif(sys.platform == "win32", reason="the size of a file is limited the POSIX way")
def test_a_disk_that_fills_up_meanwhile_gets_its_room_back(path: Path) -> None:
    import resource

    space, log = Space(path, ballast_bytes=1 << 16, low_bytes=0), path.with_name("ward.db-wal")
    space.look()
    log.touch()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LOG_BYTES // 2, hard))
    try:
        space.lay_log()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert log.stat().st_size == 0
    space.lay_log()
    assert log.stat().st_size == LOG_BYTES
