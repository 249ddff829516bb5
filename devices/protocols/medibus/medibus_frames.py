"""MEDIBUS on the wire: commands, responses and their checksum.

    1B (ESC) | code | arguments | sum, 2 characters | 0D     a command
    01 (SOH) | code | data      | sum, 2 characters | 0D     the response to it

The sum: the low 8 bits of all bytes before it, in two upper-case hexadecimal digits. Bytes with bit 7 set are real-time data
and may stand anywhere. DC1 (11) asks for silence, DC3 (13) ends it, CAN (18) gives a frame up.

Source: Dräger RS 232 MEDIBUS Protocol Definition, revision 4.03: Structure of Commands, Structure of Responses, Software
Handshaking. Its printed example of NOP ends with 46; its sum is 4B.
"""

import re
from typing import NamedTuple

LIMIT = 2048
"""Bytes of the longest frame believed; all 256 codes of a data page have 1,541."""

ESC, SOH = b"\x1b", b"\x01"
ICC, NOP, IDENTITY = b"\x51", b"\x30", b"\x52"
DATA, CLOCK, TIME_CHANGED = b"\x24", b"\x28", b"\x49"
CORRUPT = b"\x15"
_SUSPEND, _RESUME = 0x11, 0x13
"""DC1 and DC3, the reverse of XON and XOFF. CAN (18) ends a frame without its being one."""
_PLAIN = bytes(range(0x80))
_TAKEN_OUT = bytes((*range(0x80, 0x100), _SUSPEND, _RESUME))
_FRAME = re.compile(rb"[\x01\x1b][^\x01\x1b\x18\r]{0,%d}\r" % (LIMIT - 2))
_BEGUN = re.compile(rb"[\x01\x1b][^\x01\x1b\x18\r]{0,%d}\Z" % (LIMIT - 2))
_LEAST = 5


class MedibusFrame(NamedTuple):
    """One frame whose checksum holds. `kind` is ESC of a command, SOH of a response; `code` one byte."""

    number: int
    kind: bytes
    code: bytes
    data: str


class MedibusFrames:
    """Cuts a byte stream into frames. After noise the next ESC or SOH begins a frame again.

    Real-time bytes (bit 7 set) and flow control may stand between any two bytes and are taken out first.
    """

    def __init__(self) -> None:
        self.good = 0
        self.bad = 0
        self.noise_bytes = 0
        self.real_time = b""
        self.is_suspended = False
        self._tail = b""

    @property
    def held(self) -> int:
        return len(self._tail)

    def feed(self, data: bytes) -> list[MedibusFrame]:
        buffer = self._tail + self._stripped(data)
        frames: list[MedibusFrame] = []
        end = 0
        for found in _FRAME.finditer(buffer):
            self.noise_bytes += found.start() - end
            end = found.end()
            frames += self._counted(found[0])
        begun = _BEGUN.search(buffer, end)
        self._tail = begun[0] if begun else b""
        self.noise_bytes += len(buffer) - end - len(self._tail)
        return frames

    def _stripped(self, data: bytes) -> bytes:
        suspended, resumed = data.rfind(_SUSPEND), data.rfind(_RESUME)
        if suspended != resumed:
            self.is_suspended = suspended > resumed
        plain = data.translate(None, _TAKEN_OUT)
        self.real_time = (self.real_time + data.translate(None, _PLAIN))[-1:]
        return plain

    def _counted(self, sent: bytes) -> list[MedibusFrame]:
        if len(sent) < _LEAST or sent[-3:-1] != _checksum(sent[:-3]):
            self.bad += 1
            return []
        self.good += 1
        return [MedibusFrame(self.good + self.bad - 1, sent[:1], sent[1:2], sent[2:-3].decode())]


def _checksum(sent: bytes) -> bytes:
    return b"%02X" % (sum(sent) & 0xFF)


def command(code: bytes, data: bytes = b"") -> bytes:
    return _framed(ESC + code + data)


def response(code: bytes, data: bytes = b"") -> bytes:
    return _framed(SOH + code + data)


def _framed(content: bytes) -> bytes:
    return content + _checksum(content) + b"\r"
