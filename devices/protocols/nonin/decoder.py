"""Nonin oximeters: whatever format the device is set to is recognised by itself."""

from devices.protocols.oximeter import Oximeter

from .realtime_frames import EachSecond, Realtime
from .spot_and_text import Lines, SpotCheck


class Nonin(Oximeter):
    """Formats #2, #7, #8 and #13, and the lines of older models; see `devices.protocols.oximeter`."""

    def __init__(self) -> None:
        super().__init__(Realtime(status_at=1), Realtime(status_at=0), EachSecond(), SpotCheck(), Lines())
