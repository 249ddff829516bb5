"""The program's own readers on all ports, each at a bed of its own, up to the values that the tiles show.

`port_ours.py STORE COUNT PORT…`; after COUNT records it prints lines of port number and seconds.
"""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.domain.vitals.vital_signs import Reading
from app.services.clock import steady_s
from tests.bench.arriving import Arrived
from tests.bench.children.bed_ports import read

path, count, ports = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
app = QCoreApplication([])
arrived = Arrived(count)


def taken(readings: list[Reading]) -> None:
    """Every record brings a heart rate; its time is taken once the tile's value is the new one, and that is looked at after it."""
    at_s = steady_s()
    records = sum(reading.sample.vital == "hr" for reading in readings)
    if records:
        number = ports.index(readings[0].port)
        newest = record.bedside.watched(f"inf-{number}").newest("hr")
        assert any(newest is reading for reading in readings), "the tile does not show what came"
        arrived.take(number, records, at_s)
    if arrived.is_over:
        app.quit()


record = read(path, ports, "datex-s5", taken, app)
os.write(1, b"ready\n")
app.exec()
sys.stdout.write(arrived.told())
sys.stdout.flush()
os._exit(0)
