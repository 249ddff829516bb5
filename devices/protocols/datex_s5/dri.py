"""Datex-Ohmeda records on the wire: frames, checksum, header and subrecords; every number is little endian.

The frame (GE M1017617, S/5 Computer Interface, 12th edition); inside it a byte 7E goes as 7D 5E, a 7D as 7D 5D:

    7E | record, r_len bytes | sum of the record's bytes, mod 256 | 7E

The record (GE 8005313, Datex-Ohmeda Record Interface, 12th edition, "DRI" below):

     0  i16  r_len       bytes of the record, header and all
     2  u8   r_nbr       number, runs through 0–255
     3  u8   dri_level   edition of the interface
     4  u16  plug_id
     6  u32  r_time      the monitor's clock, Unix seconds
    10  u8   n_subnet    behind it 3 bytes reserved
    14  i16  r_maintype  0 physiological, 1 wave, 4 alarm, 5 network
    16  8 × {i16 offset from the header's end, u8 type}; type FF ends the list, what stands behind it is left-over memory
    40       subrecords

A subrecord of physiological data (DRI), 278 bytes; its type 1 displayed, 2 and 3 trends of 10 and 60 s:

     0  u32  time
     4       270 bytes of one class: groups of {u32 status, u16 label, i16 values}
   274  u8   marker      behind it a byte reserved
   276  u16  class       bits 8–11: 0 basic, 1–3 extended

A request for them (DRI): subrecord type 0, 9 bytes:

     0  u8   type        as above
     1  i16  interval    seconds, 5 or more; -1 once, 0 never again
     3  u32  classes     2, 4, 8 extended 1–3; the basic one always comes
     7  i16  reserved
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

FLAG = b"\x7e"
LIMIT = 8192
"""Escaped bytes of the longest frame believed; a record of eight subrecords has at most 4,532."""

HEADER_LEN = 40
SUBRECORD_LEN = 278
PHYSIOLOGICAL = 0
DISPLAYED = 1

_HEADER = struct.Struct("<hBBHIBBHh")
_DESCRIPTOR = struct.Struct("<hB")
_DESCRIPTORS = 8
_END = 0xFF
_REQUEST = struct.Struct("<BhIh")
_ALL_CLASSES = 0x0E


class DriRecord(NamedTuple):
    """One record whose checksum and length hold; `time_s` is the device's clock (Unix seconds)."""

    frame: int
    time_s: int
    maintype: int
    data: bytes


class DriFrames:
    """Cuts a byte stream into records; every 7E may end one frame and begin the next."""

    def __init__(self) -> None:
        self.good = 0
        self.bad = 0
        self.noise_bytes = 0
        self._tail = b""
        self._outside = True
        self._overlong = False

    @property
    def held(self) -> int:
        return len(self._tail)

    def feed(self, data: bytes) -> list[DriRecord]:
        first, *rest = data.split(FLAG)
        self._tail += first
        records: list[DriRecord] = []
        for piece in rest:
            record = self._closed(self._tail)
            if record:
                records.append(record)
            self._tail = piece
        self._shorten()
        return records

    def _shorten(self) -> None:
        if len(self._tail) > LIMIT:
            self.noise_bytes += len(self._tail)
            self._tail, self._overlong = b"", True

    def _closed(self, content: bytes) -> DriRecord | None:
        """The record between two flags; after a good one the next flag is taken for an opening one."""
        record = None
        if self._overlong or len(content) > LIMIT:
            self.noise_bytes += len(content)
        elif content:
            record = self._counted(content)
        self._outside, self._overlong = record is not None, False
        return record

    def _counted(self, content: bytes) -> DriRecord | None:
        record = _record(self.good + self.bad, content)
        if record:
            self.good += 1
        elif self._outside:
            self.noise_bytes += len(content)
        else:
            self.bad += 1
        return record


def _record(frame: int, content: bytes) -> DriRecord | None:
    raw = _unescaped(content)
    data = raw[:-1]
    if len(data) < HEADER_LEN or sum(data) & 0xFF != raw[-1]:
        return None
    length, _, _, _, time_s, _, _, _, maintype = _HEADER.unpack_from(data)
    return DriRecord(frame, time_s, maintype, data) if length == len(data) else None


def _unescaped(content: bytes) -> bytes:
    """Without its escapes; nothing if a 7D stands there that escapes nothing."""
    marks = content.count(b"\x7d")
    if not marks:
        return content
    if content.count(b"\x7d\x5e") + content.count(b"\x7d\x5d") != marks:
        return b""
    return content.replace(b"\x7d\x5e", b"\x7e").replace(b"\x7d\x5d", b"\x7d")


def subrecords(record: DriRecord) -> Iterator[tuple[int, int]]:
    """Type and start (within the record) of each subrecord; what follows the FF is not looked at."""
    for number in range(_DESCRIPTORS):
        offset, kind = _DESCRIPTOR.unpack_from(record.data, _HEADER.size + number * _DESCRIPTOR.size)
        if kind == _END:
            return
        if offset >= 0:
            yield kind, HEADER_LEN + offset


def framed(record: bytes) -> bytes:
    """A record with its checksum, escaped, between flags."""
    body = record + bytes((sum(record) & 0xFF,))
    return FLAG + body.replace(b"\x7d", b"\x7d\x5d").replace(FLAG, b"\x7d\x5e") + FLAG


def header(length: int, number: int, level: int, time_s: int, descriptors: bytes) -> bytes:
    """A physiological record's 40 bytes; `descriptors` fill the list of subrecords, FF and rest included."""
    fixed = _HEADER.pack(length, number, level, 0, time_s, 0, 0, 0, PHYSIOLOGICAL)
    return (fixed + descriptors).ljust(HEADER_LEN, b"\0")


def descriptor(offset: int, kind: int) -> bytes:
    return _DESCRIPTOR.pack(offset, kind)


def end_of_descriptors() -> bytes:
    return _DESCRIPTOR.pack(0, _END)


def request(interval_s: int, classes: int = _ALL_CLASSES) -> bytes:
    """Ask for displayed values every so many seconds (5 or more; -1 once). `classes`: 2, 4, 8 = ext1–3."""
    body = _REQUEST.pack(DISPLAYED, interval_s, classes, 0)
    return framed(header(HEADER_LEN + len(body), 0, 0, 0, descriptor(0, 0) + end_of_descriptors()) + body)


def stop() -> bytes:
    """Ask the monitor to be silent again."""
    return request(0, classes=0)


class DriRequest(NamedTuple):
    """What the subrecord of a request says, as the monitor reads it."""

    kind: int
    interval_s: int
    classes: int


def request_in(record: DriRecord) -> DriRequest | None:
    """The request in a record, None if it holds none."""
    starts = [start for kind, start in subrecords(record) if kind == 0]
    if record.maintype != PHYSIOLOGICAL or not starts or starts[0] + _REQUEST.size > len(record.data):
        return None
    kind, interval_s, classes, _ = _REQUEST.unpack_from(record.data, starts[0])
    return DriRequest(kind, interval_s, classes)
