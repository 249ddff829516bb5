"""The drop sensor: its line as docs/drop-sensor.md has it, drops counted once, lost lines seen, a rate that is never invented."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.models import MODELS
from devices.protocols.drop_sensor.decoder import DROPS, RATE, DropSensor
from devices.protocols.drop_sensor.drop_lines import WHOLE, after_byte, crc8, line, opened
from devices.protocols.drop_sensor.simulator import SimulatedDropSensor
from devices.simulators.faults import MonitorFaults
from devices.simulators.patient import Patient
from tests.devices.conversation import Conversation
from tests.devices.steady import steady

from .chunks import cut, cuts_of, tally, whole, wild

DOCUMENT = Path(__file__).parents[3] / "docs" / "drop-sensor.md"


def rates(*lines: tuple[int, int]) -> list[str | None]:
    """The rate after each line, None where there is none."""
    samples = DropSensor().feed(b"".join(line(*each) for each in lines))
    return [None if s.value is None else f"{s.value:f}" for s in samples if s.vital == RATE]


class TestLines:
    def test_the_published_check_of_the_polynomial(self) -> None:
        assert crc8(b"123456789") == 0xF4

    def test_remainders_of_the_published_table(self) -> None:
        assert [after_byte(crc) for crc in (0, 1, 2, 4, 0x80, 0xFE, 0xFF)] == [0, 0x07, 0x0E, 0x1C, 0x89, 0xF4, 0xF3]

    def test_a_line(self) -> None:
        assert line(17, 51000) == b"DROP 17 51000 " + f"{crc8(b'DROP 17 51000'):02X}".encode() + b"\n"
        assert opened(line(17, 51000).rstrip()) == (17, 51000)
        assert opened(line(17, 51000).rstrip() + b" ") == (17, 51000)

    def test_every_line_of_the_document_holds(self) -> None:
        lines = re.findall(r"^(DROP \d+ \d+ [0-9A-F]{2})$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(lines) >= 4
        assert all(opened(each.encode()) for each in lines)

    @pytest.mark.parametrize(
        "wrong", [b"", b"DROP", b"DROP 1 2", b"drop 1 2 00", b"DROP 01 2 00", b"DROP 1 -2 00", b"DROP  1 2 00"]
    )
    def test_what_is_no_line(self, wrong: bytes) -> None:
        assert opened(wrong) is None

    def test_numbers_beyond_their_bits_and_wrong_checks_are_none(self) -> None:
        for text in (b"DROP %d 5" % WHOLE, b"DROP 5 %d" % WHOLE, b"DROP 5 9999999999"):
            assert opened(b"%s %02X" % (text, crc8(text))) is None
        assert opened(line(WHOLE - 1, WHOLE - 1).rstrip()) == (WHOLE - 1, WHOLE - 1)
        assert opened(b"DROP 1 2 %02X" % (crc8(b"DROP 1 2") ^ 1)) is None

    def test_one_flipped_bit_is_found_and_so_are_two_digits_exchanged(self) -> None:
        whole = line(12, 51034).rstrip()
        for place in range(len(whole)):
            for bit in range(8):
                flipped = bytearray(whole)
                flipped[place] ^= 1 << bit
                assert opened(bytes(flipped)) in (None, (12, 51034))
        assert opened(whole.replace(b"12 ", b"21 ")) is None
        assert opened(whole.replace(b"51034", b"51043")) is None


class TestCounting:
    def test_twenty_a_minute(self) -> None:
        assert rates(*((n, 3000 * n) for n in range(5))) == [None, None, "20.0", "20.0", "20.0"]

    def test_the_newest_intervals_count(self) -> None:
        steps = [(n, 3000 * n) for n in range(10)] + [(10 + n, 27_000 + 1200 * (n + 1)) for n in range(8)]
        assert rates(*steps)[-1] == "50.0"

    def test_at_a_slow_rate_half_a_minute_is_enough(self) -> None:
        assert rates(*((n, 12_000 * n) for n in range(9)))[-1] == "5.0"
        assert rates((0, 0), (1, 1000), (2, 2000), (3, 27_000), (4, 52_000))[-1] == "2.4"

    def test_the_count_is_the_sensors_own(self) -> None:
        samples = DropSensor().feed(line(170, 1) + line(171, 3001))
        assert [(s.vital, str(s.value), s.unit) for s in samples if s.vital == DROPS] == [
            (DROPS, "170", "drops"), (DROPS, "171", "drops"),
        ]  # fmt: skip
        at = datetime(1970, 1, 1, 0, 0, 3, 1000, UTC)
        assert {(s.device_time, s.measured_at) for s in samples[2:]} == {(at, at)}
        assert {(s.device_time and s.device_time.tzinfo, s.source) for s in samples} == {(UTC, "drop sensor")}

    def test_lost_lines_are_seen_and_lose_no_drop(self) -> None:
        decoder = DropSensor()
        found = decoder.feed(line(1, 3000) + line(2, 6000) + line(3, 9000) + line(7, 21_000) + line(9, 27_000))
        assert decoder.unmapped == {"lost lines": "4"}
        assert [str(s.value) for s in found if s.vital == RATE][-2:] == ["20.0", "20.0"]

    def test_a_sign_of_life_is_no_drop_and_what_is_overdue_slows_the_rate(self) -> None:
        drops = [(n, 3000 * n) for n in range(4)]
        assert rates(*drops, (3, 11_000), (3, 15_000), (3, 38_999), (3, 39_000))[4:] == ["20.0", "10.0", "2.0", "0"]

    def test_a_drip_that_goes_on_after_a_stop_is_counted_from_its_drops(self) -> None:
        drops = [(n, 3000 * n) for n in range(4)]
        assert rates(*drops, (3, 60_000), (4, 61_000), (5, 64_000))[-3:] == ["0", "1.2", "20.0"]

    @pytest.mark.parametrize("again", [(0, 100), (3, 500), (9, 40)])
    def test_a_sensor_that_was_off_has_no_rate_until_two_more_drops(self, again: tuple[int, int]) -> None:
        decoder = DropSensor()
        drops, ms = again
        stream = [*((n, 3000 * n + 1000) for n in range(5)), again, (drops + 1, ms + 3000), (drops + 2, ms + 6000)]
        found = [s for s in decoder.feed(b"".join(line(*each) for each in stream)) if s.vital == RATE]
        assert [s.value for s in found[-3:]] == [None, None, Decimal("20.0")]
        assert decoder.unmapped == {"begun again": "1"}
        decoder.feed(line(0, 0))
        assert decoder.unmapped["begun again"] == "2"

    def test_two_drops_at_one_moment_are_another_sensor(self) -> None:
        decoder = DropSensor()
        decoder.feed(line(1, 3000) + line(2, 3000))
        assert decoder.unmapped == {"begun again": "1"}

    def test_the_numbers_begin_again_at_nought_without_a_trace(self) -> None:
        steps = [(WHOLE - 2 + n, WHOLE - 5000 + 3000 * n) for n in range(5)]
        assert rates(*steps)[2:] == ["20.0"] * 3
        decoder = DropSensor()
        decoder.feed(b"".join(line(*each) for each in steps))
        assert decoder.unmapped == {}

    @pytest.mark.parametrize(
        ("ms", "rate"),
        [(16_000, "3.8"), (9600, "6.2"), (3200, "18.8"), (1920, "31.2"), (9599, "6.3"), (9601, "6.2"), (15_999, "3.8"),
         (16_001, "3.7"), (640, "93.8")],
    )  # fmt: skip
    def test_a_rate_is_told_in_tenths_a_half_goes_to_the_even_one(self, ms: int, rate: str) -> None:
        assert rates((7, 5000), (8, 5000 + ms), (9, 5000 + 2 * ms))[-1] == rate
        assert rates((7, 5000), (8, 6000), (15, 15_600))[-1] == "43.8"

    def test_three_hundred_a_minute_is_a_rate_and_more_is_none(self) -> None:
        for ms, rate, quality in ((200, "300.0", "ok"), (199, "301.5", "implausible")):
            found = DropSensor().feed(line(0, 0) + line(1, ms) + line(2, 2 * ms))
            assert (str(found[-1].value), found[-1].quality.value) == (rate, quality)

    def test_a_drop_counts_for_the_rate_for_half_a_minute_and_not_a_millisecond_longer(self) -> None:
        assert rates((0, 0), (1, 10_000), (2, 20_000), (3, 40_000))[-1] == "4.0"
        assert rates((0, 0), (1, 10_000), (2, 20_000), (3, 40_001))[-1] == "3.0"

    def test_half_of_all_numbers_ahead_is_behind(self) -> None:
        half = WHOLE // 2
        for drops, ms, begins in ((half - 1, 5, False), (half, 5, True), (1, half - 1, False), (1, half, True), (0, half, True)):
            decoder = DropSensor()
            decoder.feed(line(7, 9) + line(7 + drops, 9 + ms))
            assert ("begun again" in decoder.unmapped) is begins

    def test_a_stream_is_no_rate(self) -> None:
        found = DropSensor().feed(line(0, 0) + line(1, 150) + line(2, 300))
        assert (str(found[-1].value), found[-1].quality.value) == ("400.0", "implausible")


class TestSimulator:
    def test_it_drips_and_is_stepped_up(self) -> None:
        talk = Conversation(MODELS["drop-sensor"]).until(930.0)
        told = [str(s.value) for s in talk.samples if s.vital == RATE and s.value is not None]
        assert (told[0], told[-1]) == ("20.0", "50.0")
        assert talk.sent == []
        assert [s.value for s in talk.samples if s.vital == DROPS][-1] == 300 + 24

    def test_without_its_sensor_it_says_that_it_is_alive_and_sees_nothing(self) -> None:
        talk = Conversation(MODELS["drop-sensor"], ("sensor-off",), fault_at_s=30.0).until(120.0)
        assert [str(s.value) for s in talk.samples if s.vital == RATE][-1] == "0"
        assert len({s.value for s in talk.samples[-6:] if s.vital == DROPS}) == 1

    def test_thinned_it_loses_lines_and_no_drop(self) -> None:
        sensor, decoder = SimulatedDropSensor(Patient(), MonitorFaults()), DropSensor()
        assert (sensor.thin(2.0), sensor.thin(10.0)) == (False, True)
        sensor.hear(b"anything", 0.0)
        sent = [decoder.feed(frame) for second in range(61) for frame in sensor.due(float(second))]
        assert [str(samples[0].value) for samples in sent] == ["3", "6", "10", "13", "16", "20"]
        assert sensor.next_s() == 70.0


WHOLE_LINES = b"".join(line(n, 3000 * n) for n in (3, 4, 5))
STREAM = b"\xff" + line(1, 3000) + line(2, 6000)[:7] + b"\n" + WHOLE_LINES + b"z" * 700 + b"\n" + WHOLE_LINES + b"D"


@steady
@given(cuts_of(STREAM))
def test_any_cutting_gives_the_same_samples(cuts: list[int]) -> None:
    assert tally(DropSensor(), cut(STREAM, cuts)) == whole(DropSensor, STREAM)


@steady
@given(wild(line(1, 3000), line(2, 6000), line(2, 40_000), line(0, 0), line(WHOLE - 1, WHOLE - 1)))
def test_no_bytes_make_it_raise_nor_grow(chunks: list[bytes]) -> None:
    tally(DropSensor(), chunks)


@steady
@given(st.lists(st.tuples(st.integers(0, WHOLE - 1), st.integers(0, WHOLE - 1)), max_size=20))
def test_a_rate_is_of_what_a_drip_can_do_or_is_none(lines: list[tuple[int, int]]) -> None:
    for sample in DropSensor().feed(b"".join(line(*each) for each in lines)):
        assert sample.value is None or sample.value >= 0
        assert sample.vital == DROPS or sample.quality != "ok" or (sample.value is not None and sample.value <= 300)


def test_a_megabyte_of_noise_gives_no_drop() -> None:
    assert DropSensor().feed(Random(1).randbytes(1_000_000)) == []
