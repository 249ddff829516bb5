"""What a bed believes of its monitor: one source of two at a time."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.domain.vitals.vital_signs import Quality, Reading, Sample, stamped
from app.services.protocol_files import load
from app.services.ward.bed_watch import BedWatch

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def watched() -> BedWatch:
    return BedWatch("i", load().protocol.vitals)


def reading(
    second: float, value: str | None, quality: Quality = Quality.OK, source: str = "pleth", vital: str = "pr", age_s: int = 0
) -> Reading:
    at = NOON + timedelta(seconds=second)
    number = None if value is None else Decimal(value)
    sample = Sample(0, vital, number, "/min", quality, source, at, at - timedelta(seconds=age_s))
    return stamped(sample, at, "COM3", "intellivue", False)


def test_a_second_source_without_a_value_does_not_break_the_first() -> None:
    """The oximeter's pulse beats on while every answer repeats the cuff's old one."""
    bed = watched()
    for second in range(0, 60, 5):
        bed.take([reading(second, "71"), reading(second, "60", Quality.STALE, "nibp", age_s=200)])
        assert bed.why_none("pr") is None
    assert list(bed.trend.series["pr"].values) == [71.0] * 12


def test_once_the_first_has_gone_the_second_says_why_there_is_none() -> None:
    bed = watched()
    bed.take([reading(0, "71")])
    bed.take([reading(15, "60", Quality.STALE, "nibp")])
    assert bed.why_none("pr") is None
    bed.take([reading(15.1, "60", Quality.STALE, "nibp")])
    assert bed.why_none("pr") is Quality.STALE


def test_the_same_source_says_at_once_why_there_is_none() -> None:
    bed = watched()
    bed.take([reading(0, "71"), reading(1, None, Quality.UNAVAILABLE)])
    assert bed.why_none("pr") is Quality.UNAVAILABLE


def test_an_older_value_does_not_take_the_place_of_a_newer_one() -> None:
    bed, fresh = watched(), reading(0, "71")
    assert bed.take([fresh, reading(0, "60", source="nibp", age_s=200)])[0].value == Decimal(71)
    assert bed.newest("pr") is fresh


def cuff(second: float, **pressures: str) -> list[Reading]:
    return [reading(second, value, vital=f"nibp_{name}", source="nibp") for name, value in pressures.items()]


def test_beside_a_pair_without_a_mean_no_older_mean_stands() -> None:
    bed = watched()
    bed.take(cuff(0, sys="123", dia="77", map="92"))
    bed.take(cuff(600, sys="131", dia="80"))
    found = bed.for_check(NOON + timedelta(seconds=610))
    assert {vital: str(r.sample.value) for vital, r in found.items()} == {"nibp_sys": "131", "nibp_dia": "80"}


def test_pressures_of_one_measurement_stay_together_however_they_come() -> None:
    bed = watched()
    bed.take([*cuff(600, map="92"), *cuff(600.3, sys="123", dia="77")])
    assert set(bed.for_check(NOON + timedelta(seconds=610))) == {"nibp_sys", "nibp_dia", "nibp_map"}


def test_curves_are_drawn_when_somebody_looks_and_few_values_wait_for_that() -> None:
    bed = watched()
    trend = bed.trend
    for second in range(400):
        bed.take([reading(second, "71"), reading(second, None, Quality.SENSOR_OFF, vital="spo2")])
    assert trend.version == 0
    assert len(bed.trend.series["pr"].values) == 400
    for second in range(400, 1000):
        bed.take([reading(second, "71")])
    assert 900 <= len(trend.series["pr"].values) < 1000
    assert len(bed.trend.series["pr"].values) == 1000


def test_what_is_another_value_than_before_is_known_of_each_read() -> None:
    bed = watched()
    found = []
    for second, value, quality in ((0, "71", Quality.OK), (1, "71", Quality.OK), (2, "72", Quality.OK), (3, "72", Quality.STALE)):
        bed.take([reading(second, value, quality), reading(second, "97", vital="spo2")])
        found.append(bed.other)
    assert found == [["pr", "spo2"], [], ["pr"], ["pr"]]
    before = bed.news
    bed.take([reading(4, "70", vital="weight"), reading(4, "72", Quality.STALE)])
    assert (bed.other, bed.news) == ([], before + 1)
