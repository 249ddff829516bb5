"""MIB frames: cut, checked and found again, whatever comes and however it is cut."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.intellivue import mib
from tests.devices.steady import steady

GOOD = mib.framed(b"\xe1\x00\x00\x02 good \xc0\xc1\x7d\x5d")
DAMAGED = GOOD[:9] + bytes((GOOD[9] ^ 4,)) + GOOD[10:]


def counts(data: bytes) -> tuple[int, int, int]:
    frames = mib.MibFrames()
    frames.feed(data)
    return frames.good, frames.bad, frames.noise_bytes


def numbers(data: bytes) -> list[int]:
    return [frame.number for frame in mib.MibFrames().feed(data)]


def test_the_vendors_vectors() -> None:
    """The second one's checksum, C195, has a byte that must itself be escaped (rule 12)."""
    assert mib.enclosed(bytes.fromhex("3A 71")) == bytes.fromhex("C0 3A 71 9B 26 C1")
    assert mib.enclosed(bytes.fromhex("3A 91")) == bytes.fromhex("C0 3A 91 95 7D E1 C1")


@pytest.mark.parametrize("byte", [0xC0, 0xC1, 0x7D, 0x9D, 0x00, 0x11, 0x13])
def test_any_byte_may_stand_in_a_frame(byte: int) -> None:
    for length in (1, 2, 300):
        data = bytes((byte,)) * length
        wire = mib.framed(data)
        assert (wire.count(b"\xc0"), wire.count(b"\xc1")) == (1, 1)
        assert [frame.data for frame in mib.MibFrames().feed(wire)] == [data]


def test_rule_12_a_checksum_byte_may_itself_need_escaping() -> None:
    escaped = 0
    for number in range(600):
        data = number.to_bytes(2, "big")
        wire = mib.framed(data)
        escaped += wire[-3:-2] == b"\x7d" or wire[-4:-3] == b"\x7d"
        assert mib.MibFrames().feed(wire)[0].data == data
    assert escaped > 0


def test_every_delimited_frame_is_counted_bad_ones_too() -> None:
    assert counts(GOOD + DAMAGED + GOOD) == (2, 1, 0)
    assert counts(DAMAGED + DAMAGED + GOOD[:8] + GOOD[:9] + GOOD) == (1, 4, 0)
    assert numbers(GOOD + DAMAGED + GOOD) == [0, 2]


def test_rule_11_stamps_and_noise_between_frames_are_no_frames() -> None:
    assert counts(b"2014/05/25T21:24:01,015" + GOOD + b"\xc1\x7d" + GOOD) == (2, 0, 25)
    assert counts(b"\xc0" + GOOD) == (1, 0, 1)
    assert counts(b"\xc0\xc0" + GOOD + b"\xc0" + GOOD) == (2, 0, 3)


def test_a_frame_may_carry_nothing() -> None:
    assert counts(mib.framed(b"")) == (1, 0, 0)
    assert [frame.data for frame in mib.MibFrames().feed(mib.framed(b""))] == [b""]


def test_half_a_frame_costs_only_itself() -> None:
    assert numbers(GOOD[:8] + GOOD + GOOD) == [1, 2]
    assert numbers(GOOD[8:] + GOOD + GOOD) == [0, 1]


def test_a_frame_that_its_sender_aborts_is_bad() -> None:
    assert counts(GOOD[:8] + b"\x7d\xc1" + GOOD) == (1, 1, 0)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x11", b"\x11\x01\x00", b"\x11\x01\x00\x01", b"\x11\x01\x00\x00x", b"\x11\x02\x00\x01x"],
    ids=["empty", "one byte", "no length", "cut", "longer than it says", "another protocol"],
)
def test_a_wrong_header_is_bad(content: bytes) -> None:
    assert counts(mib.enclosed(content)) == (0, 1, 0)


def test_two_escapes_in_a_row_are_bad() -> None:
    assert counts(b"\xc0\x11\x01\x00\x00\x7d\x7d\x5d\xc1") == (0, 1, 0)


def test_a_frame_is_as_long_as_the_limit_and_no_longer() -> None:
    """With its first mark; the last one does not count."""
    longest, longer = mib.framed(b"x" * 4089), mib.framed(b"x" * 4090)
    assert (len(longest), counts(longest)) == (mib.LIMIT + 1, (1, 0, 0))
    assert (len(longer), counts(longer)) == (mib.LIMIT + 2, (0, 0, mib.LIMIT + 2))
    assert counts(longer + b"between" + longer + b"behind" + GOOD) == (1, 0, 2 * len(longer) + 13)


def test_what_is_too_long_to_be_a_frame_is_noise() -> None:
    data = b"\xc0" + b"x" * 9000 + b"\xc1" + GOOD
    for step in (100, len(data)):
        frames = mib.MibFrames()
        for place in range(0, len(data), step):
            frames.feed(data[place : place + step])
            assert frames.held <= mib.LIMIT
        assert (frames.good, frames.bad, frames.noise_bytes) == (1, 0, 9002)


STREAM = b"noise" + GOOD + DAMAGED + b"\xc0\x7d\xc1" + GOOD[:11] + GOOD + b"\xc1" + GOOD[7:] + b"\xc0" + b"y" * 5000 + GOOD


@steady
@given(st.lists(st.integers(0, len(STREAM)), max_size=40))
def test_any_cutting_gives_the_same_frames(cuts: list[int]) -> None:
    frames, whole = mib.MibFrames(), mib.MibFrames()
    cut = [frame for a, b in pairwise([0, *sorted(cuts), len(STREAM)]) for frame in frames.feed(STREAM[a:b])]
    assert cut == whole.feed(STREAM)
    assert (frames.good, frames.bad, frames.noise_bytes) == (whole.good, whole.bad, whole.noise_bytes)


wild = st.binary(max_size=4000) | st.lists(
    st.sampled_from([b"\xc0", b"\xc1", b"\x7d", b"\x11\x01", GOOD, GOOD[:9], b"ab" * 2000]), max_size=30
).map(b"".join)


@steady
@given(wild)
def test_the_first_whole_frame_after_any_noise_is_read(noise: bytes) -> None:
    frames = mib.MibFrames()
    frames.feed(noise)
    assert [frame.data for frame in frames.feed(GOOD)] == [mib.MibFrames().feed(GOOD)[0].data]
    assert frames.held == 0


@steady
@given(st.lists(wild, max_size=12))
def test_no_bytes_make_it_raise_nor_grow_and_none_is_lost_count_of(chunks: list[bytes]) -> None:
    frames = mib.MibFrames()
    for chunk in chunks:
        frames.feed(chunk)
        assert frames.held <= mib.LIMIT


def test_a_megabyte_of_random_bytes_holds_no_frame() -> None:
    random, frames = Random(5), mib.MibFrames()
    assert [f for _ in range(256) for f in frames.feed(random.randbytes(4096))] == []
