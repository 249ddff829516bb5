"""Masimo "ASCII 1": lines as manuals print them, and every rule of them by name."""

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.masimo.decoder import Masimo
from tests.devices.steady import steady

from .chunks import cut, cuts_of, of, tally, whole, wild

REAL = (
    b"02/24/18 04:48:53 SN=0000145838 SPO2=097% BPM=080 PI=04.96% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+-- "
    b"ALARM=0000 EXC=000800\r\n"
)
OK = [("spo2", "97", "ok"), ("pr", "80", "ok")]


def line(values: str = "SPO2=097% BPM=080", alarm: str = "0000", exceptions: str = "000800") -> bytes:
    return f"05/20/21 10:00:01 {values} ALARM={alarm} EXC={exceptions}\r\n".encode()


def test_a_real_line() -> None:
    decoder = Masimo()
    samples = decoder.feed(REAL)
    assert [(s.frame, s.vital, str(s.value), s.unit, s.quality, s.source) for s in samples] == [
        (0, "spo2", "97", "%", "ok", "pleth"), (0, "pr", "80", "/min", "ok", "pleth"),
    ]  # fmt: skip
    assert [str(s.device_time) for s in samples] == ["2018-02-24 04:48:53+00:00"] * 2
    assert samples[0].measured_at is None


def test_what_is_not_read_is_listed_by_its_key_as_it_came() -> None:
    decoder = Masimo()
    decoder.feed(REAL)
    assert decoder.unmapped == {
        "SN": "0000145838", "PI": "04.96%", "SPCO": "--.-%", "SPMET": "--.-%", "DESAT": "--", "PIDELTA": "+--",
        "ALARM": "0000", "EXC": "000800",
    }  # fmt: skip


def test_lines_of_the_manuals() -> None:
    folder = os.environ.get("BEDSIDE_CAPTURES")
    if not folder:
        pytest.skip("BEDSIDE_CAPTURES is not set: real captures stay outside the project")
    decoder = Masimo()
    samples = decoder.feed((Path(folder) / "masimo" / "manual_examples.txt").read_bytes())
    assert [(s.frame, s.vital, str(s.value), s.quality, str(s.device_time)) for s in samples] == [
        (0, "spo2", "98", "sensor_off", "2005-12-01 11:56:29+00:00"),
        (0, "pr", "240", "sensor_off", "2005-12-01 11:56:29+00:00"),
        (1, "spo2", "97", "ok", "2010-09-15 15:10:29+00:00"),
        (1, "pr", "64", "ok", "2010-09-15 15:10:29+00:00"),
    ]
    assert (decoder.good, decoder.bad, decoder.noise_bytes) == (2, 0, 0)
    assert decoder.unmapped["PVI"] == "027"


def test_numbers_while_the_sensor_is_off_are_not_charted() -> None:
    """The trap that a real one sends: sensor off and low perfusion, with numbers beside."""
    bytes_ = line("SPO2=098% BPM=101 PI=--.--%", "0010", "000824")
    assert of(Masimo, bytes_) == [("spo2", "98", "sensor_off"), ("pr", "101", "sensor_off")]


@pytest.mark.parametrize(
    ("bits", "quality"),
    [
        (0x000, "ok"), (0x800, "ok"), (0x801, "sensor_off"), (0x802, "invalid"), (0x804, "questionable"),
        (0x808, "searching"), (0x810, "invalid"), (0x820, "sensor_off"), (0x840, "questionable"), (0x880, "invalid"),
        (0xC00, "questionable"), (0x82A, "sensor_off"), (0x80A, "searching"), (0x806, "invalid"),
    ],
)  # fmt: skip
def test_an_exception_speaks_for_the_whole_line(bits: int, quality: str) -> None:
    assert of(Masimo, line(exceptions=f"{bits:06X}")) == [("spo2", "97", quality), ("pr", "80", quality)]


@pytest.mark.parametrize("none", ["SPO2=---% BPM=---", "SPO2=---% BPM=---%"])
def test_rule_6_dashes_are_no_value(none: str) -> None:
    assert of(Masimo, line(none)) == [("spo2", None, "unavailable"), ("pr", None, "unavailable")]
    assert of(Masimo, line(none, exceptions="000804")) == [("spo2", None, "unavailable"), ("pr", None, "unavailable")]
    assert of(Masimo, line(none, exceptions="000808")) == [("spo2", None, "searching"), ("pr", None, "searching")]


def test_rule_4_a_rate_of_the_pleth_is_a_pulse_rate() -> None:
    assert {(s.vital, s.source) for s in Masimo().feed(REAL)} == {("spo2", "pleth"), ("pr", "pleth")}


def test_rule_5_a_zero_is_not_charted() -> None:
    assert of(Masimo, line("SPO2=000% BPM=000")) == [("spo2", "0", "implausible"), ("pr", "0", "implausible")]


def test_rule_9_an_impossible_number_is_marked() -> None:
    assert of(Masimo, line("SPO2=101% BPM=301")) == [("spo2", "101", "implausible"), ("pr", "301", "implausible")]
    assert of(Masimo, line("SPO2=101% BPM=080", exceptions="000808"))[0] == ("spo2", "101", "searching")


def test_rule_10_a_clock_that_was_reset_gives_no_time_and_costs_no_value() -> None:
    samples = Masimo().feed(REAL.replace(b"02/24/18", b"00/00/00"))
    assert [(s.vital, s.device_time) for s in samples] == [("spo2", None), ("pr", None)]


def test_samples_come_in_the_order_of_the_wire() -> None:
    assert of(Masimo, line("BPM=080 PI=04.96% SPO2=097%")) == OK[::-1]


@pytest.mark.parametrize(("alarm", "exceptions"), [("20", "800"), ("0000", "000800"), ("000000", "000800")])
def test_flags_as_the_models_print_them(alarm: str, exceptions: str) -> None:
    assert of(Masimo, line(alarm=alarm, exceptions=exceptions)) == OK


@pytest.mark.parametrize("exceptions", ["", "0", "00", "000", "0008", "00082", "00082G"])
def test_flags_cut_short_make_no_line(exceptions: str) -> None:
    """Of `EXC=000824` cut to `EXC=000` nothing would be left but numbers."""
    decoder = Masimo()
    assert decoder.feed(line(exceptions=exceptions)) == []
    assert (decoder.good, decoder.bad) == (0, 1)


@pytest.mark.parametrize(
    "bytes_",
    [
        line("SPO2=97% BPM=080"), line("SPO2=097 BPM=080"), line("SPO2=097% BPM=80"), line("SPO2=097%"),
        line("BPM=080"), line("SPO2=097% BPM=080 BPM=081"), line("SPO2=097%  BPM=080"), line("SPO2=097% BPM=080 x"),
        b"SPO2=097% BPM=080 ALARM=0000 EXC=000800\r\n", b"x" + REAL, REAL[:-2] + b"x\r\n", b"\xef\xbb\xbf" + REAL,
        REAL.replace(b" EXC=000800", b""), REAL.replace(b"ALARM=0000 ", b""), REAL.replace(b"PI=", b"PI=\xe9"),
    ],
)  # fmt: skip
def test_a_line_that_is_not_all_of_one_is_bad(bytes_: bytes) -> None:
    decoder = Masimo()
    assert decoder.feed(bytes_) == []
    assert (decoder.good, decoder.bad) == (0, 1)


def test_a_half_line_costs_itself_and_the_one_glued_to_it() -> None:
    decoder = Masimo()
    assert [s.frame for s in decoder.feed(REAL[50:] + REAL + REAL[:50] + REAL + REAL) if s.vital == "pr"] == [1, 3]
    assert (decoder.good, decoder.bad) == (2, 2)


STREAM = b"\xff noise" + REAL + line("SPO2=---% BPM=---%") + REAL[:60] + b"\r" + b"z" * 700 + b"\n" + REAL + REAL[:20]


@steady
@given(cuts_of(STREAM))
def test_any_cutting_gives_the_same_samples(cuts: list[int]) -> None:
    assert tally(Masimo(), cut(STREAM, cuts)) == whole(Masimo, STREAM)


@steady
@given(wild(REAL, REAL[:70], line()))
def test_no_bytes_make_it_raise_nor_grow(chunks: list[bytes]) -> None:
    tally(Masimo(), chunks)


@steady
@given(st.binary(max_size=3000))
def test_after_any_noise_the_second_line_at_the_latest_is_read(noise: bytes) -> None:
    assert of(Masimo, noise + b"\n" + REAL)[-2:] == OK
    assert of(Masimo, noise + REAL + REAL)[-2:] == OK


def test_a_megabyte_of_noise_gives_no_value() -> None:
    assert Masimo().feed(Random(1).randbytes(1_000_000)) == []
