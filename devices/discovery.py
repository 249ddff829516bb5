"""Which serial ports this machine has, and what their adapters call themselves."""

import msgspec
from serial.tools.list_ports import comports


class Port(msgspec.Struct, frozen=True):
    """`name` opens it; `says` is what the adapter calls itself, `usb` its vendor and product numbers; "" where unknown."""

    name: str
    says: str = ""
    usb: str = ""


def ports() -> list[Port]:
    """The ports that are there now, by name."""
    found = [Port(p.device, " ".join(filter(None, (p.manufacturer, p.product))), _usb(p.vid, p.pid)) for p in comports()]
    return sorted(found, key=lambda port: port.name)


def _usb(vendor: int | None, product: int | None) -> str:
    return "" if vendor is None or product is None else f"{vendor:04x}:{product:04x}"
