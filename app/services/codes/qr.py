"""A short text as a QR code, to be read back from paper or screen by the ward's scanner."""

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segno import QRCode

#: White modules around it, which a reader needs (ISO/IEC 18004).
QUIET_ZONE = 4


def qr_modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Row by row whether a module is dark, without the quiet zone; error correction M or better."""
    return tuple(tuple(map(bool, row)) for row in _made(text).matrix)


def qr_svg(text: str) -> str:
    """Black on nothing, with its quiet zone, in module units; at least a seventh of it may be dirty (error correction M)."""
    out = BytesIO()
    _made(text).save(out, kind="svg", xmldecl=False, nl=False, svgclass=None, lineclass=None, omitsize=True, border=QUIET_ZONE)
    return out.getvalue().decode()


def _made(text: str) -> "QRCode":
    """What makes it is loaded with the first: most days nobody wants a code."""
    import segno

    return segno.make_qr(text, error="m")
