"""A bare window: the least that a PySide6 program can paint."""

import os
import sys

from PySide6.QtWidgets import QApplication, QWidget

app = QApplication(sys.argv[:1])
window = QWidget()
window.resize(1366, 768)
window.show()
app.processEvents()
os.write(1, b"ready\n")
os._exit(0)
