"""A barcode scanner on a serial port: whole scanned lines, the symbology's prefix (`]C1`) kept as it was sent."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.domain.vitals.vital_signs import Sample
from devices.protocols import FramedDecoder
from devices.protocols.lines import LineCutter

SCAN_LIMIT = 8192
"""Bytes of the longest scan believed; the largest two-dimensional codes hold some 7,000 digits."""
OnScan = Callable[[str], None]
_NOTHING: Mapping[str, str] = MappingProxyType({})


class ScanLines:
    """Made anew for every connection. No bytes make it raise, and it never holds more than `limit` of them.

    A scan ends with CR, LF or both. What is no UTF-8 is counted in `bad` and not handed on: half a label is none.
    """

    limit = SCAN_LIMIT

    def __init__(self) -> None:
        self._lines = LineCutter(self.limit)
        self.good = 0
        self.bad = 0

    @property
    def noise_bytes(self) -> int:
        """Bytes of what was too long to be a scan."""
        return self._lines.noise_bytes

    @property
    def held(self) -> int:
        return self._lines.held

    def feed(self, data: bytes) -> list[str]:
        """The scans that these bytes complete, control characters inside them (a GS1 separator) kept."""
        return [text for line in self._lines.feed(data) if (text := self._read(line)) is not None]

    def _read(self, line: bytes) -> str | None:
        try:
            text = line.decode()
        except UnicodeDecodeError:
            self.bad += 1
            return None
        self.good += 1
        return text


def _unheard(_code: str) -> None:
    pass


class ScannerDecoder(FramedDecoder[ScanLines]):
    """A decoder that gives no samples; each whole code goes to `on_scan`."""

    limit = ScanLines.limit

    def __init__(self, on_scan: OnScan = _unheard) -> None:
        self._frames, self._on_scan = ScanLines(), on_scan

    @property
    def unmapped(self) -> Mapping[str, str]:
        return _NOTHING

    def feed(self, data: bytes) -> list[Sample]:
        for code in self._frames.feed(data):
            self._on_scan(code)
        return []
