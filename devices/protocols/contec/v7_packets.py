"""Packets that a Contec CMS50 of protocol V7.0 sends, and the commands it obeys.

    type | high bits | data …            bit 7 of the type is 0, of all others 1; bit k of the high bits is that of data byte k
    7D   | 81 | code | 80 × 6            a command

    data of a live packet (type 01), its high bits given back:
    signal + 10 searching + 20 low + 40 beep + 80 finger out | pleth + 80 searching | bar + 10 no PI | PR | SpO₂ | PI low | PI high

Source: Contec's communication protocol V7.0 of the CMS50 series.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from app.domain.vitals.vital_signs import Quality
from devices.protocols.oximeter import PatternFrames, ShownNumbers

from .five_bytes import ENOUGH, STANDS, shown

NO_INDEX = 0xFFFF
LIVE = 0x01
LIVE_LENGTH = 9
#: Bytes of each kind of packet that the device sends (V7.0): live values, and answers to commands.
_LENGTHS = {LIVE: LIVE_LENGTH, 0x02: 9, 0x03: 9, 0x04: 9, 0x06: 4, 0x0C: 2, 0x0E: 3, 0x11: 9, 0x13: 9, 0x14: 9}

_FINGER_OUT, _SEARCHING_LONG, _SEARCHING, _NO_PI = 0x80, 0x10, 0x80, 0x10


#: Data bytes have bit 7. SpO₂, the fifth, is 0–100 or 7F: its own bit 7, which bit 4 of the high bits gives back, is 0.
_LIVE = rb"\x01[\x80-\x8f\xa0-\xaf\xc0-\xcf\xe0-\xef][\x80-\xff]{4}[\x80-\xe4\xff][\x80-\xff]{2}"
_ANSWERS = [rb"%c[\x80-\xff]{%d}" % (kind, length - 1) for kind, length in _LENGTHS.items() if kind != LIVE]
_BEGUN = [rb"%c[\x80-\xff]{0,%d}\Z" % (kind, length - 2) for kind, length in _LENGTHS.items()]


class V7Packets(PatternFrames):
    """V7.0: a type, the high bits of what follows, and data bytes that carry bit 7 themselves.

    Answers to commands are packets too and count towards `enough`, so long as kind and length are known ones.
    """

    whole = re.compile(b"|".join((_LIVE, *_ANSWERS)))
    begun = re.compile(b"|".join(_BEGUN))
    longest = LIVE_LENGTH
    enough = ENOUGH
    stands = STANDS
    a_second = 60

    def __init__(self) -> None:
        self._last: tuple[int, ...] = ()

    def read(self, frame: bytes, _is_first: bool) -> ShownNumbers | None:
        if frame[0] != LIVE:
            return None
        self._last = data = _whole_bytes(frame)
        quality = Quality.OK
        if data[0] & _FINGER_OUT:
            quality = Quality.SENSOR_OFF
        elif data[0] & _SEARCHING_LONG or data[1] & _SEARCHING:
            quality = Quality.SEARCHING
        return shown(data[3], data[4], quality)

    def unread(self) -> Mapping[str, str]:
        if not self._last:
            return {}
        signal, pleth, bar, _, _, low, high = self._last
        index = low | high << 8
        percent = "—" if index == NO_INDEX or bar & _NO_PI else f"{Decimal(index) / 100}"
        return {"signal": str(signal & 0x0F), "pleth": str(pleth & 0x7F), "bar": str(bar & 0x0F), "PI": percent}


def _whole_bytes(packet: bytes) -> tuple[int, ...]:
    """The data bytes with their bit 7 given back; bit k of the second byte is that of data byte k."""
    return tuple(byte & 0x7F | (packet[1] >> k & 1) << 7 for k, byte in enumerate(packet[2:]))


def command(code: int) -> bytes:
    """A host's command of V7.0: nine bytes, none of them asks for more than to send, to stop or to stay awake."""
    return bytes((0x7D, 0x81, code)) + b"\x80" * 6


START_LIVE, STOP_LIVE, STOP_STORAGE, KEEP_ALIVE = 0xA1, 0xA2, 0xA7, 0xAF
