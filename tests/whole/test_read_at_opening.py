"""What an opening reads, counted: the heads of all infusions once, in one pass."""

from pathlib import Path

import pytest

from app.program.open_record import open_record
from app.services.clock import ScaledClock
from app.services.protocol_files import load
from db.log.standing import Standing
from db.queries import StoreReader
from tests.fakes import at_once


def test_the_heads_of_all_infusions_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    real = StoreReader.standing

    def counted(store: StoreReader) -> list[Standing]:
        found = real(store)
        read.append(len(found))
        return found

    monkeypatch.setattr(StoreReader, "standing", counted)
    open_record(tmp_path / "ward.db", load(), ScaledClock(), at_once, practice=True).close()
    assert read == [0]
