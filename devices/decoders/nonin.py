"""Nonin oximeters: whatever format the device is set to is recognised by itself."""

from .nonin_other import Lines, SpotCheck
from .nonin_realtime import EachSecond, Realtime
from .oximeter import Oximeter


class Nonin(Oximeter):
    """Formats #2, #7, #8 and #13, and the lines of older models; see `devices.decoders.oximeter`."""

    def __init__(self) -> None:
        super().__init__(Realtime(status_at=1), Realtime(status_at=0), EachSecond(), SpotCheck(), Lines())
