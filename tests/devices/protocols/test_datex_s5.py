"""Every rule of the S/5's displayed values, by name."""

import struct
from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.vitals.vital_signs import Quality, Sample
from devices.protocols import UNMAPPED_AT_MOST, UnmappedValues
from devices.protocols.datex_s5.decoder import DatexS5

from .s5_records import AT, FROM_ECG, ON, Basic, framed, record, shown, subrecord

WELL = Basic(
    hr=88,
    impedance=16,
    pressure=(12300, 7700, 9200),
    temps=((ON, 3685),),
    spo2=9700,
    pulse=87,
)


def samples(*basics: Basic) -> list[Sample]:
    decoder = DatexS5()
    return [s for number, basic in enumerate(basics) for s in decoder.feed(shown(basic, AT + 5 * number))]


def only(basic: Basic, vital: str) -> Sample:
    (sample,) = [s for s in samples(basic) if s.vital == vital]
    return sample


def said(sample: Sample) -> tuple[str | None, Quality, str]:
    return (None if sample.value is None else str(sample.value), sample.quality, sample.source)


def source(code: int) -> int:
    return ON | code << 3


def test_a_record_gives_its_vital_signs_in_wire_order_exactly_scaled() -> None:
    assert [(s.vital, str(s.value), s.unit, s.quality, s.source) for s in samples(WELL)] == [
        ("hr", "88", "/min", "ok", "ecg"),
        ("rr", "16", "/min", "ok", "impedance"),
        ("nibp_sys", "123", "mmHg", "ok", "nibp"),
        ("nibp_dia", "77", "mmHg", "ok", "nibp"),
        ("nibp_map", "92", "mmHg", "ok", "nibp"),
        ("temp", "36.85", "°C", "ok", "t1"),
        ("spo2", "97", "%", "ok", "pleth"),
        ("pr", "87", "/min", "ok", "pleth"),
    ]


def test_a_sample_carries_its_frame_and_the_devices_own_clock() -> None:
    first, *_, last = samples(WELL, WELL)
    assert (first.frame, last.frame) == (0, 1)
    assert first.device_time is not None
    assert first.device_time.isoformat() == "2021-07-03T03:14:19+00:00"
    assert first.measured_at is None


@pytest.mark.parametrize("code", [1, 9])
def test_a_rate_from_the_ecg_is_a_heart_rate(code: int) -> None:
    first = samples(replace(WELL, ecg=source(code)))[0]
    assert (first.vital, *said(first)) == ("hr", "88", Quality.OK, "ecg")


@pytest.mark.parametrize("code", [6, 12])
def test_a_rate_from_the_pleth_is_a_pulse_rate(code: int) -> None:
    both = samples(replace(WELL, ecg=source(code)))
    assert (both[0].vital, *said(both[0])) == ("pr", "88", Quality.OK, "pleth")
    assert "hr" not in {s.vital for s in both}


@pytest.mark.parametrize("code", [2, 3, 4, 5, 7, 8])
def test_a_rate_from_an_invasive_pressure_is_a_pulse_rate(code: int) -> None:
    first = samples(replace(WELL, ecg=source(code)))[0]
    assert (first.vital, *said(first)) == ("pr", "88", Quality.OK, "abp")


@pytest.mark.parametrize("code", [0, 10, 11, 13, 14, 15])
def test_a_rate_of_unknown_source_is_questionable(code: int) -> None:
    assert said(only(replace(WELL, ecg=source(code)), "hr")) == ("88", Quality.QUESTIONABLE, "unknown")


def test_asystole_is_no_value_whatever_number_is_sent() -> None:
    for hr in (0, 88):
        assert said(only(replace(WELL, ecg=FROM_ECG | 1 << 2, hr=hr), "hr")) == (None, Quality.INVALID, "ecg")


def test_a_heart_rate_of_zero_is_implausible() -> None:
    assert said(only(replace(WELL, hr=0), "hr")) == ("0", Quality.IMPLAUSIBLE, "ecg")


@pytest.mark.parametrize("marker", [-32768, -32767, -32766, -32765, -32762, -32001])
def test_a_marker_is_no_value(marker: int) -> None:
    assert said(only(replace(WELL, spo2=marker), "spo2")) == (None, Quality.UNAVAILABLE, "pleth")


@pytest.mark.parametrize("marker", [-32764, -32763])
def test_out_of_range_is_invalid(marker: int) -> None:
    assert said(only(replace(WELL, spo2=marker), "spo2")) == (None, Quality.INVALID, "pleth")


def test_the_smallest_number_is_a_number_still() -> None:
    assert only(replace(WELL, spo2=-32000), "spo2").value == Decimal(-320)


@pytest.mark.parametrize("status", [0b00, 0b01, 0b10])
def test_a_module_absent_or_inactive_has_no_value(status: int) -> None:
    basic = replace(WELL, oximeter=status)
    assert said(only(basic, "spo2")) == (None, Quality.UNAVAILABLE, "pleth")
    assert said(only(basic, "pr")) == (None, Quality.UNAVAILABLE, "pleth")


def test_respiration_is_by_impedance_before_co2() -> None:
    basic = replace(WELL, co2=ON, co2_rate=14)
    assert said(only(basic, "rr")) == ("16", Quality.OK, "impedance")


def test_respiration_is_by_co2_where_impedance_has_none_and_comes_after_the_oximeter() -> None:
    basic = replace(WELL, impedance=-32767, co2=ON, co2_rate=14)
    assert said(only(basic, "rr")) == ("14", Quality.OK, "co2")
    assert [s.vital for s in samples(basic)][-3:] == ["spo2", "pr", "rr"]


@pytest.mark.parametrize(("status", "rate"), [(ON, 0), (0b01, 14), (0, 14), (ON, -32767)])
def test_idle_co2_gives_no_respiration(status: int, rate: int) -> None:
    basic = replace(WELL, impedance=-32767, co2=status, co2_rate=rate)
    assert said(only(basic, "rr")) == (None, Quality.UNAVAILABLE, "impedance")


def test_an_impedance_of_zero_leaves_respiration_to_co2() -> None:
    assert said(only(replace(WELL, impedance=0, co2=ON, co2_rate=14), "rr")) == ("14", Quality.OK, "co2")
    assert said(only(replace(WELL, impedance=0), "rr")) == ("0", Quality.IMPLAUSIBLE, "impedance")


def test_a_breath_a_minute_is_one_by_impedance_and_by_co2() -> None:
    assert said(only(replace(WELL, impedance=1, co2=ON, co2_rate=14), "rr")) == ("1", Quality.IMPLAUSIBLE, "impedance")
    assert said(only(replace(WELL, impedance=-32767, co2=ON, co2_rate=1), "rr")) == ("1", Quality.IMPLAUSIBLE, "co2")


def test_of_two_temperatures_the_first_counts() -> None:
    assert said(only(replace(WELL, temps=((ON, 3650), (ON, 3710))), "temp")) == ("36.5", Quality.OK, "t1")


def test_temperature_is_the_first_that_has_a_number() -> None:
    temps = ((ON, -32764), (0, 3650), (ON, 3710), (ON, 3600))
    assert said(only(replace(WELL, temps=temps), "temp")) == ("37.1", Quality.OK, "t3")


def test_without_any_temperature_the_first_says_why() -> None:
    assert said(only(replace(WELL, temps=((ON, -32764),)), "temp")) == (None, Quality.INVALID, "t1")
    assert said(only(replace(WELL, temps=()), "temp")) == (None, Quality.UNAVAILABLE, "t1")


def test_an_impossible_value_is_kept_and_marked() -> None:
    assert said(only(replace(WELL, temps=((ON, 2200),)), "temp")) == ("22", Quality.IMPLAUSIBLE, "t1")
    assert said(only(replace(WELL, spo2=10100), "spo2")) == ("101", Quality.IMPLAUSIBLE, "pleth")
    assert said(only(replace(WELL, pulse=301), "pr")) == ("301", Quality.IMPLAUSIBLE, "pleth")


def test_two_basic_subrecords_are_both_read() -> None:
    part = (1, subrecord(WELL.body()))
    assert len(DatexS5().feed(framed(record(part, part)))) == 16


@pytest.mark.parametrize("kind", [2, 3, 4])
def test_trends_are_passed_over_by_their_length(kind: int) -> None:
    bytes_ = framed(record((kind, subrecord(WELL.body())), (1, subrecord(WELL.body()))))
    assert [s.vital for s in DatexS5().feed(bytes_)].count("hr") == 1


@pytest.mark.parametrize("class_number", [1, 2, 3])
def test_other_classes_are_passed_over(class_number: int) -> None:
    assert DatexS5().feed(framed(record((1, subrecord(WELL.body(), class_number))))) == []


@pytest.mark.parametrize("maintype", [1, 4, 5, 8])
def test_waves_and_alarms_are_good_frames_without_samples(maintype: int) -> None:
    decoder = DatexS5()
    assert decoder.feed(framed(record((1, subrecord(WELL.body())), maintype=maintype))) == []
    assert (decoder.good, decoder.bad) == (1, 0)


def test_what_stands_behind_the_end_of_the_list_is_not_looked_at() -> None:
    bytes_ = framed(record((1, subrecord(WELL.body())), end=b"\x00\x00\xff"))
    assert len(DatexS5().feed(bytes_)) == 8


def test_a_list_without_an_end_holds_eight() -> None:
    part = (1, subrecord(WELL.body()))
    assert len(DatexS5().feed(framed(record(*[part] * 8)))) == 64


def test_a_subrecord_that_begins_or_ends_outside_its_record_is_passed_over() -> None:
    whole = record((1, subrecord(WELL.body())))
    before = whole[:16] + b"\xff\xff\x01" + whole[19:]
    behind = whole[:16] + b"\x01\x00\x01" + whole[19:]
    far = whole[:16] + b"\xff\x7f\x01" + whole[19:]
    for content in (before, behind, far):
        decoder = DatexS5()
        assert decoder.feed(framed(content)) == []
        assert decoder.good == 1


def test_what_is_not_read_is_listed_as_it_came() -> None:
    content = bytearray(subrecord(WELL.body()))
    struct.pack_into("<IHhhh", content, 4 + 16, ON, 0, 12050, -32767, 8000)
    struct.pack_into("<IHhhh", content, 4 + 30, 0, 0, 12000, 7000, 8000)
    decoder = DatexS5()
    decoder.feed(framed(record((1, bytes(content)))))
    assert decoder.unmapped == {"P1": "120.5 — 80"}


def test_of_what_is_not_read_the_markers_are_none_as_everywhere() -> None:
    content = bytearray(subrecord(WELL.body()))
    struct.pack_into("<IHhhh", content, 4 + 16, ON, 0, -32001, -32000, 8000)
    struct.pack_into("<IHhhh", content, 4 + 30, ON, 0, -32001, -32766, -32767)
    decoder = DatexS5()
    decoder.feed(framed(record((1, bytes(content)))))
    assert decoder.unmapped == {"P1": "— -320 80"}


def test_no_more_than_sixty_four_unread_names_are_kept() -> None:
    unmapped = UnmappedValues()
    for number in range(UNMAPPED_AT_MOST + 1):
        unmapped.note(f"x{number}", "1")
    unmapped.note("x0", "2")
    assert (len(unmapped), unmapped["x0"]) == (UNMAPPED_AT_MOST, "2")
