"""kill −9 at any moment of a rehearsal with a reaction and a sensor that comes off: no raised alarm is forgotten.

What a killed process leaves on the disk is what it has there at that moment: so it is halted again and again, its store is
copied and taken up as after a restart, and at last it is killed.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.domain.watch.alarm_log import AlarmEvent, restored
from app.program.open_record import open_record
from app.services.clock import ScaledClock
from app.services.protocol_files import load
from tests.fakes import at_once
from tests.whole.rehearsal_life import shown

Line = dict[str, Any]
_NOTHING = threading.Event()


class Rehearsed:
    """One that runs in a process of its own, and what it has told so far."""

    def __init__(self, folder: Path, process: "subprocess.Popen[bytes]", told: Path) -> None:
        self.folder, self._process, self._told = folder, process, told

    def last(self) -> Line | None:
        """The last whole line."""
        lines = self._told.read_bytes().rpartition(b"\n")[0].rsplit(b"\n", 1)
        told: Line | None = json.loads(lines[-1]) if lines[-1] else None
        return told

    def until_it_alarms(self) -> None:
        while not (told := self.last()) or len(told["standing"]) < 1 or told["written"] < 3:
            assert self._process.poll() is None
            _NOTHING.wait(0.05)

    def halted(self, at: Path) -> Line:
        """What it told last before it was halted; its store as it was then is in `at`."""
        os.kill(self._process.pid, signal.SIGSTOP)
        told = self.last()
        at.mkdir()
        for file in self.folder.glob("bedside.db*"):
            shutil.copy(file, at)
        os.kill(self._process.pid, signal.SIGCONT)
        assert told is not None
        return told

    def killed(self) -> Line:
        self._process.kill()
        self._process.wait()
        told = self.last()
        assert told is not None
        return told


@contextmanager
def rehearsed(folder: Path, *faults: str) -> Iterator[Rehearsed]:
    folder.mkdir()
    told = folder / "told"
    with told.open("wb") as file:
        process = subprocess.Popen([sys.executable, "-m", "tests.whole.rehearsal_life", str(folder), *faults], stdout=file)
        try:
            yield Rehearsed(folder, process, told)
        finally:
            process.kill()
            process.wait()


def assert_nothing_forgotten(folder: Path, told: Line) -> int:
    """Of a store that a killed process left: what it told stands in the log, and is as it was. How many alarms stood.

    One that ended less than a minute before may stand once more: its end is written when it has not come back.
    """
    record = open_record(folder / "bedside.db", load(), ScaledClock(), at_once, practice=True)
    try:
        alarms = [x for x in record.store.entries(told["infusion"]) if isinstance(x.event, AlarmEvent)]
        record.bedside.tick()
        after = record.bedside.alarms.beds[told["infusion"]].standing
    finally:
        record.close()
    then = list(restored(alarms[: told["written"]])[0].standing.values())
    assert len(alarms) >= told["written"]
    assert {_said(x) for x in told["standing"]} <= {_said(x) for x in shown(then)}
    whole = [a for a in restored(alarms)[0].standing.values() if a.finding.latches]
    assert {_said(x) for x in shown(whole)} <= {_said(x) for x in shown(after)}
    assert {a.key for a in whole} <= {a.key for a in after if a.is_gone}
    return len(whole)


def _said(alarm: list[str | None]) -> tuple[str | None, ...]:
    """Without the signal: of a value nobody knows after a restart."""
    return alarm[0], alarm[1], alarm[3]


def at_moments(folder: Path, moments: int, seed: int, *faults: str) -> None:
    dice = Random(seed)
    with rehearsed(folder / "run", *faults) as run:
        run.until_it_alarms()
        halts = []
        for n in range(moments - 1):
            _NOTHING.wait(dice.uniform(0.01, 0.12))
            at = folder / f"halt-{n}"
            halts.append((at, run.halted(at)))
        halts.append((run.folder, run.killed()))
    stood = [assert_nothing_forgotten(at, told) for at, told in halts]
    assert any(stood)


def test_killed_after_a_reaction_nothing_is_forgotten(tmp_path: Path) -> None:
    at_moments(tmp_path, 4, 1, "reaction@1", "sensor-off@2")


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_killed_at_25_moments_nothing_is_forgotten(tmp_path: Path, seed: int) -> None:
    at_moments(tmp_path, 25, seed, "reaction@20", "sensor-off@26")
