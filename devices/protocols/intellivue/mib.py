"""MIB/RS-232 frames, which carry IntelliVue data export: marks, header, escapes and checksum.

    C0 | 11 01 | length u16 | user data | FCS u16 | C1
    BOF  protocol, type                           EOF

The length is that of the user data before escaping, big endian. The FCS is CRC-16/X-25 over header and user data, low byte
first. A byte C0, C1 or 7D between the marks goes as 7D and the byte with bit 5 flipped; 7D C1 gives a frame up.

Source: Philips IntelliVue Data Export Interface Programming Guide, Rel. H.0 (4535 643 22831), chapter "Definition of the
Transport Protocols": Framing, Header Information, Frame Check Sequence Field, Transparency, Frame Abort.
"""

import binascii
import struct
from typing import NamedTuple

LIMIT = 4096
"""Escaped bytes of the longest frame believed; the longest that is agreed on has 1,000, escaped at most 2,012."""

_BEGIN, _END, _ESCAPE = b"\xc0", b"\xc1", b"\x7d"
_FLIP = 0x20
_HEADER = struct.Struct(">HH")
_DATA_EXPORT = 0x1101
_FCS_LEN = 2

_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_INITIAL = 0xFFFF
_HOLDS = 0x1D0F
"""What is left over a frame with its checksum: F0B8, bit-reversed."""


class MibFrame(NamedTuple):
    """The user data of one good frame and its number among all frames."""

    number: int
    data: bytes


class MibFrames:
    """Cuts a byte stream into frames. A C0 always begins one, so noise costs at most the frame that it hits."""

    def __init__(self) -> None:
        self.good = 0
        self.bad = 0
        self.noise_bytes = 0
        self._body: bytes | None = None

    @property
    def held(self) -> int:
        return 0 if self._body is None else len(self._body) + len(_BEGIN)

    def feed(self, data: bytes) -> list[MibFrame]:
        first, *rest = data.split(_BEGIN)
        frames = [self._taken(first)]
        for piece in rest:
            self._begin()
            frames.append(self._taken(piece))
        return [frame for frame in frames if frame is not None]

    def _begin(self) -> None:
        if self._body:
            self.bad += 1
        elif self._body is not None:
            self.noise_bytes += len(_BEGIN)
        self._body = b""

    def _taken(self, piece: bytes) -> MibFrame | None:
        if self._body is None:
            self.noise_bytes += len(piece)
            return None
        content, mark, outside = piece.partition(_END)
        self._body += content
        if len(self._body) >= LIMIT:
            self.noise_bytes += self.held + len(mark) + len(outside)
            self._body = None
            return None
        return self._ended(self._body, outside) if mark else None

    def _ended(self, body: bytes, outside: bytes) -> MibFrame | None:
        number, data = self.good + self.bad, _user_data(body)
        self._body = None
        self.noise_bytes += len(outside)
        self.good += data is not None
        self.bad += data is None
        return None if data is None else MibFrame(number, data)


def _user_data(escaped: bytes) -> bytes | None:
    """What stands between two marks without header and checksum; None if either does not hold."""
    raw = _unescaped(escaped)
    if len(raw) < _HEADER.size + _FCS_LEN or _remainder(raw) != _HOLDS:
        return None
    kind, length = _HEADER.unpack_from(raw)
    data = raw[_HEADER.size : -_FCS_LEN]
    return data if kind == _DATA_EXPORT and length == len(data) else None


def _unescaped(escaped: bytes) -> bytes:
    """Without its escapes; nothing where a 7D escapes nothing, as in the 7D C1 that aborts a frame."""
    first, *rest = escaped.split(_ESCAPE)
    if not all(rest):
        return b""
    return first + b"".join(bytes((piece[0] ^ _FLIP,)) + piece[1:] for piece in rest)


def _remainder(data: bytes) -> int:
    """CRC-16/X-25 before its last inversion, bit-reversed: the library's polynomial is the same, the other way round."""
    return binascii.crc_hqx(data.translate(_MIRRORED), _INITIAL)


def enclosed(content: bytes) -> bytes:
    """Content of whatever header with its checksum (low byte first), escaped, between marks."""
    fcs = _remainder(content) ^ 0xFFFF
    raw = content + bytes((_MIRRORED[fcs >> 8], _MIRRORED[fcs & 0xFF]))
    for special in (_ESCAPE, _BEGIN, _END):
        raw = raw.replace(special, _ESCAPE + bytes((special[0] ^ _FLIP,)))
    return _BEGIN + raw + _END


def framed(data: bytes) -> bytes:
    """User data as it goes over the wire."""
    return enclosed(_HEADER.pack(_DATA_EXPORT, len(data)) + data)
