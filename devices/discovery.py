"""Which serial ports this machine has."""

import msgspec
from serial.tools.list_ports import comports


class Port(msgspec.Struct, frozen=True):
    """`name` opens it; `says` is what the USB adapter calls itself, "" where it says nothing."""

    name: str
    says: str


def ports() -> list[Port]:
    """The ports that are there now, by name."""
    found = [Port(p.device, " ".join(filter(None, (p.manufacturer, p.product)))) for p in comports()]
    return sorted(found, key=lambda port: port.name)
