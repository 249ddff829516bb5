"""A drop sensor at a bed: what it says stands beside the counted drops, and is told when the drip drifts; it decides nothing."""

from decimal import Decimal

from app.domain.infusion.chapters.drip import SetRate
from app.domain.infusion.chapters.thaw import TakeDownBag
from app.domain.infusion.drops_seen import DropsSeen
from app.domain.vitals.vital_signs import Quality, Sample, stamped
from app.domain.watch.priority import Priority
from tests.domain.cast import LI
from tests.services.ward import PORT, Ward, running


class Sensor:
    """Drops into the chamber of the running bed, a line a drop."""

    def __init__(self, ward: Ward, count: int = 100, port: str = PORT) -> None:
        self.ward, self.count, self.port = ward, count, port
        ward.bedside.connect(ward.infusion_id, port)

    def line(self, rate: str | None) -> None:
        now, number = self.ward.bedside.now(), None if rate is None else Decimal(rate)
        known = Quality.UNAVAILABLE if number is None else Quality.OK
        samples = (
            Sample(self.count, "drops", Decimal(self.count), "drops", Quality.OK, "drop sensor"),
            Sample(self.count, "drip_rate", number, "gtt/min", known, "drop sensor"),
        )
        self.ward.bedside.take_readings([stamped(sample, now, self.port, "drop-sensor", True) for sample in samples])

    def drip(self, drops: int, gtt_min: int) -> None:
        for _ in range(drops):
            self.ward.wait(seconds=60 / gtt_min)
            self.count += 1
            self.line(str(gtt_min))

    def seen(self) -> DropsSeen | None:
        return self.ward.bedside.bed(self.ward.infusion_id).drops

    def alarms(self) -> list[str]:
        return [alarm.key for alarm in self.ward.bedside.bed(self.ward.infusion_id).alarms if alarm.key == "drip"]


def test_it_says_rate_and_volume_and_no_command_comes_of_it() -> None:
    """What is recorded meanwhile (that a check came due) is recorded at a bed without a sensor too."""
    ward, alone = running(), running()
    sensor = Sensor(ward)
    before, at_first = list(ward.state.log), len(alone.state.log)
    sensor.line(None)
    seen = sensor.seen()
    assert seen is not None
    assert (seen.rate_gtt_min, seen.counted_gtt_min, seen.delivered_ml) == (None, None, Decimal(0))
    sensor.drip(40, 20)
    seen = sensor.seen()
    assert seen is not None
    assert (seen.rate_gtt_min, seen.counted, seen.counted_gtt_min) == (Decimal(20), 20, Decimal(20))
    assert seen.delivered_ml == Decimal(40) / (ward.state.drop_factor or 1)
    assert sensor.alarms() == []
    for _ in range(40):
        alone.wait(seconds=3)
    entries = list(ward.state.log)
    assert entries[: len(before)] == before
    assert [(x.at, x.event) for x in entries[len(before) :]] == [(x.at, x.event) for x in alone.state.log[at_first:]]


def test_a_drip_that_is_off_for_a_minute_is_told_until_it_is_right_or_set_anew() -> None:
    ward = running()
    sensor = Sensor(ward)
    sensor.drip(30, 20)
    sensor.drip(20, 23)
    assert sensor.alarms() == []
    sensor.drip(10, 23)
    assert sensor.alarms() == ["drip"]
    (alarm,) = [a for a in ward.bedside.bed(ward.infusion_id).alarms if a.key == "drip"]
    assert alarm.priority is Priority.MEDIUM
    assert str(alarm.text) == "The drip is off by more than 10 %: 23 drops/min by the drop sensor, 20 set"
    sensor.drip(1, 21)
    assert sensor.alarms() == []
    sensor.drip(40, 23)
    assert sensor.alarms() == ["drip"]
    ward.do(SetRate(Decimal(19)), LI)
    sensor.drip(10, 23)
    assert sensor.alarms() == []


def test_one_that_begins_again_or_another_one_counts_from_there() -> None:
    ward = running()
    sensor = Sensor(ward)
    sensor.drip(40, 20)
    sensor.count = 0
    sensor.drip(10, 20)
    seen = sensor.seen()
    assert seen is not None
    assert seen.delivered_ml == Decimal(9) / (ward.state.drop_factor or 1)
    other = Sensor(ward, count=11, port="COM9")
    other.drip(1, 20)
    seen = other.seen()
    assert seen is not None
    assert (seen.delivered_ml, seen.counted_gtt_min) == (Decimal(0), None)


def test_nothing_is_said_of_a_silent_sensor_or_without_a_bag() -> None:
    ward = running()
    sensor = Sensor(ward)
    sensor.drip(5, 20)
    ward.wait(seconds=61)
    assert sensor.seen() is None
    sensor.drip(5, 20)
    assert sensor.seen() is not None
    ward.do(TakeDownBag(Decimal(30), "bag_fault"), LI)
    assert sensor.seen() is None
