"""Four monitors of four kinds on four ports at once, at the beds of one ward."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

import pytest

from app.domain.vitals.vital_signs import NIBP
from app.practice.nurse import INVESTIGATOR
from app.program.open_record import OpenRecord, open_record
from app.services.clock import ScaledClock, steady_s
from app.services.protocol_files import load
from devices.link import LinkState
from devices.models import MODELS
from tests.devices.stage import PATIENCE_S, Stage, staged

PROTOCOLS = ("datex-s5", "masimo", "intellivue", "nonin")
SPEED = 120.0


class Ward:
    """A practice store with an infusion at each of four beds; `until` does what the deciding thread does meanwhile."""

    def __init__(self, path: Path, stages: list[Stage]) -> None:
        self.stages = stages
        self._posted: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.record: OpenRecord = open_record(path, load(), ScaledClock(SPEED), self._posted.put, practice=True)
        self.beds = [self.record.bedside.order(f"B-00{n}", str(n), "B", 1, INVESTIGATOR) for n in range(1, 5)]
        self.until(lambda: all(map(self.record.bedside.knows, self.beds)))

    def until(self, has_come: Callable[[], bool]) -> None:
        end_s = steady_s() + PATIENCE_S
        while not has_come():
            self._posted.get(timeout=max(0.01, end_s - steady_s()))()

    def place(self, bed: str, *stages: tuple[Stage, str], preferred: dict[str, str] | None = None) -> None:
        for stage, protocol in stages:
            self.record.ports.listen(stage.url, protocol, simulated=True)
        self.record.bedside.connect(bed, *(stage.url for stage, _ in stages), preferred=preferred)

    def port_of(self, bed: str, vital: str) -> str | None:
        newest = self.record.bedside.watched(bed).newest(vital)
        return None if newest is None else newest.port

    def state_of(self, bed: str) -> LinkState | None:
        link = self.record.bedside.watched(bed).link
        return None if link is None else link.state


@pytest.fixture
def stages() -> Iterator[list[Stage]]:
    with ExitStack() as stack:
        yield [stack.enter_context(staged(speed=SPEED, model=MODELS[protocol])) for protocol in PROTOCOLS]


@pytest.fixture
def ward(tmp_path: Path, stages: list[Stage]) -> Iterator[Ward]:
    threads = set(threading.enumerate())
    ward = Ward(tmp_path / "ward.db", stages)
    yield ward
    ward.record.close()
    assert set(threading.enumerate()) == threads


def test_each_feeds_its_own_bed_and_one_pulled_cable_is_one_bed_s(ward: Ward) -> None:
    for bed, stage, protocol in zip(ward.beds, ward.stages, PROTOCOLS, strict=True):
        ward.place(bed, (stage, protocol))
    ward.until(lambda: all(ward.port_of(bed, "spo2") for bed in ward.beds))
    assert [ward.port_of(bed, "spo2") for bed in ward.beds] == [stage.url for stage in ward.stages]
    ward.stages[1].command("fault unplug")
    ward.until(lambda: ward.state_of(ward.beds[1]) is LinkState.LOST)
    assert [ward.state_of(bed) for bed in ward.beds if bed != ward.beds[1]] == [LinkState.LIVE] * 3
    ward.until(lambda: ward.state_of(ward.beds[1]) is LinkState.LIVE)
    assert sorted(status.protocol for status in ward.record.ports.links()) == sorted(PROTOCOLS)


def test_one_bed_takes_its_saturation_from_one_monitor_and_its_pressure_from_another(ward: Ward) -> None:
    bed, (s5, masimo, *_) = ward.beds[0], ward.stages
    ward.place(bed, (s5, "datex-s5"), (masimo, "masimo"), preferred={"spo2": masimo.url})
    ward.until(lambda: ward.port_of(bed, "spo2") == masimo.url and ward.port_of(bed, "nibp_sys") is not None)
    assert {ward.port_of(bed, vital) for vital in NIBP} == {s5.url}
    assert ward.port_of(ward.beds[1], "spo2") is None
