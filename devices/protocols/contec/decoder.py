"""Contec CMS50 oximeters (V5, V7.0) and Berry oximeters (BCI V1.2): no checksum, bit 7 marks the frames."""

from devices.protocols.oximeter import Oximeter

from .five_bytes import FiveByteFrames
from .v7_packets import V7Packets


def v5() -> FiveByteFrames:
    return FiveByteFrames(60, off=(0, 0x10), searching=(0x10, 0x20))


class ContecV5(Oximeter):
    """A CMS50 that talks by itself."""

    def __init__(self) -> None:
        super().__init__(v5())


class Contec(Oximeter):
    """A CMS50 of either protocol."""

    def __init__(self) -> None:
        super().__init__(V7Packets(), v5())


class Berry(Oximeter):
    """First byte: bit 4 no signal, 5 probe unplugged; third byte: bit 4 no finger, 5 searching."""

    def __init__(self) -> None:
        super().__init__(FiveByteFrames(100, off=(0x20, 0x10), searching=(0x10, 0x20), none=(0,)))
