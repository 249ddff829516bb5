"""A barcode scanner on a port: its line is watched like a monitor's, its codes are handed on, and it has no values."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec

from app.domain.texts import say
from app.domain.vitals import Sample
from devices.protocols.scanner.decoder import ScanLines

from .link import PortSettings
from .models import PortRow
from .protocols import FramedDecoder

PROTOCOL = "scanner"
OnScan = Callable[[str], None]
_NOTHING: Mapping[str, str] = MappingProxyType({})


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


#: It may rest for hours: its line is never called silent.
SCANNER = PortRow(
    protocol=PROTOCOL,
    label=say("Barcode scanner"),
    settings=PortSettings(9600),
    decoder=ScannerDecoder,
    silent_after_s=1e9,
    wiring=say("A scanner set to its serial (or USB serial, CDC) interface; each code ends with CR. One that is set to be a "
               "keyboard needs no port."),
)  # fmt: skip


def scanner(on_scan: OnScan) -> PortRow:
    """`on_scan` is called on the reader's thread with each code as it was sent."""
    return msgspec.structs.replace(SCANNER, decoder=lambda: ScannerDecoder(on_scan))
