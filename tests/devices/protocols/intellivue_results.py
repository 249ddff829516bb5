"""Answers of an IntelliVue, built for tests by the simulator's own words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from app.domain.vitals.vital_signs import Sample
from devices.protocols.intellivue import mib
from devices.protocols.intellivue import simulated_messages as words
from devices.protocols.intellivue.data_pdu import (
    ALL_GROUPS,
    COMPOUND,
    EXTENDED_POLL,
    LABEL,
    MDS,
    MEASURED_AT,
    METRIC,
    NUMERIC,
    POLL,
    Attributes,
    MdsCreated,
    NuObsValue,
    PolledObject,
    PollRequest,
)
from devices.protocols.intellivue.decoder import IntelliVue
from devices.protocols.intellivue.observed_values import BREATHS, CELSIUS, MMHG, PER_MIN, PERCENT

NOON = datetime(2014, 5, 25, 12, tzinfo=UTC)
SINGLE = PollRequest(7, POLL, 1, METRIC, ALL_GROUPS, 0)
STREAMED = SINGLE._replace(action=EXTENDED_POLL, period_ticks=8000)
HR, SPO2, PLETH, RR, AWRR, TEMP = 0x4182, 0x4BB8, 0x4822, 0x500A, 0x5012, 0x4B48
_UNIT = {HR: PER_MIN, SPO2: PERCENT, PLETH: PER_MIN, RR: BREATHS, AWRR: BREATHS, TEMP: CELSIUS}


def one(code: int, number: str | None, state: int = 0, unit: int | None = None, label: str = "x") -> Attributes:
    """An object with one number."""
    value = None if number is None else Decimal(number)
    seen = NuObsValue(code, state, _UNIT.get(code, PER_MIN) if unit is None else unit, value)
    return {LABEL: words.label_string(label), NUMERIC: words.number(seen)}


def cuff(*numbers: str | None, states: Sequence[int] = (0, 0, 0), at: datetime | None = None, unit: int = MMHG) -> Attributes:
    """A cuff's object: systolic, diastolic, mean, as many as are given."""
    seen = [
        NuObsValue(0x4A05 + n, states[n], unit, None if number is None else Decimal(number)) for n, number in enumerate(numbers)
    ]
    return {COMPOUND: words.compound(seen)} | ({} if at is None else {MEASURED_AT: words.dated(at)})


def answer(*attributes: Attributes, ticks: int = 0, asked: PollRequest = SINGLE, mtu: int = 996) -> bytes:
    """Framed messages of one answer."""
    objects = [PolledObject(n, listed) for n, listed in enumerate(attributes, 1)]
    return b"".join(map(mib.framed, words.answer(asked, ticks, 0, objects, mtu)))


def start(ticks: int = 0, date: datetime = NOON) -> bytes:
    """The monitor's start, which tells which date belongs to which tick."""
    return mib.framed(words.created(MdsCreated(1, ticks, words.of_itself(ticks, date, "Philips", "M8000"))))


def itself(ticks: int, date: datetime) -> bytes:
    """The monitor's answer about itself."""
    return answer(words.of_itself(ticks, date, "Philips", "M8000"), ticks=ticks, asked=SINGLE._replace(object_type=MDS))


@dataclass
class Line:
    """A decoder and all that it has given."""

    decoder: IntelliVue = field(default_factory=IntelliVue)

    def hears(self, *data: bytes) -> list[Sample]:
        return self.decoder.feed(b"".join(data))

    def poll(self, *attributes: Attributes, ticks: int = 0) -> list[Sample]:
        return self.hears(answer(*attributes, ticks=ticks))

    def said(self, *attributes: Attributes, ticks: int = 0) -> list[tuple[str, str | None, str]]:
        """Vital sign, value and quality of each sample."""
        samples = self.poll(*attributes, ticks=ticks)
        return [(s.vital, None if s.value is None else str(s.value), s.quality.value) for s in samples]
