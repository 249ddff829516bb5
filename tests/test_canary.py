"""PySide6 6.12.0 loses references to True and None below Python 3.12, and aborts when none is left."""

import subprocess
import sys
from importlib.metadata import version

import pytest

EMIT_AND_COUNT = """
import sys
from PySide6.QtCore import QObject, Signal

class Source(QObject):
    fired = Signal(bool)

class Sink(QObject):
    def hear(self, heard):
        return None

source, sink = Source(), Sink()
source.fired.connect(sink.hear)
before = sys.getrefcount(True), sys.getrefcount(None)
for _ in range(200):
    source.fired.emit(True)
    source.setObjectName("source")
after = sys.getrefcount(True), sys.getrefcount(None)
print(before[0] - after[0], before[1] - after[1])
"""


def test_emitting_a_signal_loses_no_reference_to_true_or_none() -> None:
    ran = subprocess.run([sys.executable, "-c", EMIT_AND_COUNT], capture_output=True, text=True, check=True)
    lost_true, lost_none = map(int, ran.stdout.split())
    assert lost_true < 100
    assert lost_none < 100


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True and None are immortal from Python 3.12 on")
def test_qt_for_python_is_older_than_the_version_that_loses_references() -> None:
    major, minor = version("PySide6-Essentials").split(".")[:2]
    assert (int(major), int(minor)) < (6, 12)
