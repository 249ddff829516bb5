"""What holds for every oximeter format: believed late, told once, and in step again after whatever came between."""

import sys
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vitals.vital_signs import VITALS, Quality, Sample, plausible
from devices.models import MODELS
from devices.protocols import Decoder
from tests.devices.steady import steady

from .oximeter_frames import FORMATS, five_bytes, nonin_2, nonin_8, nonin_13, nonin_line

PROTOCOLS = sorted({protocol for protocol, *_ in FORMATS.values()})
UNSUMMED = [name for name, (*_, enough) in FORMATS.items() if enough == 8]
#: How often a format says its numbers in a second.
A_SECOND = {"nonin #2": 3, "nonin #7": 3, "contec v7": 60, "contec v5": 60, "contec v5 recognised": 60, "berry": 100}
FAST = [name for name, times in A_SECOND.items() if times >= 60]


class Wire:
    """One connection that carries one format."""

    def __init__(self, name: str) -> None:
        self.protocol, self._frame, self.frames_in_one, self.enough = FORMATS[name]
        self.decoder: Decoder = MODELS[self.protocol].decoder()

    def bytes_of(self, rate: int = 72, spo2: int = 97, times: int = 1) -> bytes:
        return self._frame(rate, spo2) * times

    def say(self, rate: int = 72, spo2: int = 97, times: int = 1) -> list[tuple[str, int | None]]:
        return shown(self.decoder.feed(self.bytes_of(rate, spo2, times)))

    @property
    def times(self) -> int:
        """So often must it be said before the first value."""
        return -(-self.enough // self.frames_in_one)


def shown(samples: list[Sample]) -> list[tuple[str, int | None]]:
    assert all(s.quality is Quality.OK for s in samples)
    return [(s.vital, None if s.value is None else int(s.value)) for s in samples]


def counts(decoder: Decoder) -> tuple[int, int, int, int]:
    return decoder.good, decoder.bad, decoder.noise_bytes, decoder.held


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_given_before_enough_consecutive_frames(name: str) -> None:
    wire = Wire(name)
    assert wire.enough >= 8 or name == "nonin #13"
    assert wire.say(times=wire.times - 1) == []
    assert wire.decoder.good == 0
    assert sorted(wire.say()) == [("pr", 72), ("spo2", 97)]
    assert counts(wire.decoder) == (wire.enough, 0, 0, 0)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_before_anything_came_nothing_is_counted(protocol: str) -> None:
    assert counts(MODELS[protocol].decoder()) == (0, 0, 0, 0)


@pytest.mark.parametrize("name", ["contec v5", "berry"])
def test_what_comes_before_enough_frames_is_noise_what_breaks_in_after_them_is_a_bad_frame_and_noise(name: str) -> None:
    """Of a break a frame's length is the bad one, whatever is more is noise; each sample has the number of its frame."""
    wire = Wire(name)
    wire.decoder.feed(b"\x00\x00" + five_bytes() * 3 + b"\x00" + five_bytes() * 2 + b"\x00")
    assert counts(wire.decoder) == (0, 0, 2 + 15 + 1 + 10 + 1, 0)
    wire.say(times=8)
    for good, bad, noise in ((8, 1, 29 + 2), (16, 2, 29 + 4)):
        for piece in (b"\x00" * 4, b"\x00", b"\x00\x00"):
            wire.decoder.feed(piece)
        assert counts(wire.decoder) == (good, bad, noise, 0)
        samples = wire.decoder.feed(five_bytes() * 8)
        assert {s.frame for s in samples} == {good + bad + 7}


@pytest.mark.parametrize("name", UNSUMMED)
def test_after_any_break_enough_frames_are_needed_again(name: str) -> None:
    wire = Wire(name)
    wire.say(times=wire.times)
    assert wire.decoder.feed(b"\xff") == []
    assert wire.say(60, 90, times=wire.times - 1) == []
    assert wire.decoder.bad == 1
    assert sorted(wire.say(60, 90)) == [("pr", 60), ("spo2", 90)]


@pytest.mark.parametrize(("name", "a_second"), A_SECOND.items())
def test_what_does_not_change_is_told_once_a_second(name: str, a_second: int) -> None:
    wire = Wire(name)
    wire.say(times=wire.times)
    assert len(wire.say(times=a_second * 10)) == 20


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in FAST])
def test_a_change_is_told_at_once(name: str) -> None:
    wire = Wire(name)
    wire.say(times=wire.times)
    assert [pair for rate in range(60, 160) for pair in wire.say(rate) if pair[0] == "pr"] == [("pr", n) for n in range(60, 160)]


@pytest.mark.parametrize("name", FAST)
def test_a_change_that_stands_for_three_frames_is_told_and_no_other(name: str) -> None:
    """Three frames last a twentieth of a second at most: no device changes its numbers so often."""
    wire = Wire(name)
    wire.say(times=wire.times)
    told = [wire.say(rate, times=3) for rate in range(60, 160)]
    assert [pair for pairs in told for pair in pairs if pair[0] == "pr"] == [("pr", n) for n in range(60, 160)]
    assert [wire.say(rate, times=2) for rate in range(60, 160)] == [[]] * 100


@pytest.mark.parametrize("name", FAST)
def test_one_flipped_bit_makes_no_number_where_nothing_is_summed(name: str) -> None:
    wire = Wire(name)
    wire.say(times=8)
    assert wire.say(72 ^ 0x20, 97) == []
    assert wire.say(72, 97 ^ 0x20) == []
    assert wire.say(times=20) == []


@pytest.mark.parametrize("name", FORMATS)
def test_an_impossible_number_is_given_as_such(name: str) -> None:
    wire = Wire(name)
    samples = wire.decoder.feed(wire.bytes_of(7, 12, times=wire.times))
    assert {(s.vital, int(s.value or 0), s.quality) for s in samples} == {
        ("pr", 7, Quality.IMPLAUSIBLE), ("spo2", 12, Quality.IMPLAUSIBLE),
    }  # fmt: skip


def test_a_frame_and_the_half_of_the_next_come_in_one_piece() -> None:
    """Within the first stands, more than once, the 00 that a frame begins with."""
    frame, decoder = nonin_13(), MODELS["nonin"].decoder()
    assert shown(decoder.feed(frame + frame[:5])) == [("pr", 72), ("spo2", 97)]
    assert counts(decoder) == (1, 0, 0, 5)
    decoder.feed(frame[5:])
    assert counts(decoder) == (2, 0, 0, 0)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "nonin lines"])
def test_what_is_no_number_is_the_oximeters_too(name: str) -> None:
    wire = Wire(name)
    samples = wire.decoder.feed(wire.bytes_of(511 if wire.protocol == "nonin" else 255, 127, times=wire.times))
    assert {(s.value, s.unit, s.source, s.quality) for s in samples} == {
        (None, VITALS[code].unit, "pleth", Quality.UNAVAILABLE) for code in ("pr", "spo2")
    }


@pytest.mark.parametrize("name", FORMATS)
def test_every_sample_names_its_unit_and_source_and_frame(name: str) -> None:
    wire = Wire(name)
    samples = wire.decoder.feed(wire.bytes_of(times=wire.times))
    assert {(s.unit, s.source, s.frame) for s in samples} == {
        (VITALS[code].unit, "pleth", wire.enough - 1) for code in ("pr", "spo2")
    }


class TestRecognising:
    def test_the_first_format_to_be_sure_is_taken_for_good(self) -> None:
        decoder = MODELS["nonin"].decoder()
        assert len(decoder.feed(nonin_8() * 8 + nonin_2(60, 90) * 4)) == 2
        assert decoder.feed(nonin_2(60, 90) * 4) == []

    def test_what_was_sure_first_counts_however_its_bytes_were_cut(self) -> None:
        """A spot check of 22 bytes, whole with its last one, before eight frames of four."""
        decoder = MODELS["nonin"].decoder()
        assert decoder.feed(nonin_13()[:21]) == []
        assert shown(decoder.feed(nonin_13()[21:] + nonin_8(60, 90) * 8)) == [("pr", 72), ("spo2", 97)]
        assert decoder.good == 1

    def test_in_one_piece_or_in_many(self) -> None:
        stream = nonin_2() + nonin_8(50, 80) * 8 + nonin_2(60, 90) * 8
        decoder = MODELS["nonin"].decoder()
        assert shown(decoder.feed(stream)) == [("pr", 72), ("spo2", 97), ("pr", 60), ("spo2", 90)] + [("pr", 60), ("spo2", 90)] * 2
        assert counts(decoder)[:2] == (25 + 200, 1)

    def test_until_then_all_that_came_is_noise_or_held(self) -> None:
        decoder = MODELS["nonin"].decoder()
        assert decoder.feed(b"\xff" * 500) == []
        assert decoder.good == decoder.bad == 0
        assert decoder.noise_bytes > 450

    def test_two_kinds_of_contec_are_told_apart(self) -> None:
        decoder = MODELS["contec"].decoder()
        assert shown(decoder.feed(five_bytes() * 8)) == [("pr", 72), ("spo2", 97)]


# --- whatever comes, however it is cut

GARBAGE = b"\x01\x80\x05\x06SPO2=09\x80\x00\x02"
STREAMS = {
    name: frame(72, 97) * 10 + GARBAGE + frame(75, 96) * 9 + frame(75, 96)[:-1] + frame(80, 95) * 12
    for name, (_, frame, *_) in FORMATS.items()
}


@steady
@given(st.sampled_from(sorted(FORMATS)), st.data())
def test_any_cutting_gives_the_same_samples(name: str, data: st.DataObject) -> None:
    stream = STREAMS[name]
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=40))
    decoder, samples = Wire(name).decoder, []
    for start, end in pairwise([0, *sorted(cuts), len(stream)]):
        samples += decoder.feed(stream[start:end])
    whole = Wire(name).decoder
    assert samples == whole.feed(stream)
    assert samples
    assert counts(decoder) == counts(whole)
    assert decoder.unmapped == whole.unmapped


@pytest.mark.parametrize("name", FORMATS)
def test_one_byte_at_a_time_gives_the_same_samples(name: str) -> None:
    decoder, whole = Wire(name).decoder, Wire(name).decoder
    assert [s for byte in STREAMS[name] for s in decoder.feed(bytes((byte,)))] == whole.feed(STREAMS[name])
    assert counts(decoder) == counts(whole)


pieces = st.sampled_from(
    [nonin_2(), nonin_8() * 9, nonin_13(), nonin_line() * 9, five_bytes() * 9, five_bytes()[:3], b"\x01", b"\x80" * 9, b"SPO2="]
)
wild = st.binary(max_size=600) | st.lists(pieces, max_size=20).map(b"".join)


@steady
@given(st.sampled_from(PROTOCOLS), st.lists(wild, max_size=8))
def test_no_bytes_make_it_raise_nor_grow_nor_give_an_impossible_value(protocol: str, chunks: list[bytes]) -> None:
    decoder = MODELS[protocol].decoder()
    before = (0, 0, 0)
    for chunk in chunks:
        for sample in decoder.feed(chunk):
            assert sample.quality is not Quality.OK or (sample.value and plausible(sample.vital, sample.value))
        after = (decoder.good, decoder.bad, decoder.noise_bytes)
        assert decoder.held <= decoder.limit
        assert all(a >= b for a, b in zip(after, before, strict=True))
        before = after


@steady
@given(st.sampled_from(sorted(FORMATS)), st.binary(max_size=300))
def test_it_is_in_step_again_after_any_noise(name: str, noise: bytes) -> None:
    """Bound: what noise swallows is less than its longest frame; then `enough` frames, with #2 and #7 from a SYNC on."""
    wire = Wire(name)
    wire.decoder.feed(wire.bytes_of(times=wire.times) + noise)
    told = wire.say(60, 90, times=wire.times + 3)
    assert told[-2:] in ([("pr", 60), ("spo2", 90)], [("spo2", 90), ("pr", 60)])


@pytest.mark.parametrize(("protocol", "kilobytes"), [("nonin", 1024), ("contec", 256), ("contec-v5", 256), ("berry", 256)])
@pytest.mark.uncounted
def test_a_megabyte_of_random_bytes_gives_no_value(protocol: str, kilobytes: int) -> None:
    """The whole megabyte where sums and lines must withstand it."""
    random, decoder = Random(5), MODELS[protocol].decoder()
    assert [s for _ in range(kilobytes) for s in decoder.feed(random.randbytes(1024))] == []
    assert decoder.good == decoder.bad == 0


@pytest.mark.calls
@pytest.mark.parametrize("protocol", ["berry", "contec", "contec-v5", "hl7", "nonin"])
@pytest.mark.parametrize("noise", [b"\x80", b"\xff", b"\x01", b"\x00", b"\r", b"\x0b", b"\x1c", b"\x81\x01"], ids=bytes.hex)
def test_a_flood_of_one_byte_takes_at_most_two_calls_a_byte(protocol: str, noise: bytes) -> None:
    """Whatever comes, it is cut, searched and counted by the piece; a sum alone is looked at byte by byte."""
    decoder, calls = MODELS[protocol].decoder(), Counter[str]()
    data = noise * (4096 // len(noise))
    sys.setprofile(lambda _frame, event, _what: calls.update([event]))
    try:
        decoder.feed(data)
    finally:
        sys.setprofile(None)
    assert calls["call"] + calls["c_call"] < (2 if protocol == "nonin" else 0.05) * len(data)
    assert decoder.good == 0
