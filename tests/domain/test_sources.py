"""Several monitors at one bed: which one gives a vital sign."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.vitals.sources import Sources, group
from app.domain.vitals.vital_signs import Quality, Sample, stamped
from tests.domain.cast import TRIAL, clock

MONITOR, OXIMETER = "COM3", "COM4"


class Bed:
    """A monitor first, an oximeter second; `hears` says whether the bed takes the value."""

    def __init__(self, **preferred: str) -> None:
        self.sources = Sources(TRIAL.vitals)
        self.sources.arrange((MONITOR, OXIMETER), preferred)
        self.now = clock("14:00")

    def after(self, seconds: int) -> "Bed":
        self.now += timedelta(seconds=seconds)
        return self

    def hears(self, port: str, vital: str = "spo2", value: int | None = 97, quality: Quality = Quality.OK) -> bool:
        number = None if value is None else Decimal(value)
        sample = Sample(0, vital, number, "%", quality, "pleth")
        return self.sources.takes(stamped(sample, self.now, port, "p", False))


def test_cuff_pressures_are_one_group() -> None:
    assert {group(v) for v in ("nibp_sys", "nibp_dia", "nibp_map")} == {"nibp"}
    assert group("spo2") == "spo2"


def test_the_first_port_is_taken_and_the_second_waits() -> None:
    bed = Bed()
    assert bed.hears(OXIMETER)
    assert bed.hears(MONITOR)
    assert not bed.hears(OXIMETER)
    assert bed.sources.holder("spo2") == MONITOR


def test_each_vital_sign_is_held_by_itself() -> None:
    bed = Bed()
    assert bed.hears(OXIMETER, "spo2")
    assert bed.hears(MONITOR, "nibp_sys", 120)
    assert (bed.sources.holder("spo2"), bed.sources.holder("nibp_dia")) == (OXIMETER, MONITOR)
    assert bed.sources.holder("temp") is None


def test_a_site_may_prefer_another_port_for_one_vital_sign() -> None:
    bed = Bed(spo2=OXIMETER)
    assert bed.hears(MONITOR)
    assert bed.hears(OXIMETER)
    assert not bed.hears(MONITOR)


@pytest.mark.parametrize(("silence_s", "taken"), [(60, False), (61, True)])
def test_another_takes_over_when_the_holders_value_is_too_old(silence_s: int, taken: bool) -> None:
    bed = Bed()
    bed.hears(MONITOR)
    assert bed.after(silence_s).hears(OXIMETER) is taken


@pytest.mark.parametrize(("silence_s", "taken"), [(300, False), (301, True)])
def test_a_cuff_pressure_holds_as_long_as_a_check_may_use_it(silence_s: int, taken: bool) -> None:
    bed = Bed()
    bed.hears(MONITOR, "nibp_sys", 120)
    assert bed.after(silence_s).hears(OXIMETER, "nibp_sys", 118) is taken


def test_a_sensor_that_falls_off_lets_the_other_in_at_once_and_takes_back_when_it_is_on() -> None:
    bed = Bed()
    bed.hears(MONITOR)
    assert bed.hears(MONITOR, value=None, quality=Quality.SENSOR_OFF)
    assert bed.hears(OXIMETER)
    assert not bed.hears(MONITOR, value=None, quality=Quality.SENSOR_OFF)
    assert bed.hears(MONITOR)


def test_a_sensor_that_was_never_on_holds_nothing() -> None:
    """The oximeter is switched on before its clip is on the finger: its word is the bed's, and the monitor's value comes."""
    bed = Bed()
    assert bed.hears(OXIMETER, value=None, quality=Quality.SENSOR_OFF)
    assert bed.sources.holder("spo2") is None
    assert bed.hears(OXIMETER)


@pytest.mark.parametrize("quality", [Quality.STALE, Quality.MEASURING])
def test_a_cuff_that_rests_or_works_keeps_its_place(quality: Quality) -> None:
    bed = Bed()
    bed.hears(MONITOR, "nibp_sys", 120)
    assert bed.hears(MONITOR, "nibp_sys", 120, quality)
    assert not bed.hears(OXIMETER, "nibp_sys", 118)


def test_a_lost_port_gives_up_what_it_held() -> None:
    bed = Bed()
    bed.hears(MONITOR, "spo2")
    bed.hears(MONITOR, "nibp_sys", 120)
    bed.hears(OXIMETER, "pr", 70)
    assert sorted(bed.sources.forget(MONITOR)) == ["nibp", "spo2"]
    assert bed.hears(OXIMETER)


def test_a_port_taken_away_holds_nothing_and_a_strange_one_comes_last() -> None:
    bed = Bed()
    bed.hears(MONITOR)
    bed.sources.arrange((OXIMETER,), {})
    assert bed.sources.holder("spo2") is None
    assert bed.hears("COM9")
    assert not bed.hears("COM10"), "of two strange ones the first"
    assert bed.hears(OXIMETER)
