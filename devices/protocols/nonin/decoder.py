"""Nonin oximeters: whatever format the device is set to is recognised by itself."""

from devices.protocols.oximeter import Oximeter

from .realtime_frames import NoninEachSecond, NoninRealtime
from .spot_and_text import NoninSpotCheck, NoninTextLines


class Nonin(Oximeter):
    """Formats #2, #7, #8 and #13, and the lines of older models; see `devices.protocols.oximeter`."""

    def __init__(self) -> None:
        super().__init__(
            NoninRealtime(status_at=1), NoninRealtime(status_at=0), NoninEachSecond(), NoninSpotCheck(), NoninTextLines()
        )
