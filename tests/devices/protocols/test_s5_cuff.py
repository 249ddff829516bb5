"""When a cuff pressure may be charted, and from when it is."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.vitals.vital_signs import NIBP, Quality, Sample
from devices.protocols.datex_s5.decoder import DatexS5

from .s5_records import AT, NONE, Basic, shown

MEASURING = 1 << 5
CALIBRATING = 1 << 7
OLD = 1 << 8

HIGH = Basic(pressure=(13100, 8100, 9700))
LOW = Basic(pressure=(9900, 6100, 7300))
NOTHING = Basic()


def labelled(basic: Basic, label: int) -> Basic:
    return replace(basic, label=label)


def judged(*basics: Basic) -> list[tuple[Quality, int | None]]:
    """Quality of each record's systolic pressure, and its age at the record in seconds."""
    decoder = DatexS5()
    return [_judged(decoder.feed(shown(basic, AT + 5 * n))) for n, basic in enumerate(basics)]


def _judged(samples: list[Sample]) -> tuple[Quality, int | None]:
    triple = [s for s in samples if s.vital in NIBP]
    assert len({(s.quality, s.measured_at) for s in triple}) == 1
    first = triple[0]
    assert first.device_time is not None
    if first.measured_at is None:
        return first.quality, None
    return first.quality, int((first.device_time - first.measured_at).total_seconds())


OK, STALE, MEAS = Quality.OK, Quality.STALE, Quality.MEASURING


def test_the_first_triple_is_new_if_it_is_younger_than_a_minute_and_repeats_are_stale() -> None:
    assert judged(HIGH, HIGH, HIGH) == [(OK, 0), (STALE, 5), (STALE, 10)]


def test_a_triple_older_than_a_minute_when_first_seen_has_no_time() -> None:
    old = labelled(HIGH, OLD)
    assert judged(old, old) == [(STALE, None), (STALE, None)]


def test_a_whole_cycle() -> None:
    old, measuring = labelled(HIGH, OLD), labelled(HIGH, OLD | MEASURING)
    cycle = judged(HIGH, HIGH, old, measuring, measuring, LOW, LOW, labelled(LOW, OLD))
    assert [quality for quality, _ in cycle] == [OK, STALE, STALE, MEAS, MEAS, OK, STALE, STALE]
    assert [age for _, age in cycle] == [0, 5, 10, 15, 20, 0, 5, 10]


def test_a_measurement_that_finds_the_same_pressure_is_new() -> None:
    assert judged(HIGH, labelled(HIGH, MEASURING), HIGH) == [(OK, 0), (MEAS, 5), (OK, 0)]


def test_a_failed_measurement_leaves_the_old_pressure_stale() -> None:
    old = labelled(HIGH, OLD)
    assert judged(HIGH, old, labelled(HIGH, OLD | MEASURING), old)[-1] == (STALE, 15)


def test_a_triple_that_is_young_after_it_was_old_is_new() -> None:
    assert judged(HIGH, labelled(HIGH, OLD), HIGH)[-1] == (OK, 0)


def test_a_changed_triple_is_new_though_no_measurement_was_seen() -> None:
    assert judged(HIGH, LOW) == [(OK, 0), (OK, 0)]


def test_a_changed_triple_older_than_a_minute_has_no_time() -> None:
    assert judged(HIGH, labelled(LOW, OLD)) == [(OK, 0), (STALE, None)]


def test_after_nothing_was_shown_the_same_triple_is_a_repeat() -> None:
    assert judged(HIGH, NOTHING, HIGH) == [(OK, 0), (Quality.UNAVAILABLE, None), (STALE, 10)]


def test_while_measuring_another_triple_has_no_time() -> None:
    assert judged(HIGH, labelled(LOW, MEASURING))[-1] == (MEAS, None)
    assert judged(labelled(NOTHING, MEASURING)) == [(MEAS, None)]


@pytest.mark.parametrize(
    "pressure",
    [(8000, 8000, 8000), (7000, 9000, 8000), (12000, 7000, 6900), (12000, 7000, 12000), (29000, 9000, 15000)],
)
def test_an_impossible_triple_is_implausible_as_a_whole(pressure: tuple[int, int, int]) -> None:
    assert judged(Basic(pressure=pressure)) == [(Quality.IMPLAUSIBLE, None)]


def test_an_impossible_triple_after_a_measurement_leaves_the_next_one_new() -> None:
    odd = Basic(pressure=(7000, 9000, 8000))
    assert judged(HIGH, labelled(HIGH, MEASURING), odd, HIGH)[-1] == (OK, 0)


def test_while_calibrating_a_pressure_is_questionable() -> None:
    assert judged(labelled(HIGH, CALIBRATING)) == [(Quality.QUESTIONABLE, None)]


def test_an_incomplete_triple_is_never_ok() -> None:
    samples = DatexS5().feed(shown(Basic(pressure=(12000, NONE, NONE))))
    assert [(s.value is None, s.quality) for s in samples if s.vital in NIBP] == [
        (False, Quality.QUESTIONABLE),
        (True, Quality.UNAVAILABLE),
        (True, Quality.UNAVAILABLE),
    ]


def test_the_time_of_a_measurement_is_the_devices_time_of_that_record() -> None:
    sample = next(s for s in DatexS5().feed(shown(HIGH)) if s.vital == "nibp_sys")
    assert sample.measured_at == datetime.fromtimestamp(AT, UTC)
