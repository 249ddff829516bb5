"""A bare window and an event loop that reads one port. Tells what it has used every so many ms: `idle.py MS PORT`."""

import os
import sys

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from tests.bench.children.meter import used

app = QApplication(sys.argv[:1])
window = QWidget()
window.resize(1366, 768)
window.show()
port = os.open(sys.argv[2], os.O_RDWR | os.O_NOCTTY)
notifier = QSocketNotifier(port, QSocketNotifier.Type.Read)
notifier.activated.connect(lambda: os.read(port, 4096))
timer = QTimer(interval=int(sys.argv[1]))
timer.timeout.connect(lambda: os.write(1, used()))
timer.start()
app.exec()
