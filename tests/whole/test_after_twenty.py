"""After twenty infusions there are as many threads, open files, readers and monitors as before, and nothing of them is alive."""

import gc
import os
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from app.domain.infusion.chapters.signing import Sign
from app.domain.infusion.phases import Phase
from app.domain.infusion.state import Infusion
from app.domain.log import Entry
from app.practice.practice_monitors import PracticeMonitors
from app.program.open_record import open_record
from app.services.clock import SteppedClock
from app.services.protocol_files import load
from app.services.ward.bed_alarms import BedAlarms
from app.services.ward.bed_watch import BedWatch
from app.services.ward.infusion_writes import InfusionWrites
from app.services.ward.ports import Outcome
from app.services.ward.sealing import Sealing
from app.services.ward.series import Series
from app.settings import Recording
from tests.domain.cast import LI, ZHAO
from tests.domain.play import prepared

_OF_AN_INFUSION = (Infusion, InfusionWrites, BedWatch, BedAlarms, Sealing, Series)
_FILES = Path("/proc/self/fd")


class SilentMonitor:
    """A monitor that would connect to its port and never does, and takes whatever it is told."""

    def __init__(self, _protocol: str, _seed: int, _speed: float, _replay: Recording | None) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.url = f"listen://127.0.0.1:{free.getsockname()[1]}"
        self.told: list[str] = []

    def set_speed(self, speed: float) -> None:
        self.told.append(f"speed {speed}")

    def fault(self, name: str) -> None:
        self.told.append(name)

    def mend(self) -> None:
        self.told.append("mend")

    def close(self) -> None:
        self.told.append("quit")


class Ward:
    """A practice record with its monitors, on a clock that is moved by hand."""

    def __init__(self, path: Path) -> None:
        self._of_before = _alive()  # held, so that what other tests left does not go in the middle of this one
        play = prepared("observed")
        play.do(Sign("performed"), LI)
        self._entries, self._posted = play.entries, SimpleQueue[Callable[[], None]]()
        self.clock = SteppedClock(10**9, 60.0)
        self.record = open_record(path, load(), self.clock, self._posted.put, practice=True, start=play.now)
        self.bedside = self.record.bedside
        self.monitors = PracticeMonitors(self.record, "datex-s5", play=SilentMonitor)
        self.bedside.news.when_changed(self.monitors.attend)

    def until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self._posted.get(timeout=30)()

    def wait(self, minutes: int) -> None:
        for _ in range(minutes):
            self.clock.tick()
            self.record.tick()

    def settle(self) -> None:
        """Until both who work beside have done what they were given, and what came of it was taken."""
        met = threading.Barrier(3)
        for _ in range(2):
            self.record.executor.submit(met.wait)
        met.wait()
        self.until(self._posted.empty)

    def begin(self, number: int) -> str:
        """One that was observed and signed by the nurse; its bed is the number."""
        infusion_id = f"inf-{number}"
        moved = [Entry(f"{infusion_id}-{x.event_id}", infusion_id, x.at, x.by, x.event, x.co) for x in self._entries]
        self.bedside.begin(infusion_id, moved, _is_saved)
        return infusion_id

    def sign(self, infusion_id: str) -> None:
        self.bedside.submit(infusion_id, Sign("reviewed"), ZHAO, _is_saved)

    def counted(self) -> dict[str, int]:
        alive = [type(one) for one in _alive()]
        ports = self.record.ports
        return {
            "threads": threading.active_count(), "files": len(os.listdir(_FILES)) if _FILES.exists() else 0,
            "read": len(ports.links()), "links": len(self.bedside.links), "monitors": len(self.monitors.beds()),
            "bytes of ports": len(ports.ring.tails()), **{kind.__name__: alive.count(kind) for kind in _OF_AN_INFUSION},
        }  # fmt: skip


def _alive() -> list[object]:
    gc.collect()
    return [one for one in gc.get_objects() if type(one) in _OF_AN_INFUSION]


def _is_saved(outcome: Outcome) -> None:
    assert outcome.ok


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    ward = Ward(tmp_path / "ward.db")
    yield ward
    ward.monitors.close()
    ward.record.close()


def test_after_twenty_infusions_all_is_as_at_the_start(ward: Ward) -> None:
    first = ward.begin(0)
    ward.until(lambda: len(ward.monitors.beds()) == 1)
    ward.sign(first)
    ward.until(lambda: ward.bedside.phase(first) is Phase.SIGNED)
    ward.settle()
    ward.wait(32)
    before = ward.counted()
    infusions = [ward.begin(number) for number in range(1, 21)]
    ward.until(lambda: len(ward.bedside.links) == 20)
    assert threading.active_count() >= before["threads"] + 20
    for infusion_id in infusions:
        ward.sign(infusion_id)
    ward.until(lambda: {ward.bedside.phase(infusion_id) for infusion_id in infusions} == {Phase.SIGNED})
    ward.settle()
    ward.wait(32)
    assert ward.counted() == before
    assert ward.bedside.infusions == []
    assert len(ward.bedside.closed()) == 21


def test_one_that_is_away_comes_back_with_its_curves_and_goes_again(ward: Ward) -> None:
    infusion_id = ward.begin(1)
    ward.until(lambda: bool(ward.bedside.links))
    state = ward.bedside.infusion(infusion_id)
    ward.sign(infusion_id)
    ward.until(lambda: ward.bedside.phase(infusion_id) is Phase.SIGNED)
    signed = ward.bedside.infusion(infusion_id)
    assert len(signed.log) > len(state.log)
    ward.wait(32)
    assert ward.bedside.infusions == []
    assert ward.bedside.infusion(infusion_id) == signed
    ward.wait(10)
    assert ward.bedside.infusions == [signed]
    ward.clock.tick()
    ward.bedside.clock.move_on(timedelta(hours=1))
    ward.wait(2)
    assert ward.bedside.infusions == []


def test_a_monitor_that_gets_ready_after_the_signature_is_not_read(ward: Ward) -> None:
    held = threading.Event()
    ward.record.executor.submit(held.wait)
    ward.record.executor.submit(held.wait)
    infusion_id = ward.begin(1)
    ward.until(lambda: ward.bedside.knows(infusion_id))
    ward.sign(infusion_id)
    ward.until(lambda: ward.bedside.phase(infusion_id) is Phase.SIGNED)
    held.set()
    ward.settle()
    assert (ward.bedside.links, ward.monitors.beds()) == ([], {})
