"""A barcode scanner on a port: its line is watched like a monitor's, its codes are handed on, and it has no values."""

import msgspec

from app.domain.texts import say
from devices.device_rows import PortRow
from devices.link import PortSettings

from .decoder import OnScan, ScannerDecoder

#: It may rest for hours: its line is never called silent.
SCANNER = PortRow(
    protocol="scanner",
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
