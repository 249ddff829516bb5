"""The program's own readers on all ports, each at a bed of its own; shared by programs that measure them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.domain.vitals.vital_signs import Reading
from app.program.open_record import open_record
from app.services.clock import ScaledClock
from app.services.protocol_files import load
from devices.link import LinkState
from ui.frame.bridge import Bridge


def read(path: Path, ports: Sequence[str], protocol: str, taken: Callable[[list[Reading]], None], app: QCoreApplication) -> Any:
    """The record, once every port is read. `taken` is called when the beds have taken what one read brought."""
    bridge = Bridge()
    record: Any = open_record(path, load(), ScaledClock(), bridge.post, practice=True)
    take = record.bedside.take_readings

    def took(readings: list[Reading]) -> None:
        take(readings)
        taken(readings)

    setattr(record.bedside, "take_readings", took)  # noqa: B010
    for number, port in enumerate(ports):
        record.bedside.connect(f"inf-{number}", port)
        record.ports.listen(port, protocol, simulated=True)
    opening = (LinkState.OPENING, LinkState.ABSENT)
    while sum(link.state not in opening for link in record.ports.links()) < len(ports):
        app.processEvents()
    record.bridge = bridge
    return record
