"""One bed read from one port: tells every so many ms what it has used: `frames_read.py STORE MS PROTOCOL PORT`.

Seconds of the processor and no more: what else there is to look at costs as much as a frame.
"""

import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from tests.bench.children.bed_ports import read

store, every_ms, protocol, port = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
app = QCoreApplication([])
record = read(store, [port], protocol, lambda _readings: None, app)
timer = QTimer(interval=every_ms)
timer.timeout.connect(lambda: os.write(1, f"{time.process_time()!r}\n".encode()))
timer.start()
os.write(1, b"ready\n")
app.exec()
