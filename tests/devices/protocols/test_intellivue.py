"""Every rule of the IntelliVue's numerics, by name."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vitals.vital_signs import Quality
from devices.protocols.intellivue import association as session
from devices.protocols.intellivue import mib
from devices.protocols.intellivue import simulated_messages as words
from devices.protocols.intellivue.association import TICKS_PER_S
from devices.protocols.intellivue.data_pdu import (
    ALERTS,
    DATE_TIME,
    LABEL,
    MDS,
    MODEL,
    NUMERIC,
    TICKS,
    MdsCreated,
    NuObsValue,
    RemoteError,
)
from devices.protocols.intellivue.decoder import IntelliVue
from devices.protocols.intellivue.observed_values import FAHRENHEIT, KPA, MeasurementState
from tests.devices.steady import steady

from .intellivue_results import AWRR, HR, NOON, PLETH, RR, SINGLE, SPO2, STREAMED, TEMP, Line, answer, cuff, itself, one, start

WELL = (one(HR, "72"), one(SPO2, "98.2"), one(PLETH, "71"), one(RR, "15"), one(TEMP, "36.8"))


def test_numbers_become_vital_signs_in_wire_order_with_their_sources() -> None:
    samples = Line().poll(*WELL)
    assert [(s.frame, s.vital, str(s.value), s.unit, s.quality, s.source) for s in samples] == [
        (0, "hr", "72", "/min", "ok", "ecg"),
        (0, "spo2", "98.2", "%", "ok", "pleth"),
        (0, "pr", "71", "/min", "ok", "pleth"),
        (0, "rr", "15", "/min", "ok", "impedance"),
        (0, "temp", "36.8", "°C", "ok", "temp"),
    ]


def test_streamed_and_linked_answers_give_the_same_samples() -> None:
    wanted = Line().said(*WELL, cuff("123", "83", "91", at=NOON))
    for asked in (SINGLE, STREAMED):
        for mtu in (130, 300, 996):
            samples = Line().hears(answer(*WELL, cuff("123", "83", "91", at=NOON), asked=asked, mtu=mtu))
            assert [(s.vital, str(s.value), s.quality.value) for s in samples] == wanted


@pytest.mark.parametrize("mtu", [300, 996])
def test_linked_pieces_keep_to_the_agreed_length_and_end_with_an_empty_one(mtu: int) -> None:
    frames = mib.MibFrames().feed(answer(*WELL * 6, mtu=mtu))
    assert len(frames) > 2
    assert max(len(frame.data) for frame in frames) <= mtu
    assert [(frame.data[5], frame.data[8]) for frame in frames[:-1]] == [(5, 1), *[(5, 2)] * (len(frames) - 3), (5, 3)]
    assert frames[-1].data[5] == 2
    assert len(frames[-1].data) == 48


def test_codes_and_not_labels_tell_what_a_number_is() -> None:
    assert Line().said(one(HR, "72", label="脉搏"), one(SPO2, "98", label="HR")) == [("hr", "72", "ok"), ("spo2", "98", "ok")]


@pytest.mark.parametrize(
    ("state", "quality", "value"),
    [
        (0x8000, "invalid", None), (0x2000, "unavailable", None), (0x4000, "questionable", "72"),
        (0x1000, "questionable", "72"), (0x0800, "test", "72"), (0x0400, "demo", "72"), (0x0200, "questionable", "72"),
        (0x0100, "questionable", "72"), (0x8400, "invalid", None), (0x4C00, "questionable", "72"), (0x0C00, "test", "72"),
        (0x0080, "ok", "72"), (0x0003, "ok", "72"), (0x0060, "ok", "72"),
    ],
)  # fmt: skip
def test_state_bits_are_honoured(state: int, quality: str, value: str | None) -> None:
    (sample,) = Line().poll(one(HR, "72", state))
    assert (sample.quality, sample.value) == (quality, value and Decimal(value))
    assert sample.original == ("72 /min" if value is None else sample.original)


@pytest.mark.parametrize(("bits", "quality"), [(0x0800, "test"), (0x0400, "demo")])
def test_rule_1_simulated_values_are_marked_each(bits: int, quality: str) -> None:
    line = Line()
    line.hears(start())
    said = line.said(one(HR, "72", bits), cuff("123", "83", "91", states=(bits,) * 3, at=NOON))
    assert [(vital, q) for vital, _, q in said] == [(v, quality) for v in ("hr", "nibp_sys", "nibp_dia", "nibp_map")]


@pytest.mark.parametrize(("states", "quality"), [((0, 0x0400, 0), "demo"), ((0, 0, 0x0800), "test"), ((0, 0x0800, 0x0400), "test")])
def test_rule_1_one_simulated_value_makes_the_whole_pressure_simulated(states: tuple[int, int, int], quality: str) -> None:
    line = Line()
    line.hears(start())
    assert {q for *_, q in line.said(cuff("123", "83", "91", states=states, at=NOON))} == {quality}


def test_a_demo_s_pressure_that_is_repeated_is_old_too() -> None:
    line, shown = Line(), cuff("123", "83", "91", states=(MeasurementState.DEMO,) * 3, at=NOON)
    line.hears(start())
    line.poll(shown)
    assert {quality for *_, quality in line.said(shown)} == {"stale"}


class TestRule2:
    """NIBP is aperiodic: its own time counts, and its repeats are old."""

    def test_rule_2_a_pressure_has_the_time_of_its_measurement(self) -> None:
        line = Line()
        line.hears(start(ticks=0, date=NOON))
        samples = line.poll(cuff("123", "83", "91", at=NOON - timedelta(minutes=7)), ticks=60 * TICKS_PER_S)
        assert {(s.quality, s.measured_at, s.device_time) for s in samples} == {
            (Quality.OK, NOON - timedelta(minutes=7), NOON + timedelta(minutes=1))
        }

    def test_rule_2_its_repeats_are_stale(self) -> None:
        line = Line()
        line.hears(start())
        qualities = [line.said(cuff("123", "83", "91", at=NOON), ticks=n * 8000)[0][2] for n in range(3)]
        assert qualities == ["ok", "stale", "stale"]

    def test_the_same_numbers_of_a_later_time_are_new(self) -> None:
        line = Line()
        line.hears(start())
        later = NOON + timedelta(minutes=5)
        assert line.said(cuff("123", "83", "91", at=NOON))[0][2] == "ok"
        assert line.said(cuff("123", "83", "91", at=later), ticks=301 * 8000)[0][2] == "ok"

    def test_without_a_date_the_first_is_old_and_the_next_new(self) -> None:
        line = Line()
        assert line.said(cuff("123", "83", "91", at=NOON))[0][2] == "stale"
        assert line.said(cuff("120", "80", "90", at=NOON + timedelta(minutes=5)))[0][2] == "ok"

    def test_without_a_time_of_its_own_only_a_change_or_a_measurement_is_new(self) -> None:
        line, ongoing = Line(), cuff("123", "83", "91", states=(0x20,) * 3)
        line.hears(start())
        seen = [cuff("123", "83", "91"), cuff("120", "80", "90"), cuff("120", "80", "90"), ongoing, cuff("120", "80", "90")]
        assert [line.said(shown)[0][2] for shown in seen] == ["stale", "ok", "stale", "measuring", "ok"]

    def test_the_first_one_after_a_measurement_that_was_watched_is_new(self) -> None:
        line = Line()
        line.poll(cuff("123", states=(0x60,)))
        assert line.said(cuff("123", "83", "91", at=NOON))[0][2] == "ok"

    def test_the_cuff_s_pulse_is_as_old_as_its_pressure(self) -> None:
        line = Line()
        line.hears(start())
        seen = (0, 0, MeasurementState.ONGOING, MeasurementState.INVALID)
        pulses = [line.poll(one(0xF0E5, "60", state) | {0x0990: words.dated(NOON)})[0] for state in seen]
        assert [p.quality for p in pulses] == ["ok", "stale", "measuring", "invalid"]
        assert {(p.vital, p.source, p.measured_at) for p in pulses} == {("pr", "nibp", NOON)}

    def test_a_cuff_s_pulse_without_a_time_is_new_only_after_a_change_or_a_measurement(self) -> None:
        line = Line()
        line.hears(start())
        seen = [("60", 0), ("62", 0), ("62", 0), ("62", MeasurementState.ONGOING), ("62", 0)]
        assert [line.said(one(0xF0E5, number, state))[0][2] for number, state in seen] == [
            "stale", "ok", "stale", "measuring", "ok",
        ]  # fmt: skip

    @pytest.mark.parametrize(("bits", "quality"), [(0x0800, "test"), (0x0400, "demo")])
    def test_rule_1_the_cuff_s_pulse_of_a_demo_is_nobodys(self, bits: int, quality: str) -> None:
        line = Line()
        line.hears(start())
        assert line.said(one(0xF0E5, "60", bits) | {0x0990: words.dated(NOON)}) == [("pr", "60", quality)]


class TestRule3:
    """A measurement in progress is not a pressure."""

    def test_rule_3_the_old_triple_while_it_inflates(self) -> None:
        samples = Line().poll(cuff("123", "83", "91", states=(0x20,) * 3, at=NOON))
        assert {(s.quality, s.measured_at) for s in samples} == {(Quality.MEASURING, NOON)}

    def test_rule_3_an_early_systolic_alone_has_no_time_yet(self) -> None:
        (sample,) = Line().poll(cuff("125", states=(0x60,), at=NOON))
        assert (sample.vital, sample.quality, sample.measured_at) == ("nibp_sys", Quality.MEASURING, None)

    def test_rule_3_one_flag_keeps_the_whole_triple_out(self) -> None:
        line = Line()
        line.hears(start())
        assert [q for *_, q in line.said(cuff("123", "83", "91", states=(0, 0x20, 0), at=NOON))] == ["measuring"] * 3
        said = line.said(cuff("123", "83", "91", states=(0, 0x4000, 0), at=NOON))
        assert [q for *_, q in said] == ["questionable"] * 3
        said = line.said(cuff("123", "83", None, states=(0, 0, 0x2000), at=NOON))
        assert [q for *_, q in said] == ["questionable", "questionable", "unavailable"]
        assert line.said(cuff("123", "83", "91", at=NOON))[0][2] == "ok"

    @pytest.mark.parametrize("shown", [("123",), ("123", "83")])
    def test_rule_3_an_unflagged_part_of_a_triple_is_none(self, shown: tuple[str, ...]) -> None:
        line = Line()
        line.hears(start())
        assert {q for *_, q in line.said(cuff(*shown, at=NOON))} == {"questionable"}


def test_rule_4_the_pulse_is_not_the_heart_rate() -> None:
    samples = Line().poll(one(HR, "72"), one(PLETH, "71"), one(0xF0E5, "60"))
    assert [(s.vital, s.source) for s in samples] == [("hr", "ecg"), ("pr", "pleth"), ("pr", "nibp")]


def test_rule_5_zero_is_no_vital_sign() -> None:
    said = Line().said(one(HR, "0"), one(SPO2, "0"), one(RR, "0"))
    assert {(value, quality) for _, value, quality in said} == {("0", "implausible")}


@pytest.mark.parametrize("mantissa", [0x7FFFFF, 0x800000, 0x7FFFFE, 0x800002])
def test_rule_6_what_is_no_number_has_no_value(mantissa: int) -> None:
    raw = words.number(_seen(HR))[:-3] + mantissa.to_bytes(3, "big")
    (sample,) = Line().poll({NUMERIC: raw})
    assert (sample.value, sample.quality) == (None, Quality.INVALID)


def _seen(code: int) -> NuObsValue:
    return NuObsValue(code, 0, 0x0AA0, Decimal(1))


@pytest.mark.parametrize(("state", "quality"), [(0x2000, "unavailable"), (0x4000, "questionable"), (0x8000, "invalid")])
def test_rule_6_without_a_number_the_state_says_why(state: int, quality: str) -> None:
    assert Line().said(one(HR, None, state)) == [("hr", None, quality)]


def test_rule_8_units_are_converted_once_and_the_original_is_kept() -> None:
    line = Line()
    line.hears(start())
    samples = line.poll(one(TEMP, "98.6", unit=FAHRENHEIT), cuff("16.0", "10.5", "12.3", at=NOON, unit=KPA))
    assert [(str(s.value), s.unit, s.quality, s.original) for s in samples] == [
        ("37.00", "°C", "ok", "98.6 °F"),
        ("120.01", "mmHg", "ok", "16.0 kPa"),
        ("78.76", "mmHg", "ok", "10.5 kPa"),
        ("92.26", "mmHg", "ok", "12.3 kPa"),
    ]


@pytest.mark.parametrize("code", [HR, SPO2, RR, TEMP])
def test_rule_8_an_unknown_unit_is_refused(code: int) -> None:
    (sample,) = Line().poll(one(code, "36.5", unit=0x1234))
    assert (sample.value, sample.quality, sample.original) == (None, Quality.INVALID, "36.5 (unit 1234)")


@pytest.mark.parametrize(
    ("sent", "number"),
    [("01 00000C", "120"), ("02 000001", "100"), ("00 000048", "72"), ("FF 0002D0", "72.0"), ("FE 001C20", "72.00"),
     ("00 FFFFFD", "-3"), ("FF FFFFFD", "-0.3")],
)  # fmt: skip
def test_a_number_is_a_signed_mantissa_and_a_signed_power_of_ten(sent: str, number: str) -> None:
    (sample,) = Line().poll({NUMERIC: bytes.fromhex("4182 0000 0AA0" + sent)})
    assert str(sample.value) == number


def test_one_object_may_hold_a_number_and_a_compound() -> None:
    line = Line()
    line.hears(start())
    samples = line.poll(one(HR, "72") | cuff("123", "83", "91", at=NOON))
    assert [(s.vital, s.source) for s in samples] == [
        ("nibp_sys", "nibp"), ("nibp_dia", "nibp"), ("nibp_map", "nibp"), ("hr", "ecg"),
    ]  # fmt: skip


def test_rule_9_the_impossible_is_kept_and_not_charted() -> None:
    assert Line().said(one(TEMP, "384.5")) == [("temp", "384.5", "implausible")]
    assert Line().said(one(SPO2, "101")) == [("spo2", "101", "implausible")]
    assert Line().said(one(HR, "72000000")) == [("hr", None, "implausible")]
    assert Line().said(one(HR, "9999")) == [("hr", "9999", "implausible")]
    (beyond,) = Line().poll(one(HR, "10000"))
    assert (beyond.value, beyond.quality, beyond.original) == (None, Quality.IMPLAUSIBLE, "10000 /min")


@pytest.mark.parametrize("shown", [("83", "123", "91"), ("123", "91", "83"), ("123", "123", "123")])
def test_rule_9_a_triple_out_of_order_is_implausible(shown: tuple[str, str, str]) -> None:
    line = Line()
    line.hears(start())
    assert {q for *_, q in line.said(cuff(*shown, at=NOON))} == {"implausible"}


@pytest.mark.parametrize(("ahead_s", "quality"), [(2, "ok"), (3, "implausible")])
def test_rule_9_up_to_two_seconds_ahead_is_the_rounding_of_both_times(ahead_s: int, quality: str) -> None:
    line = Line()
    line.hears(start())
    assert {q for *_, q in line.said(cuff("123", "83", "91", at=NOON + timedelta(seconds=ahead_s)))} == {quality}


def test_rule_9_a_pressure_measured_after_its_message_is_implausible() -> None:
    line, ahead = Line(), cuff("123", "83", "91", at=NOON + timedelta(seconds=10))
    line.hears(start())
    assert {q for *_, q in line.said(ahead)} == {"implausible"}
    assert {q for *_, q in line.said(ahead, ticks=20 * TICKS_PER_S)} == {"stale"}


class TestRule10:
    """The monitor's clock tells ages only."""

    def test_rule_10_ticks_have_a_date_once_the_monitor_has_told_one(self) -> None:
        line = Line()
        assert line.poll(one(HR, "72"), ticks=8000)[0].device_time is None
        line.hears(start(ticks=8000))
        assert line.poll(one(HR, "72"), ticks=20_000)[0].device_time == NOON + timedelta(seconds=1.5)

    def test_the_tick_count_begins_again_without_a_jump(self) -> None:
        line, first = Line(), (1 << 32) - 5 * TICKS_PER_S
        line.hears(start(ticks=first))
        times = [line.poll(one(HR, "72"), ticks=(first + n * TICKS_PER_S) % (1 << 32))[0].device_time for n in range(12)]
        assert times == [NOON + timedelta(seconds=n) for n in range(12)]

    def test_a_clock_that_is_set_is_followed_and_one_that_is_not_does_not_jitter(self) -> None:
        line, hour = Line(), timedelta(hours=1)
        line.hears(start())
        line.hears(itself(ticks=8000, date=NOON + timedelta(seconds=2)))
        assert line.poll(one(HR, "72"), ticks=8000)[0].device_time == NOON + timedelta(seconds=1)
        line.hears(itself(ticks=8000, date=NOON + timedelta(seconds=3)))
        assert line.poll(one(HR, "72"), ticks=8000)[0].device_time == NOON + timedelta(seconds=3)
        line.hears(itself(ticks=16_000, date=NOON + hour))
        assert line.poll(one(HR, "72"), ticks=16_000)[0].device_time == NOON + hour

    def test_a_date_in_the_answer_itself_comes_first(self) -> None:
        dated = answer(one(HR, "72")).replace(b"\xff" * 8, words.dated(NOON))
        data = mib._unescaped(dated[1:-1])[4:-2]
        assert Line().hears(mib.framed(data))[0].device_time == NOON

    @pytest.mark.parametrize("digits", ["2014139912000000", "00000000000000ff", "ffffffffffffffff", "18001231120000", ""])
    def test_what_is_no_date_is_none(self, digits: str) -> None:
        sample = Line().poll(cuff("123", "83", "91") | {0x0990: bytes.fromhex(digits)})[0]
        assert sample.measured_at is None

    @pytest.mark.parametrize("missing", [DATE_TIME, TICKS])
    def test_a_date_without_its_tick_and_a_tick_without_its_date_tell_nothing(self, missing: int) -> None:
        line, told = Line(), words.of_itself(0, NOON, "Philips", "M8000")
        del told[missing]
        line.hears(answer(told, asked=SINGLE._replace(object_type=MDS)))
        assert line.decoder.good == 1
        assert line.poll(one(HR, "72"))[0].device_time is None


class TestSources:
    """Of several sources of one vital sign the best that has a number speaks."""

    def test_respiration_is_by_impedance_before_co2(self) -> None:
        line = Line()
        assert line.said(one(RR, "15"), one(AWRR, "14")) == [("rr", "15", "ok")]
        assert line.decoder.unmapped["x 5012"] == "14 /min"

    def test_co2_takes_over_and_gives_back(self) -> None:
        line, off = Line(), one(RR, None, MeasurementState.UNAVAILABLE)
        line.poll(one(RR, "15"), one(AWRR, "14"))
        assert line.said(off, one(AWRR, "14")) == [("rr", None, "unavailable"), ("rr", "14", "ok")]
        assert line.said(off, one(AWRR, "13")) == [("rr", "13", "ok")]
        assert line.said(one(RR, "15"), one(AWRR, "13")) == [("rr", "15", "ok")]

    def test_idle_co2_gives_no_respiration(self) -> None:
        line = Line()
        assert line.said(one(RR, None, MeasurementState.INVALID), one(AWRR, "0")) == [("rr", None, "invalid")]
        assert line.decoder.unmapped["x 5012"] == "0 /min"

    def test_of_two_without_a_number_the_better_one_says_why(self) -> None:
        line, off, idle = Line(), one(RR, None, MeasurementState.INVALID), one(AWRR, None, MeasurementState.UNAVAILABLE)
        assert line.said(idle, off) == [("rr", None, "unavailable"), ("rr", None, "invalid")]
        assert line.said(idle, off) == [("rr", None, "invalid")]

    def test_temperature_is_one_of_many(self) -> None:
        line = Line()
        (sample,) = line.poll(one(0xF0C7, "37.1", unit=0x17A0), one(0x4B74, "33.2", unit=0x17A0))
        assert (sample.source, sample.value) == ("t1", Decimal("37.1"))

    def test_a_source_that_is_gone_for_30_s_is_followed_by_the_next(self) -> None:
        line, skin = Line(), one(0x4B74, "36.2", unit=0x17A0)
        line.poll(one(TEMP, "36.8"), ticks=0)
        assert line.said(skin, ticks=30 * TICKS_PER_S) == []
        assert line.said(skin, ticks=31 * TICKS_PER_S) == [("temp", "36.2", "ok")]


class TestWhatIsNotRead:
    def test_it_is_listed_by_the_label_on_the_screen_and_its_code(self) -> None:
        line = Line()
        line.poll(one(0x4BB0, "2.3", unit=0x0200, label="灌注"), one(0x4A15, None, unit=0x0F20, label=""))
        assert line.decoder.unmapped == {"灌注 4BB0": "2.3", "4A15": "— mmHg"}

    def test_without_a_label_it_is_listed_by_its_code_alone(self) -> None:
        line, number = Line(), one(0x4BB0, "2.3", unit=0x0200)[NUMERIC]
        line.poll({NUMERIC: number}, {NUMERIC: one(0x4BB1, "7")[NUMERIC], LABEL: b"\x00\x03\x00P\x00"})
        assert line.decoder.unmapped == {"4BB0": "2.3", "P\ufffd 4BB1": "7 /min"}

    def test_maker_and_model_are_listed(self) -> None:
        line = Line()
        line.hears(mib.framed(words.created(MdsCreated(1, 0, words.of_itself(0, NOON, "Philips", "M8000")))))
        assert line.decoder.unmapped == {"model": "Philips M8000"}
        other = Line()
        other.hears(answer({MODEL: b"\x00\x04\x00AX\x00\x00\x02M\xff"}, asked=SINGLE._replace(object_type=MDS)))
        assert other.decoder.unmapped == {"model": "\0AX M\ufffd"}
        assert other.hears(answer({}, asked=SINGLE._replace(object_type=MDS))) == []

    def test_other_objects_are_counted(self) -> None:
        line = Line()
        assert line.hears(answer({0x0902: b"", 0x0904: b""}, asked=SINGLE._replace(object_type=ALERTS))) == []
        assert line.decoder.unmapped == {"object 0036": "2 attributes"}

    def test_errors_and_unknown_commands_are_good_frames_without_samples(self) -> None:
        line = Line()
        for data in (
            words.failed(RemoteError(1, 10)),
            bytes.fromhex("E1000002 0002 000C 0001 0005 0006 0021 0000 0000"),
            bytes.fromhex("E1000002 0002 0010 0001 0007 000A 0021 0000 0000 1234 0000"),
            bytes.fromhex("E1000002 0001 0014 0001 0001 000E 0021 0000 0000 00000000 0D07 0000"),
            bytes.fromhex("E1000002 0002 0014 0001 0001 000E 0021 0000 0000 00000000 0D06 0000"),
            session.RELEASED,
        ):
            assert line.hears(mib.framed(data)) == []
        assert (line.decoder.good, line.decoder.bad) == (6, 0)

    @pytest.mark.parametrize("data", [b"", b"?", b"\xe1\x00\x00\x02", b"\xe1\x00\x00\x02\x00\x02\x00\x09"])
    def test_what_has_another_grammar_is_bad(self, data: bytes) -> None:
        line = Line()
        line.hears(mib.framed(data))
        assert (line.decoder.good, line.decoder.bad) == (0, 1)

    @pytest.mark.parametrize("spare", ["", "0921", "0921 00", "0921 0001"])
    def test_a_list_that_counts_more_than_it_holds_is_bad(self, spare: str) -> None:
        heart = "0950 000A 4182 0000 0AA0 00000048"
        line = Line()
        line.hears(result(f"0001 {lengthy(heart)}"))
        assert (line.decoder.good, line.decoder.bad) == (1, 0)
        for bad in (1, 2):
            assert line.hears(result(f"0002 {lengthy(heart + spare)}")) == []
            assert (line.decoder.good, line.decoder.bad) == (1, bad)

    def test_half_a_message_changes_nothing(self) -> None:
        line = Line()
        line.hears(start())
        broken = one(HR, "72") | {NUMERIC: b"\x41\x82"}
        assert line.poll(cuff("123", "83", "91", at=NOON), broken) == []
        assert line.decoder.bad == 1
        assert line.said(cuff("123", "83", "91", at=NOON))[0][2] == "ok"

    def test_a_result_of_a_silent_monitor_is_empty(self) -> None:
        assert Line().poll() == []

    def test_what_the_dialogue_does_not_take_is_bounded(self) -> None:
        line = Line()
        for _ in range(100):
            line.poll(one(HR, "72"))
        assert len(line.decoder.heard) == 64


def lengthy(content: str) -> str:
    return f"{len(bytes.fromhex(content)):04X} {content}"


def result(attributes: str) -> bytes:
    """The frame of an answer with one object of this list."""
    context = lengthy(f"0000 0001 {lengthy('0007 ' + attributes)}")
    told = lengthy(f"0001 00000000 FFFFFFFFFFFFFFFF 0001 0006 0000 0001 {context}")
    action = lengthy(f"0021 0000 0000 0C16 {told}")
    return mib.framed(bytes.fromhex(f"E1000002 0002 {lengthy('0007 0007 ' + action)}"))


STREAM = (
    b"2014,015"
    + start()
    + answer(*WELL * 3, mtu=300)
    + b"\xc0junk"
    + answer(*WELL, asked=STREAMED)
    + start()[:40]
    + itself(9, NOON)
)


@steady
@given(st.lists(st.integers(0, len(STREAM)), max_size=40))
def test_any_cutting_gives_the_same_samples(cuts: list[int]) -> None:
    decoder, whole = IntelliVue(), IntelliVue()
    assert [s for a, b in pairwise([0, *sorted(cuts), len(STREAM)]) for s in decoder.feed(STREAM[a:b])] == whole.feed(STREAM)
    assert (decoder.good, decoder.bad, decoder.noise_bytes, decoder.held) == (
        whole.good, whole.bad, whole.noise_bytes, whole.held,
    )  # fmt: skip


def test_one_byte_at_a_time_gives_the_same_samples() -> None:
    decoder = IntelliVue()
    assert [s for byte in STREAM for s in decoder.feed(bytes((byte,)))] == IntelliVue().feed(STREAM)


pieces = st.sampled_from(
    [b"\xe1\x00\x00\x02", b"\x00\x05", b"\x00\x02", b"\x00\x21\x00\x00\x00\x00", b"\xf1\x3b", b"\x0c\x16", b"\x09\x50", b"\xff" * 8]
)
inner = st.binary(max_size=200) | st.lists(st.binary(max_size=6) | pieces, max_size=40).map(b"".join)


@steady
@given(st.lists(inner | st.builds(lambda tail: b"\xe1\x00\x00\x02" + tail, inner), max_size=8))
def test_no_message_makes_it_raise(messages: list[bytes]) -> None:
    decoder = IntelliVue()
    decoder.feed(b"".join(map(mib.framed, messages)))
    assert (decoder.good + decoder.bad, decoder.noise_bytes) == (len(messages), 0)


@steady
@given(st.randoms(use_true_random=False))
def test_no_damage_behind_a_valid_checksum_makes_it_raise(random: Random) -> None:
    decoder = IntelliVue()
    for frame in mib.MibFrames().feed(STREAM):
        data = bytearray(frame.data)
        for _ in range(random.randrange(1, 6)):
            data[random.randrange(len(data))] = random.randrange(256)
        decoder.feed(mib.framed(bytes(data)))
        assert decoder.held == 0


@steady
@given(st.binary(max_size=3000) | st.just(b"\xc0" * 50))
def test_rule_11_it_is_in_step_with_the_first_whole_frame_after_any_noise(noise: bytes) -> None:
    line = Line()
    line.hears(noise)
    assert line.decoder.held <= line.decoder.limit
    assert line.said(one(HR, "72")) == [("hr", "72", "ok")]


def test_a_megabyte_of_random_bytes_gives_no_value() -> None:
    random, decoder = Random(5), IntelliVue()
    assert [s for _ in range(256) for s in decoder.feed(random.randbytes(4096))] == []
    assert decoder.good == 0
