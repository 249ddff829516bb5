"""Envelopes, bare messages, and coming back in step."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.hl7.mllp import BARE_LIMIT, LIMIT, MessagePiece, MllpFrames, enveloped

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


def test_a_bare_message_and_its_end_are_not_called_enveloped() -> None:
    assert MllpFrames().feed(BODY + b"\x1c") == [MessagePiece(0, segment, is_enveloped=False) for segment in (HEAD, OBX, b"")]
    assert told(BODY[:-1] + b"\x1c") == [(0, HEAD), (0, OBX), (0, b"")]


def test_of_a_run_of_marks_the_first_counts() -> None:
    assert told(b"\x0b\x0b\x0b" + BODY + b"\x1c\x1c\r") == [(0, HEAD), (0, OBX), (0, b"")]


def test_two_headers_in_one_line_are_one_segment() -> None:
    assert told(HEAD[:20] + HEAD + b"\r") == [(0, HEAD[:20] + HEAD)]


def test_a_message_is_as_long_as_its_bound_and_no_longer() -> None:
    length = len(HEAD) + len(OBX)
    for bound, good in ((length, 1), (length - 1, 0)):
        frames = MllpFrames(limit=bound)
        frames.feed(enveloped(BODY))
        assert (frames.good, frames.bad, frames.too_long) == (good, 1 - good, 1 - good)
    for bound, good in ((len(HEAD), 1), (len(HEAD) - 1, 0)):
        frames = MllpFrames(bare_limit=bound)
        frames.feed(BODY)
        assert (frames.good, frames.too_long) == (good, 0)


def test_the_rest_of_a_line_that_was_too_long_is_noise_too() -> None:
    frames = MllpFrames(limit=300, bare_limit=100)
    assert frames.feed(b"\x0b" + BODY + b"x" * 400) == frames.feed(HEAD + b"\r" + OBX + b"\r") == []
    assert (frames.good, frames.bad, frames.noise_bytes) == (0, 1, 2 * (len(HEAD) + len(OBX)) + 400)


def test_of_a_batch_only_the_message_that_stands_open_is_held() -> None:
    frames = MllpFrames()
    frames.feed(b"\x0bBHS|1\r" + BODY + HEAD + b"\r")
    frames.feed(HEAD + b"\r")
    assert (frames.good, frames.held) == (2, len(HEAD))


def test_every_message_and_byte_that_is_lost_is_counted() -> None:
    half, odd = b"\x0b" + BODY, HEAD + b"\x01\r"
    assert counts(half, half, half, enveloped(b"x"), enveloped(b"y")) == (0, 5, 0)
    assert counts(half, BODY + b"\x1c\r", half, BODY + b"\x1c\r") == (2, 2, 0)
    assert counts(odd, odd, BODY) == (1, 0, 2 * (len(HEAD) + 1))


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


LONG = b"OBX|1|ED|" + b"x" * BARE_LIMIT
TOO_LONG = b"OBX|1|ED|" + b"x" * LIMIT


def test_an_envelope_that_holds_waves_too_is_read() -> None:
    assert counts(enveloped(BODY + LONG * 10)) == (1, 0, 0)


@pytest.mark.parametrize("tail", [b"", b"\r\x1c\r"])
def test_text_beyond_the_bound_is_dropped_and_bad_and_the_next_start_is_in_step(tail: bytes) -> None:
    long = b"\x0b" + BODY + TOO_LONG + tail
    assert told(long, enveloped(BODY)) == [(1, HEAD), (1, OBX), (1, b"")]
    assert counts(long, enveloped(BODY)) == (1, 1, len(HEAD) + len(OBX) + len(TOO_LONG))


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_it_never_holds_more_than_its_bound_however_it_is_cut(size: int) -> None:
    frames, long = MllpFrames(limit=300, bare_limit=100), b"\x0b" + BODY + b"x" * 400 + b"\r\x1c\r"
    for at in range(0, len(long), size):
        frames.feed(long[at : at + size])
        assert frames.held <= 300
    assert (frames.good, frames.bad, frames.too_long) == (0, 1, 1)
    assert frames.feed(enveloped(BODY)) == [MessagePiece(1, segment, is_enveloped=True) for segment in (HEAD, OBX, b"")]


def test_many_short_segments_are_a_long_message_too() -> None:
    assert counts(b"\x0b" + BODY + (OBX + b"\r") * (LIMIT // len(OBX)), enveloped(BODY))[:2] == (1, 1)


def test_a_long_bare_segment_ends_its_message_and_is_bad() -> None:
    stream = BODY + LONG + b"\r" + OBX + b"\r" + BODY
    assert told(stream) == [(0, HEAD), (0, OBX), (0, b""), (2, HEAD), (2, OBX)]
    assert counts(stream)[:2] == (2, 1)


def test_a_long_noise_of_no_message_is_noise_alone() -> None:
    assert counts(LONG, b"y", b"\r") == (0, 0, len(LONG) + 1)


MARK = b"\xef\xbb\xbf"


def test_a_byte_order_mark_before_a_header_is_passed_over() -> None:
    assert counts(enveloped(MARK + BODY), enveloped(MARK + BODY)) == (2, 0, 0)
    assert counts(MARK + BODY + MARK + BODY) == (2, 0, 0)
    assert counts(b"hum" + MARK + BODY) == (1, 0, 3)
    assert counts(enveloped(BODY + MARK)) == (0, 1, 0)


def test_a_batch_in_one_envelope_is_as_many_messages_as_it_holds() -> None:
    batch = b"FHS|^~\\&|GW\rBHS|^~\\&|GW\r" + BODY + BODY + b"BTS|2\rFTS|1\r"
    first, second = (0, HEAD), (1, HEAD)
    assert told(enveloped(batch)) == [first, (0, OBX), (0, b""), second, (1, OBX), (1, b"BTS|2"), (1, b"FTS|1"), (1, b"")]
    assert counts(enveloped(MARK + batch), enveloped(BODY)) == (3, 0, 0)
    assert counts(enveloped(b"BHS|1\r" + HEAD + b"\r\x01\r" + BODY)) == (1, 1, 0)
    assert counts(enveloped(b"FHS|1\rFTS|1\r")) == (0, 1, 0)


PARTS = st.lists(
    st.sampled_from([
        *(b"\x0b", b"\x1c", b"\r", b"\n", HEAD, OBX, b"MSH|^~", b"\\&|", b"hum", b"\xff", BODY, enveloped(BODY), LONG),
        *(MARK, b"\x0bBHS|1\r"),
    ]),
    max_size=30,
).map(b"".join)  # fmt: skip


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
