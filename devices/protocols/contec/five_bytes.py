"""The five-byte frames of Contec V5 and Berry BCI V1.2: no checksum, bit 7 of the first byte alone is set.

    bit    7   6             5              4                       3–0
    1      1   beep          SpO₂ falling   searching for too long  signal
    2      0   pleth …
    3      0   PR, bit 7     searching      probe error             bar
    4      0   PR, bits 6–0 …
    5      0   SpO₂ …

So Contec has them; Berry's bits 4 and 5 of the first byte say: no signal, probe unplugged.
Sources: Contec's protocol V5 of the CMS50D and CMS50E; Berry's BCI protocol V1.2.
"""

import re
from collections.abc import Mapping

from app.domain.vitals.vital_signs import Quality
from devices.protocols.oximeter import PatternFrames, ShownNumbers

ENOUGH = 8
STANDS = 3
NO_SPO2, NO_RATE = 0x7F, 0xFF
_FRAME = re.compile(rb"[\x80-\xff][\x00-\x7f]{3}[\x00-\x64\x7f]")
_BEGUN = re.compile(rb"[\x80-\xff]")


def shown(rate: int, spo2: int, quality: Quality, none: tuple[int, ...] = ()) -> ShownNumbers:
    """Pulse rate and SpO₂; `none`: what means no number beside FF and 7F."""
    no_rate, no_spo2 = (NO_RATE, *none), (NO_SPO2, *none)
    return ShownNumbers((("pr", None if rate in no_rate else rate), ("spo2", None if spo2 in no_spo2 else spo2)), quality)


class FiveByteFrames(PatternFrames):
    """Signal, pleth, bar, pulse rate, SpO₂ (0–100 or 7F), `a_second` times a second.

    `off` and `searching` are the bits of the first and third byte that say so; `none`: what means no number beside FF and 7F.
    """

    whole, begun = _FRAME, _BEGUN
    longest = 5
    enough = ENOUGH
    stands = STANDS

    def __init__(self, a_second: int, off: tuple[int, int], searching: tuple[int, int], none: tuple[int, ...] = ()) -> None:
        self.a_second = a_second
        self._off = off
        self._searching = searching
        self._none = none
        self._last = bytes(5)

    def read(self, frame: bytes, _is_first: bool) -> ShownNumbers:
        self._last = frame
        first, _, bar, rate, spo2 = frame
        quality = Quality.OK
        if first & self._off[0] or bar & self._off[1]:
            quality = Quality.SENSOR_OFF
        elif first & self._searching[0] or bar & self._searching[1]:
            quality = Quality.SEARCHING
        return shown(rate | (bar & 0x40) << 1, spo2, quality, self._none)

    def unread(self) -> Mapping[str, str]:
        return {"signal": str(self._last[0] & 0x0F), "pleth": str(self._last[1]), "bar": str(self._last[2] & 0x0F)}
