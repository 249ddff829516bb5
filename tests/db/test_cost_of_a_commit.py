"""What one acknowledged event costs, counted: nothing of it may grow with the record, or come back unseen."""

import os
from pathlib import Path
from typing import Any

import pytest

from .making import Told, notes, recorder

#: One transaction: the row, its place in the chain, and nothing that was written before.
STATEMENTS = ["BEGIN IMMEDIATE", "SELECT event", "INSERT INTO event", "UPDATE chain_head", "COMMIT"]


@pytest.mark.parametrize("events", [1, 400])
def test_an_event_is_five_statements_and_two_looks_at_the_file(events: int, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert [sql.startswith(wanted) for sql, wanted in zip(statements, STATEMENTS, strict=True)] == [True] * 5
    assert asked.count("PRAGMA wal_checkpoint(NOOP)") == 2
    assert [name for name in looked if name.startswith(str(path))] == [str(path), f"{path}.lock", f"{path}-wal"] * 2
    assert told.troubles == []
