"""The practice tour goes on by what happened: what was broken was seen, and what was to be done was done."""

import pytest
from msgspec.structs import replace

from app.domain.infusion.chapters.ending import Stop
from app.domain.infusion.chapters.reaction import NoteReaction
from app.domain.infusion.phases import Phase
from app.domain.vitals.vital_signs import Quality
from app.practice.pace import PracticePace
from app.practice.tour import CABLE, MISSED, REACTION, SATURATION, SENSOR, STEPS, Tour, running_infusion, stopped
from app.services.clock import ScaledClock
from devices.link import LinkState
from tests.domain.cast import LI
from tests.domain.play import vitals
from tests.services.ward import PORT, Ward


class Broken:
    """Remembers what was done to the monitor."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def break_one(self, _infusion_id: str | None, fault: str) -> None:
        self.done.append(fault)

    def mend_one(self, _infusion_id: str) -> None:
        self.done.append("mended")


class AtBed:
    """A tour at a bed whose monitor speaks when it is told to."""

    def __init__(self) -> None:
        self.ward, self.monitors = Ward(), Broken()
        bedside = self.ward.bedside
        self.pace = PracticePace(bedside, ScaledClock())
        entries = running_infusion(bedside.trial, "91", bedside.now())
        self.ward.infusion_id = entries[0].stream
        bedside.begin(entries[0].stream, entries, lambda _outcome: None)
        bedside.connect(entries[0].stream, PORT)
        self.tour = Tour(entries[0].stream, self.monitors, self.pace)

    def go(self, seconds: float = 5, spo2: int | None = 97, quality: Quality = Quality.OK) -> None:
        """The monitor speaks for so long, and the tour looks."""
        for _ in range(int(seconds)):
            self.ward.clock.move(seconds=1)
            self.ward.hear("hr", 74)
            self.ward.hear("spo2", spo2, quality)
            self.look()

    def look(self) -> None:
        self.ward.bedside.tick()
        self.tour.look(self.ward.bedside.bed(self.tour.infusion_id), self.ward.bedside.now())

    def acknowledge(self) -> None:
        for found in self.ward.bedside.bed(self.tour.infusion_id).alarms:
            self.ward.bedside.alarms.acknowledge(found.infusion_id, found.key, LI)
        self.look()

    @property
    def stands(self) -> tuple[int, str]:
        return self.tour.at, self.tour.state


@pytest.fixture
def bed() -> AtBed:
    made = AtBed()
    made.ward.link(LinkState.LIVE)
    return made


def at(bed: AtBed, step: int) -> AtBed:
    while bed.tour.at < step:
        bed.tour.next()
    bed.go()
    return bed


def test_it_begins_at_a_bed_that_drips_with_nothing_late_yet(bed: AtBed) -> None:
    state = bed.ward.state
    now = bed.ward.bedside.now()
    assert (state.phase, state.order.bed, state.order.practice) == (Phase.RUNNING, "91", True)
    assert not [task for task in bed.ward.bedside.bed(state.infusion_id).tasks if task.is_late(now)]
    assert bed.stands == (0, "starting")


def test_the_cable_is_pulled_once_the_monitor_lives_and_put_back_once_the_alarm_is_acknowledged(bed: AtBed) -> None:
    bed.go()
    assert (STEPS[0], bed.monitors.done, bed.tour.state) == (CABLE, ["unplug"], "breaking")
    bed.ward.link(LinkState.LOST)
    bed.look()
    assert bed.tour.state == "acting"
    bed.look()
    assert bed.tour.state == "acting"
    bed.acknowledge()
    assert bed.monitors.done == ["unplug", "mended"]
    assert bed.stands == (1, "starting")


def test_a_sensor_and_a_saturation_are_seen_and_acknowledged(bed: AtBed) -> None:
    at(bed, 1)
    assert bed.tour.step is SENSOR
    bed.go(3, None, Quality.SENSOR_OFF)
    assert bed.stands == (1, "acting")
    bed.acknowledge()
    assert bed.stands == (2, "starting")
    bed.go(6)
    assert (bed.tour.step, bed.monitors.done[-1]) == (SATURATION, "low-spo2")
    bed.go(3, 82)
    assert bed.stands == (2, "acting")
    bed.acknowledge()
    assert bed.stands == (3, "starting")


def test_time_is_hurried_until_a_check_is_missed_and_a_reason_ends_it(bed: AtBed) -> None:
    at(bed, 3)
    assert (bed.tour.step, bed.pace.settle()) == (MISSED, 60.0)
    bed.pace.asking = True
    assert bed.pace.settle() == 1.0
    bed.pace.asking = False
    bed.ward.wait(minutes=14)
    bed.look()
    assert bed.tour.state == "acting"
    assert bed.pace.settle() == 1.0
    bed.ward.do(replace(vitals(), late_reason="busy"), LI)
    bed.look()
    assert bed.tour.at == 4


def test_a_reaction_ends_it_and_its_drip_is_stopped(bed: AtBed) -> None:
    at(bed, 4)
    bed.look()
    assert (bed.tour.step, bed.tour.state) == (REACTION, "acting")
    bed.ward.do(NoteReaction(bed.ward.bedside.now(), ("chills",), "stop"), LI)
    bed.look()
    assert bed.stands == (5, "over")
    bed.tour.leave()
    sent: list[Stop] = []
    stopped(bed.ward.bedside.bed(bed.tour.infusion_id), "over", sent.append)
    bed.ward.do(sent[0], LI)
    assert bed.ward.state.phase is Phase.OBSERVATION
    stopped(bed.ward.bedside.bed(bed.tour.infusion_id), "over", sent.append)
    assert len(sent) == 1


def test_it_can_be_left_at_any_time(bed: AtBed) -> None:
    at(bed, 3)
    bed.tour.leave()
    assert (bed.tour.state, bed.pace.hurried, bed.monitors.done[-1]) == ("over", 0.0, "mended")
    bed.go(2)
    assert bed.tour.state == "over"
