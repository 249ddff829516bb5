"""A stream cut anyhow must say the same."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from app.domain.vitals.vital_signs import Sample
from devices.protocols import Decoder

Tally = tuple[list[Sample], int, int, int, int, dict[str, str]]


def tally(decoder: Decoder, chunks: list[bytes]) -> Tally:
    """Samples and counts of a decoder fed with these chunks; it never holds more than its limit."""
    samples = []
    for chunk in chunks:
        samples += decoder.feed(chunk)
        assert decoder.held <= decoder.limit
    return samples, decoder.good, decoder.bad, decoder.noise_bytes, decoder.held, dict(decoder.unmapped)


def cuts_of(stream: bytes) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, len(stream)), max_size=40)


def cut(stream: bytes, cuts: list[int]) -> list[bytes]:
    return [stream[start:end] for start, end in pairwise([0, *sorted(cuts), len(stream)])]


def single(stream: bytes) -> list[bytes]:
    return [bytes((byte,)) for byte in stream]


@cache
def whole(make: Callable[[], Decoder], stream: bytes) -> Tally:
    """Of the stream in one piece, of which the same is told byte by byte."""
    told = tally(make(), [stream])
    assert told == tally(make(), single(stream))
    return told


def wild(*pieces: bytes) -> st.SearchStrategy[list[bytes]]:
    """Arbitrary bytes, and orders of pieces that the protocol knows."""
    known = st.lists(st.sampled_from([*pieces, b"\r", b"\n", b"\x00", b"\xff", b"x" * 3000]), max_size=30).map(b"".join)
    return st.lists(st.binary(max_size=4000) | known, max_size=12)


def said(samples: list[Sample]) -> list[tuple[str, str | None, str]]:
    """Vital sign, value and quality of each."""
    return [(s.vital, None if s.value is None else str(s.value), s.quality.value) for s in samples]


def of(make: Callable[[], Any], stream: bytes) -> list[tuple[str, str | None, str]]:
    return said(make().feed(stream))
