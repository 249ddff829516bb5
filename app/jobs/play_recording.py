"""Plays a recording in a window of its own, so that the ward's own store never sees it."""

import subprocess
import sys
from pathlib import Path


def play_recording(file: Path) -> None:
    subprocess.Popen([sys.executable, "-P", "-m", "app", "replay", str(file)])
