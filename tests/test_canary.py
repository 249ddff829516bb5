"""PySide6 6.12.0 loses references to True and None below Python 3.12, and aborts when none is left."""

import subprocess
import sys
from importlib.metadata import version

import pytest

below_3_12 = pytest.mark.skipif(sys.version_info >= (3, 12), reason="True and None are immortal from 3.12 on")

EMIT_AND_COUNT = """
import sys
from PySide6.QtCore import QObject, Signal

class Source(QObject):
    fired = Signal(bool)

class Sink(QObject):
    def hear(self, heard):
        return None

def references():
    return sys.getrefcount(True), sys.getrefcount(None)

source, sink = Source(), Sink()
source.fired.connect(sink.hear)
before = references()
for _ in range(int(sys.argv[1])):
    source.fired.emit(True)
    source.setObjectName("source")
print(*(was - now for was, now in zip(before, references())))
"""


def emit(times: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", EMIT_AND_COUNT, str(times)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_emitting_a_signal_for_long_does_not_abort_the_interpreter() -> None:
    assert emit(20_000).returncode == 0


@below_3_12
def test_emitting_a_signal_loses_no_reference_to_true_or_none() -> None:
    lost_true, lost_none = map(int, emit(200).stdout.split())
    assert lost_true < 100
    assert lost_none < 100


@below_3_12
def test_qt_for_python_is_older_than_the_version_that_loses_references() -> None:
    major, minor = version("PySide6-Essentials").split(".")[:2]
    assert (int(major), int(minor)) < (6, 12)
