"""Philips IntelliVue over MIB/RS-232: numerics of polls, single or extended (Data Export guide, Rel. H.0)."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

from app.domain.vitals import NIBP, VITALS, Quality, Sample, plausible_pressure
from devices.protocols import Framed, Unmapped

from . import association as intellivue_session
from . import data_pdu as intellivue_pdu
from . import mib
from .association import Said
from .data_pdu import Created, Failed, Malformed, Message, Object, Observed, Result
from .intellivue_cuff import Cuff
from .observed_values import CUFF, CUFF_PULSE, MEANINGS, NUMBERED, SIMULATED, Meaning, State, Value, shown, value_of
from .speaking_sources import Sources
from .tick_clock import Clock

Heard: TypeAlias = Said | Created | Result | Failed
"""What a dialogue answers to; a result without its objects."""

_HEARD_AT_MOST = 64


class IntelliVue(Framed[mib.Frames]):
    """Decoder of one connection: `feed` gives samples in wire order, see `devices.protocols.Decoder`.

    `heard` holds what the dialogue has not yet taken, the newest 64.
    """

    limit = mib.LIMIT

    def __init__(self) -> None:
        self._frames = mib.Frames()
        self._malformed = 0
        self._clock = Clock()
        self._cuff = Cuff()
        self._cuff_pulse = Cuff()
        self._sources = Sources()
        self.unmapped = Unmapped()
        self.heard: deque[Heard] = deque(maxlen=_HEARD_AT_MOST)

    @property
    def good(self) -> int:
        return self._frames.good - self._malformed

    @property
    def bad(self) -> int:
        return self._frames.bad + self._malformed

    def feed(self, data: bytes) -> list[Sample]:
        return [sample for frame in self._frames.feed(data) for sample in self._samples(frame)]

    def _samples(self, frame: mib.Frame) -> list[Sample]:
        try:
            return self._read(frame)
        except Malformed:
            self._malformed += 1
            return []

    def _read(self, frame: mib.Frame) -> list[Sample]:
        if frame.data.startswith(intellivue_pdu.DATA_EXPORT):
            return self._told(frame.number, intellivue_pdu.message(frame.data))
        said = intellivue_session.said(frame.data)
        if said is None:
            raise Malformed
        self.heard.append(said)
        return []

    def _told(self, frame: int, message: Message | None) -> list[Sample]:
        samples: list[Sample] = []
        if isinstance(message, Created):
            self._learn(message.attributes)
        if isinstance(message, Result):
            samples = self._result(frame, message)
            message = message._replace(objects=())
        if isinstance(message, Created | Result | Failed):
            self.heard.append(message)
        return samples

    def _learn(self, attributes: intellivue_pdu.Attributes) -> None:
        self._clock.learn(attributes)
        if intellivue_pdu.MODEL in attributes:
            self.unmapped.note("model", intellivue_pdu.model(attributes[intellivue_pdu.MODEL]))

    def _result(self, frame: int, result: Result) -> list[Sample]:
        if result.object_type == intellivue_pdu.METRIC:
            return self._metrics(frame, result)
        for item in result.objects:
            if result.object_type == intellivue_pdu.MDS:
                self._learn(item.attributes)
            else:
                self.unmapped.note(f"object {result.object_type & 0xFFFF:04X}", f"{len(item.attributes)} attributes")
        return []

    def _metrics(self, frame: int, result: Result) -> list[Sample]:
        """All numbers are read before any is believed, so that half a message changes nothing."""
        seen = [(item, intellivue_pdu.observed(item.attributes)) for item in result.objects]
        at = result.at or self._clock.date_of(result.ticks)
        return [
            Sample(frame, m.vital, v.number, VITALS[m.vital].unit, v.quality, m.source, at, measured_at, v.original)
            for item, numbers in seen
            for m, v, measured_at in self._values(item, numbers, at, result.ticks)
        ]

    def _values(self, item: Object, numbers: list[Observed], at: datetime | None, ticks: int) -> Iterator["_Meant"]:
        measured_at = intellivue_pdu.date_time(item.attributes.get(intellivue_pdu.MEASURED_AT, b""))
        yield from self._pressures([seen for seen in numbers if seen.code in CUFF], measured_at, at)
        for seen in numbers:
            if seen.code == CUFF_PULSE:
                yield Meaning("pr", "nibp"), self._pulse(seen, measured_at, at), measured_at
            elif seen.code in MEANINGS and (value := self._value(MEANINGS[seen.code], seen, ticks)):
                yield MEANINGS[seen.code], value, None
            elif seen.code not in CUFF:
                self.unmapped.note(f"{intellivue_pdu.label(item.attributes)} {seen.code:04X}".strip(), shown(seen))

    def _value(self, meaning: Meaning, seen: Observed, ticks: int) -> Value | None:
        """None where another source speaks for this vital sign."""
        value = value_of(meaning.vital, seen)
        return value if self._sources.takes(meaning, value, ticks) else None

    def _pulse(self, seen: Observed, measured_at: datetime | None, at: datetime | None) -> Value:
        value = value_of("pr", seen, is_of_cuff=True)
        if value.quality is Quality.MEASURING:
            self._cuff_pulse.measuring()
        if value.quality not in NUMBERED:
            return value
        judged = self._cuff_pulse.judge((value.number,), measured_at, at)
        return value if judged is Quality.OK else value._replace(quality=judged)

    def _pressures(self, seen: list[Observed], measured_at: datetime | None, at: datetime | None) -> Iterator["_Meant"]:
        values = {CUFF[one.code]: value_of(CUFF[one.code], one, is_of_cuff=True) for one in seen}
        if any(one.state & State.EARLY for one in seen):
            measured_at = None
        whole = self._whole(values, measured_at, at) if values else Quality.OK
        for vital, value in values.items():
            own = value.quality
            yield Meaning(vital, "nibp"), value._replace(quality=whole if own in NUMBERED else own), measured_at

    def _whole(self, values: dict[str, Value], measured_at: datetime | None, at: datetime | None) -> Quality:
        """A pressure is one whole unflagged triple, or none."""
        said = [value.quality for value in values.values()]
        if Quality.MEASURING in said:
            self._cuff.measuring()
            return Quality.MEASURING
        if len(values) < len(NIBP) or not set(said) <= set(NUMBERED):
            return Quality.QUESTIONABLE
        return self._triple(values, measured_at, at)

    def _triple(self, values: dict[str, Value], measured_at: datetime | None, at: datetime | None) -> Quality:
        triple = [values[vital].number for vital in NIBP]
        sys, dia, mean = triple
        assert sys is not None
        assert dia is not None
        if not plausible_pressure(sys, dia, mean):
            return Quality.IMPLAUSIBLE
        judged = self._cuff.judge(triple, measured_at, at)
        simulated = [value.quality for value in values.values() if value.quality in SIMULATED]
        return simulated[0] if judged is Quality.OK and simulated else judged


_Meant: TypeAlias = tuple[Meaning, Value, datetime | None]
