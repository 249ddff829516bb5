"""What must hold of a decoder whatever bytes it is given."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from random import Random
from zlib import crc32

from app.domain.vitals.vital_signs import VITALS, Quality, Sample, plausible
from devices.device_rows import MonitorRow
from devices.protocols import UNMAPPED_AT_MOST, Decoder
from devices.protocols.drop_sensor.decoder import DROPS, DROPS_UNIT, RATE, RATE_UNIT

UNITS = {code: vital.unit for code, vital in VITALS.items()} | {"weight": "kg", DROPS: DROPS_UNIT, RATE: RATE_UNIT}
_WHOLE_ONE_IN = 4
#: Longest piece of an input; single bytes are slow and therefore rare.
_PIECES = (1, 8, *(60,) * 6, *(300,) * 24)


def check(model: MonitorRow, data: bytes) -> int:
    """Feed `data` in pieces, some of it in one piece too; returns the most bytes held. Raises on the first thing amiss.

    The same bytes are cut in the same way, so that whatever fails fails again.
    """
    decoder = model.decoder()
    samples, held = _in_pieces(model, decoder, _pieces(data))
    _check_samples(samples, decoder)
    if crc32(data) % _WHOLE_ONE_IN == 0:
        _check_whole(model.decoder(), data, samples, decoder)
    return held


def _pieces(data: bytes) -> Iterator[bytes]:
    random, at = Random(crc32(data)), 0
    longest = random.choice(_PIECES)
    while at < len(data):
        length = random.randint(1, longest)
        yield data[at : at + length]
        at += length


def _in_pieces(model: MonitorRow, decoder: Decoder, pieces: Iterable[bytes]) -> tuple[list[Sample], int]:
    """A dialogue runs along: what it answers to strange bytes must not raise either."""
    dialogue = model.dialogue(decoder)
    dialogue.on_open(0.0)
    samples: list[Sample] = []
    held, before = 0, (0, 0, 0)
    for number, piece in enumerate(pieces):
        samples += decoder.feed(piece)
        dialogue.tick(number / 4)
        after = (decoder.good, decoder.bad, decoder.noise_bytes)
        assert all(a >= b for a, b in zip(after, before, strict=True)), f"a count fell: {before} to {after}"
        assert 0 <= decoder.held <= decoder.limit, f"{decoder.held} bytes held, the limit is {decoder.limit}"
        held, before = max(held, decoder.held), after
    dialogue.on_close()
    return samples, held


def _check_samples(samples: list[Sample], decoder: Decoder) -> None:
    assert len(decoder.unmapped) <= UNMAPPED_AT_MOST
    last = 0
    for sample in samples:
        assert last <= sample.frame < decoder.good + decoder.bad, f"frame {sample.frame} after {last}"
        last = sample.frame
        _check_sample(sample)


def _check_sample(sample: Sample) -> None:
    assert sample.unit == UNITS[sample.vital], sample
    assert isinstance(sample.quality, Quality), sample
    assert sample.source, sample
    for at in (sample.device_time, sample.measured_at):
        assert at is None or at.utcoffset() == timedelta(0), sample
    assert sample.value is None or sample.value.is_finite(), sample
    if sample.quality is Quality.OK:
        assert sample.value is not None, sample
        assert sample.vital not in VITALS or plausible(sample.vital, sample.value), sample


def _check_whole(whole: Decoder, data: bytes, samples: list[Sample], pieced: Decoder) -> None:
    assert whole.feed(data) == samples, "one piece gives other samples than many"
    counts = [(d.good, d.bad, d.noise_bytes, d.held) for d in (whole, pieced)]
    assert counts[0] == counts[1], f"one piece gives other counts than many: {counts}"
