"""Philips IntelliVue over MIB/RS-232: numerics of polls, single or extended (Data Export Interface Programming Guide, Rel. H.0)."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

from app.domain.vitals.vital_signs import NIBP, VITALS, Quality, Sample, plausible_pressure
from devices.protocols import FramedDecoder, UnmappedValues

from . import association, data_pdu, mib
from .association import AssociationMessage
from .data_pdu import DataMessage, MalformedPdu, MdsCreated, NuObsValue, PolledObject, PollResult, RemoteError
from .intellivue_cuff import IntelliVueCuff
from .observed_values import (
    CUFF,
    CUFF_PULSE,
    MEANINGS,
    NUMBERED,
    SIMULATED,
    IntelliVueValue,
    MeasurementState,
    NumericMeaning,
    shown,
    value_of,
)
from .speaking_sources import SpeakingSources
from .tick_clock import TickClock

HeardMessage: TypeAlias = AssociationMessage | MdsCreated | PollResult | RemoteError
"""What a dialogue answers to; a result without its objects."""

_HEARD_AT_MOST = 64


_EARLY = int(MeasurementState.EARLY)


class IntelliVue(FramedDecoder[mib.MibFrames]):
    """Decoder of one connection: `feed` gives samples in wire order, see `devices.protocols.Decoder`.

    `heard` holds what the dialogue has not yet taken, the newest 64.
    """

    limit = mib.LIMIT

    def __init__(self) -> None:
        self._frames = mib.MibFrames()
        self._malformed = 0
        self._clock = TickClock()
        self._cuff = IntelliVueCuff()
        self._cuff_pulse = IntelliVueCuff()
        self._sources = SpeakingSources()
        self.unmapped = UnmappedValues()
        self.heard: deque[HeardMessage] = deque(maxlen=_HEARD_AT_MOST)

    @property
    def good(self) -> int:
        return self._frames.good - self._malformed

    @property
    def bad(self) -> int:
        return self._frames.bad + self._malformed

    def feed(self, data: bytes) -> list[Sample]:
        return [sample for frame in self._frames.feed(data) for sample in self._samples(frame)]

    def _samples(self, frame: mib.MibFrame) -> list[Sample]:
        try:
            return self._read(frame)
        except MalformedPdu:
            self._malformed += 1
            return []

    def _read(self, frame: mib.MibFrame) -> list[Sample]:
        if frame.data.startswith(data_pdu.DATA_EXPORT):
            return self._told(frame.number, data_pdu.message(frame.data))
        said = association.said(frame.data)
        if said is None:
            raise MalformedPdu
        self.heard.append(said)
        return []

    def _told(self, frame: int, message: DataMessage | None) -> list[Sample]:
        samples: list[Sample] = []
        if isinstance(message, MdsCreated):
            self._learn(message.attributes)
        if isinstance(message, PollResult):
            samples = self._result(frame, message)
            message = message._replace(objects=())
        if isinstance(message, MdsCreated | PollResult | RemoteError):
            self.heard.append(message)
        return samples

    def _learn(self, attributes: data_pdu.Attributes) -> None:
        self._clock.learn(attributes)
        if data_pdu.MODEL in attributes:
            self.unmapped.note("model", data_pdu.model(attributes[data_pdu.MODEL]))

    def _result(self, frame: int, result: PollResult) -> list[Sample]:
        if result.object_type == data_pdu.METRIC:
            return self._metrics(frame, result)
        for item in result.objects:
            if result.object_type == data_pdu.MDS:
                self._learn(item.attributes)
            else:
                self.unmapped.note(f"object {result.object_type & 0xFFFF:04X}", f"{len(item.attributes)} attributes")
        return []

    def _metrics(self, frame: int, result: PollResult) -> list[Sample]:
        """All numbers are read before any is believed, so that half a message changes nothing."""
        seen = [(item, data_pdu.observed(item.attributes)) for item in result.objects]
        at = result.at or self._clock.date_of(result.ticks)
        return [
            Sample(frame, m.vital, v.number, VITALS[m.vital].unit, v.quality, m.source, at, measured_at, v.original)
            for item, numbers in seen
            for m, v, measured_at in self._values(item, numbers, at, result.ticks)
        ]

    def _values(self, item: PolledObject, numbers: list[NuObsValue], at: datetime | None, ticks: int) -> Iterator["_Meant"]:
        measured_at = data_pdu.date_time(item.attributes.get(data_pdu.MEASURED_AT, b""))
        yield from self._pressures([seen for seen in numbers if seen.code in CUFF], measured_at, at)
        for seen in numbers:
            if seen.code == CUFF_PULSE:
                yield NumericMeaning("pr", "nibp"), self._pulse(seen, measured_at, at), measured_at
            elif seen.code in MEANINGS and (value := self._value(MEANINGS[seen.code], seen, ticks)):
                yield MEANINGS[seen.code], value, None
            elif seen.code not in CUFF:
                self.unmapped.note(f"{data_pdu.label(item.attributes)} {seen.code:04X}".strip(), shown(seen))

    def _value(self, meaning: NumericMeaning, seen: NuObsValue, ticks: int) -> IntelliVueValue | None:
        """None where another source speaks for this vital sign."""
        value = value_of(meaning.vital, seen)
        return value if self._sources.takes(meaning, value, ticks) else None

    def _pulse(self, seen: NuObsValue, measured_at: datetime | None, at: datetime | None) -> IntelliVueValue:
        value = value_of("pr", seen, is_of_cuff=True)
        if value.quality is Quality.MEASURING:
            self._cuff_pulse.measuring()
        if value.quality not in NUMBERED:
            return value
        judged = self._cuff_pulse.judge((value.number,), measured_at, at)
        return value if judged is Quality.OK else value._replace(quality=judged)

    def _pressures(self, seen: list[NuObsValue], measured_at: datetime | None, at: datetime | None) -> Iterator["_Meant"]:
        values = {CUFF[one.code]: value_of(CUFF[one.code], one, is_of_cuff=True) for one in seen}
        if any(one.state & _EARLY for one in seen):
            measured_at = None
        whole = self._whole(values, measured_at, at)
        for vital, value in values.items():
            own = value.quality
            yield NumericMeaning(vital, "nibp"), value._replace(quality=whole if own in NUMBERED else own), measured_at

    def _whole(self, values: dict[str, IntelliVueValue], measured_at: datetime | None, at: datetime | None) -> Quality:
        """A pressure is one whole unflagged triple, or none."""
        said = [value.quality for value in values.values()]
        if Quality.MEASURING in said:
            self._cuff.measuring()
            return Quality.MEASURING
        if len(values) < len(NIBP) or not set(said) <= set(NUMBERED):
            return Quality.QUESTIONABLE
        return self._triple(values, measured_at, at)

    def _triple(self, values: dict[str, IntelliVueValue], measured_at: datetime | None, at: datetime | None) -> Quality:
        triple = [values[vital].number for vital in NIBP]
        sys, dia, mean = triple
        assert sys is not None
        assert dia is not None
        if not plausible_pressure(sys, dia, mean):
            return Quality.IMPLAUSIBLE
        judged = self._cuff.judge(triple, measured_at, at)
        simulated = [value.quality for value in values.values() if value.quality in SIMULATED]
        return simulated[0] if judged is Quality.OK and simulated else judged


_Meant: TypeAlias = tuple[NumericMeaning, IntelliVueValue, datetime | None]
