"""When what arrives was so: a memory print is not now, what waited in a buffer is as old as its device says."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.vitals.vital_signs import Quality, Reading, Sample
from devices.arrivals import Arrivals

NOW = datetime(2026, 11, 22, 13, tzinfo=UTC)
PRINTED = datetime(2004, 1, 1, tzinfo=UTC)
"""The device's clock is years off: only how it goes is used."""


def sample(number: int, device_s: float | None, quality: Quality = Quality.OK) -> Sample:
    at = None if device_s is None else PRINTED + timedelta(seconds=device_s)
    return Sample(number, "spo2", Decimal(97), "%", quality, "pleth", at)


class Port:
    """Records that come after so many seconds of the wall."""

    def __init__(self, speed: float = 1.0) -> None:
        self.arrivals = Arrivals("COM3", "masimo", False, lambda: speed)
        self.number = 0
        self.now = NOW

    def hear(self, device_s: float | None, after_s: float, has_waited: bool = False) -> Reading:
        self.now += timedelta(seconds=after_s)
        self.number += 1
        (reading,) = self.arrivals.stamped([sample(self.number, device_s)], self.now, has_waited)
        return reading


def qualities(port: Port, times: list[float], after_s: float) -> list[Quality]:
    return [port.hear(at, after_s).sample.quality for at in times]


@pytest.mark.parametrize("direction", [1, -1])
def test_a_print_of_the_past_is_stale_from_its_tenth_step_until_the_device_is_in_step(direction: int) -> None:
    port = Port()
    heard = qualities(port, [direction * 4.0 * n for n in range(3600)], 0.1)
    assert heard[:10] == [Quality.OK] * 10
    assert set(heard[10:]) == {Quality.STALE}
    live = [20_000.0 + n for n in range(6)]
    assert qualities(port, live, 1.0) == [Quality.STALE] * 2 + [Quality.OK] * 4


def test_a_device_in_step_a_clock_that_is_set_and_a_short_burst_are_no_history() -> None:
    port = Port()
    heard = qualities(port, [float(n) for n in range(20)], 1.0)
    heard += qualities(port, [1e8 + n for n in range(20)], 1.0)
    port.now += timedelta(seconds=7)
    heard += qualities(port, [1e8 + 20 + n for n in range(7)], 0.0)
    heard += qualities(port, [1e8 + 27 + n for n in range(20)], 1.0)
    assert set(heard) == {Quality.OK}


def test_at_high_speed_the_machines_own_pauses_are_no_history() -> None:
    assert set(qualities(Port(speed=300.0), [5.0 * n for n in range(40)], 0.1)) == {Quality.OK}


def test_without_a_device_clock_nothing_is_known_of_history() -> None:
    port = Port()
    assert {port.hear(None, 0.0).sample.quality for _ in range(40)} == {Quality.OK}


def test_what_has_waited_is_as_old_as_the_devices_clock_tells() -> None:
    port = Port()
    port.hear(0.0, 0.0)
    held = [port.hear(float(n), 40.0 if n == 1 else 0.0, has_waited=True) for n in range(1, 41)]
    assert [reading.waited_s for reading in held] == [40.0 - n for n in range(1, 41)]
    assert [reading.age_s(port.now) for reading in held] == [40.0 - n for n in range(1, 41)]
    assert {reading.received_at for reading in held} == {port.now}
    assert {reading.sample.quality for reading in held} == {Quality.OK}
    assert port.hear(41.0, 1.0).waited_s == 0.0


@pytest.mark.parametrize("device_s", [None, -5.0, 600.0])
def test_what_has_waited_for_nobody_knows_how_long_is_stale(device_s: float | None) -> None:
    port = Port()
    port.hear(0.0, 0.0)
    assert port.hear(device_s, 40.0, has_waited=True).sample.quality is Quality.STALE


def test_what_waited_before_the_first_record_is_stale_and_what_was_no_value_stays_so() -> None:
    port = Port()
    assert port.hear(5.0, 40.0, has_waited=True).sample.quality is Quality.STALE
    (off,) = port.arrivals.stamped([sample(9, None, Quality.SENSOR_OFF)], port.now, True)
    assert off.sample.quality is Quality.SENSOR_OFF
