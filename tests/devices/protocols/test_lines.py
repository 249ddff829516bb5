"""Lines and scans: cut, bounded and found again, whatever comes and however it is cut."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vitals.vital_signs import Quality
from devices.protocols.lines import LINE_LIMIT, LineCutter, judged
from devices.protocols.masimo.decoder import Masimo
from devices.protocols.scanner.decoder import ScanLines, ScannerDecoder
from tests.devices.steady import steady

from .chunks import cut, cuts_of, single

ENDS = [b"\r", b"\n", b"\r\n"]
STREAM = b"one\r\ntwo\rthree\n\n\r\r\n" + b"x" * 600 + b"\r\nfour\r\n" + b"y" * LINE_LIMIT + b"\nhalf"


@pytest.mark.parametrize("end", ENDS)
def test_every_end_ends_one_line(end: bytes) -> None:
    assert LineCutter().feed(b"one" + end + b"two" + end) == [b"one", b"two"]


def test_a_line_may_be_as_long_as_the_limit_and_no_longer() -> None:
    lines = LineCutter(4)
    assert lines.feed(b"1234\n12345\n1\n") == [b"1234", b"1"]
    assert (lines.noise_bytes, lines.held) == (5, 0)


def test_what_is_too_long_is_noise_up_to_its_end() -> None:
    lines = LineCutter(4)
    assert [line for byte in single(b"123456789\nab\n") for line in lines.feed(byte)] == [b"ab"]
    assert lines.noise_bytes == 9


def test_a_line_without_its_end_is_held_up_to_the_limit() -> None:
    lines = LineCutter(4)
    assert lines.feed(b"1\n1234") == [b"1"]
    assert (lines.noise_bytes, lines.held) == (0, 4)
    assert lines.feed(b"5") == []
    assert (lines.noise_bytes, lines.held) == (5, 0)
    assert lines.feed(b"67") == []
    assert (lines.noise_bytes, lines.held) == (7, 0)
    assert lines.feed(b"8\n12\n") == [b"12"]
    assert (lines.noise_bytes, lines.held) == (8, 0)
    assert LineCutter().feed(b"x" * 512 + b"\n" + b"x" * 513 + b"\n") == [b"x" * 512]


def test_every_line_has_its_number_the_bad_ones_too() -> None:
    line = b"05/20/21 10:00:01 SPO2=097% BPM=080 ALARM=0000 EXC=000800\r\n"
    decoder = Masimo()
    assert [s.frame for s in decoder.feed(b"no\r\n" + line + b"no\r\nno\r\n" + line) if s.vital == "pr"] == [1, 4]
    assert (decoder.good, decoder.bad) == (2, 3)
    decoder.feed(b"x" * 600 + b"\r\nhalf")
    assert (decoder.good, decoder.bad, decoder.noise_bytes, decoder.held) == (2, 3, 600, 4)


@pytest.mark.parametrize(
    ("value", "flagged", "quality"),
    [
        ("72", Quality.OK, Quality.OK),
        ("72", Quality.QUESTIONABLE, Quality.QUESTIONABLE),
        ("500", Quality.OK, Quality.IMPLAUSIBLE),
        ("500", Quality.QUESTIONABLE, Quality.IMPLAUSIBLE),
        (None, Quality.OK, Quality.UNAVAILABLE),
        (None, Quality.QUESTIONABLE, Quality.UNAVAILABLE),
        ("500", Quality.SENSOR_OFF, Quality.SENSOR_OFF),
        (None, Quality.SEARCHING, Quality.SEARCHING),
    ],
)
def test_what_the_flags_say_of_a_line_comes_before_its_numbers(value: str | None, flagged: Quality, quality: Quality) -> None:
    assert judged("hr", None if value is None else Decimal(value), flagged) is quality


@steady
@given(cuts_of(STREAM))
def test_any_cutting_gives_the_same_lines(cuts: list[int]) -> None:
    whole, pieces = LineCutter(), LineCutter()
    assert [line for chunk in cut(STREAM, cuts) for line in pieces.feed(chunk)] == whole.feed(STREAM)
    assert (pieces.noise_bytes, pieces.held) == (whole.noise_bytes, whole.held) == (600, 4)


AIM = "]C1019501101530003\x1d10UC2611"


@pytest.mark.parametrize("end", ENDS)
def test_a_scan_keeps_its_prefix_and_its_separators(end: bytes) -> None:
    assert ScanLines().feed(AIM.encode() + end) == [AIM]
    assert ScanLines().feed(b"=G1517 12 345678" + end + "]Q1细胞".encode() + end) == ["=G1517 12 345678", "]Q1细胞"]


def test_a_scan_without_its_end_is_none_yet() -> None:
    scanner = ScanLines()
    assert scanner.feed(b"UC-2611") == []
    assert scanner.held == 7
    assert scanner.feed(b"-001\r\n") == ["UC-2611-001"]
    assert (scanner.good, scanner.bad, scanner.held) == (1, 0, 0)


def test_half_a_label_of_one_connection_is_not_joined_to_the_next_one() -> None:
    ScanLines().feed(b"UC-2611-0")
    assert ScanLines().feed(b"01\r") == ["01"]


def test_what_is_no_text_is_not_handed_on() -> None:
    scanner = ScanLines()
    assert scanner.feed(b"UC\xff\r\nUC-1\r\n") == ["UC-1"]
    assert (scanner.good, scanner.bad) == (1, 1)


def test_each_scan_is_told_whole_and_in_order_and_is_no_sample() -> None:
    told: list[str] = []
    scanner = ScannerDecoder(told.append)
    assert scanner.feed(b"UC-1\rUC\xff\rUC-2\rUC-") == []
    assert told == ["UC-1", "UC-2"]
    assert scanner.feed(b"3\r" + b"x" * 9000) == []
    assert told == ["UC-1", "UC-2", "UC-3"]
    assert (scanner.good, scanner.bad, scanner.noise_bytes, scanner.held, dict(scanner.unmapped)) == (3, 1, 9000, 0, {})


def test_scans_that_nobody_takes_are_counted() -> None:
    scanner = ScannerDecoder()
    assert (scanner.feed(b"UC-1\r"), scanner.good) == ([], 1)


def test_every_scan_that_is_no_text_is_counted() -> None:
    scanner = ScanLines()
    assert scanner.feed(b"\xff\r\xfe\rUC-1\rUC-2\r") == ["UC-1", "UC-2"]
    assert (scanner.good, scanner.bad) == (2, 2)


def test_a_scan_is_as_long_as_the_limit_and_no_longer() -> None:
    scanner = ScanLines()
    assert scanner.feed(b"x" * 8192 + b"\r" + b"y" * 8193 + b"\r") == ["x" * 8192]
    assert scanner.noise_bytes == 8193


def test_a_scan_without_end_for_ever_does_not_grow() -> None:
    scanner = ScanLines()
    for _ in range(40):
        scanner.feed(b"x" * 1000)
        assert scanner.held <= scanner.limit
    assert scanner.feed(b"\rUC-1\r") == ["UC-1"]
    assert scanner.noise_bytes == 40_000


@steady
@given(st.lists(st.binary(max_size=3000) | st.sampled_from([b"\r", b"\n", AIM.encode(), b"x" * 9000]), max_size=20))
def test_no_bytes_make_a_scanner_raise_nor_depend_on_their_cutting(chunks: list[bytes]) -> None:
    pieces, whole = ScanLines(), ScanLines()
    scans = []
    for chunk in chunks:
        scans += pieces.feed(chunk)
        assert pieces.held <= pieces.limit
    assert scans == whole.feed(b"".join(chunks))
    assert (pieces.good, pieces.bad, pieces.noise_bytes) == (whole.good, whole.bad, whole.noise_bytes)
