"""HL7 v2 observations (ORU^R01, ORF^R04) of Mindray, Comen, Edan and Philips monitors, in MLLP or bare."""

from collections import deque
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from app.domain.vitals.vital_signs import NIBP, Quality, Sample, plausible_pressure
from devices.protocols import FramedDecoder, UnmappedValues

from . import mllp
from .aperiodic import AperiodicMeasurements
from .hl7_message import Hl7Header, component, header_of, segment_of, text_of
from .obx import ObxValue, name_and_value, observed

OBSERVATIONS = ("ORU^R01", "ORF^R04")
_OWED_AT_MOST = 16


class Hl7(FramedDecoder[mllp.MllpFrames]):
    """Decoder of one connection, see `devices.protocols.Decoder`.

    Text of a message beyond `limit` bytes is dropped; the next start mark is in step again (`devices.protocols.hl7.mllp`).
    A cuff pressure's samples come together, where its third value came.
    """

    limit = mllp.LIMIT

    def __init__(self) -> None:
        self._frames = mllp.MllpFrames()
        self._measured = AperiodicMeasurements()
        self._owed: deque[Hl7Header] = deque(maxlen=_OWED_AT_MOST)
        self.unmapped = UnmappedValues()
        self._message = _ObservationMessage(0, header_of(mllp.HEADER, is_enveloped=False), self._measured, self.unmapped)
        self.segments = 0
        self.unended: Hl7Header | None = None
        """The header of a bare message that no later start has ended yet and nobody has answered."""

    def feed(self, data: bytes) -> list[Sample]:
        return [sample for piece in self._frames.feed(data) for sample in self._read(piece)]

    def owed(self) -> list[Hl7Header]:
        """The ended messages that nobody has answered yet; each is told once."""
        owed = [*self._owed]
        self._owed.clear()
        return owed

    def _read(self, piece: mllp.MessagePiece) -> Iterator[Sample]:
        self.segments += 1
        if piece.segment.startswith(mllp.HEADER):
            self._begin(piece)
        elif piece.segment:
            yield from self._message.samples(piece.segment)
        else:
            yield from self._message.ended()
            self._end()

    def _begin(self, piece: mllp.MessagePiece) -> None:
        header = header_of(piece.segment, piece.is_enveloped)
        self._message = _ObservationMessage(piece.frame, header, self._measured, self.unmapped)
        self.unended = None if piece.is_enveloped else header
        if header.kind not in OBSERVATIONS:
            self.unmapped.note(header.kind or "MSH", component(header.raw, 10))

    def _end(self) -> None:
        if self._message.header.is_enveloped or self.unended:
            self._owed.append(self._message.header)
        self.unended = None


class _ObservationMessage:
    """One message as its segments come. A cuff pressure waits for its three values, which must be of one time."""

    def __init__(self, frame: int, header: Hl7Header, measured: AperiodicMeasurements, unmapped: UnmappedValues) -> None:
        self.header = header
        self._frame = frame
        self._measured = measured
        self._unmapped = unmapped
        self._cuff: list[ObxValue] = []
        self._has_temperature = False

    def samples(self, segment: bytes) -> Iterator[Sample]:
        if self.header.kind not in OBSERVATIONS or not segment.startswith(b"OBX|"):
            return
        obx = segment_of(text_of(segment, self.header.charset))
        seen = observed(obx, self.header)
        if seen is None or self._is_second_temperature(seen):
            self._unmapped.note(*name_and_value(obx))
        elif seen.code.vital in NIBP:
            yield from self._pressure(seen)
        else:
            yield self._sample(seen, self._quality(seen))

    def ended(self) -> Iterator[Sample]:
        """What is left of a cuff pressure is not whole."""
        cuff, self._cuff = self._cuff, []
        for seen in cuff:
            yield self._sample(seen, Quality.QUESTIONABLE if seen.quality is Quality.OK else seen.quality)

    def _is_second_temperature(self, seen: ObxValue) -> bool:
        """The first that has a number is the temperature; the others are listed."""
        is_second = seen.code.vital == "temp" and self._has_temperature
        self._has_temperature |= seen.code.vital == "temp" and seen.value is not None
        return is_second

    def _pressure(self, seen: ObxValue) -> Iterator[Sample]:
        if any(s.code.vital == seen.code.vital or s.measured_at != seen.measured_at for s in self._cuff):
            yield from self.ended()
        self._cuff.append(seen)
        if len(self._cuff) == len(NIBP):
            yield from self._whole_pressure()

    def _whole_pressure(self) -> Iterator[Sample]:
        if any(seen.quality is not Quality.OK for seen in self._cuff):
            yield from self.ended()
            return
        cuff, self._cuff = self._cuff, []
        values = {seen.code.vital: seen.value for seen in cuff if seen.value is not None}
        sys, dia, mean = (values[vital] for vital in NIBP)
        quality = self._judged("nibp", cuff[0], sys, dia, mean)
        if not plausible_pressure(sys, dia, mean):
            quality = Quality.IMPLAUSIBLE
        for seen in cuff:
            yield self._sample(seen, quality)

    def _quality(self, seen: ObxValue) -> Quality:
        if seen.quality is Quality.OK and seen.is_aperiodic:
            return self._judged(f"{seen.code.vital} {seen.code.source}", seen, seen.value)
        return seen.quality

    def _judged(self, key: str, seen: ObxValue, *values: Decimal | None) -> Quality:
        return self._measured.judge(key, values, seen.measured_at, self.header.sent_at)

    def _sample(self, seen: ObxValue, quality: Quality) -> Sample:
        original = seen.original
        if quality is Quality.IMPLAUSIBLE and original is msgspec.UNSET and self._is_too_late(seen):
            original = f"{seen.value} {seen.unit} {seen.measured_at:%Y-%m-%d %H:%M:%S}"
        return Sample(
            self._frame, seen.code.vital, seen.value, seen.unit, quality, seen.code.source,
            self.header.sent_at, seen.measured_at, original,
        )  # fmt: skip

    def _is_too_late(self, seen: ObxValue) -> bool:
        return bool(seen.measured_at and self.header.sent_at and seen.measured_at > self.header.sent_at)
