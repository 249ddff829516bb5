"""The record's file is taken away while an infusion runs."""

import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.cli import main
from app.domain.infusion.state import Infusion
from app.practice.record_lost import RecordLost
from app.practice.rehearsal import Plan, rehearse
from app.program.open_record import OpenRecord
from app.services.protocol_files import load
from db.examine import examine
from db.queries import StoreReader

from .conftest import UNBOUND

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file be deleted")


def test_a_rehearsal_stops_at_once_and_says_where_all_of_it_lies(tmp_path: Path) -> None:
    plan = Plan(Decimal("70.0"), 20, "B", UNBOUND, tmp_path, "datex-s5", (), 1)
    taken: list[tuple[int, timedelta]] = []

    def take_away(record: OpenRecord, state: Infusion) -> None:
        if state.started_at and record.bedside.now() > state.started_at + timedelta(minutes=20):
            if not taken:
                record.file.path.unlink()
            taken.append((record.store.head().seq, record.bedside.now() - state.started_at))

    with pytest.raises(RecordLost) as lost:
        rehearse(plan, load(), print, take_away)
    assert "deleted, moved, replaced or cut" in str(lost.value.text)
    (saved,) = tmp_path.glob("*-saved-*.db")
    assert saved.name in str(lost.value.unsaved)
    found = examine(saved)
    assert found.faults == []
    assert found.head.seq >= taken[0][0]
    with StoreReader(saved) as reading:
        (infusion,) = reading.streams()
        assert len(reading.samples(infusion)) > 500
    assert main(["verify", "--db", str(saved)]) == 0
