"""The lines of DINAMAP host communications, either way.

    unit | code | fields | check, 2 characters | CR        unit: one character, a blank where nobody set another

The check is v = Σ(code of the character − 31) over all before it: 32 + v ÷ 64 mod 64, then 32 + v mod 64.
Source: GE *Host Communications Reference Manual* 2010566 (ProCare, Pro 100–400), Critikon 8555ER (Compact).
"""

from typing import NamedTuple

CR = b"\r"
UNIT = b" "
_CHECK_LEN = 2
_LEAST = 1 + 2 + _CHECK_LEN
_BLANK, _BELOW, _SIX_BITS = 32, 31, 64


class HostLine(NamedTuple):
    """`code`: two letters; `fields`: what follows, "" in a command."""

    code: str
    fields: str


def check(text: bytes) -> bytes:
    total = sum(text) - _BELOW * len(text)
    return bytes((_BLANK + total // _SIX_BITS % _SIX_BITS, _BLANK + total % _SIX_BITS))


def line(code: str, fields: str = "") -> bytes:
    """A whole line of the default unit."""
    text = UNIT + (code + fields).encode("ascii")
    return text + check(text) + CR


def opened(data: bytes) -> HostLine | None:
    """A line without its end; None where it is too short, its check is wrong, or it is no ASCII."""
    text, found = data[:-_CHECK_LEN], data[-_CHECK_LEN:]
    if len(data) < _LEAST or found != check(text) or not text.isascii():
        return None
    said = text.decode()
    return HostLine(said[1:3], said[3:])
