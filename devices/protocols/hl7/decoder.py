"""HL7 v2 observations (ORU^R01, ORF^R04) of the makers that stand in `devices.protocols.hl7.makers`, in MLLP or bare."""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

import msgspec

from app.domain.texts import say
from app.domain.vitals.vital_signs import NIBP, Quality, Sample, plausible_pressure
from devices.protocols import FramedDecoder, UnmappedValues

from . import mllp
from .aperiodic import AHEAD, AperiodicMeasurements
from .hl7_message import Hl7Header, Segment, component, header_of, moment, segment_of, text_of
from .obx import NOTHING_CHOSEN, Hl7Choices, ObxReader, ObxValue, name_and_value

ANSWER = "ORF^R04"
OBSERVATIONS = ("ORU^R01", ANSWER)
_OWED_AT_MOST = 16
_PAIR = set(NIBP[:2])
_SECOND_CHOICE = "co2"
_TOO_LONG = say("Messages come that are longer than {n} bytes and are dropped. Switch the sending of waves off on the monitor.",
                n=mllp.LIMIT)  # fmt: skip
_LACKS_STATE = say(
    "This monitor does not say whether its values are final (OBX-11 is empty), so none is charted. Compare them with its "
    "screen; the site may then choose for this place that they count."
)


class Hl7(FramedDecoder[mllp.MllpFrames]):
    """Decoder of one connection, see `devices.protocols.Decoder`.

    Text of a message beyond `limit` bytes is dropped; the next start mark is in step again (`devices.protocols.hl7.mllp`).
    A cuff pressure's samples come together, systolic first, where its third value came; without a mean at the message's
    end. A breathing rate by CO₂ waits for that too: it counts only where the message holds no better one.
    """

    limit = mllp.LIMIT

    def __init__(self, choices: Hl7Choices = NOTHING_CHOSEN) -> None:
        self._frames = mllp.MllpFrames()
        self._choices = choices
        self._measured = AperiodicMeasurements()
        self._owed: deque[Hl7Header] = deque(maxlen=_OWED_AT_MOST)
        self.unmapped = UnmappedValues()
        self._message = self._begun(0, header_of(mllp.HEADER, is_enveloped=False))
        self.segments = 0
        self.unended: Hl7Header | None = None
        """The header of the message that stands open and that nobody has answered; between two feeds only a bare one does."""

    def feed(self, data: bytes) -> list[Sample]:
        samples = [sample for piece in self._frames.feed(data) for sample in self._read(piece)]
        if self._frames.too_long:
            self.hint = _TOO_LONG
        return samples

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
        self._message = self._begun(piece.frame, header)
        self.unended = header
        if header.kind not in OBSERVATIONS:
            self.unmapped.note(header.kind or "MSH", component(header.raw, 10))

    def _begun(self, frame: int, header: Hl7Header) -> "_ObservationMessage":
        return _ObservationMessage(frame, header, self._measured, self.unmapped, ObxReader(header, self._choices))

    def _end(self) -> None:
        if self._message.lacks_state:
            self.hint = _LACKS_STATE
        if self.unended:
            self._owed.append(self.unended)
        self.unended = None


class _ObservationMessage:
    """One message as its segments come. A cuff pressure waits for its three values, which must be of one time."""

    def __init__(
        self, frame: int, header: Hl7Header, measured: AperiodicMeasurements, unmapped: UnmappedValues, reader: ObxReader
    ) -> None:
        self.header = header
        self.lacks_state = False
        self._frame = frame
        self._measured = measured
        self._unmapped = unmapped
        self._reader = reader
        self._observed_at: datetime | None = None
        self._cuff: list[ObxValue] = []
        self._waiting: list[Sample | tuple[ObxValue, tuple[str, str]]] = []
        self._has: set[str] = set()

    def samples(self, segment: bytes) -> Iterator[Sample]:
        if self.header.kind not in OBSERVATIONS:
            return
        if segment.startswith(b"OBX|"):
            yield from self._observation(segment_of(text_of(segment, self.header.charset)))
        elif segment.startswith(b"OBR|") and self.header.kind == ANSWER:
            self._observed_at = self._group_time(segment)

    def _group_time(self, segment: bytes) -> datetime | None:
        """When an answer's values were so (OBR-7): what a monitor was asked for may be a record of before."""
        at = moment(component(segment_of(text_of(segment, self.header.charset)), 7), self.header.zone)
        return None if at and self.header.sent_at and at > self.header.sent_at + AHEAD else at

    def _observation(self, obx: Segment) -> Iterator[Sample]:
        seen = self._reader.observed(obx)
        if seen is None or self._is_another(seen):
            self._unmapped.note(*name_and_value(obx))
            return
        self.lacks_state |= seen.lacks_state
        if seen.code.source == _SECOND_CHOICE:
            self._waiting.append((seen, name_and_value(obx)))
            return
        if seen.value is not None:
            self._has.add(seen.code.vital)
        yield from self._in_turn(self._pressure(seen) if seen.code.vital in NIBP else [self._sample(seen, self._quality(seen))])

    def _in_turn(self, samples: Iterable[Sample]) -> Iterator[Sample]:
        """In wire order: behind a second choice, unless that would hold back what a bare message has told already."""
        if self._waiting and self.header.is_enveloped:
            self._waiting += samples
        else:
            yield from samples

    def ended(self) -> Iterator[Sample]:
        """What waited for the rest of the message; a first choice without a number does not come after the second."""
        rest = [*self._rest_of_pressure()]
        waiting, self._waiting = sorted(self._waiting, key=_has_number), []
        for each in waiting:
            yield from [each] if isinstance(each, Sample) else self._second(*each)
        yield from rest

    def _second(self, seen: ObxValue, listed: tuple[str, str]) -> Iterator[Sample]:
        """A second choice counts where the message holds no better one, nor one of its own kind before it."""
        if seen.code.vital in self._has:
            self._unmapped.note(*listed)
            return
        if seen.value is not None:
            self._has.add(seen.code.vital)
        yield self._sample(seen, self._quality(seen))

    def _is_another(self, seen: ObxValue) -> bool:
        """The first temperature that has a number is the temperature; the others are listed."""
        return seen.code.vital == "temp" and "temp" in self._has

    def _pressure(self, seen: ObxValue) -> Iterator[Sample]:
        if any(s.code.vital == seen.code.vital or s.measured_at != seen.measured_at for s in self._cuff):
            yield from self._rest_of_pressure()
        self._cuff.append(seen)
        if len(self._cuff) == len(NIBP):
            yield from self._whole_pressure()

    def _whole_pressure(self) -> Iterator[Sample]:
        cuff, self._cuff = self._cuff, []
        if any(seen.quality is not Quality.OK for seen in cuff):
            yield from self._spoilt(cuff)
        else:
            yield from self._measured_pressure(cuff)

    def _rest_of_pressure(self) -> Iterator[Sample]:
        """Systolic and diastolic of one told time are a pressure without a mean; anything else is not whole."""
        cuff, self._cuff = self._cuff, []
        is_pair = {seen.code.vital for seen in cuff if seen.quality is Quality.OK and seen.measured_at} == _PAIR
        yield from self._measured_pressure(cuff) if is_pair else self._spoilt(cuff)

    def _measured_pressure(self, cuff: list[ObxValue]) -> Iterator[Sample]:
        values = {seen.code.vital: seen.value for seen in cuff if seen.value is not None}
        sys, dia, mean = values["nibp_sys"], values["nibp_dia"], values.get("nibp_map")
        told = (sys, dia) if cuff[0].measured_at else (sys, dia, mean)
        quality = self._judged("nibp", cuff[0], *told)
        if not plausible_pressure(sys, dia, mean):
            quality = Quality.IMPLAUSIBLE
        for seen in sorted(cuff, key=lambda seen: NIBP.index(seen.code.vital)):
            yield self._sample(seen, quality)

    def _spoilt(self, cuff: list[ObxValue]) -> Iterator[Sample]:
        for seen in cuff:
            yield self._sample(seen, Quality.QUESTIONABLE if seen.quality is Quality.OK else seen.quality)

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
        measured_at = seen.measured_at if seen.measured_at or seen.is_aperiodic else self._observed_at
        return Sample(
            self._frame, seen.code.vital, seen.value, seen.unit, quality, seen.code.source,
            self.header.sent_at, measured_at, original,
        )  # fmt: skip

    def _is_too_late(self, seen: ObxValue) -> bool:
        return bool(seen.measured_at and self.header.sent_at and seen.measured_at > self.header.sent_at + AHEAD)


def _has_number(waiting: Sample | tuple[ObxValue, tuple[str, str]]) -> bool:
    return not isinstance(waiting, Sample) or waiting.value is not None
