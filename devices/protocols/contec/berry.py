"""Berry oximeters, BCI protocol V1.2: as Contec V5 at 100 frames a second, with bits of its own, and 0 for none too."""

from devices.protocols.oximeter import Oximeter

from .five_bytes import FiveByteFrames


class Berry(Oximeter):
    """First byte: bit 4 no signal, 5 probe unplugged; third byte: bit 4 no finger, 5 searching."""

    def __init__(self) -> None:
        super().__init__(FiveByteFrames(100, off=(0x20, 0x10), searching=(0x10, 0x20), none=(0,)))
