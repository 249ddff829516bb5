"""How the setting of a line is written and read: “19200 8E1”, as on a monitor's own menu."""

import re

from app.domain.errors import Refused
from app.domain.texts import say

from .link import PortSettings

_WRITTEN = re.compile(r"(\d{3,7})[ ,]+([78])[ ,]*([NEO])[ ,]*([12])(?:[ ,]+(RTSCTS|RTS/CTS))?", re.IGNORECASE)


def settings_words(settings: PortSettings) -> str:
    """“19200 8E1”."""
    return f"{settings.baud} {settings.bits}{settings.parity}{settings.stop_bits}"


def line_words(settings: PortSettings) -> str:
    """“19200 8E1 RTS/CTS”: all that is set."""
    return settings_words(settings) + (" RTS/CTS" if settings.rtscts else "")


def settings_of(text: str) -> PortSettings:
    """“19200,8,N,1”, “19200 8E1” or “19200,8,E,1,rtscts”; raises `Refused` for what is none."""
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        raise Refused(say("“{text}” is not how a line is set. Write it as 19200,8,N,1 or 19200,8,E,1,rtscts.", text=text))
    baud, bits, parity, stop_bits, flow = found.groups()
    return PortSettings(int(baud), int(bits), parity.upper(), int(stop_bits), flow is not None)
