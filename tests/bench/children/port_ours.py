"""The program's own readers on all ports, each at a bed of its own, up to the values that the tiles show.

`port_ours.py STORE COUNT PORT…`; after COUNT values it prints lines of port number and seconds.
"""

import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.program.open_record import open_record
from app.services.clock import ScaledClock, steady_s
from app.services.protocol_files import load
from devices.link import LinkState
from ui.frame.bridge import Bridge

path, count, ports = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
app = QCoreApplication([])
bridge = Bridge()
record: Any = open_record(path, load(), ScaledClock(), bridge.post, practice=True)
stamps: list[tuple[int, float]] = []
seen: list[Any] = [None] * len(ports)
take = record.bedside.take_readings


def taken(readings: Any) -> None:
    """Every frame brings a heart rate; its time is taken once the tile's value is the new one. One read may bring two."""
    take(readings)
    number = ports.index(readings[0].port)
    newest = record.bedside.watched(f"inf-{number}").newest("hr")
    if newest is not seen[number]:
        seen[number] = newest
        frames = sum(reading.sample.vital == "hr" for reading in readings)
        stamps.extend([(number, steady_s())] * frames)
        if len(stamps) >= count:
            app.quit()


setattr(record.bedside, "take_readings", taken)  # noqa: B010
for number, port in enumerate(ports):
    record.bedside.connect(f"inf-{number}", port)
    record.ports.listen(port, "datex-s5", simulated=True)
while sum(link.state is LinkState.NEGOTIATING for link in record.ports.links()) < len(ports):
    app.processEvents()
os.write(1, b"ready\n")
app.exec()
sys.stdout.write("".join(f"{number} {at!r}\n" for number, at in stamps))
sys.stdout.flush()
os._exit(0)
