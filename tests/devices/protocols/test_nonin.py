"""Nonin's formats against the layouts of its specifications, and the values it holds without a finger."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.domain.vitals.vital_signs import Quality, Sample, stamped
from devices.protocols.nonin.decoder import Nonin

from .oximeter_frames import ARTEFACT, LOST, OFF, nonin_2, nonin_7, nonin_8, nonin_13, nonin_line, summed

SLOW_LOST, SLOW_ARTEFACT, SLOW_LOW_PERFUSION, SLOW_OFF, SLOW_LOW_BATTERY = 0x20, 0x04, 0x10, 0x08, 0x01


def last(wire: bytes) -> dict[str, Sample]:
    return {sample.vital: sample for sample in Nonin().feed(wire)}


def told(wire: bytes) -> dict[str, tuple[Decimal | None, Quality]]:
    return {vital: (sample.value, sample.quality) for vital, sample in last(wire).items()}


OK = {"pr": (Decimal(72), Quality.OK), "spo2": (Decimal(97), Quality.OK)}


def test_the_published_frame_is_one_and_shows_nothing() -> None:
    """`01 98 63 00 FC`: out of track, sensor alarm."""
    frame = bytes.fromhex("01 98 63 00 FC")
    assert frame == summed(frame[:4])
    decoder = Nonin()
    samples = decoder.feed(nonin_2() + (frame[:1] + b"\x99" + frame[2:4] + b"\xfd") + frame * 24)
    assert (decoder.good, decoder.bad, decoder.noise_bytes) == (50, 0, 0)
    assert [(s.value, s.quality) for s in samples[2:]] == [(None, Quality.SENSOR_OFF)] * 2


class TestSeventyFiveFramesASecond:
    @pytest.mark.parametrize("cycle", [nonin_2, nonin_7])
    @pytest.mark.parametrize("rate", [18, 72, 127, 128, 255, 256, 300])
    def test_the_rate_has_nine_bits(self, cycle: Callable[[int, int], bytes], rate: int) -> None:
        assert last(cycle(rate, 97))["pr"].value == rate

    @pytest.mark.parametrize("cycle", [nonin_2, nonin_7])
    def test_511_and_127_are_none(self, cycle: Callable[[int, int], bytes]) -> None:
        assert told(cycle(511, 127)) == {"pr": (None, Quality.UNAVAILABLE), "spo2": (None, Quality.UNAVAILABLE)}

    def test_a_cycle_counts_only_whole_from_its_sync_on(self) -> None:
        half = nonin_2(60, 90)[5 * 10 :]
        assert told(half + nonin_2()) == OK
        assert last(half + nonin_2()[: 5 * 24]) == {}

    def test_a_sync_that_comes_early_begins_anew(self) -> None:
        early = nonin_2(60, 90)[: 5 * 20]
        assert told(nonin_2() + early + nonin_2()) == OK
        assert len(Nonin().feed(nonin_2() + early + nonin_2(73))) == 3

    def test_a_damaged_frame_costs_its_cycle(self) -> None:
        cycle = nonin_2(60, 90)
        damaged = cycle[:62] + bytes((cycle[62] ^ 4,)) + cycle[63:]
        decoder = Nonin()
        samples = decoder.feed(nonin_2() + damaged + nonin_2(61, 91) * 2)
        assert [int(s.value or 0) for s in samples] == [72, 97, 61, 91]
        assert (decoder.good, decoder.bad, decoder.noise_bytes) == (25 + 12 + 12 + 50, 1, 0)

    @pytest.mark.parametrize(
        ("flags", "quality", "value"),
        [
            (OFF, Quality.SENSOR_OFF, None),
            (LOST, Quality.SEARCHING, None),
            (OFF | LOST | ARTEFACT, Quality.SENSOR_OFF, None),
            (ARTEFACT, Quality.QUESTIONABLE, Decimal(97)),
            (0x06, Quality.OK, Decimal(97)),
        ],
    )
    def test_flags(self, flags: int, quality: Quality, value: Decimal | None) -> None:
        assert told(nonin_2(flags=flags))["spo2"] == (value, quality)

    def test_a_flag_of_any_frame_is_a_flag_of_the_cycle(self) -> None:
        cycle = nonin_2()
        flagged = summed(bytes((0x01, 0x80 | OFF, 50, 0)))
        assert told(cycle[:100] + flagged + cycle[105:])["pr"] == (None, Quality.SENSOR_OFF)

    def test_what_is_not_read_is_listed(self) -> None:
        decoder = Nonin()
        decoder.feed(nonin_2(f8=0x20, f9=96, f14=1, f15=3))
        assert decoder.unmapped == {
            "REV": "0", "STAT2": "32", "SpO2-D": "96", "SpO2 Fast": "0", "SpO2 B-B": "0", "E-SpO2": "0",
            "E-HR": "131", "HR-D": "0", "E-HR-D": "0", "PLETH": "4a", "STATUS": "80",
        }  # fmt: skip

    def test_the_status_that_is_listed_is_the_newest(self) -> None:
        decoder = Nonin()
        decoder.feed(nonin_2()[:120] + summed(bytes((0x01, 0x84, 50, 0))))
        assert decoder.unmapped["STATUS"] == "84"

    def test_a_stream_without_a_sync_shows_nothing(self) -> None:
        decoder = Nonin()
        assert decoder.feed(nonin_2()[5:10] * 100) == []
        assert (decoder.good, dict(decoder.unmapped)) == (100, {})


class TestOneFrameASecond:
    def test_values(self) -> None:
        assert told(nonin_8() * 8) == OK
        assert last(nonin_8(300) * 8)["pr"].value == 300
        assert told(nonin_8(511, 127) * 8)["pr"] == (None, Quality.UNAVAILABLE)

    @pytest.mark.parametrize(
        ("status", "status2", "quality"),
        [
            (0, SLOW_OFF, Quality.SENSOR_OFF),
            (SLOW_LOST, 0, Quality.SEARCHING),
            (SLOW_ARTEFACT, 0, Quality.QUESTIONABLE),
            (SLOW_LOW_PERFUSION, SLOW_LOW_BATTERY, Quality.OK),
        ],
    )
    def test_flags(self, status: int, status2: int, quality: Quality) -> None:
        assert told(nonin_8(status=status, status2=status2) * 8)["pr"][1] is quality

    def test_an_spo2_that_is_none_of_101_to_126_is_no_frame(self) -> None:
        assert last(nonin_8(spo2=101) * 20) == last(nonin_8(spo2=126) * 20) == {}

    def test_what_is_not_read_is_listed(self) -> None:
        decoder = Nonin()
        decoder.feed(nonin_8(status2=SLOW_LOW_BATTERY) * 8)
        assert decoder.unmapped == {"STATUS": "80", "STAT2": "01"}


class TestSpotCheck:
    def test_one_frame_is_enough_and_has_its_own_time(self) -> None:
        samples = last(nonin_13(72, 97))
        assert told(nonin_13(72, 97)) == OK
        assert samples["pr"].measured_at == datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)

    def test_rule_10_a_device_clock_years_off_makes_no_age(self) -> None:
        sample, now = last(nonin_13(date="20010101000000"))["pr"], datetime(2026, 3, 14, tzinfo=UTC)
        assert stamped(sample, now, "COM3", "nonin", simulated=False).age_s(now) == 0

    def test_what_is_kept_in_memory_is_stale(self) -> None:
        assert told(nonin_13(status=0x0010))["spo2"] == (Decimal(97), Quality.STALE)

    def test_no_measurement_and_markers_are_none(self) -> None:
        assert told(nonin_13(status=0x0100))["pr"] == (None, Quality.UNAVAILABLE)
        assert told(nonin_13(511, 127))["spo2"] == (None, Quality.UNAVAILABLE)
        at = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
        assert {s.measured_at for frame in (nonin_13(status=0x0100), nonin_13(511, 127)) for s in last(frame).values()} == {at}

    @pytest.mark.parametrize("date", ["20261314092653", "20260230092653", "2a260314092653", "00000101000000", "20260314246053"])
    def test_a_date_that_is_none_is_no_frame(self, date: str) -> None:
        assert last(nonin_13(date=date)) == {}

    @pytest.mark.parametrize("head", ["0102000d000e", "0000000d000e", "0002000d000f"])
    def test_another_head_is_no_frame(self, head: str) -> None:
        assert last(nonin_13(head=head)) == {}

    def test_a_wrong_sum_or_end_is_no_frame(self) -> None:
        frame = nonin_13()
        assert last(frame[:19] + bytes((frame[19] ^ 1,)) + frame[20:]) == {}
        assert last(frame[:-1] + b"\x04") == {}

    def test_two_are_two(self) -> None:
        assert len(Nonin().feed(nonin_13() + nonin_13())) == 4

    def test_what_is_not_read_is_listed(self) -> None:
        decoder = Nonin()
        decoder.feed(nonin_13(status=0x0201))
        assert decoder.unmapped == {"STATUS": "0201"}


class TestLines:
    @pytest.mark.parametrize(
        "line", [b"SPO2=097 HR=072\r\n", b"SPO2=097  HR=072 F\n", b"12:30:59 SPO2=097 HR=072*\r\n", b"SPO2=097 HR=072 F* \r\n"]
    )
    def test_whole_lines(self, line: bytes) -> None:
        assert told(line * 8) == OK

    @pytest.mark.parametrize(
        "line", [b"SPO2=97 HR=072\r\n", b"SPO2=097 HR=072", b"SPO2=097 HR=072 X\r\n", b"SPO2=O97 HR=072\r\n", b"\r\n", b"S" * 50]
    )
    def test_anything_else_is_no_line(self, line: bytes) -> None:
        assert last(line * 20) == {}

    def test_dashes_are_none(self) -> None:
        assert told(nonin_line(None, None) * 8) == {"pr": (None, Quality.UNAVAILABLE), "spo2": (None, Quality.UNAVAILABLE)}
        assert told(nonin_line(None, 97) * 8)["spo2"] == (Decimal(97), Quality.OK)

    def test_a_header_between_lines_is_a_break(self) -> None:
        decoder = Nonin()
        decoder.feed(nonin_line() * 8 + b"NONIN 8600 03/14/26\r\n" + nonin_line(60) * 7)
        assert (decoder.good, decoder.bad) == (8, 1)
        assert [s.value for s in decoder.feed(nonin_line(60))] == [97, 60]

    def test_a_time_too_far_before_its_line_is_none_of_it(self) -> None:
        near, far = (b"12:34:56" + b" " * spaces + nonin_line() for spaces in (23, 24))
        decoder = Nonin()
        decoder.feed(near * 8)
        assert (decoder.good, decoder.bad) == (8, 0)
        decoder.feed(far)
        assert (decoder.good, decoder.bad) == (8, 1)


class TestRules:
    def test_rule_6_invalid_markers(self) -> None:
        for wire in (nonin_2(511, 127), nonin_7(511, 127), nonin_8(511, 127) * 8, nonin_13(511, 127), nonin_line(None, None) * 8):
            assert [s.value for s in Nonin().feed(wire)] == [None, None]

    def test_rule_7_held_values(self) -> None:
        """For ten seconds after the finger is gone the last numbers are sent on, with the sensor alarm."""
        decoder = Nonin()
        assert [s.quality for s in decoder.feed(nonin_2())] == [Quality.OK] * 2
        held = decoder.feed(nonin_2(flags=OFF) * 30)
        assert {(s.vital, s.value, s.quality, s.original, s.source) for s in held} == {
            ("pr", None, Quality.SENSOR_OFF, "72 /min", "pleth"), ("spo2", None, Quality.SENSOR_OFF, "97 %", "pleth"),
        }  # fmt: skip
        slow = Nonin()
        slow.feed(nonin_8() * 8)
        assert {s.value for s in slow.feed(nonin_8(status2=SLOW_OFF) * 10)} == {None}

    def test_rule_9_a_number_nobody_can_have(self) -> None:
        assert told(nonin_2(5, 12)) == {"pr": (Decimal(5), Quality.IMPLAUSIBLE), "spo2": (Decimal(12), Quality.IMPLAUSIBLE)}

    def test_rule_4_pulse_is_not_heart_rate(self) -> None:
        assert {(s.vital, s.source) for s in last(nonin_2()).values()} == {("pr", "pleth"), ("spo2", "pleth")}

    def test_rule_11_noise_before_the_first_frame(self) -> None:
        assert told(b"\x00\xff\x01\x80garbage" + nonin_2()[37:] + nonin_2() * 2) == OK
