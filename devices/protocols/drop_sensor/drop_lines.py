"""The line of a drop sensor: `DROP <n> <ms> <check>`, LF or CR LF.

    n      drops since the sensor was switched on
    ms     the sensor's own clock when that drop fell, or when it says that it is alive
    check  CRC-8 of all before the last space (polynomial 07, beginning with 00), two capital hexadecimal digits

Both numbers are decimal, begin at 0 and go on at 0 after 4,294,967,295. The same n again is a sign of life without a drop.
"""

import re

WHOLE = 1 << 32
_LINE = re.compile(rb"DROP ((0|[1-9]\d{0,9}) (0|[1-9]\d{0,9})) ([0-9A-F]{2}) *")
_POLYNOMIAL, _TOP_BIT, _BYTE = 0x07, 0x80, 0xFF


def after_byte(crc: int) -> int:
    """What becomes of a remainder when a byte has passed."""
    for _ in range(8):
        crc = (crc << 1 ^ (_POLYNOMIAL if crc & _TOP_BIT else 0)) & _BYTE
    return crc


#: For each remainder, and how one is shown.
_PASSED = tuple(map(after_byte, range(256)))
_SHOWN = tuple(b"%02X" % crc for crc in range(256))


def crc8(data: bytes, crc: int = 0) -> int:
    """CRC-8 as SMBus has it: F4 for `123456789`. `crc`: that of what stands before."""
    for byte in data:
        crc = _PASSED[crc ^ byte]
    return crc


_NAMED = crc8(b"DROP ")


def line(drops: int, ms: int) -> bytes:
    text = b"DROP %d %d" % (drops % WHOLE, ms % WHOLE)
    return b"%s %s\n" % (text, _SHOWN[crc8(text)])


def opened(data: bytes) -> tuple[int, int] | None:
    """n and ms of a line without its end; None where it is none, or its check is wrong."""
    found = _LINE.fullmatch(data)
    if not found:
        return None
    numbers, drops, ms, check = found.groups()
    told = int(drops), int(ms)
    return told if check == _SHOWN[crc8(numbers, _NAMED)] and told[0] < WHOLE and told[1] < WHOLE else None
