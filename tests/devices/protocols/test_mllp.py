"""Envelopes, bare messages, and coming back in step."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.hl7.mllp import LIMIT, MessagePiece, MllpFrames, enveloped

HEAD = b"MSH|^~\\&|A|||||||ORU^R01|1|P|2.6"
OBX = b"OBX|1|NM|150456||97"
BODY = HEAD + b"\r" + OBX + b"\r"


def told(*chunks: bytes) -> list[tuple[int, bytes]]:
    frames = MllpFrames()
    return [(piece.frame, piece.segment) for chunk in chunks for piece in frames.feed(chunk)]


def counts(*chunks: bytes) -> tuple[int, int, int]:
    frames = MllpFrames()
    for chunk in chunks:
        frames.feed(chunk)
    return frames.good, frames.bad, frames.noise_bytes


def test_an_enveloped_message_is_whole_or_nothing() -> None:
    frames = MllpFrames()
    assert frames.feed(b"\x0b" + BODY) == []
    assert frames.held == len(HEAD) + len(OBX)
    assert frames.feed(b"\x1c\r") == [MessagePiece(0, segment, is_enveloped=True) for segment in (HEAD, OBX, b"")]
    assert (frames.good, frames.bad, frames.noise_bytes, frames.held) == (1, 0, 0, 0)


def test_the_last_segment_needs_no_end_of_its_own() -> None:
    assert told(b"\x0b" + BODY[:-1] + b"\x1c\r") == [(0, HEAD), (0, OBX), (0, b"")]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_a_bare_message_is_told_as_it_comes_and_ends_with_the_next(end: bytes) -> None:
    message = BODY.replace(b"\r", end)
    assert told(message) == [(0, HEAD), (0, OBX)]
    assert told(message, message) == [(0, HEAD), (0, OBX), (0, b""), (1, HEAD), (1, OBX)]
    assert counts(message, message) == (2, 0, 0)


@pytest.mark.parametrize("start", [b"\x0b", b"\x1c"])
def test_a_mark_ends_a_bare_message_too(start: bytes) -> None:
    assert told(BODY + start) == [(0, HEAD), (0, OBX), (0, b"")]


def test_a_segment_that_a_start_mark_cuts_is_noise() -> None:
    assert told(BODY + b"OBX|2|NM\x0b" + BODY + b"\x1c\r")[3:] == [(1, HEAD), (1, OBX), (1, b"")]
    assert counts(BODY + b"OBX|2|NM\x0b") == (1, 0, 8)


def test_a_message_whose_end_is_lost_is_bad_and_the_next_is_read() -> None:
    assert told(b"\x0b" + BODY, enveloped(BODY)) == [(1, HEAD), (1, OBX), (1, b"")]
    assert counts(b"\x0b" + BODY, enveloped(BODY)) == (1, 1, 0)


def test_where_end_and_start_are_both_lost_the_next_is_read_as_a_bare_one() -> None:
    assert told(b"\x0b" + BODY, BODY + b"\x1c\r", enveloped(BODY)) == [
        (1, HEAD), (1, OBX), (1, b""), (2, HEAD), (2, OBX), (2, b""),
    ]  # fmt: skip
    assert counts(b"\x0b" + BODY, BODY + b"\x1c\r", enveloped(BODY)) == (2, 1, 0)


@pytest.mark.parametrize(
    "message", [b"", b"\r", OBX + b"\r", b"\0" + BODY, BODY + b"obx|\r", BODY + b"OBX|\x01\r", BODY + b"OBXX\r"]
)
def test_an_envelope_with_anything_else_inside_is_bad(message: bytes) -> None:
    assert told(enveloped(message)) == []
    assert counts(enveloped(message), enveloped(BODY)) == (1, 1, 0)


def test_two_start_marks_are_as_good_as_one() -> None:
    assert counts(b"\x0b", enveloped(BODY)) == (1, 0, 0)


def test_rule_11_noise_before_a_start_is_passed_over() -> None:
    assert told(b"hum\xffhum", enveloped(BODY)) == [(0, HEAD), (0, OBX), (0, b"")]
    assert told(b"hum\xffhum" + BODY) == [(0, HEAD), (0, OBX)]
    assert counts(b"hum\r\nhum" + BODY) == (1, 0, 6)


def test_noise_between_bare_segments_is_passed_over() -> None:
    assert told(HEAD + b"\r\x02\x03hum\r" + OBX + b"\r") == [(0, HEAD), (0, OBX)]
    assert counts(HEAD + b"\r\x02\x03hum\r" + OBX + b"\r") == (1, 0, 5)


def test_a_bare_header_with_noise_in_it_begins_nothing() -> None:
    assert told(HEAD + b"\x01\r" + OBX + b"\r") == []
    assert counts(HEAD + b"\x01\r" + OBX + b"\r") == (0, 0, len(HEAD) + 1 + len(OBX))


LONG = b"OBX|1|ED|" + b"x" * LIMIT


@pytest.mark.parametrize("tail", [b"", b"\r\x1c\r"])
def test_text_beyond_the_bound_is_dropped_and_the_next_start_is_in_step(tail: bytes) -> None:
    long = b"\x0b" + BODY + LONG + tail
    assert told(long, enveloped(BODY)) == [(0, HEAD), (0, OBX), (0, b"")]
    assert counts(long, enveloped(BODY)) == (1, 0, len(HEAD) + len(OBX) + len(LONG))
    frames = MllpFrames()
    for byte in long:
        frames.feed(bytes((byte,)))
        assert frames.held <= LIMIT
    assert frames.feed(enveloped(BODY)) == [MessagePiece(0, segment, is_enveloped=True) for segment in (HEAD, OBX, b"")]


def test_many_short_segments_are_a_long_message_too() -> None:
    assert counts(b"\x0b" + BODY + (OBX + b"\r") * (LIMIT // len(OBX)), enveloped(BODY))[:2] == (1, 0)


def test_a_long_bare_segment_ends_its_message() -> None:
    assert told(BODY + LONG + b"\r" + OBX + b"\r" + BODY) == [(0, HEAD), (0, OBX), (0, b""), (1, HEAD), (1, OBX)]


PARTS = st.lists(
    st.sampled_from([b"\x0b", b"\x1c", b"\r", b"\n", HEAD, OBX, b"MSH|^~", b"\\&|", b"hum", b"\xff", BODY, enveloped(BODY), LONG]),
    max_size=30,
).map(b"".join)


@given(PARTS, st.lists(st.integers(0, 3000), max_size=8))
def test_any_chunking_tells_the_same(stream: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    chunks = [stream[a:b] for a, b in pairwise(places)]
    assert told(*chunks) == told(stream)
    assert counts(*chunks) == counts(stream)


@given(st.one_of(PARTS, st.binary(max_size=300)))
def test_after_anything_the_next_envelope_is_read(noise: bytes) -> None:
    frames = MllpFrames()
    frames.feed(noise)
    last = frames.feed(enveloped(BODY))[-3:]
    assert [(p.segment, p.is_enveloped) for p in last] == [(HEAD, True), (OBX, True), (b"", True)]
