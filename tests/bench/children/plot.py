"""A bare window, the slow imports, and one plot. With `memory` it tells what it uses after a second."""

import os
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

app = QApplication(sys.argv[:1])
window = QWidget()
window.resize(1366, 768)
window.show()
app.processEvents()

import pyqtgraph  # noqa: E402
import serial  # noqa: E402, F401
import sqlalchemy  # noqa: E402, F401

plot = pyqtgraph.PlotWidget()  # type: ignore[no-untyped-call]
plot.plot(range(3600))
column = QVBoxLayout(window)
column.addWidget(plot)
app.processEvents()


if "memory" in sys.argv:
    from tests.bench.children.meter import used

    QTimer.singleShot(1000, lambda: os.write(1, used()))
    app.exec()
os.write(1, b"ready\n")
os._exit(0)
