"""How a monitor is read that stands at one place, and where its adapter is when it was plugged in elsewhere."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from devices.discovery import Port
from devices.link import PortSettings


class PlacedHow(msgspec.Struct, frozen=True, omit_defaults=True):
    """Of one placement. `line`: as a person said it is set, None as its model is delivered; `choices`: what the site chose for it.

    `adapter`: by what its port is known again, "" by its name alone. `has_lived`: it was heard here since that was said.
    """

    line: PortSettings | None = None
    choices: tuple[str, ...] = ()
    adapter: str = ""
    has_lived: bool = False


AS_DELIVERED = PlacedHow()


class Whereabouts(msgspec.Struct, frozen=True):
    """Where placed monitors are now: `moved` old port → new port; `unclear`: it is one of several equal ones."""

    moved: Mapping[str, str]
    unclear: Mapping[str, tuple[str, ...]]


def whereabouts(placed: Mapping[str, PlacedHow], ports: Sequence[Port]) -> Whereabouts:
    """Of the ports of `placed`. One that is where it was has not moved, whatever else is called like it."""
    there = {port.name: port.identity for port in ports}
    known = {url: how.adapter for url, how in placed.items() if how.adapter}
    at_home = {url for url, adapter in known.items() if there.get(url) == adapter}
    by_name = {url for url in placed if url not in known}
    moved: dict[str, str] = {}
    unclear: dict[str, tuple[str, ...]] = {}
    for url, adapter in known.items():
        if url in at_home:
            continue
        equal = [other for other in known if known[other] == adapter and other not in at_home]
        candidates = tuple(name for name, identity in there.items() if identity == adapter and name not in at_home | by_name)
        if len(candidates) == 1 and len(equal) == 1:
            moved[url] = candidates[0]
        elif candidates:
            unclear[url] = candidates
    return Whereabouts(moved, unclear)


def is_another(url: str, how: PlacedHow, ports: Collection[Port]) -> bool:
    """Whether another adapter than the placement's has its name now."""
    return bool(how.adapter) and any(port.name == url and port.identity != how.adapter for port in ports)
