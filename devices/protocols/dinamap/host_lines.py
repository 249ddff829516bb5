"""The lines of DINAMAP host communications, either way.

    unit | code | fields | check, 2 characters | CR        unit: one character, a blank where nobody set another

The check is v = Σ(code of the character − 31) over all before it: 32 + v ÷ 64 mod 64, then 32 + v mod 64.
Source: GE *Host Communications Reference Manual* 2010566 (ProCare, Pro 100–400), Critikon 8555ER (Compact).
"""

CR = b"\r"
UNIT = b" "
_CHECK_LEN = 2
_LEAST = 1 + 2 + _CHECK_LEN
_BELOW, _BLANK, _SIX_BITS, _WHOLE = 31, 32, 64, 64 * 64

#: The two characters of each sum.
_CHECKS = tuple(bytes((_BLANK + total // _SIX_BITS, _BLANK + total % _SIX_BITS)) for total in range(_WHOLE))


def check(text: bytes) -> bytes:
    return _CHECKS[(sum(text) - _BELOW * len(text)) % _WHOLE]


def line(code: str, fields: str = "") -> bytes:
    """A whole line of the default unit."""
    text = UNIT + (code + fields).encode("ascii")
    return text + check(text) + CR


def opened(data: bytes) -> tuple[str, str] | None:
    """Code (two letters) and fields ("" in a command) of a line without its end.

    None where it is too short, its check is wrong, or it is no ASCII.
    """
    text = data[:-_CHECK_LEN]
    if len(data) < _LEAST or not data.endswith(check(text)) or not text.isascii():
        return None
    said = text.decode()
    return said[1:3], said[3:]
