"""S/5 records put together from the vendor's tables, apart from the simulator's encoder."""

import struct
from dataclasses import dataclass

NONE = -32767
ON = 0b11
FROM_ECG = ON | 1 << 3
AT = 1_625_282_059


@dataclass(frozen=True, kw_only=True)
class Basic:
    """One basic-class subrecord; every value as the wire carries it."""

    ecg: int = FROM_ECG
    hr: int = NONE
    impedance: int = NONE
    cuff: int = ON
    label: int = 0
    pressure: tuple[int, int, int] = (NONE, NONE, NONE)
    temps: tuple[tuple[int, int], ...] = ()
    oximeter: int = ON
    spo2: int = NONE
    pulse: int = NONE
    co2: int = 0
    co2_rate: int = NONE

    def body(self) -> bytes:
        body = bytearray(struct.pack("<135h", *[NONE] * 135))
        struct.pack_into("<IH5h", body, 0, self.ecg, 0, self.hr, NONE, NONE, NONE, self.impedance)
        struct.pack_into("<IH4h", body, 72, self.cuff, self.label, *self.pressure, NONE)
        for number in range(4):
            status, temp = self.temps[number] if number < len(self.temps) else (0, NONE)
            struct.pack_into("<IHh", body, 86 + 8 * number, status, 11 + number, temp)
        struct.pack_into("<IH4h", body, 118, self.oximeter, 0, self.spo2, self.pulse, NONE, NONE)
        struct.pack_into("<IH4h", body, 132, self.co2, 0, NONE, NONE, self.co2_rate, NONE)
        return bytes(body)


def subrecord(body: bytes, class_number: int = 0, at: int = AT) -> bytes:
    return struct.pack("<I", at) + body + struct.pack("<BBH", 0, 0, class_number << 8)


def record(*parts: tuple[int, bytes], at: int = AT, maintype: int = 0, end: bytes = b"\xbd\xbd\xff") -> bytes:
    """Header and subrecords; each part is its type and bytes."""
    descriptors, body = b"", b""
    for kind, part in parts:
        descriptors += struct.pack("<hB", len(body), kind)
        body += part
    descriptors = (descriptors + end * 8)[:24]
    fixed = struct.pack("<hBBHIBBHh", 40 + len(body), 1, 9, 0, at, 0, 0, 0, maintype)
    return fixed + descriptors + body


def framed(content: bytes) -> bytes:
    """Checksum added, escaped, between flags: the slow and plain way."""
    escaped = b"".join(
        bytes((0x7D, byte & ~0x20)) if byte in (0x7D, 0x7E) else bytes((byte,)) for byte in content + bytes((sum(content) % 256,))
    )
    return b"\x7e" + escaped + b"\x7e"


def shown(basic: Basic, at: int = AT) -> bytes:
    """The frame of a record with this one basic subrecord."""
    return framed(record((1, subrecord(basic.body(), at=at)), at=at))
