"""One bed read from one port: tells every so many ms what it has used: `frames_read.py STORE MS PROTOCOL PORT`."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from tests.bench.children.bed_ports import read
from tests.bench.children.meter import used

store, every_ms, protocol, port = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
app = QCoreApplication([])
record = read(store, [port], protocol, lambda _readings: None, app)
timer = QTimer(interval=every_ms)
timer.timeout.connect(lambda: os.write(1, used()))
timer.start()
os.write(1, b"ready\n")
app.exec()
