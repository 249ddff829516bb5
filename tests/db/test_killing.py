"""The process is killed at any moment: nothing acknowledged is lost, nothing is torn."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = int(os.environ.get("BEDSIDE_KILLS", "24"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked")
def test_no_acknowledged_event_is_lost_by_a_kill(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.db.killing", str(tmp_path), str(KILLS), "seed"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    acknowledged, stored, lost, faults = map(int, done.stdout.split())
    assert (lost, faults) == (0, 0)
    assert acknowledged > KILLS
    assert stored >= acknowledged
