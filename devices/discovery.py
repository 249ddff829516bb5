"""Which serial ports this machine has, what their adapters call themselves, and by what each is known again elsewhere."""

from pathlib import Path

import msgspec
from serial.tools.list_ports import comports
from serial.tools.list_ports_common import ListPortInfo

_BY_ID = Path("/dev/serial/by-id")


class Port(msgspec.Struct, frozen=True):
    """`name` opens it; `says` is what the adapter calls itself, `usb` its vendor and product numbers; "" where unknown.

    `identity` goes with the adapter into another socket: its serial number where it has one. Equal adapters without one are not
    told apart by it; "" where the port is known by its name alone.
    """

    name: str
    says: str = ""
    usb: str = ""
    identity: str = ""


def ports() -> list[Port]:
    """The ports that are there now, by name."""
    links = _links()
    return sorted((_port(found, links) for found in comports()), key=lambda port: port.name)


def _port(found: ListPortInfo, links: dict[str, str]) -> Port:
    usb = _usb(found.vid, found.pid)
    says = " ".join(filter(None, (found.manufacturer, found.product)))
    return Port(found.device, says, usb, _identity(found, usb) if usb else links.get(found.device, ""))


def _usb(vendor: int | None, product: int | None) -> str:
    return "" if vendor is None or product is None else f"{vendor:04x}:{product:04x}"


def _identity(found: ListPortInfo, usb: str) -> str:
    """An adapter of several ports has one serial number: the number of the port in it goes with it."""
    _, _, interface = (found.location or "").partition(":")
    return " ".join(filter(None, (usb, found.serial_number, interface)))


def _links() -> dict[str, str]:
    """Linux: the lasting names of ports, by the names they have today."""
    return {str(link.resolve()): link.name for link in _BY_ID.glob("*")}
