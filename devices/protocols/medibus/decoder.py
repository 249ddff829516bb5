"""Dräger MEDIBUS: saturation, pulse, respiration and airway temperature of the measured data's first page.

    data of a page    {code, 2 hexadecimal digits | value, 4 characters} …; what cannot be measured is not there
    data of the clock HH:MM:SS | DD-MMM-YY, some months in German

Source: Dräger MEDIBUS for intensive care devices, revision 4.03.
"""

import re
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from msgspec import UNSET

from app.domain.vitals.vital_signs import VITALS, Quality, Sample, plausible
from devices.protocols import FramedDecoder, UnmappedValues
from devices.protocols.clocks import MONTHS, printed_time

from .medibus_frames import CLOCK, DATA, LIMIT, SOH, MedibusFrame, MedibusFrames

_PAGE = re.compile(r"(?:[0-9A-F]{2}[ -~]{4})*")
_PAIR_LEN = 6
_NUMBER = re.compile(r" *(-?\d+(?:\.\d+)?) *")
_TIME = re.compile(r"(\d\d:\d\d:\d\d)(\d\d)-([A-Z]{3})-(\d\d)")
_VITALS = {
    "EB": ("spo2", "pleth"),
    "E1": ("pr", "pleth"),
    "D6": ("rr", "ventilator"),
    "D5": ("rr", "co2"),
    "C1": ("temp", "airway"),
}
_BREATHS, _BREATHS_BY_CO2, _AIRWAY = "D6", "D5", "C1"
_HEARD_AT_MOST = 64


class Medibus(FramedDecoder[MedibusFrames]):
    """Decoder of one connection: `feed` gives samples in wire order, see `devices.protocols.Decoder`.

    What a device cannot measure it does not send: a value that came before and is missing now is `unavailable`.
    A device's time belongs to the data that follow it.
    """

    limit = LIMIT

    def __init__(self) -> None:
        self._frames = MedibusFrames()
        self._at: datetime | None = None
        self._codes: set[str] = set()
        self._heard: deque[tuple[bytes, bytes]] = deque(maxlen=_HEARD_AT_MOST)
        self.unmapped = UnmappedValues()

    @property
    def is_suspended(self) -> bool:
        """Whether the device wants to be sent nothing for now."""
        return self._frames.is_suspended

    def heard(self) -> list[tuple[bytes, bytes]]:
        """Kind and code of the frames since the last call, for the dialogue."""
        heard = list(self._heard)
        self._heard.clear()
        return heard

    def feed(self, data: bytes) -> list[Sample]:
        samples = [sample for frame in self._frames.feed(data) for sample in self._read(frame)]
        if self._frames.real_time:
            self.unmapped.note("real-time", self._frames.real_time.hex())
        return samples

    def _read(self, frame: MedibusFrame) -> list[Sample]:
        self._heard.append((frame.kind, frame.code))
        if frame.kind != SOH:
            return []
        if frame.code == CLOCK:
            self._at = _printed(frame.data)
        elif frame.code == DATA and _PAGE.fullmatch(frame.data):
            return list(self._measured(frame))
        elif frame.data:
            self.unmapped.note(frame.code.hex(), frame.data)
        return []

    def _measured(self, frame: MedibusFrame) -> Iterator[Sample]:
        page = _page(frame.data)
        at, self._at = self._at, None
        chosen = _chosen(page)
        for code, sent in page.items():
            if code in chosen:
                yield _sample(frame.number, code, sent, at)
            else:
                self.unmapped.note(code, sent.strip())
        for code in sorted(self._codes - chosen):
            if _VITALS[code][0] not in {_VITALS[c][0] for c in chosen}:
                yield _sample(frame.number, code, "", at)
        self._codes = chosen


def _page(data: str) -> dict[str, str]:
    """Code to its four characters."""
    return {data[place : place + 2]: data[place + 2 : place + _PAIR_LEN] for place in range(0, len(data), _PAIR_LEN)}


def _chosen(page: dict[str, str]) -> set[str]:
    """The codes that are read: breaths by CO₂ only where the ventilator counts none and CO₂ does."""
    codes = page.keys() & _VITALS.keys()
    by_co2 = not _above_zero(page.get(_BREATHS)) and (_BREATHS not in codes or _above_zero(page.get(_BREATHS_BY_CO2)))
    return codes - {_BREATHS if by_co2 else _BREATHS_BY_CO2}


def _above_zero(sent: str | None) -> bool:
    found = _NUMBER.fullmatch(sent or "")
    return bool(found and Decimal(found[1]) > 0)


def _sample(frame: int, code: str, sent: str, at: datetime | None) -> Sample:
    """One value; what is sent and is no number is refused as it came. The airway's temperature is not the patient's."""
    vital, source = _VITALS[code]
    found = _NUMBER.fullmatch(sent)
    value = Decimal(found[1]) if found else None
    original = sent.strip() if value is None and sent.strip() else UNSET
    return Sample(frame, vital, value, VITALS[vital].unit, _quality(code, value, sent), source, at, original=original)


def _quality(code: str, value: Decimal | None, sent: str) -> Quality:
    if value is None:
        return Quality.INVALID if sent.strip() else Quality.UNAVAILABLE
    if not plausible(_VITALS[code][0], value):
        return Quality.IMPLAUSIBLE
    return Quality.QUESTIONABLE if code == _AIRWAY else Quality.OK


def _printed(data: str) -> datetime | None:
    found = _TIME.fullmatch(data)
    return printed_time(int(found[4]), MONTHS.get(found[3]), int(found[2]), found[1]) if found else None
