"""Frames: cut, counted and found again, whatever comes and however it is cut."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols import ListeningDialogue
from devices.protocols.datex_s5 import dri
from devices.protocols.datex_s5.decoder import DatexS5
from devices.protocols.datex_s5.dialogue import S5Dialogue
from tests.devices.steady import steady

from .s5_records import ON, Basic, framed, record, shown, subrecord

GOOD = shown(Basic(hr=72, spo2=9700, pulse=72, temps=((ON, 0x7D7E & 0x0FFF),)))
DAMAGED = GOOD[:100] + bytes((GOOD[100] ^ 4,)) + GOOD[101:]


def counts(data: bytes) -> tuple[int, int, int]:
    decoder = DatexS5()
    decoder.feed(data)
    return decoder.good, decoder.bad, decoder.noise_bytes


def frames_seen(data: bytes) -> list[int]:
    return [s.frame for s in DatexS5().feed(data) if s.vital == "hr"]


def test_every_delimited_frame_is_counted_bad_ones_too() -> None:
    assert counts(GOOD + DAMAGED + GOOD) == (2, 1, 0)
    assert counts(DAMAGED + DAMAGED) == (0, 2, 0)
    assert frames_seen(GOOD + DAMAGED + GOOD) == [0, 2]


def test_noise_before_and_between_frames_is_no_frame() -> None:
    assert counts(b"abc" + GOOD + b"defg" + GOOD) == (2, 0, 7)
    assert frames_seen(b"abc" + GOOD + b"defg" + GOOD) == [0, 1]


def test_half_a_frame_costs_only_itself() -> None:
    assert frames_seen(GOOD[:200] + GOOD + GOOD) == [1, 2]
    assert frames_seen(GOOD[200:] + GOOD + GOOD) == [0, 1]


def test_one_mark_may_end_a_frame_and_begin_the_next() -> None:
    assert frames_seen(GOOD + GOOD[1:] + GOOD[1:]) == [0, 1, 2]


def test_a_lost_mark_costs_nothing_or_one_frame() -> None:
    assert frames_seen(GOOD[:-1] + GOOD) == [0, 1]
    assert frames_seen(GOOD + GOOD[1:] + GOOD) == [0, 1, 2]
    assert frames_seen(GOOD[1:]) == [0]


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00", b"\x00" * 39, b"\x00" * 40, record()[:-1], record() + b"\0"],
    ids=["empty", "one", "short", "length zero", "cut", "longer than it says"],
)
def test_a_record_of_wrong_length_is_bad(content: bytes) -> None:
    assert counts(framed(content))[:2] == (0, 1)


def test_an_escape_that_escapes_nothing_is_bad() -> None:
    content = record((1, subrecord(Basic().body())))
    odd = content[:60] + b"\x7d\x20" + content[62:]
    bytes_ = b"\x7e" + odd + bytes((sum(odd) & 0xFF,)) + b"\x7e"
    assert counts(bytes_)[:2] == (0, 1)


@pytest.mark.parametrize("byte", [0x7D, 0x7E, 0x5D, 0x5E])
def test_escapes_are_undone_in_values_and_in_the_checksum(byte: int) -> None:
    content = bytearray(record((1, subrecord(Basic(hr=byte).body()))))
    for filler in range(256):
        content[3] = filler
        assert DatexS5().feed(framed(bytes(content)))[0].value == byte


def full_record(length: int) -> bytes:
    """A whole frame of so many bytes between its flags, none of them escaped."""
    content = bytearray(record().ljust(length - 1, b"\0"))
    content[:2] = (length - 1).to_bytes(2, "little")
    return framed(bytes(content))


def test_a_frame_is_as_long_as_the_limit_and_no_longer() -> None:
    longest, longer = full_record(dri.LIMIT), full_record(dri.LIMIT + 1)
    assert (len(longest), counts(longest)) == (dri.LIMIT + 2, (1, 0, 0))
    assert counts(longer + GOOD) == (1, 0, dri.LIMIT + 1)
    decoder = DatexS5()
    for piece in (longest[:-1], longest[-1:], longer[:-1]):
        decoder.feed(piece)
    assert (decoder.good, decoder.bad, decoder.noise_bytes, decoder.held) == (1, 0, dri.LIMIT + 1, 0)


def test_what_is_too_long_to_be_a_frame_is_noise() -> None:
    for data in (b"\x7e" + b"x" * 20_000 + GOOD, b"x" * 9_000 + GOOD):
        assert counts(data)[:2] == (1, 0)
        decoder = DatexS5()
        for place in range(0, len(data), 100):
            decoder.feed(data[place : place + 100])
            assert decoder.held <= decoder.limit
        assert (decoder.good, decoder.noise_bytes) == (1, len(data) - len(GOOD) - data.startswith(b"\x7e"))


STREAM = b"noise" + GOOD + DAMAGED + b"\x7e\x7d\x7e" + GOOD[:300] + GOOD + b"\x7d" + GOOD[200:] + GOOD


@steady
@given(st.lists(st.integers(0, len(STREAM)), max_size=40))
def test_any_cutting_gives_the_same_samples(cuts: list[int]) -> None:
    decoder, samples = DatexS5(), []
    for start, end in pairwise([0, *sorted(cuts), len(STREAM)]):
        samples += decoder.feed(STREAM[start:end])
    whole = DatexS5()
    assert samples == whole.feed(STREAM)
    assert (decoder.good, decoder.bad, decoder.noise_bytes) == (whole.good, whole.bad, whole.noise_bytes)


def test_one_byte_at_a_time_gives_the_same_samples() -> None:
    decoder = DatexS5()
    assert [s for byte in STREAM for s in decoder.feed(bytes((byte,)))] == DatexS5().feed(STREAM)


wild = st.binary(max_size=4000) | st.lists(
    st.sampled_from([b"\x7e", b"\x7d", b"\x7d\x5e", b"\x00", b"\xff\xff", GOOD, GOOD[:77], b"ab" * 2000]), max_size=30
).map(b"".join)


@steady
@given(st.lists(wild, max_size=12))
def test_no_bytes_make_it_raise_nor_grow(chunks: list[bytes]) -> None:
    decoder = DatexS5()
    for chunk in chunks:
        decoder.feed(chunk)
        assert decoder.held <= decoder.limit


@steady
@given(wild)
def test_it_is_in_step_again_within_one_record_after_any_noise(noise: bytes) -> None:
    decoder = DatexS5()
    decoder.feed(noise)
    before = decoder.good
    samples = decoder.feed(GOOD + GOOD)
    assert decoder.good >= before + 1
    assert samples[-1].value == 72


@steady
@given(st.randoms(use_true_random=False), st.integers(1, 8))
def test_records_with_any_values_never_raise(random: Random, count: int) -> None:
    body = random.randbytes(270)
    DatexS5().feed(framed(record(*[(1, subrecord(body))] * count)))


def test_a_megabyte_of_random_bytes_gives_no_value() -> None:
    random, decoder = Random(5), DatexS5()
    assert [s for _ in range(256) for s in decoder.feed(random.randbytes(4096))] == []
    assert decoder.good == 0


@pytest.mark.parametrize("ending", [0x7D, 0x7E, 0x5D, 0x5E, 0x00])
def test_a_record_is_framed_as_the_guide_says_its_checksum_too(ending: int) -> None:
    content = b"\x7d\x7e\x5d\x5e\x20"
    whole = content + bytes(((ending - sum(content)) % 256,))
    assert dri.framed(whole) == framed(whole)


def asking(interval: int, classes: int, checksum: int) -> bytes:
    """A request as the guide prints it: 49 bytes of record, all 0 but for these."""
    descriptors = b"\0\0\0" + b"\0\0\xff" + bytes(18)
    wanted = bytes((1, interval, 0, classes, 0, 0, 0, 0, 0))
    return b"\x7e" + bytes((49,)) + bytes(15) + descriptors + wanted + bytes((checksum,)) + b"\x7e"


class TestRequests:
    def test_it_is_asked_and_silenced_with_the_guides_own_bytes(self) -> None:
        assert dri.request(10) == asking(10, 0x0E, 0x49)
        assert dri.stop() == asking(0, 0, 0x31)

    def test_a_request_can_be_read_back(self) -> None:
        (asked,) = dri.DriFrames().feed(dri.request(5, classes=2))
        assert dri.request_in(asked) == (dri.DISPLAYED, 5, 2)

    @pytest.mark.parametrize(
        "content", [record(), record((1, b"")), record((0, b"12345678")), record((0, b"123456789"), maintype=1)]
    )
    def test_what_is_no_request_is_none(self, content: bytes) -> None:
        (other,) = dri.DriFrames().feed(framed(content))
        assert dri.request_in(other) is None


class TestDialogue:
    def test_a_device_that_talks_by_itself_is_told_nothing(self) -> None:
        listening = ListeningDialogue()
        assert listening.on_open(0.0) + listening.tick(99.0) + listening.on_close() == b""

    def test_it_asks_at_once_and_again_only_after_a_silence(self) -> None:
        dialogue = S5Dialogue(DatexS5())
        assert dialogue.on_open(100.0) == dri.request(5)
        assert dialogue.tick(109.9) == b""
        assert dialogue.tick(110.0) == dri.request(5)
        assert dialogue.tick(119.9) == b""

    def test_a_frame_puts_the_next_request_off(self) -> None:
        decoder = DatexS5()
        dialogue = S5Dialogue(decoder, interval_s=10)
        dialogue.on_open(0.0)
        decoder.feed(GOOD)
        assert dialogue.tick(9.0) == b""
        assert dialogue.tick(18.9) == b""
        assert dialogue.tick(19.0) == dri.request(10)

    def test_it_leaves_the_monitor_silent(self) -> None:
        assert S5Dialogue(DatexS5()).on_close() == dri.stop()
