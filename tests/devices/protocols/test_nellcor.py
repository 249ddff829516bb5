"""Nellcor real-time lines: as a real N-560 printed them, and every rule of them by name."""

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.nellcor.decoder import Nellcor
from tests.devices.steady import steady

from .chunks import cut, cuts_of, of, tally, whole, wild

REAL = b"29-Dec-17 07:18:57    89*     66     201    MO SL\r\n"
HEADER = (
    b"N-560    VERSION 1.61.00    CRC:XXXX  SpO2 Limit: 95-100%    PR Limit: 59-148BPM\r\n"
    b"                             ADULT           25SAT-S \r\n"
    b"TIME                 %SpO2   BPM     PA     Status\r\n"
)


def line(columns: str) -> bytes:
    return f"07-Jan-04 11:24:50   {columns}\r\n".encode()


def test_a_real_line() -> None:
    decoder = Nellcor()
    samples = decoder.feed(REAL)
    assert [(s.frame, s.vital, str(s.value), s.unit, s.quality, s.source) for s in samples] == [
        (0, "spo2", "89", "%", "ok", "pleth"), (0, "pr", "66", "/min", "ok", "pleth"),
    ]  # fmt: skip
    assert {str(s.device_time) for s in samples} == {"2017-12-29 07:18:57+00:00"}
    assert decoder.unmapped == {"PA": "201", "Status": "MO SL"}


def test_lines_of_a_real_n560() -> None:
    folder = os.environ.get("BEDSIDE_CAPTURES")
    if not folder:
        pytest.skip("BEDSIDE_CAPTURES is not set: real captures stay outside the project")
    decoder = Nellcor()
    samples = decoder.feed((Path(folder) / "nellcor" / "n560_lines.txt").read_bytes())
    assert [str(s.value) for s in samples if s.vital == "spo2"] == ["100"] * 5
    assert [str(s.value) for s in samples if s.vital == "pr"] == ["105", "104", "102", "101", "101"]
    assert {s.quality for s in samples} == {"ok"}
    assert [str(s.device_time)[:19] for s in samples[::2]] == [f"2004-01-07 11:24:{s}" for s in (50, 52, 54, 56, 58)]
    assert (decoder.good, decoder.bad, decoder.noise_bytes) == (8, 0, 0)


def test_a_header_is_three_good_lines_without_samples() -> None:
    decoder = Nellcor()
    assert [s.frame for s in decoder.feed(HEADER + REAL)] == [3, 3]
    assert (decoder.good, decoder.bad) == (4, 0)
    assert decoder.unmapped["header 2"] == "ADULT 25SAT-S"
    assert decoder.unmapped["header 1"].startswith("N-560 VERSION 1.61.00 CRC:XXXX")


def test_the_second_line_of_a_header_stands_below_the_first_only() -> None:
    first, second, last = HEADER.splitlines(keepends=True)
    for bytes_ in (second, first + last + second, first + second + second, first + REAL + second):
        decoder = Nellcor()
        decoder.feed(bytes_)
        assert decoder.bad == 1


@pytest.mark.parametrize("flag", ["LM", "LP"])
def test_numbers_without_a_pulse_are_invalid(flag: str) -> None:
    assert of(Nellcor, line(f"97      72      30    {flag}")) == [("spo2", "97", "invalid"), ("pr", "72", "invalid")]


@pytest.mark.parametrize("flag", ["SD", "SO", "SO PS", "LP SD"])
def test_a_sensor_off_speaks_before_all_else(flag: str) -> None:
    assert of(Nellcor, line(f"---     ---     ---   {flag}")) == [("spo2", None, "sensor_off"), ("pr", None, "sensor_off")]
    assert of(Nellcor, line(f"97      72      30    {flag}"))[0] == ("spo2", "97", "sensor_off")


@pytest.mark.parametrize("flags", ["", "AO", "AS", "LB", "MO", "PH", "PL", "SH", "SL", "MO AO SL PL"])
def test_other_flags_leave_the_numbers_as_they_are(flags: str) -> None:
    assert of(Nellcor, line(f"97      72      30    {flags}")) == [("spo2", "97", "ok"), ("pr", "72", "ok")]


def test_a_flag_that_nobody_knows_makes_the_numbers_questionable() -> None:
    assert of(Nellcor, line("97      72      30    AO XY"))[0] == ("spo2", "97", "questionable")


def test_rule_5_zeros_while_searching_are_no_value() -> None:
    samples = Nellcor().feed(line("0       0       ---   PS"))
    assert [(s.vital, s.value, s.quality, s.original) for s in samples] == [
        ("spo2", None, "searching", "0 %"), ("pr", None, "searching", "0 /min"),
    ]  # fmt: skip


@pytest.mark.parametrize("zero", ["0", "00", "000"])
def test_rule_5_a_zero_is_never_a_value(zero: str) -> None:
    assert of(Nellcor, line(f"{zero}   {zero}  10")) == [("spo2", None, "unavailable"), ("pr", None, "unavailable")]


def test_rule_7_held_values_are_not_charted() -> None:
    assert of(Nellcor, line("98      70      25    PS")) == [("spo2", "98", "searching"), ("pr", "70", "searching")]


def test_rule_6_dashes_are_no_value() -> None:
    samples = Nellcor().feed(line("---     ---     ---"))
    assert [(s.value, s.quality) for s in samples] == [(None, "unavailable")] * 2
    assert not any(isinstance(s.original, str) for s in samples)


def test_rule_9_an_impossible_number_is_marked() -> None:
    assert of(Nellcor, line("101     301     25")) == [("spo2", "101", "implausible"), ("pr", "301", "implausible")]


@pytest.mark.parametrize("date", [b"00-Jan-00", b"30-Feb-04", b"01-Xyz-04"])
def test_rule_10_an_impossible_date_gives_no_time_and_costs_no_value(date: bytes) -> None:
    samples = Nellcor().feed(REAL.replace(b"29-Dec-17", date))
    assert [(str(s.value), s.device_time) for s in samples] == [("89", None), ("66", None)]


def test_rule_11_a_line_of_rubbish_is_bad_and_costs_only_itself() -> None:
    decoder = Nellcor()
    assert [s.frame for s in decoder.feed("ÿþ䚈\r\n".encode() + REAL)] == [1, 1]
    assert (decoder.good, decoder.bad) == (1, 1)


@pytest.mark.parametrize(
    "bytes_",
    [
        line("97      72"), line("97      7x      30"), line("97      72      30    A"), line("9797    72    30"),
        b" " + REAL, REAL[:30] + REAL, REAL.replace(b"29-Dec-17", b"29-12-17"), b"29-Dec-17\r\n",
        REAL.replace(b"MO", b"M\xc3\x96"), HEADER[:40] + b"\x01\r\n",
    ],
)  # fmt: skip
def test_a_line_that_is_not_all_of_one_is_bad(bytes_: bytes) -> None:
    decoder = Nellcor()
    assert decoder.feed(bytes_) == []
    assert (decoder.good, decoder.bad) == (0, 1)


STREAM = b"\xffrubbish" + REAL + HEADER + line("0  0  ---  PS") + REAL[:30] + REAL + b"z" * 700 + b"\n" + REAL + HEADER[:100]


@steady
@given(cuts_of(STREAM))
def test_any_cutting_gives_the_same_samples(cuts: list[int]) -> None:
    assert tally(Nellcor(), cut(STREAM, cuts)) == whole(Nellcor, STREAM)


@steady
@given(wild(REAL, REAL[:30], HEADER))
def test_no_bytes_make_it_raise_nor_grow(chunks: list[bytes]) -> None:
    tally(Nellcor(), chunks)


@steady
@given(st.binary(max_size=3000))
def test_after_any_noise_the_second_line_at_the_latest_is_read(noise: bytes) -> None:
    for stream in (noise + b"\n" + REAL, noise + REAL + REAL):
        assert of(Nellcor, stream)[-2:] == [("spo2", "89", "ok"), ("pr", "66", "ok")]


def test_a_megabyte_of_noise_gives_no_value() -> None:
    assert Nellcor().feed(Random(1).randbytes(1_000_000)) == []


@pytest.mark.parametrize("name", ["N-560", "N-595", "NPB-290", "NPB-295"])
@pytest.mark.parametrize("saturation", ["%SpO2", "%SPO2"])
def test_the_header_of_any_of_the_family_is_no_damage(name: str, saturation: str) -> None:
    header = HEADER.replace(b"N-560", name.encode()).replace(b"%SpO2", saturation.encode())
    decoder = Nellcor()
    assert of(lambda: decoder, header + line("97      120     50")) == [("spo2", "97", "ok"), ("pr", "120", "ok")]
    assert (decoder.good, decoder.bad) == (4, 0)
