"""A short text as a QR code, to be read back from paper by the ward's scanner."""

from io import BytesIO

import segno

#: White modules around it, which a reader needs (ISO/IEC 18004).
_QUIET_ZONE = 4


def qr_svg(text: str) -> str:
    """Black on nothing, with its quiet zone, in module units; at least a seventh of it may be dirty (error correction M)."""
    out = BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(out, kind="svg", xmldecl=False, nl=False, svgclass=None, lineclass=None, omitsize=True, border=_QUIET_ZONE)
    return out.getvalue().decode()
